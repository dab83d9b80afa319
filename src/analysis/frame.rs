//! The frame of an analysis: the measured intervals, the window, the bounds.

use std::ops::Range;

use super::window;
use crate::measure::{Layout, Measurements, Scope};
use crate::units::Span;
use crate::vocabulary::{Column, Metric};

/// Share of failed attempts above which a run is in trouble, unless its only plain threshold states another.
pub const USUAL_BOUND: f64 = 0.01;

/// Ended attempts that a rate needs to be told, as simulated.
pub const ENOUGH: f64 = 100.0;

/// The measured intervals of a run, the window and the bounds by which its figures are judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Start of the run's first interval, from the drop.
    pub first: Span,
    /// Width of an interval.
    pub width: Span,
    /// Intervals of the run.
    pub intervals: usize,
    /// Intervals that are measured and that the run reached, within those of the run. Everything that an analysis tells is of
    /// these.
    pub measured: Range<usize>,
    /// Simulated size over full size.
    pub scale: f64,
    /// Intervals in a window.
    pub window: usize,
    /// Share of failed attempts above which the run is in trouble.
    pub bound: f64,
    /// Whether a threshold states the bound.
    pub bound_is_stated: bool,
    /// Wait that counts as harm.
    pub wait_bound: Span,
}

impl Frame {
    /// The frame of a run. A run that ended early is told as far as it came, by the window of the whole.
    pub fn of(run: &Measurements) -> Frame {
        let (whole, reached) = (Frame::whole(&run.layout), run.reached());
        let measured = whole.measured.start.min(reached)..whole.measured.end.min(reached);
        Frame { measured, ..whole }
    }

    /// The frame of a run that reaches the end of its layout.
    pub(super) fn whole(layout: &Layout) -> Frame {
        let stated = stated_bound(layout);
        Frame {
            first: layout.first,
            width: layout.width,
            intervals: layout.intervals,
            measured: layout.measured.clone(),
            scale: layout.scale,
            window: window::window(layout.width, layout.measured.len()),
            bound: stated.unwrap_or(USUAL_BOUND),
            bound_is_stated: stated.is_some(),
            wait_bound: layout.harm_wait,
        }
    }

    /// The start of an interval of the run in seconds from the drop, which is also the end of the interval before.
    pub fn time_s(&self, interval: usize) -> f64 {
        Span(self.first.0 + interval as i64 * self.width.0).seconds()
    }

    /// The length of some intervals in seconds.
    pub fn length_s(&self, intervals: usize) -> f64 {
        Span(intervals as i64 * self.width.0).seconds()
    }

    /// Start of the measured intervals, in seconds from the drop.
    pub fn from_s(&self) -> f64 {
        self.time_s(self.measured.start)
    }

    /// End of the measured intervals, in seconds from the drop.
    pub fn until_s(&self) -> f64 {
        self.time_s(self.measured.end)
    }

    /// Length of the window in seconds.
    pub fn window_s(&self) -> f64 {
        self.length_s(self.window)
    }

    /// Full size over simulated size.
    pub fn full(&self) -> f64 {
        1.0 / self.scale
    }

    /// Whole intervals that together are at least as long as a span.
    pub fn intervals_of(&self, span: Span) -> usize {
        let width = self.width.0.max(1);
        ((span.0 + width - 1) / width).max(1) as usize
    }
}

/// The bound of the only threshold on the error rate of everything that holds at all times; `None` if there is none or more
/// than one.
fn stated_bound(layout: &Layout) -> Option<f64> {
    let mut of_everything = layout.thresholds.iter().filter(|threshold| {
        threshold.metric == Metric::Column(Column::ErrorRate)
            && threshold.at_most
            && threshold.scope == Scope::default()
    });
    match (of_everything.next(), of_everything.next()) {
        (Some(only), None) if only.after.is_none() && only.before.is_none() => Some(only.bound),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Row, Threshold};

    fn bound(thresholds: &[(f64, Option<f64>)]) -> f64 {
        let threshold = |(bound, before): &(f64, Option<f64>)| Threshold {
            metric: Metric::Column(Column::ErrorRate),
            scope: Scope::default(),
            bound: *bound,
            at_most: true,
            window: 6,
            range: 0..90,
            least: 0,
            after: None,
            before: before.map(Span::from_seconds),
            passes_when_empty: false,
            text: String::new(),
        };
        let thresholds = thresholds.iter().map(threshold).collect();
        let width = Span::from_seconds(10.0);
        Frame::whole(&Layout { intervals: 90, measured: 0..90, scale: 1.0, width, thresholds, ..Layout::default() })
            .bound
    }

    #[test]
    fn one_threshold_without_times_states_the_bound() {
        assert_eq!(bound(&[]), USUAL_BOUND);
        assert_eq!(bound(&[(0.05, None)]), 0.05);
        assert_eq!(bound(&[(0.05, Some(450.0))]), USUAL_BOUND, "it has times");
        assert_eq!(bound(&[(0.05, None), (0.02, None)]), USUAL_BOUND, "there are two");
    }

    #[test]
    fn a_run_that_ended_early_is_told_as_far_as_it_came() {
        let layout = Layout { intervals: 90, measured: 20..80, scopes: vec![Scope::default()], ..Layout::default() };
        let reached = |rows: usize| {
            let run =
                Measurements { layout: layout.clone(), rows: vec![Row::default(); rows], ..Measurements::default() };
            Frame::of(&run).measured
        };
        assert_eq!([10, 30, 85, 90].map(reached), [10..10, 20..30, 20..80, 20..80]);
    }

    #[test]
    fn times_are_from_the_drop() {
        let (first, width) = (Span::from_seconds(-60.0), Span::from_seconds(0.1));
        let layout = Layout { intervals: 900, measured: 600..900, first, width, scale: 0.5, ..Layout::default() };
        let frame = Frame::whole(&layout);
        assert_eq!((frame.from_s(), frame.until_s(), frame.window_s(), frame.full()), (0.0, 30.0, 1.0, 2.0));
        assert_eq!(frame.time_s(603), 0.3);
        assert_eq!([0.05, 0.1, 0.11].map(|s| frame.intervals_of(Span::from_seconds(s))), [1, 1, 2]);
    }
}
