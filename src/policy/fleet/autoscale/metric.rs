//! Metrics of an autoscaler, and their means over a delayed window.

use std::collections::VecDeque;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vocabulary::Unit;

/// The metric that an autoscaler watches, as a mean over the servers that are up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Busy slots over slots, as a share such as `"60%"`.
    Utilization,
    /// Busy cores over cores, as a share; without `cores`, the slots that are busy and do not wait for calls, over
    /// slots.
    Cpu,
    /// Rate of attempts that reach the pool, such as `"300/s"`, per server.
    AttemptsPerServer,
    /// Queue length per server.
    QueuePerServer,
    /// Attempts in service per server.
    InServicePerServer,
}

impl Metric {
    /// The unit in which values of the metric are written; `None` for a plain number.
    pub fn unit(self) -> Option<Unit> {
        match self {
            Metric::Utilization | Metric::Cpu => Some(Unit::Share),
            Metric::AttemptsPerServer => Some(Unit::PerSecond),
            Metric::QueuePerServer | Metric::InServicePerServer => None,
        }
    }

    /// A value of the metric, as an example.
    pub fn example(self) -> &'static str {
        match self {
            Metric::Utilization | Metric::Cpu => "a share such as \"60%\" or 0.6",
            Metric::AttemptsPerServer => "a rate such as \"300/s\"",
            Metric::QueuePerServer | Metric::InServicePerServer => "a number such as 10",
        }
    }
}

/// Integrals over time of a metric and of the servers that are up, since the start, in steps × nanoseconds.
pub type Integrals = [i128; 2];

/// The integrals at the last evaluations, from which means over a past window follow.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// Integrals of the metric and of the servers that are up, the oldest first.
    kept: VecDeque<Integrals>,
}

impl Samples {
    /// Room for the samples of a window and of the delay after it, in evaluations, from the integrals of the present.
    pub fn new(window: usize, delay: usize, present: Integrals) -> Samples {
        let mut kept = VecDeque::with_capacity(window + delay + 1);
        kept.push_back(present);
        Samples { kept }
    }

    /// Adds the integrals of an evaluation. Returns the growth of the integrals over the window that ended `delay`
    /// evaluations ago, and the number of evaluations in it; `None` while there is no evaluation that old. A window
    /// that would begin before the first sample begins with it.
    pub fn take(&mut self, window: usize, delay: usize, present: Integrals) -> Option<(Integrals, usize)> {
        if self.kept.len() > window + delay {
            self.kept.pop_front();
        }
        self.kept.push_back(present);
        let last = self.kept.len().checked_sub(1 + delay)?;
        let first = last.saturating_sub(window);
        let grown = |of: usize| self.kept[last][of] - self.kept[first][of];
        (last > first).then(|| ([grown(0), grown(1)], last - first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_a_delay_ago_and_begins_with_the_first_sample() {
        // The metric grows by 1, 2, 3, … in one evaluation after the other.
        let mut samples = Samples::new(2, 1, [0, 0]);
        let mut sum = 0;
        let mut take = |step: i128| {
            sum += step;
            samples.take(2, 1, [sum, step]).map(|([grown, _], evaluations)| (grown, evaluations))
        };
        let taken: Vec<_> = (1..=5).map(&mut take).collect();
        assert_eq!(taken, [None, Some((1, 1)), Some((1 + 2, 2)), Some((2 + 3, 2)), Some((3 + 4, 2))]);
    }

    #[test]
    fn without_delay_the_window_ends_now() {
        let mut samples = Samples::new(1, 0, [7, 0]);
        assert_eq!(samples.take(1, 0, [9, 4]), Some(([2, 4], 1)));
        assert_eq!(samples.take(1, 0, [9, 8]), Some(([0, 4], 1)));
    }
}
