//! The rows of a run: one for each viewer, one for each attempt under way.

use super::START;
use super::event::{About, Event, Kind};
use super::rows::Rows;
use super::slab::{NOBODY, Row, Slab};
use crate::random::{Key, Part};
use crate::units::{Span, Time};
use crate::vocabulary::Outcome;

/// What a viewer is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Between two steps; no event sees a viewer so.
    Between,
    /// In a think step.
    Thinking,
    /// In a wait step.
    Waiting,
    /// In a request step, with an attempt on its way.
    Asking,
    /// In a request step, before a retry.
    Pausing,
    /// In a request step, about to pass over a call that failed and is optional.
    Skipping,
    /// In a stream.
    Streaming,
    /// Before a refresh.
    Refreshing,
    /// Gave up, and will come back.
    Away,
}

/// What has happened to a viewer once.
pub mod flags {
    /// The first stream began.
    pub const STARTED: u8 = 1;
    /// An error page was shown.
    pub const SAW_ERROR: u8 = 2;
    /// Whether to report was drawn.
    pub const REPORT_DRAWN: u8 = 4;
    /// Patience stands still while an attempt is in service.
    pub const PATIENCE_PAUSED: u8 = 8;
    /// The end of patience with the present request is in the future event list.
    pub const PATIENCE_WATCHED: u8 = 16;
}

/// No time.
pub const NEVER: Time = Time(u64::MAX);

/// A viewer who is inside, or away and coming back: 48 bytes, so that with one pending event the whole of a stream
/// takes 64.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    /// Before the first stream: when the first request after the release began, or [`NEVER`].
    /// In a stream: how far the clock of its device class lagged when it began, in nanoseconds.
    pub since: Time,
    /// When the patience with the present request ends; while it stands still, what is left of it.
    pub patience: Time,
    /// Which of its cohort's arrivals.
    pub ordinal: u32,
    /// The attempt under way; in a free row, the next free one.
    pub job: u32,
    /// The generation of the row above, the [`flags`] in the lowest byte.
    pub generation_and_flags: u32,
    /// Index of the cohort.
    pub cohort: u16,
    /// How often this visit went back by `then` or began again.
    pub pass: u16,
    /// The attempt of the present request, from 1; in a stream, the heartbeat.
    pub attempt: u16,
    /// Which call of a request step with several, from 0.
    pub call: u16,
    /// The interval, plus one, in which the viewer last was inside a request step.
    pub active: u16,
    /// The interval, plus one, of the last error page.
    pub error: u16,
    /// Refreshes in this visit.
    pub refreshes: u16,
    /// Index of the visit.
    pub visit: u16,
    /// Index of the step.
    pub step: u8,
    /// What the viewer does.
    pub phase: Phase,
    /// Index of the client.
    pub client: u8,
    /// Index of the device.
    pub device: u8,
}

const _: () = assert!(size_of::<Viewer>() == 48);

impl Viewer {
    /// Whether something of [`flags`] holds.
    #[inline]
    pub fn has(&self, flag: u8) -> bool {
        self.generation_and_flags & u32::from(flag) != 0
    }

    /// From now on it holds.
    #[inline]
    pub fn mark(&mut self, flag: u8) {
        self.generation_and_flags |= u32::from(flag);
    }

    /// It holds no longer.
    #[inline]
    pub fn unmark(&mut self, flag: u8) {
        self.generation_and_flags &= !u32::from(flag);
    }

    /// The place among all viewers: by cohort, then in order of arrival.
    #[inline]
    pub fn place(&self) -> u64 {
        u64::from(self.cohort) << 32 | u64::from(self.ordinal)
    }

    /// The draws of this viewer; `cohorts` are the keys of the cohorts, here and below.
    #[inline(always)]
    pub fn key(&self, cohorts: &[Key]) -> Key {
        cohorts[usize::from(self.cohort)].with(u64::from(self.ordinal))
    }

    /// The draws of the present step.
    #[inline(always)]
    pub fn step_key(&self, cohorts: &[Key]) -> Key {
        let place = u64::from(self.visit) << 32 | u64::from(self.pass) << 16 | u64::from(self.step);
        self.key(cohorts).part(Part::Step, place)
    }

    /// The draws of the present request.
    #[inline(always)]
    pub fn request_key(&self, cohorts: &[Key]) -> Key {
        self.step_key(cohorts).part(Part::Call, u64::from(self.refreshes) << 16 | u64::from(self.call))
    }
}

impl Row for Viewer {
    const VACANT: Viewer = Viewer {
        since: NEVER,
        patience: NEVER,
        ordinal: 0,
        job: NOBODY,
        generation_and_flags: 0,
        cohort: 0,
        pass: 0,
        attempt: 0,
        call: 0,
        active: 0,
        error: 0,
        refreshes: 0,
        visit: 0,
        step: 0,
        phase: Phase::Between,
        client: 0,
        device: 0,
    };
    const GENERATION_BITS: u32 = 24;

    #[inline]
    fn generation(&self) -> u32 {
        self.generation_and_flags >> 8
    }

    #[inline]
    fn set_generation(&mut self, generation: u32) {
        self.generation_and_flags = generation << 8 | (self.generation_and_flags & 0xff);
    }

    #[inline]
    fn next_free(&self) -> u32 {
        self.job
    }

    #[inline]
    fn set_next_free(&mut self, slot: u32) {
        self.job = slot;
    }
}

/// Where an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Place {
    /// On its way to the pool.
    Outbound,
    /// In the pool's queue.
    Queued,
    /// In service.
    Serving,
    /// No longer at the pool; a reply may be on its way.
    Gone,
}

/// An attempt, from its sending until neither client nor pool has to do with it any more: one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Job {
    /// The draws of this attempt.
    pub key: Key,
    /// When it was sent.
    pub sent: Time,
    /// When it reached its pool; from the start of service on, when that began.
    pub reached: Time,
    /// What it has cost in service so far.
    pub service: Span,
    /// The viewer; nobody for heartbeats, and once the client has left. In a free row, the next free one.
    pub viewer: u32,
    /// The viewer's number.
    pub ordinal: u32,
    /// Of the row.
    pub generation: u32,
    /// The viewer's cohort.
    pub cohort: u16,
    /// Where it is counted.
    pub cell: u16,
    /// Index of the pool.
    pub pool: u8,
    /// Where it is.
    pub place: Place,
    /// Index of the region.
    pub region: u8,
    /// How it ended, as the pool says.
    pub outcome: Outcome,
    /// The client has seen how it ended, or has left.
    pub client_done: bool,
    /// Its wait has been recorded.
    pub wait_done: bool,
    /// Word that the client left overtook the attempt itself.
    pub left_early: bool,
}

const _: () = assert!(size_of::<Job>() == 64);

impl Row for Job {
    const VACANT: Job = Job {
        key: Key::from_number(0),
        sent: START,
        reached: START,
        service: Span::ZERO,
        viewer: NOBODY,
        ordinal: 0,
        generation: 0,
        cohort: 0,
        cell: 0,
        pool: 0,
        place: Place::Outbound,
        region: 0,
        outcome: Outcome::Served,
        client_done: false,
        wait_done: false,
        left_early: false,
    };
    const GENERATION_BITS: u32 = 28;

    #[inline]
    fn generation(&self) -> u32 {
        self.generation
    }

    #[inline]
    fn set_generation(&mut self, generation: u32) {
        self.generation = generation;
    }

    #[inline]
    fn next_free(&self) -> u32 {
        self.viewer
    }

    #[inline]
    fn set_next_free(&mut self, slot: u32) {
        self.viewer = slot;
    }
}

/// The rows that events are about.
#[derive(Clone, Copy)]
pub struct Tables<'w> {
    /// Everyone inside.
    pub viewers: &'w Slab<Viewer>,
    /// Every attempt under way.
    pub jobs: &'w Slab<Job>,
}

impl Rows for Tables<'_> {
    #[inline]
    fn prefetch(&self, event: u64) {
        let Event { kind, slot, .. } = Event::unpack(event);
        match kind {
            Kind::Move | Kind::Patience | Kind::Heartbeat => self.viewers.prefetch(slot),
            Kind::Complete | Kind::PoolTimeout | Kind::QueueTimeout | Kind::AppTimeout => self.jobs.prefetch(slot),
            // The rows of what is on its way have just been touched.
            _ => {}
        }
    }

    #[inline]
    fn prefetch_behind(&self, event: u64) {
        let Event { kind, slot, .. } = Event::unpack(event);
        if !matches!(kind, Kind::Reach | Kind::Leave) && kind.about() == About::Job {
            // Of a row that is free again, this may be any number.
            self.viewers.prefetch(self.jobs[slot].viewer);
        }
    }

    #[inline]
    fn is_void(&self, event: u64) -> bool {
        let Event { kind, generation, slot } = Event::unpack(event);
        match kind {
            Kind::PoolTimeout | Kind::QueueTimeout | Kind::AppTimeout => !self.jobs[slot].awaits(kind, generation),
            Kind::Heartbeat => !self.viewers.is_current(slot, generation),
            _ => false,
        }
    }
}

impl Job {
    /// Whether an event of this kind, made at this generation of the row, still means anything.
    #[inline]
    pub fn awaits(&self, kind: Kind, generation: u32) -> bool {
        self.generation == generation
            && match kind {
                Kind::AppTimeout => !self.client_done,
                Kind::QueueTimeout => self.place == Place::Queued && self.outcome != Outcome::TimedOut,
                Kind::PoolTimeout => {
                    matches!(self.place, Place::Queued | Place::Serving) && self.outcome != Outcome::TimedOut
                }
                // It may have been broken off, and its row be kept for the 504 that is on its way.
                Kind::Complete => self.place == Place::Serving,
                _ => true,
            }
    }
}
