//! Autoscaling: the evaluations of an autoscaler, boots and removals of servers.

use crate::engine::pending::event::{Event, Kind, server_of};
use crate::engine::probe::Probe;
use crate::engine::state::pool::Followed;
use crate::engine::state::roster::{Boot, Roster};
use crate::engine::world::World;
use crate::measure::{PoolGauges, load};
use crate::policy::fleet::autoscale::{Integrals, Metric, Seen};
use crate::policy::pool;
use crate::random::Purpose;
use crate::units::{NANOS_PER_SECOND, Time};
use crate::vocabulary::PoolLevel;

impl<P: Probe> World<'_, P> {
    /// Brings the autoscaler of a pool in line with the settings; `before` were in force until now, none at the start.
    pub fn set_up_autoscaler(&mut self, pool: usize, before: Option<&pool::Settings>) {
        let at = &mut self.pools[pool];
        let all = at.settings;
        let Some(settings) = &all.autoscale else { return };
        let stated = all.servers_within_bounds(self.now);
        let present = integrals(all, settings.metric, self.books.recorder.pool(pool), at.offered, self.now);
        let old = before.and_then(|before| before.autoscale.as_ref());
        match &mut at.roster {
            Some(_) if old.is_some_and(|old| settings.continues(old)) => {}
            roster => {
                match roster {
                    Some(roster) => roster.restart(settings, present),
                    None => {
                        let servers = before.map_or(stated, pool::Settings::servers);
                        *roster = Some(Roster::of(settings, servers, present));
                    }
                }
                self.evaluate_later(pool);
            }
        }
        if before.is_some_and(|before| before.servers() != all.servers()) {
            if let Some(roster) = &mut self.pools[pool].roster {
                roster.state.set(stated);
            }
            self.want(pool, stated);
        }
    }

    fn evaluate_later(&mut self, pool: usize) {
        let at = &self.pools[pool];
        if let (Some(settings), Some(roster)) = (&at.settings.autoscale, &at.roster) {
            let event = Event { kind: Kind::Autoscale, generation: roster.version, row: pool as u32 };
            self.future.push(self.now.after(settings.every), event.pack());
        }
    }

    /// The autoscaler of a pool looks at its metric.
    #[cold]
    #[inline(never)]
    pub fn evaluate(&mut self, pool: usize, version: u32) {
        let at = &mut self.pools[pool];
        let all = at.settings;
        let (Some(settings), Some(roster)) = (&all.autoscale, &mut at.roster) else { return };
        if roster.version != version {
            return;
        }
        let gauges = self.books.recorder.pool(pool);
        let present = integrals(all, settings.metric, gauges, at.offered, self.now);
        let taken = roster.samples.take(settings.window, settings.delay, present);
        let means = taken.map(|(grown, evaluations)| {
            let nanos = settings.every.0 as f64 * evaluations as f64;
            grown.map(|grown| grown as f64 / nanos / self.model.scale)
        });
        let per_server = match settings.metric {
            Metric::Utilization => all.concurrency(),
            Metric::Cpu => all.cores(),
            _ => 1.0,
        };
        let total = means.map(|[metric, _]| metric / per_server);
        let servers = means.map_or(0.0, |[_, servers]| servers / STEPS);
        let [at_least, at_most] = settings.bounds(self.now);
        let up = gauges.servers.level() as f64 / STEPS / self.model.scale;
        let seen = Seen {
            up: (up.round() as u64).min(roster.up()),
            booting: roster.booting(),
            wanted: roster.wanted(),
            total,
            mean: total.filter(|_| servers > 0.0).map(|total| total / servers),
            waiting: gauges.queue.level() > 0,
            at_least,
            at_most,
        };
        let wanted = roster.state.evaluate(&settings.rule, &seen);
        self.evaluate_later(pool);
        let followed = self.want(pool, wanted);
        self.employ(pool, followed);
    }

    /// Starts boots, stops boots or removes servers, until `wanted` servers are up or boot.
    fn want(&mut self, pool: usize, wanted: u64) -> Followed {
        let at = &mut self.pools[pool];
        let (Some(settings), Some(roster)) = (&at.settings.autoscale, &mut at.roster) else { return Followed::Nothing };
        if wanted == roster.wanted() {
            return Followed::Nothing;
        }
        let key = self.root.with(self.model.pool_names[pool]);
        roster.shrink(wanted);
        roster.grow(wanted, |boot| {
            let key = key.with(u64::from(boot.number)).with(u64::from(boot.incarnation));
            let up = self.now.after(settings.boot.span(key.draw(Purpose::Boot)));
            self.future.push(up, Event::of_server(Kind::ServerUp, pool, boot.number, boot.incarnation).pack());
        });
        self.follow_roster(pool)
    }

    /// A server has booted.
    #[cold]
    #[inline(never)]
    pub fn server_up(&mut self, row: u32, incarnation: u32) {
        let (pool, number) = server_of(row);
        let Some(roster) = &mut self.pools[pool].roster else { return };
        if !roster.booted(Boot { number, incarnation }) {
            return;
        }
        let followed = self.follow_roster(pool);
        self.employ(pool, followed);
    }

    /// Gives work to the servers of a pool that an autoscaler has brought up, and ends what those held that went down with it. Where
    /// a share of the servers is down, one may come up because another is removed.
    fn employ(&mut self, pool: usize, followed: Followed) {
        match followed {
            Followed::Slots => self.fill_slots(pool, 0),
            Followed::One(server) => self.fill_slots(pool, server),
            Followed::Nothing => {}
            Followed::Many => self.employ_all(pool),
        }
    }

    /// Ends what the servers of a pool held that went down, and gives work to all free slots.
    pub fn employ_all(&mut self, pool: usize) {
        self.lose_held(pool);
        for queue in 0..self.pools[pool].queues() {
            self.fill_slots(pool, queue);
        }
    }
}

impl<P> World<'_, P> {
    /// Brings the servers and the gauges of a pool in line with its autoscaler.
    fn follow_roster(&mut self, pool: usize) -> Followed {
        let followed = self.pools[pool].follow_roster(self.now);
        if followed == Followed::Many {
            self.level_fleet(pool);
            return followed;
        }
        self.measure(pool);
        if let Followed::One(server) = followed {
            self.note_limit(pool, server, false);
            if self.pools[pool].settings.crash().is_some() {
                self.plan_crash(pool, server);
            }
        }
        followed
    }

    /// Sets the levels of a pool that depend on its settings and on how many servers are up.
    pub fn measure(&mut self, pool: usize) {
        self.pools[pool].measure(self.model.scale, self.books.recorder.pool_mut(pool), self.now);
    }

    /// Adds or removes the limit of a server in the level of the concurrency limits; `counted` if the server counted
    /// before.
    pub fn note_limit(&mut self, pool: usize, server: u32, counted: bool) {
        self.pools[pool].note_limit(server, counted, self.books.recorder.pool_mut(pool), self.now);
    }

    /// Brings the servers and the gauges of a pool in line with the settings and with the autoscaler.
    pub fn level_fleet(&mut self, pool: usize) {
        self.pools[pool].configure(self.now);
        self.measure(pool);
        self.pools[pool].measure_limits(self.books.recorder.pool_mut(pool), self.now);
        self.look_at_cores(pool);
        if self.pools[pool].settings.crash().is_some() {
            self.plan_crashes(pool);
        }
    }
}

/// Steps in which one server is recorded.
const STEPS: f64 = PoolLevel::Servers.attributes().steps;

/// The integrals of a metric, in its unit × nanoseconds, and of the servers that are up.
fn integrals(set: &pool::Settings, metric: Metric, gauges: &PoolGauges, offered: u64, now: Time) -> Integrals {
    let of_metric = match metric {
        Metric::Utilization => load::of_slots(gauges, now)[0],
        Metric::Cpu => load::of_cores(gauges, set.has_cores(), now)[0],
        Metric::AttemptsPerServer => i128::from(offered) * NANOS_PER_SECOND as i128,
        Metric::QueuePerServer => gauges.queue.integral(now),
        Metric::InServicePerServer => gauges.in_service.integral(now),
    };
    [of_metric, gauges.servers.integral(now)]
}
