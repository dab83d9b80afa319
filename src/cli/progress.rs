//! Progress of long work: how far the simulated clock has come, in all runs together.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dropstorm::engine::Probe;
use dropstorm::units::Time;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One bar for all runs of a command.
pub struct Progress {
    bar: ProgressBar,
    events: AtomicU64,
}

impl Progress {
    /// A bar over so many measurement intervals in all; silent unless shown to a terminal.
    pub fn new(intervals: u64, shown: bool) -> Progress {
        let bar = ProgressBar::new(intervals);
        // Standard error, so that figures on standard output can be piped; hidden by itself where that is no terminal.
        bar.set_draw_target(if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() });
        if let Ok(style) = ProgressStyle::with_template("  {bar:30} {percent:>3}%  {msg}  {eta} left") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Progress { bar, events: AtomicU64::new(0) }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Tells of one more interval and the events that it took.
    pub fn advance(&self, events: u64) {
        let events = self.events.fetch_add(events, Ordering::Relaxed) + events;
        self.bar.set_message(format!("{:.1} M events", events as f64 / 1e6));
        self.bar.inc(1);
    }
}

/// Listens to one run for the bar alone.
pub struct ProgressProbe<'a> {
    progress: &'a Progress,
    told: u64,
}

impl<'a> ProgressProbe<'a> {
    /// A listener that moves this bar.
    pub fn new(progress: &'a Progress) -> ProgressProbe<'a> {
        ProgressProbe { progress, told: 0 }
    }
}

impl Probe for ProgressProbe<'_> {
    const ENABLED: bool = false;

    fn interval_closed(&mut self, _: Time, events: u64) {
        self.progress.advance(events - self.told);
        self.told = events;
    }
}
