//! The settings change: at the start of the window, and at each change of the timeline.

use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::itinerary::Itineraries;
use crate::engine::world::World;
use crate::model::Settings;
use crate::policy::pool;
use crate::units::Span;

impl<P: Probe> World<'_, P> {
    /// Applies the first settings and sets the first arrivals and background reports.
    pub fn open(&mut self) {
        self.apply_settings(None);
        self.empty_caches(0);
        self.watch_loads();
        for region in 0..self.model.regions {
            self.schedule_usual_report(region);
        }
        self.open_arrivals();
    }

    /// Puts the settings of an epoch into force.
    pub fn change(&mut self, epoch: usize) {
        let before = std::mem::replace(&mut self.settings, &self.model.epochs[epoch].settings);
        if self.callers.apps.any || self.callers.servers.any {
            self.callers.change(before, self.settings, |viewer| usize::from(self.viewers[viewer].client));
        }
        self.itineraries = Itineraries::new(self.model, self.settings);
        self.delays.put_into_force(self.settings);
        self.apply_settings(Some(before));
        self.empty_caches(epoch);
        for pool in self.model.pools_by_name.iter().copied() {
            self.plan_look(pool);
            self.employ_all(pool);
        }
        for region in 0..self.model.regions {
            self.schedule_usual_report(region);
        }
        for room in 0..self.model.waiting_rooms.len() {
            self.expect_admission(room);
        }
    }

    /// Empties the caches that a change names.
    fn empty_caches(&mut self, epoch: usize) {
        for (pool, call) in &self.model.epochs[epoch].empties {
            self.caches.empty(*pool, *call);
        }
    }

    /// Brings pools, gauges and links in line with the settings; `before` were in force until now, none at the start.
    fn apply_settings(&mut self, before: Option<&Settings>) {
        for (pool, settings) in self.settings.pools.iter().enumerate() {
            self.pools[pool].put_into_force(settings, self.now);
            if let Some(fleet) = self.pools[pool].fleet().filter(|_| crashes_anew(before, pool, settings)) {
                fleet.renew_lives();
            }
            self.set_up_autoscaler(pool, before.map(|before| &before.pools[pool]));
            self.level_fleet(pool);
        }
        for region in 0..self.links.len() {
            self.apply_link(region);
        }
    }

    /// A background report reaches the outage tracker, unless a change has moved the report.
    pub fn usual_report(&mut self, region: usize) {
        let usual = &mut self.usual_reports[region];
        if usual.rate > 0.0 && usual.next == self.now {
            (usual.rate, usual.rest) = (0.0, None);
            self.books.recorder.report(region);
            self.schedule_usual_report(region);
        }
    }

    /// Places the next background report of a region. A change of the rate stretches what is left of the gap; a change of
    /// anything else moves no report.
    fn schedule_usual_report(&mut self, region: usize) {
        let rate = self.settings.regions[region].usual_reports * self.model.scale;
        let usual = &mut self.usual_reports[region];
        if rate == usual.rate {
            return;
        }
        if usual.rate > 0.0 {
            usual.rest = Some(usual.next.since(self.now).seconds() * usual.rate);
        }
        usual.rate = rate;
        if rate > 0.0 {
            let rest = usual.rest.take().unwrap_or_else(|| usual.gaps.exponential());
            usual.next = self.now.after(Span::from_seconds(rest / rate).max(Span(1)));
            if usual.next < self.model.end {
                self.future.push(usual.next, Event::lasting(Kind::UsualReport, region).pack());
            }
        }
    }
}

/// Whether the crashes of a pool follow another law than before.
fn crashes_anew(before: Option<&Settings>, pool: usize, settings: &pool::Settings) -> bool {
    before.is_some_and(|before| before.pools[pool].crash() != settings.crash())
}
