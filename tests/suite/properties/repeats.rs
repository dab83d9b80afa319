//! The same seed against itself and another.

use dropstorm::engine::{self, Seed};
use dropstorm::measure::{Figures, Measurements};

use super::case::{Case, SEED, ensure, holds};

/// The bits of all figures: NaN where a cell is empty compares equal too.
fn bits(run: Measurements) -> Vec<u64> {
    Figures::of(&[run]).values.iter().map(|value| value.to_bits()).collect()
}

pub fn repeats(case: &Case) -> Result<(), String> {
    let first: Vec<u64> = case.figures.values.iter().map(|value| value.to_bits()).collect();
    ensure!(first == bits(engine::run(&case.model, SEED)), "the same seed gives other figures, without an observer");
    // Crowds may come by clockwork, so that nothing is drawn; the arrivals of a stream never do.
    let clockwork = ["viewers", "trace", "spacing"];
    let streams_alone = clockwork.iter().all(|kind| !case.drawn.used.contains(&format!("Audience.{kind}")));
    let enough = streams_alone && case.run.ledger.arrived - case.run.ledger.already >= 20;
    let other = bits(engine::run(&case.model, Seed { replication: 1, ..SEED }));
    ensure!(!enough || first != other, "two replications are the same");
    Ok(())
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_replication_others() {
    holds(repeats);
}
