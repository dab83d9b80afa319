//! Key figures: what a reader looks up first, each a number with a few words.

use super::claim::{Claim, Fact, Lasting};
use super::harm::{KINDS, Kind};
use super::moment::length;
use super::phrase::{Phrase, Sentence, phrase};
use super::spell::Spell;
use super::voice::{ATTEMPTS, ERRORS, Voice};
use crate::analysis::{End, Replications, State};
use crate::measure::Scope;
use crate::report::numbers::{self, count, millis, percent, trim_zeros};
use crate::vocabulary::{Column, Figure};

/// Key figures of a run, at most.
pub const MOST: usize = 7;
/// Kinds of harm among them, at most.
const HARMS: usize = 2;
/// Share of the time from the drop until a trouble is over from which on the time above the bound is nearly the same.
const NEARLY: f64 = 0.9;
/// Attempts for a first try from which on they are worth a figure.
const REPEATED: f64 = 1.05;

/// The key figures of a run or of its replications, each a sentence that begins with its number.
pub fn of(voice: &Voice<'_>, all: &Replications) -> Vec<Sentence> {
    let mut told: Vec<Phrase> = vec![present(voice)];
    told.extend(harms(voice));
    told.extend([beyond(voice, all), repeated(voice), height(voice, all), end(voice, all)]);
    told.retain(|figure| !figure.is_empty());
    let mut more = [attempts(voice), started(voice), streams(voice, all), busiest(voice)].into_iter();
    while told.len() < MOST
        && let Some(next) = more.next()
    {
        told.extend((!next.is_empty()).then_some(next));
    }
    told.truncate(MOST);
    told.into_iter().map(Phrase::title).collect()
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
    people(voice, "viewers.present").map(|(_, people)| phrase![people, " people came"]).into()
}

/// The people harmed, by kind, with their share of all people.
fn harms(voice: &Voice<'_>) -> Vec<Phrase> {
    let Some((present, _)) = people(voice, "viewers.present") else { return Vec::new() };
    let of = |path: &'static str, words: &'static str| {
        let (value, claim) = people(voice, path)?;
        let share = value / present;
        let fact = Fact::Factor { value: share, path: path.to_owned(), per: "viewers.present".to_owned() };
        Some(phrase![claim, words, " (", Claim { text: numbers::share(share), fact }, ")"])
    };
    let at_least = |kind: &Kind, told: Phrase| if kind.is_at_least(voice) { phrase!["at least ", told] } else { told };
    let of = |kind: &Kind| Some(at_least(kind, of(kind.figure.name(), kind.past)?));
    let found = KINDS.iter().filter_map(|kind| Some((voice.figure(kind.figure)?, of(kind)?)));
    let mut found: Vec<(f64, Phrase)> = found.collect();
    // The kind that most people come to is never left out: titles speak of it.
    let most = (0..found.len()).reduce(|most, next| if found[next].0 > found[most].0 { next } else { most });
    if let Some(most) = most.filter(|most| *most >= HARMS) {
        found.swap(HARMS - 1, most);
    }
    found.into_iter().take(HARMS).map(|(_, told)| told).collect()
}

/// For how long more attempts fail than the bound allows; nothing where the time at which it is over says nearly the same.
fn beyond(voice: &Voice<'_>, all: &Replications) -> Phrase {
    if all.only().is_some()
        && let [only] = voice.run.everything.troubles.as_slice()
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
    let show = |value: f64| trim_zeros(&format!("{value:.1}")).to_owned();
    value
        .and_then(|_| figure(voice, Figure::AmplificationTotal, show))
        .map(|claim| phrase![claim, " attempts for a first try"])
        .into()
}

/// Share of the attempts that fail in the worst window; empty for several replications.
fn height(voice: &Voice<'_>, all: &Replications) -> Phrase {
    // The verdict tells how replications differ; a mean of their peaks is that of no run.
    if all.only().is_none() {
        return Phrase::default();
    }
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
fn end(voice: &Voice<'_>, all: &Replications) -> Phrase {
    if all.only().is_none() {
        let share = all.in_state(Scope::default(), State::Over);
        let troubled = all.in_trouble(Scope::default());
        let fact = Fact::Runs {
            k: share.k,
            n: share.n,
            state: State::Over.name(),
            low: share.low,
            high: share.high,
            scope: None,
        };
        let told = Claim { text: format!("{} of {}", share.k, share.n), fact };
        return if troubled.k > 0 { phrase![told, " replications recover"] } else { Phrase::default() };
    }
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
    sent.map(|sent| phrase![voice.sum(sent, ATTEMPTS, Scope::default()), " attempts sent"]).into()
}

fn started(voice: &Voice<'_>) -> Phrase {
    let median = figure(voice, Figure::StartTimeP50, millis);
    median.map(|median| phrase![median, " to the first frame (median)"]).into()
}

/// The most streams at once.
fn streams(voice: &Voice<'_>, all: &Replications) -> Phrase {
    let Some(peak) = voice.run.peaks.streams.filter(|_| all.only().is_some()) else { return Phrase::default() };
    let fact = Fact::Highest(voice.cell(peak, Column::StreamsMean, Scope::default()));
    phrase![Claim { text: count(peak.value), fact }, " streams at the peak"]
}

/// Peak utilization of the busiest pool, as a key figure.
fn busiest(voice: &Voice<'_>) -> Phrase {
    busy(voice).map(|(pool, claim)| phrase![claim, " is how busy ", voice.pool(pool), " gets"]).into()
}

/// The pool with the highest utilization of an interval, of equals the first, and that utilization.
pub fn busy(voice: &Voice<'_>) -> Option<(usize, Claim)> {
    let value = |pool: usize| {
        let path = crate::vocabulary::Path {
            figure: Figure::UtilizationPeak,
            kind: crate::vocabulary::RowKind::Pool,
            index: pool,
        };
        Some((pool, voice.figures.figure(path)?.mean)).filter(|(_, busy)| *busy > 0.0)
    };
    let pools = (0..voice.run.pools.len()).filter_map(value);
    let (pool, value) = pools.reduce(|most, next| if next.1 > most.1 { next } else { most })?;
    let path = format!("pools.{}.{}", voice.context.pool(pool), Figure::UtilizationPeak.name_within());
    Some((pool, Claim { text: percent(value), fact: Fact::Figure { value, path } }))
}
