//! Reads a scenario file, runs it once, and prints the figures of its summary.
//!
//! `cargo run --release --example run_one_scenario -- scenarios/the-smallest-drop.toml`

use std::path::Path;
use std::process::ExitCode;

use dropstorm::model::{self, Model};
use dropstorm::scenario::Scenario;
use dropstorm::{analysis, experiment};

fn main() -> ExitCode {
    let file = std::env::args().nth(1).unwrap_or_else(|| "scenarios/the-smallest-drop.toml".to_owned());
    // Reading finds every error of the file at once; a scenario that was read is valid, so nothing after it can fail.
    let scenario = match Scenario::read(Path::new(&file)) {
        Ok(scenario) => scenario,
        Err(errors) => {
            eprintln!("{errors}");
            return ExitCode::from(2);
        }
    };
    let model = Model::compile(&scenario);
    // One replication; with `0..20` instead of `0..1` every figure has a 95% interval.
    let runs = experiment::replicate(&model, scenario.spec().seed, 0..1, |run| run);
    let (figures, names) = (analysis::figures_of(&runs), model::names(scenario.spec()));
    println!("{}: {} events", scenario.spec().title, figures.events);
    for (path, estimate) in &figures.summary {
        let name = path.name(&names);
        match estimate {
            Some(estimate) => println!("{name:>24} {:.6}", estimate.mean),
            None => println!("{name:>24} none"),
        }
    }
    ExitCode::SUCCESS
}
