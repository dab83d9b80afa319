//! `hedge`: a caller sends a copy of a slow attempt, and the first copy that is served decides.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Span, Time};

/// Hedged requests: copies of an attempt that has not been served after some time (J. Dean and L. A. Barroso, The Tail
/// at Scale, 2013; gRPC hedging, Finagle backup requests, Polly and resilience4j hedges). An attempt and its copies are
/// one try. A try ends with the first copy that is served, or with the outcome of the last one once all have ended;
/// only then the app retries.
///
/// Copy j is sent j × `after` later than the first attempt, unless a copy was served or all have ended. A copy draws
/// its own service time, has its own `timeout`, counts as a retry in the budget, and asks breaker and throttle. Copies
/// that another one overtook end as `cancelled`, which is in no error rate; `on_abandon` of the pool applies to them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hedge {
    /// Time from one copy to the next; The Tail at Scale proposes the 95th percentile of the latency, Polly has 2 s.
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub after: Span,
    /// Largest number of copies, the first attempt not counted; 1 in Polly, at most 4 in gRPC.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 100), extend("x-change" = true))]
    pub at_most: u64,
}

fn one() -> u64 {
    1
}

impl Hedge {
    /// The time of the next copy, after `number` copies of which the last came due now; `None` if no copy is left.
    pub fn due_after(&self, number: u16, now: Time) -> Option<Time> {
        (u64::from(number) < self.at_most).then(|| now.after(self.after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copy_j_is_due_j_times_the_span_after_the_first_attempt() {
        let hedge: Hedge = toml::from_str("after = '200 ms'\nat_most = 3").unwrap_or_else(|error| panic!("{error}"));
        let (mut now, mut times) = (Time(5_000_000_000), Vec::new());
        while let Some(due) = hedge.due_after(times.len() as u16, now) {
            (now, times) = (due, [times, vec![due.0 / 1_000_000]].concat());
        }
        assert_eq!(times, [5_200, 5_400, 5_600]);
        let one: Hedge = toml::from_str("after = '1 s'").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!([0, 1].map(|number| one.due_after(number, Time(0))), [Some(Time(1_000_000_000)), None]);
    }
}
