//! The future event list: a calendar for what comes at random times, lanes for what comes in order.
//!
//! Whatever takes a constant time ends in the order in which it began: half a round trip, a timeout, the answer to one
//! who is turned away. So does a cohort's stream of arrivals. A plain queue holds each of these, and a tournament
//! among the heads of the queues finds the earliest; only what is left goes through the calendar. When a setting
//! changes, what would come out of order falls through to the calendar, so nothing has to be rebuilt.

use std::collections::VecDeque;

use super::calendar::Calendar;
use super::event::{Event, Kind};
use super::rows::{FAR, NEAR, Rows};
use crate::units::Time;

/// Pending events, popped in order of time.
pub struct FutureEvents {
    calendar: Calendar,
    lanes: Vec<Lane>,
    heads: Tournament,
    /// The next arrival of each cohort.
    arrivals: Tournament,
}

/// An event that is due.
pub struct Due {
    /// When.
    pub time: Time,
    /// What happens, packed.
    pub event: u64,
    /// Nothing else is pending at this instant.
    pub alone: bool,
}

/// Room in a lane for up to so many events is not worth giving back.
const KEEP: usize = 4096;

/// What the events of a lane are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// What is on its way: its row was touched a moment ago.
    Travellers,
    /// Timers: rows that were touched long ago, and most of them void by then.
    Timers,
    /// What is about no row.
    Answers,
}

/// Events that come in order.
struct Lane {
    events: VecDeque<(Time, u64)>,
    /// The time of the last one that was put in.
    last: Time,
    holds: Holds,
}

impl FutureEvents {
    /// Nothing pending, with these lanes and room for so many cohorts.
    pub fn new(lanes: &[Holds], cohorts: usize) -> FutureEvents {
        let lane = |holds: &Holds| Lane { events: VecDeque::new(), last: Time(0), holds: *holds };
        FutureEvents {
            calendar: Calendar::new(),
            lanes: lanes.iter().map(lane).collect(),
            heads: Tournament::new(lanes.len()),
            arrivals: Tournament::new(cohorts),
        }
    }

    /// Adds an event at any time from now on.
    #[inline]
    pub fn push(&mut self, time: Time, event: u64) {
        self.calendar.push(time, event);
    }

    /// Adds an event to a lane, if it comes in order there; else to the calendar.
    #[inline(always)]
    pub fn push_in_order(&mut self, lane: usize, time: Time, event: u64) {
        match self.lanes.get_mut(lane) {
            Some(entries) if time >= entries.last => {
                entries.last = time;
                if entries.events.is_empty() {
                    self.heads.set(lane, time);
                }
                entries.events.push_back((time, event));
            }
            _ => self.push_out_of_order(time, event),
        }
    }

    /// Adds an event that its lane cannot take, which happens after a setting changed.
    #[cold]
    fn push_out_of_order(&mut self, time: Time, event: u64) {
        self.calendar.push(time, event);
    }

    /// States when the next of a cohort arrives.
    pub fn expect_arrival(&mut self, cohort: usize, time: Time) {
        self.arrivals.set(cohort, time);
    }

    /// Takes the earliest event out. Which of several at one instant comes first is not defined. If it is an arrival,
    /// `next_arrival` is asked when the next of that cohort follows.
    #[inline(always)]
    pub fn pop(&mut self, rows: impl Rows, next_arrival: impl FnOnce(usize, Time) -> Option<Time>) -> Option<Due> {
        let (head, lane) = self.heads.earliest();
        let (arrival, cohort) = self.arrivals.earliest();
        let limit = head.min(arrival);
        if let Some((time, event)) = self.calendar.pop_until(limit, rows) {
            return Some(Due { time, event, alone: time != limit && !self.calendar.has_more_at(time) });
        }
        // All that the calendar holds is later.
        if arrival < head {
            self.arrivals.set(cohort, next_arrival(cohort, arrival).unwrap_or(Tournament::NOTHING));
            let event = Event::about(Kind::Arrive, cohort).pack();
            return Some(Due { time: arrival, event, alone: self.arrivals.earliest().0 != arrival });
        }
        let entries = self.lanes.get_mut(lane)?;
        let (time, event) = entries.pop(rows)?;
        let next = entries.events.front().map_or(Tournament::NOTHING, |(time, _)| *time);
        self.heads.set(lane, next);
        Some(Due { time, event, alone: arrival != time && self.heads.earliest().0 != time })
    }

    /// Whether another event is pending at the instant of the last one popped.
    #[inline]
    pub fn has_more_at(&self, now: Time) -> bool {
        self.heads.earliest().0 == now || self.arrivals.earliest().0 == now || self.calendar.has_more_at(now)
    }
}

impl Lane {
    /// Takes the first event out, and of timers those that follow it as far as they are void.
    #[inline(always)]
    fn pop(&mut self, rows: impl Rows) -> Option<(Time, u64)> {
        let first = self.events.pop_front()?;
        match self.holds {
            Holds::Travellers => {
                if let Some((_, event)) = self.events.get(NEAR) {
                    rows.prefetch_behind(*event);
                }
            }
            Holds::Timers => self.pass_over_void(rows),
            Holds::Answers => {}
        }
        // An eighth, so that a queue that comes and goes is not moved each time.
        if self.events.len() < self.events.capacity() / 8 && self.events.capacity() > KEEP {
            self.give_back();
        }
        Some(first)
    }

    /// Gives back most of the room that lies idle.
    #[cold]
    fn give_back(&mut self) {
        self.events.shrink_to(KEEP.max(self.events.len() * 2));
    }

    /// Takes out void timers that have come to the front.
    #[inline(never)]
    fn pass_over_void(&mut self, rows: impl Rows) {
        self.look_ahead(rows);
        while let Some((_, next)) = self.events.front()
            && rows.is_void(*next)
        {
            self.events.pop_front();
            self.look_ahead(rows);
        }
    }

    #[inline(always)]
    fn look_ahead(&self, rows: impl Rows) {
        if let Some((_, event)) = self.events.get(FAR) {
            rows.prefetch(*event);
        }
        if let Some((_, event)) = self.events.get(NEAR) {
            rows.prefetch_behind(*event);
        }
    }
}

/// The earliest of a few moving times: a tree of matches, replayed from a leaf to the root when its time changes
/// (D. E. Knuth, The Art of Computer Programming 3, 5.4.1).
struct Tournament {
    /// The winner of each match, time and player in one number; the root is at 1, the leaves are in the second half.
    winners: Box<[u64]>,
    /// The winner of all.
    earliest: u64,
}

impl Tournament {
    /// Later than everything that happens: a window of thirty days takes 52 bits.
    const NOTHING: Time = Time((1 << (u64::BITS - Tournament::PLAYER_BITS)) - 1);
    /// Cohorts and lanes: a scenario has at most 64 audiences in 64 regions.
    const PLAYER_BITS: u32 = 12;
    const MOST_PLAYERS: usize = 1 << Tournament::PLAYER_BITS;

    fn new(players: usize) -> Tournament {
        debug_assert!(players <= Tournament::MOST_PLAYERS);
        let leaves = players.next_power_of_two();
        let player = |node: usize| Tournament::pack(Tournament::NOTHING, node % leaves);
        Tournament { winners: (0..2 * leaves).map(player).collect(), earliest: player(0) }
    }

    #[inline]
    fn pack(time: Time, player: usize) -> u64 {
        time.0.min(Tournament::NOTHING.0) << Tournament::PLAYER_BITS | player as u64
    }

    /// The earliest time, and whose it is.
    #[inline]
    fn earliest(&self) -> (Time, usize) {
        (Time(self.earliest >> Tournament::PLAYER_BITS), self.earliest as usize % Tournament::MOST_PLAYERS)
    }

    /// A player's time is now this.
    #[inline]
    fn set(&mut self, player: usize, time: Time) {
        let mut node = self.winners.len() / 2 + player;
        let mut winner = Tournament::pack(time, player);
        self.winners[node] = winner;
        while node > 1 {
            winner = winner.min(self.winners[node ^ 1]);
            node /= 2;
            self.winners[node] = winner;
        }
        self.earliest = winner;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    /// Drives the list and its slow, obvious twin, a vector that is searched, side by side.
    #[test]
    fn it_pops_the_earliest_of_calendar_lanes_and_arrivals_and_knows_whether_it_is_alone() {
        let mut draw = Key::root(2, 0).draw(Purpose::Service);
        let holds = [Holds::Travellers, Holds::Timers, Holds::Answers];
        let mut delays = [30, 2_000, 7];
        let mut future = FutureEvents::new(&holds, 3);
        let mut twin: Vec<(Time, u64)> = Vec::new();
        let mut now = Time(0);
        for step in 0..100_000_u64 {
            let cohort = (draw.bits() % 3) as usize;
            let arrival = Event::about(Kind::Arrive, cohort).pack();
            match draw.bits() % 8 {
                0 | 1 => {
                    let time = Time(now.0 + draw.bits() % 1_000);
                    future.push(time, step);
                    twin.push((time, step));
                }
                2..=4 => {
                    let lane = (draw.bits() % 3) as usize;
                    let time = Time(now.0 + delays[lane]);
                    future.push_in_order(lane, time, step);
                    twin.push((time, step));
                }
                5 if !twin.iter().any(|pending| pending.1 == arrival) => {
                    let time = Time(now.0 + draw.bits() % 100);
                    future.expect_arrival(cohort, time);
                    twin.push((time, arrival));
                }
                // A setting changes, and what follows may come out of order.
                6 if step % 50 == 0 => delays[(draw.bits() % 3) as usize] = draw.bits() % 500,
                _ => {}
            }
            if !draw.bits().is_multiple_of(3) || twin.len() > 200 {
                // Some arrivals are the last of their cohort, or the next is stated later.
                let (gap, mut next) = (draw.bits() % 200, None);
                let follow = |cohort, now: Time| {
                    next = (gap < 100).then(|| (Time(now.0 + gap), Event::about(Kind::Arrive, cohort).pack()));
                    next.map(|(time, _)| time)
                };
                let Some(Due { time, event, alone }) = future.pop((), follow) else {
                    assert!(twin.is_empty());
                    continue;
                };
                let earliest = twin.iter().map(|pending| pending.0).min();
                assert_eq!(Some(time), earliest, "step {step}");
                let place = twin.iter().position(|pending| *pending == (time, event));
                twin.remove(place.expect("what comes out was put in"));
                twin.extend(next);
                let more = twin.iter().any(|pending| pending.0 == time);
                assert_eq!((alone, future.has_more_at(time)), (!more, more), "step {step}");
                now = time;
            }
        }
    }
}
