//! The protections of pools: the load of each second for shedding, and the samples of the concurrency limiters.

use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::attempt::Attempt;
use crate::engine::state::guard::{Admission, Guard};
use crate::engine::state::slab::NO_ROW;
use crate::engine::world::World;
use crate::measure::load;
use crate::policy::concurrency_limit::Sample;
use crate::policy::shed::Shed;
use crate::random::{Key, Purpose};
use crate::units::Span;

impl<P: Probe> World<'_, P> {
    /// Schedules the first look at the load of each pool that sheds by load.
    pub fn watch_loads(&mut self) {
        for pool in 0..self.pools.len() {
            let epochs = &self.model.epochs;
            if epochs.iter().any(|epoch| epoch.settings.pools[pool].shed.as_ref().is_some_and(Shed::looks_at_load)) {
                self.look_at_load_later(pool);
            }
        }
    }

    fn look_at_load_later(&mut self, pool: usize) {
        let at = self.now.after(Guard::LOOKS_EVERY);
        self.future.push(at, Event::lasting(Kind::Second, pool).pack());
    }

    /// Measures the load of the second that ends, for a pool that sheds by load.
    #[cold]
    #[inline(never)]
    pub fn second_ends(&mut self, pool: usize) {
        let gauges = self.books.recorder.pool(pool);
        let at = &mut self.pools[pool];
        let loads = [load::of_slots(gauges, self.now), load::of_cores(gauges, at.settings.has_cores(), self.now)];
        if let Some(guard) = &mut at.guard {
            guard.second_ends(loads);
        }
        self.look_at_load_later(pool);
    }

    /// The row of the viewer whose app sent an attempt that now reaches its pool, if the viewer is still inside. The
    /// field of the server held the row.
    #[cold]
    #[inline(never)]
    pub fn take_sender(&mut self, attempt: u32) -> u32 {
        let Attempt { server, cohort, ordinal, .. } = self.attempts[attempt];
        self.attempts[attempt].server = 0;
        let is_sender = (server as usize) < self.viewers.len() && {
            let viewer = &self.viewers[server];
            (viewer.cohort, viewer.ordinal) == (cohort, ordinal)
        };
        if is_sender { server } else { NO_ROW }
    }

    /// Notes the time and the concurrency at which a server admits an attempt.
    #[cold]
    #[inline(never)]
    pub fn note_admission(&mut self, attempt: u32, server: u32) {
        let pool = usize::from(self.attempts[attempt].pool);
        let row = attempt as usize;
        if row >= self.admissions.len() {
            self.admissions.resize(row + 1, Admission::default());
        }
        let inflight = self.pools[pool].inflight_with_one_more(server).unwrap_or(0.0);
        self.admissions[row] = Admission { at: self.now, inflight };
    }

    /// Gives the limiter of a server a sample: an attempt that the server admitted has ended; `dropped` if it timed
    /// out.
    #[cold]
    #[inline(never)]
    pub fn sample(&mut self, attempt: u32, dropped: bool) {
        let Attempt { pool, server, key, .. } = self.attempts[attempt];
        let pool = usize::from(pool);
        let Admission { at, inflight } = self.admissions.get(attempt as usize).copied().unwrap_or_default();
        // A limit that came into force after the admission has no sample of it.
        if inflight > 0.0 {
            self.admissions[attempt as usize] = Admission::default();
            let sample = Sample { rtt: self.now.since(at), inflight, dropped, key };
            self.pools[pool].limit_ended(server, sample, self.books.recorder.pool_mut(pool), self.now);
        }
    }

    /// The `retry_after` of an attempt of a cell, drawn by the attempt's key.
    #[cold]
    #[inline(never)]
    pub fn retry_after(&self, cell: u16, key: Key) -> Option<Span> {
        let pool = self.model.cells[usize::from(cell)].pool;
        let law = self.settings.pools[pool].retry_after.as_ref()?;
        Some(law.span(key.draw(Purpose::RetryAfter)).max(Span::ZERO))
    }
}
