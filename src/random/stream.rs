//! Sequential streams: the arrivals of one audience in one region, in order.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{Draw, minus_ln, open_unit};

/// A generator for what no viewer owns: xoshiro256++ seeded from a draw.
#[derive(Clone, Debug)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The stream of a key and purpose.
    pub fn new(mut draw: Draw) -> Stream {
        Stream(Xoshiro256PlusPlus::seed_from_u64(draw.bits()))
    }

    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform on the open interval (0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        open_unit(self.bits())
    }

    /// Exponential with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        minus_ln(self.uniform())
    }

    /// Several of them. No logarithm waits for the one before it, so the processor works on some at once.
    fn exponentials(&mut self, room: &mut [f64]) {
        for value in &mut *room {
            *value = self.uniform();
        }
        for value in room {
            *value = minus_ln(*value);
        }
    }
}

/// The order statistics of `n` uniforms, one after the other and without storing them.
///
/// With E exponential of mean 1, −ln(1 − U) grows by E/(n − k) from the k-th to the next
/// (Rényi's representation; L. Devroye, Non-Uniform Random Variate Generation, 1986, V.3.1).
#[derive(Clone, Debug)]
pub struct OrderedUniforms {
    stream: Stream,
    remaining: u64,
    log_survival: f64,
}

impl OrderedUniforms {
    /// `n` uniforms in ascending order.
    pub fn new(stream: Stream, n: u64) -> OrderedUniforms {
        OrderedUniforms { stream, remaining: n, log_survival: 0.0 }
    }

    /// The next uniforms, as many as there is room for and as are left, each given as −ln(1 − u), which keeps its
    /// precision in the far tail; how many there were.
    pub fn next_log_survivals(&mut self, room: &mut [f64]) -> usize {
        let count = self.remaining.min(room.len() as u64) as usize;
        self.stream.exponentials(&mut room[..count]);
        for value in &mut room[..count] {
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
    at: f64,
}

impl UnitPoisson {
    /// A process from zero on.
    pub fn new(stream: Stream) -> UnitPoisson {
        UnitPoisson { stream, at: 0.0 }
    }

    /// The next point.
    pub fn next_point(&mut self) -> f64 {
        self.at += self.stream.exponential();
        self.at
    }

    /// The next points.
    pub fn next_points(&mut self, room: &mut [f64]) {
        self.stream.exponentials(room);
        for value in room {
            self.at += *value;
            *value = self.at;
        }
    }
}
