//! Times the units of a sweep, on one thread and on two, with the store.
//!
//! `cargo bench --bench sweep` prints the units per second.

use std::fs;

use divan::Bencher;
use divan::counter::ItemsCount;
use dropstorm::scenario::starter;
use dropstorm::sweep::{self, Plan, Store};

const PLAN: &str = r#"
scenario = "drop.toml"
scale = 0.01
force_scale = true
replications = 20
[vary]
"pool.playback.servers" = [4, 8, 12, 16, 20]
"client.tv.retry.jitter" = ["none", "full"]
"#;

fn main() {
    divan::main();
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn units(bencher: Bencher, threads: usize) {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    fs::write(folder.path().join("drop.toml"), starter()).expect("room for a scenario");
    fs::write(folder.path().join("plan.toml"), PLAN).expect("room for a plan");
    let plan = Plan::read(&folder.path().join("plan.toml"), &[]).unwrap_or_else(|errors| panic!("{errors}"));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    bencher.counter(ItemsCount::new(plan.outline().most_units())).bench_local(|| {
        let store = folder.path().join("sweep.store");
        // Each turn begins with an empty store.
        let _ = fs::remove_file(&store);
        let store = Store::open(&store, plan.outline(), None).expect("an empty store");
        pool.install(|| sweep::run(&plan, None, &store, &())).expect("a sweep")
    });
}
