//! Key figures of several replications: medians with their ranges, since a mean over some that recover and some that do not is the
//! figure of none.

use super::shared::{AGAIN, CAME, IS_HOW_BUSY, OR_MORE, REPEATED, SENT, peak_of, tries, worst_kinds};
use crate::analysis::{Replications, Spread, State};
use crate::measure::Scope;
use crate::model;
use crate::report::numbers::{count, millis, percent};
use crate::report::words::claim::{Claim, Fact, Group};
use crate::report::words::harm::{self, KINDS, Kind, SLIGHT};
use crate::report::words::moment::length;
use crate::report::words::phrase::{Phrase, phrase};
use crate::report::words::spread::ends;
use crate::report::words::voice::Voice;
use crate::vocabulary::{Figure, Path};

/// The key figures, and those for which there may be room.
pub fn of(voice: &Voice<'_>, all: &Replications) -> [Vec<Phrase>; 2] {
    let of = |figure: Figure, show: fn(f64) -> String, words: Phrase| match above_zero(all, figure.into()) {
        Some(spread) => told(spread, figure.name(), show, words),
        None => Phrase::default(),
    };
    let beyond = of(Figure::TroubleAbove, length, phrase![" beyond ", voice.bound(), " of errors"]);
    let is_repeated = all.spread_of(Figure::AmplificationTotal.into()).is_some_and(|again| again.median >= REPEATED);
    let again = if is_repeated { of(Figure::AmplificationTotal, tries, AGAIN.into()) } else { Phrase::default() };
    let first = [of(Figure::Present, count, CAME.into())].into_iter().chain(harms(voice, all));
    let first = first.chain([beyond, again, recover(all)]).collect();
    let started = of(Figure::StartTimeP50, millis, " to the first frame in the median".into());
    let busy = busiest(voice, all).and_then(|(pool, path, name)| {
        Some(told(all.spread_of(path)?, &name, percent, phrase![IS_HOW_BUSY, voice.pool(pool), " gets"]))
    });
    [first, vec![of(Figure::AttemptsTotal, count, SENT.into()), started, busy.into()]]
}

/// A figure that is above zero in some replication.
fn above_zero(all: &Replications, path: Path) -> Option<Spread> {
    all.spread_of(path).filter(|spread| spread.high > 0.0)
}

/// A figure before its words: two groups, or the median and the range, with the replications that have it where others do not.
fn told(spread: Spread, path: &str, show: impl Fn(f64) -> String, words: Phrase) -> Phrase {
    let Spread { k, n, median, low, high, groups } = spread;
    let path = path.to_owned();
    if let Some(groups) = groups {
        let groups = groups.map(|group| {
            let text = format!("{} in {} of {k}", show(group.median), group.k);
            let (low, high, median) = (group.low, group.high, group.median);
            let fact = Group { low, high, median, path: path.clone(), k: group.k, n: k };
            Phrase::from(Claim { text, fact: Fact::Group(fact) })
        });
        return phrase![Phrase::join(groups, "", " and "), words];
    }
    let some = if k == n { String::new() } else { format!(" in {k} of {n}") };
    let middle = Claim {
        text: format!("{}{some}", show(median)),
        fact: Fact::Median { value: median, path: path.clone(), k, n },
    };
    if show(low) == show(high) {
        return phrase![middle, words];
    }
    let range = Claim { text: ends(show)(low, high), fact: Fact::Range { low, high, path, k, n } };
    phrase![middle, words, " (median; ", range, ")"]
}

/// The people harmed, by kind.
fn harms(voice: &Voice<'_>, all: &Replications) -> Vec<Phrase> {
    let most = harm::most(all).map_or(0.0, |(_, most)| most);
    let of = |kind: &Kind| {
        let is_told = |spread: &Spread| spread.high > 0.0 && spread.median >= SLIGHT * most;
        let spread = kind.spread(voice, all).filter(is_told)?;
        let more = if kind.is_at_least(voice) { OR_MORE } else { "" };
        Some(([spread.median, spread.high], told(spread, kind.figure.name(), count, phrase![more, kind.past])))
    };
    worst_kinds(KINDS.iter().filter_map(of))
}

/// Number of replications that recover, where some are in trouble.
fn recover(all: &Replications) -> Phrase {
    if all.in_trouble(Scope::default()).k == 0 {
        return Phrase::default();
    }
    let share = all.in_state(Scope::default(), State::Over);
    let (k, n, low, high) = (share.k, share.n, share.low, share.high);
    let fact = Fact::Runs { k, n, state: State::Over.name(), low, high, scope: None };
    phrase![Claim { text: format!("{k} of {n}"), fact }, " replications recover"]
}

/// The pool with the highest peak of its utilization in the median, of equals the first, with the path of that figure and its name.
pub fn busiest(voice: &Voice<'_>, all: &Replications) -> Option<(usize, Path, String)> {
    let pools = (0..voice.run.pools.len()).filter_map(|pool| Some((pool, above_zero(all, peak_of(pool))?)));
    let (pool, _) = pools.reduce(|most, next| if next.1.median > most.1.median { next } else { most })?;
    Some((pool, peak_of(pool), peak_of(pool).name(&model::names(voice.context.spec))))
}
