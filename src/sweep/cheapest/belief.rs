//! The belief in a probability after some trials.
//!
//! The prior is that of H. Jeffreys (Theory of Probability, 1939), a beta distribution with both parameters ½: after `held` of
//! `n` trials the belief is Beta(held + ½, n − held + ½).

/// The probability that something which came about in `held` of `n` trials has a probability of at least `bound`.
pub(super) fn at_least(bound: f64, held: u64, n: u64) -> f64 {
    let (a, b) = (held as f64 + 0.5, n.saturating_sub(held) as f64 + 0.5);
    // The upper tail is computed as such, so that small chances keep their digits.
    if bound >= 1.0 { 0.0 } else { beta(1.0 - bound, b, a) }
}

/// The regularized incomplete beta function I(x; a, b), by Lentz's continued fraction (W. J. Lentz, Applied Optics 15, 1976) on
/// the side where it converges fast.
fn beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta(1.0 - x, b, a);
    }
    let front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x);
    libm::exp(front) / (a * fraction(x, a, b))
}

/// The continued fraction of the incomplete beta function: x^a (1 − x)^b / (a B(a, b)) over it is I(x; a, b).
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const MOST: u32 = 10_000;
    let off_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut value, mut c, mut d) = (1.0, 1.0, 0.0);
    for step in 1..MOST {
        let m = f64::from(step / 2);
        let part = match step % 2 {
            0 => m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            _ => -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        };
        d = 1.0 / off_zero(1.0 + part * d);
        c = off_zero(1.0 + part / c);
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-14 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Beta, ContinuousCDF};

    #[test]
    fn the_belief_is_the_tail_of_a_beta_distribution() {
        for (bound, held, n) in [(0.9, 4, 4), (0.9, 0, 4), (0.9, 32, 32), (0.5, 3, 10), (0.99, 99, 100), (0.9, 88, 100)]
        {
            let law = Beta::new(held as f64 + 0.5, (n - held) as f64 + 0.5).unwrap();
            let (own, exact) = (at_least(bound, held, n), 1.0 - law.cdf(bound));
            assert!((own - exact).abs() < 1e-9, "{held} of {n}: {own}, not {exact}");
        }
    }

    #[test]
    fn before_any_trial_a_half_is_as_likely_as_not_and_nothing_is_certain() {
        assert!((at_least(0.5, 0, 0) - 0.5).abs() < 1e-12);
        assert_eq!((at_least(1.0, 100, 100), at_least(0.0, 0, 100)), (0.0, 1.0));
        assert!(at_least(0.9, 20, 20) > at_least(0.9, 10, 10) && at_least(0.9, 0, 2) < 0.01);
    }
}
