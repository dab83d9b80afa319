//! Failures in words: their share, their begin and their end.

use super::claim::{Claim, Fact};
use super::height::Height;
use super::phrase::{Phrase, phrase};
use super::spell::{Spell, together, troubles, waiting};
use super::voice::{ATTEMPTS, ENDED, ERRORS, Voice};
use crate::analysis::{Course, End, Level, Trouble};
use crate::measure::Scope;

/// The clauses on the attempts of everything, and the findings beside them; `harmed` tells of the people who are harmed though none
/// fails.
pub fn happened(voice: &Voice<'_>, harmed: Phrase) -> (Vec<Phrase>, Vec<Phrase>) {
    let course = &voice.run.everything;
    let is_harm_first = !harmed.is_empty();
    let mut told = attempts(voice, course);
    let last = told.pop();
    told.extend(last.map(|last| phrase![last, harmed]));
    let mut aside = together(voice, course);
    let Some([waits, when]) = waiting(voice, course) else { return (told, aside) };
    if course.fails() {
        aside.push(phrase![waits, "; ", when]);
        return (told, aside);
    }
    let none_ends = course.ended <= 0.0 && course.sent > 0.0;
    match told.pop() {
        Some(last) if !none_ends && !is_harm_first => told.push(phrase![last, ", but ", waits]),
        last => told.extend(last.into_iter().chain([waits])),
    }
    told.push(when);
    (told, aside)
}

/// Share of the attempts of everything that fail, and when.
pub fn attempts(voice: &Voice<'_>, course: &Course) -> Vec<Phrase> {
    if course.steady.is_some() || !course.troubles.is_empty() {
        told(voice, course)
    } else {
        vec![untroubled(voice, course)]
    }
}

/// Share of the attempts of everything that fail without making a trouble.
fn untroubled(voice: &Voice<'_>, course: &Course) -> Phrase {
    if course.sent <= 0.0 && course.ended <= 0.0 {
        return phrase![voice.zero("nobody", ATTEMPTS, course.scope), " asks for anything"];
    }
    if course.ended <= 0.0 {
        let sent = voice.sum(course.sent, ATTEMPTS, course.scope);
        return phrase![voice.zero("none", ENDED, course.scope), " of ", sent, " attempts is answered"];
    }
    let ended = voice.sum(course.ended, ENDED, course.scope);
    if course.failed <= 0.0 {
        let beats = voice.run.requests.iter().any(|request| request.is_heartbeat && request.course.failed > 0.0);
        let aside = if beats { ", heartbeats aside" } else { "" };
        // What came before or after is not told.
        let when = if voice.context.spec.measure.is_some() { " in the measured time" } else { "" };
        return phrase![voice.zero("no", ERRORS, course.scope), " attempt of ", ended, " fails", when, aside];
    }
    let few = phrase![voice.sum(course.failed, ERRORS, course.scope), " of ", ended, verb(course.failed)];
    let Some(worst) = course.worst_window.as_ref().filter(|_| !course.is_few) else { return few };
    let limit = if worst.rate <= voice.run.frame.bound {
        phrase![", which is within the bound of ", voice.bound()]
    } else {
        Phrase::default()
    };
    phrase![few, ", at the worst ", voice.worst(worst, course.scope), " in ", voice.window(worst.window_s()), limit]
}

/// The verb for attempts that fail.
fn verb(failed: f64) -> &'static str {
    if failed.round() == 1.0 { " attempts fails" } else { " attempts fail" }
}

/// Error rate of a scope whose attempts fail throughout or in troubles.
pub fn told(voice: &Voice<'_>, course: &Course) -> Vec<Phrase> {
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
        return vec![phrase![rate, " of attempts", voice.place(course.scope), level, voice.bound()]];
    }
    match course.troubles.as_slice() {
        [] => Vec::new(),
        [only] => single(voice, course, only),
        _ => troubles(voice, course),
    }
}

/// Error rate of the only trouble of a scope, its begin and its end: in one clause if it is as bad from its begin to its end.
fn single(voice: &Voice<'_>, course: &Course, trouble: &Trouble) -> Vec<Phrase> {
    let (scope, spell) = (course.scope, Spell::of(trouble));
    let place = voice.place(scope);
    let height = Height::of(voice, trouble, scope);
    if height.is_whole(trouble) {
        // From the drop on, the end is the length.
        let is_length =
            trouble.begin_s == 0.0 && !matches!(trouble.end, End::NotOver { .. }) && !voice.moments.are_dated();
        let long = (!is_length).then(|| phrase![" for ", voice.lasting(height.over)]);
        return vec![phrase![height.share, place, " fail", long, spell.lasts(voice, scope)]];
    }
    // Of a place the second clause may stand far from the first, and says the begin itself.
    let is_begun = height.over.from_s == trouble.begin_s && scope == Scope::default();
    match is_begun.then(|| spell.beginning(voice, scope)) {
        Some(begins) => vec![height.told(voice, place, Some(begins)), spell.from_then_on(voice, scope)],
        None => vec![height.told(voice, place, None), spell.told(voice, scope)],
    }
}
