//! What failed, when it began, and when it was over.

use super::claim::{Claim, Fact};
use super::height::Height;
use super::phrase::{Phrase, phrase};
use super::spell::{Spell, troubles, waiting};
use super::voice::{ATTEMPTS, ENDED, ERRORS, Voice};
use crate::analysis::{Course, End, Level, Trouble};

/// What became of the attempts of everything; `harmed` tells of the people who are harmed though none fails.
pub fn happened(voice: &Voice<'_>, harmed: Phrase) -> Phrase {
    let course = &voice.run.everything;
    let waits = waiting(voice, course);
    let is_harm_first = !harmed.is_empty();
    let told = phrase![attempts(voice, course), harmed];
    match waits {
        None => told,
        Some(waits) if is_harm_first => phrase![told, "; ", waits],
        Some(waits) if course.fails() => phrase![told, "; ", waits],
        Some(waits) if course.ended <= 0.0 && course.sent > 0.0 => phrase![told, "; ", waits],
        Some(waits) => phrase![told, ", but ", waits],
    }
}

/// How many of the attempts of everything fail, and when.
pub fn attempts(voice: &Voice<'_>, course: &Course) -> Phrase {
    if course.sent <= 0.0 && course.ended <= 0.0 {
        return phrase![voice.zero("nobody", ATTEMPTS, course.scope), " asks for anything"];
    }
    if course.ended <= 0.0 {
        let sent = voice.sum(course.sent, ATTEMPTS, course.scope);
        return phrase![voice.zero("none", ENDED, course.scope), " of ", sent, " attempts is answered"];
    }
    if course.steady.is_some() || !course.troubles.is_empty() {
        return told(voice, course);
    }
    let ended = voice.sum(course.ended, ENDED, course.scope);
    if course.failed <= 0.0 {
        let beats = voice.run.requests.iter().any(|request| request.is_heartbeat && request.course.failed > 0.0);
        let aside = if beats { ", heartbeats aside" } else { "" };
        return phrase![voice.zero("no", ERRORS, course.scope), " attempt of ", ended, " fails", aside];
    }
    let few = phrase![voice.sum(course.failed, ERRORS, course.scope), " of ", ended, verb(course.failed)];
    let Some(worst) = course.worst_window.as_ref().filter(|_| !course.is_few) else { return few };
    let limit = match worst.rate <= voice.run.frame.bound {
        true => phrase![", which is within the bound of ", voice.bound()],
        false => Phrase::default(),
    };
    phrase![few, ", at the worst ", voice.worst(worst, course.scope), " in ", voice.window(worst.window_s()), limit]
}

/// The verb for attempts that fail.
fn verb(failed: f64) -> &'static str {
    if failed.round() == 1.0 { " attempts fails" } else { " attempts fail" }
}

/// What became of the attempts of a scope that fail throughout or in troubles.
pub fn told(voice: &Voice<'_>, course: &Course) -> Phrase {
    if let Some(steady) = course.steady {
        let fact = Fact::Steady {
            ratio: voice.ratio(steady.rate, course.scope, voice.measured()),
            level: steady.level.word(),
            bound: voice.run.frame.bound,
            window_s: voice.run.frame.window_s(),
        };
        let rate = Claim { text: voice.share(steady.rate), fact };
        let level = match steady.level {
            Level::Above => " fail throughout, above the bound of ",
            Level::About => " fail throughout, about the bound of ",
            Level::Within => " fail throughout, within the bound of ",
        };
        return phrase![rate, " of attempts", voice.place(course.scope), level, voice.bound()];
    }
    match course.troubles.as_slice() {
        [] => Phrase::default(),
        [only] => single(voice, course, only),
        _ => troubles(voice, course),
    }
}

/// How high the only trouble of a scope is, and from when until when it lasts: once if it is as bad from its begin to its end.
fn single(voice: &Voice<'_>, course: &Course, trouble: &Trouble) -> Phrase {
    let (scope, spell) = (course.scope, Spell::of(trouble));
    let place = voice.place(scope);
    let height = Height::of(voice, trouble, scope);
    if height.is_whole(trouble) {
        // From the drop on, the end is the length.
        let is_length =
            trouble.begin_s == 0.0 && !matches!(trouble.end, End::NotOver { .. }) && !voice.moments.are_dated();
        let long = (!is_length).then(|| phrase![" for ", voice.lasting(height.over)]);
        return phrase![height.share, place, " fail", long, spell.lasts(voice, scope)];
    }
    let begins = (height.over.from_s == trouble.begin_s).then(|| spell.beginning(voice, scope));
    let rest = match begins {
        Some(_) => spell.from_then_on(voice, scope),
        None => spell.told(voice, scope),
    };
    phrase![height.told(voice, place, begins), "; ", rest]
}
