//! Arrivals of viewers, and the viewers who are in mid-stream at the start of the window.

use crate::engine::limits::CHECK_EVERY;
use crate::engine::probe::Probe;
use crate::engine::state::attempt::Origin;
use crate::engine::state::slab::Row;
use crate::engine::state::viewer::{Viewer, flags};
use crate::engine::world::World;
use crate::measure::Stopped;
use crate::model::Step;
use crate::random::{Purpose, Stream, UnitPoisson, pick};
use crate::units::{Span, Time};
use crate::vocabulary::Happening;

/// Number of arrivals that one cohort can have in a run, and of its viewers inside at the start.
const MOST_VIEWERS: u32 = (1 << 31) - 1;
/// Arrival index of the first viewer inside at the start. Arrivals count from 0, so the number of viewers inside shifts
/// no arrival's draws.
const INSIDE_ALREADY: u32 = 1 << 31;

impl<P: Probe> World<'_, P> {
    /// Places the viewers who are in mid-stream at the start, and sets the first arrival of each cohort.
    pub fn open_arrivals(&mut self) {
        for cohort in 0..self.model.cohorts.len() {
            self.place_viewers_inside(cohort);
            if let Some(first) = self.arrivals[cohort].next_in_window() {
                self.future.expect_arrival(cohort, first);
            }
        }
    }

    /// A viewer of a cohort arrives. The next arrival is pending already, unless it falls at this instant too.
    #[inline(always)]
    pub fn arrive(&mut self, cohort: usize) {
        let process = &mut self.arrivals[cohort];
        let (ordinal, at_once) = (process.next_index(), process.take_at_once());
        let region = usize::from(self.itineraries.entrance(cohort).region);
        let viewer = self.new_viewer(cohort, ordinal);
        self.books.recorder.arrival(region);
        self.tell(viewer, Happening::Arrived);
        if at_once {
            self.future.expect_arrival(cohort, self.now);
        }
        self.enter_step(viewer, 0);
    }

    /// Takes a row for a viewer of a cohort, with a client and a device.
    #[inline(always)]
    fn new_viewer(&mut self, cohort: usize, ordinal: u32) -> u32 {
        if ordinal & !INSIDE_ALREADY >= MOST_VIEWERS || self.viewers.len() >= Origin::VIEWERS as usize - 1 {
            self.stop(Stopped::ViewerLimit);
        }
        let entrance = self.itineraries.entrance(cohort);
        let client = entrance.client.unwrap_or_else(|| self.draw_client(cohort, ordinal));
        let device = entrance.device.unwrap_or_else(|| self.draw_device(cohort, ordinal));
        self.books.ledger.arrived += 1;
        let viewer = self.viewers.take();
        if self.keeps_beside {
            self.begin_beside(viewer);
        }
        let row = &mut self.viewers[viewer];
        *row = Viewer {
            ordinal,
            // The flags of the row's last user are cleared; the generation stays.
            generation_and_flags: row.generation_and_flags & !0xff,
            cohort: cohort as u16,
            client,
            device,
            ..Viewer::VACANT
        };
        viewer
    }

    /// Begins what is kept beside the row of a viewer.
    #[inline(never)]
    fn begin_beside(&mut self, viewer: u32) {
        if self.callers.apps.any {
            self.callers.begin(viewer);
        }
        if self.uses.viewers_buckets {
            self.pools.iter_mut().filter_map(|pool| pool.guard.as_mut()).for_each(|guard| guard.begin(viewer));
        }
        if self.rounds.used {
            self.rounds.arrive(viewer, self.now);
        }
        if self.words.used {
            self.words.clear(viewer);
        }
        if self.people.lists_requests() {
            self.people.begin(viewer);
        }
    }

    fn draw_client(&self, cohort: usize, ordinal: u32) -> u8 {
        let mix = &self.settings.mixes[cohort].clients;
        let draw = &mut self.cohort_keys[cohort].with(u64::from(ordinal)).draw(Purpose::Client);
        mix[pick(mix, |(share, _)| *share, draw.uniform())].1 as u8
    }

    fn draw_device(&self, cohort: usize, ordinal: u32) -> u8 {
        let devices = &self.settings.regions[self.model.cohorts[cohort].region].devices;
        let draw = &mut self.cohort_keys[cohort].with(u64::from(ordinal)).draw(Purpose::Device);
        pick(devices, |device| device.share, draw.uniform()) as u8
    }

    /// Places a Poisson number of viewers in the middle of streams, whose lengths are drawn from the length-biased law.
    fn place_viewers_inside(&mut self, cohort: usize) {
        let model = self.model;
        let inside = &model.cohorts[cohort];
        let mut count = 0;
        for (number, already) in inside.already.iter().enumerate() {
            let key = self.cohort_keys[cohort].with(number as u64);
            let mut points = UnitPoisson::new(Stream::new(key.draw(Purpose::Already)));
            let Some(Step::Stream { length, .. }) = self.settings.journeys[inside.journey].steps.get(already.step)
            else {
                continue;
            };
            while points.next_point() < already.mean && self.stopped.is_none() {
                let viewer = self.new_viewer(cohort, INSIDE_ALREADY | count);
                count += 1;
                if u64::from(count).is_multiple_of(CHECK_EVERY) {
                    self.check_limits();
                }
                self.books.ledger.already += 1;
                let own = self.viewers[viewer].key(&self.cohort_keys);
                let found = length.length_biased(own.draw(Purpose::Already)) * already.stretch;
                let left = own.draw(Purpose::Stream).uniform() * found;
                if let Some(repeat) = self.settings.journeys[inside.journey].repeat {
                    let ended = repeat.rounds_ended(own.draw(Purpose::Round).uniform());
                    self.rounds.place(viewer, ended, Span::from_nanos(found - left));
                }
                let row = &mut self.viewers[viewer];
                row.step = already.step as u8;
                // The viewer's first stream began before the window and counts in no interval.
                row.mark(flags::STARTED);
                self.tell(viewer, Happening::AlreadyInside);
                debug_assert!(self.now == Time::START);
                // The time left and the time played have the same law, and their sum is the length drawn.
                self.begin_stream(viewer, Span::from_nanos(left), Span::from_nanos(found - left));
            }
        }
    }
}
