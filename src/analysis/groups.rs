//! Median and range of values over replications, and whether they fall into two groups.

/// Values from which on two groups are sought.
const ENOUGH: usize = 8;

/// The values of a figure over the replications in which it exists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Replications in which the figure exists; above 0.
    pub k: usize,
    /// Replications.
    pub n: usize,
    /// Median; the mean of the middle two for an even number.
    pub median: f64,
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
    /// The two groups that the values fall into, the lower first, if they do.
    pub groups: Option<[Group; 2]>,
}

/// A group of values that lies apart from the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// Number of values; at least two.
    pub k: usize,
    /// Median.
    pub median: f64,
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
}

impl Spread {
    /// The spread of values of which those that are NaN do not exist; `None` if none exists.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Spread> {
        let values: Vec<f64> = values.into_iter().collect();
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let whole = Group::of(&sorted)?;
        let Group { k, median, low, high } = whole;
        Some(Spread { k, n: values.len(), median, low, high, groups: groups(&sorted) })
    }
}

impl Group {
    /// The group of sorted values; `None` if there are none.
    fn of(sorted: &[f64]) -> Option<Group> {
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        let k = sorted.len();
        let median = (sorted[(k - 1) / 2] + sorted[k / 2]) / 2.0;
        Some(Group { k, median, low, high })
    }

    fn spread(&self) -> f64 {
        self.high - self.low
    }
}

/// The two groups of eight or more sorted values, if the widest gap exceeds twice the spread of each side and a fifth of the
/// largest value, with two on each side.
fn groups(sorted: &[f64]) -> Option<[Group; 2]> {
    if sorted.len() < ENOUGH {
        return None;
    }
    let gap = |at: usize| sorted[at] - sorted[at - 1];
    let at = (1..sorted.len()).reduce(|widest, next| if gap(next) > gap(widest) { next } else { widest })?;
    let (low, high) = (Group::of(&sorted[..at])?, Group::of(&sorted[at..])?);
    let largest = low.low.abs().max(high.high.abs());
    let apart = gap(at) > 2.0 * low.spread().max(high.spread()) && gap(at) > 0.2 * largest;
    (apart && low.k.min(high.k) >= 2).then_some([low, high])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_and_missing_values_are_left_out() {
        let spread = Spread::of([3.0, f64::NAN, 1.0, 10.0]).unwrap();
        assert_eq!((spread.k, spread.n, spread.median, spread.low, spread.high), (3, 4, 3.0, 1.0, 10.0));
        assert_eq!(Spread::of([1.0, 4.0]).map(|spread| spread.median), Some(2.5));
        assert_eq!(Spread::of([f64::NAN, f64::INFINITY]), None);
    }

    #[test]
    fn two_groups_lie_far_apart_and_have_two_values_each() {
        let of = |values: &[f64]| Spread::of(values.iter().copied()).unwrap().groups;
        let [low, high] = of(&[10.0, 11.0, 10.5, 12.0, 40.0, 41.0, 10.2, 43.0]).unwrap();
        assert_eq!((low.k, low.low, low.high, high.k, high.median), (5, 10.0, 12.0, 3, 41.0));
        assert_eq!(of(&[10.0, 11.0, 10.5, 12.0, 40.0, 41.0, 43.0]), None, "fewer than eight");
        assert_eq!(of(&[10.0, 11.0, 10.5, 12.0, 11.5, 11.2, 10.2, 43.0]), None, "one alone");
        assert_eq!(of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), None, "no gap");
        assert_eq!(of(&[100.0, 100.0, 100.0, 100.0, 110.0, 110.0, 110.0, 110.0]), None, "a gap of a tenth");
    }
}
