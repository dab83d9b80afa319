//! Laws: distributions of spans in nanoseconds, with their draws, quantiles, distribution functions and means.

use std::sync::Arc;

use rand::Rng;
use rand_distr::Distribution;

use super::exp::exp;
use super::gamma::{gamma_draw, regularized_gamma};
use super::{Draw, normal_cdf, normal_quantile};
use crate::units::Span;

/// A distribution of spans. Parameters and values are nanoseconds or pure numbers. Only a constant, a uniform and an empirical
/// law, and a mixture of such laws, may have negative values, which are arrivals before their origin.
///
/// Common random numbers stay in step when a parameter changes, because an exponential or lognormal law takes one
/// exponential or normal draw at any parameters, and every other law with a short quantile function is sampled by
/// inversion, where a larger uniform gives a longer span.
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// The same span always.
    Constant(f64),
    /// Exponential.
    Exponential {
        /// The mean in nanoseconds.
        mean: f64,
    },
    /// Lognormal: exp(mu + sigma·Z), Z standard normal.
    Lognormal {
        /// Mean of the logarithm of the nanoseconds.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Gamma.
    Gamma {
        /// Shape k.
        shape: f64,
        /// Scale θ in nanoseconds; the mean is kθ.
        scale: f64,
    },
    /// Weibull: scale·E^(1/shape), E exponential with mean 1.
    Weibull {
        /// Scale λ in nanoseconds.
        scale: f64,
        /// Shape k.
        shape: f64,
    },
    /// Uniform.
    Uniform {
        /// The shortest span in nanoseconds.
        low: f64,
        /// The longest span in nanoseconds.
        high: f64,
    },
    /// Normal, cut off at zero.
    Normal {
        /// Mean before the cut, in nanoseconds.
        mean: f64,
        /// Standard deviation before the cut, in nanoseconds.
        sd: f64,
    },
    /// Pareto: minimum·U^(−1/shape), U uniform on (0, 1).
    Pareto {
        /// The shortest span in nanoseconds.
        minimum: f64,
        /// The exponent of the tail.
        shape: f64,
    },
    /// Empirical: a piecewise linear quantile function through ascending values, at least one.
    Empirical(Arc<[f64]>),
    /// A mixture of laws; the weights add up to 1.
    Mixture(Box<[(f64, Law)]>),
}

/// Steps of regula falsi after which a search for a quantile goes on by halves.
const PATIENT_STEPS: u32 = 60;

impl Law {
    /// A span drawn from this law.
    #[inline]
    pub fn span(&self, draw: Draw) -> Span {
        match self {
            Law::Exponential { .. } => Span::from_positive_nanos(self.nanos(draw)),
            _ => Span::from_nanos(self.nanos_of_other(draw)),
        }
    }

    /// Nanoseconds drawn from this law.
    #[inline]
    pub fn nanos(&self, mut draw: Draw) -> f64 {
        match self {
            // Short enough to stand where the number is drawn.
            Law::Exponential { mean } => draw.exponential() * mean,
            _ => self.nanos_of_other(draw),
        }
    }

    /// [`Law::nanos`] of a law that is not exponential.
    #[inline(never)]
    fn nanos_of_other(&self, mut draw: Draw) -> f64 {
        match self {
            Law::Constant(value) => *value,
            Law::Lognormal { mu, sigma } => exp(mu + sigma * draw.normal()),
            Law::Gamma { shape, scale } => gamma_draw(*shape, &mut draw) * scale,
            Law::Mixture(parts) => {
                let part = pick(parts, |(weight, _)| *weight, draw.uniform());
                parts[part].1.nanos(draw)
            }
            _ => self.quantile(draw.uniform()),
        }
    }

    /// The value in nanoseconds that a draw does not exceed with probability `p`, 0 < p < 1.
    pub fn quantile(&self, p: f64) -> f64 {
        match self {
            Law::Constant(value) => *value,
            Law::Exponential { mean } => -libm::log1p(-p) * mean,
            Law::Lognormal { mu, sigma } => libm::exp(mu + sigma * normal_quantile(p)),
            Law::Weibull { scale, shape } => scale * libm::pow(-libm::log1p(-p), 1.0 / shape),
            Law::Uniform { low, high } => low + (high - low) * p,
            Law::Normal { mean, sd } => {
                if *sd == 0.0 {
                    return *mean;
                }
                let cut = normal_cdf(-mean / sd);
                // If almost all of the mass lies below zero, rounding may give 1; the largest number below 1 stands for it.
                let inside = (cut + p * (1.0 - cut)).min(1.0 - f64::EPSILON / 2.0);
                (mean + sd * normal_quantile(inside)).max(0.0)
            }
            Law::Pareto { minimum, shape } => minimum * libm::pow(1.0 - p, -1.0 / shape),
            Law::Empirical(values) => {
                let position = p * (values.len() - 1) as f64;
                let index = (position as usize).min(values.len() - 1);
                match values.get(index + 1) {
                    Some(next) => values[index] + (next - values[index]) * (position - index as f64),
                    None => values[index],
                }
            }
            Law::Gamma { .. } | Law::Mixture(_) => self.invert(p),
        }
    }

    /// The probability of a draw of at most `x` nanoseconds.
    pub fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 && !self.may_be_negative() {
            return 0.0;
        }
        match self {
            Law::Constant(value) => f64::from(u8::from(x >= *value)),
            Law::Exponential { mean } => -libm::expm1(-x / mean),
            Law::Lognormal { mu, sigma } => {
                if x == 0.0 {
                    0.0
                } else if *sigma == 0.0 {
                    f64::from(u8::from(libm::log(x) >= *mu))
                } else {
                    normal_cdf((libm::log(x) - mu) / sigma)
                }
            }
            Law::Gamma { shape, scale } => regularized_gamma(*shape, x / scale),
            Law::Weibull { scale, shape } => -libm::expm1(-libm::pow(x / scale, *shape)),
            Law::Uniform { low, high } => {
                if high <= low {
                    f64::from(u8::from(x >= *low))
                } else {
                    ((x - low) / (high - low)).clamp(0.0, 1.0)
                }
            }
            Law::Normal { mean, sd } => {
                if *sd == 0.0 {
                    return f64::from(u8::from(x >= *mean));
                }
                let cut = normal_cdf(-mean / sd);
                ((normal_cdf((x - mean) / sd) - cut) / (1.0 - cut)).clamp(0.0, 1.0)
            }
            Law::Pareto { minimum, shape } => {
                if x <= *minimum {
                    0.0
                } else {
                    1.0 - libm::pow(minimum / x, *shape)
                }
            }
            Law::Empirical(values) => {
                let above = values.partition_point(|value| *value <= x);
                if above == 0 {
                    return 0.0;
                }
                if above == values.len() {
                    return 1.0;
                }
                let (low, high) = (values[above - 1], values[above]);
                ((above - 1) as f64 + (x - low) / (high - low)) / (values.len() - 1) as f64
            }
            Law::Mixture(parts) => parts.iter().map(|(weight, law)| weight * law.cdf(x)).sum(),
        }
    }

    /// The probability of a draw below `x` nanoseconds, which is that of at most `x` unless single values have a probability.
    pub fn cdf_below(&self, x: f64) -> f64 {
        let has_atom = match self {
            Law::Mixture(parts) => return parts.iter().map(|(weight, law)| weight * law.cdf_below(x)).sum(),
            Law::Constant(_) => true,
            Law::Lognormal { sigma, .. } => *sigma == 0.0,
            Law::Uniform { low, high } => high <= low,
            Law::Normal { sd, .. } => *sd == 0.0,
            Law::Empirical(values) => {
                let ends = [|value: f64, x: f64| value < x, |value: f64, x: f64| value <= x]
                    .map(|before| values.partition_point(|value| before(*value, x)));
                values.len() == 1 || ends[1] - ends[0] > 1
            }
            _ => false,
        };
        self.cdf(if has_atom { x.next_down() } else { x })
    }

    /// Whether some values may be negative.
    fn may_be_negative(&self) -> bool {
        matches!(self, Law::Constant(_) | Law::Uniform { .. } | Law::Empirical(_) | Law::Mixture(_))
    }

    /// The mean in nanoseconds; infinite for a Pareto law of shape 1 or less.
    pub fn mean(&self) -> f64 {
        match self {
            Law::Constant(value) => *value,
            Law::Exponential { mean } => *mean,
            Law::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
            Law::Gamma { shape, scale } => shape * scale,
            Law::Weibull { scale, shape } => scale * libm::tgamma(1.0 + 1.0 / shape),
            Law::Uniform { low, high } => (low + high) / 2.0,
            Law::Normal { mean, sd } => {
                if *sd == 0.0 {
                    return *mean;
                }
                let a = mean / sd;
                let density = libm::exp(-a * a / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
                mean + sd * density / normal_cdf(a)
            }
            Law::Pareto { minimum, shape } => {
                if *shape <= 1.0 {
                    f64::INFINITY
                } else {
                    minimum * shape / (shape - 1.0)
                }
            }
            Law::Empirical(values) if values.len() == 1 => values[0],
            Law::Empirical(values) => {
                values.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).sum::<f64>() / (values.len() - 1) as f64
            }
            // A part without weight may have an infinite mean.
            Law::Mixture(parts) => {
                parts.iter().filter(|(weight, _)| *weight > 0.0).map(|(weight, law)| weight * law.mean()).sum()
            }
        }
    }

    /// The least value in nanoseconds if it is negative, else 0.
    fn lowest(&self) -> f64 {
        match self {
            Law::Constant(value) | Law::Uniform { low: value, .. } => value.min(0.0),
            Law::Empirical(values) => values[0].min(0.0),
            Law::Mixture(parts) => parts.iter().map(|(_, law)| law.lowest()).fold(0.0, f64::min),
            _ => 0.0,
        }
    }

    /// The quantile, by regula falsi (Illinois form) on the distribution function.
    fn invert(&self, p: f64) -> f64 {
        let mean = self.mean();
        let (mut low, mut high) = (self.lowest(), if mean > 0.0 && mean.is_finite() { mean } else { 1.0 });
        while self.cdf(high) < p && high < 1e30 {
            low = high;
            high *= 2.0;
        }
        let (mut below, mut above) = (self.cdf(low) - p, self.cdf(high) - p);
        let mut last_side = 0;
        for step in 0..200 {
            // At jumps of the distribution function regula falsi may creep; halving the bracket never does.
            let inner = if step < PATIENT_STEPS && above - below > 1e-300 {
                low - below * (high - low) / (above - below)
            } else {
                (low + high) / 2.0
            };
            let x = inner.clamp(low, high);
            let error = self.cdf(x) - p;
            if error < 0.0 {
                (low, below) = (x, error);
                if last_side == -1 {
                    above /= 2.0;
                }
                last_side = -1;
            } else {
                (high, above) = (x, error);
                if last_side == 1 {
                    below /= 2.0;
                }
                last_side = 1;
            }
            // Simulated time is a whole number of nanoseconds.
            if high - low < 0.5 || error.abs() < 1e-15 {
                return x;
            }
        }
        (low + high) / 2.0
    }
}

impl Distribution<f64> for Law {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.nanos(Draw(rng.next_u64()))
    }
}

/// The index of the part that a uniform draw selects; the shares add up to 1 but for rounding.
#[inline]
pub(crate) fn pick<T>(parts: &[T], share: impl Fn(&T) -> f64, uniform: f64) -> usize {
    let mut remaining = uniform;
    for (index, part) in parts.iter().enumerate() {
        remaining -= share(part);
        if remaining < 0.0 {
            return index;
        }
    }
    parts.len() - 1
}

#[cfg(test)]
mod tests {
    use super::super::{Key, Purpose};
    use super::*;

    fn laws() -> Vec<Law> {
        vec![
            Law::Exponential { mean: 40e6 },
            Law::Lognormal { mu: 17.0, sigma: 0.6 },
            Law::Gamma { shape: 4.0, scale: 1e7 },
            Law::Gamma { shape: 0.5, scale: 1e8 },
            Law::Weibull { scale: 5e7, shape: 0.7 },
            Law::Uniform { low: 1e6, high: 9e6 },
            Law::Normal { mean: 2e7, sd: 1e7 },
            Law::Pareto { minimum: 1e6, shape: 2.5 },
            Law::Empirical(vec![1e6, 2e6, 5e6, 9e6].into()),
            Law::Mixture(vec![(0.9, Law::Exponential { mean: 1e7 }), (0.1, Law::Exponential { mean: 2e8 })].into()),
        ]
    }

    /// The Kolmogorov–Smirnov statistic of 20,000 draws stays under 1.95/√n, which a correct sampler exceeds once in 1,000.
    #[test]
    fn draws_follow_the_distribution_function() {
        for (number, law) in laws().iter().enumerate() {
            let n = 20_000;
            let key = Key::root(1, number as u64);
            let mut draws: Vec<f64> = (0..n).map(|k| law.nanos(key.with(k).draw(Purpose::Service))).collect();
            draws.sort_by(f64::total_cmp);
            let distance = draws.iter().enumerate().fold(0.0_f64, |worst, (i, x)| {
                let f = law.cdf(*x);
                worst.max((f - i as f64 / n as f64).abs()).max(((i + 1) as f64 / n as f64 - f).abs())
            });
            assert!(distance < 1.95 / (n as f64).sqrt(), "{law:?}: {distance}");
        }
    }

    #[test]
    fn the_quantile_inverts_the_distribution_function() {
        for law in laws() {
            for p in [0.001, 0.25, 0.5, 0.9, 0.999] {
                assert!((law.cdf(law.quantile(p)) - p).abs() < 1e-6, "{law:?} at {p}");
            }
        }
    }

    #[test]
    fn a_mixture_may_have_negative_parts_and_parts_of_infinite_mean() {
        let endless = Law::Pareto { minimum: 1e9, shape: 0.5 };
        let law = Law::Mixture(vec![(0.5, Law::Constant(-8e6)), (0.5, endless), (0.0, Law::Constant(3.0))].into());
        assert!((law.quantile(0.3) + 8e6).abs() < 1.0);
        assert!((law.quantile(0.75) / 4e9 - 1.0).abs() < 1e-9, "the median of the Pareto law is 4 s");
    }

    /// The mean of many draws lies within five standard errors of the law's; the length-biased mean is E[X²]/E[X].
    #[test]
    fn means_and_length_biased_means_are_those_of_the_law() {
        for (number, law) in laws().iter().enumerate() {
            let n = 100_000;
            let key = Key::root(2, number as u64);
            let draws: Vec<f64> = (0..n).map(|k| law.nanos(key.with(k).draw(Purpose::Stream))).collect();
            let mean = draws.iter().sum::<f64>() / n as f64;
            let second = draws.iter().map(|x| x * x).sum::<f64>() / n as f64;
            let error = ((second - mean * mean) / n as f64).sqrt();
            assert!((mean - law.mean()).abs() < 5.0 * error, "{law:?}: {mean} against {}", law.mean());
            // The Pareto law has no third moment here, so its second sample moment is too uncertain to compare.
            if !matches!(law, Law::Pareto { .. }) {
                let biased =
                    (0..n).map(|k| law.length_biased(key.with(k).draw(Purpose::Already))).sum::<f64>() / n as f64;
                assert!((biased / (second / mean) - 1.0).abs() < 0.05, "{law:?}: {biased} against {}", second / mean);
            }
        }
    }
}
