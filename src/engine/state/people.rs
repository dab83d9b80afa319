//! Waits and streams of viewers, summed up over requests and streams to judge harm.
//!
//! The sums stand in [`Words`] beside the rows of viewers: the wait for the first stream where a journey has a stream, and the
//! sums of streams where a link is limited.

use super::slab::Slab;
use super::viewer::{Phase, Viewer};
use super::words::{Place, Words};
use crate::model::{Model, Step};
use crate::units::{Span, Time};
use crate::vocabulary::Harm;

/// Share of the time of their streams above which people count as stalled.
const STALLED: f64 = 0.01;
/// Share of the time of their streams above which people count as degraded.
const DEGRADED: f64 = 0.1;
/// Rounding in sums, as a share of the wait or of the share that is stated.
const ROUNDING: f64 = 1e-6;
/// Kinds of harm that are kept by request.
const BY_REQUEST: [Harm; 3] = [Harm::SawError, Harm::GaveUp, Harm::Waited];

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
    /// Whether some journey has a stream that a viewer may wait for.
    pub awaits_streams: bool,
    /// For each request its number among those that `[harm]` names.
    listed: Vec<Option<u8>>,
    /// For each listed request three bits.
    in_requests: Vec<u32>,
}

impl People {
    /// Empty sums.
    pub fn new(model: &Model) -> People {
        let settings = || model.epochs.iter().map(|epoch| &epoch.settings);
        let limited = |region: &crate::model::Region| region.capacity.is_some() && !region.ladder.is_empty();
        let awaits_streams = settings()
            .flat_map(|settings| &settings.journeys)
            .flat_map(|journey| &journey.steps)
            .any(|step| matches!(step, Step::Stream { .. }));
        let bound = model.harm.wait.0 as f32 * (1.0 + ROUNDING) as f32;
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
            awaits_streams,
            listed: if listed { (0..model.requests.len()).map(place).collect() } else { Vec::new() },
            in_requests: Vec::new(),
        }
    }

    /// The last of the words beside a viewer's row that the sums need.
    pub fn last_word(&self) -> Option<Place> {
        match (self.judges_streams, self.awaits_streams) {
            (true, _) => Some(Place::Degraded),
            (false, true) => Some(Place::Wait),
            (false, false) => None,
        }
    }

    /// Forgets the harm in requests of the last viewer of a row.
    #[inline]
    pub fn begin(&mut self, row: u32) {
        if let Some(bits) = self.in_requests.get_mut(row as usize) {
            *bits = 0;
        }
    }

    /// Adds to the wait of a viewer for their first stream; true if the wait is longer than stated.
    pub fn waits_for_stream(&self, words: &mut Words, row: u32, nanos: f32) -> bool {
        words.add(row, Place::Wait, nanos) > self.bound
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
        let row = row as usize;
        if row >= self.in_requests.len() {
            self.in_requests.resize(row + 1, 0);
        }
        let bits = &mut self.in_requests[row];
        let first = *bits & bit == 0;
        *bits |= bit;
        first.then_some(usize::from(number))
    }
}

/// Adds the part of a stream that lies in the measured window: how long it lasted, stalled and was degraded, in nanoseconds.
///
/// A viewer is harmed if the sum over all streams exceeds a share of the time of the streams, so each stream adds what exceeds
/// that share of its own time.
pub fn add_stream(words: &mut Words, row: u32, lasted: Span, [stalled, degraded]: [f64; 2]) {
    let beyond = |part: f64, share: f64| (part.max(0.0) - share * (1.0 + ROUNDING) * lasted.0 as f64) as f32;
    words.add(row, Place::Stalled, beyond(stalled, STALLED));
    words.add(row, Place::Degraded, beyond(degraded, DEGRADED));
}

/// The kinds of harm in the streams of a viewer who watches no more; the sums are forgotten.
pub fn judge_streams(words: &mut Words, row: u32) -> [Option<Harm>; 2] {
    [(Place::Stalled, Harm::Stalled), (Place::Degraded, Harm::Degraded)].map(|(place, harm)| {
        let sum = words.get(row, place).map(std::mem::take)?;
        (f32::from_bits(sum) > 0.0).then_some(harm)
    })
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
            awaits_streams: true,
            listed,
            in_requests: Vec::new(),
        }
    }

    #[test]
    fn waits_for_the_first_stream_add_up_until_another_viewer_has_the_row() {
        let (people, mut words) = (people(Vec::new()), Words::new(Some(Place::Wait), 0));
        assert_eq!([6.0, 4.0, 1.0].map(|wait| people.waits_for_stream(&mut words, 2, wait)), [false, false, true]);
        words.clear(2);
        assert!(!people.waits_for_stream(&mut words, 2, 6.0));
    }

    #[test]
    fn streams_are_judged_by_their_shares_in_all() {
        let mut words = Words::new(Some(Place::Degraded), 0);
        add_stream(&mut words, 1, Span(1_000), [30.0, 90.0]);
        add_stream(&mut words, 1, Span(1_000), [0.0, 90.0]);
        assert_eq!(judge_streams(&mut words, 1), [Some(Harm::Stalled), None]);
        assert_eq!(judge_streams(&mut words, 1), [None, None]);
        add_stream(&mut words, 1, Span(1_000), [10.0, 101.0]);
        assert_eq!(judge_streams(&mut words, 1), [None, Some(Harm::Degraded)]);
        assert_eq!(judge_streams(&mut words, 9), [None, None]);
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
