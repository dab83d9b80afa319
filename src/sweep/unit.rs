//! One unit of a sweep: a replication of a point, and what it came to.

use crate::engine::{self, Probe, Seed};
use crate::measure::{Measurements, figures_of};
use crate::model::Model;
use crate::vocabulary::{Ended, Figure};

/// A replication of a point, and its figures.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Index of the point.
    pub point: u64,
    /// Number of the replication.
    pub replication: u64,
    /// How its run ended.
    pub ended: Ended,
    /// A figure for each metric of the sweep; NaN where there is none.
    pub figures: Vec<f64>,
}

impl Unit {
    /// Runs one replication; `None` if whoever listens asked it to end.
    pub(super) fn run<P: Probe>(model: &Model, seed: u64, point: u64, replication: u64, probe: &mut P) -> Option<Unit> {
        let run = engine::run_with(model, Seed { seed, replication }, probe);
        let ended = run.ended()?;
        let mut figures = figures(&run);
        if ended != Ended::Done {
            // What a run came to that was cut short says nothing about the point.
            figures.fill(f64::NAN);
        }
        Some(Unit { point, replication, ended, figures })
    }

    /// A figure; NaN where there is none.
    pub(super) fn figure(&self, figure: Figure) -> f64 {
        self.figures[figure.index()]
    }

    /// Whether two units say the same, bit for bit.
    pub(super) fn same_as(&self, other: &Unit) -> bool {
        let bits = |unit: &Unit| unit.figures.iter().map(|figure| figure.to_bits()).collect::<Vec<_>>();
        (self.point, self.replication, self.ended) == (other.point, other.replication, other.ended)
            && bits(self) == bits(other)
    }
}

/// Names of the figures of a unit, in the order of [`figures`].
pub(super) fn metrics() -> Vec<String> {
    Figure::ALL.iter().map(|figure| figure.name().to_owned()).collect()
}

/// The figures of a run, in the order of [`Figure::ALL`].
fn figures(run: &Measurements) -> Vec<f64> {
    // One form of NaN, so that the same results are the same bytes.
    let one_nan = |value: f64| if value.is_nan() { f64::NAN } else { value };
    figures_of(run).into_iter().map(|(_, value)| one_nan(value)).collect()
}
