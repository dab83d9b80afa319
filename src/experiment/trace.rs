//! A trace: the events of the first viewers of a run.

use std::collections::HashMap;

use crate::engine::{Limits, Probe, Who};
use crate::measure::Stopped;
use crate::units::Time;
use crate::vocabulary::Happening;

/// An event of a traced viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceEvent {
    /// Time of the event, from the start of the window.
    pub time: Time,
    /// Index of the viewer among the traced ones, in the order of arrival.
    pub viewer: usize,
    /// Cohort and arrival index of the viewer.
    pub who: Who,
    /// The happening.
    pub what: Happening,
}

/// A probe that records the events of the first viewers to arrive, and forwards all calls to another probe.
#[derive(Debug)]
pub struct Trace<P> {
    inner: P,
    /// Most viewers that are traced.
    most: usize,
    /// Index of each traced viewer.
    known: HashMap<Who, usize>,
    events: Vec<TraceEvent>,
}

impl<P> Trace<P> {
    /// A probe that traces at most `most` viewers.
    pub fn new(most: usize, inner: P) -> Trace<P> {
        Trace { inner, most, known: HashMap::new(), events: Vec::new() }
    }

    /// The events recorded, in the order in which they happened.
    pub fn into_events(self) -> Vec<TraceEvent> {
        self.events
    }
}

impl<P: Probe> Probe for Trace<P> {
    const ENABLED: bool = true;

    fn happened(&mut self, time: Time, who: Who, what: Happening) {
        let next = self.known.len();
        if matches!(what, Happening::Arrived | Happening::AlreadyInside) && next < self.most {
            self.known.insert(who, next);
        }
        if let Some(viewer) = self.known.get(&who) {
            self.events.push(TraceEvent { time, viewer: *viewer, who, what });
        }
        if P::ENABLED {
            self.inner.happened(time, who, what);
        }
    }

    fn interval_closed(&mut self, now: Time, events: u64) {
        self.inner.interval_closed(now, events);
    }

    fn stop(&self) -> Option<Stopped> {
        self.inner.stop()
    }

    fn limits(&self) -> Limits {
        self.inner.limits()
    }

    fn bytes(&self) -> usize {
        self.events.capacity() * size_of::<TraceEvent>() + self.known.capacity() * size_of::<(Who, usize)>()
    }
}
