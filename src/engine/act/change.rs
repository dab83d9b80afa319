//! The settings change: at the start of the window, and at each change of the timeline.

use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::itinerary::Itineraries;
use crate::engine::world::World;
use crate::units::{Span, Time};

impl<P: Probe> World<'_, P> {
    /// Applies the first settings and sets the first arrivals and background reports.
    pub fn open(&mut self) {
        self.apply_settings();
        for region in 0..self.model.regions {
            self.schedule_usual_report(region);
        }
        self.open_arrivals();
    }

    /// Puts the settings of an epoch into force.
    pub fn change(&mut self, epoch: usize) {
        let before = std::mem::replace(&mut self.settings, &self.model.epochs[epoch].settings);
        if self.budgets.used {
            self.budgets.change(before, self.settings, |viewer| usize::from(self.viewers[viewer].client));
        }
        self.itineraries = Itineraries::new(self.model, self.settings);
        self.apply_settings();
        for pool in 0..self.pools.len() {
            for server in 0..self.pools[pool].server_numbers() {
                self.fill_slots(pool, server);
            }
        }
        for region in 0..self.model.regions {
            self.schedule_usual_report(region);
        }
    }

    /// Brings gauges and links in line with the settings.
    fn apply_settings(&mut self) {
        for ((pool, state), gauges) in
            self.settings.pools.iter().zip(&mut self.pools).zip(&mut self.books.recorder.pools)
        {
            state.configure(pool);
            let unlimited = pool.slots.are_unlimited();
            gauges.slots.set(if unlimited { 0 } else { pool.slots.count as i64 }, self.now);
            // Levels are recorded at simulated size, as counts are; reports bring both to full size.
            gauges.servers.set((pool.slots.servers * self.model.scale * 1e3).round() as i64, self.now);
            let capacity = if unlimited { 0.0 } else { pool.capacity_per_second().min(1e12) };
            gauges.capacity.set((capacity * 1e3).round() as i64, self.now);
            gauges.no_server.set(i64::from(pool.slots.count == 0), self.now);
            state.note_fullness(gauges, self.now);
        }
        for region in 0..self.links.len() {
            self.apply_link(region);
        }
    }

    /// A background report reaches the outage tracker.
    pub fn usual_report(&mut self, region: usize) {
        self.usual_reports[region].pending = false;
        if self.settings.regions[region].usual_reports > 0.0 {
            self.books.recorder.report(region);
            self.schedule_usual_report(region);
        }
    }

    /// Draws the time of the next background report of a region, unless one is pending.
    fn schedule_usual_report(&mut self, region: usize) {
        let rate = self.settings.regions[region].usual_reports * self.model.scale;
        let usual = &mut self.usual_reports[region];
        if rate > 0.0 && !usual.pending {
            let gap = usual.gaps.exponential() / rate;
            let at: Time = self.now.after(Span::from_seconds(gap).max(Span(1)));
            if at < self.model.end {
                usual.pending = true;
                self.future.push(at, Event::lasting(Kind::UsualReport, region).pack());
            }
        }
    }
}
