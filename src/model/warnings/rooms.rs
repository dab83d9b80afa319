//! The warning about a waiting room in which people wait longer at a small scale than at full size.

use super::everyday::{moments, stream};
use super::found::{Found, span};
use crate::model::steady::expected_visits;
use crate::model::{Journey, Model, RatePiece, Step};
use crate::units::Time;

/// Seconds that the mean wait is longer at the scale, from which on it is warned of.
const LONGER_S: f64 = 0.5;

/// Warns of a room that everyday streams of people load nearly as much as it admits: the wait there goes with one over the scale.
///
/// Admissions are 1/rate apart, so that the room is a queue with deterministic service: with Poisson arrivals the mean wait is
/// ρ ÷ (2 · rate · (1 − ρ)), and the rate is that of the scale (Pollaczek and Khinchine).
pub(super) fn near_their_rate(model: &Model, found: &mut Found<'_>) {
    if model.scale >= 1.0 {
        return;
    }
    for (room, name) in model.waiting_rooms.iter().enumerate() {
        let waits = loads(model, room).into_iter().filter(|load| load.share() < 1.0);
        let Some(most) = waits.reduce(|most, next| if next.wait_s() > most.wait_s() { next } else { most }) else {
            continue;
        };
        let (here, full) = (most.wait_s(), most.wait_s() * model.scale);
        if here - full < LONGER_S {
            continue;
        }
        found.add(
            "scale",
            format!("people wait longer in waiting_room `{name}` at this scale"),
            format!("{} in the mean instead of {}", span(here), span(full)),
            &format!(
                "{:.1} people a second come where {:.1} are admitted; near that rate the wait goes with one over the scale, \
                 and so do the people in the room",
                most.come / model.scale,
                most.admitted / model.scale
            ),
        );
    }
}

/// People who come to a room and whom it admits, in people a second at simulated size.
#[derive(Clone, Copy)]
struct Load {
    come: f64,
    admitted: f64,
}

impl Load {
    fn share(&self) -> f64 {
        self.come / self.admitted
    }

    /// The mean wait in the long run, in seconds.
    fn wait_s(&self) -> f64 {
        self.share() / (2.0 * self.admitted * (1.0 - self.share()))
    }
}

/// The load of a room by the streams of people at the moments at which a rate bends or a setting changes. Settings of the rate alone
/// count: who may be inside depends on how long people stay.
fn loads(model: &Model, room: usize) -> Vec<Load> {
    let streams: Vec<(usize, &[RatePiece])> = model.cohorts.iter().enumerate().filter_map(stream).collect();
    let mut loads = Vec::new();
    for from in moments(model, &streams, model.end) {
        let Some(epoch) = model.epochs.iter().rev().find(|epoch| epoch.at <= from) else { continue };
        let gap = epoch.settings.waiting_rooms[room].gap.seconds();
        if gap <= 0.0 {
            continue;
        }
        let come = streams.iter().map(|(cohort, pieces)| {
            let journey = &epoch.settings.journeys[model.cohorts[*cohort].journey];
            rate(pieces, from) * enters(journey, room)
        });
        let come = come.sum::<f64>();
        if come > 0.0 {
            loads.push(Load { come, admitted: 1.0 / gap });
        }
    }
    loads
}

/// The rate of a stream at a moment, in people a second.
fn rate(pieces: &[RatePiece], at: Time) -> f64 {
    let Some(piece) = pieces.iter().find(|piece| piece.from <= at && at < piece.until) else { return 0.0 };
    let slope = (piece.last - piece.first) / (piece.until.0 - piece.from.0) as f64;
    (piece.first + slope * (at.0 - piece.from.0) as f64) * 1e9
}

/// How often a person on a journey waits in a room: once at most, since the room knows whom it has admitted.
fn enters(journey: &Journey, room: usize) -> f64 {
    let visits = journey.steps.iter().zip(expected_visits(journey));
    let here = visits.filter(|(step, _)| matches!(step, Step::Enter { room: own, .. } if *own == room));
    here.map(|(_, visits)| visits).sum::<f64>().min(1.0)
}
