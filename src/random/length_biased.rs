//! Length-biased draws: the span that a random moment falls into.

use super::gamma::gamma_draw;
use super::law::pick;
use super::{Draw, Law};

impl Law {
    /// A draw in which each span has a weight in proportion to its length, in nanoseconds: the span that a random moment
    /// falls into.
    ///
    /// The rest of the span after that moment is uniform on (0, draw); see D. R. Cox, Renewal Theory, 1962, 5.2.
    pub fn length_biased(&self, mut draw: Draw) -> f64 {
        match self {
            Law::Constant(value) => *value,
            Law::Exponential { mean } => (draw.exponential() + draw.exponential()) * mean,
            Law::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma + sigma * draw.normal()),
            Law::Gamma { shape, scale } => gamma_draw(shape + 1.0, &mut draw) * scale,
            Law::Weibull { scale, shape } => scale * libm::pow(gamma_draw(1.0 + 1.0 / shape, &mut draw), 1.0 / shape),
            Law::Uniform { low, high } => (low * low + (high * high - low * low) * draw.uniform()).sqrt(),
            Law::Pareto { minimum, shape } => minimum * libm::pow(draw.uniform(), -1.0 / (shape - 1.0).max(1e-3)),
            Law::Normal { mean, sd } => loop {
                // A value is accepted in proportion to its length, relative to eight standard deviations above the mean.
                let value = self.quantile(draw.uniform());
                if draw.uniform() * (mean.max(0.0) + 8.0 * sd) <= value {
                    return value;
                }
                if *sd == 0.0 {
                    return *mean;
                }
            },
            Law::Empirical(values) if values.len() == 1 => values[0],
            Law::Empirical(values) => {
                let total: f64 = values.windows(2).map(|pair| pair[0] + pair[1]).sum();
                let mut target = draw.uniform() * total;
                for pair in values.windows(2) {
                    target -= pair[0] + pair[1];
                    if target <= 0.0 {
                        let (low, high) = (pair[0], pair[1]);
                        return (low * low + (high * high - low * low) * draw.uniform()).sqrt();
                    }
                }
                values[values.len() - 1]
            }
            Law::Mixture(parts) => {
                let mean = self.mean();
                let part = pick(parts, |(weight, law)| weight * law.mean() / mean, draw.uniform());
                parts[part].1.length_biased(draw)
            }
        }
    }
}
