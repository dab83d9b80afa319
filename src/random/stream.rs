//! Sequential streams of random numbers, for the arrivals of one audience in one region.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{Draw, minus_ln, open_unit};

/// A generator for draws that belong to no viewer: xoshiro256++ seeded from a draw.
#[derive(Clone, Debug)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The stream of the key and purpose of a draw.
    pub fn new(mut draw: Draw) -> Stream {
        Stream(Xoshiro256PlusPlus::seed_from_u64(draw.bits()))
    }

    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A uniform number in the open interval (0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        open_unit(self.bits())
    }

    /// An exponential number with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        minus_ln(self.uniform())
    }

    /// Fills `values` with exponential numbers of mean 1. No logarithm depends on the one before it, so the processor
    /// computes several at once.
    fn exponentials(&mut self, values: &mut [f64]) {
        for value in &mut *values {
            *value = self.uniform();
        }
        for value in values {
            *value = minus_ln(*value);
        }
    }
}

/// The order statistics of `n` uniform numbers, generated in ascending order without storing all of them.
///
/// From the k-th order statistic to the next, −ln(1 − U) grows by E/(n − k), E exponential with mean 1 (Rényi's
/// representation; L. Devroye, Non-Uniform Random Variate Generation, 1986, V.3.1).
#[derive(Clone, Debug)]
pub struct OrderedUniforms {
    stream: Stream,
    remaining: u64,
    /// −ln(1 − u) of the last uniform number u.
    log_survival: f64,
}

impl OrderedUniforms {
    /// `n` uniform numbers in ascending order.
    pub fn new(stream: Stream, n: u64) -> OrderedUniforms {
        OrderedUniforms { stream, remaining: n, log_survival: 0.0 }
    }

    /// `n` uniform numbers above `p` in ascending order: those that remain of more numbers once all up to `p` have passed.
    pub fn above(p: f64, stream: Stream, n: u64) -> OrderedUniforms {
        OrderedUniforms { stream, remaining: n, log_survival: -libm::log1p(-p) }
    }

    /// Number of draws that have not been written yet.
    pub fn remaining(&self) -> u64 {
        self.remaining
    }

    /// Writes −ln(1 − u) of the next uniform numbers u to `values` and returns their count, which is less than the length
    /// of `values` only if fewer remain. −ln(1 − u) keeps its precision in the far tail, where u is close to 1.
    pub fn next_log_survivals(&mut self, values: &mut [f64]) -> usize {
        let count = self.remaining.min(values.len() as u64) as usize;
        self.stream.exponentials(&mut values[..count]);
        for value in &mut values[..count] {
            self.log_survival += *value / self.remaining as f64;
            self.remaining -= 1;
            *value = self.log_survival;
        }
        count
    }
}

/// The points of a Poisson process of rate 1.
#[derive(Clone, Debug)]
pub struct UnitPoisson {
    stream: Stream,
    /// The last point.
    at: f64,
}

impl UnitPoisson {
    /// A process that starts at zero.
    pub fn new(stream: Stream) -> UnitPoisson {
        UnitPoisson { stream, at: 0.0 }
    }

    /// The next point.
    pub fn next_point(&mut self) -> f64 {
        self.at += self.stream.exponential();
        self.at
    }

    /// Fills `points` with the next points.
    pub fn next_points(&mut self, points: &mut [f64]) {
        self.stream.exponentials(points);
        for point in points {
            self.at += *point;
            *point = self.at;
        }
    }
}
