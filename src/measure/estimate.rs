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

/// As [`estimate`], with the interval cut to the range `possible`, unless a value lies outside of it.
pub fn estimate_within(values: &[f64], possible: (f64, f64)) -> Option<Estimate> {
    let beyond = values.iter().copied();
    let (least, most) = (beyond.clone().fold(possible.0, f64::min), beyond.fold(possible.1, f64::max));
    let estimate = estimate(values)?;
    Some(Estimate { low: estimate.low.max(least), high: estimate.high.min(most), ..estimate })
}

/// Number, mean and spread of values that are added one by one (B. P. Welford, Technometrics 4, 1962).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moments {
    n: u32,
    mean: f64,
    /// Sum of the squared distances from the mean.
    squares: f64,
}

impl Moments {
    /// Adds a value, unless it is NaN.
    pub fn add(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        self.n += 1;
        let distance = value - self.mean;
        self.mean += distance / f64::from(self.n);
        self.squares += distance * (value - self.mean);
    }

    /// The estimate over the values; `None` without values.
    pub fn estimate(&self) -> Option<Estimate> {
        let (n, mean) = (self.n as usize, self.mean);
        if n < 2 {
            return (n == 1).then_some(Estimate { mean, low: mean, high: mean, n });
        }
        let variance = self.squares / (n as f64 - 1.0);
        let half = student_975(n - 1) * (variance / n as f64).sqrt();
        Some(Estimate { mean, low: mean - half, high: mean + half, n })
    }
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
    }

    #[test]
    fn values_that_come_one_by_one_have_the_same_estimate() {
        let values = [0.3, 0.1, 0.35, 0.2, 0.9];
        let mut moments = Moments::default();
        assert!(moments.estimate().is_none());
        for (n, value) in values.into_iter().enumerate() {
            moments.add(f64::NAN);
            moments.add(value);
            let (one_by_one, at_once) = (moments.estimate().unwrap(), estimate(&values[..=n]).unwrap());
            let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
            assert!(near(one_by_one.low, at_once.low) && near(one_by_one.high, at_once.high), "{one_by_one:?}");
            assert!(near(one_by_one.mean, at_once.mean) && one_by_one.n == at_once.n);
        }
    }
}
