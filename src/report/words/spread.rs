//! A figure over several replications in the text of one claim: its median and its range.

use crate::analysis::Spread;
use crate::report::numbers::{grouped, times};

/// A median with its range, and with the replications that have a value where others have none: `56% (55% to 57% in 2 of 3 runs)`.
pub fn middle(spread: Spread, show: impl Fn(f64) -> String, range: impl Fn(f64, f64) -> String) -> String {
    let Spread { k, n, median, low, high, .. } = spread;
    let range = if show(low) == show(high) { String::new() } else { range(low, high) };
    let runs = if k == n { String::new() } else { format!("in {} of {} runs", grouped(k as f64), grouped(n as f64)) };
    match format!("{range} {runs}").trim() {
        "" => show(median),
        within => format!("{} ({within})", show(median)),
    }
}

/// The two ends of a range: `55% to 57%`.
pub fn ends(show: impl Fn(f64) -> String) -> impl Fn(f64, f64) -> String {
    move |low, high| format!("{} to {}", show(low), show(high))
}

/// A multiple without its unit: `5.2`.
pub fn multiple(value: f64) -> String {
    times(value).trim_end_matches(" times").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::numbers::percent;

    #[test]
    fn a_range_is_told_where_it_prints_as_more_than_the_median_and_runs_where_some_have_no_value() {
        let told = |values: &[f64]| middle(Spread::of(values.iter().copied()).unwrap(), percent, ends(percent));
        assert_eq!(told(&[0.55, 0.56, 0.57]), "56% (55% to 57%)");
        assert_eq!(told(&[0.56, 0.56001]), "56%");
        assert_eq!(told(&[0.56, f64::NAN]), "56% (in 1 of 2 runs)");
        assert_eq!(told(&[0.55, 0.57, f64::NAN]), "56% (55% to 57% in 2 of 3 runs)");
    }
}
