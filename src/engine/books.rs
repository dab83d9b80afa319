//! The books of a run: the ledger and the recorder. Each operation enters one fact into both.

use crate::measure::{Layout, Ledger, Recorder};
use crate::units::{Span, Time};
use crate::vocabulary::Outcome;

/// The ledger, which must balance at every instant, and the recorder of intervals.
pub struct Books {
    /// Counts of viewers and of attempts by whereabouts.
    pub ledger: Ledger,
    /// Counts and levels by cell, pool and region.
    pub recorder: Recorder,
    /// Attempts sent and attempts ended in closed intervals.
    closed: [u64; 2],
    /// Calls between pools in closed intervals: attempts sent, attempts ended, requests begun, requests ended.
    closed_calls: [u64; 4],
}

impl Books {
    /// Empty books of a run of this layout.
    pub fn new(layout: Layout) -> Books {
        Books { ledger: Ledger::default(), recorder: Recorder::new(layout), closed: [0; 2], closed_calls: [0; 4] }
    }

    /// Closes the interval that ends at `now`.
    pub fn close_interval(&mut self, now: Time) {
        let [sent, ended] = self.recorder.attempts();
        self.closed = [self.closed[0] + sent, self.closed[1] + ended];
        self.closed_calls = self.calls();
        self.recorder.close(now);
    }

    /// Enters an attempt that is sent.
    #[inline(always)]
    pub fn attempt_sent(&mut self, cell: u16) {
        self.ledger.sent += 1;
        self.ledger.in_flight += 1;
        self.recorder.sent(usize::from(cell));
    }

    /// Enters the end of an attempt. `latency` is the time since it was sent, and `before` the nanoseconds from the begin of its
    /// request until then.
    #[inline(always)]
    pub fn attempt_ended(&mut self, cell: u16, outcome: Outcome, latency: Span, before: f32) {
        self.ledger.in_flight -= 1;
        self.ledger.ended += 1;
        self.recorder.ended(usize::from(cell), outcome, latency, before);
    }

    /// Enters an attempt that is sent and turned away at one instant.
    #[inline(always)]
    pub fn attempt_turned_away_at_once(&mut self, cell: u16, outcome: Outcome) {
        self.ledger.sent += 1;
        self.ledger.ended += 1;
        self.recorder.sent_and_turned_away(usize::from(cell), outcome);
    }

    /// Enters a viewer who begins a request step.
    #[inline(always)]
    pub fn asking_began(&mut self, region: usize, now: Time) {
        self.ledger.asking += 1;
        self.recorder.region_mut(region).asking.add(1, now);
    }

    /// Enters a viewer who ends a request step.
    #[inline(always)]
    pub fn asking_ended(&mut self, region: usize, now: Time) {
        self.ledger.asking -= 1;
        self.recorder.region_mut(region).asking.add(-1, now);
    }

    /// Enters a viewer who begins to wait in a room.
    pub fn room_entered(&mut self, region: usize, now: Time) {
        self.ledger.waiting += 1;
        self.ledger.in_rooms += 1;
        self.recorder.region_mut(region).in_rooms.add(1, now);
    }

    /// Enters a viewer who leaves a room.
    pub fn room_left(&mut self, region: usize, now: Time) {
        self.ledger.waiting -= 1;
        self.ledger.in_rooms -= 1;
        self.recorder.region_mut(region).in_rooms.add(-1, now);
    }

    /// Enters a stream that begins.
    #[inline]
    pub fn stream_began(&mut self, region: usize, now: Time) {
        self.ledger.streaming += 1;
        self.recorder.region_mut(region).streams.add(1, now);
    }

    /// Enters a stream that ends.
    #[inline]
    pub fn stream_ended(&mut self, region: usize, now: Time) {
        self.ledger.streaming -= 1;
        self.recorder.region_mut(region).streams.add(-1, now);
    }

    /// Enters a viewer's first stream, which begins `since` after the viewer's first request that followed the release, if any.
    pub fn first_stream(&mut self, region: usize, since: Option<Span>) {
        self.ledger.started += 1;
        self.recorder.started(region, since);
    }

    /// Calls between pools so far: attempts sent, attempts ended, requests begun, requests ended.
    fn calls(&self) -> [u64; 4] {
        let open = self.recorder.calls();
        std::array::from_fn(|count| self.closed_calls[count] + open[count])
    }

    /// Panics unless the calls under way are those begun less those done, and likewise their attempts. Only a fault of the engine
    /// can break this, and no input.
    pub fn assert_calls(&self, requests: u64, attempts: u64) {
        let [sent, ended, begun, done] = self.calls();
        assert_eq!([sent, begun], [ended + attempts, done + requests], "calls between pools do not balance");
    }

    /// Panics unless ledger, gauges and recorder agree. Only a fault of the engine can break this, and no input.
    pub fn assert_balance(&self) {
        self.ledger.assert_balance();
        let regions = self.recorder.regions();
        let asking: i64 = regions.iter().map(|region| region.asking.level()).sum();
        let streams: i64 = regions.iter().map(|region| region.streams.level()).sum();
        let ledger = [self.ledger.asking as i64, self.ledger.streaming as i64];
        assert_eq!([asking, streams], ledger, "requests and streams do not agree with the ledger");
        let [sent, ended] = self.recorder.attempts();
        let recorded = [self.closed[0] + sent, self.closed[1] + ended];
        assert_eq!(recorded, [self.ledger.sent, self.ledger.ended], "attempts do not agree with the ledger");
    }
}
