//! An observer that keeps books of its own: who has an attempt on its way, and how attempts ended.

use std::collections::{BTreeSet, HashMap};

use dropstorm::engine::{Probe, Who};
use dropstorm::measure::Stopped;
use dropstorm::model::Model;
use dropstorm::units::Time;
use dropstorm::vocabulary::{Happening, Outcome};

/// A drawn run of more events takes too long to be worth its time.
const MOST_EVENTS: u64 = 200_000;

#[derive(Default)]
pub struct Observer {
    now: Time,
    events: u64,
    /// Attempts of each viewer that have not ended: one, and its hedged copies.
    on_its_way: HashMap<Who, u64>,
    /// Whether a client may send copies of an attempt that is on its way, or keep them back.
    pub hedges: bool,
    pub sent: u64,
    /// How many attempts ended, by outcome.
    pub ended: [u64; Outcome::COUNT],
    pub arrived: u64,
    pub watched: u64,
    pub gave_up: u64,
    /// The names of all happenings that it heard of.
    pub names: BTreeSet<&'static str>,
    /// What cannot be.
    pub complaints: Vec<String>,
}

impl Observer {
    /// An observer of runs of a model.
    pub fn of(model: &Model) -> Observer {
        let mut clients = model.epochs.iter().flat_map(|epoch| &epoch.settings.clients);
        Observer { hedges: clients.any(|client| client.hedge.is_some()), ..Observer::default() }
    }

    /// How many attempts of viewers have not ended.
    pub fn on_their_way(&self) -> u64 {
        self.on_its_way.values().sum()
    }

    fn complain(&mut self, complaint: String) {
        if self.complaints.len() < 10 {
            self.complaints.push(complaint);
        }
    }

    fn attempt_ended(&mut self, who: Who, what: Happening, outcome: Outcome) {
        let on_its_way = self.on_its_way.entry(who).or_default();
        match on_its_way.checked_sub(1) {
            Some(left) => *on_its_way = left,
            None => self.complain(format!("{who:?}: {what:?}, but no attempt is on its way")),
        }
        self.ended[outcome as usize] += 1;
    }
}

impl Probe for Observer {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        if now < self.now {
            self.complain(format!("{who:?}: {what:?} at {now:?}, after {:?}", self.now));
        }
        self.now = now;
        self.names.insert(what.name());
        let on_its_way = self.on_its_way.get(&who).copied().unwrap_or(0) > 0;
        match what {
            Happening::Ended { outcome: Outcome::Refused, .. } if on_its_way && !self.hedges => {
                self.complain(format!("{who:?} keeps an attempt back that is on its way"));
            }
            // What a client keeps back was never sent.
            Happening::Ended { outcome: Outcome::Refused, .. } => self.ended[Outcome::Refused as usize] += 1,
            Happening::Ended { outcome, .. } => self.attempt_ended(who, what, outcome),
            Happening::AppTimerEnded => self.attempt_ended(who, what, Outcome::Abandoned),
            // Patience may also end in the pause before a retry, when no attempt is on its way.
            Happening::PatienceEnded if on_its_way => self.attempt_ended(who, what, Outcome::Abandoned),
            Happening::Sent { .. } => {
                if self.on_its_way.insert(who, 1).unwrap_or(0) > 0 {
                    self.complain(format!("{who:?} sends before the last attempt ended"));
                }
                self.sent += 1;
            }
            Happening::Hedged { .. } => {
                if !on_its_way {
                    self.complain(format!("{who:?} sends a copy of no attempt"));
                }
                *self.on_its_way.entry(who).or_default() += 1;
                self.sent += 1;
            }
            Happening::Arrived | Happening::AlreadyInside => self.arrived += 1,
            Happening::Watched => self.watched += 1,
            Happening::GaveUp => self.gave_up += 1,
            Happening::CameBack => self.gave_up -= 1,
            _ => {}
        }
    }

    fn interval_closed(&mut self, _: Time, events: u64) {
        self.events = events;
    }

    fn stop(&self) -> Option<Stopped> {
        (self.events > MOST_EVENTS).then_some(Stopped::Asked)
    }
}
