//! The gamma distribution: its draws and its distribution function.

use super::{Draw, open_unit};

/// A draw from the gamma distribution of scale 1, by the method of G. Marsaglia and W. W. Tsang, ACM Transactions on
/// Mathematical Software 26 (2000), 363–372.
pub(super) fn gamma_draw(shape: f64, draw: &mut Draw) -> f64 {
    if shape < 1.0 {
        let boost = libm::pow(draw.uniform(), 1.0 / shape);
        return gamma_draw(shape + 1.0, draw) * boost;
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = draw.normal();
        let t = 1.0 + c * x;
        if t <= 0.0 {
            continue;
        }
        let v = t * t * t;
        let u = open_unit(draw.bits());
        if libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

/// The regularized lower incomplete gamma function P(a, x): the series for x below a + 1, Lentz's continued fraction for
/// larger x (W. H. Press et al., Numerical Recipes, 6.2).
pub(super) fn regularized_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        return (front * series(a, x)).min(1.0);
    }
    (1.0 - front * continued_fraction(a, x)).clamp(0.0, 1.0)
}

/// The sum of x^n / (a (a + 1) … (a + n)) over n from 0.
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0 / a, 1.0 / a);
    for n in 1..10_000 {
        term *= x / (a + f64::from(n));
        sum += term;
        if term < sum * 1e-16 {
            break;
        }
    }
    sum
}

/// The continued fraction of the upper incomplete gamma function Γ(a, x) over e^-x x^a, by Lentz's method.
fn continued_fraction(a: f64, x: f64) -> f64 {
    let tiny = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / tiny;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for n in 1..10_000 {
        let step = -f64::from(n) * (f64::from(n) - a);
        b += 2.0;
        d = step * d + b;
        d = 1.0 / if d.abs() < tiny { tiny } else { d };
        c = b + step / c;
        c = if c.abs() < tiny { tiny } else { c };
        let delta = d * c;
        fraction *= delta;
        if (delta - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}
