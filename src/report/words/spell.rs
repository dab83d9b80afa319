//! Begin and end of troubles and waits.

use super::claim::{Aftermath, Claim, Fact, Lasting, Rule, Stretch, Trouble as Kind};
use super::height::Height;
use super::moment::length;
use super::phrase::{Phrase, phrase};
use super::voice::{ATTEMPTS, Voice};
use crate::analysis::{Begin, Course, End, Trouble, Wait};
use crate::measure::Scope;
use crate::report::numbers::grouped;

/// Share of a trouble's time above the bound below which that time is told.
const MOSTLY: f64 = 0.8;
/// Multiple of the worst rate of the trouble with most failures from which on that of another is told beside it.
const MUCH: f64 = 1.2;
/// Share of the attempts sent that must be unanswered at the end to be told.
const UNANSWERED: f64 = 0.01;

/// A stretch of trouble or of waiting.
#[derive(Clone, Copy, Debug)]
pub struct Spell {
    kind: Kind,
    begin: Begin,
    end: End,
    over: Stretch,
    above_s: f64,
}

impl Spell {
    /// The spell of a trouble.
    pub fn of(trouble: &Trouble) -> Spell {
        let over = Stretch { from_s: trouble.begin_s, to_s: trouble.end_s };
        Spell { kind: Kind::Errors, begin: trouble.begin, end: trouble.end, over, above_s: trouble.above_s }
    }

    /// The spell of a wait.
    fn of_wait(wait: &Wait) -> Spell {
        let over = Stretch { from_s: wait.begin_s, to_s: wait.end_s };
        Spell { kind: Kind::Waiting, begin: wait.begin, end: wait.end, over, above_s: over.seconds() }
    }

    /// Between which moments more attempts fail than the bound allows, as a clause.
    pub fn told(&self, voice: &Voice<'_>, scope: Scope) -> Phrase {
        let above = self.part_above(voice, scope);
        let (begins, until) = (self.beginning(voice, scope), self.until(voice, scope));
        phrase!["more than ", voice.bound(), of_attempts(voice, scope), " fail", above, begins, until]
    }

    /// The same of a spell whose begin is told.
    pub fn from_then_on(&self, voice: &Voice<'_>, scope: Scope) -> Phrase {
        let above = self.part_above(voice, scope);
        let on = (above.is_some() || matches!(self.end, End::NotOver { .. })).then(|| " from then on".into());
        phrase!["more than ", voice.bound(), " fail", above, on, self.until(voice, scope)]
    }

    /// From when until when the spell lasts: ` from the drop until 5 min after the drop`.
    pub fn lasts(&self, voice: &Voice<'_>, scope: Scope) -> Phrase {
        let whole = self.above(voice, scope);
        let above = whole.map(|above| phrase![", above the bound of ", voice.bound(), " for ", above, " of this time"]);
        phrase![self.beginning(voice, scope), self.until(voice, scope), above]
    }

    /// From when on the spell lasts: ` from the drop`.
    pub fn beginning(&self, voice: &Voice<'_>, scope: Scope) -> Phrase {
        let from = if self.begin == Begin::AtTheStart { " " } else { " from " };
        phrase![from, self.begins(voice, scope, |value| voice.moments.bare(value))]
    }

    /// Until when the spell lasts: ` until 5 min after the drop`.
    fn until(&self, voice: &Voice<'_>, scope: Scope) -> Phrase {
        match self.end {
            End::Over { .. } => phrase![" until ", self.end_claim(voice, scope)],
            End::NotOver { .. } => phrase![", which is ", self.end_claim(voice, scope), voice.when_it_ends()],
            End::FewAfter { sent_after, .. } => {
                let last = self.end_claim(voice, scope);
                phrase![" until ", last, self.few_after(voice, scope, sent_after)]
            }
        }
    }

    /// Attempts after a spell that are too few to say that it is over.
    fn few_after(&self, voice: &Voice<'_>, scope: Scope, sent_after: f64) -> Phrase {
        if sent_after > 0.0 {
            return " or longer, since too few ask after that to tell".into();
        }
        let rest = Stretch { from_s: self.over.to_s, to_s: voice.measured().to_s };
        phrase![", after which ", voice.zero_in("nobody", ATTEMPTS, scope, rest), " asks"]
    }

    /// When the spell begins, the moment in words by `told` unless that is the start of what is measured.
    fn begins(&self, voice: &Voice<'_>, scope: Scope, told: impl Fn(f64) -> String) -> Claim {
        let value = self.over.from_s;
        let text = voice.at_the_start(value).map_or_else(|| told(value), |start| format!("from {start}"));
        Claim { text, fact: Fact::Begins { value, rule: voice.rule(self.kind, scope), until_s: self.over.to_s } }
    }

    /// The claim about the end of the spell: that it is over, that it is not, or when it was seen last.
    pub fn end_claim(&self, voice: &Voice<'_>, scope: Scope) -> Claim {
        let rule = voice.rule(self.kind, scope);
        match self.end {
            End::Over { attempts_after, rate_after } => {
                let (value, since_s) = (self.over.to_s, self.over.from_s);
                let fact = Fact::Over { value, rule, since_s, attempts_after, rate_after };
                Claim { text: voice.moments.bare(value), fact }
            }
            End::NotOver { sent_after, ended_after } => {
                let fact = Fact::NotOver(self.after(rule, sent_after, ended_after));
                Claim { text: "not over".to_owned(), fact }
            }
            End::FewAfter { sent_after, ended_after } => {
                let fact = Fact::FewAfter(self.after(rule, sent_after, ended_after));
                Claim { text: voice.moments.bare(self.over.to_s), fact }
            }
        }
    }

    /// The claim that the spell is over at its end; `None` unless it is.
    fn is_over(&self, voice: &Voice<'_>, scope: Scope) -> Option<Claim> {
        let End::Over { attempts_after, rate_after } = self.end else { return None };
        let (value, since_s) = (self.over.to_s, self.over.from_s);
        let fact = Fact::Over { value, rule: voice.rule(self.kind, scope), since_s, attempts_after, rate_after };
        Some(Claim { text: voice.moments.at(value), fact })
    }

    /// When the spell ends: ` is over 5 min after the drop`.
    pub fn ends(&self, voice: &Voice<'_>, scope: Scope) -> Phrase {
        let rule = voice.rule(self.kind, scope);
        match self.end {
            End::Over { .. } => phrase![" is over ", self.is_over(voice, scope).map(Phrase::from)],
            End::NotOver { sent_after, ended_after } => {
                let claim = Claim {
                    text: "not over".to_owned(),
                    fact: Fact::NotOver(self.after(rule, sent_after, ended_after)),
                };
                phrase![" is ", claim, voice.when_it_ends()]
            }
            End::FewAfter { sent_after, ended_after } => {
                let fact = Fact::FewAfter(self.after(rule, sent_after, ended_after));
                let last = Claim { text: voice.moments.at(self.over.to_s), fact };
                phrase![" lasts until ", last, self.few_after(voice, scope, sent_after)]
            }
        }
    }

    /// End of the spell in few words: `over 5 min after the drop`.
    pub fn ending(&self, voice: &Voice<'_>, scope: Scope) -> Phrase {
        match self.is_over(voice, scope) {
            Some(over) => phrase!["over ", over],
            None => phrase!["this", self.ends(voice, scope)],
        }
    }

    fn after(&self, rule: Rule, sent_after: f64, ended_after: f64) -> Aftermath {
        Aftermath { value: self.over.to_s, rule, since_s: self.over.from_s, sent_after, ended_after }
    }

    /// For how much of its time the spell is above the bound, if that is not nearly all of it.
    fn above(&self, voice: &Voice<'_>, scope: Scope) -> Option<Claim> {
        (self.above_s < MOSTLY * self.over.seconds()).then(|| {
            let of = Lasting::Above { scope: voice.rows(scope), bound: voice.run.frame.bound, over: self.over };
            Claim { text: length(self.above_s), fact: Fact::Length { value: self.above_s, of } }
        })
    }

    /// The same before the moments between which that is: ` for 7 min 35 s of the time`.
    fn part_above(&self, voice: &Voice<'_>, scope: Scope) -> Option<Phrase> {
        self.above(voice, scope).map(|above| phrase![" for ", above, " of the time"])
    }
}

/// The attempts of a place, where a clause is not about everything.
fn of_attempts(voice: &Voice<'_>, scope: Scope) -> Option<Phrase> {
    (scope != Scope::default()).then(|| phrase![" of attempts", voice.place(scope)])
}

/// Several troubles of a scope: how many from when until when, how high the one with most failures is, and the highest if that is
/// another.
pub fn troubles<'a>(voice: &Voice<'_>, course: &'a Course) -> Vec<Phrase> {
    let (Some(first), Some(last), Some(main)) = (course.troubles.first(), course.troubles.last(), course.main()) else {
        return Vec::new();
    };
    let (first, last, scope) = (Spell::of(first), Spell::of(last), course.scope);
    let ends = match last.end {
        End::NotOver { .. } => phrase![", of which the last", last.ends(voice, scope)],
        _ => last.until(voice, scope),
    };
    let when = phrase![slight(voice, course), first.beginning(voice, scope), ends];
    let height = |trouble: &Trouble| Height::of(voice, trouble, scope).told(voice, voice.place(scope), None);
    let higher = |most: &'a Trouble, next: &'a Trouble| if next.worst.rate > most.worst.rate { next } else { most };
    // The trouble with most failures may be a long one in which a small part fails.
    let highest = course.troubles.iter().reduce(higher).filter(|it| it.worst.rate > MUCH * main.worst.rate);
    let told = phrase!["attempts", voice.place(scope), " fail in ", how_many(voice, course), when];
    [told, height(main)].into_iter().chain(highest.map(height)).collect()
}

/// Total length of several troubles of a scope, and the begin of the one with most failures; nothing of one trouble.
pub fn together(voice: &Voice<'_>, course: &Course) -> Vec<Phrase> {
    let Some(main) = course.main().filter(|_| course.troubles.len() > 1) else { return Vec::new() };
    let (scope, spell) = (course.scope, Spell::of(main));
    let verb = if spell.begin == Begin::AtTheStart { " lasts " } else { " begins " };
    let begins = spell.begins(voice, scope, |value| voice.moments.at(value));
    let last = phrase![how_many(voice, course), voice.place(scope), " last ", length_of_all(voice, course)];
    vec![phrase!["the ", last, " together, and the largest", verb, begins]]
}

/// Number of the troubles that are told.
pub fn how_many(voice: &Voice<'_>, course: &Course) -> Claim {
    number(voice, course, course.troubles.len(), "troubles", "troubles")
}

/// A number of troubles.
fn number(voice: &Voice<'_>, course: &Course, number: usize, of: &'static str, noun: &str) -> Claim {
    let value = number as f64;
    let kind = if of == "waiting" { Kind::Waiting } else { Kind::Errors };
    let by = Some(voice.rule(kind, course.scope).by);
    Claim { text: format!("{} {noun}", grouped(value)), fact: Fact::Count { value, of, by } }
}

fn slight(voice: &Voice<'_>, course: &Course) -> Option<Phrase> {
    let noun = match course.slight.len() {
        0 => return None,
        1 => "slight one",
        _ => "slight ones",
    };
    Some(phrase![" and ", number(voice, course, course.slight.len(), "slight_troubles", noun)])
}

/// The length of the troubles that are told, together.
fn length_of_all(voice: &Voice<'_>, course: &Course) -> Claim {
    let value: f64 = course.troubles.iter().map(Trouble::length_s).sum();
    let Rule { of: of_trouble, by } = voice.rule(Kind::Errors, course.scope);
    let of = Lasting::Troubles { of_trouble, by };
    Claim { text: length(value), fact: Fact::Length { value, of } }
}

/// Greatest number of attempts of a scope that wait too long at once, as a lower bound.
pub fn at_once(voice: &Voice<'_>, course: &Course) -> Phrase {
    let (waiting, scope) = (&course.waiting, course.scope);
    let (frame, at_s) = (&voice.run.frame, waiting.most_at_s);
    // Intervals that are longer than a wait that is late show who waits for a whole interval.
    let whole = Stretch { from_s: at_s - frame.length_s(1), to_s: at_s };
    let (bound, long) = if frame.width > frame.wait_bound {
        (whole.seconds(), voice.lasting(whole))
    } else {
        (frame.wait_bound.seconds(), voice.late())
    };
    let most = voice.unanswered(waiting.most, at_s, bound, true, scope);
    let place = voice.place(scope);
    phrase!["at least ", most, " attempts", place, " at once wait more than ", long, " for an answer"]
}

/// Attempts of a scope that wait too long: how many at once, and when; `None` if too few do.
pub fn waiting(voice: &Voice<'_>, course: &Course) -> Option<[Phrase; 2]> {
    let (waiting, scope) = (&course.waiting, course.scope);
    let (first, last) = (waiting.stretches.first()?, waiting.stretches.last()?);
    let number = match waiting.stretches.len() {
        1 => None,
        waits => Some(phrase![", in ", number(voice, course, waits, "waiting", "such times")]),
    };
    let (this, rest) = if number.is_some() { ("the first", ", the last") } else { ("this", " and") };
    let (first, last) = (Spell::of_wait(first), Spell::of_wait(last));
    let verb = if first.begin == Begin::AtTheStart { " lasts " } else { " begins " };
    let begins = first.begins(voice, scope, |value| voice.moments.at(value));
    let when = phrase![this, verb, begins, rest, last.ends(voice, scope), at_the_end(voice, course)];
    Some([phrase![at_once(voice, course), number], when])
}

/// The attempts without an answer when the run ends, if they are many and the waiting is not over.
fn at_the_end(voice: &Voice<'_>, course: &Course) -> Option<Phrase> {
    let left = course.waiting.under_way_at_the_end;
    let is_over = course.waiting.stretches.last().is_some_and(|wait| wait.end.is_over());
    // That none is answered is told already.
    (!is_over && left > UNANSWERED * course.sent && course.ended > 0.0).then(|| {
        let claim = voice.unanswered(left, voice.measured().to_s, 0.0, false, course.scope);
        phrase![", with ", claim, " still unanswered"]
    })
}
