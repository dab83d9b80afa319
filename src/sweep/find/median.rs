//! The median of some values, with an interval that needs no assumption about their law.

/// The median, and the ends of its interval, each of which errs with probability `tail`; of an even number of values the mean of
/// the middle two. An end is infinite where there are too few values.
///
/// The number of values below the median is binomial with probability one half, so order statistics bound the median (H. David
/// and H. Nagaraja, Order Statistics, 2003, 7.1).
pub(super) fn median(values: &[f64], tail: f64) -> (f64, f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let (below, above) = (sorted[(n - 1) / 2], sorted[n / 2]);
    let middle = if below == above { below } else { (below + above) / 2.0 };
    match rank(n, tail) {
        0 => (middle, f64::NEG_INFINITY, f64::INFINITY),
        rank => (middle, sorted[rank - 1], sorted[n - rank]),
    }
}

/// The largest rank, from 1, for which fewer than `rank` of `n` values lie below the median with a probability of at most
/// `tail`; 0 if there is none.
fn rank(n: usize, tail: f64) -> usize {
    let n_f64 = n as f64;
    let log = |k: f64| libm::lgamma(n_f64 + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n_f64 - k + 1.0);
    let mut sum = 0.0;
    for rank in 0..=n / 2 {
        sum += libm::exp(log(rank as f64) - n_f64 * std::f64::consts::LN_2);
        if sum > tail {
            return rank;
        }
    }
    n / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_binomial_table() {
        // Of 10 values fewer than 2 lie below the median with probability 11/1024, fewer than 3 with 56/1024.
        assert_eq!([rank(10, 11.1 / 1024.0), rank(10, 10.9 / 1024.0), rank(10, 0.5 / 1024.0)], [2, 1, 0]);
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(median(&values, 0.02), (5.5, 2.0, 9.0));
        assert_eq!(median(&values[..3], 0.02), (2.0, f64::NEG_INFINITY, f64::INFINITY));
    }

    #[test]
    fn runs_that_never_end_count_above_all_others() {
        let never = f64::INFINITY;
        assert_eq!(median(&[1.0, 2.0, never], 0.2).0, 2.0);
        assert_eq!(median(&[1.0, never, never], 0.2).0, never);
        assert_eq!(median(&[never; 30], 0.01), (never, never, never));
    }
}
