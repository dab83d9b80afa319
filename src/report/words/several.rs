//! The verdict on several replications: what becomes of how many, then medians and ranges of those that have the figure.

use super::claim::{Claim, Fact, Zero};
use super::moment::length;
use super::phrase::{Phrase, Sentence, phrase};
use super::voice::Voice;
use super::{besides, verdict as single, whom};
use crate::analysis::{Replications, Share, Spread, State};
use crate::measure::Scope;
use crate::report::numbers::{count, percent, si};
use crate::vocabulary::{Figure, Path, RowKind};

/// Pools, regions and requests that a sentence names, at most.
const NAMED: usize = 3;
/// People, as simulated, below which numbers of people differ by chance and are not told as two groups.
const FEW: f64 = 10.0;

/// The verdict on several replications in at most four sentences. The voice is that of the first replication.
pub fn verdict(voice: &Voice<'_>, all: &Replications) -> Vec<Sentence> {
    let rounded = besides::scale(voice, true);
    let what = match rounded.is_empty() {
        true => what(voice, all),
        false => phrase![rounded, ", so that these runs are of another system; in them: ", what(voice, all)],
    };
    let what = phrase![besides::in_part(voice, "the runs"), what];
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
    let over = all.spread_of(Figure::TroubleOver.into());
    let rate = all.highest().map(|spread| {
        told(spread, "error_rate.peak", percent, |low, high| format!("{} to {}", percent(low), percent(high)))
    });
    let moment = |t_s: f64| voice.moments.bare(t_s);
    let over = over.map(|spread| told(spread, "trouble.over_s", moment, |low, high| voice.moments.range(low, high)));
    let stuck = all.stuck();
    let stuck = (stuck.k > 0).then(|| phrase!["; ", runs("stuck", "stuck", stuck)]);
    let is_open = all.in_state(Scope::default(), State::NotOver).k > 0 && all.spread_of(Figure::Stuck.into()).is_none();
    let open = (is_open && single::lists_changes(voice)).then(|| single::OPEN.into());
    let rooms = figure(all, Figure::RoomsMost, si);
    phrase![
        states(all),
        stuck,
        open,
        rate.map(|rate| phrase!["; the error rate peaks at ", rate]),
        over.map(|over| phrase!["; the end comes ", over]),
        (!rooms.is_empty()).then(|| phrase!["; waiting rooms hold up to ", rooms]),
    ]
}

/// A figure over the replications that have it, for a title; nothing if it is zero in all of them.
pub fn figure(all: &Replications, figure: Figure, show: fn(f64) -> String) -> Phrase {
    figure_at(all, figure.into(), figure.name(), show)
}

/// The same of a figure of any scope, by its dotted path.
pub fn figure_at(all: &Replications, path: Path, name: &str, show: fn(f64) -> String) -> Phrase {
    let spread = all.spread_of(path).filter(|spread| spread.high > 0.0);
    let range = |low: f64, high: f64| format!("{} to {}", show(low), show(high));
    spread.map(|spread| told(spread, name, show, range)).into()
}

/// A figure over the replications that have it: two groups, or the median and the range.
fn told(spread: Spread, path: &str, show: impl Fn(f64) -> String, range: impl Fn(f64, f64) -> String) -> Phrase {
    let path = || path.to_owned();
    let Spread { k, n, median, low, high, groups } = spread;
    if let Some(groups) = groups {
        let groups = groups.map(|group| {
            let within =
                if group.low == group.high { String::new() } else { format!(" ({})", range(group.low, group.high)) };
            let text = format!("{}{within} in {} of {k}", show(group.median), group.k);
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
    let troubled = all.in_trouble(Scope::default()).k;
    let pools = voice.run.pools.iter().map(|pool| pool.pool).filter(|pool| {
        let named = all.blamed(*pool);
        named > 0 && 2 * named >= troubled
    });
    let clauses = pools.take(NAMED).filter_map(|pool| {
        let saturated = Path { figure: Figure::Saturated, kind: RowKind::Pool, index: pool };
        let spread = all.spread_of(saturated).filter(|spread| spread.median > 0.0)?;
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
        let Some(spread) = all.spread_of(kind.figure.into()) else { continue };
        if spread.high <= 0.0 {
            zero.push(kind.figure.name().to_owned());
            continue;
        }
        let are_few = spread.high < FEW * voice.run.frame.full();
        let spread = Spread { groups: spread.groups.filter(|_| !are_few), ..spread };
        let range = |low: f64, high: f64| format!("{} to {}", count(low), count(high));
        let people = told(spread, kind.figure.name(), count, range);
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
    let clause = |(scope, _): &(Scope, usize)| {
        let Share { k, n, low, high } = all.in_trouble(*scope);
        let text = format!("{k} of {n} replications");
        let fact = Fact::Runs { k, n, state: "in_trouble", low, high, scope: Some(voice.rows(*scope)) };
        phrase!["attempts", voice.place(*scope), " are in trouble in ", Claim { text, fact }]
    };
    all.named().iter().take(NAMED).map(clause).collect()
}
