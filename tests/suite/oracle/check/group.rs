//! One of two groups into which replications fall.

use super::median::median;
use super::{Case, Decided, agree};

pub fn decide(case: &Case<'_>) -> Decided {
    let mut values = case.evidence.over_replications(case.text("path")?)?;
    values.sort_by(f64::total_cmp);
    agree("the number that has the figure", case.number("n")?, values.len() as f64)?;
    let (lower, upper) = groups(&values).ok_or("the replications are one group")?;
    let group = if (lower[0] - case.number("low")?).abs() <= 1e-9 + 2e-4 * lower[0].abs() { lower } else { upper };
    agree("the number in the group", case.number("k")?, group.len() as f64)?;
    agree("the least", case.number("low")?, group[0])?;
    agree("the greatest", case.number("high")?, group[group.len() - 1])?;
    agree("the median", case.number("median")?, median(group))
}

/// Two groups, if the widest gap between sorted values exceeds twice the spread of each side and a fifth of the largest value,
/// with two on each side.
fn groups(values: &[f64]) -> Option<(&[f64], &[f64])> {
    if values.len() < 8 {
        return None;
    }
    let gap = |index: &usize| values[*index] - values[index - 1];
    let widest = (1..values.len()).max_by(|one, other| gap(one).total_cmp(&gap(other)))?;
    let (lower, upper) = values.split_at(widest);
    let spread = |side: &[f64]| side[side.len() - 1] - side[0];
    let largest = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    let apart = gap(&widest) > 2.0 * spread(lower).max(spread(upper)) && gap(&widest) > largest / 5.0;
    (apart && lower.len() >= 2 && upper.len() >= 2).then_some((lower, upper))
}

#[test]
fn two_groups_are_two_only_if_they_are_far_apart() {
    let far = [1.0, 1.1, 1.2, 1.3, 9.0, 9.1, 9.2, 9.3];
    assert_eq!(groups(&far).map(|(lower, upper)| (lower.len(), upper.len())), Some((4, 4)));
    assert_eq!(groups(&[1.0, 2.0, 3.0, 4.0, 6.0, 7.0, 8.0, 9.0]), None);
    assert_eq!(groups(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0]), None);
    assert_eq!(groups(&far[1..]), None);
}
