//! Order of runs by their difference from the first run.

/// The rank of each series when the first is followed by the others in descending difference from the first: the sum of
/// absolute differences, interval by interval. Values that are no numbers count as 0. Equals keep their order.
pub fn by_difference(series: &[Vec<f64>]) -> Vec<usize> {
    let usable = |value: f64| if value.is_finite() { value } else { 0.0 };
    let distance = |one: &[f64], other: &[f64]| -> f64 {
        one.iter().zip(other).map(|(a, b)| (usable(*a) - usable(*b)).abs()).sum()
    };
    let Some((first, others)) = series.split_first() else { return Vec::new() };
    let mut order: Vec<(usize, f64)> =
        others.iter().enumerate().map(|(index, other)| (index + 1, distance(other, first))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut ranks = vec![0; series.len()];
    for (rank, (index, _)) in order.into_iter().enumerate() {
        ranks[index] = rank + 1;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_differ_most_come_first_after_the_first() {
        let series = [vec![0.5, 0.5], vec![0.5, 0.4], vec![0.0, f64::NAN], vec![0.5, 0.6], vec![1.0]];
        assert_eq!(by_difference(&series), [0, 3, 1, 4, 2]);
        assert!(by_difference(&[]).is_empty());
    }
}
