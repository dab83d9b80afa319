//! The same seed gives the same bytes: in every version, in debug and release, and on every machine.

use std::path::Path;

use dropstorm::engine::{self, Seed};
use dropstorm::experiment;
use dropstorm::measure::{Figures, Stopped};
use dropstorm::model::Model;
use dropstorm::report::{self, Context};
use dropstorm::scenario::Scenario;

/// A scenario, its number of replications, and the digests of its intervals.csv and its summary.json. Between them the
/// scenarios use every feature.
struct Pin {
    scenario: &'static str,
    replications: u64,
    intervals: &'static str,
    summary: &'static str,
}

const PINNED: &[Pin] = &[
    Pin {
        scenario: "everything",
        replications: 1,
        intervals: "60f859ae0998963c9d4bb50e2942ae45a94ffbbe3ca94ba630a6047f6ea85557",
        summary: "54e04495345925aa56696f8d2d232ec9df277e4253c713e484a4df79baad70f0",
    },
    Pin {
        scenario: "everything",
        replications: 3,
        intervals: "b52a9b88c1ec7b9cc48dd2d59080412bd672007aaa98cb3efa7a622a02dad800",
        summary: "9713366bb7aabc83e2c346e15df59905d3124b564001f8e28406d20846796751",
    },
    Pin {
        scenario: "loss-and-laws",
        replications: 1,
        intervals: "65006f6ce502a28a9429b9c0e18201de0e2404f4cbe19d268af49ac9be0ea310",
        summary: "259211e39dd1d7a6d2284c6896026378ae043bd56adb702d4938aa72294a4d01",
    },
    Pin {
        scenario: "patience-and-stalls",
        replications: 1,
        intervals: "989f0fa1e2e606310c525de14eacce3b72c6edff7212f8f85028127d5d90a66b",
        summary: "090f0b6fab40ca6bca75424158d458c60b00dbe688a1089c67bc026613167c6d",
    },
    Pin {
        scenario: "servers-and-budgets",
        replications: 1,
        intervals: "c1b2deac9b263a5caa6db633f089949b73fb526fbbb1eeb54565daac26e04dbc",
        summary: "10a12d7aee6e576022c50def60dc23ef4bd4b43f3d7d1a72c296461e60e0c088",
    },
];

/// The columns of intervals.csv that are pinned, in order. Columns that are added later are in no digest.
const COLUMNS: &str = "time_s clock region pool request arrivals attempts served rejected shed limited timed_out \
    abandoned failed refused error_rate viewers_active viewers_error queue_mean in_service_mean utilization servers \
    latency_p50_ms latency_p95_ms latency_p99_ms wasted_share streams_mean bitrate_mean_kbps link_utilization \
    stalled_share reports wait_mean_ms wait_p90_ms waited_share starts start_time_p50_ms start_time_p95_ms \
    capacity_per_s error_rate_low error_rate_high";

/// The keys of summary.json that are pinned, as pointers. Figures that are added later are in no digest.
const SUMMARY: &str = "/title /scenario /seed /scale /replications /viewers/arrived /viewers/already /viewers/watched \
    /viewers/gave_up /viewers/inside /viewers/streaming /viewers/asking /viewers/waiting /viewers/started \
    /viewers/saw_error /viewers/outside /attempts/total /attempts/served /attempts/rejected /attempts/timed_out \
    /attempts/abandoned /attempts/failed /attempts/shed /attempts/limited /attempts/refused /error_rate/overall \
    /error_rate/peak /error_rate/peak_at_s /recovery_s /retry_amplification /wasted_share /latency_ms/p50 \
    /latency_ms/p95 /latency_ms/p99 /wait_ms/mean /wait_ms/p50 /wait_ms/p90 /wait_ms/p99 /waited_share /utilization \
    /queue_mean /link_utilization /stalled_share /reports/total /reports/peak /reports/peak_at_s /events /thresholds";

/// Digests of intervals.csv and of summary.json.
fn digests(name: &str, replications: u64) -> [String; 2] {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(format!("{name}.toml"));
    let scenario = Scenario::read(&file).unwrap_or_else(|problems| panic!("{problems}"));
    let (spec, model) = (scenario.spec(), Model::compile(&scenario));
    let runs = experiment::replicate(&model, spec.seed, 0..replications, |run| run);
    assert!(runs.iter().all(|run| run.ledger.sent > 1_000), "{name} is too small to tell");
    let context = Context {
        partial_until_s: None,
        spec,
        name: scenario.name(),
        seed: spec.seed,
        scale: spec.scale,
        digest: "",
        changes: Vec::new(),
        requests: &model.requests,
    };
    let figures = Figures::of(&runs);
    let table = report::files::intervals::csv(&context, &figures).unwrap();
    let summary = report::files::summary::json(&context, &figures, None);
    let summary = SUMMARY.split_whitespace().map(|pointer| format!("{pointer} {:?}\n", summary.pointer(pointer)));
    [pinned_columns(&table), summary.collect()].map(|text| report::files::manifest::sha256(text.as_bytes()))
}

/// The pinned columns of intervals.csv, by the names in the header.
fn pinned_columns(table: &[u8]) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table);
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let index = |name: &str| records[0].iter().position(|column| column == name);
    let columns: Vec<usize> = COLUMNS.split_whitespace().filter_map(index).collect();
    let line = |record: &csv::StringRecord| columns.iter().map(|index| &record[*index]).collect::<Vec<_>>().join(",");
    records.iter().map(|record| line(record) + "\n").collect()
}

#[test]
fn results_are_what_they_were() {
    let now: Vec<_> = PINNED.iter().map(|pin| digests(pin.scenario, pin.replications)).collect();
    let pinned: Vec<_> = PINNED.iter().map(|pin| [pin.intervals, pin.summary].map(str::to_owned)).collect();
    assert!(
        now == pinned,
        "Results differ from the pinned ones. If a change of the engine, the figures or these scenarios meant them to, \
         say so in its commit and pin these instead:\n{}",
        PINNED
            .iter()
            .zip(&now)
            .map(|(Pin { scenario, replications, .. }, [intervals, summary])| format!(
                "    Pin {{\n        scenario: \"{scenario}\",\n        replications: {replications},\n        \
                 intervals: \"{intervals}\",\n        summary: \"{summary}\",\n    }},\n"
            ))
            .collect::<String>()
    );
}

/// A probe that stops a run after a number of intervals.
struct Until(std::cell::Cell<u32>);

impl engine::Probe for Until {
    const ENABLED: bool = false;

    fn interval_closed(&mut self, _: dropstorm::units::Time, _: u64) {
        self.0.set(self.0.get().saturating_sub(1));
    }

    fn stop(&self) -> Option<Stopped> {
        (self.0.get() == 0).then_some(Stopped::Asked)
    }
}

/// The next event after an interval may be an arrival. The engine asserts that its ledger balances.
#[test]
fn a_run_may_be_asked_to_end_after_any_interval() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/the-smallest-drop.toml");
    let model = Model::compile(&Scenario::read(&file).unwrap().with("scale", "0.05").unwrap());
    for intervals in 1..40 {
        let run = engine::run_with(&model, Seed { seed: 1, replication: 0 }, &mut Until(intervals.into()));
        assert!(run.ledger.arrived > 0);
    }
}
