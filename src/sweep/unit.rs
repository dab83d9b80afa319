//! A unit: one replication of one point of a sweep, and its figures.

use crate::analysis::{Analysis, values};
use crate::measure::Measurements;
use crate::vocabulary::{Ended, Names, Path, RowKind};

/// A replication of a point, and its figures.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Index of the point.
    pub point: u64,
    /// Index of the replication.
    pub replication: u64,
    /// End of the replication's run.
    pub ended: Ended,
    /// One figure for each metric of the sweep; NaN where the run had no value.
    pub figures: Vec<f64>,
}

impl Unit {
    /// Reduces the run of a replication to its figures; `None` if the run was asked to end, which leaves no result.
    pub(super) fn of(point: u64, replication: u64, run: &Measurements, metrics: &[Path]) -> Option<Unit> {
        Some(Unit::with_bottlenecks(point, replication, run, metrics)?.0)
    }

    /// The same, with the indices of the pools that are the bottlenecks of the run: of a pool that suffers from one that it calls, the
    /// called one.
    pub(super) fn with_bottlenecks(
        point: u64,
        replication: u64,
        run: &Measurements,
        metrics: &[Path],
    ) -> Option<(Unit, Vec<usize>)> {
        let ended = run.ended()?;
        let (figures, bottlenecks) = match ended {
            Ended::Done => {
                let analysis = Analysis::of(run);
                (figures(run, &analysis, metrics), analysis.why.bottlenecks())
            }
            // The figures of a run that a limit cut short say nothing about the point.
            _ => (vec![f64::NAN; metrics.len()], Vec::new()),
        };
        Some((Unit { point, replication, ended, figures }, bottlenecks))
    }

    /// Whether two units are the same, bit for bit.
    pub(super) fn same_as(&self, other: &Unit) -> bool {
        let bits = |unit: &Unit| unit.figures.iter().map(|figure| figure.to_bits()).collect::<Vec<_>>();
        (self.point, self.replication, self.ended) == (other.point, other.replication, other.ended)
            && bits(self) == bits(other)
    }
}

/// The metrics of a sweep: the figures of everything, then those of single regions, pools and requests among the figures
/// that are asked for, then the figures of sweeps alone.
pub(super) fn metrics(asked: &[&str], names: &Names) -> Vec<Path> {
    let is_metric = |path: &Path| path.kind == RowKind::All || asked.contains(&path.name(names).as_str());
    Path::every(names).into_iter().filter(is_metric).collect()
}

/// The figures of a run, one for each metric.
fn figures(run: &Measurements, analysis: &Analysis, metrics: &[Path]) -> Vec<f64> {
    // One form of NaN, so that the same results are the same bytes.
    let one_nan = |value: f64| if value.is_nan() { f64::NAN } else { value };
    values(run, analysis, metrics).into_iter().map(one_nan).collect()
}
