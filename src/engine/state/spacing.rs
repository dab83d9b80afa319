//! Spacing of the arrivals of a process: random or even.

use crate::random::{Key, OrderedUniforms, Purpose, Stream, UnitPoisson};

/// The values that the integral of a rate has at the arrivals of a stream, in ascending order.
pub enum Points {
    /// The points of a Poisson process of rate 1.
    Poisson(UnitPoisson),
    /// The whole numbers from 1; the last one that was handed out.
    Even(u64),
}

impl Points {
    /// The points of a stream with these random numbers.
    pub fn new(even: bool, stream: Stream) -> Points {
        if even { Points::Even(0) } else { Points::Poisson(UnitPoisson::new(stream)) }
    }

    /// Fills `points` with the next points.
    pub fn next_points(&mut self, points: &mut [f64]) {
        match self {
            Points::Poisson(process) => process.next_points(points),
            Points::Even(last) => {
                for point in points {
                    *last += 1;
                    *point = *last as f64;
                }
            }
        }
    }
}

/// The arrivals within one bin of a trace, in ascending order.
pub enum InBin {
    /// Independent and uniform.
    Random(OrderedUniforms),
    /// In the middle of equal parts of the bin.
    Even {
        /// Number of arrivals so far.
        past: u64,
        /// Number of arrivals in all.
        count: u64,
    },
}

impl InBin {
    /// The arrivals of a bin: the integer part of the expected number, plus one with the probability of the fractional part.
    pub fn new(even: bool, stream: &mut Stream, expected: f64) -> InBin {
        let whole = expected.floor();
        let count = whole as u64 + u64::from(stream.uniform() < expected - whole);
        let mut seed = Key::from_number(stream.bits()).draw(Purpose::Arrivals);
        if even {
            return InBin::Even { past: 0, count };
        }
        let own = Stream::new(Key::from_number(seed.bits()).draw(Purpose::Arrivals));
        InBin::Random(OrderedUniforms::new(own, count))
    }

    /// Number of arrivals that are yet to come.
    pub fn remaining(&self) -> u64 {
        match self {
            InBin::Random(uniforms) => uniforms.remaining(),
            InBin::Even { past, count } => count - past,
        }
    }

    /// Writes the places of the next arrivals, as shares of the bin's width, and returns their number, which is less than the
    /// length of `shares` only if fewer remain.
    pub fn next_shares(&mut self, shares: &mut [f64]) -> usize {
        match self {
            InBin::Random(uniforms) => {
                let count = uniforms.next_log_survivals(shares);
                for share in &mut shares[..count] {
                    *share = -libm::expm1(-*share);
                }
                count
            }
            InBin::Even { past, count } => {
                let number = (*count - *past).min(shares.len() as u64) as usize;
                for share in &mut shares[..number] {
                    *share = (*past as f64 + 0.5) / *count as f64;
                    *past += 1;
                }
                number
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Stream {
        Stream::new(Key::root(3, 0).draw(Purpose::Arrivals))
    }

    #[test]
    fn even_points_are_the_whole_numbers_and_even_arrivals_lie_in_the_middle_of_equal_parts() {
        let mut points = Points::new(true, stream());
        let mut values = [0.0; 3];
        points.next_points(&mut values);
        points.next_points(&mut values);
        assert_eq!(values, [4.0, 5.0, 6.0]);
        let mut bin = InBin::new(true, &mut stream(), 5.0);
        assert_eq!((bin.next_shares(&mut values), bin.remaining()), (3, 2));
        assert_eq!(values, [0.1, 0.3, 0.5]);
        assert_eq!(bin.next_shares(&mut values), 2);
        assert_eq!(values[..2], [0.7, 0.9]);
        assert_eq!((bin.next_shares(&mut values), bin.remaining()), (0, 0));
    }

    /// Even spacing concerns the moments within a bin, not the rounding of a number that is not whole.
    #[test]
    fn the_number_of_arrivals_does_not_depend_on_the_spacing() {
        let counts = |even: bool| {
            let mut stream = stream();
            (0..50).map(|_| InBin::new(even, &mut stream, 2.4).remaining()).collect::<Vec<_>>()
        };
        assert_eq!(counts(true), counts(false));
        assert!(counts(true).iter().all(|count| (2..=3).contains(count)) && counts(true).contains(&3));
    }
}
