//! Windows of the mean of several replications, of which the findings of a single run do not tell.

use super::panel::Panel;
use super::{View, theme};
use crate::units::Span;

/// A window: start and end in seconds from the drop, and its value.
pub type Window = (f64, f64, f64);

impl View<'_> {
    /// Words behind the value of a callout: a mean of several runs is the value of no single run.
    fn of_the_mean(&self) -> &'static str {
        if self.figures.replications > 1 { ", mean of the runs" } else { "" }
    }

    /// Points at a window with its value in words. Where bins are longer than the window, a line joins the point to the curve of
    /// bins, which does not reach it.
    pub fn point_at(&self, panel: &mut Panel, (from, until, value): Window, shown: &str) {
        let length = Span::from_seconds(until - from);
        let words = format!("{shown} in {length} from {}{}", self.clock.exact(from), self.of_the_mean());
        if self.figures.width_s > 1.001 * (until - from) {
            panel.stem(((from + until) / 2.0, value));
        }
        panel.callout(&words, (from, until), value, theme::LABEL);
    }

    /// The window with the highest ratio of two sums over it, of equals the first; each term is that of an interval. Windows are as
    /// long as those that titles speak of, lie within what is measured, and have at least `least` of what the sum is divided by.
    pub fn highest_window(&self, terms: &[(f64, f64)], least: f64) -> Option<Window> {
        let length = self.subject.analyses.first()?.frame.window.max(1);
        let (from, until) = self.measured_span();
        let near = self.whole.width_s * 1e-6;
        let ends = |index: usize| (self.whole.time_s(index), self.whole.time_s(index + length));
        let is_measured = |index: usize| ends(index).0 >= from - near && ends(index).1 <= until + near;
        let (index, ratio) = highest(terms, length, is_measured, least)?;
        let (start, end) = ends(index);
        Some((start, end, ratio))
    }
}

/// The first of `length` terms with the highest ratio of two sums over them, and the ratio.
fn highest(terms: &[(f64, f64)], length: usize, counts: impl Fn(usize) -> bool, least: f64) -> Option<(usize, f64)> {
    let ratio = |(index, terms): (usize, &[(f64, f64)])| {
        let (over, under) = terms.iter().fold((0.0, 0.0), |sum, term| (sum.0 + term.0, sum.1 + term.1));
        (under > 0.0 && under >= least && counts(index)).then_some((index, over / under))
    };
    let known = terms.windows(length).enumerate().filter_map(ratio).filter(|(_, ratio)| ratio.is_finite());
    known.reduce(|most, next| if next.1 > most.1 { next } else { most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_marked_as_a_whole_and_not_its_worst_interval() {
        let failed_of_ended = [(0.0, 10.0), (9.0, 10.0), (1.0, 10.0), (6.0, 10.0), (6.0, 10.0)];
        assert_eq!(highest(&failed_of_ended, 1, |_| true, 0.0), Some((1, 0.9)));
        assert_eq!(highest(&failed_of_ended, 2, |_| true, 0.0), Some((3, 0.6)));
        assert_eq!(highest(&failed_of_ended, 2, |index| index < 3, 0.0), Some((1, 0.5)), "the last is not measured");
        assert_eq!(highest(&failed_of_ended, 2, |_| true, 30.0), None, "too few end");
    }
}
