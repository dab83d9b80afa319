//! The sources of the values of figures.

use super::column::Column;
use super::distribution::Distribution;
use super::harm::Harm;

/// The source of the value of a figure, for a scope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// Viewers in an account of the ledger, at the end of the run.
    Viewers(Account),
    /// People who were inside when the measured window opened, or arrived in it.
    Present,
    /// People who came to a kind of harm in the measured window.
    Harmed(Harm),
    /// The same people over those who were present in the measured window.
    HarmedShare(Harm),
    /// A column over the measured window.
    Window(Column),
    /// The highest value of a column in an interval of the measured window.
    Highest(Column),
    /// The mean in milliseconds of all observations of the measured window.
    Mean(Distribution),
    /// The value in milliseconds that this share of all observations of the measured window does not exceed.
    Percentile(Distribution, f64),
    /// Observations of the measured window that are longer than `wait` of `[harm]`.
    Late(Distribution),
    /// Attempts sent over requests begun in the measured window.
    Amplification,
    /// Attempts sent over first tries in the measured window.
    PerFirstTry,
    /// Requests served over requests that ended in the measured window.
    Success,
    /// A number of the analysis.
    Analysis(Found),
    /// Reports in the minute of the measured window with most reports.
    WorstReports,
    /// The start of the minute with most reports, from the drop.
    WorstReportsAt,
    /// 1 if all thresholds held, else 0.
    Thresholds,
    /// Events of the run.
    Events,
}

/// A number of the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// 1 if the run is stuck, else 0.
    Stuck,
    /// The highest error rate of a window.
    Peak,
    /// The start of the window with the highest error rate, from the drop.
    PeakAt,
    /// The end of the last trouble, from the drop; 0 without trouble.
    Recovery,
    /// The begin of the first trouble, from the drop.
    Begin,
    /// The end of the last trouble, from the drop.
    Over,
    /// Seconds above the bound within troubles.
    Above,
    /// Number of troubles.
    Count,
    /// Largest number of attempts that are unanswered for too long at the same time.
    UnansweredMost,
    /// The time of the largest number of unanswered attempts, from the drop.
    UnansweredMostAt,
    /// Attempts under way at the end.
    UnansweredAtEnd,
    /// Seconds in which a pool is saturated.
    Saturated,
    /// The start of the first interval in which a pool is saturated, from the drop.
    SaturatedFrom,
    /// A pool's share of the attempts lost in trouble.
    LostShare,
    /// Largest ratio of attempts sent to a pool to attempts that its slots can serve, over windows in which it always has a server.
    Demand,
}

impl Found {
    /// Whether the number is a moment, which may lie before the drop.
    pub fn is_moment(self) -> bool {
        use Found::{Begin, Over, PeakAt, Recovery, SaturatedFrom, UnansweredMostAt};
        matches!(self, PeakAt | Recovery | Begin | Over | UnansweredMostAt | SaturatedFrom)
    }

    /// Whether only some runs have the number.
    pub fn is_of_some_runs(self) -> bool {
        use Found::{Begin, LostShare, Over, PeakAt, Recovery, SaturatedFrom, UnansweredMostAt};
        matches!(self, PeakAt | Recovery | Begin | Over | UnansweredMostAt | SaturatedFrom | LostShare)
    }
}

/// An account of viewers in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Viewers who arrived, those inside already included.
    Arrived,
    /// Viewers who were inside when the window opened.
    Already,
    /// Viewers who did their last step.
    Watched,
    /// Viewers who gave up and are not back.
    GaveUp,
    /// Viewers inside.
    Inside,
    /// Viewers inside, in a stream.
    Streaming,
    /// Viewers inside, in a request step.
    Asking,
    /// Viewers inside, neither in a stream nor in a request step.
    Waiting,
    /// Viewers whose first stream began.
    Started,
    /// Viewers who were shown an error page.
    SawError,
    /// People of crowds and traces whose moment fell outside the window.
    Outside,
    /// Times that a viewer lost patience in a waiting room.
    LeftRooms,
    /// Viewers in waiting rooms.
    InRooms,
}
