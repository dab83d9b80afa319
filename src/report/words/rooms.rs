//! Waiting rooms in words: how many wait in them, for how long, and who is in them at the end.

use super::claim::{Claim, Fact, Zero};
use super::phrase::{Phrase, phrase};
use super::voice::Voice;
use crate::analysis::Replications;
use crate::report::numbers::{count, millis, si};
use crate::vocabulary::Figure;

/// Wait in a room, in milliseconds, below which no sentence tells it.
pub const BRIEF_MS: f64 = 1_000.0;
/// Tells a figure by its median and its range over replications.
type OverRuns = fn(&Replications, Figure, fn(f64) -> String) -> Phrase;

/// Share of those who came from which on it is told that they are in a room at the end.
const LEFT_OVER: f64 = 0.01;
/// People below which the mean of an interval is no number of people at once.
const FEW: f64 = 9.95;

/// Whether a sentence tells of a number of people in waiting rooms: of one person at least, to the nearest.
fn are_told(people: f64) -> bool {
    people >= 0.5
}

/// Whether so many of those who came are in a room at the end that it is told.
pub fn are_many(at_end: f64, came: f64) -> bool {
    are_told(at_end) && at_end > LEFT_OVER * came
}

/// Greatest number of people in waiting rooms, the median wait of those let in, departures before their turn, and the number in
/// them at the end: `up to 40k people are in waiting rooms; the median wait of those let in is 12 min; people leave before their
/// turn 3.2k times; 20.2k people are still in waiting rooms at the end`.
pub fn of_run(voice: &Voice<'_>) -> Vec<Phrase> {
    let known = |figure: Figure| voice.figure(figure).filter(|value| *value > 0.0);
    let claim = |figure: Figure, value: f64, text: String| Claim {
        text,
        fact: Fact::Figure { value, path: figure.name().to_owned() },
    };
    let Some(most) = known(Figure::RoomsMost).filter(|most| are_told(*most)) else { return Vec::new() };
    let held = if most < FEW {
        phrase![claim(Figure::RoomsMost, most, about(most)), are(most), " in waiting rooms in the fullest interval"]
    } else {
        phrase!["up to ", claim(Figure::RoomsMost, most, si(most)), " people are in waiting rooms"]
    };
    let nobody = || {
        let fact = Fact::Nothing(Zero::Figures { paths: vec![Figure::RoomsAdmitted.name().to_owned()] });
        phrase![Claim { text: "nobody".to_owned(), fact }, " is let in"]
    };
    let wait = match known(Figure::RoomsAdmitted) {
        None => Some(nobody()),
        Some(_) => known(Figure::RoomWaitP50)
            .filter(|wait| *wait >= BRIEF_MS)
            .map(|wait| phrase!["the median wait of those let in is ", claim(Figure::RoomWaitP50, wait, millis(wait))]),
    };
    let left = known(Figure::RoomsLeft).map(|left| {
        let times = format!("{} {}", si(left), if left.round() == 1.0 { "time" } else { "times" });
        // The other figures are those of the measured time.
        let in_all = if voice.context.spec.measure.is_some() { " in the whole run" } else { "" };
        phrase!["people leave before their turn ", claim(Figure::RoomsLeft, left, times), in_all]
    });
    let came = voice.figure(Figure::ViewersArrived).unwrap_or(0.0);
    let at_end = known(Figure::RoomsAtEnd).filter(|at_end| are_many(*at_end, came)).map(|at_end| {
        phrase![claim(Figure::RoomsAtEnd, at_end, people(at_end)), are(at_end), " still in waiting rooms at the end"]
    });
    [held].into_iter().chain(wait).chain(at_end).chain(left).collect()
}

/// The same of several replications, with medians and ranges: `people in waiting rooms at once: up to 40k in the median; the median
/// wait of those let in is 12 min in the median (11 min to 14 min)`. `over_runs` tells a figure.
pub fn of_all(all: &Replications, over_runs: OverRuns) -> Vec<Phrase> {
    let spread = |figure: Figure| all.spread_of(figure.into());
    let Some(most) = spread(Figure::RoomsMost).filter(|most| are_told(most.median)) else { return Vec::new() };
    let held = if most.median < FEW {
        phrase!["people in waiting rooms in the fullest interval: about ", over_runs(all, Figure::RoomsMost, whole)]
    } else {
        phrase!["people in waiting rooms at once: up to ", over_runs(all, Figure::RoomsMost, si)]
    };
    let wait = spread(Figure::RoomWaitP50)
        .filter(|wait| wait.median >= BRIEF_MS)
        .map(|_| phrase!["the median wait of those let in is ", over_runs(all, Figure::RoomWaitP50, millis)]);
    let came = spread(Figure::ViewersArrived).map_or(0.0, |came| came.median);
    let at_end = spread(Figure::RoomsAtEnd).filter(|at_end| are_many(at_end.median, came)).map(|_| {
        phrase!["people who are still in waiting rooms at the end: ", over_runs(all, Figure::RoomsAtEnd, whole)]
    });
    [held].into_iter().chain(wait).chain(at_end).collect()
}

/// The verb for a number of people.
pub fn are(people: f64) -> &'static str {
    if people.round() == 1.0 { " is" } else { " are" }
}

/// A mean number of people that is small, to the nearest: `about 6 people`.
fn about(mean: f64) -> String {
    format!("about {}", people(mean))
}

/// A number of people in words.
pub fn people(people: f64) -> String {
    format!("{} {}", whole(people), if people.round() == 1.0 { "person" } else { "people" })
}

/// A number of people, of which there are no parts: `6`, `20.2k`.
pub fn whole(people: f64) -> String {
    count(people.round())
}
