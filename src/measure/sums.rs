//! Sums over stretches of a series, each from two running sums.

use std::ops::Range;

/// A running sum in double-double precision, so that the difference of two sums is as exact as a sum over the stretch.
#[derive(Clone, Copy, Debug, Default)]
struct Wide {
    high: f64,
    low: f64,
}

impl Wide {
    /// The sum with one more summand (D. Knuth, The Art of Computer Programming 2, 4.2.2, theorem B).
    fn plus(self, summand: f64) -> Wide {
        let high = self.high + summand;
        let rest = high - self.high;
        let error = (self.high - (high - rest)) + (summand - rest);
        Wide { high, low: self.low + error }
    }

    /// The difference from an earlier sum.
    fn since(self, earlier: Wide) -> f64 {
        (self.high - earlier.high) + (self.low - earlier.low)
    }
}

/// Pairs of numbers, and their sums over any stretch.
#[derive(Clone, Debug)]
pub struct Sums {
    /// Sums of all pairs before each position; one more than there are pairs.
    before: Vec<[Wide; 2]>,
}

impl Default for Sums {
    fn default() -> Sums {
        Sums { before: vec![[Wide::default(); 2]] }
    }
}

impl Sums {
    /// Appends a pair.
    pub fn push(&mut self, one: f64, other: f64) {
        let [first, second] = self.before[self.before.len() - 1];
        self.before.push([first.plus(one), second.plus(other)]);
    }

    /// The sums of the pairs of a range.
    pub fn of(&self, range: Range<usize>) -> (f64, f64) {
        let (from, until) = (&self.before[range.start], &self.before[range.end.max(range.start)]);
        (until[0].since(from[0]), until[1].since(from[1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_after_large_numbers_is_as_exact_as_alone() {
        let mut sums = Sums::default();
        for number in [1e15, 0.1, 0.2, 1e12, 0.3] {
            sums.push(number, 1.0);
        }
        assert_eq!(sums.of(1..3), (0.1 + 0.2, 2.0));
        assert_eq!(sums.of(4..5), (0.3, 1.0));
        assert_eq!(sums.of(2..2), (0.0, 0.0));
    }
}
