//! The future event list: a calendar for random delays, and one queue for each constant delay.
//!
//! Events after a constant delay become due in the order in which they were pushed: half a round trip, a timeout, the
//! answer to an attempt that is turned away. The arrivals of a cohort come in order too. So each of these is a plain
//! queue, and a tournament among the heads of the queues finds the earliest; only the rest goes through the calendar. After
//! a change of a delay, an event that would come out of order in its queue goes to the calendar, so nothing is rebuilt.

use super::calendar::Calendar;
use super::delays::{Holds, QueueId};
use super::event::{Event, Kind};
use super::lookahead::{FAR, Lookahead, NEAR};
use super::tournament::Tournament;
use crate::engine::fifo::Fifo;
use crate::units::Time;

/// Pending events, popped in order of time.
pub struct FutureEvents {
    calendar: Calendar,
    queues: Vec<Queue>,
    /// The time of the first event of each queue.
    heads: Tournament,
    /// The time of the next arrival of each cohort.
    arrivals: Tournament,
    /// The earliest time of `heads` and `arrivals`.
    limit: Time,
}

/// The earliest pending event.
pub struct Due {
    /// The time of the event.
    pub time: Time,
    /// The packed event.
    pub event: u64,
    /// Whether no other event is pending at this instant.
    pub alone: bool,
}

/// Capacity of a queue, in events, below which memory is not given back.
const KEEP: usize = 4096;

/// Events in order of time, in one line of the cache.
#[repr(align(64))]
struct Queue {
    events: Fifo<(Time, u64)>,
    /// The time of the event that was pushed last.
    last: Time,
    holds: Holds,
}

impl FutureEvents {
    /// An empty list with a queue for each of `holds`, for this number of cohorts.
    pub fn new(holds: &[Holds], cohorts: usize) -> FutureEvents {
        let queue = |holds: &Holds| Queue { events: Fifo::default(), last: Time(0), holds: *holds };
        FutureEvents {
            calendar: Calendar::new(),
            queues: holds.iter().map(queue).collect(),
            heads: Tournament::new(holds.len()),
            arrivals: Tournament::new(cohorts),
            limit: Tournament::NOTHING,
        }
    }

    /// Says whether individual servers are prefetched before their work on an attempt ends.
    pub fn see_servers(&mut self, sees: bool) {
        self.calendar.sees_servers = sees;
    }

    /// Adds an event at any time from now on.
    #[inline(always)]
    pub fn push(&mut self, time: Time, event: u64) {
        self.calendar.push(time, event);
    }

    /// Adds an event to a queue if it comes in order there; else to the calendar.
    #[inline(always)]
    pub fn push_in_order(&mut self, id: QueueId, time: Time, event: u64) {
        let id = usize::from(id.0);
        match self.queues.get_mut(id) {
            Some(queue) if time >= queue.last => {
                queue.last = time;
                let is_first = queue.events.is_empty();
                queue.events.push((time, event));
                if is_first {
                    self.begin_queue(id, time);
                }
            }
            _ => self.push_out_of_order(time, event),
        }
    }

    /// Adds an event that comes out of order in its queue, which happens after a setting changed.
    #[cold]
    fn push_out_of_order(&mut self, time: Time, event: u64) {
        self.calendar.push(time, event);
    }

    /// Sets the time of the first event of a queue that was empty.
    #[inline(never)]
    fn begin_queue(&mut self, queue: usize, time: Time) {
        self.set_head(queue, time);
    }

    /// Sets the time of the first event of a queue.
    #[inline]
    fn set_head(&mut self, queue: usize, time: Time) {
        self.heads.set(queue, time);
        self.limit = self.heads.earliest_of_both(&self.arrivals);
    }

    /// Sets the time of the next arrival of a cohort.
    #[inline]
    pub fn expect_arrival(&mut self, cohort: usize, time: Time) {
        self.arrivals.set(cohort, time);
        self.limit = self.heads.earliest_of_both(&self.arrivals);
    }

    /// Takes out the earliest event. The order of several events at one instant is not defined. After an arrival,
    /// `next_arrival` gives the time at which the next viewer of that cohort arrives.
    #[inline(always)]
    pub fn pop(&mut self, rows: impl Lookahead, next_arrival: impl FnOnce(usize, Time) -> Option<Time>) -> Option<Due> {
        let limit = self.limit;
        if let Some((time, event)) = self.calendar.pop_until(limit, rows) {
            return Some(Due { time, event, alone: time != limit && !self.calendar.has_more_at(time) });
        }
        // Every event of the calendar is later.
        if self.arrivals.is_before(&self.heads) {
            let (arrival, cohort) = self.arrivals.earliest();
            self.expect_arrival(cohort, next_arrival(cohort, arrival).unwrap_or(Tournament::NOTHING));
            let event = Event::lasting(Kind::Arrive, cohort).pack();
            return Some(Due { time: arrival, event, alone: self.limit != arrival });
        }
        let (_, queue) = self.heads.earliest();
        let entries = self.queues.get_mut(queue)?;
        let (time, event) = entries.pop(rows)?;
        let next = entries.events.front().map_or(Tournament::NOTHING, |(time, _)| time);
        self.set_head(queue, next);
        Some(Due { time, event, alone: self.limit != time })
    }

    /// Releases most of the memory of queues that are nearly empty.
    pub fn give_back(&mut self) {
        self.queues.iter_mut().for_each(Queue::give_back);
    }

    /// Bytes of all pending events.
    pub fn bytes(&self) -> usize {
        let queues: usize = self.queues.iter().map(|queue| queue.events.capacity()).sum();
        self.calendar.bytes() + queues * size_of::<(Time, u64)>()
    }

    /// Whether another event is pending at the instant of the last one popped.
    #[inline]
    pub fn has_more_at(&self, now: Time) -> bool {
        self.limit == now || self.calendar.has_more_at(now)
    }
}

impl Queue {
    /// Takes out the first event, and in a queue of timers the stale events that follow it.
    #[inline(always)]
    fn pop(&mut self, rows: impl Lookahead) -> Option<(Time, u64)> {
        let first = self.events.pop()?;
        match self.holds {
            Holds::InTransit => {
                if let Some((_, event)) = self.events.get(NEAR) {
                    rows.prefetch_behind(event);
                }
            }
            Holds::Timers => self.drop_stale(rows),
            Holds::Answers => {}
        }
        Some(first)
    }

    /// Releases most of the memory of a queue of which less than an eighth is used. The threshold keeps a queue that
    /// empties and fills again from being moved each time.
    fn give_back(&mut self) {
        if self.events.len() < self.events.capacity() / 8 && self.events.capacity() > KEEP {
            self.events.shrink(KEEP);
        }
    }

    /// Drops the stale timers at the front.
    #[inline(never)]
    fn drop_stale(&mut self, rows: impl Lookahead) {
        self.look_ahead(rows);
        while let Some((_, next)) = self.events.front()
            && rows.is_stale(next)
        {
            self.events.pop();
            self.look_ahead(rows);
        }
    }

    #[inline(always)]
    fn look_ahead(&self, rows: impl Lookahead) {
        if let Some((_, event)) = self.events.get(FAR) {
            rows.prefetch(event);
        }
        if let Some((_, event)) = self.events.get(NEAR) {
            rows.prefetch_behind_timer(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    /// The slow twin is a vector that is searched.
    #[test]
    fn the_earliest_of_calendar_queues_and_arrivals_is_popped_and_known_to_be_alone_or_not() {
        let mut draw = Key::root(2, 0).draw(Purpose::Service);
        let holds = [Holds::InTransit, Holds::Timers, Holds::Answers];
        let mut delays = [30, 2_000, 7];
        let mut future = FutureEvents::new(&holds, 3);
        let mut twin: Vec<(Time, u64)> = Vec::new();
        let mut now = Time(0);
        for step in 0..100_000_u64 {
            let cohort = (draw.bits() % 3) as usize;
            let arrival = Event::lasting(Kind::Arrive, cohort).pack();
            match draw.bits() % 8 {
                0 | 1 => {
                    let time = Time(now.0 + draw.bits() % 1_000);
                    future.push(time, step);
                    twin.push((time, step));
                }
                2..=4 => {
                    let queue = (draw.bits() % 3) as usize;
                    let time = Time(now.0 + delays[queue]);
                    future.push_in_order(QueueId(queue as u16), time, step);
                    twin.push((time, step));
                }
                5 if !twin.iter().any(|pending| pending.1 == arrival) => {
                    let time = Time(now.0 + draw.bits() % 100);
                    future.expect_arrival(cohort, time);
                    twin.push((time, arrival));
                }
                // After a change of a delay, the events that follow may come out of order.
                6 if step % 50 == 0 => delays[(draw.bits() % 3) as usize] = draw.bits() % 500,
                _ => {}
            }
            if !draw.bits().is_multiple_of(3) || twin.len() > 200 {
                // Some arrivals are the last of their cohort, or the time of the next is set later.
                let (gap, mut next) = (draw.bits() % 200, None);
                let follow = |cohort, now: Time| {
                    next = (gap < 100).then(|| (Time(now.0 + gap), Event::lasting(Kind::Arrive, cohort).pack()));
                    next.map(|(time, _)| time)
                };
                let Some(Due { time, event, alone }) = future.pop((), follow) else {
                    assert!(twin.is_empty());
                    continue;
                };
                let earliest = twin.iter().map(|pending| pending.0).min();
                assert_eq!(Some(time), earliest, "step {step}");
                let index = twin.iter().position(|pending| *pending == (time, event));
                twin.remove(index.expect("a popped event was pushed before"));
                twin.extend(next);
                let more = twin.iter().any(|pending| pending.0 == time);
                assert_eq!((alone, future.has_more_at(time)), (!more, more), "step {step}");
                now = time;
            }
        }
    }
}
