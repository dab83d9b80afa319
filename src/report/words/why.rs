//! Why attempts fail or wait.

use super::claim::{Claim, Fact, Named, Offered, PoolChain, Reason, Stretch};
use super::harm::TENTH;
use super::moment::length;
use super::phrase::{Phrase, phrase};
use super::rest;
use super::voice::{ERRORS, Voice, named};
use crate::analysis::{Alike, Basis, Cause, How, Part, Peak, Saturated, Through, Why};
use crate::measure::Scope;
use crate::report::numbers::{grouped, millis, percent, share, times};
use crate::vocabulary::Outcome;

/// Pools that a sentence names, at most.
const POOLS: usize = 4;
/// Share of the people who wait too long from which on a calm run tells where.
const MANY: f64 = 0.01;
/// Share of the wait beyond which an answer is late, from which on the mean wait at a pool is told.
const HUNDREDTH: f64 = 0.01;
/// Words between clauses.
const AND: &str = "; ";

/// Why it happened: the pools that lose the attempts or make them wait, for how long, and what is sent to them.
pub fn reasons(voice: &Voice<'_>) -> Vec<Phrase> {
    let mut named = voice.run.why.named.clone();
    named.sort_by(|one, other| voice.run.why.pools[*other].part.total_cmp(&voice.run.why.pools[*one].part));
    let offered = offered(voice).map(|(words, _)| words);
    // Where nobody is harmed that says how long attempts wait.
    let waits = longest_wait(voice).filter(|_| wait_beside(voice).is_none());
    let waits = waits.map(|(pool, wait)| attempts_wait(voice, pool, wait));
    let mut told = each_pool(voice, &named);
    // Beside the first pool, since a pool that is asked less fails less; before it where they are most of the failures.
    let at = if rest::is_half_kept_back(voice) { 0 } else { told.len().min(1) };
    told.splice(at..at, rest::kept_back(voice));
    told.into_iter().chain(waits).chain(offered).collect()
}

/// The pool, of those that are told, at which attempts wait longest in the mean of an interval, where waiting is what people suffer;
/// nothing of a pool that only others call, whose waits are told as those of calls.
pub fn longest_wait(voice: &Voice<'_>) -> Option<(usize, Peak)> {
    let why = &voice.run.why;
    let is_called = |pool: usize| voice.run.called.iter().any(|called| called.pool == pool);
    let wait = |pool: usize| Some((pool, voice.run.peaks.wait.get(pool).copied().flatten()?));
    let asked = why.named.iter().copied().filter(|pool| is_told(voice, *pool) && !is_called(*pool)).filter_map(wait);
    let longest = asked.reduce(|most, next| if next.1.value > most.1.value { next } else { most });
    let least_ms = HUNDREDTH * 1e3 * voice.run.frame.wait_bound.seconds();
    longest.filter(|(_, wait)| why.basis == Basis::Waited && wait.value >= least_ms)
}

/// The pool at which attempts wait longest, though nobody is harmed by that, if that is worth a word.
pub fn wait_beside(voice: &Voice<'_>) -> Option<(usize, Peak)> {
    let is_long = |wait: Peak| wait.value >= TENTH * 1e3 * voice.run.frame.wait_bound.seconds();
    let is_unharmed = voice.run.harm.present > 0.0 && !voice.run.harm.is_any();
    longest_wait(voice).filter(|(_, wait)| is_unharmed && is_long(*wait))
}

/// Longest wait of attempts at a pool: `attempts at api wait up to 7 s (the mean of 1 s from 7 s after the drop)`.
pub fn attempts_wait(voice: &Voice<'_>, pool: usize, wait: Peak) -> Phrase {
    phrase!["attempts at ", voice.pool(pool), " wait up to ", voice.mean_wait(pool, wait)]
}

/// Attempts sent to a pool that waits for calls, as a multiple of what the called pool can serve, and the window; `None` unless
/// that is more than the called pool is sent itself.
pub fn offered(voice: &Voice<'_>) -> Option<(Phrase, Peak)> {
    let offered = voice.run.offered.as_ref()?;
    let peak = offered.peak;
    let (caller, callee, chain) = ends(voice, &offered.chain)?;
    let fact = Offered {
        value: peak.value,
        chain,
        calls: offered.calls,
        before_from_s: offered.before_s[0],
        before_to_s: offered.before_s[1],
        at: Stretch { from_s: peak.from_s, to_s: peak.to_s },
        window_s: voice.run.frame.window_s(),
    };
    let times = Claim { text: times(peak.value), fact: Fact::Offered(fact) };
    Some((phrase!["what is sent to ", caller, " takes up to ", times, " what ", callee, " can serve"], peak))
}

/// The first and the last pool of a chain of calls as claims, and the names of all of its pools.
pub fn ends(voice: &Voice<'_>, chain: &[usize]) -> Option<(Claim, Claim, PoolChain)> {
    let names = |pools: &[usize]| pools.iter().map(|pool| voice.context.pool(*pool).to_owned()).collect();
    let [first, between @ .., last] = chain else { return None };
    let name = |pool: usize| voice.context.pool(pool).to_owned();
    let chain = PoolChain { caller: name(*first), through: names(between), callee: name(*last) };
    Some((voice.pool(*first), voice.pool(*last), chain))
}

/// The pools with a fifth or more of the loss or the wait.
pub fn pools(voice: &Voice<'_>) -> Phrase {
    Phrase::join(each_pool(voice, &voice.run.why.named), AND, AND)
}

/// Causes at the `named` pools, a clause or two for each, in their order.
fn each_pool(voice: &Voice<'_>, named: &[usize]) -> Vec<Phrase> {
    let why = &voice.run.why;
    if let Some(alike) = why.alike.filter(|_| why.is_troubled && are_busy_alike(why)) {
        return vec![pools_alike(voice, alike)];
    }
    named.iter().filter(|pool| is_told(voice, **pool)).take(POOLS).flat_map(|pool| of_pool(voice, *pool)).collect()
}

/// Whether the utilization of pools is why they lose attempts: none has so large a part that it is named, or all that have lose attempts
/// since they are busy.
fn are_busy_alike(why: &Why) -> bool {
    let is_busy = |part: &Part| {
        let own = part.through.is_none() && part.in_part.is_none();
        own && matches!(
            part.cause,
            None | Some(Cause::Full { .. } | Cause::Rejects { .. } | Cause::Waits | Cause::Slow)
        )
    };
    why.named.len() != 1 && why.named.iter().all(|pool| is_busy(&why.pools[*pool]))
}

/// Whether a named pool is told. A calm run has no cause; a pool that is full or has no server is worth a word all the same, and one at
/// which attempts wait where many of the people wait too long.
fn is_told(voice: &Voice<'_>, pool: usize) -> bool {
    let (harm, troubled) = (&voice.run.harm, voice.run.why.is_troubled);
    match voice.run.why.pools[pool].cause {
        Some(Cause::Full { .. } | Cause::NoServer { .. }) => true,
        Some(Cause::Waits) => troubled || (harm.waited > 0.0 && harm.waited >= MANY * harm.present),
        _ => troubled,
    }
}

/// Pools that are about equally busy.
fn pools_alike(voice: &Voice<'_>, alike: Alike) -> Phrase {
    let count = alike.pools as f64;
    let pools = Fact::Count { value: count, of: "pools", by: None };
    let over = stretch(voice);
    let among = Fact::Among { low: alike.low, high: alike.high, of: "pools", column: "utilization", over };
    phrase![
        "the ",
        Claim { text: format!("{} pools", grouped(count)), fact: pools },
        " are alike, ",
        Claim { text: format!("{} to {}", percent(alike.low), percent(alike.high)), fact: among },
        " busy",
    ]
}

/// The stretch in which pools are judged.
fn stretch(voice: &Voice<'_>) -> Stretch {
    Stretch { from_s: voice.run.why.from_s, to_s: voice.run.why.to_s }
}

/// The stretch in which the time of a cause is counted.
fn saturated_stretch(voice: &Voice<'_>, pool: usize, cause: Cause) -> Stretch {
    let own = voice.run.why.pools[pool].saturated.and_then(|saturated| match cause {
        Cause::NoServer { .. } => Some(saturated.without_over_s),
        Cause::Full { .. } => Some(saturated.full_over_s),
        _ => None,
    });
    own.map_or_else(|| stretch(voice), |[from_s, to_s]| Stretch { from_s, to_s })
}

/// Cause at a pool and its part of the loss, and the part of its failures that are failed calls.
fn of_pool(voice: &Voice<'_>, pool: usize) -> Vec<Phrase> {
    if let Some(through) = voice.run.why.pools[pool].through {
        let because = cause_of_called(voice, through.pool);
        let lost = lost_share(voice, pool);
        let beside = [rest::elsewhen(voice, pool), rest::kept_back_calls(voice, pool)].into_iter().flatten();
        let beside = beside.fold(Phrase::default(), Phrase::then);
        return vec![phrase![voice.pool(pool), through_calls(voice, pool, through), lost, because, beside]];
    }
    let own = own_cause(voice, pool).map(|cause| phrase![cause, lost_share(voice, pool), rest::elsewhen(voice, pool)]);
    own.map_or_else(Vec::new, |own| [own].into_iter().chain(failed_calls(voice, pool)).collect())
}

/// The part of a pool's failures that are failed calls, and why the called pool fails them.
fn failed_calls(voice: &Voice<'_>, pool: usize) -> Option<Phrase> {
    let (callee, value) = voice.run.why.pools[pool].in_part?;
    let name = voice.context.pool(pool).to_owned();
    let through = Some(voice.context.pool(callee).to_owned());
    let fact = Fact::Cause(Reason { name, is: "passes_in_part", through, value: Some(value), over: stretch(voice) });
    Some(phrase![
        Claim { text: share(value), fact },
        " of the failures of ",
        voice.pool(pool),
        " are failed calls",
        cause_of_called(voice, callee)
    ])
}

/// Share of a pool's busy slots that wait for calls, or of its failures that are failed calls.
fn through_calls(voice: &Voice<'_>, pool: usize, through: Through) -> Phrase {
    let (How::Holds(value) | How::Passes(value)) = through.how;
    let name = voice.context.pool(pool).to_owned();
    let of = Some(voice.context.pool(through.pool).to_owned());
    let fact = Fact::Cause(Reason { name, is: through.word(), through: of, value: Some(value), over: stretch(voice) });
    let claim = Claim { text: share(value), fact };
    match through.how {
        How::Holds(_) => phrase![" waits for calls with ", claim, " of its busy slots"],
        How::Passes(_) => phrase![" passes on failed calls (", claim, " of its failures)"],
    }
}

/// Cause at the called pool that others suffer from.
fn cause_of_called(voice: &Voice<'_>, pool: usize) -> Option<Phrase> {
    Some(phrase![", because ", own_cause(voice, pool)?])
}

/// Cause at a pool by its own figures.
fn own_cause(voice: &Voice<'_>, pool: usize) -> Option<Phrase> {
    let part = &voice.run.why.pools[pool];
    let cause = part.cause?;
    let saturated = part.saturated.filter(|_| matches!(cause, Cause::Full { .. } | Cause::NoServer { .. }));
    // A protection that turns most of the attempts away comes before being full, as in the cause itself.
    let protection =
        part.most.filter(|_| voice.run.why.basis == Basis::Lost).and_then(|(most, _)| Cause::of_protection(most));
    let rest = saturated.map(|saturated| match (cause, protection) {
        (Cause::NoServer { .. }, Some(protection)) => {
            phrase![" and", verb(protection), cause_claim(voice, pool, protection)]
        }
        (Cause::NoServer { .. }, None) if is_long(voice, saturated.full_s) => {
            both(voice, pool, saturated, cause, Cause::Full { for_s: saturated.filled_s })
        }
        (Cause::Full { .. }, _) if is_long(voice, saturated.no_server_s) => {
            both(voice, pool, saturated, cause, Cause::NoServer { for_s: saturated.without_s })
        }
        _ => saturated_from(voice, pool, cause, saturated),
    });
    let calls = matches!(cause, Cause::Slower { .. }).then(|| phrase!["calls to "]);
    let told = match saturated.filter(|saturated| is_full_after_an_outage(voice, cause, saturated)) {
        Some(saturated) => after_an_outage(voice, pool, cause, saturated),
        None => phrase![calls, voice.pool(pool), verb(cause), cause_claim(voice, pool, cause), rest],
    };
    Some(told)
}

/// Whether a pool has no server when the trouble begins, and is full from when it has one again.
fn is_full_after_an_outage(voice: &Voice<'_>, cause: Cause, saturated: &Saturated) -> bool {
    let (without, full) = (saturated.without_from_s, saturated.full_from_s);
    let is_after = without.zip(full).is_some_and(|(without, full)| without <= voice.run.why.from_s && without < full);
    matches!(cause, Cause::Full { .. }) && is_after
}

/// That a pool is without a server and then full: `db is without a server for 10 s from the drop, then full for 19 min 50 s`.
fn after_an_outage(voice: &Voice<'_>, pool: usize, cause: Cause, saturated: Saturated) -> Phrase {
    let outage = Cause::NoServer { for_s: saturated.without_s };
    let from = saturated_from(voice, pool, outage, saturated);
    let (without, full) = (cause_claim(voice, pool, outage), cause_claim(voice, pool, cause));
    phrase![voice.pool(pool), verb(outage), without, from, ", then ", full]
}

/// The words between a pool and the claim of a cause.
fn verb(cause: Cause) -> &'static str {
    match cause {
        Cause::NoServer { .. } | Cause::Full { .. } | Cause::Slow => " is ",
        Cause::Rejects { .. } => " turns away attempts that find ",
        Cause::Limited => " turns attempts away ",
        Cause::Slower { .. } => " are ",
        Cause::Errors | Cause::Waits | Cause::Sheds => " ",
    }
}

/// Whether a pool is full, or without a server, for a window or half of the stretch in which pools are judged.
fn is_long(voice: &Voice<'_>, seconds: f64) -> bool {
    let frame = &voice.run.frame;
    seconds >= frame.window_s().min(stretch(voice).seconds() / 2.0).max(frame.length_s(1))
}

/// The claim of a cause.
fn cause_claim(voice: &Voice<'_>, pool: usize, cause: Cause) -> Claim {
    let (text, value) = match cause {
        Cause::NoServer { for_s } => (format!("without a server for {}", length(for_s)), Some(for_s)),
        Cause::Full { for_s } => {
            let for_s = full_s(voice, pool).unwrap_or(for_s);
            (format!("full for {}", length(for_s)), Some(for_s))
        }
        Cause::Rejects { utilization } => {
            (format!("no room while {} busy on average", percent(utilization)), Some(utilization))
        }
        Cause::Limited => ("by its rate limit".to_owned(), None),
        Cause::Sheds => ("sheds load".to_owned(), None),
        Cause::Errors => ("answers with errors".to_owned(), None),
        Cause::Slow if voice.context.ways_matter => {
            ("slower than the timers, the way to it included, though not full".to_owned(), None)
        }
        Cause::Slow => ("slower than the timers, though not full".to_owned(), None),
        Cause::Waits => waits(voice.run.why.pools[pool].utilization),
        Cause::Slower { call_s } => {
            let (each, name) = (millis(call_s * 1e3), voice.context.pool(pool));
            (format!("slower than before, at {each} each, though {name} is not full"), Some(call_s))
        }
    };
    let name = voice.context.pool(pool).to_owned();
    let reason = Reason { name, is: cause.word(), through: None, value, over: saturated_stretch(voice, pool, cause) };
    Claim { text, fact: Fact::Cause(reason) }
}

/// That a pool makes attempts wait though it is not full for long, and how busy it is where it has slots.
fn waits(utilization: f64) -> (String, Option<f64>) {
    if utilization.is_finite() {
        (format!("makes attempts wait while {} busy on average", percent(utilization)), Some(utilization))
    } else {
        ("makes attempts wait, though not full".to_owned(), None)
    }
}

/// Seconds in which a pool that is full at times has all slots busy while somebody waits; `None` of a pool that is full from some
/// moment on, which whole intervals tell, and between troubles, where a busy moment now and then adds up.
fn full_s(voice: &Voice<'_>, pool: usize) -> Option<f64> {
    let is_one = voice.run.everything.troubles.len() <= 1;
    let saturated =
        voice.run.why.pools[pool].saturated.filter(|saturated| saturated.full_from_s.is_none() && is_one)?;
    Some(saturated.waited_s).filter(|seconds| *seconds > 0.0)
}

/// From when on a pool is full or has no server; where it is so at times, of how long a stretch.
fn saturated_from(voice: &Voice<'_>, pool: usize, cause: Cause, saturated: Saturated) -> Phrase {
    contiguous_from(voice, pool, cause, saturated)
        .unwrap_or_else(|| phrase![" of ", voice.lasting(saturated_stretch(voice, pool, cause))])
}

/// From when on a pool is full or has no server; `None` where it is so at times.
fn contiguous_from(voice: &Voice<'_>, pool: usize, cause: Cause, saturated: Saturated) -> Option<Phrase> {
    let (from_s, of) = match cause {
        Cause::NoServer { .. } => (saturated.without_from_s?, "no_server_from"),
        _ => (saturated.full_from_s?, "full_from"),
    };
    let fact = Fact::Moment { value: from_s, of, scope: voice.rows(Scope::pool(pool)), column: None };
    let from = voice.at_the_start(from_s).map_or_else(|| voice.moments.bare(from_s), str::to_owned);
    Some(phrase![" from ", Claim { text: from, fact }])
}

/// The rest of the words for a pool that is both full and without a server for long, with when each is so: ` (10 min 10 s of this from
/// 10 min after the drop) and without a server for 5 min from 1 h after the drop`.
fn both(voice: &Voice<'_>, pool: usize, saturated: Saturated, cause: Cause, other: Cause) -> Phrase {
    let when = |cause: Cause| {
        contiguous_from(voice, pool, cause, saturated).or_else(|| longest_of(voice, pool, cause, saturated))
    };
    phrase![when(cause), " and ", cause_claim(voice, pool, other), when(other)]
}

/// The longest time at a stretch in which a pool is full or has no server.
fn longest_of(voice: &Voice<'_>, pool: usize, cause: Cause, saturated: Saturated) -> Option<Phrase> {
    let [from_s, to_s] = match cause {
        Cause::NoServer { .. } => saturated.outage.map(|outage| [outage.from_s, outage.to_s]),
        _ => saturated.longest_full_s,
    }?;
    let over = Stretch { from_s, to_s };
    let (name, value) = (voice.context.pool(pool).to_owned(), Some(over.seconds()));
    let reason = Reason { name, is: cause.word(), through: None, value, over };
    let claim = Claim { text: length(over.seconds()), fact: Fact::Cause(reason) };
    // Moments in which a slot is free make a stretch longer than the time for which the pool is full.
    let in_all = if let Cause::Full { for_s } = cause { full_s(voice, pool).unwrap_or(for_s) } else { f64::INFINITY };
    (over.seconds() < in_all).then(|| phrase![" (", claim, " of this from ", voice.from(from_s, Scope::default()), ")"])
}

/// The pool's part of the failed attempts, where people ask several pools.
fn lost_share(voice: &Voice<'_>, pool: usize) -> Option<Phrase> {
    let why = &voice.run.why;
    let part = &why.pools[pool];
    let asked = why.pools.len() - voice.run.called.len();
    let of =
        if rest::is_kept_back(voice) { " of the failed attempts that were sent" } else { " of the failed attempts" };
    (why.basis == Basis::Lost && asked > 1).then(|| {
        let scope = voice.rows(Scope::pool(pool));
        let fact = Fact::Part { value: part.part, column: ERRORS, scope, whole: "pools", over: stretch(voice) };
        phrase![" and loses ", Claim { text: share(part.part), fact }, of]
    })
}

/// Outcome of most of the failed attempts of everything, with its share.
pub fn outcome(voice: &Voice<'_>) -> Phrase {
    let course = &voice.run.everything;
    let Some((outcome, failed)) = course.outcomes.first().filter(|_| course.fails() || course.steady.is_some()) else {
        return Phrase::default();
    };
    let value = failed / course.failed;
    let scope = voice.rows(Scope::default());
    let fact = Fact::Part { value, column: outcome.name(), scope, whole: ERRORS, over: voice.measured() };
    // A balancer without a server rejects too, whatever its queues hold, and so does a pool whose calls fail.
    let may_be_without_queue =
        voice.run.why.pools.iter().any(|pool| matches!(pool.cause, Some(Cause::NoServer { .. })))
            || voice.run.why.rejects_unqueued;
    let words = if *outcome == Outcome::Rejected && may_be_without_queue {
        "attempts rejected (503)"
    } else {
        outcome.phrase()
    };
    let name = named(words, outcome.name(), Named::Outcome);
    phrase![Claim { text: share(value), fact }, " of the failures are ", name]
}
