//! Reads a scenario file, runs it once, and prints what became of the viewers.
//!
//! `cargo run --release --example run_one_scenario -- scenarios/the-smallest-drop.toml`

use std::path::Path;
use std::process::ExitCode;

use dropstorm::engine::{self, Seed};
use dropstorm::measure::Figures;
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;

fn main() -> ExitCode {
    let file = std::env::args().nth(1).unwrap_or_else(|| "scenarios/the-smallest-drop.toml".to_owned());
    // Reading finds every mistake of the file at once; what is read is valid, so nothing after it can fail.
    let scenario = match Scenario::read(Path::new(&file)) {
        Ok(scenario) => scenario,
        Err(mistakes) => {
            eprintln!("{mistakes}");
            return ExitCode::from(2);
        }
    };
    let model = Model::compile(&scenario);
    let measurements = engine::run(&model, Seed { seed: scenario.spec().seed, replication: 0 });
    let figures = Figures::of(&[measurements]);
    println!("{}: {} events", scenario.spec().title, figures.events);
    for (name, estimate) in &figures.summary {
        match estimate {
            Some(estimate) => println!("{name:>24} {:.6}", estimate.mean),
            None => println!("{name:>24} none"),
        }
    }
    ExitCode::SUCCESS
}
