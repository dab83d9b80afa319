//! The steps of journeys as places in which people stay.

use crate::model::estimate::group::Group;
use crate::model::estimate::hold::{Hold, mean_within};
use crate::model::{Journey, Settings, Step};
use crate::units::{Span, Time};

/// A step of a journey as people stay in it.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// Calls, one after the other.
    Ask {
        /// Number of calls.
        calls: f64,
        /// Whether people go on after a failure.
        optional: bool,
    },
    /// A stay of random length.
    Stay(Stay),
    /// A waiting room.
    Enter(Room),
    /// A wait for a moment.
    Wait {
        /// The drop in nanoseconds.
        drop: f64,
        /// Mean delay after the drop in seconds.
        spread: f64,
    },
    /// The time between two rounds of a journey that repeats.
    Pause(Pause),
}

/// A stay of random length.
#[derive(Clone, Copy, Debug)]
pub struct Stay {
    /// The length, if nothing stalls.
    pub hold: Hold,
    /// Latest end of the stay, in nanoseconds.
    pub until: f64,
    /// Seconds from one heartbeat to the next.
    pub every: Option<f64>,
    /// Whether the stay is a stream, which a link may stall.
    pub is_stream: bool,
}

impl Stay {
    /// A stay that nothing but its length ends.
    pub fn of(hold: Hold) -> Stay {
        Stay { hold, until: f64::INFINITY, every: None, is_stream: false }
    }

    /// The length of the stay, where streams play for a share `speed` of the time.
    pub fn at(&self, speed: f64) -> Hold {
        if self.is_stream { self.hold.stretched(1.0 / speed.max(1e-9)) } else { self.hold }
    }
}

/// A waiting room, which admits people at a rate, and while few enough are inside.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Time at which the room opens, in nanoseconds.
    pub opens: f64,
    /// Admissions a second.
    pub rate: f64,
    /// Most people who were admitted and are still inside; infinite without a limit.
    pub inside: f64,
    /// Mean patience in seconds; infinite without a limit.
    pub patience: f64,
    /// Seconds from one poll to the next.
    pub every: Option<f64>,
}

/// The time between two rounds in seconds, without the time that requests take of it.
#[derive(Clone, Copy, Debug)]
pub struct Pause {
    /// Pause while streams have their whole length.
    before: f64,
    /// Pause once every stream with a stated end is over.
    after: f64,
    /// Latest stated end of a stream, in nanoseconds.
    until: f64,
}

impl Pause {
    /// The pause of a journey that repeats, whose streams are stretched by a factor.
    fn of(journey: &Journey, group: &Group, stretch: f64, horizon: f64) -> Option<Pause> {
        let pacing = journey.repeat?.pacing().seconds();
        let mut pause = Pause { before: pacing, after: pacing, until: 0.0 };
        for step in &journey.steps {
            let (length, until) = match step {
                Step::Think(law) => (mean_within(law, horizon), None),
                Step::Stream { length, until, .. } => (mean_within(length, horizon) * stretch, until.as_ref()),
                Step::Request { .. } | Step::Wait { .. } | Step::Enter { .. } => continue,
            };
            pause.before -= length;
            match until {
                Some(until) => pause.until = pause.until.max(group.drop + until.at.0 as f64),
                None => pause.after -= length,
            }
        }
        Some(pause)
    }

    /// The pause of those who begin it at a moment in nanoseconds.
    pub fn at(self, moment: f64) -> Hold {
        let rest = if moment < self.until { self.before } else { self.after };
        Hold { mean: rest.max(1e-9), stages: 1 }
    }
}

/// The steps of a group's journey in a window that ends at `end`; of a journey that repeats, also the time between its rounds.
pub fn places(settings: &Settings, group: &Group, end: Time) -> Vec<Place> {
    let (horizon, stretch) = (end.seconds(), settings.mixes[group.cohort].stretch_at(end));
    let journey = &settings.journeys[group.journey];
    let place = |step: &Step| match step {
        Step::Request { times, optional, .. } => Place::Ask { calls: f64::from(*times), optional: *optional },
        Step::Think(law) => Place::Stay(Stay::of(Hold::of(law, horizon))),
        Step::Enter { room, poll } => {
            let set = &settings.waiting_rooms[*room];
            Place::Enter(Room {
                opens: set.opens.0 as f64,
                rate: if set.gap > Span::ZERO { 1.0 / set.gap.seconds() } else { f64::INFINITY },
                inside: set.inside.max(1.0),
                patience: set.patience.as_ref().map_or(f64::INFINITY, |law| mean_within(law, horizon).max(1e-9)),
                every: poll.map(|beat| beat.every.seconds()),
            })
        }
        Step::Wait { until, spread } => Place::Wait {
            drop: group.drop + until.0 as f64,
            spread: spread.as_ref().map_or(1e-9, |law| Hold::of(law, horizon).whole()),
        },
        Step::Stream { length, until, heartbeat } => Place::Stay(Stay {
            hold: Hold::of(length, horizon).stretched(stretch),
            until: until.as_ref().map_or(f64::INFINITY, |until| group.drop + until.at.0 as f64),
            every: heartbeat.map(|beat| beat.every.seconds()),
            is_stream: true,
        }),
    };
    let pause = Pause::of(journey, group, stretch, horizon).map(Place::Pause);
    journey.steps.iter().map(place).chain(pause).collect()
}
