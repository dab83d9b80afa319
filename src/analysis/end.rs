//! Whether a trouble is over.

use std::ops::Range;

use super::frame::{ENOUGH, Frame};
use super::series::Series;

/// Attempts, as simulated, that must be sent or have ended after a trouble for a judgement.
const LEAST: f64 = 30.0;

/// End of a trouble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// The trouble is over: enough attempts end after it, within the bound.
    Over {
        /// Attempts that end after it and before the next trouble, at full size.
        attempts_after: f64,
        /// Share of these that fail.
        rate_after: f64,
    },
    /// The trouble is not over when the measured intervals end: attempts go on to fail beyond the bound, or go
    /// unanswered.
    NotOver {
        /// Attempts sent after its last moment, at full size.
        sent_after: f64,
        /// Attempts that end after its last moment, at full size.
        ended_after: f64,
    },
    /// Too few attempts follow the trouble to judge whether it is over.
    FewAfter {
        /// Attempts sent after its last moment, at full size.
        sent_after: f64,
        /// Attempts that end after its last moment, at full size.
        ended_after: f64,
    },
}

impl End {
    /// Whether the trouble is over.
    pub fn is_over(&self) -> bool {
        matches!(self, End::Over { .. })
    }

    /// The end of a trouble after which the next one begins at `until`, or the measured intervals end there. With a bound,
    /// the attempts that follow must keep to it.
    pub(super) fn of(series: &Series, frame: &Frame, at: &Range<usize>, until: usize, bound: Option<f64>) -> End {
        let after = at.end..until;
        let (sent, ended) = (series.sent(after.clone()), series.ended(after.clone()));
        let (sent_after, ended_after) = (sent * frame.full(), ended * frame.full());
        let in_a_window = series.ended(at.clone()) / at.len() as f64 * frame.window as f64;
        let enough = in_a_window.clamp(LEAST, ENOUGH);
        if at.end == frame.measured.end {
            return End::NotOver { sent_after, ended_after };
        }
        if ended >= enough && bound.is_none_or(|bound| keeps_to(series, &after, enough, bound)) {
            return End::Over { attempts_after: ended_after, rate_after: series.rate(after) };
        }
        // Without a bound the trouble is a wait, which has ended. With one, attempts may go on to fail or to hang.
        let goes_on = |bound: f64| {
            let many = sent >= LEAST || ended >= enough;
            let calm = ended >= LEAST && sent - ended < LEAST && series.failed(after.clone()) <= bound * ended;
            many && !calm
        };
        if bound.is_some_and(goes_on) {
            End::NotOver { sent_after, ended_after }
        } else {
            End::FewAfter { sent_after, ended_after }
        }
    }
}

/// Whether the attempts that end in some intervals keep to the bound: the first `enough` of them, counted by whole intervals,
/// or more.
fn keeps_to(series: &Series, after: &Range<usize>, enough: f64, bound: f64) -> bool {
    let parts = (after.start..after.end).map(|end| after.start..end + 1);
    let mut told = parts.skip_while(|at| series.ended(at.clone()) < enough);
    told.any(|at| series.failed(at.clone()) <= bound * series.ended(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support::frame;

    /// The end of a trouble of two minutes with 1,000 ended attempts each, after which attempts are sent, end and fail.
    fn after(after: &[[f64; 3]]) -> End {
        let series = Series::new([&[[1000.0, 1000.0, 900.0]; 2], after].concat().into_iter());
        End::of(&series, &frame(2 + after.len(), 60.0, 0.0), &(0..2), 2 + after.len(), Some(0.01))
    }

    #[test]
    fn it_takes_enough_attempts_within_the_bound_to_be_over() {
        assert_eq!(
            after(&[[99.0, 50.0, 0.0], [1.0, 50.0, 1.0]]),
            End::Over { attempts_after: 100.0, rate_after: 0.01 }
        );
        assert_eq!(after(&[[100.0, 100.0, 2.0]]), End::NotOver { sent_after: 100.0, ended_after: 100.0 });
        assert_eq!(after(&[[500.0, 99.0, 0.0]]), End::NotOver { sent_after: 500.0, ended_after: 99.0 });
        assert_eq!(after(&[[92.0, 95.0, 0.0]]), End::FewAfter { sent_after: 92.0, ended_after: 95.0 });
        assert_eq!(after(&[[92.0, 95.0, 1.0]]), End::NotOver { sent_after: 92.0, ended_after: 95.0 });
        assert_eq!(after(&[[29.0, 29.0, 0.0]]), End::FewAfter { sent_after: 29.0, ended_after: 29.0 });
        assert_eq!(after(&[[0.0, 0.0, 0.0]]), End::FewAfter { sent_after: 0.0, ended_after: 0.0 });
        assert_eq!(after(&[]), End::NotOver { sent_after: 0.0, ended_after: 0.0 });
        // What fails long after the end does not call the end into question.
        assert!(after(&[[500.0, 500.0, 0.0], [500.0, 500.0, 30.0]]).is_over());
    }

    #[test]
    fn where_few_ask_as_many_as_in_a_window_of_the_trouble_are_enough() {
        let series = Series::new([[40.0, 40.0, 40.0], [40.0, 40.0, 0.0]].into_iter());
        assert!(End::of(&series, &frame(2, 60.0, 0.0), &(0..1), 2, Some(0.01)).is_over());
    }
}
