//! The row of a viewer who is inside, or away and coming back.

use super::asked::Asked;
use super::slab::{NO_ROW, Row};
use crate::engine::pending::event::GENERATION_BITS;
use crate::random::{Key, Part};
use crate::units::Time;

/// Present activity of a viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Between two steps, within one event.
    Between,
    /// In a `think` step.
    Thinking,
    /// In a `wait` step.
    Waiting,
    /// In a `request` step, with an attempt under way.
    Asking,
    /// In a `request` step, in the pause before a retry.
    Pausing,
    /// In a `request` step, about to skip an optional call that failed.
    Skipping,
    /// In a stream.
    Streaming,
    /// In a waiting room.
    InRoom,
    /// Between two rounds of the journey.
    Pacing,
    /// After an error page, before a refresh.
    Refreshing,
    /// Away after giving up, until coming back.
    Away,
}

/// The arrival index of nobody.
pub const NOBODY: u32 = u32::MAX;

/// Flags of a viewer, one bit each.
pub mod flags {
    /// The viewer's first stream has begun.
    pub const STARTED: u8 = 1;
    /// The viewer has been shown an error page, and the draw whether they report the outage has been made.
    pub const SAW_ERROR: u8 = 2;
    /// The viewer has given up in the measured window.
    pub const GAVE_UP: u8 = 4;
    /// The viewer's patience clock stands still, since an attempt is in service.
    pub const PATIENCE_PAUSED: u8 = 8;
    /// The end of patience with the present request is a pending event.
    pub const PATIENCE_WATCHED: u8 = 16;
    /// The app's `timeout` ended the attempt before the present one.
    pub const APP_TIMED_OUT: u8 = 32;
    /// The viewer has waited longer than `[harm]` states, in the measured window.
    pub const WAITED: u8 = 64;
    /// A breaker sent the present attempt on trial.
    pub const ON_TRIAL: u8 = 128;
}

/// A time later than every event; also stands for no time.
pub const NEVER: Time = Time(u64::MAX);

/// Bits that hold the index of a pass.
const PASS_BITS: u32 = 24;
/// The last index of a pass.
const LAST_PASS: u32 = (1 << PASS_BITS) - 1;

/// A viewer in 48 bytes, so that a streaming viewer with one pending event takes 64.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    /// Before the first stream: start of the first request after the release, or [`NEVER`].
    /// In a stream: lag of the device class's clock at the start of the stream, in nanoseconds.
    pub since: Time,
    /// End of the patience with the present request; while the patience clock stands still, the patience left. In a stream on
    /// a limited link, start of the stream.
    pub patience: Time,
    /// Arrival index within the cohort, from 0.
    pub ordinal: u32,
    /// Row of the attempt under way; in a pause, the elapsed time of the request; in a stream on a limited link, the time for
    /// which the device class had been degraded at its start; in a free row, the next free row.
    pub attempt_row: u32,
    /// Generation of the row in the upper 24 bits, [`flags`] in the lowest byte.
    pub generation_and_flags: u32,
    /// Index of the visit in the upper 8 bits, index of the pass within the visit in the lower 24: of the times that the viewer
    /// went to another step by `then` or began the journey again.
    pub visit_and_pass: u32,
    /// Index of the cohort.
    pub cohort: u16,
    /// Number of the present request's attempt, from 1; in a stream, number of the heartbeat.
    pub attempt: u16,
    /// Index of the call within the request step, from 0.
    pub call: u16,
    /// Index plus one of the interval in which the viewer last was inside a request step; in a pause before a retry,
    /// the time of the request that was no wait.
    pub active: u16,
    /// Index plus one of the interval of the last error page.
    pub error: u16,
    /// Refreshes in this visit.
    pub refreshes: u16,
    /// Index of the step.
    pub step: u8,
    /// Present activity.
    pub phase: Phase,
    /// Index of the client.
    pub client: u8,
    /// Index of the device.
    pub device: u8,
}

const _: () = assert!(size_of::<Viewer>() == 48 && Viewer::GENERATION_BITS <= GENERATION_BITS);

impl Viewer {
    /// The last index of a visit.
    const LAST_VISIT: u16 = (u32::MAX >> PASS_BITS) as u16;

    /// Whether the end of the patience with the present request needs an event. The end of the attempt or pause by `then` makes
    /// one needless, unless the patience clock may pause.
    #[inline(always)]
    pub fn must_watch_patience(&self, then: Time, may_pause: bool) -> bool {
        self.patience != NEVER && (self.patience <= then || may_pause) && !self.has(flags::PATIENCE_WATCHED)
    }

    /// Whether a flag is set.
    #[inline]
    pub fn has(&self, flag: u8) -> bool {
        self.generation_and_flags & u32::from(flag) != 0
    }

    /// Sets a flag.
    #[inline]
    pub fn mark(&mut self, flag: u8) {
        self.generation_and_flags |= u32::from(flag);
    }

    /// Clears a flag.
    #[inline]
    pub fn unmark(&mut self, flag: u8) {
        self.generation_and_flags &= !u32::from(flag);
    }

    /// The viewer's position in the order of all viewers: by cohort, then by arrival.
    #[inline]
    pub fn position(&self) -> u64 {
        u64::from(self.cohort) << 32 | u64::from(self.ordinal)
    }

    /// Begins the pause before a retry at `until`, where the present request has taken `asked` by now.
    #[inline(always)]
    pub fn pause_request(&mut self, now: Time, until: Time, asked: Asked) {
        self.phase = Phase::Pausing;
        // The end of patience may cut the pause short; both ends are known.
        let ends = until.min(self.patience);
        (self.attempt_row, self.active) = asked.paused(ends.since(now)).pack();
    }

    /// Times of the present request as they are at the end of the pause.
    #[inline(always)]
    pub fn paused_request(&self) -> Asked {
        Asked::unpack((self.attempt_row, self.active))
    }

    /// Stores the start of a stream, and the nanoseconds for which its device class had been degraded.
    pub fn note_stream(&mut self, now: Time, degraded: f64) {
        self.patience = now;
        self.attempt_row = (degraded as f32).to_bits();
    }

    /// The start of the present stream, and the nanoseconds for which its device class had stalled and been degraded.
    pub fn noted_stream(&self) -> (Time, [f64; 2]) {
        (self.patience, [self.since.0 as f64, f64::from(f32::from_bits(self.attempt_row))])
    }

    /// Index of the visit; the last one stands for all that follow.
    #[inline]
    pub fn visit(&self) -> u16 {
        (self.visit_and_pass >> PASS_BITS) as u16
    }

    /// Begins another pass of the visit; false if no number is left.
    #[inline]
    pub fn begin_pass(&mut self) -> bool {
        let is_left = self.visit_and_pass & LAST_PASS < LAST_PASS;
        self.visit_and_pass += u32::from(is_left);
        is_left
    }

    /// Begins another visit; after the last index, another pass of it. False if no number is left.
    pub fn begin_visit(&mut self) -> bool {
        if self.visit() == Viewer::LAST_VISIT {
            return self.begin_pass();
        }
        self.visit_and_pass = (u32::from(self.visit()) + 1) << PASS_BITS;
        true
    }

    /// Key of the draws whether and when the viewer comes back after the present visit.
    pub fn come_back_key(&self, cohorts: &[Key]) -> Key {
        let visit = u64::from(self.visit());
        let beyond = if self.visit() == Viewer::LAST_VISIT { u64::from(self.visit_and_pass & LAST_PASS) } else { 0 };
        self.key(cohorts).with(beyond << 16 | visit)
    }

    /// Key of the viewer's draws. `cohorts` holds the key of each cohort, here and below.
    #[inline(always)]
    pub fn key(&self, cohorts: &[Key]) -> Key {
        cohorts[usize::from(self.cohort)].with(u64::from(self.ordinal))
    }

    /// Key of the draws of the present step.
    #[inline(always)]
    pub fn step_key(&self, cohorts: &[Key]) -> Key {
        // Most viewers are in their first pass, in which the rest of the position is 0.
        let pass = if self.visit_and_pass == 0 { 0 } else { self.position_of_pass() };
        self.key(cohorts).part(Part::Step, pass | u64::from(self.step))
    }

    /// The part of a step's position that all steps of the present pass have in common.
    #[inline]
    fn position_of_pass(&self) -> u64 {
        let pass = u64::from(self.visit_and_pass & LAST_PASS);
        let visit = u64::from(self.visit_and_pass >> PASS_BITS);
        (pass >> 16) << 40 | visit << 32 | (pass & 0xffff) << 16
    }

    /// Key of the draws of the present request.
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
        attempt_row: NO_ROW,
        generation_and_flags: 0,
        visit_and_pass: 0,
        cohort: 0,
        attempt: 0,
        call: 0,
        active: 0,
        error: 0,
        refreshes: 0,
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
        self.attempt_row
    }

    #[inline]
    fn set_next_free(&mut self, row: u32) {
        self.attempt_row = row;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_and_passes_are_numbered_until_no_number_is_left() {
        let mut viewer = Viewer::VACANT;
        assert!(viewer.begin_pass() && viewer.begin_pass() && viewer.begin_visit());
        assert_eq!((viewer.visit(), viewer.visit_and_pass & LAST_PASS), (1, 0));
        for visit in 2..=Viewer::LAST_VISIT {
            assert!(viewer.begin_visit() && viewer.visit() == visit);
        }
        // Further visits have numbers, and so draws, of their own.
        let cohorts = [Key::root(1, 0)];
        let keys = |viewer: &Viewer| [viewer.step_key(&cohorts), viewer.come_back_key(&cohorts)];
        let last = keys(&viewer);
        assert!(viewer.begin_visit() && viewer.visit() == Viewer::LAST_VISIT);
        assert!(keys(&viewer).iter().zip(last).all(|(key, last)| *key != last));
        viewer.visit_and_pass |= LAST_PASS;
        assert!(!viewer.begin_pass() && !viewer.begin_visit() && viewer.visit() == Viewer::LAST_VISIT);
    }

    #[test]
    fn the_draws_of_every_pass_are_its_own() {
        let key = |visit: u32, pass: u32, step: u8| {
            let viewer = Viewer { visit_and_pass: visit << PASS_BITS | pass, step, ..Viewer::VACANT };
            viewer.step_key(&[Key::root(1, 0)]).number()
        };
        let passes = [0, 1, 0xffff, 0x1_0000, 0x1_0001, 0xff_ffff];
        let mut keys: Vec<u64> = (0..4)
            .flat_map(|visit| passes.map(|pass| (visit, pass)))
            .flat_map(|(visit, pass)| [0, 1, 255].map(|step| key(visit, pass, step)))
            .collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
