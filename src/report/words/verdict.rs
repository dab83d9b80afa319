//! The verdict on one run: what and when over, why, to whom, what else.

use super::claim::{Claim, Fact};
use super::phrase::{Phrase, Sentence, phrase};
use super::voice::Voice;
use super::{besides, what, whom, why};

/// The verdict in at most four sentences; one that the run's figures do not decide is left out.
pub fn verdict(voice: &Voice<'_>) -> Vec<Sentence> {
    let rounded = besides::scale(voice, true);
    let what = match rounded.is_empty() {
        true => what::happened(voice),
        false => phrase![rounded, ", so that this run is of another system; in it ", what::happened(voice)],
    };
    let what = phrase![besides::in_part(voice, "the run"), what, stuck(voice)];
    let parts = [what, why::reason(voice), whom::harmed(voice), besides::more(voice)];
    parts.into_iter().filter(|part| !part.is_empty()).map(Phrase::sentence).collect()
}

/// That the run is stuck, if it is.
fn stuck(voice: &Voice<'_>) -> Phrase {
    let frame = &voice.run.frame;
    if voice.run.stuck != Some(true) {
        return Phrase::default();
    }
    let from_s = frame.time_s(frame.measured.end.saturating_sub(frame.window).max(frame.measured.start));
    let fact = Fact::Stuck { from_s, to_s: frame.until_s(), bound: frame.bound };
    let stuck = Claim { text: "stuck".to_owned(), fact };
    phrase!["; it is ", stuck, ", since first tries would fit and a run without the trigger is within the bound then"]
}
