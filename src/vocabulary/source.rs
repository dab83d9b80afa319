//! The sources of the values of figures.

use super::column::{Column, Distribution};

/// The source of the value of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// Viewers in an account of the ledger, at the end of the run.
    Viewers(Account),
    /// A column of the rows of everything, over the measured window.
    Window(Column),
    /// The value in milliseconds that this share of all observations of the measured window does not exceed.
    Percentile(Distribution, f64),
    /// Attempts sent over requests begun in the measured window.
    Amplification,
    /// The error rate of the worst minute of the measured window.
    WorstErrorRate,
    /// The start of the minute with the worst error rate, from the drop.
    WorstErrorRateAt,
    /// The end of the last minute in which the error rate exceeded the bound, from the drop.
    Recovery,
    /// Reports in the minute of the measured window with most reports.
    WorstReports,
    /// The start of the minute with most reports, from the drop.
    WorstReportsAt,
    /// 1 if all thresholds held, else 0.
    Thresholds,
    /// Events of the run.
    Events,
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
    /// Viewers inside otherwise.
    Waiting,
    /// Viewers whose first stream began.
    Started,
    /// Viewers who were shown an error page.
    SawError,
    /// People of crowds and traces whose moment fell outside the window.
    Outside,
}
