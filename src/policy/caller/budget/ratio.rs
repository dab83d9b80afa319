//! `ratio`: retries are at most a share of the first attempts in a sliding window.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::caller::attempt::Why;
use crate::policy::caller::window::{Slice, Width, Window};
use crate::units::{Probability, Rate, Span, Time};

/// Limit of the retries in a sliding window: a share of the first attempts, the present one included, plus a rate that
/// is always allowed (Finagle `RetryBudget`, Linkerd 2; tower `TpsBudget`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ratio {
    /// Retries for each first attempt; 20% in Finagle and Linkerd.
    #[schemars(extend("x-change" = true))]
    pub share: Probability,
    /// Rate of retries that is always allowed; 10 a second in Finagle and Linkerd.
    #[schemars(extend("x-change" = true))]
    pub at_least: Rate,
    /// Sliding window in which attempts count, in ten slices; 10 s in Finagle and Linkerd.
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub window: Span,
}

impl Default for Ratio {
    fn default() -> Ratio {
        Ratio { share: Probability(0.2), at_least: Rate(10.0), window: Span(10_000_000_000) }
    }
}

/// Millionths in one retry.
const ONE: i64 = 1_000_000;

/// The rule of a ratio, in millionths of a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windowed {
    /// Millionths that a first attempt adds.
    share: i64,
    /// Millionths that are available without any first attempt.
    reserve: i64,
    /// Width of the slices of the window.
    width: Width,
}

impl Ratio {
    /// The rule for `callers` callers.
    pub(super) fn compile(&self, callers: f64) -> Windowed {
        let millionths = |number: f64| (number * ONE as f64).round() as i64;
        Windowed {
            share: millionths(self.share.0),
            reserve: millionths(self.at_least.0 * self.window.seconds() * callers),
            width: Width::of(self.window),
        }
    }
}

/// The balance of one viewer's slice, in millionths of a retry: additions of first attempts less costs of retries. It
/// holds half a million retries.
pub type OneBalance = [u8; 5];

/// The balance of a slice that many callers share, in millionths of a retry.
pub type ManyBalance = i64;

impl Windowed {
    /// Records an attempt that is sent.
    #[inline]
    pub fn sent<S: Slice<Sum = i64>>(&self, window: &mut Window<S>, now: Time, why: Why) {
        if why == Why::First {
            *window.total_at(self.width, now) += self.share;
        }
    }

    /// Decides whether a retry may be sent. A retry that is allowed counts from now on, also if it is not sent after
    /// all: Finagle gives nothing back.
    #[inline]
    pub fn allows<S: Slice<Sum = i64>>(&self, window: &mut Window<S>, now: Time) -> bool {
        let balance = window.total_at(self.width, now);
        let allowed = *balance + self.reserve >= ONE;
        if allowed {
            *balance -= ONE;
        }
        allowed
    }

    /// Retries that a first attempt adds, retries that are always allowed within a window, and its length in seconds.
    pub(super) fn in_retries(&self) -> (f64, f64, f64) {
        (self.share as f64 / ONE as f64, self.reserve as f64 / ONE as f64, self.width.seconds())
    }
}

impl Slice for OneBalance {
    type Sum = i64;
    #[inline]
    fn of(balance: i64) -> OneBalance {
        const HIGHEST: i64 = (1 << 39) - 1;
        let [a, b, c, d, e, ..] = balance.clamp(-HIGHEST, HIGHEST).to_le_bytes();
        [a, b, c, d, e]
    }
    #[inline]
    fn sum(self) -> i64 {
        let [a, b, c, d, e] = self;
        i64::from(u32::from_le_bytes([a, b, c, d])) | i64::from(e as i8) << 32
    }
}

impl Slice for ManyBalance {
    type Sum = i64;
    #[inline]
    fn of(balance: i64) -> ManyBalance {
        balance
    }
    #[inline]
    fn sum(self) -> i64 {
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::caller::budget::{Budget, Rule};

    const S: u64 = 1_000_000_000;

    fn rule(share: f64, at_least: f64, callers: f64) -> Windowed {
        let set = Ratio { share: Probability(share), at_least: Rate(at_least), ..Ratio::default() };
        match Budget::Ratio(set).compile(callers) {
            Rule::Windowed(rule) => rule,
            Rule::Counted(_) => panic!("a ratio has a window"),
        }
    }

    /// Sends a first attempt that fails, and retries without limit that all fail.
    fn retries(rule: &Windowed, window: &mut Window<OneBalance>, now: Time) -> usize {
        rule.sent(window, now, Why::First);
        (0..).take_while(|_| rule.allows(window, now)).count()
    }

    #[test]
    fn when_everything_fails_load_is_one_and_the_share_and_the_rate_always_allowed() {
        // 50 first attempts a second for 100 s: 20% of 500 and 100 more in each window.
        let (rule, mut window) = (rule(0.2, 10.0, 1.0), Window::default());
        let mut by_window = [0; 10];
        for attempt in 0..5_000 {
            let now = Time(attempt * S / 50 + S / 100);
            by_window[attempt as usize / 500] += retries(&rule, &mut window, now);
        }
        assert_eq!(by_window, [200; 10]);
    }

    #[test]
    fn without_a_rate_every_fifth_first_attempt_is_retried_at_a_fifth() {
        let (rule, mut window) = (rule(0.2, 0.0, 1.0), Window::default());
        for _ in 0..100 {
            let five: Vec<usize> = (0..5).map(|_| retries(&rule, &mut window, Time(3 * S))).collect();
            assert_eq!(five, [0, 0, 0, 0, 1]);
        }
    }

    #[test]
    fn an_attempt_counts_in_its_own_tenth_and_the_nine_after_it() {
        let rule = rule(0.2, 0.0, 1.0);
        for (now, allowed) in [(3 * S + S / 2, true), (13 * S - 1, true), (13 * S, false), (1_000 * S, false)] {
            let mut window = Window::<OneBalance>::default();
            (0..5).for_each(|_| rule.sent(&mut window, Time(3 * S + S / 3), Why::First));
            assert_eq!(rule.allows(&mut window, Time(now)), allowed, "at {now}");
        }
        // So does a retry: the reserve of one is there again after ten tenths.
        let rule = super::tests::rule(0.0, 0.1, 1.0);
        let mut window = Window::<OneBalance>::default();
        let allowed = [0, 1, 9, 10, 19, 20].map(|second| rule.allows(&mut window, Time(second * S)));
        assert_eq!(allowed, [true, false, false, true, false, true]);
    }

    #[test]
    fn a_reserve_may_be_a_fraction_of_one_retry() {
        for (callers, allowed) in [(0.009, 0), (0.01, 1), (0.5, 50), (1.0, 100)] {
            let rule = rule(0.0, 10.0, callers);
            let mut window = Window::<OneBalance>::default();
            assert_eq!((0..200).take_while(|_| rule.allows(&mut window, Time(S))).count(), allowed);
        }
    }

    #[test]
    fn five_bytes_hold_signed_numbers_to_half_a_million_retries() {
        for number in [0, 1, -1, ONE, -ONE, 549_000 * ONE, -549_000 * ONE] {
            assert_eq!(OneBalance::of(number).sum(), number);
        }
        assert_eq!([i64::MAX, i64::MIN].map(|number| OneBalance::of(number).sum()), [(1 << 39) - 1, 1 - (1 << 39)]);
    }

    proptest! {
        /// The slow twin: the rule over a list of all attempts.
        #[test]
        fn a_window_of_slices_is_what_a_list_of_attempts_says(
            steps in prop::collection::vec((0_u64..40, prop::bool::ANY), 1..600),
            share in 0_u32..=10,
            reserve in 0_u32..5,
        ) {
            let rule = rule(f64::from(share) / 10.0, f64::from(reserve) / 10.0, 1.0);
            let (mut own, mut shared, mut now) = (Window::<OneBalance>::default(), Window::<ManyBalance>::default(), 0);
            let (mut firsts, mut retries): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
            for (gap, first) in steps {
                now += gap * gap * S / 100;
                let slice = now / S;
                if first {
                    firsts.push(slice);
                    rule.sent(&mut own, Time(now), Why::First);
                    rule.sent(&mut shared, Time(now), Why::First);
                } else {
                    let recent = |list: &[u64]| list.iter().filter(|other| **other + 10 > slice).count() as u32;
                    let allowed = 10 * (recent(&retries) + 1) <= share * recent(&firsts) + 10 * reserve;
                    prop_assert_eq!(rule.allows(&mut own, Time(now)), allowed);
                    prop_assert_eq!(rule.allows(&mut shared, Time(now)), allowed);
                    if allowed {
                        retries.push(slice);
                    }
                }
            }
        }
    }
}
