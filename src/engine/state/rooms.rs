//! Waiting rooms: the people who wait, in their order, and the people admitted.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::slab::Slab;
use super::viewer::{NEVER, Viewer};
use crate::model::Model;
use crate::policy::waiting_room::{Order, State};
use crate::random::Key;
use crate::units::Time;

/// A viewer who waits: the row, and its generation while the viewer waits.
type Waiting = (u32, u32);

/// One waiting room. A viewer who leaves before being admitted stays in the lists as a stale entry.
pub struct Room {
    /// Rule and counts.
    pub state: State,
    /// Key of the lottery's draws.
    pub key: Key,
    /// Moment of the pending admission; [`NEVER`] without one.
    pub scheduled: Time,
    /// Viewers in the lottery, by their draws.
    drawn: BinaryHeap<Reverse<(u64, Waiting)>>,
    /// All other viewers, in order of arrival.
    line: VecDeque<Waiting>,
}

impl Room {
    fn new(key: Key) -> Room {
        Room { state: State::default(), key, scheduled: NEVER, drawn: BinaryHeap::new(), line: VecDeque::new() }
    }

    /// Adds a viewer; with a draw if the viewer takes part in the lottery.
    pub fn join(&mut self, draw: Option<u64>, waiting: Waiting) {
        match draw {
            Some(draw) => self.drawn.push(Reverse((draw, waiting))),
            None => self.line.push_back(waiting),
        }
    }

    /// Whether somebody waits. Stale entries at the front are dropped.
    pub fn has_waiting(&mut self, viewers: &Slab<Viewer>) -> bool {
        let stays = |(row, generation): &Waiting| viewers.is_current(*row, *generation);
        while self.drawn.peek().is_some_and(|Reverse((_, waiting))| !stays(waiting)) {
            self.drawn.pop();
        }
        if !self.drawn.is_empty() {
            return true;
        }
        while self.line.front().is_some_and(|waiting| !stays(waiting)) {
            self.line.pop_front();
        }
        !self.line.is_empty()
    }

    /// Takes out the next viewer and returns the row.
    pub fn next(&mut self, viewers: &Slab<Viewer>) -> Option<u32> {
        self.has_waiting(viewers);
        self.drawn.pop().map(|Reverse((_, (row, _)))| row).or_else(|| Some(self.line.pop_front()?.0))
    }
}

/// All waiting rooms. No memory is used where no journey enters one.
pub struct Rooms {
    /// Whether there are waiting rooms.
    pub used: bool,
    /// By index of the room.
    pub rooms: Vec<Room>,
    /// By viewer's row, the rooms that admitted the viewer, one bit each, and when the viewer entered the present one.
    guests: Vec<(u64, Time)>,
}

impl Rooms {
    /// Empty rooms.
    pub fn new(model: &Model, root: Key) -> Rooms {
        let key = |name: &String| Room::new(root.named(name));
        let rooms: Vec<Room> = model.waiting_rooms.iter().map(key).collect();
        Rooms { used: !rooms.is_empty(), rooms, guests: Vec::new() }
    }

    fn guest(&mut self, row: u32) -> &mut (u64, Time) {
        let index = row as usize;
        if index >= self.guests.len() {
            self.guests.resize(index + 1, (0, NEVER));
        }
        &mut self.guests[index]
    }

    /// Whether a viewer was admitted to a room.
    pub fn is_admitted(&mut self, row: u32, room: usize) -> bool {
        self.guest(row).0 & (1 << room) != 0
    }

    /// Notes that a viewer enters a room.
    pub fn enter(&mut self, row: u32, now: Time) {
        self.guest(row).1 = now;
    }

    /// Notes that a viewer is admitted to a room. Returns when the viewer entered it.
    pub fn admit(&mut self, row: u32, room: usize, now: Time) -> Time {
        self.rooms[room].state.admit(now);
        let guest = self.guest(row);
        guest.0 |= 1 << room;
        guest.1
    }

    /// A viewer leaves all rooms that admitted them, whose bits are returned.
    pub fn leave(&mut self, row: u32) -> u64 {
        let admitted = std::mem::take(&mut self.guest(row).0);
        for (room, state) in self.rooms.iter_mut().enumerate() {
            if admitted & (1 << room) != 0 {
                state.state.leave();
            }
        }
        admitted
    }

    /// Bytes of all lists.
    pub fn bytes(&self) -> usize {
        let of = |room: &Room| room.drawn.len() * size_of::<(u64, Waiting)>() + room.line.len() * size_of::<Waiting>();
        self.rooms.iter().map(of).sum::<usize>() + self.guests.len() * size_of::<(u64, Time)>()
    }
}

/// Whether a viewer who enters at `now` takes part in the lottery of a room.
pub fn draws(order: Order, opens: Time, now: Time) -> bool {
    order == Order::Lottery && now < opens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_with_a_lot_come_first_and_those_who_left_never() {
        let mut viewers = Slab::<Viewer>::with_capacity(0);
        let mut room = Room::new(Key::root(1, 0));
        let rows: Vec<u32> = (0..6).map(|_| viewers.take()).collect();
        let waiting = |row: u32, viewers: &Slab<Viewer>| (row, viewers.generation(row));
        for (row, draw) in rows.iter().zip([Some(30), Some(10), None, Some(20), None, None]) {
            room.join(draw, waiting(*row, &viewers));
        }
        viewers.renew(rows[3]);
        viewers.renew(rows[2]);
        let mut order = Vec::new();
        while room.has_waiting(&viewers) {
            order.extend(room.next(&viewers));
        }
        assert_eq!(order, [rows[1], rows[0], rows[4], rows[5]]);
        assert_eq!(room.next(&viewers), None);
    }

    #[test]
    fn a_lot_is_drawn_only_before_the_room_opens() {
        let cases = [(Order::Lottery, 5, true), (Order::Lottery, 10, false), (Order::Arrival, 5, false)];
        assert!(cases.iter().all(|(order, now, lot)| draws(*order, Time(10), Time(*now)) == *lot));
    }
}
