//! `bucket`: first attempts earn tokens, and retries take them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::level::{give, take, thousandths};

/// A retry takes one token; a first attempt earns a part of one. The bucket starts full (M. Brooker, Fixing retries with
/// token buckets and circuit breakers, 2022).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Bucket {
    /// Tokens that a first attempt earns; a tenth in Brooker's simulation, so that retries add 10% of load.
    #[schemars(range(min = 0.0, max = 1000.0), extend("x-change" = true))]
    pub earn: f64,
    /// Tokens of a full bucket; 5 in Brooker's simulation.
    #[schemars(range(min = 0.0, max = 1e6), extend("x-change" = true))]
    pub most: f64,
}

impl Default for Bucket {
    fn default() -> Bucket {
        Bucket { earn: 0.1, most: 5.0 }
    }
}

/// The cost of a retry, in thousandths.
const RETRY: u64 = 1_000;

/// The rule of a bucket, in thousandths of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    earn: u64,
    most: u64,
}

impl Bucket {
    /// The rule for `callers` callers.
    pub(super) fn compile(&self, callers: f64) -> Rule {
        Rule { earn: thousandths(self.earn), most: thousandths(self.most * callers) }
    }
}

impl Rule {
    /// Retries for which a full bucket has tokens, and those that a first attempt earns.
    pub(super) fn in_retries(&self) -> (f64, f64) {
        (self.most as f64 / RETRY as f64, self.earn as f64 / RETRY as f64)
    }

    /// The missing tokens after a first attempt was sent.
    #[inline]
    pub(super) fn first_sent(&self, missing: u64) -> u64 {
        give(missing, self.earn)
    }

    /// The missing tokens after a retry; `None` if there is no token for the retry.
    ///
    /// One token is enough, so that a bucket of one works; Brooker's program requires more than one, which delays a retry by
    /// one first attempt and changes no rate.
    #[inline]
    pub(super) fn pays(&self, missing: u64) -> Option<u64> {
        take(self.most, missing, RETRY)
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use crate::policy::caller::budget::{Budget, Counted, Rule, Why};

    fn rule(callers: f64) -> Counted {
        match Budget::Bucket(super::Bucket::default()).compile(callers) {
            Rule::Counted(rule) => rule,
            Rule::Windowed(_) => panic!("a bucket has no window"),
        }
    }

    /// Retries of one request whose attempts all fail.
    fn retries(rule: &Counted, state: &mut u32) -> u32 {
        rule.sent(state, Why::First);
        (0..).take_while(|_| rule.allows(state, Why::Failed)).count() as u32
    }

    #[test]
    fn a_full_bucket_is_spent_first_and_then_a_tenth_of_the_requests_is_retried() {
        let (rule, mut state) = (rule(1.0), 0);
        // The first request finds the bucket full and earns nothing.
        assert_eq!(retries(&rule, &mut state), 5);
        // Ten times a tenth are one token, to the last digit, for ever.
        for _ in 0..1_000 {
            assert_eq!((0..9).map(|_| retries(&rule, &mut state)).sum::<u32>(), 0);
            assert_eq!(retries(&rule, &mut state), 1);
        }
    }

    #[test]
    fn a_bucket_is_never_fuller_than_full() {
        let (rule, mut state) = (rule(1.0), 0);
        (0..1_000).for_each(|_| rule.sent::<u32>(&mut state, Why::First));
        assert_eq!(retries(&rule, &mut state), 5);
    }

    /// The shares of calls that succeed and of attempts per call, of clients that call with exponential gaps for a minute.
    fn minute(random: &mut Xoshiro256PlusPlus, clients: u32, failure: f64) -> [f64; 2] {
        let rule = rule(1.0);
        let mut uniform = || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let (mut calls, mut attempts, mut served) = (0.0, 0.0, 0.0);
        for _ in 0..clients {
            let (mut state, mut time) = (0_u32, 0.0);
            loop {
                time -= libm::log(1.0 - uniform()) * f64::from(clients) / 1_000.0;
                if time > 60.0 {
                    break;
                }
                calls += 1.0;
                rule.sent(&mut state, Why::First);
                loop {
                    attempts += 1.0;
                    if uniform() >= failure {
                        served += 1.0;
                        break;
                    }
                    if !rule.allows(&mut state, Why::Failed) {
                        break;
                    }
                }
            }
        }
        [served / calls, attempts / calls]
    }

    /// Figures of Brooker's own program retry_sim in github.com/mbrooker/simulator_example, strategy `adaptive_10pct`: 1,000
    /// calls a second for 60 s, attempts fail independently, no bound on attempts. One run of each was published as a curve
    /// or made with that program, so each figure is as uncertain as one run.
    #[test]
    fn brookers_curves_come_out_again() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(20_220_228);
        for (clients, failure, published) in [
            (100, 0.05, [0.99972, 1.0525]),
            (100, 0.1, [0.98586, 1.0947]),
            (100, 0.3, [0.77337, 1.1067]),
            (100, 0.5, [0.55381, 1.1071]),
            (10, 0.5, [0.5497, 1.10069]),
            (100, 0.5, [0.55289, 1.10714]),
        ] {
            const RUNS: usize = 40;
            let runs: Vec<[f64; 2]> = (0..RUNS).map(|_| minute(&mut random, clients, failure)).collect();
            for (what, published) in published.into_iter().enumerate() {
                let mean = runs.iter().map(|run| run[what]).sum::<f64>() / RUNS as f64;
                let squares = runs.iter().map(|run| (run[what] - mean) * (run[what] - mean)).sum::<f64>();
                let deviation = (squares / (RUNS - 1) as f64).sqrt();
                println!("{clients} clients, failure {failure}: {published} against {mean:.5} ± {deviation:.5}");
                assert!((published - mean).abs() < 4.5 * deviation, "{published} is not {mean} ± {deviation}");
            }
        }
    }
}
