//! Times whole runs through the library: the workloads of the comparison with other simulators, and the flagship morning,
//! each at a size that takes about a second.
//!
//! `cargo bench --bench whole_runs` prints the events per second of each.

use std::path::Path;

use divan::Bencher;
use divan::counter::ItemsCount;
use dropstorm::engine::{self, Seed};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;

const SEED: Seed = Seed { seed: 1, replication: 0 };

fn main() {
    divan::main();
}

/// Times runs of a scenario file of this repository, with some settings changed.
fn run(bencher: Bencher, file: &str, settings: &[(&str, &str)]) {
    let settings: Vec<_> = settings.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    let model = Scenario::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
        .and_then(|scenario| scenario.with_all(&settings))
        .map(|scenario| Model::compile(&scenario))
        .unwrap_or_else(|errors| panic!("{errors}"));
    let events = engine::run(&model, SEED).events;
    bencher.counter(ItemsCount::new(events)).bench_local(|| engine::run(&model, SEED));
}

/// One million customers instead of ten: a tenth of the time, with the same servers.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn w1_one_million(bencher: Bencher) {
    run(
        bencher,
        "benches/workloads/w1.toml",
        &[("multiplier.closed.from", "+1000 s"), ("end", "2020-04-03T09:16:50Z")],
    );
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn w2_at_a_tenth(bencher: Bencher) {
    run(bencher, "benches/workloads/w2.toml", &[("scale", "0.1")]);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn w2b_at_a_tenth(bencher: Bencher) {
    run(bencher, "benches/workloads/w2b.toml", &[("scale", "0.1")]);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn flagship_at_a_fiftieth(bencher: Bencher) {
    run(bencher, "benches/workloads/morning.toml", &[("scale", "0.02")]);
}
