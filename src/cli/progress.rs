//! Progress bars of long work on standard error.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dropstorm::engine::Limits;
use dropstorm::experiment::Progress;
use dropstorm::system::text::visible;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::interrupt::Interrupt;

/// The bar of a run: measurement intervals done, in all replications together. An interrupt ends the runs.
pub struct Intervals {
    bar: ProgressBar,
    events: AtomicU64,
    interrupt: Interrupt,
    limits: Limits,
    until: Option<Instant>,
}

impl Intervals {
    /// A bar over measurement intervals; nothing is drawn unless `shown`, and then on a terminal only. Each run keeps to the
    /// limits, and all of them end at `until`.
    pub fn new(intervals: u64, shown: bool, interrupt: Interrupt, limits: Limits, until: Option<Instant>) -> Intervals {
        let bar = bar(intervals, shown, "  {bar:30} {percent:>3}%  {msg}  {eta} left");
        Intervals { bar, events: AtomicU64::new(0), interrupt, limits, until }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Intervals {
    fn advanced(&self, events: u64) {
        let events = self.events.fetch_add(events, Ordering::Relaxed) + events;
        self.bar.set_message(format!("{:.1} M events", events as f64 / 1e6));
        self.bar.inc(1);
    }

    fn stop(&self) -> bool {
        self.interrupt.came()
    }

    fn time_is_up(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

/// The bar of a sweep or a search: units done, and units per second. An interrupt ends the work.
pub struct Units {
    bar: ProgressBar,
    interrupt: Interrupt,
    limits: Limits,
}

impl Units {
    /// The bar of a sweep; nothing is drawn unless `shown`, and then on a terminal only.
    pub fn new(shown: bool, interrupt: Interrupt, limits: Limits) -> Units {
        let bar = bar(0, shown, "  {bar:30} {percent:>3}%  {human_pos} of {human_len} units  {rate}  {eta} left");
        Units { bar, interrupt, limits }
    }

    /// The bar of a search, whose length is not known in advance.
    pub fn search(shown: bool, interrupt: Interrupt, limits: Limits) -> Units {
        Units { bar: bar(0, shown, "  {spinner}  {msg}  {human_pos} runs  {rate}"), interrupt, limits }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Units {
    fn planned(&self, units: u64) {
        self.bar.inc_length(units);
    }

    fn done(&self) {
        self.bar.inc(1);
    }

    fn at(&self, what: &str) {
        self.bar.set_message(visible(what).into_owned());
    }

    fn stop(&self) -> bool {
        self.interrupt.came()
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

fn bar(length: u64, shown: bool, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    // On standard error, so that figures on standard output can be piped; a target that is no terminal shows nothing.
    bar.set_draw_target(if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() });
    if let Ok(style) = ProgressStyle::with_template(template) {
        let rate = |state: &ProgressState, text: &mut dyn fmt::Write| {
            // A bar whose rate cannot be written goes without it.
            let _ = write!(text, "{:.1} a second", state.per_sec());
        };
        bar.set_style(style.with_key("rate", rate));
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
