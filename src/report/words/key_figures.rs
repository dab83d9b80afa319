//! Key figures: what a reader looks up first, each a number with a few words.

mod in_runs;
mod shared;

pub use in_runs::busiest as busiest_in_runs;

use self::shared::{AGAIN, CAME, IS_HOW_BUSY, OR_MORE, REPEATED, SENT, peak_of, tries, worst_kinds};
use super::claim::{Claim, Fact, Lasting};
use super::harm::{KINDS, Kind};
use super::moment::length;
use super::phrase::{Phrase, Sentence, phrase};
use super::spell::Spell;
use super::voice::{ATTEMPTS, ERRORS, Voice};
use crate::analysis::{End, Replications};
use crate::measure::Scope;
use crate::model;
use crate::report::numbers::{self, count, millis, percent};
use crate::vocabulary::{Column, Figure};

/// Key figures of a run, at most.
pub const MOST: usize = 7;
/// Share of the time from the drop until a trouble is over from which on the time above the bound is nearly the same.
const NEARLY: f64 = 0.9;

/// The key figures of a run or of its replications, each a sentence that begins with its number.
pub fn of(voice: &Voice<'_>, all: &Replications) -> Vec<Sentence> {
    let [first, more] = if all.only().is_some() { of_run(voice) } else { in_runs::of(voice, all) };
    let is_told = |figure: &Phrase| !figure.is_empty();
    let mut told: Vec<Phrase> = first.into_iter().filter(is_told).collect();
    let room = MOST.saturating_sub(told.len());
    told.extend(more.into_iter().filter(is_told).take(room));
    told.truncate(MOST);
    told.into_iter().map(Phrase::title).collect()
}

/// The key figures of one run, and those for which there may be room.
fn of_run(voice: &Voice<'_>) -> [Vec<Phrase>; 2] {
    let first = [present(voice)].into_iter().chain(harms(voice));
    let first = first.chain([beyond(voice), repeated(voice), height(voice), end(voice)]).collect();
    [first, vec![attempts(voice), started(voice), streams(voice), busiest(voice)]]
}

/// A positive figure of the summary as a claim.
fn figure(voice: &Voice<'_>, figure: Figure, show: impl Fn(f64) -> String) -> Option<Claim> {
    let value = voice.figure(figure).filter(|value| *value > 0.0)?;
    Some(Claim { text: show(value), fact: Fact::Figure { value, path: figure.name().to_owned() } })
}

/// A number of people as a claim; `None` for nobody.
fn people(voice: &Voice<'_>, path: &'static str) -> Option<(f64, Claim)> {
    let value = voice.figure(Figure::named(path)?).filter(|value| *value > 0.0)?;
    let fact = Fact::People { value, path: path.to_owned(), at_least: false };
    Some((value, Claim { text: count(value), fact }))
}

fn present(voice: &Voice<'_>) -> Phrase {
    people(voice, "viewers.present").map(|(_, people)| phrase![people, CAME]).into()
}

/// The people harmed, by kind, with their share of all people.
fn harms(voice: &Voice<'_>) -> Vec<Phrase> {
    let Some((present, _)) = people(voice, "viewers.present") else { return Vec::new() };
    let of = |kind: &Kind| {
        let (value, claim) = people(voice, kind.figure.name())?;
        let (share, is_at_least) = (value / present, kind.is_at_least(voice));
        let fact =
            Fact::Factor { value: share, path: kind.figure.name().to_owned(), per: "viewers.present".to_owned() };
        let (more, before) = if is_at_least { (OR_MORE, " (at least ") } else { ("", " (") };
        let share = Claim { text: numbers::share(share), fact };
        Some(([value, value], phrase![claim, more, kind.past, before, share, ")"]))
    };
    worst_kinds(KINDS.iter().filter_map(of))
}

/// For how long more attempts fail than the bound allows; nothing where the time at which it is over says nearly the same.
fn beyond(voice: &Voice<'_>) -> Phrase {
    if let [only] = voice.run.everything.troubles.as_slice()
        && only.begin_s >= 0.0
        && only.end.is_over()
        && only.above_s >= NEARLY * only.end_s
    {
        return Phrase::default();
    }
    let path = Figure::TroubleAbove.name().to_owned();
    let value = voice.figure(Figure::TroubleAbove).filter(|value| *value > 0.0);
    let told = value.map(|value| {
        let long = Claim { text: length(value), fact: Fact::Length { value, of: Lasting::Figure { path } } };
        phrase![long, " beyond ", voice.bound(), " of errors"]
    });
    told.into()
}

fn repeated(voice: &Voice<'_>) -> Phrase {
    let value = voice.figure(Figure::AmplificationTotal).filter(|value| *value >= REPEATED);
    value.and_then(|_| figure(voice, Figure::AmplificationTotal, tries)).map(|claim| phrase![claim, AGAIN]).into()
}

/// Share of the attempts that fail in the worst window.
fn height(voice: &Voice<'_>) -> Phrase {
    let course = &voice.run.everything;
    if course.ended > 0.0 && course.failed <= 0.0 {
        return phrase![voice.zero("none", ERRORS, course.scope), " of the attempts failed"];
    }
    match course.worst() {
        Some(worst) => {
            phrase![voice.worst(worst, course.scope), " failed in the worst ", voice.window(worst.window_s())]
        }
        None => Phrase::default(),
    }
}

/// When the last trouble is over.
fn end(voice: &Voice<'_>) -> Phrase {
    let Some(last) = voice.run.everything.troubles.last() else { return Phrase::default() };
    let claim = Spell::of(last).end_claim(voice, Scope::default());
    match last.end {
        End::Over { .. } => phrase![claim, " it is over"],
        End::NotOver { .. } => phrase![claim, voice.when_it_ends()],
        End::FewAfter { .. } => phrase![claim, " it lasts, or longer"],
    }
}

fn attempts(voice: &Voice<'_>) -> Phrase {
    let sent = voice.figure(Figure::AttemptsTotal).filter(|sent| *sent > 0.0);
    sent.map(|sent| phrase![voice.sum(sent, ATTEMPTS, Scope::default()), SENT]).into()
}

fn started(voice: &Voice<'_>) -> Phrase {
    let median = figure(voice, Figure::StartTimeP50, millis);
    median.map(|median| phrase![median, " to the first frame (median)"]).into()
}

/// The most streams at once.
fn streams(voice: &Voice<'_>) -> Phrase {
    let Some(peak) = voice.run.peaks.streams else { return Phrase::default() };
    let fact = Fact::Highest(voice.cell(peak, Column::StreamsMean, Scope::default()));
    phrase![Claim { text: count(peak.value), fact }, " streams at the peak"]
}

/// Peak utilization of the busiest pool, as a key figure.
fn busiest(voice: &Voice<'_>) -> Phrase {
    busy(voice).map(|(pool, claim)| phrase![claim, IS_HOW_BUSY, voice.pool(pool), " gets"]).into()
}

/// The pool with the highest utilization of an interval, of equals the first, and that utilization.
pub fn busy(voice: &Voice<'_>) -> Option<(usize, Claim)> {
    let value = |pool: usize| Some((pool, voice.figures.figure(peak_of(pool))?.mean)).filter(|(_, busy)| *busy > 0.0);
    let pools = (0..voice.run.pools.len()).filter_map(value);
    let (pool, value) = pools.reduce(|most, next| if next.1 > most.1 { next } else { most })?;
    let path = peak_of(pool).name(&model::names(voice.context.spec));
    Some((pool, Claim { text: percent(value), fact: Fact::Figure { value, path } }))
}
