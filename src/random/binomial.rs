//! The binomial distribution, for numbers of people too large to be drawn one by one.

use super::Draw;
use super::gamma::gamma_draw;

/// Number of trials up to which each is drawn.
const FEW: u64 = 32;

/// A draw from the binomial distribution of `n` trials of probability `p`.
///
/// The number of `n` uniform numbers below `p` is found by halving: the middle one of them has a beta distribution, and on
/// either side of it lie uniform numbers again (D. A. Relles, Journal of the American Statistical Association 67, 1972).
pub fn binomial(mut n: u64, mut p: f64, draw: &mut Draw) -> u64 {
    let mut below = 0;
    while n > FEW && p > 0.0 && p < 1.0 {
        let middle = n / 2 + 1;
        let (before, after) = (gamma_draw(middle as f64, draw), gamma_draw((n - middle + 1) as f64, draw));
        let at = before / (before + after);
        if at <= p {
            below += middle;
            n -= middle;
            p = (p - at) / (1.0 - at);
        } else {
            n = middle - 1;
            p /= at;
        }
    }
    if p >= 1.0 {
        return below + n;
    }
    below + (0..n.min(FEW)).filter(|_| draw.uniform() < p).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    /// Mean and variance of many draws lie within five standard errors of np and np(1 − p).
    #[test]
    fn draws_have_the_mean_and_the_variance_of_the_law() {
        for (number, (n, p)) in [(10, 0.3), (100, 0.01), (5_000, 0.5), (1_000_000, 0.999)].into_iter().enumerate() {
            let key = Key::root(3, number as u64);
            let draws: Vec<f64> =
                (0..20_000).map(|k| binomial(n, p, &mut key.with(k).draw(Purpose::Arrivals)) as f64).collect();
            let (mean, variance) = (n as f64 * p, n as f64 * p * (1.0 - p));
            let found = draws.iter().sum::<f64>() / 20_000.0;
            assert!((found - mean).abs() < 5.0 * (variance / 20_000.0).sqrt(), "{n} × {p}: {found}");
            let spread = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
            assert!((spread / variance - 1.0).abs() < 0.06, "{n} × {p}: {spread} against {variance}");
        }
        let mut draw = Key::root(3, 9).draw(Purpose::Arrivals);
        assert_eq!((binomial(7, 0.0, &mut draw), binomial(1_000, 1.0, &mut draw)), (0, 1_000));
    }
}
