//! Demand on the pool in question, over its capacity.

use super::claim::{Claim, Fact, Ratio, SentInRuns, Stretch, UnservedInRuns};
use super::phrase::{Phrase, phrase};
use super::spread::{ends, middle, multiple};
use super::voice::{ATTEMPTS, Voice};
use super::{several, why};
use crate::analysis::{Cause, Peak, Replications, Spread};
use crate::measure::Scope;
use crate::report::numbers::{count, percent, times};
use crate::vocabulary::Column;

/// Multiple of what a pool can serve below which a percentage is told, since it would read as one time.
const AS_MUCH: f64 = 1.005;

/// Demand on a pool as a multiple of its capacity.
pub struct Asked {
    /// `api is sent up to 3.4 times what it can serve`.
    pub words: Phrase,
    /// The multiple, and when it is that.
    pub peak: Peak,
    /// Whether that is over a whole trouble, which is shorter than a window.
    pub is_whole: bool,
}

impl Asked {
    /// Peak demand on the pool in question over its capacity; `None` without such a pool.
    pub fn of(voice: &Voice<'_>) -> Option<Asked> {
        if let Some((words, peak)) = why::offered(voice) {
            return Some(Asked { words, peak, is_whole: false });
        }
        let demand = |pool: usize| {
            let windows = voice.run.peaks.demand.get(pool).copied().flatten()?;
            // A window hides what a trouble that is shorter asks for.
            let whole = voice.run.peaks.in_trouble.get(pool).copied().flatten();
            let whole = whole.filter(|whole| windows.value < 1.0 && whole.value >= 1.0);
            Some((pool, whole.unwrap_or(windows), whole.is_some()))
        };
        // A called pool that is slower, though not full, is not asked for too much: its caller is.
        let is_slower = |pool: usize| matches!(voice.run.why.pools[pool].cause, Some(Cause::Slower { .. }));
        let behind = voice.run.why.first().map(|pool| (pool, voice.run.why.behind(pool)));
        let is_held = behind.is_some_and(|(_, behind)| is_slower(behind));
        let behind = behind.map(|(pool, behind)| if is_held { pool } else { behind });
        // What its slots can serve is not what a pool serves that turns attempts away by a rate limit.
        if behind.is_some_and(|pool| voice.run.why.pools[pool].cause == Some(Cause::Limited)) {
            return None;
        }
        let named = behind.and_then(demand);
        // Pauses between tries hold slots too, which what a pool can serve leaves out.
        if is_held && named.is_some_and(|(_, peak, _)| peak.value < 1.0) {
            return None;
        }
        // What others are sent does not tell of a pool that has no server.
        let without = behind.filter(|pool| matches!(voice.run.why.pools[*pool].cause, Some(Cause::NoServer { .. })));
        if named.is_none() && without.is_some() {
            return None;
        }
        // Where all are served at once, what is sent is served, though it takes more than the mean of its time.
        let hurts = |pool: usize| voice.run.why.pools[pool].waited_s > 0.0 || voice.run.why.pools[pool].lost > 0.0;
        let is_asked = |(pool, peak, _): &(usize, Peak, bool)| peak.value < 1.0 || hurts(*pool);
        let all = (0..voice.run.peaks.demand.len()).filter_map(demand).filter(is_asked);
        let is_one = voice.run.why.alike.is_none() || voice.run.why.named.len() == 1;
        let busiest = named.or_else(|| all.reduce(higher));
        // Of many pools that are about equally busy, none is worth a name.
        let (pool, peak, is_whole) = busiest.filter(|_| is_one)?;
        let over = Stretch { from_s: peak.from_s, to_s: peak.to_s };
        let Stretch { from_s: over_from_s, to_s: over_to_s } = if is_whole { over } else { voice.measured() };
        let scope = voice.rows(Scope::pool(pool));
        let ratio = Ratio { value: peak.value, num: ATTEMPTS, den: "capacity", scope, over };
        let fact = Fact::Worst { ratio, window_s: over.seconds(), over_from_s, over_to_s, least: 0.0 };
        let (text, of) = if peak.value < AS_MUCH { (percent(peak.value), " of") } else { (times(peak.value), "") };
        let claim = Claim { text, fact };
        let sent = if is_whole { " is sent " } else { " is sent up to " };
        Some(Asked { words: phrase![voice.pool(pool), sent, claim, of, " what it can serve"], peak, is_whole })
    }
}

/// Attempts sent to the pool in question while it has no server: `api is sent 2,186 attempts in 20 s from 29 min 40 s after the
/// drop, in which it has no server`; nothing if it has one.
pub fn in_an_outage(voice: &Voice<'_>) -> Option<Phrase> {
    let pool = voice.run.why.behind(voice.run.why.first()?);
    let part = &voice.run.why.pools[pool];
    let outage = part.saturated?.outage.filter(|outage| outage.sent > 0.0)?;
    if !matches!(part.cause, Some(Cause::NoServer { .. })) {
        return None;
    }
    let (over, scope) = (Stretch { from_s: outage.from_s, to_s: outage.to_s }, Scope::pool(pool));
    Some(phrase![
        voice.pool(pool),
        " is sent ",
        voice.sum_over(outage.sent, ATTEMPTS, scope, over),
        " attempts in ",
        voice.lasting(over),
        " from ",
        voice.from(over.from_s, Scope::default()),
        ", in which it has ",
        voice.zero_in("no", Column::Servers.name(), scope, over),
        " server",
    ])
}

/// The pool with the higher demand, of equals the first.
fn higher(most: (usize, Peak, bool), next: (usize, Peak, bool)) -> (usize, Peak, bool) {
    if next.1.value > most.1.value { next } else { most }
}

/// The same over several replications, of which each has its own peak: `api is sent up to 3.4 times (3.2 to 3.6) what it can serve in
/// the median`. What is sent to a pool as calls to another is told instead, as in the verdict.
pub fn in_runs(voice: &Voice<'_>, all: &Replications) -> Option<Phrase> {
    if let Some(offered) = several::offered(voice, all) {
        return Some(offered);
    }
    if let Some(unserved) = in_outages(voice, all) {
        return Some(unserved);
    }
    let alike = voice.run.why.alike.is_some() && voice.run.why.named.len() != 1;
    let (pool, spread) = in_question(voice, all).filter(|_| !alike)?;
    let (text, of) = match spread.median < AS_MUCH {
        true => (middle(spread, percent, ends(percent)), " of"),
        false => (middle(spread, times, ends(multiple)), ""),
    };
    let name = voice.context.pool(pool).to_owned();
    let fact = SentInRuns { values: spread.into(), pool: name, window_s: voice.run.frame.window_s() };
    let claim = Claim { text, fact: Fact::SentInRuns(fact) };
    Some(phrase![voice.pool(pool), " is sent up to ", claim, of, " what it can serve in the median"])
}

/// Attempts sent to the pool in question while it has no server, over several replications: `play is sent 43.2k attempts (42.9k to
/// 46k) in the median while it has no server`; nothing of a pool that lacks something else in most of them, or that is sent more
/// than it can serve when it has servers.
fn in_outages(voice: &Voice<'_>, all: &Replications) -> Option<Phrase> {
    let named = several::blamed(voice, all).next()?;
    let pool = several::behind(all, named);
    let is_out = all.main_cause(pool).is_some_and(|(cause, _)| cause == "no_server");
    let is_much = all.sent(pool).is_some_and(|sent| sent.median >= 1.0);
    let spread = all.unserved(pool).filter(|_| is_out && !is_much)?;
    let attempts = |value: f64| format!("{} attempts", count(value));
    let name = voice.context.pool(pool).to_owned();
    let fact = Fact::UnservedInRuns(UnservedInRuns { values: spread.into(), pool: name });
    let claim = Claim { text: middle(spread, attempts, ends(count)), fact };
    Some(phrase![voice.pool(pool), " is sent ", claim, " in the median while it is without a server"])
}

/// The pool that is in question in most replications, and what it is sent over what it can serve; where none is, the pool for which
/// that is most in the median.
fn in_question(voice: &Voice<'_>, all: &Replications) -> Option<(usize, Spread)> {
    let Some(named) = several::blamed(voice, all).next() else {
        let pools = (0..voice.run.peaks.demand.len()).filter_map(|pool| Some((pool, all.sent(pool)?)));
        return pools.reduce(|most, next| if next.1.median > most.1.median { next } else { most });
    };
    let is = |pool: usize, word: &str| all.main_cause(pool).is_some_and(|(cause, _)| cause == word);
    let behind = several::behind(all, named);
    if is(behind, "limited") {
        return None;
    }
    // A called pool that is slower, though not full, is not asked for too much: its caller is.
    let is_held = is(behind, "slower");
    let pool = if is_held { named } else { behind };
    let sent = all.sent(pool).filter(|sent| !is_held || sent.median >= 1.0)?;
    Some((pool, sent))
}
