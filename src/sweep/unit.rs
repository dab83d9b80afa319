//! A unit: one replication of one point of a sweep, and its figures.

use crate::measure::{Measurements, figures_of};
use crate::vocabulary::{Ended, Figure};

/// A replication of a point, and its figures.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Index of the point.
    pub point: u64,
    /// Index of the replication.
    pub replication: u64,
    /// How the run of the replication ended.
    pub ended: Ended,
    /// One figure for each metric of the sweep; NaN where the run had no value.
    pub figures: Vec<f64>,
}

impl Unit {
    /// Reduces the run of a replication to its figures; `None` if the run was asked to end, which leaves no result.
    pub(super) fn of(point: u64, replication: u64, run: &Measurements) -> Option<Unit> {
        let ended = run.ended()?;
        let mut figures = figures(run);
        if ended != Ended::Done {
            // The figures of a run that a limit cut short say nothing about the point.
            figures.fill(f64::NAN);
        }
        Some(Unit { point, replication, ended, figures })
    }

    /// A figure; NaN where there is none.
    pub(super) fn figure(&self, figure: Figure) -> f64 {
        self.figures[figure.index()]
    }

    /// Whether two units are the same, bit for bit.
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
