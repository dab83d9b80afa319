//! The paired difference of two figures.

use crate::measure::{Estimate, estimate};

/// The mean of `values` minus `baseline`, pair by pair, with its 95% interval by Student's t; a pair in which either value
/// is missing (NaN) is left out, and `None` stands for no pair at all.
pub fn difference(values: impl IntoIterator<Item = f64>, baseline: impl IntoIterator<Item = f64>) -> Option<Estimate> {
    let pairs = values.into_iter().zip(baseline).map(|(value, baseline)| value - baseline);
    estimate(&pairs.filter(|difference| !difference.is_nan()).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_lead_has_no_width_however_wide_the_figures_are() {
        let lead = difference([11.0, 101.0, 1001.0], [10.0, 100.0, 1000.0]).unwrap();
        assert_eq!((lead.mean, lead.low, lead.high, lead.n), (1.0, 1.0, 1.0, 3));
    }

    #[test]
    fn a_pair_with_a_missing_value_is_left_out() {
        let lead = difference([1.0, f64::NAN, 5.0], [0.0, 2.0, f64::NAN]).unwrap();
        assert_eq!((lead.mean, lead.n), (1.0, 1));
        assert_eq!(difference([f64::NAN], [1.0]), None);
    }

    #[test]
    fn the_interval_is_students_over_the_differences() {
        // Differences 1, 2, 3, 4: mean 2.5, half-width 3.1824 × √(5/3) / 2.
        let lead = difference([1.0, 3.0, 3.0, 8.0], [0.0, 1.0, 0.0, 4.0]).unwrap();
        assert!((lead.high - lead.mean - 2.0543).abs() < 1e-3 && (lead.mean - 2.5).abs() < 1e-12);
    }
}
