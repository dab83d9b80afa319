//! Progress of long work: how far the simulated clock has come in all runs together, or how many units are done.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dropstorm::engine::Probe;
use dropstorm::sweep;
use dropstorm::units::Time;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::interrupt::Interrupt;

/// One bar for all runs of a command.
pub struct Progress {
    bar: ProgressBar,
    events: AtomicU64,
}

impl Progress {
    /// A bar over so many measurement intervals in all; silent unless shown to a terminal.
    pub fn new(intervals: u64, shown: bool) -> Progress {
        let bar = bar(intervals, shown, "  {bar:30} {percent:>3}%  {msg}  {eta} left");
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

fn bar(length: u64, shown: bool, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    // Standard error, so that figures on standard output can be piped; hidden by itself where that is no terminal.
    bar.set_draw_target(if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() });
    if let Ok(style) = ProgressStyle::with_template(template) {
        let rate = |state: &ProgressState, text: &mut dyn fmt::Write| {
            // A bar whose rate cannot be written lacks its rate.
            let _ = write!(text, "{:.1} a second", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate));
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// The bar of a sweep or a search, with its rate; an interrupt ends the work.
pub struct Units {
    bar: ProgressBar,
    interrupt: Interrupt,
}

impl Units {
    /// A bar over units; silent unless shown to a terminal.
    pub fn new(shown: bool, interrupt: Interrupt) -> Units {
        let bar = bar(0, shown, "  {bar:30} {percent:>3}%  {human_pos} of {human_len} units  {rate}  {eta} left");
        Units { bar, interrupt }
    }

    /// The same for a search, of which nobody knows how long it will take.
    pub fn search(shown: bool, interrupt: Interrupt) -> Units {
        Units { bar: bar(0, shown, "  {spinner}  {msg}  {human_pos} runs  {rate}"), interrupt }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl sweep::Progress for Units {
    fn planned(&self, units: u64) {
        self.bar.inc_length(units);
    }

    fn done(&self) {
        self.bar.inc(1);
    }

    fn at(&self, place: &str) {
        self.bar.set_message(place.to_owned());
    }

    fn stop(&self) -> bool {
        self.interrupt.came()
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
