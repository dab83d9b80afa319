//! The same seed gives the same bytes: in every version, in debug and release, and on every machine.

use std::path::Path;

use dropstorm::analysis::{Replications, figures_of};
use dropstorm::engine::{self, Seed};
use dropstorm::experiment;
use dropstorm::measure::Stopped;
use dropstorm::model::Model;
use dropstorm::report::{self, Context};
use dropstorm::scenario::Scenario;

/// A scenario, its number of replications, and the digests of its intervals.csv, of the
/// percentiles there, of its summary.json and of its analysis. Between them the
/// scenarios use every feature.
struct Pin {
    scenario: &'static str,
    replications: u64,
    intervals: &'static str,
    percentiles: &'static str,
    summary: &'static str,
    found: &'static str,
}

const PINNED: &[Pin] = &[
    Pin {
        scenario: "everything",
        replications: 1,
        intervals: "955b509c0c8903e58a29d40de9cb427692f566065f9c1aaafc2135fc521a056a",
        percentiles: "6d9b2e3aa108edcb271fe48e1275d31856dd3bf6897636bfe72283567ace38b4",
        summary: "d6fce26829c0fbccd1fd8a3100060e896d33b23ae7fb88b2a585beffa13c96d9",
        found: "3b4a94ea1f7b6c7478875f16fa5425ca38e25660594e65dfa8e47c3a0459d94e",
    },
    Pin {
        scenario: "everything",
        replications: 3,
        intervals: "f062d5d94193aac719ad486bc77945c351e74c898fd90bcc0e574f9f81b14f68",
        percentiles: "b2c095da3e6791d80bff0012025dafd889ece48e698f98622569237c8ef2ece4",
        summary: "2cd36227b174908206820c09ce58fde14e0becced1197ed5b26528e87beceb08",
        found: "f77615d2a27e0f6ed74c4e395dc7f124024096a699b0b74b2ad937fb0782d021",
    },
    Pin {
        scenario: "loss-and-laws",
        replications: 1,
        intervals: "2a71da77753dbf78d587e5d5ad5ac00f1b8eea5f80e7ac0183e6fbd99de35f73",
        percentiles: "2cbc0780baa18bf420a4f2bde4e750183a2436827d5484366f153c5217fd60ab",
        summary: "424925030d16f6715e097099a2044773cc486b7136fdbe1c09f677cb091a5a34",
        found: "6c712d0a934ad5a793cdc378b66af2ef1538319567928aa9265ff59ee84e115d",
    },
    Pin {
        scenario: "patience-and-stalls",
        replications: 1,
        intervals: "828bdae22e29021dcff497e9dabc542f09ddfca6dd3e5a3a3ec82600d11291f1",
        percentiles: "bec89fdbd63e5e9e8fb2671735e6320f7c8b4cbec10e42dbdc89496c81f40967",
        summary: "68981978e025b0ffed21e1dd80e73b2400d71cf3ba59e2eca534b5ec4b389195",
        found: "0378836b4c0868d4f977ae81c489db7ae000aab6eb01f741771af588a3c7e063",
    },
    Pin {
        scenario: "servers-and-budgets",
        replications: 1,
        intervals: "aa1880c6d23e990835f191701265467e3c9795ab7f175570ad865a448a66f7da",
        percentiles: "28137ff3d2a3c37968845badc9fdfb732cb4f506ff043c74c06d62de4da3cea7",
        summary: "964041bc6d9624749bbccf91abd79a31df01f7b340ca59d79b38b9acb8d0c4cc",
        found: "4164aca75d42f18f249412f3dba380a854def5b64a67aa15881c85c52975b4d9",
    },
];

/// The columns of intervals.csv that are pinned, in order. Columns that are added later are in no digest.
const COLUMNS: &str = "time_s clock region pool request arrivals attempts served rejected shed limited timed_out \
    abandoned failed refused error_rate viewers_active viewers_error queue_mean in_service_mean utilization servers \
    wasted_share streams_mean bitrate_mean_kbps link_utilization stalled_share reports wait_mean_ms waited_share \
    starts capacity_per_s error_rate_low error_rate_high";

/// The percentiles of intervals.csv that are pinned, in order. Version 0.1 had others where a percentile lay above the
/// longest span.
const PERCENTILES: &str = "latency_p50_ms latency_p95_ms latency_p99_ms wait_p90_ms start_time_p50_ms \
    start_time_p95_ms";

/// The figures of summary.json whose means are pinned, as pointers; their numbers are those of version 0.2.0. Figures that
/// are added later are in no digest. Not among them are those of the worst window and of the recovery, which the analysis
/// defines since then, and the ends of intervals, which lie within the possible since then.
const SUMMARY: &str = "/viewers/arrived /viewers/already /viewers/watched /viewers/gave_up /viewers/inside \
    /viewers/streaming /viewers/asking /viewers/waiting /viewers/started /viewers/saw_error /viewers/outside \
    /attempts/total /attempts/served /attempts/rejected /attempts/timed_out /attempts/abandoned /attempts/failed \
    /attempts/shed /attempts/limited /attempts/refused /error_rate/overall /retry_amplification /wasted_share \
    /latency_ms/p50 /latency_ms/p95 /latency_ms/p99 /wait_ms/mean /wait_ms/p50 /waited_share \
    /utilization /queue_mean /link_utilization /stalled_share /reports/total /reports/peak /reports/peak_at_s";

/// What the analysis finds of everything, as pointers, and percentiles that lay above the longest span in version 0.2.0.
const FOUND: &str = "/window_s /bound /trouble /error_rate/peak /error_rate/peak_at_s /recovery_s /wait_ms/p90 \
    /wait_ms/p99";

/// Digests of intervals.csv, of its percentiles, of the figures of summary.json and of what the analysis finds.
fn digests(name: &str, replications: u64) -> [String; 4] {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(format!("{name}.toml"));
    let scenario = Scenario::read(&file).unwrap_or_else(|problems| panic!("{problems}"));
    let (spec, model) = (scenario.spec(), Model::compile(&scenario));
    let runs = experiment::replicate(&model, spec.seed, 0..replications, |run| run);
    assert!(runs.iter().all(|run| run.ledger.sent > 1_000), "{name} is too small to tell");
    let context = Context::of(&scenario, &model, &[]);
    let figures = figures_of(&runs);
    let table = report::files::intervals::csv(&context, &figures).unwrap();
    let summary = report::files::summary::json(&context, &figures, &Replications::of(&runs));
    let line = |pointer: &str, value: &str| {
        let value = summary.pointer(&format!("{pointer}{value}"));
        format!("{pointer} {}\n", value.unwrap_or_else(|| panic!("{pointer} is missing")))
    };
    let means = SUMMARY.split_whitespace().map(|pointer| line(pointer, "/mean")).collect();
    let found = FOUND.split_whitespace().map(|pointer| line(pointer, "")).collect();
    let of = |columns| pinned_columns(&table, columns, replications);
    [of(COLUMNS), of(PERCENTILES), means, found].map(|text| report::files::manifest::sha256(text.as_bytes()))
}

/// The pinned columns of intervals.csv, by the names in the header, with numbers as version 0.1 wrote them: whole ones without
/// a point.
fn pinned_columns(table: &[u8], columns: &str, replications: u64) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table);
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let index = |name: &str| records[0].iter().position(|column| column == name);
    // Without replications version 0.1 had no intervals.
    let pinned = columns.split_whitespace().filter(|name| replications > 1 || !name.starts_with("error_rate_"));
    let columns: Vec<usize> = pinned.filter_map(index).collect();
    let cell = |text: &str| text.parse::<f64>().map_or_else(|_| text.to_owned(), |number| number.to_string());
    let line = |record: &csv::StringRecord| columns.iter().map(|at| cell(&record[*at])).collect::<Vec<_>>().join(",");
    records.iter().map(|record| line(record) + "\n").collect()
}

#[test]
fn the_digests_of_results_are_pinned() {
    let now: Vec<_> = PINNED.iter().map(|pin| digests(pin.scenario, pin.replications)).collect();
    let of = |pin: &Pin| [pin.intervals, pin.percentiles, pin.summary, pin.found].map(str::to_owned);
    let pinned: Vec<_> = PINNED.iter().map(of).collect();
    assert!(
        now == pinned,
        "Results differ from the pinned ones. If a change of the engine, the figures or these scenarios meant them to, \
         say so in its commit and pin these instead:\n{}",
        PINNED
            .iter()
            .zip(&now)
            .map(|(Pin { scenario, replications, .. }, [intervals, percentiles, summary, found])| format!(
                "    Pin {{\n        scenario: \"{scenario}\",\n        replications: {replications},\n        \
                 intervals: \"{intervals}\",\n        percentiles: \"{percentiles}\",\n        \
                 summary: \"{summary}\",\n        found: \"{found}\",\n    }},\n"
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
    let small = [("scale", "0.05"), ("force_scale", "true")].map(|(path, value)| (path.to_owned(), value.to_owned()));
    let model = Model::compile(&Scenario::read(&file).unwrap().with_all(&small).unwrap());
    for intervals in 1..40 {
        let run = engine::run_with(&model, Seed { seed: 1, replication: 0 }, &mut Until(intervals.into()));
        assert!(run.ledger.arrived > 0);
    }
}
