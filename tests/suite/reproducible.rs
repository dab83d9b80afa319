//! The same seed gives the same bytes: today, tomorrow, in debug and release, and on any machine.

use std::path::Path;

use dropstorm::engine::{self, Seed};
use dropstorm::measure::{Column, Figures};
use dropstorm::model::Model;
use dropstorm::report::{self, Context};
use dropstorm::scenario::{METRICS, Scenario};

/// Scenarios that use all features between them, how many replications, and the digest of their results.
const PINNED: &[(&str, u64, &str)] = &[
    ("everything", 1, "e67bb874f93aee27c7585a17640402b81e426e5b16e2fcd555f1825ba9e5a14c"),
    ("everything", 3, "a059f4a53f05c69298f78a16cc98788957c4bcd8ab6cddca2039afd6f5da1cad"),
    ("loss-and-laws", 1, "d86037fefd0d1beb96e02339d53436d73155c29fc0731c538b00e65cf4097a36"),
    ("patience-and-stalls", 1, "6899871843a2d157c4ca1fe7d914c25e009548b2e44a5f38114ef906ce1cdaa1"),
];

fn digest(name: &str, replications: u64) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(format!("{name}.toml"));
    let scenario = Scenario::read(&file).unwrap_or_else(|problems| panic!("{problems}"));
    let (spec, model) = (scenario.spec(), Model::compile(&scenario));
    let seed = |replication| Seed { seed: spec.seed, replication };
    let runs: Vec<_> = (0..replications).map(|replication| engine::run(&model, seed(replication))).collect();
    assert!(runs.iter().all(|run| run.ledger.sent > 1_000), "{name} is too small to tell");
    let context = Context {
        spec,
        name: scenario.name(),
        seed: spec.seed,
        scale: spec.scale,
        digest: "",
        changes: Vec::new(),
        requests: &model.requests,
    };
    report::digest(&context, &Figures::of(&runs)).unwrap()
}

#[test]
fn results_are_what_they_were() {
    let now: Vec<_> = PINNED.iter().map(|(name, n, _)| (*name, *n, digest(name, *n))).collect();
    let pinned: Vec<_> = PINNED.iter().map(|(name, n, digest)| (*name, *n, (*digest).to_owned())).collect();
    assert!(
        now == pinned,
        "Results differ from the pinned ones. If a change of the engine, the figures or these scenarios meant them to, \
         say so in its commit and pin these instead:\n{}",
        now.iter().map(|(name, n, digest)| format!("    (\"{name}\", {n}, \"{digest}\"),\n")).collect::<String>()
    );
}

#[test]
fn thresholds_know_every_column() {
    let columns: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
    assert_eq!(METRICS.to_vec(), columns);
}

/// Asks a run to end after so many intervals.
struct Until(std::cell::Cell<u32>);

impl engine::Probe for Until {
    const ENABLED: bool = false;

    fn interval_closed(&mut self, _: dropstorm::units::Time, _: u64) {
        self.0.set(self.0.get().saturating_sub(1));
    }

    fn stop(&self) -> bool {
        self.0.get() == 0
    }
}

/// The next event after an interval may be an arrival; the engine itself asserts that the books balance.
#[test]
fn a_run_may_be_asked_to_end_after_any_interval() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/the-smallest-drop.toml");
    let model = Model::compile(&Scenario::read(&file).unwrap().with("scale", "0.05").unwrap());
    for intervals in 1..40 {
        let run = engine::run_with(&model, Seed { seed: 1, replication: 0 }, &mut Until(intervals.into()));
        assert!(run.ledger.arrived > 0);
    }
}
