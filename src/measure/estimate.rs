//! Means over replications, with their confidence intervals.

use super::student::student_975;

/// The mean of a figure over replications and its 95% confidence interval (Student's t). With n = 1, both ends of the interval
/// are the mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean over the replications.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Number of replications in which the figure has a value.
    pub n: usize,
}

/// The mean of values and its 95% interval by Student's t; `None` without values.
pub fn estimate(values: &[f64]) -> Option<Estimate> {
    if values.is_empty() {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if values.len() == 1 {
        return Some(Estimate { mean, low: mean, high: mean, n: 1 });
    }
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    let half = student_975(values.len() - 1) * (variance / n).sqrt();
    Some(Estimate { mean, low: mean - half, high: mean + half, n: values.len() })
}

/// The estimate of values whose mean lies between the ends of `possible`; the ends of the interval lie there too, unless a
/// value itself lies beyond.
pub fn estimate_within(values: &[f64], possible: (f64, f64)) -> Option<Estimate> {
    let beyond = values.iter().copied();
    let (least, most) = (beyond.clone().fold(possible.0, f64::min), beyond.fold(possible.1, f64::max));
    let estimate = estimate(values)?;
    Some(Estimate { low: estimate.low.max(least), high: estimate.high.min(most), ..estimate })
}

/// The estimate over the values that are not NaN; `None` if all are.
pub(super) fn estimate_of_numbers(values: impl Iterator<Item = f64>) -> Option<Estimate> {
    estimate(&values.filter(|value| !value.is_nan()).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_students_t() {
        let e = estimate(&[1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!((e.mean, e.n), (2.5, 4));
        // 3.1824 × 1.29099 / 2.
        assert!((e.high - 2.5 - 2.0543).abs() < 1e-3);
        assert!(estimate(&[]).is_none());
        let within = estimate_within(&[0.0, 0.0, 0.6], (0.0, 1.0)).unwrap();
        assert!(within.low == 0.0 && (within.mean - 0.2).abs() < 1e-12);
        assert_eq!(estimate_of_numbers([f64::NAN, 2.0].into_iter()).map(|e| (e.mean, e.n)), Some((2.0, 1)));
    }
}
