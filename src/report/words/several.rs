//! The verdict on several replications: what becomes of how many, then medians and ranges of those that have the figure.

use super::claim::{Claim, Fact, Group, OfferedInRuns, RateInRuns, Rows, Zero};
use super::harm::{self, KINDS, Kind, SLIGHT};
use super::moment::length;
use super::order::{self, Part};
use super::phrase::{Phrase, Sentence, phrase};
use super::spread::{ends, middle, multiple};
use super::voice::Voice;
use super::{besides, caches, rest, rooms, verdict as single, why};
use crate::analysis::{Replications, Share, Spread, State};
use crate::measure::Scope;
use crate::report::numbers::{count, grouped, percent, share as shares, times};
use crate::vocabulary::{Column, Figure, Path, RowKind};

/// Pools, regions and requests that a sentence names, at most.
const NAMED: usize = 3;

/// The verdict on several replications and the further findings. The voice is that of the first replication.
pub fn verdict(voice: &Voice<'_>, all: &Replications) -> [Vec<Sentence>; 2] {
    let rounded = match besides::scale(voice, true) {
        none if none.is_empty() => none,
        rounded => phrase![rounded, ", so that these runs are of another system; in them: "],
    };
    let (people, places) = harmed(voice, all);
    let is_half_kept_back = all.kept_back().is_some_and(|kept| kept.median >= rest::HALF);
    let rooms = rooms::of_all(all, figure);
    let is_much = |wasted: &Spread| wasted.median >= besides::WASTED;
    let wasted = all.spread_of(Figure::WastedShare.into()).filter(is_much);
    let wasted = wasted.map(|wasted| (wasted.median, figure(all, Figure::WastedShare, percent)));
    order::told([
        Part::whole(single::begun(besides::in_part(voice, "the runs"), rounded, what(voice, all))),
        Part::whole(stuck(voice, all)),
        Part::first(2, rest::unmeasured_in_runs(voice, all)),
        Part::first(1, rest::kept_back_in_runs(voice, all).filter(|_| is_half_kept_back)).with_room(true),
        Part::first(2, each_pool(voice, all).into_iter().chain(offered(voice, all))),
        Part::first(1, rest::kept_back_in_runs(voice, all).filter(|_| !is_half_kept_back)).with_room(true),
        Part::first(1, caches::cold_in_runs(voice, all)),
        Part::first(2, people),
        Part::first(1, places),
        Part::first(1, besides::thresholds(voice)),
        Part::first(2, besides::of_all(voice, rooms, again(voice, all, besides::AMPLIFIED), wasted)),
    ])
}

/// Number of replications in each state, as a title.
pub fn states(all: &Replications) -> Phrase {
    let states = all.states(Scope::default());
    let told = states.iter().filter(|(_, share)| share.k > 0).map(|(state, share)| became(*state, *share));
    Phrase::join(told, ", ", " and ")
}

/// A state and the replications that have it.
fn became(state: State, share: Share) -> Phrase {
    let runs = within_chance(share);
    let text = match state {
        State::Calm => format!("{runs} {} calm", are(share)),
        State::Over => format!("trouble is over in {runs}"),
        State::NotOver => format!("trouble lasts to the end of {runs}"),
        State::Steady => format!("attempts fail at a steady rate in {runs}"),
        State::Silent => format!("nobody asks in {runs}"),
        State::TooFew => format!("too few attempts end to tell of {runs}"),
    };
    runs_with(state.name(), share, None, text).into()
}

/// The replications with something: `both runs`, `all 3 runs`, `2 of 3 runs`.
fn runs(Share { k, n, .. }: Share) -> String {
    let [some, whole] = [k, n].map(|runs| grouped(runs as f64));
    match k == n {
        true if n == 2 => "both runs".to_owned(),
        true => format!("all {whole} runs"),
        false => format!("{some} of {whole} runs"),
    }
}

/// The same, with the interval of the probability where they are not all.
fn within_chance(share: Share) -> String {
    let interval = format!(" ({} to {})", percent(share.low), percent(share.high));
    runs(share) + if share.k == share.n { "" } else { &interval }
}

/// The verb for some replications.
fn are(share: Share) -> &'static str {
    if share.k == 1 { "is" } else { "are" }
}

/// The claim that so many replications have a state.
fn runs_with(state: &'static str, share: Share, scope: Option<Rows>, text: String) -> Claim {
    let Share { k, n, low, high } = share;
    Claim { text, fact: Fact::Runs { k, n, state, low, high, scope } }
}

/// Number of replications in each state, the height of the error rate, and the end of the trouble.
fn what(voice: &Voice<'_>, all: &Replications) -> Vec<Phrase> {
    let over = all.spread_of(Figure::TroubleOver.into());
    let is_of_all = over.is_some_and(|over| over.k == over.n);
    let rate = all.highest().map(|spread| told(spread, "error_rate.peak", shares, ends(shares)));
    let moment = |t_s: f64| voice.moments.bare(t_s);
    let over = over.map(|spread| told(spread, "trouble.over_s", moment, |low, high| voice.moments.range(low, high)));
    let rate = rate.map(|rate| phrase!["the error rate peaks at ", rate]);
    // Where some have no end, the median is not that of all.
    let comes = if is_of_all { "the end comes " } else { "of those that recover, the end comes " };
    let over = over.map(|over| phrase![comes, over]);
    [states(all)].into_iter().chain(rate).chain(over).collect()
}

/// Number of replications that are stuck, or that this is open.
fn stuck(voice: &Voice<'_>, all: &Replications) -> Option<Phrase> {
    let stuck = all.stuck();
    if stuck.k > 0 {
        let text = format!("{} {} stuck", within_chance(stuck), are(stuck));
        return Some(runs_with("stuck", stuck, None, text).into());
    }
    let is_open = all.in_state(Scope::default(), State::NotOver).k > 0 && all.spread_of(Figure::Stuck.into()).is_none();
    (is_open && single::lists_changes(voice)).then(|| single::OPEN.into())
}

/// A figure over the replications that have it, for a title; nothing if it is zero in all of them.
pub fn figure(all: &Replications, figure: Figure, show: fn(f64) -> String) -> Phrase {
    figure_at(all, figure.into(), figure.name(), show)
}

/// The same of a figure of any scope, by its dotted path.
pub fn figure_at(all: &Replications, path: Path, name: &str, show: fn(f64) -> String) -> Phrase {
    let spread = all.spread_of(path).filter(|spread| spread.high > 0.0);
    spread.map(|spread| told(spread, name, show, ends(show))).into()
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
            Phrase::from(Claim { text, fact: Fact::Group(Group { low, high, median, path: path(), k: group.k, n: k }) })
        });
        return Phrase::join(groups, "", " and ");
    }
    let fact = Fact::Median { value: median, path: path(), k, n };
    let middle = phrase![Claim { text: show(median), fact }, " in the median"];
    if show(low) == show(high) {
        return middle;
    }
    phrase![middle, " (", Claim { text: range(low, high), fact: Fact::Range { low, high, path: path(), k, n } }, ")"]
}

/// The pools that are named in at least half of the replications that are in trouble, those that lose most in the median first.
pub fn blamed(voice: &Voice<'_>, all: &Replications) -> impl Iterator<Item = usize> {
    let troubled = all.in_trouble(Scope::default()).k;
    let is_blamed = |pool: &usize| {
        let named = all.blamed(*pool);
        named > 0 && 2 * named >= troubled
    };
    let lost = |pool: usize| {
        let path = Path { figure: Figure::LostShare, kind: RowKind::Pool, index: pool };
        all.spread_of(path).map_or(0.0, |lost| lost.median)
    };
    let mut blamed: Vec<usize> = voice.run.pools.iter().map(|pool| pool.pool).filter(is_blamed).collect();
    blamed.sort_by(|one, other| lost(*other).total_cmp(&lost(*one)));
    blamed.into_iter()
}

/// The called pool that a pool suffers from in most replications, or else the pool itself.
pub fn behind(all: &Replications, pool: usize) -> usize {
    let suffers = all.main_cause(pool).is_some_and(|(cause, _)| ["holds", "passes"].contains(&cause));
    all.behind(pool).filter(|_| suffers).unwrap_or(pool)
}

/// The pools that lose attempts or make them wait in at least half of the replications that are in trouble, each with the reason that
/// most of these have.
pub fn pools(voice: &Voice<'_>, all: &Replications) -> Phrase {
    Phrase::join(each_pool(voice, all), "; ", "; ")
}

/// Cause at each of these pools, with the number of replications that have it.
fn each_pool(voice: &Voice<'_>, all: &Replications) -> Vec<Phrase> {
    let mut told = Vec::new();
    let clauses = blamed(voice, all).take(NAMED).filter_map(|pool| {
        let (word, share) = all.main_cause(pool)?;
        let elsewhen = rest::elsewhen_in_runs(voice, all, pool);
        let suffers = match word {
            "holds" => " waits for calls ",
            "passes" => " passes on failed calls ",
            _ => return own_cause(voice, all, pool).map(|own| phrase![own, elsewhen]),
        };
        let behind = all.behind(pool).filter(|behind| !told.contains(behind));
        told.extend(behind);
        let because = behind.and_then(|behind| Some(phrase![", because ", own_cause(voice, all, behind)?]));
        let scope = Some(voice.rows(Scope::pool(pool)));
        let claim = runs_with(word, share, scope, format!("in {}", runs(share)));
        Some(phrase![voice.pool(pool), suffers, claim, because, elsewhen])
    });
    clauses.collect()
}

/// Attempts sent to a pool that waits for calls, as a multiple of what the called pool can serve: `what is sent to api takes up to
/// 5.2 times (4.8 to 5.3) what database can serve in the median`.
pub fn offered(voice: &Voice<'_>, all: &Replications) -> Option<Phrase> {
    let (chain, spread) = all.offered()?;
    let (caller, callee, chain) = why::ends(voice, chain)?;
    let fact = OfferedInRuns { values: spread.into(), chain, window_s: voice.run.frame.window_s() };
    let claim = Claim { text: middle(spread, times, ends(multiple)), fact: Fact::OfferedInRuns(fact) };
    Some(phrase!["what is sent to ", caller, " takes up to ", claim, " what ", callee, " can serve in the median"])
}

/// Attempts for a first try, where they are at least `least` in the median: `attempts for a first try: 2.1 in the median (2 to
/// 2.3)`; before that the same of the request in trouble, where other requests dilute the mean of everything.
pub fn again(voice: &Voice<'_>, all: &Replications, least: f64) -> Vec<Phrase> {
    let one = all.troubled().and_then(|request| Some((request, all.tries(request)?)));
    let one = one.filter(|(_, tries)| tries.median >= least).map(|(request, tries)| tries_at(voice, request, tries));
    let again = all.spread_of(Figure::AmplificationTotal.into()).filter(|again| again.median >= least);
    let words = if one.is_some() { " at whatever request: " } else { ": " };
    let again =
        again.map(|again| told(again, Figure::AmplificationTotal.name(), besides::number, ends(besides::number)));
    one.into_iter().chain(again.map(|again| phrase!["attempts for a first try", words, again])).collect()
}

/// Attempts for a first try at one request: `attempts for a first try at licence: 8.1 (7.9 to 8.2) in the median`.
fn tries_at(voice: &Voice<'_>, request: usize, tries: Spread) -> Phrase {
    let text = middle(tries, besides::number, ends(besides::number));
    let (num, den) = (Column::Attempts.name(), Column::FirstTries.name());
    let (scope, over) = (voice.rows(Scope::request(request)), voice.measured());
    let claim = Claim {
        text,
        fact: Fact::RateInRuns(RateInRuns { values: tries.into(), num, den, failing: false, scope, over }),
    };
    phrase!["attempts for a first try at ", voice.request(request), ": ", claim, " in the median"]
}

/// Cause at a pool by its own figures in most replications, and the length of its saturation where that is the reason.
fn own_cause(voice: &Voice<'_>, all: &Replications, pool: usize) -> Option<Phrase> {
    let (word, share) = all.main_cause(pool)?;
    let (verb, words) = match word {
        "no_server" => (" is ", "without a server"),
        "full" => (" is ", "full"),
        "limited" => (" turns attempts away ", "by its rate limit"),
        "sheds" => (" ", "sheds attempts"),
        "rejects" => (" ", "turns away attempts that find no room"),
        "errors" => (" ", "answers with errors"),
        "slow" if voice.context.ways_matter => {
            (" is ", "slower than the timers, the way to it included, though not full,")
        }
        "slow" => (" is ", "slower than the timers, though not full,"),
        "waits" => (" ", "makes attempts wait, though not full,"),
        "slower" => (" answers calls ", "slower than before"),
        _ => return None,
    };
    let scope = Some(voice.rows(Scope::pool(pool)));
    let claim = runs_with(word, share, scope, format!("{words} in {}", runs(share)));
    let saturated = Path { figure: Figure::Saturated, kind: RowKind::Pool, index: pool };
    let is_saturated = ["no_server", "full"].contains(&word);
    // A pool is saturated for moments in other runs too, which would hide how long it is in these.
    let spread = all.spread_of(saturated).filter(|spread| is_saturated && spread.median > 0.0 && spread.k == share.k);
    let path = format!("pools.{}.saturated_s", voice.context.pool(pool));
    let lasts = spread.map(|spread| phrase![", for ", told(spread, &path, length, ends(length))]);
    Some(phrase![voice.pool(pool), verb, claim, lasts])
}

/// The people who come to a kind of harm: `people who give up: 1.2k in the median (1.1k to 1.3k)`; `None` if nobody does.
pub fn people(voice: &Voice<'_>, all: &Replications, kind: &Kind) -> Option<Phrase> {
    let spread = kind.spread(voice, all).filter(|people| people.high > 0.0)?;
    let people = told(spread, kind.figure.name(), count, ends(count));
    let at_least = if kind.is_at_least(voice) { "at least " } else { "" };
    Some(phrase!["people who", kind.suffered(voice, false), ": ", at_least, people])
}

/// The people who are harmed, and the regions and requests that are named in some replication.
fn harmed(voice: &Voice<'_>, all: &Replications) -> (Vec<Phrase>, Vec<Phrase>) {
    let (mut clauses, mut slight, mut zero) = (Vec::new(), Vec::new(), Vec::new());
    let most = harm::most(all).map_or(0.0, |(_, most)| most);
    for kind in KINDS {
        let Some(spread) = kind.spread(voice, all) else { continue };
        match people(voice, all, &kind) {
            None => zero.push(kind.figure.name().to_owned()),
            Some(told) if spread.median < SLIGHT * most => slight.push(told),
            Some(told) => clauses.push(told),
        }
    }
    clauses.append(&mut slight);
    if clauses.is_empty() && zero.len() == 5 {
        let fact = Fact::Nothing(Zero::Figures { paths: zero });
        clauses.push(phrase![Claim { text: "nobody".to_owned(), fact }, " is harmed"]);
    }
    (clauses, places(voice, all))
}

/// The regions and requests that fare worse than the whole in some replication, those in most of them first.
fn places(voice: &Voice<'_>, all: &Replications) -> Vec<Phrase> {
    let clause = |(scope, _): &(Scope, usize)| {
        let share = all.in_trouble(*scope);
        let claim = runs_with("in_trouble", share, Some(voice.rows(*scope)), runs(share));
        phrase!["attempts", voice.place(*scope), " are in trouble in ", claim]
    };
    all.named().iter().take(NAMED).map(clause).collect()
}
