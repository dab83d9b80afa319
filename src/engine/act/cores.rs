//! Shared cores: attempts and answers that a server works on at once.

use crate::engine::pending::event::{Event, Kind, server_of};
use crate::engine::probe::Probe;
use crate::engine::state::cores::NewWork;
use crate::engine::state::slab::NO_ROW;
use crate::engine::world::World;
use crate::units::Span;

impl<P: Probe> World<'_, P> {
    /// The next work of a server whose cores are shared is done.
    #[cold]
    #[inline(never)]
    pub fn core_done(&mut self, row: u32, number: u32) {
        let (pool, server) = server_of(row);
        if !self.pools[pool].cores.as_ref().is_some_and(|cores| cores.awaits(server, number)) {
            return;
        }
        while let Some(done) = self.take_done(pool, server) {
            self.leave_core(pool, server);
            match done {
                NO_ROW => self.answered(row),
                attempt => self.complete(attempt),
            }
        }
        if let Some(cores) = &mut self.pools[pool].cores {
            cores.event_over(server, &self.attempts);
        }
        self.look_at_core(pool, server);
    }
}

impl<P> World<'_, P> {
    /// A server begins to work on an attempt whose cores are shared, as part of its service.
    #[cold]
    #[inline(never)]
    pub fn begin_shared(&mut self, attempt: u32, work: Span) {
        let row = &self.attempts[attempt];
        let order = u64::from(row.cohort) << 48 | u64::from(row.ordinal) << 16 | row.key.number() >> 48;
        let (pool, server, generation) = (usize::from(row.pool), row.server, row.generation);
        self.join_core(pool, server, NewWork { amount: work, order, attempt: Some((attempt, generation)) });
    }

    /// A server begins to work on an answer to an attempt that was turned away.
    pub fn begin_shared_answer(&mut self, pool: usize, server: u32, work: Span) {
        self.join_core(pool, server, NewWork { amount: work, order: u64::MAX, attempt: None });
    }

    fn join_core(&mut self, pool: usize, server: u32, work: NewWork) {
        if let Some(cores) = &mut self.pools[pool].cores {
            let more = cores.join(server, work, self.now);
            self.books.recorder.pool_mut(pool).busy_cores.add(more, self.now);
        }
        self.look_at_core(pool, server);
    }

    /// Ends the work of a server on an attempt or an answer, done or not. The next end may come earlier after that.
    #[cold]
    #[inline(never)]
    pub fn leave_core(&mut self, pool: usize, server: u32) {
        if let Some(cores) = &mut self.pools[pool].cores {
            let more = cores.leave(server, self.now);
            self.books.recorder.pool_mut(pool).busy_cores.add(more, self.now);
        }
        self.look_at_core(pool, server);
    }

    fn take_done(&mut self, pool: usize, server: u32) -> Option<u32> {
        self.pools[pool].cores.as_mut()?.take_done(server, &self.attempts, self.now)
    }

    /// Pushes the event of the next end at a server, unless one is pending that comes before it.
    fn look_at_core(&mut self, pool: usize, server: u32) {
        let next = self.pools[pool].cores.as_mut().and_then(|cores| cores.next_event(server));
        if let Some((due, generation)) = next {
            self.future.push(due, Event::of_server(Kind::CoreDone, pool, server, generation).pack());
        }
    }

    /// Looks at every server of a pool after a change of speed.
    pub fn look_at_cores(&mut self, pool: usize) {
        let servers = self.pools[pool].cores.as_ref().map_or(0, |cores| cores.len());
        for server in 0..servers {
            self.look_at_core(pool, server);
        }
    }
}
