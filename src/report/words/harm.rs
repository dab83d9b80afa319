//! The kinds of harm to people, and the words for them: the one table of them.

use super::phrase::{Phrase, phrase};
use super::voice::Voice;
use crate::analysis::{Analysis, Peak, Replications, Spread};
use crate::vocabulary::Figure;

/// Share of the wait beyond which an answer is late, from which on the waits of calls are told.
pub const TENTH: f64 = 0.1;

/// Part of the people of the kind of harm that most come to, below which those of another kind are slight.
pub const SLIGHT: f64 = 0.01;
/// People, as simulated, below which numbers of people differ by chance.
const FEW: f64 = 10.0;

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

    /// The people over several replications. Few people differ by chance and are not told as two groups.
    pub fn spread(&self, voice: &Voice<'_>, all: &Replications) -> Option<Spread> {
        let spread = all.spread_of(self.figure.into())?;
        let are_few = spread.high < FEW * voice.run.frame.full();
        Some(Spread { groups: spread.groups.filter(|_| !are_few), ..spread })
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

/// The kind of harm that most people come to in the median of several replications, of equals in that in which most do, and their number
/// in the median; `None` where nobody is harmed.
pub fn most(all: &Replications) -> Option<(Kind, f64)> {
    let people = |kind: Kind| all.spread_of(kind.figure.into()).map(|people| (kind, [people.median, people.high]));
    let known = KINDS.into_iter().filter_map(people).filter(|(_, [_, high])| *high > 0.0);
    let most = known.reduce(|most, next| if next.1 > most.1 { next } else { most });
    most.map(|(kind, [median, _])| (kind, median))
}

/// The called pool in whose queue calls wait longest in the mean of an interval, and for how long, if that is worth a word.
pub fn longest_wait(voice: &Voice<'_>) -> Option<(usize, Peak)> {
    let waits = voice.run.called.iter().filter_map(|called| Some((called.pool, called.wait?)));
    let most = waits.reduce(|most, next| if next.1.value > most.1.value { next } else { most });
    most.filter(|(_, wait)| wait.value >= TENTH * 1e3 * voice.run.frame.wait_bound.seconds())
}
