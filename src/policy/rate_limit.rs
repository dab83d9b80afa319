//! Rate limits: the rate at which a pool accepts attempts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Rate, Time};

/// Limit of the rate at which a pool accepts attempts. An attempt above the limit ends as `limited` (429).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RateLimit {
    /// Token bucket: each attempt takes a token from a bucket that fills at a constant rate.
    TokenBucket(TokenBucket),
}

/// Token bucket, full at first. An attempt takes one token, and ends as `limited` if there is less than one. An attempt
/// that is turned away later, by another protection or a full queue, gives no token back.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBucket {
    /// Rate at which tokens flow in.
    #[schemars(extend("x-change" = true))]
    rate: Rate,
    /// Size of the bucket in tokens. At a small scale a bucket of the pool or of a region holds at least one.
    #[schemars(range(min = 1, max = 1_000_000_000), extend("x-change" = true))]
    burst: u64,
    /// Attempts that share a bucket.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    per: Per,
}

/// The attempts that share a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// One bucket for the pool.
    #[default]
    Pool,
    /// One bucket for each region.
    Region,
    /// One bucket for each viewer. Attempts of calls between pools and of viewers who have left are not limited.
    Viewer,
}

/// The rule of a bucket, as simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Tokens per second.
    rate: f64,
    burst: f64,
    /// Who shares a bucket.
    pub per: Per,
}

/// A bucket: the number of missing tokens at a moment, so that an untouched bucket is full.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bucket {
    missing: f64,
    at: Time,
}

impl RateLimit {
    /// The rule at a scale, which shrinks the buckets of the pool and of regions and leaves those of viewers as they are.
    pub fn compile(&self, scale: f64) -> Rule {
        let RateLimit::TokenBucket(TokenBucket { rate, burst, per }) = *self;
        let factor = if per == Per::Viewer { 1.0 } else { scale };
        Rule { rate: rate.0 * factor, burst: (burst as f64 * factor).max(1.0), per }
    }

    /// Tokens of a full bucket that many viewers share; `None` where each has a bucket.
    pub fn shared_burst(&self) -> Option<f64> {
        let RateLimit::TokenBucket(TokenBucket { burst, per, .. }) = *self;
        (per != Per::Viewer).then_some(burst as f64)
    }
}

impl Rule {
    /// Tokens that flow into a bucket per second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Tokens of a full bucket.
    pub fn burst(&self) -> f64 {
        self.burst
    }

    /// Takes a token for an attempt; false if there is none.
    pub fn takes(&self, bucket: &mut Bucket, now: Time) -> bool {
        self.fill(bucket, now);
        let takes = bucket.missing + 1.0 <= self.burst;
        if takes {
            bucket.missing += 1.0;
        }
        takes
    }

    /// Adds the tokens that have flowed in by `now`.
    pub fn fill(&self, bucket: &mut Bucket, now: Time) {
        bucket.missing = (bucket.missing - self.rate * now.since(bucket.at).seconds()).max(0.0);
        bucket.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000_000;

    fn rule(rate: f64, burst: u64, per: Per, scale: f64) -> Rule {
        RateLimit::TokenBucket(TokenBucket { rate: Rate(rate), burst, per }).compile(scale)
    }

    /// Times at which an attempt every eighth of a second passes, in eighths.
    fn passes(rule: &Rule, attempts: u64) -> Vec<u64> {
        let mut bucket = Bucket::default();
        (0..attempts).filter(|n| rule.takes(&mut bucket, Time(n * S / 8))).collect()
    }

    #[test]
    fn a_bucket_passes_its_burst_and_then_its_rate() {
        assert_eq!(passes(&rule(2.0, 1, Per::Pool, 1.0), 16), [0, 4, 8, 12]);
        // By the fifth attempt a whole token has flowed in; then every fourth finds one.
        assert_eq!(passes(&rule(2.0, 4, Per::Pool, 1.0), 16), [0, 1, 2, 3, 4, 8, 12]);
        assert_eq!(passes(&rule(0.0, 3, Per::Pool, 1.0), 100), [0, 1, 2]);
        assert_eq!(passes(&rule(8.0, 1, Per::Pool, 1.0), 100).len(), 100, "a stream at the rate itself passes");
    }

    #[test]
    fn a_bucket_holds_no_more_than_its_burst() {
        let rule = rule(2.0, 4, Per::Pool, 1.0);
        let mut bucket = Bucket::default();
        for moment in [0, 1_000 * S, 5_000 * S] {
            assert_eq!((0..10).take_while(|_| rule.takes(&mut bucket, Time(moment))).count(), 4);
        }
    }

    #[test]
    fn a_scale_shrinks_what_many_share_and_leaves_a_viewers_bucket() {
        for (per, scale, burst) in
            [(Per::Pool, 0.1, 10), (Per::Region, 0.1, 10), (Per::Viewer, 0.1, 100), (Per::Pool, 0.001, 1)]
        {
            let rule = rule(50.0, 100, per, scale);
            let mut bucket = Bucket::default();
            assert_eq!(
                (0..1_000).take_while(|_| rule.takes(&mut bucket, Time(0))).count(),
                burst,
                "{per:?} at {scale}"
            );
            let again = Time((S as f64 / if per == Per::Viewer { 50.0 } else { 50.0 * scale }) as u64 + 1);
            assert!(
                !rule.takes(&mut bucket, Time(again.0 / 2)) && rule.takes(&mut bucket, again),
                "{per:?} at {scale}"
            );
        }
    }
}
