//! Waits and streams of viewers, summed up over requests and streams to judge harm.
//!
//! A row of a viewer has no room for these sums, so they stand in parallel arrays: the wait for the first stream where
//! a journey has a stream, and the sums of streams where a link is limited. Elsewhere they use no memory.

use super::slab::Slab;
use super::viewer::{Phase, Viewer};
use crate::engine::memory::{prefetch, reserve_rows};
use crate::model::{Model, Step};
use crate::units::{Span, Time};
use crate::vocabulary::Harm;

/// Share of the time of their streams above which people count as stalled.
const STALLED: f32 = 0.01;
/// Share of the time of their streams above which people count as degraded.
const DEGRADED: f32 = 0.1;
/// Rounding in sums of waits, as a share of the wait that is stated.
const ROUNDING: f32 = 1e-6;
/// Kinds of harm that are kept by request.
const BY_REQUEST: [Harm; 3] = [Harm::SawError, Harm::GaveUp, Harm::Waited];

/// The streams of one viewer within the measured window, in nanoseconds.
#[derive(Clone, Copy, Default)]
struct Streams {
    watched: f32,
    stalled: f32,
    degraded: f32,
}

/// Sums over requests and streams, by viewer's row.
pub struct People {
    /// The wait above which people count as having waited, in nanoseconds.
    pub bound: f32,
    /// The wait above which the end of a request is looked at, in nanoseconds.
    pub notable: f32,
    /// Whether the streams of viewers are judged, since some link is limited.
    pub judges_streams: bool,
    /// Start and end of the measured window.
    pub window: [Time; 2],
    /// Whether the measured window is open.
    pub is_open: bool,
    /// Whether sums are kept by viewer's row, so that they must be cleared for a new viewer.
    pub is_kept: bool,
    /// Whether some journey has a stream that a viewer may wait for.
    pub awaits_streams: bool,
    first_waits: Vec<f32>,
    streams: Vec<Streams>,
    /// For each request its number among those that `[harm]` names.
    listed: Vec<Option<u8>>,
    /// For each listed request three bits.
    in_requests: Vec<u32>,
}

/// The entry of a row, which is made if there is none yet.
fn entry<T: Copy + Default>(entries: &mut Vec<T>, row: u32) -> &mut T {
    let index = row as usize;
    if index >= entries.len() {
        entries.resize(index + 1, T::default());
    }
    &mut entries[index]
}

impl People {
    /// Empty sums, with memory reserved for this number of viewers.
    pub fn new(model: &Model, viewers: usize) -> People {
        let settings = || model.epochs.iter().map(|epoch| &epoch.settings);
        let limited = |region: &crate::model::Region| region.capacity.is_some() && !region.ladder.is_empty();
        let awaits_streams = settings()
            .flat_map(|settings| &settings.journeys)
            .flat_map(|journey| &journey.steps)
            .any(|step| matches!(step, Step::Stream { .. }));
        let bound = model.harm.wait.0 as f32 * (1.0 + ROUNDING);
        let place = |request| model.harm.requests.iter().position(|listed| *listed == request).map(|place| place as u8);
        let listed = !model.harm.requests.is_empty();
        let edge = |interval: usize| Time(model.interval.0 as u64 * interval as u64);
        let judges_streams = settings().flat_map(|settings| &settings.regions).any(limited);
        People {
            bound,
            notable: if awaits_streams { 0.0 } else { bound },
            judges_streams,
            window: [edge(model.measured.start), edge(model.measured.end)],
            is_open: false,
            is_kept: awaits_streams || listed,
            awaits_streams,
            first_waits: reserve_rows(if awaits_streams { viewers } else { 0 }),
            streams: reserve_rows(if judges_streams { viewers } else { 0 }),
            listed: if listed { (0..model.requests.len()).map(place).collect() } else { Vec::new() },
            in_requests: Vec::new(),
        }
    }

    /// Prefetches the wait of a viewer.
    #[inline(always)]
    pub fn prefetch(&self, row: u32) {
        if let Some(wait) = self.first_waits.get(row as usize) {
            prefetch(wait);
        }
    }

    /// Clears the sums of a row for a new viewer.
    #[inline]
    pub fn begin(&mut self, row: u32) {
        if let Some(wait) = self.first_waits.get_mut(row as usize) {
            *wait = 0.0;
        }
        if let Some(bits) = self.in_requests.get_mut(row as usize) {
            *bits = 0;
        }
    }

    /// Adds to the wait of a viewer for their first stream; true if the wait is longer than stated.
    pub fn waits_for_stream(&mut self, row: u32, nanos: f32) -> bool {
        let wait = entry(&mut self.first_waits, row);
        *wait += nanos;
        *wait > self.bound
    }

    /// Adds the part of a stream that lies in the measured window: how long it lasted, stalled and was degraded.
    pub fn add_stream(&mut self, row: u32, lasted: Span, [stalled, degraded]: [f64; 2]) {
        let sums = entry(&mut self.streams, row);
        sums.watched += lasted.0 as f32;
        sums.stalled += stalled.max(0.0) as f32;
        sums.degraded += degraded.max(0.0) as f32;
    }

    /// The kinds of harm in the streams of a viewer who watches no more; the sums are forgotten.
    pub fn judge_streams(&mut self, row: u32) -> [Option<Harm>; 2] {
        let Some(sums) = self.streams.get_mut(row as usize).map(std::mem::take) else { return [None; 2] };
        let above = |part: f32, share: f32| part > share * sums.watched * (1.0 + ROUNDING);
        [
            above(sums.stalled, STALLED).then_some(Harm::Stalled),
            above(sums.degraded, DEGRADED).then_some(Harm::Degraded),
        ]
    }

    /// Whether `[harm]` names requests.
    #[inline]
    pub fn lists_requests(&self) -> bool {
        !self.listed.is_empty()
    }

    /// The number of a request among those that `[harm]` names, if the viewer comes to this harm in it for the first time.
    pub fn first_in_request(&mut self, row: u32, request: u16, harm: Harm) -> Option<usize> {
        let number = (*self.listed.get(usize::from(request))?)?;
        let kind = BY_REQUEST.iter().position(|kind| *kind == harm)?;
        let bit = 1 << (BY_REQUEST.len() * usize::from(number) + kind);
        let bits = entry(&mut self.in_requests, row);
        let first = *bits & bit == 0;
        *bits |= bit;
        first.then_some(usize::from(number))
    }
}

/// The rows of all viewers who are inside, or away and coming back.
pub fn present(viewers: &Slab<Viewer>) -> impl Iterator<Item = u32> + '_ {
    // Between two events, only a free row is between two steps.
    (0..viewers.len() as u32).filter(|row| viewers[*row].phase != Phase::Between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(listed: Vec<Option<u8>>) -> People {
        People {
            bound: 10.0,
            notable: 0.0,
            judges_streams: true,
            window: [Time(0), Time(1_000)],
            is_open: true,
            is_kept: true,
            awaits_streams: true,
            first_waits: Vec::new(),
            streams: Vec::new(),
            listed,
            in_requests: Vec::new(),
        }
    }

    #[test]
    fn waits_for_the_first_stream_add_up_until_another_viewer_has_the_row() {
        let mut people = people(Vec::new());
        assert_eq!([6.0, 4.0, 1.0].map(|wait| people.waits_for_stream(2, wait)), [false, false, true]);
        people.begin(2);
        assert!(!people.waits_for_stream(2, 6.0));
    }

    #[test]
    fn streams_are_judged_by_their_shares_in_all() {
        let mut people = people(Vec::new());
        people.add_stream(1, Span(1_000), [30.0, 90.0]);
        people.add_stream(1, Span(1_000), [0.0, 90.0]);
        assert_eq!(people.judge_streams(1), [Some(Harm::Stalled), None]);
        assert_eq!(people.judge_streams(1), [None, None]);
        people.add_stream(1, Span(1_000), [10.0, 101.0]);
        assert_eq!(people.judge_streams(1), [None, Some(Harm::Degraded)]);
        assert_eq!(people.judge_streams(9), [None, None]);
    }

    #[test]
    fn a_person_counts_once_for_each_kind_of_harm_in_each_listed_request() {
        let mut people = people(vec![None, Some(0), Some(1)]);
        let mut first = |request, harm| people.first_in_request(5, request, harm);
        assert_eq!(first(0, Harm::Waited), None);
        assert_eq!([first(2, Harm::Waited), first(2, Harm::Waited)], [Some(1), None]);
        assert_eq!([first(2, Harm::GaveUp), first(1, Harm::Waited)], [Some(1), Some(0)]);
        assert_eq!(first(1, Harm::Stalled), None);
        people.begin(5);
        assert_eq!(people.first_in_request(5, 2, Harm::Waited), Some(1));
    }
}
