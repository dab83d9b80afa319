//! `breaker`: a circuit breaker, which stops a caller whose attempts fail too often from sending for a while.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attempt::End;
use super::window::{Counts, Slice, Width, Window};
use crate::units::{Probability, Span, Time};

/// Circuit breaker of a client: it opens once too large a share of the last attempts were errors, refuses all attempts
/// for some time, and then lets a few through on trial (Netflix Hystrix, Polly, resilience4j).
///
/// An attempt that was not served is an error; an attempt that the human left is not counted. The breaker may open when
/// an attempt ends. If every attempt on trial is served, the breaker closes with empty counts; the first error opens it
/// again. An attempt that an open breaker keeps back ends as `refused`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Breaker {
    /// Sliding window in which attempts count, in ten buckets; 10 s in Hystrix.
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub window: Span,
    /// Smallest number of attempts in the window at which the breaker may open; 20 in Hystrix.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("x-change" = true))]
    pub requests: u64,
    /// Share of errors among the attempts in the window at which the breaker opens; 50% in Hystrix, 10% in Polly.
    #[schemars(extend("x-change" = true))]
    pub error_rate: Probability,
    /// Time for which an open breaker refuses every attempt; 5 s in Hystrix.
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub sleep: Span,
    /// Number of attempts on trial, all of which must be served for the breaker to close; 1 in Hystrix, 10 in
    /// resilience4j.
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub trials: u64,
}

impl Default for Breaker {
    fn default() -> Breaker {
        Breaker {
            window: Span(10_000_000_000),
            requests: 20,
            error_rate: Probability(0.5),
            sleep: Span(5_000_000_000),
            trials: 1,
        }
    }
}

/// The rule of a breaker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    width: Width,
    requests: f64,
    error_rate: f64,
    sleep: Span,
    trials: u32,
}

/// The state of a breaker.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State<S: Slice> {
    /// Attempts that ended, and those of them that were errors.
    window: Window<S>,
    phase: Phase,
}

/// The phase of a breaker.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Phase {
    /// Every attempt passes.
    #[default]
    Closed,
    /// No attempt passes until `sleep` after this moment.
    Open { since: Time },
    /// A few attempts pass on trial.
    Trying {
        /// Attempts that were sent on trial and have not ended.
        under_way: u32,
        /// Attempts on trial that were served.
        served: u32,
    },
}

/// The decision about an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// The attempt is kept back.
    Refused,
    /// The attempt is sent.
    Sent,
    /// The attempt is sent on trial.
    OnTrial,
}

impl Breaker {
    /// The rule for `callers` callers.
    pub fn compile(&self, callers: f64) -> Rule {
        Rule {
            width: Width::of(self.window),
            requests: self.requests as f64 * callers,
            error_rate: self.error_rate.0,
            sleep: self.sleep,
            trials: self.trials.min(u64::from(u32::MAX)) as u32,
        }
    }
}

impl Rule {
    /// The share of attempts that a breaker sends in the long run, where the callers that share it want `wanted`
    /// attempts per second, each served with probability `success`: a breaker that has opened sends a few on trial
    /// after each `sleep`.
    ///
    /// Where the breaker stays closed for some time, the attempts that it sends cause the errors. So the share starts
    /// from `before`, that of the time before, and changes until the share of successes is the one that keeps the
    /// breaker closed.
    pub fn sent(&self, wanted: f64, success: f64, before: f64) -> f64 {
        if wanted * self.width.seconds() < self.requests {
            return 1.0;
        }
        let least = (f64::from(self.trials) / (wanted * self.sleep.seconds()).max(1e-9)).min(1.0);
        let for_each_success = 1.0 / (1.0 - self.error_rate).max(1e-9);
        (before * (for_each_success * success).clamp(0.5, 2.0)).clamp(least, 1.0)
    }

    /// The share of `attempts` attempts that the breaker of one caller sends, with empty counts at first, where the
    /// caller wants them within `seconds` and each is served with probability `success`.
    pub fn sent_by_one(&self, attempts: f64, seconds: f64, success: f64) -> f64 {
        let until = self.requests.max(1.0);
        let each = seconds / attempts.max(1e-9);
        if attempts.min(self.width.seconds() / each.max(1e-12)) < until || 1.0 - success < self.error_rate {
            return 1.0;
        }
        // Once open, it closes by trials that are all served, and opens again after as many attempts as before.
        let between = (self.sleep.seconds() / each.max(1e-12)).max(1.0);
        let closed = until * libm::pow(success, f64::from(self.trials));
        let later = ((1.0 + closed) / (between + closed)).min(1.0);
        (until + (attempts - until) * later) / attempts
    }

    /// Decides about an attempt that is about to be sent.
    #[inline(always)]
    pub fn passes<S: Slice>(&self, state: &mut State<S>, now: Time) -> Pass {
        match state.phase {
            Phase::Closed => return Pass::Sent,
            Phase::Open { since } if now < since.after(self.sleep) => return Pass::Refused,
            Phase::Open { .. } => state.phase = Phase::Trying { under_way: 0, served: 0 },
            Phase::Trying { .. } => {}
        }
        match &mut state.phase {
            Phase::Trying { under_way, served } if *under_way + *served < self.trials => {
                *under_way += 1;
                Pass::OnTrial
            }
            _ => Pass::Refused,
        }
    }

    /// Records the end of an attempt that was sent.
    #[inline(always)]
    pub fn ended<S: Slice<Sum = Counts>>(&self, state: &mut State<S>, now: Time, on_trial: bool, end: End) {
        let counts = state.window.total_at(self.width, now);
        if end != End::Left {
            *counts += Counts([1, u64::from(end != End::Served)]);
        }
        match &mut state.phase {
            Phase::Closed => {
                let [requests, errors] = counts.0.map(|count| count as f64);
                if requests >= self.requests && requests > 0.0 && errors >= self.error_rate * requests {
                    state.phase = Phase::Open { since: now };
                }
            }
            Phase::Trying { under_way, served } if on_trial => {
                *under_way = under_way.saturating_sub(1);
                match end {
                    End::Left => {}
                    End::Served => {
                        *served += 1;
                        if *served >= self.trials {
                            *state = State::default();
                        }
                    }
                    End::Failed | End::NotServed => state.phase = Phase::Open { since: now },
                }
            }
            Phase::Open { .. } | Phase::Trying { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type State = super::State<[u16; 2]>;

    const S: u64 = 1_000_000_000;

    fn at(tenths: u64) -> Time {
        Time(tenths * S / 10)
    }

    /// Sends an attempt that ends at once, and tells the decision.
    fn send(rule: &Rule, state: &mut State, now: Time, end: End) -> Pass {
        let pass = rule.passes(state, now);
        if pass != Pass::Refused {
            rule.ended(state, now, pass == Pass::OnTrial, end);
        }
        pass
    }

    /// The rule of Hystrix with its defaults, step by step: 20 requests in 10 s, half of them errors.
    #[test]
    fn the_twentieth_request_opens_a_breaker_of_which_half_failed() {
        let rule = Breaker::default().compile(1.0);
        for (errors, opens) in [(9, false), (10, true), (20, true)] {
            let mut state = State::default();
            for request in 0..20 {
                let end = if request < errors { End::NotServed } else { End::Served };
                assert_eq!(send(&rule, &mut state, at(request), end), Pass::Sent, "below the volume of 20");
            }
            assert_eq!(rule.passes(&mut state, at(20)) == Pass::Refused, opens, "{errors} errors");
        }
        // Nineteen are too few, whatever became of them.
        let mut state = State::default();
        (0..19).for_each(|n| assert_eq!(send(&rule, &mut state, at(n), End::Failed), Pass::Sent));
        assert_eq!(rule.passes(&mut state, at(19)), Pass::Sent);
    }

    #[test]
    fn errors_older_than_the_window_do_not_count() {
        let rule = Breaker::default().compile(1.0);
        let mut state = State::default();
        (0..10).for_each(|_| assert_eq!(send(&rule, &mut state, at(5), End::NotServed), Pass::Sent));
        // At 10 s the bucket of the first second has gone, so of twenty only the last ten are left.
        (0..10).for_each(|_| assert_eq!(send(&rule, &mut state, at(100), End::NotServed), Pass::Sent));
        assert_eq!(rule.passes(&mut state, at(100)), Pass::Sent);
        (0..10).for_each(|_| assert_eq!(send(&rule, &mut state, at(101), End::NotServed), Pass::Sent));
        assert_eq!(rule.passes(&mut state, at(101)), Pass::Refused);
    }

    /// Opens a breaker at a moment.
    fn opened(rule: &Rule, now: Time) -> State {
        let mut state = State::default();
        while send(rule, &mut state, now, End::NotServed) != Pass::Refused {}
        state
    }

    #[test]
    fn after_its_sleep_one_request_is_on_trial_and_its_end_decides() {
        let rule = Breaker::default().compile(1.0);
        let mut state = opened(&rule, at(0));
        assert_eq!(rule.passes(&mut state, at(49)), Pass::Refused);
        assert_eq!(rule.passes(&mut state, at(50)), Pass::OnTrial);
        assert_eq!(rule.passes(&mut state, at(51)), Pass::Refused, "only one is on trial");
        // Its failure opens the breaker with a fresh sleep.
        rule.ended(&mut state, at(60), true, End::NotServed);
        assert_eq!(rule.passes(&mut state, at(109)), Pass::Refused);
        assert_eq!(rule.passes(&mut state, at(110)), Pass::OnTrial);
        // Its success closes the breaker with empty counts: nineteen more failures do not open it.
        rule.ended(&mut state, at(111), true, End::Served);
        assert_eq!(state, State::default());
        (0..19).for_each(|_| assert_eq!(send(&rule, &mut state, at(112), End::NotServed), Pass::Sent));
        assert_eq!(rule.passes(&mut state, at(112)), Pass::Sent);
    }

    #[test]
    fn a_trial_without_a_result_gives_its_place_to_the_next() {
        let rule = Breaker { trials: 2, ..Breaker::default() }.compile(1.0);
        let mut state = opened(&rule, at(0));
        assert_eq!(
            [50, 51, 52].map(|now| rule.passes(&mut state, at(now))),
            [Pass::OnTrial, Pass::OnTrial, Pass::Refused]
        );
        rule.ended(&mut state, at(53), true, End::Left);
        // What was sent before the breaker opened decides nothing now.
        rule.ended(&mut state, at(53), false, End::Served);
        assert_eq!([54, 55].map(|now| rule.passes(&mut state, at(now))), [Pass::OnTrial, Pass::Refused]);
        rule.ended(&mut state, at(56), true, End::Served);
        assert_eq!(rule.passes(&mut state, at(57)), Pass::Refused, "one served and one under way");
        rule.ended(&mut state, at(58), true, End::Served);
        assert_eq!(state.phase, Phase::Closed);
    }

    #[test]
    fn the_least_number_of_requests_is_that_of_all_callers_and_may_be_a_fraction() {
        for (callers, first_refused) in [(0.02, 1), (0.1, 2), (1.0, 20), (2.0, 40)] {
            let rule = Breaker::default().compile(callers);
            let mut state = State::default();
            let sent = (0..100).take_while(|_| send(&rule, &mut state, at(0), End::Failed) == Pass::Sent).count();
            assert_eq!(sent, first_refused, "for {callers} callers");
        }
    }
}
