//! Caches in front of calls that answer much less than they could.

use super::claim::{CacheHits, CacheHitsInRuns, Claim, Fact, FullCache, Stretch};
use super::phrase::{Phrase, phrase};
use super::spread::{ends, middle};
use super::voice::Voice;
use crate::analysis::{Peak, Replications, Spread};
use crate::measure::Scope;
use crate::report::numbers::share;

/// Hit rate of a cache in trouble and at the best, and that of a full one where the cache is never nearly full: `the cache of api
/// answers 9% of its calls to database at the lowest, in 1 min from the drop, and 40% at the best, while a full one would answer 90%`.
pub fn cold(voice: &Voice<'_>) -> Option<Phrase> {
    let cold = voice.run.cold?;
    let claim = |peak: Peak, is: &'static str, over: Stretch| {
        let fact = CacheHits {
            value: peak.value,
            is,
            caller: name(voice, cold.caller),
            callee: name(voice, cold.callee),
            at: Stretch { from_s: peak.from_s, to_s: peak.to_s },
            window_s: voice.run.frame.window_s(),
            over_from_s: over.from_s,
            over_to_s: over.to_s,
        };
        Claim { text: share(peak.value), fact: Fact::CacheHits(fact) }
    };
    let judged = Stretch { from_s: voice.run.why.from_s, to_s: voice.run.why.to_s };
    Some(phrase![
        "the cache of ",
        voice.pool(cold.caller),
        " answers ",
        claim(cold.lowest, "lowest", judged),
        " of its calls to ",
        voice.pool(cold.callee),
        " at the lowest, in ",
        voice.window(voice.run.frame.window_s()),
        " from ",
        voice.from(cold.lowest.from_s, Scope::default()),
        ", and ",
        claim(cold.highest, "highest", voice.measured()),
        " at the best",
        cold.full.map(|full| full_cache(voice, full, cold.caller, cold.callee)),
    ])
}

/// The same over several replications: `in the median, the cache of api answers 9% (8% to 11% in 2 of 3 runs) of its calls to database
/// at the lowest, in 1 min, and 90% at the best`.
pub fn cold_in_runs(voice: &Voice<'_>, all: &Replications) -> Option<Phrase> {
    let cold = all.cold()?;
    let claim = |values: Spread, is: &'static str| {
        let (caller, callee) = (name(voice, cold.caller), name(voice, cold.callee));
        let fact = CacheHitsInRuns { values: values.into(), is, caller, callee, window_s: voice.run.frame.window_s() };
        Claim { text: middle(values, share, ends(share)), fact: Fact::CacheHitsInRuns(fact) }
    };
    Some(phrase![
        "in the median, the cache of ",
        voice.pool(cold.caller),
        " answers ",
        claim(cold.lowest, "lowest"),
        " of its calls to ",
        voice.pool(cold.callee),
        " at the lowest, in ",
        voice.window(voice.run.frame.window_s()),
        ", and ",
        claim(cold.highest, "highest"),
        " at the best",
        cold.full.map(|full| full_cache(voice, full, cold.caller, cold.callee)),
    ])
}

/// The share of hits of a full cache.
fn full_cache(voice: &Voice<'_>, value: f64, caller: usize, callee: usize) -> Phrase {
    let fact = FullCache { value, caller: name(voice, caller), callee: name(voice, callee) };
    phrase![
        ", ",
        Claim { text: format!("while a full one would answer {}", share(value)), fact: Fact::FullCache(fact) }
    ]
}

fn name(voice: &Voice<'_>, pool: usize) -> String {
    voice.context.pool(pool).to_owned()
}
