//! Arrivals: each cohort's people in order, one pending event at a time.

use std::ops::Range;

use super::START;
use super::probe::Probe;
use super::slab::Row;
use super::tables::{Viewer, flags};
use super::world::World;
use crate::measure::Stopped;
use crate::model::{Arrivals, Cohort, RatePiece, Step};
use crate::random::{Key, Law, OrderedUniforms, Purpose, Stream, UnitPoisson, exp, minus_ln, pick};
use crate::units::{Span, Time};
use crate::vocabulary::Happening;

/// Arrivals that one cohort can have in a run, and people inside at its start.
const MOST_VIEWERS: u32 = (1 << 31) - 1;
/// Those inside when the window opens are numbered from here, so that how many they are shifts no arrival's draws.
const INSIDE_ALREADY: u32 = 1 << 31;

/// Arrivals are drawn so many at a time: the processor works on several at once, where one alone would be waited for.
const BATCH: usize = 32;

/// The arrivals of one cohort, drawn in order.
pub struct ArrivalStream {
    source: Source,
    end: Time,
    /// Arrivals that are drawn already, from the start of the window.
    drawn: [Span; BATCH],
    /// Which of them come next.
    coming: Range<usize>,
    /// How many have arrived.
    count: u32,
    /// How many came before the window opened or after it closed, so far.
    outside: u64,
    /// The next one comes at the instant of the last one.
    at_once: bool,
}

enum Source {
    Crowd { uniforms: OrderedUniforms, law: Law, origin: Span, pieces: Vec<(f64, f64, f64, f64)>, piece: usize },
    Rate { points: UnitPoisson, pieces: Vec<Slope>, piece: usize, before: f64 },
    Trace { stream: Stream, bins: Vec<crate::model::TraceBin>, bin: usize, left: Option<OrderedUniforms> },
}

impl ArrivalStream {
    /// The arrivals of a cohort.
    pub fn new(cohort: &Cohort, key: Key, end: Time) -> ArrivalStream {
        let stream = Stream::new(key.draw(Purpose::Arrivals));
        let source = match &cohort.arrivals {
            Arrivals::Crowd { count, law, origin, pieces } => {
                let mut before = 0.0;
                let pieces = pieces.iter().map(|piece| {
                    before += piece.mass;
                    (before - piece.mass, piece.mass, piece.law.0, piece.law.1)
                });
                Source::Crowd {
                    pieces: pieces.collect(),
                    uniforms: OrderedUniforms::new(stream, *count),
                    law: law.clone(),
                    origin: *origin,
                    piece: 0,
                }
            }
            Arrivals::Rate(pieces) => {
                let pieces = pieces.iter().map(Slope::new).collect();
                Source::Rate { points: UnitPoisson::new(stream), pieces, piece: 0, before: 0.0 }
            }
            Arrivals::Trace(bins) => Source::Trace { stream, bins: bins.clone(), bin: 0, left: None },
        };
        ArrivalStream { source, end, drawn: [Span::ZERO; BATCH], coming: 0..0, count: 0, outside: 0, at_once: false }
    }

    /// How many have arrived.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The next arrival after one at `now`. Whoever comes at the same instant is held back until that one is inside, so
    /// that a crowd that comes at once is not lined up in the future event list.
    #[inline(always)]
    pub fn next_after(&mut self, now: Time) -> Option<Time> {
        let next = self.next();
        self.at_once = next == Some(now);
        next.filter(|next| *next != now)
    }

    /// The next arrival within the window.
    #[inline(always)]
    fn next(&mut self) -> Option<Time> {
        loop {
            let at = self.next_of_all()?;
            if at.0 < 0 {
                self.outside += 1;
                continue;
            }
            let at = Time(at.0 as u64);
            if at >= self.end {
                self.outside += 1;
                return None;
            }
            return Some(at);
        }
    }

    /// The next arrival, within the window or not.
    #[inline(always)]
    fn next_of_all(&mut self) -> Option<Span> {
        if self.coming.is_empty() {
            self.coming = 0..self.source.draw(&mut self.drawn);
        }
        self.coming.next().map(|next| self.drawn[next])
    }

    /// How many of a crowd or trace fall outside the window, once all that fall inside have come.
    pub fn outside_in_all(&mut self) -> u64 {
        // A Poisson stream exists only within the window.
        if !matches!(self.source, Source::Rate { .. }) {
            while self.next_of_all().is_some() {
                self.outside += 1;
            }
        }
        self.outside
    }
}

impl Source {
    /// Draws the next arrivals, from the start of the window; how many there are, none if all have been drawn.
    #[inline(never)]
    fn draw(&mut self, batch: &mut [Span; BATCH]) -> usize {
        let mut points = [0.0; BATCH];
        match self {
            Source::Crowd { uniforms, law, origin, pieces, piece } => {
                let count = uniforms.next_log_survivals(&mut points);
                for (at, log_survival) in batch.iter_mut().zip(&points[..count]) {
                    *at = *origin + Span::from_nanos(crowd_delay(*log_survival, law, pieces, piece));
                }
                count
            }
            Source::Rate { points: process, pieces, piece, before } => {
                process.next_points(&mut points);
                for (count, point) in points.into_iter().enumerate() {
                    while let Some(current) = pieces.get(*piece)
                        && point >= *before + current.mass
                    {
                        *before += current.mass;
                        *piece += 1;
                    }
                    let Some(current) = pieces.get(*piece) else { return count };
                    batch[count] = Span(current.from + current.invert(point - *before) as i64);
                }
                BATCH
            }
            Source::Trace { stream, bins, bin, left } => {
                while let Some(current) = bins.get(*bin) {
                    let uniforms = left.get_or_insert_with(|| uniforms_of_bin(stream, current.count));
                    let count = uniforms.next_log_survivals(&mut points);
                    for (at, log_survival) in batch.iter_mut().zip(&points[..count]) {
                        let share = -libm::expm1(-log_survival);
                        *at = current.from + Span::from_nanos(current.width.0 as f64 * share);
                    }
                    if count > 0 {
                        return count;
                    }
                    *left = None;
                    *bin += 1;
                }
                0
            }
        }
    }
}

/// The arrivals of one bin of a trace: the whole part of what is expected, and one more with the probability of the rest.
fn uniforms_of_bin(stream: &mut Stream, expected: f64) -> OrderedUniforms {
    let whole = expected.floor();
    let more = u64::from(stream.uniform() < expected - whole);
    let mut seed = Key::from_number(stream.bits()).draw(Purpose::Arrivals);
    let own = Stream::new(Key::from_number(seed.bits()).draw(Purpose::Arrivals));
    OrderedUniforms::new(own, whole as u64 + more)
}

/// The delay of one of a crowd, from −ln(1 − u). `pieces` hold the mass before, the mass, and the ends on the law.
fn crowd_delay(log_survival: f64, law: &Law, pieces: &[(f64, f64, f64, f64)], piece: &mut usize) -> f64 {
    if let ([(_, _, low, high)], Law::Exponential { mean }) = (pieces, law)
        && *low == 0.0
        && *high == 1.0
    {
        return log_survival * mean;
    }
    let uniform = match law {
        // Where u is small, this loses digits of it that no nanosecond shows.
        Law::Exponential { .. } => 1.0 - exp(-log_survival),
        _ => -libm::expm1(-log_survival),
    };
    while *piece + 1 < pieces.len() && uniform >= pieces[*piece].0 + pieces[*piece].1 {
        *piece += 1;
    }
    let Some((before, mass, low, high)) = pieces.get(*piece) else { return f64::MAX };
    let p = low + (high - low) * ((uniform - before) / mass).clamp(0.0, 1.0);
    let p = p.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
    match law {
        Law::Exponential { mean } => minus_ln(1.0 - p) * mean,
        _ => law.quantile(p),
    }
}

/// A stretch of time in which the rate is linear.
struct Slope {
    /// Start, in nanoseconds from the start of the window.
    from: i64,
    width: f64,
    /// The rate at the start, and how it grows, per nanosecond.
    first: f64,
    slope: f64,
    /// Expected arrivals.
    mass: f64,
}

impl Slope {
    fn new(piece: &RatePiece) -> Slope {
        let width = (piece.until.0 - piece.from.0) as f64;
        let slope = (piece.last - piece.first) / width;
        Slope { from: piece.from.0 as i64, width, first: piece.first, slope, mass: piece.mass() }
    }

    /// Where the integral of the rate reaches `mass`, in nanoseconds from the start.
    #[inline]
    fn invert(&self, mass: f64) -> f64 {
        let nanos = if self.slope == 0.0 {
            mass / self.first
        } else {
            // The stable form of the quadratic formula.
            let root = (self.first * self.first + 2.0 * self.slope * mass).max(0.0).sqrt();
            2.0 * mass / (self.first + root)
        };
        nanos.clamp(0.0, self.width - 1.0)
    }
}

impl<P: Probe> World<'_, P> {
    /// Puts those inside who would be, and the first arrival of each cohort into the future event list.
    pub fn open_arrivals(&mut self) {
        for cohort in 0..self.model.cohorts.len() {
            self.place_those_inside(cohort);
            if let Some(first) = self.streams[cohort].next() {
                self.future.expect_arrival(cohort, first);
            }
        }
    }

    /// A viewer of a cohort arrives; the next one is in the future event list already, unless both come at once.
    #[inline(always)]
    pub fn arrive(&mut self, cohort: usize) {
        let ordinal = self.streams[cohort].count;
        self.streams[cohort].count += 1;
        let viewer = self.new_viewer(cohort, ordinal);
        self.recorder.arrival(usize::from(self.targets.entrance(cohort).region));
        self.tell(viewer, Happening::Arrived);
        if std::mem::take(&mut self.streams[cohort].at_once) {
            self.future.expect_arrival(cohort, self.now);
        }
        self.enter_step(viewer, 0);
    }

    /// A row for a viewer of a cohort, with their client and device.
    #[inline(always)]
    fn new_viewer(&mut self, cohort: usize, ordinal: u32) -> u32 {
        if ordinal & !INSIDE_ALREADY >= MOST_VIEWERS || self.viewers.capacity() >= u32::MAX as usize - 1 {
            self.stopped = Some(Stopped::ViewerLimit);
        }
        let entrance = self.targets.entrance(cohort);
        let client = entrance.client.unwrap_or_else(|| self.draw_client(cohort, ordinal));
        let device = entrance.device.unwrap_or_else(|| self.draw_device(cohort, ordinal));
        self.ledger.arrived += 1;
        let slot = self.viewers.take();
        let row = &mut self.viewers[slot];
        *row = Viewer {
            ordinal,
            // Those who were here before left their flags with the generation.
            generation_and_flags: row.generation_and_flags & !0xff,
            cohort: cohort as u16,
            client,
            device,
            ..Viewer::VACANT
        };
        slot
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

    /// Those who are in mid-stream when the window opens: a Poisson number, each somewhere in a stream that was found
    /// in proportion to its length.
    fn place_those_inside(&mut self, cohort: usize) {
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
                self.ledger.already += 1;
                let own = self.viewers[viewer].key(&self.cohort_keys);
                let found = length.length_biased(own.draw(Purpose::Already)) * already.stretch;
                let left = own.draw(Purpose::Stream).uniform() * found;
                let row = &mut self.viewers[viewer];
                row.step = already.step as u8;
                // Their first stream began before the window, so it is not counted among its starts.
                row.mark(flags::STARTED);
                self.tell(viewer, Happening::AlreadyInside);
                debug_assert!(self.now == START);
                // What is left and what has played are alike in law, and add up to what was found.
                self.begin_stream(viewer, Span::from_nanos(left), Span::from_nanos(found - left));
            }
        }
    }
}
