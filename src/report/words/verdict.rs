//! The verdict on one run: what and when over, why, to whom, what else.

use super::claim::{Claim, Fact};
use super::phrase::{Phrase, Sentence, phrase};
use super::voice::Voice;
use super::{besides, what, whom, why};
use crate::analysis::{Level, State};

/// The verdict in at most four sentences; one that the run's figures do not decide is left out.
pub fn verdict(voice: &Voice<'_>) -> Vec<Sentence> {
    let (rounded, harmed) = (besides::scale(voice, true), whom::though_nothing_fails(voice));
    let what = match rounded.is_empty() {
        true => what::happened(voice, harmed),
        false => phrase![rounded, ", so that this run is of another system; in it ", what::happened(voice, harmed)],
    };
    let what = phrase![besides::in_part(voice, "the run"), what, stuck(voice)];
    let parts = [what, why::reason(voice), whom::harmed(voice), besides::more(voice)];
    parts.into_iter().filter(|part| !part.is_empty()).map(Phrase::sentence).collect()
}

/// What is said of a run that ends in trouble, whose trigger cannot be taken out.
pub const OPEN: &str = "; whether it is stuck is open, since the file is invalid without its trigger";

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
    let fact = Fact::Stuck { from_s, to_s: frame.until_s(), bound: frame.bound };
    let stuck = Claim { text: "stuck".to_owned(), fact };
    // Where the file names no trigger, the crowds are the trigger.
    let without = match voice.context.spec.trigger {
        Some(_) => ", since first tries would fit and a run without the trigger is within the bound then",
        None => ", since first tries would fit and a run without the crowds is within the bound then",
    };
    phrase!["; it is ", stuck, without]
}
