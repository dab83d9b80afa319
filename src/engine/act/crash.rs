//! Crashes: servers break down, lose what they hold, and are repaired.

use crate::engine::pending::event::{Event, Kind, server_of};
use crate::engine::probe::Probe;
use crate::engine::state::fleet::{Fleet, Overfull};
use crate::engine::world::World;
use crate::policy::fleet;
use crate::policy::pool::Settings;
use crate::random::{Key, Purpose};

impl<P: Probe> World<'_, P> {
    /// A server crashes at the time that was drawn for it.
    #[cold]
    #[inline(never)]
    pub fn server_crashes(&mut self, row: u32, life: u32) {
        let (pool, server) = server_of(row);
        if self.fleet_in_life(pool, server, life).is_some() {
            self.crash(pool, server);
        }
    }

    /// Looks at a server whose queue was full, which crashes if the queue was full for long enough.
    #[cold]
    #[inline(never)]
    pub fn queue_was_full(&mut self, row: u32, life: u32) {
        let (pool, server) = server_of(row);
        let now = self.now;
        let Some((fleet, _, of)) = self.fleet_in_life(pool, server, life) else { return };
        match fleet.look_at_overfull(of, server, life, now) {
            Overfull::Crashes => self.crash(pool, server),
            Overfull::Later(time) => {
                self.future.push(time, Event::of_server(Kind::Overfull, pool, server, life).pack())
            }
            Overfull::Nothing => {}
        }
    }

    /// Takes a server down until its repair; the attempts that it holds are lost.
    fn crash(&mut self, pool: usize, server: u32) {
        let all = self.pools[pool].settings;
        let Some((of, set)) = all.fleet.as_ref().and_then(|of| Some((of, of.crash.as_ref()?))) else { return };
        let noticed = set.notice.0 == 0;
        let Some(fleet) = self.pools[pool].fleet() else { return };
        let counted = fleet.counts(server);
        let life = fleet.crash(all, of, server, noticed);
        let repaired = set.repair.span(self.key_of_life(pool, server, life).draw(Purpose::Repair));
        self.future.push(self.now.after(repaired), Event::of_server(Kind::Repaired, pool, server, life).pack());
        if !noticed {
            self.future.push(self.now.after(set.notice), Event::of_server(Kind::Notice, pool, server, life).pack());
        }
        self.measure(pool);
        self.note_limit(pool, server, counted);
        self.lose_held(pool);
        self.employ_ejected(pool);
    }

    /// The balancer of a pool learns of a crash.
    #[cold]
    #[inline(never)]
    pub fn crash_noticed(&mut self, row: u32, life: u32) {
        let (pool, server) = server_of(row);
        if let Some((fleet, all, of)) = self.fleet_in_life(pool, server, life) {
            fleet.notice(all, of, server);
            self.employ_ejected(pool);
        }
    }

    /// A server has been repaired.
    #[cold]
    #[inline(never)]
    pub fn server_repaired(&mut self, row: u32, life: u32) {
        let (pool, server) = server_of(row);
        let now = self.now;
        let Some((fleet, all, of)) = self.fleet_in_life(pool, server, life) else { return };
        fleet.repair(all, of, server, now);
        self.plan_crash(pool, server);
        self.measure(pool);
        self.note_limit(pool, server, false);
        self.fill_slots(pool, server);
    }

    /// Schedules a look at the queue of a server, if the queue is full and servers crash by `when_full`.
    #[cold]
    #[inline(never)]
    pub fn watch_fullness(&mut self, pool: usize, server: u32) {
        let at = &mut self.pools[pool];
        let Some(of) = &at.settings.fleet else { return };
        if let Some((time, life)) = at.fleet().and_then(|fleet| fleet.plan_overfull(of, server)) {
            self.future.push(time, Event::of_server(Kind::Overfull, pool, server, life).pack());
        }
    }
}

impl<'m, P> World<'m, P> {
    /// The servers of a pool and the settings in force, if `life` is the present life of a server.
    fn fleet_in_life(
        &mut self,
        pool: usize,
        server: u32,
        life: u32,
    ) -> Option<(&mut Fleet, &'m Settings, &'m fleet::Settings)> {
        let at = &mut self.pools[pool];
        let all = at.settings;
        let fleet = at.fleet().filter(|fleet| fleet.is_life(server, life))?;
        Some((fleet, all, all.fleet.as_ref()?))
    }

    /// Plans the crashes of the servers of a pool whose lives have begun.
    #[cold]
    #[inline(never)]
    pub fn plan_crashes(&mut self, pool: usize) {
        let servers = self.pools[pool].fleet().map_or(0, |fleet| fleet.len() as u32);
        for server in 0..servers {
            self.plan_crash(pool, server);
        }
    }

    /// Plans the crash of a server, unless it is planned.
    pub fn plan_crash(&mut self, pool: usize, server: u32) {
        let at = &mut self.pools[pool];
        let all = at.settings;
        let Some(of) = &all.fleet else { return };
        let Some(set) = &of.crash else { return };
        let Some(fleet) = at.fleet() else { return };
        let begun = fleet.begin_life(server);
        let overfull = fleet.plan_overfull(of, server);
        if let Some(life) = begun
            && let Some(works) = set.works_for(self.key_of_life(pool, server, life).draw(Purpose::Crash))
        {
            self.future.push(self.now.after(works), Event::of_server(Kind::Crash, pool, server, life).pack());
        }
        if let Some((time, life)) = overfull {
            self.future.push(time, Event::of_server(Kind::Overfull, pool, server, life).pack());
        }
    }

    /// Key of the draws of a life of a server.
    fn key_of_life(&self, pool: usize, server: u32, life: u32) -> Key {
        self.root.with(self.model.pool_names[pool]).with(u64::from(server)).with(u64::from(life))
    }
}
