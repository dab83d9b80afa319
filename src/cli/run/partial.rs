//! Runs that end at a limit which the command states: their results are kept, and marked as partial.

use std::time::{Duration, Instant};

use clap::Args;
use dropstorm::units::Span;

/// Limits that end a run as partial.
#[derive(Args)]
pub struct Limited {
    /// End the runs after this wall-clock time, such as "10 min", and keep their results so far, marked as partial
    #[arg(long, value_name = "SPAN", value_parser = span)]
    limit_time: Option<Duration>,
    /// End each run after this number of events, and keep its results so far, marked as partial
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit_events: Option<u64>,
}

impl Limited {
    /// Whether the command states a limit.
    pub fn are_set(&self) -> bool {
        self.limit_time.is_some() || self.limit_events.is_some()
    }

    /// Most events of a run.
    pub fn events(&self) -> Option<u64> {
        self.limit_events
    }

    /// The moment at which the runs end, counted from now.
    pub fn until(&self) -> Option<Instant> {
        Instant::now().checked_add(self.limit_time?)
    }
}

/// Reads a span of wall-clock time.
fn span(text: &str) -> Result<Duration, String> {
    let span: Span = text.parse()?;
    if span > Span::ZERO {
        Ok(Duration::from_nanos(span.0 as u64))
    } else {
        Err("expected a span above zero, such as \"10 min\"".to_owned())
    }
}
