//! Failures that no cause explains: attempts that fail while a pool is fine, attempts that no pool is sent, and trouble at times
//! that are not measured.

use super::claim::{
    Claim, Elsewhen, ElsewhenInRuns, Fact, Named, RateInRuns, Ratio, Stretch, Trouble as Kind, Unmeasured,
    UnmeasuredInRuns,
};
use super::moment::length;
use super::phrase::{Phrase, phrase};
use super::spread::{ends, middle};
use super::voice::{ERRORS, Voice, named};
use crate::analysis::{Basis, Cause, Fate, How, Replications, Spread};
use crate::measure::Scope;
use crate::report::numbers::{count, share};
use crate::vocabulary::Outcome;

/// Share of the failures from which on those are told that a cause leaves out.
const MANY: f64 = 0.2;
/// Share of the failures from which on those that clients kept back stand in the verdict.
const THIRD: f64 = 1.0 / 3.0;
/// Share of the failures from which on those that clients kept back stand before the pools that lose the others.
pub const HALF: f64 = 0.5;
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

/// The same over several replications: `, but 56% (55% to 57%) of the failures of login in the median are server failures (500) at
/// other times`.
pub fn elsewhen_in_runs(voice: &Voice<'_>, all: &Replications, pool: usize) -> Option<Phrase> {
    let behind = match all.main_cause(pool)?.0 {
        "passes" => return None,
        "holds" => Some(all.behind(pool)?),
        _ => None,
    };
    let is_saturated = ["full", "no_server"].contains(&all.main_cause(behind.unwrap_or(pool))?.0);
    let troubled = all.in_trouble(Scope::default()).k;
    let (outcome, spread) = all.elsewhen(pool, behind).filter(|(_, spread)| spread.median >= MANY)?;
    (is_saturated && 2 * spread.k >= troubled).then(|| {
        let behind = behind.map(|behind| voice.context.pool(behind).to_owned());
        let scope = voice.rows(Scope::pool(pool));
        let fact = ElsewhenInRuns { values: spread.into(), column: outcome.name(), scope, behind };
        let claim = Claim { text: middle(spread, share, ends(share)), fact: Fact::ElsewhenInRuns(fact) };
        let outcome = named(outcome.phrase(), outcome.name(), Named::Outcome);
        let at_pool = voice.pool(pool);
        phrase![", but ", claim, " of the failures of ", at_pool, " in the median are ", outcome, " at other times"]
    })
}

/// Whether some of the failed attempts were never sent to a pool.
pub fn is_kept_back(voice: &Voice<'_>) -> bool {
    voice.run.everything.kept_back().is_some_and(|kept| kept >= SOME)
}

/// Whether clients kept back a third of the failed attempts of everything, or more of these than fail in any other way.
pub fn is_mostly_kept_back(voice: &Voice<'_>) -> bool {
    let course = &voice.run.everything;
    let is_first = course.outcomes.first().is_some_and(|(outcome, _)| *outcome == Outcome::Refused);
    kept_back(voice).is_some() && (is_first || course.kept_back() >= Some(THIRD))
}

/// Whether clients kept back half of the failed attempts of everything.
pub fn is_half_kept_back(voice: &Voice<'_>) -> bool {
    voice.run.everything.kept_back() >= Some(HALF)
}

/// Whether the clause about other times at some pool tells how most of the failed attempts of everything fail, in the same figure.
pub fn tells_outcome(voice: &Voice<'_>) -> bool {
    let (course, why) = (&voice.run.everything, &voice.run.why);
    let Some((most, failed)) = course.outcomes.first() else { return false };
    let is_same = |(outcome, value): (Outcome, f64)| outcome == *most && share(value) == share(failed / course.failed);
    why.named.iter().any(|pool| why.pools[*pool].elsewhen.is_some_and(is_same) && elsewhen(voice, *pool).is_some())
}

/// Share of the failures that are attempts kept back by clients, which no pool loses, where they are many.
pub fn kept_back(voice: &Voice<'_>) -> Option<Phrase> {
    let course = &voice.run.everything;
    let value = course.kept_back().filter(|kept| course.fails() && *kept >= MANY)?;
    let (column, scope) = (Outcome::Refused.name(), voice.rows(Scope::default()));
    let fact = Fact::Part { value, column, scope, whole: ERRORS, over: voice.measured() };
    let kept = named(Outcome::Refused.phrase(), column, Named::Outcome);
    Some(phrase![Claim { text: share(value), fact }, " of the failures are ", kept])
}

/// Share of the failures of calls that a pool passes on which are attempts that its client kept back, where it is large: `, but
/// 87% of the failures of calls to database are attempts that clients kept back`.
pub fn kept_back_calls(voice: &Voice<'_>, pool: usize) -> Option<Phrase> {
    let why = &voice.run.why;
    let (request, value) = why.pools[pool].kept_back.filter(|(_, kept)| *kept >= MANY)?;
    let callee = *why.pools[pool].chain.get(1)?;
    let (num, scope) = (Outcome::Refused.name(), voice.rows(Scope::request(request)));
    let over = Stretch { from_s: why.from_s, to_s: why.to_s };
    let claim = Claim { text: share(value), fact: Fact::Rate(Ratio { value, num, den: ERRORS, scope, over }) };
    let kept = named(Outcome::Refused.phrase(), num, Named::Outcome);
    Some(phrase![", but ", claim, " of the failures of calls to ", voice.pool(callee), " are ", kept])
}

/// Share of the failures that are attempts which clients kept back, over several replications: `in the median, 95% (93% to 96%) of the
/// failures are attempts that clients kept back`.
pub fn kept_back_in_runs(voice: &Voice<'_>, all: &Replications) -> Option<Phrase> {
    let spread = all.kept_back().filter(|kept| kept.median >= MANY)?;
    let (num, scope, over) = (Outcome::Refused.name(), voice.rows(Scope::default()), voice.measured());
    let fact = RateInRuns { values: spread.into(), num, den: ERRORS, failing: true, scope, over };
    let claim = Claim { text: middle(spread, share, ends(share)), fact: Fact::RateInRuns(fact) };
    let kept = named(Outcome::Refused.phrase(), num, Named::Outcome);
    Some(phrase!["in the median, ", claim, " of the failures are ", kept])
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

/// The same over several replications: `before the measured time, in the median 40% (39% to 41%) of attempts fail for 5 min from 15 min
/// before the drop`.
pub fn unmeasured_in_runs(voice: &Voice<'_>, all: &Replications) -> Vec<Phrase> {
    let kinds = [(true, Kind::Errors), (true, Kind::Waiting), (false, Kind::Errors), (false, Kind::Waiting)];
    kinds.into_iter().filter_map(|(before, of)| unmeasured_of_kind(voice, all, before, of)).collect()
}

fn unmeasured_of_kind(voice: &Voice<'_>, all: &Replications, before: bool, of: Kind) -> Option<Phrase> {
    let [worst, lasts, from] = all.unmeasured(before, of == Kind::Waiting)?;
    let claim = |values: Spread, is: &'static str, text: String| {
        let rule = voice.rule(of, Scope::default());
        Claim { text, fact: Fact::UnmeasuredInRuns(UnmeasuredInRuns { values: values.into(), is, before, rule }) }
    };
    let tell = |values: Spread, is, show: fn(f64) -> String| claim(values, is, middle(values, show, ends(show)));
    let fate = match of {
        Kind::Errors => phrase![tell(worst, "worst", share), " of attempts fail for "],
        Kind::Waiting => {
            let most = tell(worst, "worst", count);
            phrase!["at least ", most, " attempts at once wait more than ", voice.late(), " for an answer, in "]
        }
    };
    let moments = &voice.moments;
    let begin = middle(from, |at_s| moments.bare(at_s), |low, high| moments.range(low, high));
    let when =
        if before { "before the measured time, in the median " } else { "after the measured time, in the median " };
    Some(phrase![when, fate, tell(lasts, "lasts", length), " from ", claim(from, "from", begin)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analysis, Level, Steady, Unmeasured as Trouble};
    use crate::measure::{Layout, Measurements};
    use crate::report::support::Morning;
    use crate::units::Span;

    /// Clause about a run of two pools in which nothing is asked, after `change` has altered it.
    fn said(change: impl Fn(&mut Analysis), tell: impl Fn(&Voice<'_>) -> Option<Phrase>) -> String {
        let cells = vec![([0, 0, 0], true), ([0, 1, 1], true)];
        let mut layout = Layout { regions: 1, pools: 2, requests: 2, cells, scale: 1.0, ..Layout::default() };
        layout.harm_wait = Span::from_seconds(10.0);
        layout.lay_out_rows();
        let mut run = Analysis::of(&Measurements { layout, ..Measurements::default() });
        change(&mut run);
        let morning = Morning::empty(90, -900.0, 10.0);
        let context = morning.context();
        tell(&Voice::new(&context, &morning.figures, &run)).unwrap_or_default().sentence().shown()
    }

    /// A run in which the first pool is the cause, and has failures at other times.
    fn fails_elsewhere(cause: Cause, share: f64) -> impl Fn(&mut Analysis) {
        move |run| {
            run.why.basis = Basis::Lost;
            (run.why.pools[0].cause, run.why.pools[0].elsewhen) = (Some(cause), Some((Outcome::Failed, share)));
        }
    }

    #[test]
    fn failures_at_other_times_are_told_of_a_pool_that_is_full_or_without_a_server() {
        let told = |cause, share| said(fails_elsewhere(cause, share), |voice| elsewhen(voice, 0));
        let full = Cause::Full { for_s: 60.0 };
        assert_eq!(told(full, 0.56), ", but 56% of the failures of api are server failures (500) at other times.");
        assert_eq!(told(Cause::NoServer { for_s: 60.0 }, 0.56), told(full, 0.56));
        assert_eq!(told(full, 0.19), ".", "they are few");
        assert_eq!(told(Cause::Errors, 0.56), ".", "they are the cause");
    }

    /// A run in which so many of a hundred failures were kept back and so many failed otherwise.
    fn keeps_back(kept: f64, failed: f64) -> impl Fn(&mut Analysis) {
        move |run| {
            let steady = Steady { rate: 0.5, level: Level::Above };
            (run.everything.failed, run.everything.steady) = (100.0, Some(steady));
            run.everything.outcomes = vec![(Outcome::Refused, kept), (Outcome::Failed, failed)];
            run.everything.outcomes.sort_by(|one, other| other.1.total_cmp(&one.1));
        }
    }

    #[test]
    fn what_clients_kept_back_is_told_from_a_fifth_on_and_due_in_the_verdict_from_a_third_on() {
        let told = |kept, failed| said(keeps_back(kept, failed), kept_back);
        assert_eq!(told(40.0, 60.0), "40% of the failures are attempts that clients kept back.");
        assert_eq!(told(19.0, 81.0), ".");
        let due = |kept, failed| {
            said(keeps_back(kept, failed), |voice| is_mostly_kept_back(voice).then(|| "due".into())) == "Due."
        };
        assert_eq!([due(40.0, 60.0), due(25.0, 75.0), due(25.0, 20.0)], [true, false, true]);
    }

    #[test]
    fn trouble_that_is_not_measured_is_told_by_its_side() {
        let trouble = |is_before, fate| Trouble { is_before, from_s: -600.0, to_s: -300.0, fate };
        let told = |is_before, fate| {
            said(|run| run.unmeasured = vec![trouble(is_before, fate)], |voice| unmeasured(voice).into_iter().next())
        };
        assert_eq!(
            told(true, Fate::Fail(0.4)),
            "Before the measured time, 40% of attempts fail for 5 min from 10 min before the drop."
        );
        assert_eq!(
            told(false, Fate::Wait(30.0)),
            "After the measured time, at least 30 attempts at once wait more than 10 s for an answer, in 5 min from 10 min before the \
             drop."
        );
    }
}
