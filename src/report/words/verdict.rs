//! The verdict on one run: what and when over, why, to whom, what else.

use super::claim::{Claim, Fact, PoolRate, Stretch};
use super::order::{self, Part};
use super::phrase::{Phrase, Sentence, phrase};
use super::voice::Voice;
use super::{besides, caches, rest, what, whom, why};
use crate::analysis::{Level, State};
use crate::measure::FirstTries;
use crate::report::numbers::{grouped, trim_zeros};

/// The verdict and the further findings; a sentence that the run's figures do not decide is left out.
pub fn verdict(voice: &Voice<'_>) -> [Vec<Sentence>; 2] {
    let harmed = whom::though_nothing_fails(voice);
    let people = usize::from(harmed.is_empty());
    let (what, aside) = what::happened(voice, harmed);
    let why = why::reasons(voice);
    // How attempts fail says little beside the pool that loses them.
    let of_outcome = usize::from(why.is_empty());
    let outcome = Some(why::outcome(voice)).filter(|outcome| !why.contains(outcome) && !rest::tells_outcome(voice));
    order::told([
        Part::whole(begun(besides::in_part(voice, "the run"), rounded(voice), what)),
        Part::whole([stuck(voice)]),
        Part::first(2, rest::unmeasured(voice)),
        Part::first(2, why).with_room(rest::is_mostly_kept_back(voice)),
        Part::first(1, caches::cold(voice)),
        Part::first(of_outcome, outcome),
        Part::first(people, whom::everybody(voice)),
        Part::first(1, whom::places(voice)),
        Part::first(1, besides::thresholds(voice)),
        Part::first(2, besides::more(voice)),
        Part::aside(aside),
    ])
}

/// Clauses of which the first begins with what bounds all of them.
pub fn begun(in_part: Phrase, rounded: Phrase, clauses: Vec<Phrase>) -> Vec<Phrase> {
    let mut clauses = clauses.into_iter();
    let first = clauses.next().map(|first| phrase![in_part, rounded, first]);
    first.into_iter().chain(clauses).collect()
}

/// Opening words for a run whose scale rounds it to another system.
fn rounded(voice: &Voice<'_>) -> Phrase {
    let rounded = besides::scale(voice, true);
    if rounded.is_empty() { rounded } else { phrase![rounded, ", so that this run is of another system; in it "] }
}

/// Clause about a run that ends in trouble and whose trigger cannot be taken out.
pub const OPEN: &str = "whether it is stuck is open, since the file is invalid without its trigger";

/// Whether a whole run that ends in trouble was not judged since changes that its `trigger` lists cannot be taken out.
fn is_open(voice: &Voice<'_>) -> bool {
    let course = &voice.run.everything;
    let lasts = course.state == State::NotOver || course.steady.is_some_and(|steady| steady.level == Level::Above);
    lists_changes(voice) && lasts && voice.run.stuck.is_none() && voice.context.partial_until_s.is_none()
}

/// Whether the `trigger` of the file lists changes, without which the file may be invalid.
pub fn lists_changes(voice: &Voice<'_>) -> bool {
    voice.context.spec.trigger.iter().flatten().any(|name| name.starts_with("change."))
}

/// That the run is stuck, if it is; or that it may be, if no run without the trigger can be made.
fn stuck(voice: &Voice<'_>) -> Phrase {
    let frame = &voice.run.frame;
    if voice.run.stuck != Some(true) {
        return if is_open(voice) { OPEN.into() } else { Phrase::default() };
    }
    let from_s = frame.time_s(frame.measured.end.saturating_sub(frame.window).max(frame.measured.start));
    let over = Stretch { from_s, to_s: frame.until_s() };
    let fact = Fact::Stuck { from_s, to_s: over.to_s, bound: frame.bound };
    let stuck = Claim { text: "stuck".to_owned(), fact };
    // Where the file names no trigger, the crowds are the trigger.
    let without = match voice.context.spec.trigger {
        Some(_) => ", and a run without the trigger is within the bound then",
        None => ", and a run without the crowds is within the bound then",
    };
    phrase!["it is ", stuck, voice.run.first_tries.map(|it| first_tries(voice, it, over)), without]
}

/// The first tries that would come without a failure on their way, and what their pool can serve: `: first tries alone would come to
/// 4,100/s at gateway, which can serve 5,000/s`.
fn first_tries(
    voice: &Voice<'_>,
    FirstTries { pool, offered_per_s, capacity_per_s }: FirstTries,
    over: Stretch,
) -> Phrase {
    let claim = |per_s: f64, fact: fn(PoolRate) -> Fact| {
        let value = per_s * voice.run.frame.full();
        let text = if value < 9.95 { trim_zeros(&format!("{value:.2}")).to_owned() } else { grouped(value) };
        Claim { text, fact: fact(PoolRate { value, pool: voice.context.pool(pool).to_owned(), over }) }
    };
    let caches = if has_caches(voice) { ": with warm caches, first tries" } else { ": first tries" };
    phrase![
        caches,
        " alone would come to ",
        claim(offered_per_s, Fact::FirstTries),
        "/s at ",
        voice.pool(pool),
        ", which can serve ",
        claim(capacity_per_s, Fact::CanServe),
        "/s",
    ]
}

/// Whether a cache stands in front of some calls, which an empty one makes more of.
fn has_caches(voice: &Voice<'_>) -> bool {
    let mut calls = voice.context.spec.pool.values().flat_map(|pool| pool.calls.each());
    calls.any(|(_, call)| call.cache.is_some())
}
