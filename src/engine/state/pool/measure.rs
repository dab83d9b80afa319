//! The levels of a pool that depend on its settings and on its servers.

use super::{Pool, Servers};
use crate::measure::PoolGauges;
use crate::units::Time;
use crate::vocabulary::PoolLevel;

impl Pool<'_> {
    /// Panics unless the levels agree with their gauges, which no input can bring about: it would be a fault of the engine.
    pub fn assert_balance(&self, gauges: &PoolGauges) {
        let levels = match &self.servers {
            Servers::Alike(alike) => alike.levels(),
            Servers::Individual(fleet) => {
                fleet.assert_standings();
                fleet.levels()
            }
        };
        let gauged = [gauges.queue, gauges.in_service, gauges.answering].map(|gauge| gauge.level());
        assert_eq!(
            levels.map(|level| level as i64),
            gauged,
            "queued, in service and answering do not agree with their gauges"
        );
    }

    /// Sets the levels that depend on the settings and on how many servers are up, except for the concurrency limits.
    /// Levels are recorded at simulated size, like counts; reports bring both to full size.
    #[cold]
    #[inline(never)]
    pub fn measure(&self, scale: f64, gauges: &mut PoolGauges, now: Time) {
        let set = self.settings;
        let (full, all) = (self.full as f64, self.slots);
        let (slots, servers, work_rate) = match (&self.servers, &set.fleet) {
            (Servers::Individual(fleet), Some(of)) => {
                let up = f64::from(fleet.up());
                let share = up / f64::from(of.servers.number(self.full).max(1));
                let slots = if set.has_unlimited_slots() { all } else { of.servers.slots * up as u64 };
                (if up > 0.0 { slots } else { 0 }, share, of.work_rate(fleet.up(), fleet.speeds()))
            }
            _ if all == u64::MAX => (all, 1.0, f64::INFINITY),
            _ => (all, 1.0, all as f64),
        };
        if let (Some(cores), Some(of)) = (&self.cores, &set.fleet) {
            let up = (full * servers * of.servers.each()).round() as i64;
            gauges.cores.set(up * i64::from(of.speed.unwrap_or_default().cores()), now);
            gauges.busy_cores.set(cores.busy() as i64, now);
        }
        let unlimited = set.has_unlimited_slots();
        let beyond = if let Servers::Individual(fleet) = &self.servers { fleet.held_beyond() } else { 0 };
        gauges.slots.set(if unlimited { 0 } else { (slots + beyond) as i64 }, now);
        let steps = |level: PoolLevel, value: f64| (value * level.attributes().steps).round() as i64;
        let level = |servers: f64| steps(PoolLevel::Servers, servers * scale);
        let booting = self.roster.as_ref().map_or(0.0, |roster| roster.booting() as f64);
        gauges.servers.set(level(full * servers), now);
        gauges.booting.set(level(booting), now);
        gauges.wanted.set(level(full + booting), now);
        let capacity = if work_rate.is_infinite() { 0.0 } else { set.capacity_per_second(slots, work_rate).min(1e12) };
        gauges.capacity.set(steps(PoolLevel::Capacity, capacity), now);
        gauges.no_server.set(i64::from(slots == 0), now);
        if let Servers::Individual(fleet) = &self.servers {
            let of_all = f64::from(set.fleet.as_ref().map_or(1, |of| of.servers.number(self.full).max(1)));
            gauges.ejected.set(level(f64::from(fleet.ejected()) / of_all * full), now);
        }
        self.note_fullness(gauges, now);
    }

    /// Sets the level of the concurrency limits, by a sum over all servers.
    pub fn measure_limits(&self, gauges: &mut PoolGauges, now: Time) {
        gauges.limit.set(self.concurrency_limit(), now);
    }
}
