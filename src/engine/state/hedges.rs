//! Tries: the attempts of a request that are under way at once, the first one and its hedged copies.

use super::attempt::Origin;
use super::slab::NO_ROW;
use super::viewer::NEVER;
use crate::model::Model;
use crate::units::Time;

/// The attempts under way of one request.
#[derive(Clone, Copy, Debug)]
struct Try {
    /// Row of the attempt that was sent first of those under way; [`NO_ROW`] if none is.
    first: u32,
    /// Number of copies that have come due.
    number: u16,
    /// Number of attempts in service.
    in_service: u16,
    /// Time of the next copy; [`NEVER`] if none comes.
    due: Time,
    /// The copy that ended last, until its client is told.
    ended: Option<Copied>,
}

const NONE: Try = Try { first: NO_ROW, number: 0, in_service: 0, due: NEVER, ended: None };

/// A hedged copy that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Whether a breaker sent the copy on trial.
    pub on_trial: bool,
}

/// An attempt under way, as a member of its try.
#[derive(Clone, Copy, Debug)]
struct Member {
    /// Row of the attempt of the same try that was sent next.
    next: u32,
    /// Number of the copy; 0 of the first attempt.
    number: u16,
    on_trial: bool,
    in_service: bool,
}

/// The tries of all requests. No memory is used where no client hedges.
pub struct Hedges {
    /// Whether some settings hedge; if not, the methods are not called.
    pub used: bool,
    /// By viewer's row.
    viewers: Vec<Try>,
    /// By row of the call.
    requests: Vec<Try>,
    /// By attempt's row.
    members: Vec<Member>,
}

impl Hedges {
    /// Bytes of a try, and of what a try knows of an attempt.
    pub const BYTES: [usize; 2] = [size_of::<Try>(), size_of::<Member>()];

    /// No tries.
    pub fn new(model: &Model) -> Hedges {
        let mut clients = model.epochs.iter().flat_map(|epoch| &epoch.settings.clients);
        let used = clients.any(|client| client.hedge.is_some());
        Hedges { used, viewers: Vec::new(), requests: Vec::new(), members: Vec::new() }
    }

    /// Bytes of the tries.
    pub fn bytes(&self) -> usize {
        (self.viewers.capacity() + self.requests.capacity()) * size_of::<Try>()
            + self.members.capacity() * size_of::<Member>()
    }

    fn list(&mut self, origin: Origin) -> Option<(&mut Vec<Try>, usize)> {
        match (origin.as_viewer(), origin.as_request()) {
            (Some(viewer), _) => Some((&mut self.viewers, viewer as usize)),
            (_, Some(request)) => Some((&mut self.requests, request as usize)),
            (None, None) => None,
        }
    }

    fn get(&self, origin: Origin) -> Try {
        let found = match (origin.as_viewer(), origin.as_request()) {
            (Some(viewer), _) => self.viewers.get(viewer as usize),
            (_, Some(request)) => self.requests.get(request as usize),
            (None, None) => None,
        };
        found.copied().unwrap_or(NONE)
    }

    fn set(&mut self, origin: Origin, to: Try) {
        if let Some((list, index)) = self.list(origin) {
            if index >= list.len() {
                list.resize(index + 1, NONE);
            }
            list[index] = to;
        }
    }

    /// Row of the attempt that was sent first of those under way; [`NO_ROW`] if none is.
    pub fn first(&self, origin: Origin) -> u32 {
        self.get(origin).first
    }

    /// Number of copies that have come due.
    pub fn number(&self, origin: Origin) -> u16 {
        self.get(origin).number
    }

    /// Notes an attempt that is sent: the first of a try if none is under way, else the copy that came due last.
    pub fn sent(&mut self, origin: Origin, attempt: u32) {
        let mut present = self.get(origin);
        if present.first == NO_ROW {
            present = Try { first: attempt, ended: present.ended, ..NONE };
        } else {
            let mut last = present.first;
            while self.members[last as usize].next != NO_ROW {
                last = self.members[last as usize].next;
            }
            self.members[last as usize].next = attempt;
        }
        let member = Member { next: NO_ROW, number: present.number, on_trial: false, in_service: false };
        let index = attempt as usize;
        if index >= self.members.len() {
            self.members.resize(index + 1, member);
        }
        self.members[index] = member;
        self.set(origin, present);
    }

    /// Notes that a breaker sent an attempt on trial.
    pub fn on_trial(&mut self, attempt: u32) {
        self.members[attempt as usize].on_trial = true;
    }

    /// Sets the time of the next copy.
    pub fn plan(&mut self, origin: Origin, due: Time) {
        self.set(origin, Try { due, ..self.get(origin) });
    }

    /// Whether a copy is due at this moment; if so, its number, from 1.
    pub fn comes_due(&mut self, origin: Origin, now: Time) -> Option<u16> {
        let mut present = self.get(origin);
        if present.due != now || present.first == NO_ROW {
            return None;
        }
        present.due = NEVER;
        present.number = present.number.saturating_add(1);
        self.set(origin, present);
        Some(present.number)
    }

    /// Notes that an attempt under way has ended. Returns the row of the first of those that are left, or [`NO_ROW`], after which
    /// no copy comes.
    pub fn ended(&mut self, origin: Origin, attempt: u32) -> u32 {
        self.leaves_service(origin, attempt);
        let mut present = self.get(origin);
        let Member { next, number, on_trial, .. } = self.members[attempt as usize];
        if present.first == attempt {
            present.first = next;
        } else {
            let mut before = present.first;
            while before != NO_ROW && self.members[before as usize].next != attempt {
                before = self.members[before as usize].next;
            }
            if before != NO_ROW {
                self.members[before as usize].next = next;
            }
        }
        if present.first == NO_ROW {
            present.due = NEVER;
        }
        present.ended = (number > 0).then_some(Copied { on_trial });
        self.set(origin, present);
        present.first
    }

    /// The attempt that ended last, if it was a copy; asked once for each end.
    pub fn take_ended(&mut self, origin: Origin) -> Option<Copied> {
        let present = self.get(origin);
        if present.ended.is_some() {
            self.set(origin, Try { ended: None, ..present });
        }
        present.ended
    }

    /// Notes that service of an attempt begins.
    pub fn enters_service(&mut self, origin: Origin, attempt: u32) {
        let present = self.get(origin);
        let member = &mut self.members[attempt as usize];
        if !std::mem::replace(&mut member.in_service, true) {
            self.set(origin, Try { in_service: present.in_service + 1, ..present });
        }
    }

    /// Notes that an attempt is in service no more.
    pub fn leaves_service(&mut self, origin: Origin, attempt: u32) {
        let present = self.get(origin);
        let Some(member) = self.members.get_mut(attempt as usize) else { return };
        if std::mem::replace(&mut member.in_service, false) {
            self.set(origin, Try { in_service: present.in_service.saturating_sub(1), ..present });
        }
    }

    /// Whether an attempt of the try is in service.
    pub fn is_in_service(&self, origin: Origin) -> bool {
        self.get(origin).in_service > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    fn hedges() -> Hedges {
        Hedges { used: true, viewers: Vec::new(), requests: Vec::new(), members: Vec::new() }
    }

    /// The slow twin is a list of those under way.
    #[test]
    fn the_attempts_under_way_stand_in_the_order_of_sending() {
        let mut draw = Key::root(6, 0).draw(Purpose::Service);
        let (mut hedges, mut twins) = (hedges(), [const { Vec::new() }; 4]);
        let origins = [Origin::viewer(0), Origin::viewer(7), Origin::request(0), Origin::request(3)];
        let mut rows = 0;
        for step in 0..20_000 {
            let which = draw.bits() as usize % 4;
            let (origin, twin) = (origins[which], &mut twins[which]);
            if draw.bits().is_multiple_of(2) && twin.len() < 5 {
                hedges.sent(origin, rows);
                twin.push(rows);
                rows += 1;
            } else if !twin.is_empty() {
                let gone = twin.remove(draw.bits() as usize % twin.len());
                assert_eq!(hedges.ended(origin, gone), twin.first().copied().unwrap_or(NO_ROW), "step {step}");
            }
            let mut found = Vec::new();
            let mut next = hedges.first(origin);
            while next != NO_ROW {
                found.push(next);
                next = hedges.members[next as usize].next;
            }
            assert_eq!(found, *twin, "step {step}");
        }
    }

    #[test]
    fn a_copy_comes_due_only_while_an_attempt_is_under_way_and_at_its_time() {
        let (mut hedges, viewer) = (hedges(), Origin::viewer(2));
        hedges.sent(viewer, 10);
        hedges.plan(viewer, Time(5));
        assert_eq!([4, 5, 5].map(|now| hedges.comes_due(viewer, Time(now))), [None, Some(1), None]);
        hedges.sent(viewer, 11);
        hedges.plan(viewer, Time(10));
        hedges.ended(viewer, 10);
        assert_eq!(hedges.take_ended(viewer), None, "the first attempt is no copy");
        assert_eq!(hedges.comes_due(viewer, Time(10)), Some(2));
        hedges.plan(viewer, Time(15));
        hedges.on_trial(11);
        hedges.ended(viewer, 11);
        assert_eq!([hedges.take_ended(viewer), hedges.take_ended(viewer)], [Some(Copied { on_trial: true }), None]);
        assert_eq!(hedges.comes_due(viewer, Time(15)), None, "all have ended");
        hedges.sent(viewer, 12);
        assert_eq!(hedges.number(viewer), 0, "a new try has no copies yet");
    }

    #[test]
    fn a_try_is_in_service_while_any_of_its_attempts_is() {
        let (mut hedges, request) = (hedges(), Origin::request(1));
        hedges.sent(request, 4);
        hedges.sent(request, 5);
        hedges.enters_service(request, 4);
        hedges.enters_service(request, 5);
        hedges.leaves_service(request, 4);
        assert!(hedges.is_in_service(request));
        hedges.ended(request, 5);
        assert!(!hedges.is_in_service(request));
    }
}
