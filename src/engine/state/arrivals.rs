//! The arrival process of each cohort, drawn in order of time.

use std::ops::Range;

use super::spacing::{InBin, Points};
use crate::model::{Arrivals, Cohort, RatePiece, TraceBin, share_below};
use crate::random::{Key, Law, OrderedUniforms, Purpose, Stream, binomial, exp, minus_ln};
use crate::units::{Span, Time};

/// Number of arrivals drawn at a time, so that the processor overlaps the logarithms of a batch.
const BATCH: usize = 32;

/// Expected number of arrivals of a crowd before the window above which their number is drawn instead of each arrival.
const MANY_BEFORE: f64 = 1e6;

/// The arrivals of one cohort.
pub struct ArrivalProcess {
    source: Source,
    end: Time,
    /// The batch of arrivals drawn last, as offsets from the start of the window.
    drawn: [Span; BATCH],
    /// Indices of the arrivals of the batch that are still to come.
    coming: Range<usize>,
    /// Number of viewers who have arrived.
    count: u32,
    /// Number of arrivals so far that fall before the start of the window or after its end.
    outside: u64,
    /// Whether the next arrival falls at the instant of the last one.
    at_once: bool,
}

/// Difference of integrals of a rate below which they are equal.
const ROUNDING: f64 = 1e-6;

enum Source {
    Crowd {
        people: u64,
        uniforms: OrderedUniforms,
        law: Law,
        origin: Span,
        pieces: Vec<Piece>,
        piece: usize,
        last: Span,
    },
    Rate {
        points: Points,
        pieces: Vec<Slope>,
        piece: usize,
        before: f64,
    },
    Trace {
        stream: Stream,
        bins: Vec<TraceBin>,
        bin: usize,
        even: bool,
        left: Option<InBin>,
        before: u64,
    },
}

/// A stretch of a crowd's law under one factor.
struct Piece {
    /// Share of the crowd before the stretch.
    before: f64,
    /// Share of the crowd within the stretch.
    mass: f64,
    /// Value of the law's distribution function at the start of the stretch.
    low: f64,
    /// Value of the law's distribution function at the end of the stretch.
    high: f64,
}

impl ArrivalProcess {
    /// The arrival process of a cohort up to `end`.
    pub fn new(cohort: &Cohort, key: Key, end: Time) -> ArrivalProcess {
        let stream = Stream::new(key.draw(Purpose::Arrivals));
        let source = match &cohort.arrivals {
            Arrivals::Crowd { count, law, origin, pieces } => {
                let early = share_below(pieces, law.cdf((Span(0) - *origin).0 as f64));
                let uniforms = if *count as f64 * early > MANY_BEFORE {
                    let coming = *count - binomial(*count, early, &mut key.with(u64::MAX).draw(Purpose::Arrivals));
                    OrderedUniforms::above(early, stream, coming)
                } else {
                    OrderedUniforms::new(stream, *count)
                };
                let mut before = 0.0;
                let pieces = pieces.iter().map(|piece| {
                    before += piece.mass;
                    Piece { before: before - piece.mass, mass: piece.mass, low: piece.law.0, high: piece.law.1 }
                });
                Source::Crowd {
                    pieces: pieces.collect(),
                    people: *count,
                    uniforms,
                    law: law.clone(),
                    origin: *origin,
                    piece: 0,
                    last: Span(i64::MIN),
                }
            }
            Arrivals::Rate(pieces) => {
                let pieces = pieces.iter().map(Slope::new).collect();
                Source::Rate { points: Points::new(cohort.even, stream), pieces, piece: 0, before: 0.0 }
            }
            Arrivals::Trace(bins) => {
                let bins = bins.clone();
                Source::Trace { stream, bins, bin: 0, even: cohort.even, left: None, before: 0 }
            }
        };
        ArrivalProcess { source, end, drawn: [Span::ZERO; BATCH], coming: 0..0, count: 0, outside: 0, at_once: false }
    }

    /// Number of viewers who have arrived, which is the index of the next.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Counts an arrival and returns its index, from 0.
    #[inline(always)]
    pub fn next_index(&mut self) -> u32 {
        self.count += 1;
        self.count - 1
    }

    /// Takes the mark that the next arrival falls at the instant of the last one.
    #[inline(always)]
    pub fn take_at_once(&mut self) -> bool {
        std::mem::take(&mut self.at_once)
    }

    /// The time of the arrival after one at `now`. An arrival at the same instant is held back until the arrival at
    /// `now` is handled (see [`ArrivalProcess::take_at_once`]), so that a crowd that comes at once never fills the
    /// event list.
    #[inline(always)]
    pub fn next_after(&mut self, now: Time) -> Option<Time> {
        let next = self.next_in_window();
        self.at_once = next == Some(now);
        next.filter(|next| *next != now)
    }

    /// The time of the next arrival within the window.
    #[inline(always)]
    pub fn next_in_window(&mut self) -> Option<Time> {
        loop {
            let at = self.next_drawn()?;
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

    /// The next arrival within the window or outside, as an offset from the start of the window.
    #[inline(always)]
    fn next_drawn(&mut self) -> Option<Span> {
        if self.coming.is_empty() {
            self.coming = 0..self.source.draw(&mut self.drawn);
        }
        self.coming.next().map(|next| self.drawn[next])
    }

    /// Number of arrivals of a crowd or trace outside the window, without drawing each of them.
    pub fn total_outside(&mut self) -> u64 {
        match &mut self.source {
            Source::Crowd { people, .. } => *people - u64::from(self.count),
            // A Poisson stream exists only within the window.
            Source::Rate { .. } => 0,
            Source::Trace { stream, bins, bin, even, left, before } => {
                let begun = left.as_ref().map(|left| (left.remaining(), 1));
                let (mut after, next) = begun.unwrap_or((0, 0));
                for bin in bins.iter().skip(*bin + next) {
                    after += InBin::new(*even, stream, bin.count).remaining();
                }
                self.outside + *before + self.coming.len() as u64 + after
            }
        }
    }
}

impl Source {
    /// Draws the next batch of arrivals, as offsets from the start of the window, and returns their number; 0 at the end.
    #[inline(never)]
    fn draw(&mut self, batch: &mut [Span; BATCH]) -> usize {
        let mut points = [0.0; BATCH];
        match self {
            Source::Crowd { uniforms, law, origin, pieces, piece, last, .. } => {
                let count = uniforms.next_log_survivals(&mut points);
                for (at, log_survival) in batch.iter_mut().zip(&points[..count]) {
                    let drawn = *origin + Span::from_nanos(crowd_delay(*log_survival, law, pieces, piece));
                    // Quantiles that are found by a search are in order only up to its tolerance.
                    *last = drawn.max(*last);
                    *at = *last;
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
                    batch[count] = match process {
                        // The integral reaches the number where a pause of the rate begins, not where it ends.
                        Points::Even(_) if point - *before < ROUNDING => end_of_last(&pieces[..*piece]),
                        _ => None,
                    }
                    .unwrap_or_else(|| Span(current.from + current.invert(point - *before) as i64));
                }
                BATCH
            }
            Source::Trace { stream, bins, bin, even, left, before } => {
                while let Some(current) = bins.get(*bin) {
                    let within = left.get_or_insert_with(|| InBin::new(*even, stream, current.count));
                    if current.from + current.width <= Span::ZERO {
                        *before += within.remaining();
                        (*left, *bin) = (None, *bin + 1);
                        continue;
                    }
                    let count = within.next_shares(&mut points);
                    for (at, share) in batch.iter_mut().zip(&points[..count]) {
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

/// The end of the last of these stretches in which the rate is not zero.
#[cold]
fn end_of_last(stretches: &[Slope]) -> Option<Span> {
    let last = stretches.iter().rfind(|stretch| stretch.mass > 0.0)?;
    Some(Span(last.from + last.width as i64))
}

/// The delay of one viewer of a crowd in nanoseconds, from −ln(1 − u) of the uniform u.
fn crowd_delay(log_survival: f64, law: &Law, pieces: &[Piece], piece: &mut usize) -> f64 {
    if let ([Piece { low: 0.0, high: 1.0, .. }], Law::Exponential { mean }) = (pieces, law) {
        return log_survival * mean;
    }
    let uniform = match law {
        // For a small u this loses digits that are below a nanosecond.
        Law::Exponential { .. } => 1.0 - exp(-log_survival),
        _ => -libm::expm1(-log_survival),
    };
    while *piece + 1 < pieces.len() && uniform >= pieces[*piece].before + pieces[*piece].mass {
        *piece += 1;
    }
    let Some(Piece { before, mass, low, high }) = pieces.get(*piece) else { return f64::MAX };
    let p = low + (high - low) * ((uniform - before) / mass).clamp(0.0, 1.0);
    let p = p.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
    match law {
        Law::Exponential { mean } => minus_ln(1.0 - p) * mean,
        _ => law.quantile(p),
    }
}

/// A stretch of time in which the arrival rate is linear.
struct Slope {
    /// Start of the stretch, in nanoseconds from the start of the window.
    from: i64,
    /// Width of the stretch, in nanoseconds.
    width: f64,
    /// Rate at the start of the stretch, per nanosecond.
    first: f64,
    /// Growth of the rate, per nanosecond squared.
    slope: f64,
    /// Expected number of arrivals in the stretch.
    mass: f64,
}

impl Slope {
    fn new(piece: &RatePiece) -> Slope {
        let width = (piece.until.0 - piece.from.0) as f64;
        let slope = (piece.last - piece.first) / width;
        Slope { from: piece.from.0 as i64, width, first: piece.first, slope, mass: piece.mass() }
    }

    /// The time at which the integral of the rate reaches `mass`, in nanoseconds from the start of the stretch.
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
