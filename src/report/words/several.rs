//! The verdict on several replications: what becomes of how many, then medians and ranges of those that have the figure.

use super::claim::{Claim, Fact, Zero};
use super::moment::length;
use super::phrase::{Phrase, Sentence, phrase};
use super::voice::Voice;
use super::{besides, whom};
use crate::analysis::{Analysis, Replications, Share, Spread, State};
use crate::measure::Scope;
use crate::report::numbers::{count, percent};

/// Pools, regions and requests that a sentence names, at most.
const NAMED: usize = 3;

/// The verdict on several replications in at most four sentences. The voice is that of the first replication.
pub fn verdict(voice: &Voice<'_>, all: &Replications) -> Vec<Sentence> {
    let rounded = besides::scale(voice, true);
    let what = match rounded.is_empty() {
        true => what(voice, all),
        false => phrase![rounded, ", so that these runs are of another system; in them: ", what(voice, all)],
    };
    let parts = [what, why(voice, all), harmed(voice, all), besides::of_all(voice)];
    parts.into_iter().filter(|part| !part.is_empty()).map(Phrase::sentence).collect()
}

/// What became of how many replications, as a title.
pub fn states(all: &Replications) -> Phrase {
    let states = all.states(Scope::default());
    let told =
        states.iter().filter(|(_, share)| share.k > 0).map(|(state, share)| runs(words(*state), state.name(), *share));
    Phrase::join(told, ", ", " and ")
}

fn words(state: State) -> &'static str {
    match state {
        State::Calm => "calm",
        State::Over => "trouble that is over",
        State::NotOver => "trouble that is not over when the run ends",
        State::Steady => "failures at a steady rate",
        State::Silent => "nobody who asks",
        State::TooFew => "too few attempts to tell",
    }
}

/// A state and the replications that have it.
fn runs(words: &str, state: &'static str, share: Share) -> Phrase {
    let Share { k, n, low, high } = share;
    let text = format!("{words} in {k} of {n} replications ({} to {})", percent(low), percent(high));
    Claim { text, fact: Fact::Runs { k, n, state, low, high, scope: None } }.into()
}

fn what(voice: &Voice<'_>, all: &Replications) -> Phrase {
    let rate = all.spread(|run| (run.everything.ended > 0.0).then(|| run.everything.highest()));
    let over = all.spread(|run| if run.everything.state == State::Over { run.everything.end_s() } else { None });
    let rate = rate.map(|spread| {
        told(spread, "error_rate.peak", percent, |low, high| format!("{} to {}", percent(low), percent(high)))
    });
    let moment = |t_s: f64| voice.moments.bare(t_s);
    let over = over.map(|spread| told(spread, "trouble.over_s", moment, |low, high| voice.moments.range(low, high)));
    phrase![
        states(all),
        rate.map(|rate| phrase!["; the error rate peaks at ", rate]),
        over.map(|over| phrase!["; the end comes ", over]),
    ]
}

/// A figure over the replications that have it: two groups, or the median and the range.
fn told(spread: Spread, path: &str, show: impl Fn(f64) -> String, range: impl Fn(f64, f64) -> String) -> Phrase {
    let path = || path.to_owned();
    let Spread { k, n, median, low, high, groups } = spread;
    if let Some(groups) = groups {
        let groups = groups.map(|group| {
            let text = format!("{} ({}) in {} of {k}", show(group.median), range(group.low, group.high), group.k);
            let (low, high, median) = (group.low, group.high, group.median);
            Phrase::from(Claim { text, fact: Fact::Group { low, high, median, path: path(), k: group.k, n: k } })
        });
        return Phrase::join(groups, "", " and ");
    }
    let fact = Fact::Median { value: median, path: path(), k, n };
    let middle = phrase![Claim { text: show(median), fact }, " in the median"];
    if low == high {
        return middle;
    }
    phrase![middle, " (", Claim { text: range(low, high), fact: Fact::Range { low, high, path: path(), k, n } }, ")"]
}

/// The pools that are saturated in at least half of the replications that are in trouble.
fn why(voice: &Voice<'_>, all: &Replications) -> Phrase {
    let troubled: Vec<&Analysis> = all.runs.iter().filter(|run| run.everything.is_in_trouble()).collect();
    let pools = voice.run.pools.iter().map(|pool| pool.pool).filter(|pool| {
        let named = troubled.iter().filter(|run| run.why.named.contains(pool)).count();
        named > 0 && 2 * named >= troubled.len()
    });
    let clauses = pools.take(NAMED).filter_map(|pool| {
        let saturated =
            |run: &Analysis| Some(run.pools.get(pool)?.saturated.map_or(0.0, |saturated| saturated.length_s()));
        let spread = all.spread(saturated).filter(|spread| spread.median > 0.0)?;
        let path = format!("pools.{}.saturated_s", voice.context.pool(pool));
        let range = |low: f64, high: f64| format!("{} to {}", length(low), length(high));
        Some(phrase![voice.pool(pool), " is saturated for ", told(spread, &path, length, range)])
    });
    Phrase::join(clauses.collect::<Vec<_>>(), "; ", "; ")
}

/// The people who are harmed, and the regions and requests that are named in some replication.
fn harmed(voice: &Voice<'_>, all: &Replications) -> Phrase {
    let mut clauses = Vec::new();
    let mut zero = Vec::new();
    for kind in whom::KINDS {
        let Some(spread) = all.spread(|run| Some((kind.people)(run))) else { continue };
        if spread.high <= 0.0 {
            zero.push(kind.path.to_owned());
            continue;
        }
        let range = |low: f64, high: f64| format!("{} to {}", count(low), count(high));
        let people = told(spread, kind.path, count, range);
        clauses.push(phrase!["people who", kind.verbs[1], whom::beyond(voice, &kind), ": ", people]);
    }
    if clauses.is_empty() && zero.len() == 5 {
        let fact = Fact::Nothing(Zero::Figures { paths: zero });
        clauses.push(phrase![Claim { text: "nobody".to_owned(), fact }, " is harmed"]);
    }
    clauses.extend(places(voice, all));
    Phrase::join(clauses, "; ", "; ")
}

/// The regions and requests that fare worse than the whole in some replication, those in most of them first.
fn places(voice: &Voice<'_>, all: &Replications) -> Vec<Phrase> {
    let mut scopes: Vec<(Scope, usize)> = Vec::new();
    for named in all.runs.iter().flat_map(|run| &run.named) {
        match scopes.iter_mut().find(|(scope, _)| *scope == named.scope) {
            Some((_, runs)) => *runs += 1,
            None => scopes.push((named.scope, 1)),
        }
    }
    scopes.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
    let clause = |(scope, _): &(Scope, usize)| {
        let is_troubled = |run: &Analysis| run.course(*scope).is_some_and(|course| course.is_in_trouble());
        let Share { k, n, low, high } = all.share(is_troubled);
        let text = format!("{k} of {n} replications");
        let fact = Fact::Runs { k, n, state: "in_trouble", low, high, scope: Some(voice.rows(*scope)) };
        phrase!["attempts", voice.place(*scope), " are in trouble in ", Claim { text, fact }]
    };
    scopes.iter().take(NAMED).map(clause).collect()
}
