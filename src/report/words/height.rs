//! The height of a trouble: the rate of its plateau, or of its worst window.

use super::claim::{Claim, Fact, Stretch};
use super::phrase::{Phrase, phrase};
use super::voice::{ENDED, ERRORS, Voice};
use crate::analysis::frame::ENOUGH;
use crate::analysis::{Plateau, Trouble};
use crate::measure::Scope;

/// Part of a trouble that must be nearly as bad as its plateau, and of the plateau's rate that the trouble must have, for the whole to be
/// told instead.
const NEARLY: f64 = 0.9;

/// Height of the error rate of a trouble, and the part of the trouble that has it.
pub struct Height {
    /// The share of the attempts that fail: `96% of attempts`; of few attempts both numbers: `26 of 29 attempts`.
    pub share: Phrase,
    /// The stretch that has the share.
    pub over: Stretch,
    /// Whether the stretch is the worst window of a trouble that is longer.
    pub is_worst: bool,
}

impl Height {
    /// The height of a trouble of a scope: of the whole of one that is nearly all plateau, else of its plateau, else of its worst
    /// window.
    pub fn of(voice: &Voice<'_>, trouble: &Trouble, scope: Scope) -> Height {
        let whole = Stretch { from_s: trouble.begin_s, to_s: trouble.end_s };
        if trouble.ended < ENOUGH * voice.run.frame.full() {
            let sum = |value: f64, column| voice.sum_over(value, column, scope, whole);
            let share = phrase![sum(trouble.failed, ERRORS), " of ", sum(trouble.ended, ENDED), " attempts"];
            return Height { share, over: whole, is_worst: false };
        }
        let of_attempts = |rate: Claim| phrase![rate, " of attempts"];
        if let Some(plateau) = &trouble.plateau {
            let over = Stretch { from_s: plateau.from_s, to_s: plateau.to_s };
            // A single window that chance puts beside the plateau ends it, and changes nothing of how bad the rest is.
            let is_whole = plateau.alike_s >= NEARLY * whole.seconds() && trouble.rate() >= NEARLY * plateau.rate;
            let (rate, over) = if is_whole {
                let ratio = voice.ratio(trouble.rate(), scope, whole);
                (Claim { text: voice.share(trouble.rate()), fact: Fact::Rate(ratio) }, whole)
            } else {
                (self::plateau(voice, trouble, plateau, scope), over)
            };
            return Height { share: of_attempts(rate), over, is_worst: false };
        }
        let over = Stretch { from_s: trouble.worst.from_s, to_s: trouble.worst.to_s };
        Height { share: of_attempts(voice.worst(&trouble.worst, scope)), over, is_worst: over != whole }
    }

    /// Whether the trouble is as high from its begin to its end.
    pub fn is_whole(&self, trouble: &Trouble) -> bool {
        (self.over.from_s, self.over.to_s) == (trouble.begin_s, trouble.end_s)
    }

    /// Tells the error rate, its window and its moment: `96% of attempts fail at the worst, in 1 min from the drop`. `place` is
    /// where attempts are made, and `from` the moment with the word before it, if something else tells it.
    pub fn told(self, voice: &Voice<'_>, place: Phrase, from: Option<Phrase>) -> Phrase {
        let from = from.unwrap_or_else(|| phrase![" from ", voice.from(self.over.from_s, Scope::default())]);
        if self.is_worst {
            phrase![self.share, place, " fail at the worst, in ", voice.window(self.over.seconds()), from]
        } else {
            phrase![self.share, place, " fail for ", voice.lasting(self.over), from]
        }
    }
}

/// The rate of a plateau of a trouble.
fn plateau(voice: &Voice<'_>, trouble: &Trouble, plateau: &Plateau, scope: Scope) -> Claim {
    let over = Stretch { from_s: plateau.from_s, to_s: plateau.to_s };
    let ratio = voice.ratio(plateau.rate, scope, over);
    let window_s = voice.run.frame.window_s();
    let fact = Fact::Plateau { ratio, window_s, over_from_s: trouble.begin_s, over_to_s: trouble.end_s };
    Claim { text: voice.share(plateau.rate), fact }
}
