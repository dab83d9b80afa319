//! Expected number of retries that a budget allows, for the estimate of the size of a run.

use super::{Counted, Rule};

/// The mean demand on a budget within some time, by all callers that share it.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    /// First attempts.
    pub first: f64,
    /// Retries that are wanted, hedged copies among them.
    pub wanted: f64,
    /// Probability that an attempt is served.
    pub success: f64,
    /// Whether attempts end by the caller's own timer.
    pub timed_out: bool,
    /// Length of the time in seconds.
    pub seconds: f64,
    /// Seconds from sending an attempt to its end.
    pub sojourn: f64,
    /// Seconds from deciding on a retry to its end.
    pub retry: f64,
}

/// The share of a budget that is left before anything is spent.
pub const FULL: f64 = 1.0;

impl Rule {
    /// The number of retries that a budget allows, and the share of the budget that is left afterwards; `left` is the
    /// share before.
    pub fn allowed(&self, flow: &Flow, left: f64) -> (f64, f64) {
        match self {
            Rule::Windowed(rule) => {
                let (share, reserve, window) = rule.in_retries();
                let earned = share * flow.first + reserve * flow.seconds / window;
                spent(reserve, left, earned, flow.wanted)
            }
            Rule::Counted(Counted::Concurrent(rule)) => {
                let (share, at_least) = rule.in_retries();
                let under_way = |attempts: f64| attempts * flow.sojourn / flow.seconds;
                let each = (flow.retry / flow.seconds).max(1e-12);
                // Retries are under way themselves, so the share of all is that of the first ones and of their own.
                let of_share = share * under_way(flow.first) / (each - share * under_way(1.0)).max(1e-12);
                (flow.wanted.min(of_share.max(at_least / each)), FULL)
            }
            Rule::Counted(Counted::Tokens(rule)) => {
                let (capacity, cost, refund) = rule.in_tokens(flow.timed_out);
                // A retry that is served gives back what it took.
                let each = (cost * (1.0 - flow.success)).max(1e-12);
                let earned = refund * flow.success * flow.first;
                spent(capacity / each, left, earned / each, flow.wanted)
            }
            Rule::Counted(Counted::Gate(rule)) => {
                let (half, ratio) = rule.in_tokens();
                let each = ratio * flow.success - (1.0 - flow.success);
                let attempts = flow.first + flow.wanted;
                // Tokens above the half; retries are allowed until there are none.
                let above = (2.0 * left - 1.0) * half;
                let until = if each < 0.0 { above.max(0.0) / -each } else { f64::INFINITY };
                let open = if above > 0.0 || each > 0.0 { (until / attempts.max(1e-12)).min(1.0) } else { 0.0 };
                let after = (above + each * (flow.first + flow.wanted * open)).clamp(-half, half);
                (flow.wanted * open, (after / half.max(1e-12) + 1.0) / 2.0)
            }
            Rule::Counted(Counted::Bucket(rule)) => {
                let (most, earn) = rule.in_retries();
                spent(most, left, earn * flow.first, flow.wanted)
            }
        }
    }
}

/// The number of retries that a reserve pays for, and the share of the reserve that is left afterwards; `left` is the
/// share before.
fn spent(reserve: f64, left: f64, earned: f64, wanted: f64) -> (f64, f64) {
    let there = reserve * left + earned;
    let allowed = wanted.min(there);
    (allowed, ((there - allowed) / reserve.max(1e-12)).min(FULL))
}

#[cfg(test)]
mod tests {
    use super::super::Budget;
    use super::*;

    fn rule(text: &str) -> Rule {
        let budget: Budget = toml::from_str(text).unwrap_or_else(|error| panic!("{error}"));
        budget.compile(1.0)
    }

    /// A thousand requests in ten seconds, two retries wanted for each, of which nothing is served.
    const FLOW: Flow = Flow {
        first: 1_000.0,
        wanted: 2_000.0,
        success: 0.0,
        timed_out: false,
        seconds: 10.0,
        sojourn: 1.0,
        retry: 2.0,
    };

    #[track_caller]
    fn allows(text: &str, flow: &Flow, expected: f64) {
        let (allowed, left) = rule(text).allowed(flow, FULL);
        assert!((allowed - expected).abs() < 1e-6 && (0.0..=1.0).contains(&left), "{text}: {allowed}, {left}");
    }

    /// If all fails: the share and the reserve, the capacity over the cost, half of the tokens.
    #[test]
    fn budgets_allow_what_their_rules_say_in_the_mean() {
        allows("[ratio]\nshare = 0.2\nat_least = '10/s'", &FLOW, 200.0 + 100.0 + 100.0);
        allows("[tokens]\ncapacity = 500\nretry = 5", &FLOW, 100.0);
        allows("[tokens]\ncapacity = 500\nretry = 5", &Flow { timed_out: true, ..FLOW }, 50.0);
        allows("[bucket]\nearn = 0.1\nmost = 5", &FLOW, 105.0);
        // 100 first attempts are under way, R retries a second are for two seconds: 2 R = 0.2 (100 + R).
        allows("[concurrent]\nshare = 0.2\nat_least = 3", &FLOW, 20.0 / 1.8 * 10.0);
        allows("[concurrent]\nshare = 0\nat_least = 3", &FLOW, 15.0);
        // After five failures of 3,000 attempts wanted.
        allows("[gate]\nmax_tokens = 10\ntoken_ratio = 0.1", &FLOW, 2_000.0 * 5.0 / 3_000.0);
        allows("[gate]\nmax_tokens = 10\ntoken_ratio = 0.1", &Flow { success: 0.95, ..FLOW }, 2_000.0);
        let none = Flow { first: 0.0, wanted: 0.0, ..FLOW };
        for kind in ["ratio", "tokens", "gate", "bucket", "concurrent"] {
            allows(&format!("[{kind}]"), &none, 0.0);
        }
    }

    #[test]
    fn what_is_spent_is_earned_back() {
        let rule = rule("[tokens]\ncapacity = 500\nretry = 5\nrefund = 1");
        let (_, left) = rule.allowed(&FLOW, FULL);
        assert_eq!(left, 0.0);
        let (allowed, left) = rule.allowed(&Flow { wanted: 0.0, success: 1.0, first: 250.0, ..FLOW }, left);
        assert!(allowed == 0.0 && (left - 0.5).abs() < 1e-9, "{left}");
    }
}
