//! Laws of arrivals: the quantile undoes the distribution function, whatever the law and its sign.

use dropstorm::model::Arrivals;
use dropstorm::random::Law;
use dropstorm::units::Span;

use super::case::{Case, ensure, holds};

/// Rounding of a probability, and of a quantile beside the nanosecond that is the grain of simulated time.
const ROUNDING: f64 = 1e-9;

fn agree(law: &Law) -> Result<(), String> {
    for p in (1..40).map(|number| f64::from(number) / 40.0) {
        let quantile = law.quantile(p);
        // Longer spans than a scenario may state are never simulated.
        if quantile > Span::LONGEST.0 as f64 {
            break;
        }
        // The distribution function may jump at the quantile.
        let grain = 2.0 + quantile.abs() * ROUNDING;
        let (below, above) = (law.cdf(quantile - grain), law.cdf(quantile + grain));
        let between = below <= p + ROUNDING && p <= above + ROUNDING;
        ensure!(between, "{law:?}: {quantile} ns is the quantile of {p}, but lies between {below} and {above}");
    }
    Ok(())
}

pub fn are_inverted(case: &Case) -> Result<(), String> {
    case.model.cohorts.iter().try_for_each(|cohort| match &cohort.arrivals {
        Arrivals::Crowd { law, .. } => agree(law),
        _ => Ok(()),
    })
}

#[test]
fn the_quantile_of_a_law_undoes_its_distribution_function() {
    holds(are_inverted);
}
