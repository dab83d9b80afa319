//! The height of a trouble: the rate of its plateau, or of its worst window.

use super::claim::{Claim, Fact, Stretch};
use super::phrase::{Phrase, phrase};
use super::voice::Voice;
use crate::analysis::{Course, Plateau, Trouble};
use crate::measure::Scope;

/// How high the error rate of a trouble is.
pub fn height(voice: &Voice<'_>, course: &Course, trouble: &Trouble) -> Phrase {
    let who = phrase![" of attempts", voice.place(course.scope)];
    if let Some(plateau) = &trouble.plateau {
        let (rate, over) = self::plateau(voice, trouble, plateau, course.scope);
        return phrase![
            rate,
            who,
            " fail for ",
            voice.lasting(over),
            " from ",
            voice.from(over.from_s, Scope::default())
        ];
    }
    let worst = voice.worst(&trouble.worst, course.scope);
    let window = voice.window(trouble.worst.window_s());
    if trouble.worst.is_whole {
        return phrase![worst, who, " fail in ", window];
    }
    phrase![worst, who, " fail at the worst, in ", window, " from ", voice.from(trouble.worst.from_s, Scope::default())]
}

/// The rate of a plateau of a trouble, and how long it lasts.
pub fn plateau(voice: &Voice<'_>, trouble: &Trouble, plateau: &Plateau, scope: Scope) -> (Claim, Stretch) {
    let over = Stretch { from_s: plateau.from_s, to_s: plateau.to_s };
    let ratio = voice.ratio(plateau.rate, scope, over);
    let window_s = voice.run.frame.window_s();
    let fact = Fact::Plateau { ratio, window_s, over_from_s: trouble.begin_s, over_to_s: trouble.end_s };
    (Claim { text: voice.share(plateau.rate), fact }, over)
}
