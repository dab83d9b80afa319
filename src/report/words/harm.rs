//! The kinds of harm to people, and the words for them: the one table of them.

use super::phrase::{Phrase, phrase};
use super::voice::Voice;
use crate::analysis::{Analysis, Peak};
use crate::vocabulary::Figure;

/// Share of the wait beyond which an answer is late, from which on the waits of calls are told.
pub const TENTH: f64 = 0.1;

/// A kind of harm to people.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Number of people in a run.
    pub people: fn(&Analysis) -> f64,
    /// The figure.
    pub figure: Figure,
    /// The harm in a column's heading.
    pub heading: &'static str,
    /// Verb phrases behind a number of people, in the present: of one person, and of several.
    pub now: [&'static str; 2],
    /// Verb phrase behind a number of people, in the past.
    pub past: &'static str,
    /// The same as `now` before the wait beyond which an answer is late, where that is what the harm is.
    before_late: Option<[&'static str; 2]>,
}

/// The kinds of harm in the order in which they are told; of kinds that hurt as many people, the first counts.
pub const KINDS: [Kind; 5] = [
    Kind {
        people: |run| run.harm.saw_error,
        figure: Figure::HarmSawError,
        heading: "saw error",
        now: [" sees an error page", " see an error page"],
        past: " saw an error page",
        before_late: None,
    },
    Kind {
        people: |run| run.harm.gave_up,
        figure: Figure::HarmGaveUp,
        heading: "gave up",
        now: [" gives up", " give up"],
        past: " gave up",
        before_late: None,
    },
    Kind {
        people: |run| run.harm.waited,
        figure: Figure::HarmWaited,
        heading: "waited",
        now: [" waits too long", " wait too long"],
        past: " waited too long",
        before_late: Some([" waits more than ", " wait more than "]),
    },
    Kind {
        people: |run| run.harm.stalled,
        figure: Figure::HarmStalled,
        heading: "stalled",
        now: [" sees the stream stall", " see the stream stall"],
        past: " saw the stream stall",
        before_late: None,
    },
    Kind {
        people: |run| run.harm.degraded,
        figure: Figure::HarmDegraded,
        heading: "degraded",
        now: [" gets a poor picture", " get a poor picture"],
        past: " had a poor picture",
        before_late: None,
    },
];

impl Kind {
    /// Dotted path of the figure.
    pub fn path(&self) -> &'static str {
        self.figure.name()
    }

    /// Verb phrase for the harm, behind the number of people: ` see an error page`, ` wait more than 10 s for an answer`.
    pub fn suffered(&self, voice: &Voice<'_>, by_one: bool) -> Phrase {
        let of = |words: [&'static str; 2]| words[usize::from(!by_one)];
        match self.before_late {
            Some(words) => phrase![of(words), voice.late(), " for an answer"],
            None => of(self.now).into(),
        }
    }

    /// Whether only people who watch a stream may suffer so.
    pub fn is_of_streams(&self) -> bool {
        matches!(self.figure, Figure::HarmStalled | Figure::HarmDegraded)
    }

    /// Whether more people may suffer so than are counted: waits behind the pool that is asked are counted for nobody.
    pub fn is_at_least(&self, voice: &Voice<'_>) -> bool {
        let waits_in_vain = || voice.run.called.iter().any(|called| called.waits_in_vain);
        self.before_late.is_some() && (longest_wait(voice).is_some() || waits_in_vain())
    }
}

/// The called pool in whose queue calls wait longest in the mean of an interval, and for how long, if that is worth a word.
pub fn longest_wait(voice: &Voice<'_>) -> Option<(usize, Peak)> {
    let waits = voice.run.called.iter().filter_map(|called| Some((called.pool, called.wait?)));
    let most = waits.reduce(|most, next| if next.1.value > most.1.value { next } else { most });
    most.filter(|(_, wait)| wait.value >= TENTH * 1e3 * voice.run.frame.wait_bound.seconds())
}
