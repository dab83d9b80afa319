//! Waiting rooms: viewers enter, are admitted, lose patience, and leave.

use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::rooms::draws;
use crate::engine::state::viewer::{NEVER, Phase, flags};
use crate::engine::world::World;
use crate::policy::waiting_room::Turn;
use crate::random::Purpose;
use crate::units::Span;
use crate::vocabulary::Happening;

impl<P: Probe> World<'_, P> {
    /// A viewer enters the waiting room of the present step, or passes it if it has admitted the viewer before.
    #[inline(never)]
    pub fn enter_room(&mut self, viewer: u32, room: usize) {
        if self.rooms.is_admitted(viewer, room) {
            return self.go_on(viewer);
        }
        let now = self.now;
        let region = self.model.cohorts[usize::from(self.viewers[viewer].cohort)].region;
        let release = self.model.drops[region];
        let row = &mut self.viewers[viewer];
        if !row.has(flags::STARTED) && row.since == NEVER {
            row.since = now.max(release);
        }
        row.phase = Phase::InRoom;
        row.attempt = 0;
        let set = &self.settings.waiting_rooms[room];
        let draw = draws(set.order, set.opens, now).then(|| {
            let lot = row.key(&self.cohort_keys).with(self.rooms.rooms[room].key.number());
            lot.draw(Purpose::Lottery).bits()
        });
        let patience =
            set.patience.as_ref().map(|law| law.span(row.step_key(&self.cohort_keys).draw(Purpose::Patience)));
        self.books.room_entered(region, now);
        self.rooms.enter(viewer, now);
        self.tell(viewer, Happening::EnteredRoom { room });
        self.rooms.rooms[room].join(draw, (viewer, self.viewers.generation(viewer)));
        if let Some(patience) = patience {
            self.schedule(now.after(patience), Kind::Move, viewer);
        }
        self.begin_heartbeats(viewer, Span::ZERO);
        self.expect_admission(room);
    }

    /// Schedules the next admission of a room, if somebody waits and may be admitted at some moment.
    pub fn expect_admission(&mut self, room: usize) {
        let (now, set) = (self.now, &self.settings.waiting_rooms[room]);
        let at = &mut self.rooms.rooms[room];
        if !at.has_waiting(&self.viewers) {
            return;
        }
        let moment = match at.state.turn(set, now) {
            Turn::Now => now,
            Turn::At(moment) => moment,
            Turn::WhenSomebodyLeaves => return,
        };
        if moment < at.scheduled || at.scheduled < now {
            at.scheduled = moment;
            self.future.push(moment, Event::lasting(Kind::Admit, room).pack());
        }
    }

    /// Admits everybody who may be admitted to a room at this instant.
    pub fn admissions(&mut self, room: usize) {
        if self.rooms.rooms[room].scheduled != self.now {
            return;
        }
        self.rooms.rooms[room].scheduled = NEVER;
        while self.stopped.is_none()
            && self.rooms.rooms[room].state.turn(&self.settings.waiting_rooms[room], self.now) == Turn::Now
            && let Some(viewer) = self.rooms.rooms[room].next(&self.viewers)
        {
            self.admit(viewer, room);
        }
        self.expect_admission(room);
    }

    /// A waiting room admits a viewer, who goes on.
    fn admit(&mut self, viewer: u32, room: usize) {
        let entered = self.rooms.admit(viewer, room, self.now);
        let region = self.leave_room(viewer);
        self.books.recorder.admitted(region, self.now.since(entered));
        self.tell(viewer, Happening::Admitted);
        self.go_on(viewer);
    }

    /// Takes a viewer out of a room. Returns the index of the region.
    fn leave_room(&mut self, viewer: u32) -> usize {
        let row = &mut self.viewers[viewer];
        row.phase = Phase::Between;
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        self.viewers.renew(viewer);
        self.books.room_left(region, self.now);
        region
    }

    /// The patience of a viewer in a waiting room ends: the viewer gives up, without an error page.
    #[cold]
    pub fn lose_patience_in_room(&mut self, viewer: u32) {
        self.leave_room(viewer);
        self.books.ledger.left_rooms += 1;
        self.tell(viewer, Happening::LeftRoom);
        self.give_up(viewer);
    }

    /// Frees the places of a viewer who ends the journey or gives up, in rooms that had admitted the viewer.
    #[cold]
    #[inline(never)]
    pub fn leave_rooms(&mut self, viewer: u32) {
        let admitted = self.rooms.leave(viewer);
        for room in (0..self.rooms.rooms.len()).filter(|room| admitted & (1 << room) != 0) {
            self.expect_admission(room);
        }
    }
}
