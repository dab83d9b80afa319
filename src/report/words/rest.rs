//! What is left out elsewhere: attempts that fail while a pool is fine, attempts that no pool is sent, and trouble at times that are not
//! measured.

use super::claim::{Claim, Elsewhen, Fact, Named, Stretch, Trouble as Kind, Unmeasured};
use super::phrase::{Phrase, phrase};
use super::voice::{ERRORS, Voice, named};
use crate::analysis::{Basis, Cause, Fate, How};
use crate::measure::Scope;
use crate::report::numbers::{count, share};
use crate::vocabulary::Outcome;

/// Share of the failures from which on those are told that a cause leaves out.
const MANY: f64 = 0.2;
/// Share of the failures from which on the attempts that were sent are told from those that were not.
const SOME: f64 = 0.01;

/// The share of a pool's failures while neither it nor the pool behind it is full or without a server, where that is the cause and they
/// are many: `, but 56% of the failures of login are server failures (500) at other times`.
pub fn elsewhen(voice: &Voice<'_>, pool: usize) -> Option<Phrase> {
    let why = &voice.run.why;
    let (part, behind) = (&why.pools[pool], why.behind(pool));
    // The part of the failures that are passed on says how many are not.
    let is_told = part.through.is_some_and(|through| matches!(through.how, How::Passes(_)));
    let is_saturated = matches!(why.pools[behind].cause, Some(Cause::Full { .. } | Cause::NoServer { .. }));
    let (outcome, value) = part.elsewhen.filter(|(_, value)| *value >= MANY)?;
    (why.basis == Basis::Lost && is_saturated && !is_told).then(|| {
        let (scope, over) = (voice.rows(Scope::pool(pool)), Stretch { from_s: why.from_s, to_s: why.to_s });
        let behind = (behind != pool).then(|| voice.context.pool(behind).to_owned());
        let fact = Fact::Elsewhen(Elsewhen { value, column: outcome.name(), scope, behind, over });
        let claim = Claim { text: share(value), fact };
        let outcome = named(outcome.phrase(), outcome.name(), Named::Outcome);
        phrase![", but ", claim, " of the failures of ", voice.pool(pool), " are ", outcome, " at other times"]
    })
}

/// The share of the failures of everything that are attempts which clients kept back; `None` without failures.
fn share_kept_back(voice: &Voice<'_>) -> Option<f64> {
    let course = &voice.run.everything;
    let kept = course.outcomes.iter().find(|(outcome, _)| *outcome == Outcome::Refused)?.1;
    Some(kept / course.failed)
}

/// Whether some of the failed attempts were never sent to a pool.
pub fn is_kept_back(voice: &Voice<'_>) -> bool {
    share_kept_back(voice).is_some_and(|kept| kept >= SOME)
}

/// How many of the failures are attempts that clients kept back, which no pool loses, where they are many.
pub fn kept_back(voice: &Voice<'_>) -> Option<Phrase> {
    let value = share_kept_back(voice).filter(|kept| voice.run.everything.fails() && *kept >= MANY)?;
    let (column, scope) = (Outcome::Refused.name(), voice.rows(Scope::default()));
    let fact = Fact::Part { value, column, scope, whole: ERRORS, over: voice.measured() };
    let kept = named(Outcome::Refused.phrase(), column, Named::Outcome);
    Some(phrase![Claim { text: share(value), fact }, " of the failures are ", kept])
}

/// The largest trouble before the measured time, and after it: `before the measured time, 98% of attempts fail for 5 min from 10 min
/// before the drop`.
pub fn unmeasured(voice: &Voice<'_>) -> Vec<Phrase> {
    let told = voice.run.unmeasured.iter().map(|trouble| {
        let over = Stretch { from_s: trouble.from_s, to_s: trouble.to_s };
        let claim = |value: f64, kind: Kind, text: String| {
            let rule = voice.rule(kind, Scope::default());
            Claim { text, fact: Fact::Unmeasured(Unmeasured { value, rule, over }) }
        };
        let when = if trouble.is_before { "before the measured time, " } else { "after the measured time, " };
        let fate = match trouble.fate {
            Fate::Fail(rate) => phrase![claim(rate, Kind::Errors, voice.share(rate)), " of attempts fail for "],
            Fate::Wait(most) => phrase![
                "at least ",
                claim(most, Kind::Waiting, count(most)),
                " attempts at once wait more than ",
                voice.late(),
                " for an answer, in ",
            ],
        };
        phrase![when, fate, voice.lasting(over), " from ", voice.from(over.from_s, Scope::default())]
    });
    told.collect()
}
