//! One unit of a sweep: a replication of a point, and what it came to.

use crate::engine::{self, Probe, Seed};
use crate::measure::{Measurements, Stopped, summary_of, thresholds_held};
use crate::model::Model;

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

/// How the run of a unit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ended {
    /// At the end of its window.
    Done = 0,
    /// A queue without a stated limit grew beyond all bounds.
    QueueLimit = 1,
    /// There were more viewers than can be told apart.
    ViewerLimit = 2,
    /// It took more events than any run may take.
    EventLimit = 3,
}

impl Ended {
    /// The word for it in tables; empty for the usual end.
    pub fn word(self) -> &'static str {
        match self {
            Ended::Done => "",
            Ended::QueueLimit => "queue limit",
            Ended::ViewerLimit => "viewer limit",
            Ended::EventLimit => "event limit",
        }
    }

    /// From the number that stands in the store.
    pub(super) fn from_number(number: u8) -> Option<Ended> {
        [Ended::Done, Ended::QueueLimit, Ended::ViewerLimit, Ended::EventLimit]
            .into_iter()
            .find(|ended| *ended as u8 == number)
    }
}

impl Unit {
    /// Runs one replication; `None` if whoever listens asked it to end.
    pub(super) fn run<P: Probe>(model: &Model, seed: u64, point: u64, replication: u64, probe: &mut P) -> Option<Unit> {
        let run = engine::run_with(model, Seed { seed, replication }, probe);
        let ended = match run.stopped {
            None => Ended::Done,
            Some(Stopped::QueueLimit { .. }) => Ended::QueueLimit,
            Some(Stopped::ViewerLimit) => Ended::ViewerLimit,
            Some(Stopped::EventLimit) => Ended::EventLimit,
            Some(Stopped::Asked) => return None,
        };
        let mut figures = figures(&run);
        if ended != Ended::Done {
            // What a run came to that was cut short says nothing about the point.
            figures.fill(f64::NAN);
        }
        Some(Unit { point, replication, ended, figures })
    }

    /// Whether two units say the same, bit for bit.
    pub(super) fn same_as(&self, other: &Unit) -> bool {
        let bits = |unit: &Unit| unit.figures.iter().map(|figure| figure.to_bits()).collect::<Vec<_>>();
        (self.point, self.replication, self.ended) == (other.point, other.replication, other.ended)
            && bits(self) == bits(other)
    }
}

/// The names of what [`figures`] gives.
pub(super) fn metrics() -> Vec<String> {
    let mut names = crate::measure::summary_names();
    names.extend(["thresholds_held".to_owned(), "events".to_owned()]);
    names
}

/// The summary, whether all thresholds held (1 or 0), and the events that it took.
fn figures(run: &Measurements) -> Vec<f64> {
    let summary = summary_of(run).into_iter().map(|(_, value)| value);
    let held = thresholds_held(run).map_or(f64::NAN, |held| f64::from(u8::from(held)));
    // One form of NaN, so that the same results are the same bytes.
    let one_nan = |value: f64| if value.is_nan() { f64::NAN } else { value };
    summary.chain([held, run.events as f64]).map(one_nan).collect()
}
