//! A unit: one replication of one point of a sweep, and its figures.

use crate::measure::{Measurements, Stopped, summary_of, thresholds_held};

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

/// How the run of a unit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ended {
    /// At the end of the scenario's window.
    Done = 0,
    /// A queue without a stated limit reached the limit of the engine.
    QueueLimit = 1,
    /// More viewers arrived than the engine can number.
    ViewerLimit = 2,
    /// The run took more events than the engine allows.
    EventLimit = 3,
}

impl Ended {
    /// The word for the end of the run in tables; empty for [`Ended::Done`].
    pub fn word(self) -> &'static str {
        match self {
            Ended::Done => "",
            Ended::QueueLimit => "queue limit",
            Ended::ViewerLimit => "viewer limit",
            Ended::EventLimit => "event limit",
        }
    }

    /// The end of the run with this number in the store; `None` for a number that means none.
    pub(super) fn from_number(number: u8) -> Option<Ended> {
        [Ended::Done, Ended::QueueLimit, Ended::ViewerLimit, Ended::EventLimit]
            .into_iter()
            .find(|ended| *ended as u8 == number)
    }
}

impl Unit {
    /// Reduces the run of a replication to its figures; `None` if the run was asked to end, which leaves no result.
    pub(super) fn of(point: u64, replication: u64, run: &Measurements) -> Option<Unit> {
        let ended = match run.stopped {
            None => Ended::Done,
            Some(Stopped::QueueLimit { .. }) => Ended::QueueLimit,
            Some(Stopped::ViewerLimit) => Ended::ViewerLimit,
            Some(Stopped::EventLimit) => Ended::EventLimit,
            Some(Stopped::Asked) => return None,
        };
        let mut figures = figures(run);
        if ended != Ended::Done {
            // The figures of a run that a limit cut short say nothing about the point.
            figures.fill(f64::NAN);
        }
        Some(Unit { point, replication, ended, figures })
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
    let mut names = crate::measure::summary_names();
    names.extend(["thresholds_held".to_owned(), "events".to_owned()]);
    names
}

/// The figures of a run: its summary, whether all thresholds held (1 or 0), and the number of events.
fn figures(run: &Measurements) -> Vec<f64> {
    let summary = summary_of(run).into_iter().map(|(_, value)| value);
    let held = thresholds_held(run).map_or(f64::NAN, |held| f64::from(u8::from(held)));
    // One bit pattern stands for NaN, so that the same results are the same bytes.
    let one_nan = |value: f64| if value.is_nan() { f64::NAN } else { value };
    summary.chain([held, run.events as f64]).map(one_nan).collect()
}
