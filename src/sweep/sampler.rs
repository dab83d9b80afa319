//! Samplers: the coordinates of the points of a sample.

use super::spec::{Design, Sample};
use crate::random::{Key, Purpose};

/// Coordinate of a sample point on one axis, from 0 to 1.
pub(super) fn coordinate(sample: &Sample, point: u64, dimension: u32) -> f64 {
    let key = Key::root(u64::from(sample.seed), 0).named("sweep").with(u64::from(dimension));
    match sample.design {
        // More points or dimensions than the sequence has are refused when the plan is read.
        Design::Sobol => f64::from(sobol_burley::sample(point as u32, dimension, sample.seed)),
        Design::LatinHypercube => {
            let layer = shuffled(key, point, sample.points);
            (layer as f64 + key.with(point).draw(Purpose::Design).uniform()) / sample.points as f64
        }
        Design::Random => key.with(point).draw(Purpose::Design).uniform(),
    }
}

/// The image of `index` under a random permutation of `0..count`, without a list: a Feistel network over the next power of
/// four, repeated until the image is within the range (J. Black and P. Rogaway, Ciphers with Arbitrary Finite Domains, 2002).
fn shuffled(key: Key, index: u64, count: u64) -> u64 {
    let half = (64 - count.saturating_sub(1).leading_zeros()).div_ceil(2).max(1);
    let mask = (1_u64 << half) - 1;
    let mut image = index;
    loop {
        let (mut left, mut right) = (image >> half, image & mask);
        for round in 0..6 {
            let mixed = key.with(round).with(right).number() & mask;
            (left, right) = (right, left ^ mixed);
        }
        image = left << half | right;
        if image < count {
            return image;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_meets_every_number_once() {
        for count in [1, 2, 5, 64, 1000] {
            let mut images: Vec<u64> = (0..count).map(|index| shuffled(Key::root(7, 0), index, count)).collect();
            assert!(count < 5 || !images.is_sorted());
            images.sort_unstable();
            assert_eq!(images, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn each_layer_of_a_latin_hypercube_is_met_once_in_each_dimension() {
        let sample = Sample { design: Design::LatinHypercube, points: 37, seed: 3 };
        for dimension in 0..3 {
            let mut layers: Vec<u64> =
                (0..37).map(|point| (coordinate(&sample, point, dimension) * 37.0).floor() as u64).collect();
            layers.sort_unstable();
            assert_eq!(layers, (0..37).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_sobol_sequence_fills_each_half_evenly() {
        let sample = Sample { design: Design::Sobol, points: 64, seed: 0 };
        for dimension in 0..4 {
            assert_eq!((0..64).filter(|point| coordinate(&sample, *point, dimension) < 0.25).count(), 16);
        }
    }
}
