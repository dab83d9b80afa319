//! Streams: they play over the link of their region, stall where their share is too small, and end.

use crate::engine::pending::event::{Event, Kind};
use crate::engine::probe::Probe;
use crate::engine::state::slab::Row;
use crate::engine::state::viewer::{NEVER, Phase, flags};
use crate::engine::world::World;
use crate::model::Step;
use crate::random::Purpose;
use crate::units::{Span, Time};
use crate::vocabulary::Happening;

impl<P: Probe> World<'_, P> {
    /// A viewer enters a `stream` step.
    pub fn enter_stream(&mut self, viewer: u32) {
        let row = &self.viewers[viewer];
        let journey = self.model.cohorts[usize::from(row.cohort)].journey;
        if let Step::Stream { length, .. } = &self.settings.journeys[journey].steps[usize::from(row.step)] {
            let nanos = length.nanos(row.step_key(&self.cohort_keys).draw(Purpose::Stream));
            let stretch = self.settings.mixes[usize::from(row.cohort)].stretch_at(self.now);
            self.begin_stream(viewer, Span::from_nanos(nanos * stretch), Span::ZERO);
        }
    }

    /// Begins a stream of a viewer that will play for `length`; `age` is the time that it has played before the window,
    /// zero for a new stream.
    pub fn begin_stream(&mut self, viewer: u32, length: Span, age: Span) {
        let now = self.now;
        let mut until = now.after(length);
        if self.itineraries.stated_ends
            && let Some(stated_end) = self.stated_end(viewer)
        {
            until = until.min(stated_end.max(now));
        }
        self.tell(viewer, Happening::StreamBegan { until });
        let row = &mut self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        if !row.has(flags::STARTED) {
            let since = (row.since != NEVER).then(|| now.since(row.since));
            self.books.first_stream(region, since);
        }
        row.mark(flags::STARTED);
        row.phase = Phase::Streaming;
        row.attempt = 0;
        self.join_link(region, viewer);
        self.schedule(until, Kind::Move, viewer);
        self.begin_heartbeats(viewer, age);
    }

    /// A stream ends, and the viewer goes on.
    fn end_stream(&mut self, viewer: u32) {
        self.leave_link(viewer);
        self.tell(viewer, Happening::StreamEnded);
        self.viewers.renew(viewer);
        let row = &mut self.viewers[viewer];
        row.phase = Phase::Between;
        self.go_on(viewer);
    }

    /// The time at which a stream ends for all viewers, if its step states one (`until`).
    #[cold]
    #[inline(never)]
    fn stated_end(&self, viewer: u32) -> Option<Time> {
        let row = &self.viewers[viewer];
        let cohort = &self.model.cohorts[usize::from(row.cohort)];
        let step = self.settings.journeys[cohort.journey].steps.get(usize::from(row.step));
        let Some(Step::Stream { until: Some(until), .. }) = step else { return None };
        let key = row.step_key(&self.cohort_keys);
        let spread = until.spread.as_ref().map_or(Span::ZERO, |law| law.span(key.draw(Purpose::Spread)));
        Some(self.model.moment(cohort.region, until.at).after(spread))
    }

    /// Ends a stream whose viewer has run out of `stall_patience`.
    fn leave_stalled_stream(&mut self, viewer: u32) {
        self.leave_link(viewer);
        self.tell(viewer, Happening::StallLeft);
        self.viewers.renew(viewer);
        self.viewers[viewer].phase = Phase::Between;
        self.give_up(viewer);
    }

    /// Ends a stream at its planned end. If its device class has stalled meanwhile, the stream goes on, at the longest
    /// to the moment of its `until`.
    pub fn stream_may_end(&mut self, viewer: u32) {
        let row = &self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        let class = &mut self.links[region].classes[usize::from(row.device)];
        if class.ends_as_planned(self.now, row.since, row.position(), (viewer, row.generation())) {
            self.end_stream(viewer)
        } else {
            if self.itineraries.stated_ends
                && let Some(stated_end) = self.stated_end(viewer)
            {
                if stated_end <= self.now {
                    return self.end_stream(viewer);
                }
                self.schedule(stated_end, Kind::Move, viewer);
            }
            self.schedule_stalls(region);
        }
    }

    /// Ends the stalled streams of a device class that are due: at the end of their length, or of their viewers'
    /// patience.
    pub fn stall(&mut self, number: usize) {
        let (region, device) = (number >> 16, number & 0xffff);
        let now = self.now;
        loop {
            let class = &mut self.links[region].classes[device];
            if class.scheduled <= now {
                class.scheduled = NEVER;
            }
            if let Some(viewer) = class.pop_ended(now, &self.viewers) {
                self.end_stream(viewer);
            } else if let Some(viewer) = class.pop_impatient(now, &self.viewers) {
                self.leave_stalled_stream(viewer);
            } else {
                break;
            }
        }
        self.schedule_stalls(region);
    }

    /// Brings the link of a region in line with the settings.
    pub fn apply_link(&mut self, region: usize) {
        let now = self.now;
        let settings = &self.settings.regions[region];
        let link = &mut self.links[region];
        link.configure(settings);
        link.share(now);
        let gauges = self.books.recorder.region_mut(region);
        gauges.capacity.set(settings.capacity.unwrap_or(0).min(i64::MAX as u64) as i64, now);
        link.record(gauges, now);
        self.schedule_stalls(region);
    }

    /// A stream joins the link of its region.
    fn join_link(&mut self, region: usize, viewer: u32) {
        let now = self.now;
        let row = &mut self.viewers[viewer];
        let device = usize::from(row.device);
        self.books.stream_began(region, now);
        row.since = Time(self.links[region].join(device, now).round() as u64);
        if self.people.judges_streams {
            self.stream_joins(viewer, region);
        }
        let row = &self.viewers[viewer];
        if let Some(law) = &self.settings.clients[usize::from(row.client)].stall_patience {
            let patience = law.nanos(row.step_key(&self.cohort_keys).draw(Purpose::StallPatience));
            let (position, stream) = (row.position(), (viewer, row.generation()));
            self.links[region].classes[device].note_patience(patience, position, stream, &self.viewers);
        }
        self.share_link_anew(region, device, 1);
    }

    /// A stream leaves the link of its region.
    fn leave_link(&mut self, viewer: u32) {
        let row = &self.viewers[viewer];
        let region = self.model.cohorts[usize::from(row.cohort)].region;
        let device = usize::from(row.device);
        if self.people.judges_streams {
            self.stream_leaves(viewer, region);
        }
        self.books.stream_ended(region, self.now);
        self.links[region].leave(device);
        self.share_link_anew(region, device, -1);
    }

    /// Recomputes the shares of a link after a stream of a device class has joined (`change` 1) or left (`change` −1).
    #[inline]
    fn share_link_anew(&mut self, region: usize, device: usize, change: i64) {
        let gauges = self.books.recorder.region_mut(region);
        if self.links[region].share_after(device, change, gauges, self.now) {
            self.schedule_stalls(region);
        }
    }

    /// Schedules the next due stream of each device class of a region.
    fn schedule_stalls(&mut self, region: usize) {
        let now = self.now;
        for device in 0..self.links[region].classes.len() {
            let class = &mut self.links[region].classes[device];
            if let Some(due) = class.next_event(now) {
                class.scheduled = due;
                let number = region << 16 | device;
                self.future.push(due, Event::lasting(Kind::Stall, number).pack());
            }
        }
    }
}
