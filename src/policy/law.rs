//! Laws: from a distribution as a file states it to the law that is drawn from.

use crate::random::Law;
use crate::scenario::distribution::{Choice, Distribution};
use crate::scenario::unions::StringOr;
use crate::units::Span;

/// Compiles a distribution, and the shift that stands beside it.
pub fn compile(distribution: &Distribution) -> (Law, Span) {
    match distribution {
        StringOr::String(span) => (Law::Constant(span.0 as f64), Span::ZERO),
        StringOr::Table(choice) => (choose(choice), choice.shift.unwrap_or_default()),
    }
}

/// Compiles a distribution of spans, which has no shift.
pub fn compile_span(distribution: &Distribution) -> Law {
    compile(distribution).0
}

fn choose(choice: &Choice) -> Law {
    let nanos = |span: Span| span.0 as f64;
    if let Some(law) = &choice.constant {
        return Law::Constant(nanos(law.value));
    }
    if let Some(law) = &choice.exponential {
        return Law::Exponential { mean: nanos(law.mean) };
    }
    if let Some(law) = &choice.lognormal {
        return lognormal(law);
    }
    if let Some(law) = &choice.gamma {
        let shape = 1.0 / (law.cv * law.cv);
        return Law::Gamma { shape, scale: nanos(law.mean) / shape };
    }
    if let Some(law) = &choice.weibull {
        return Law::Weibull { scale: nanos(law.mean) / libm::tgamma(1.0 + 1.0 / law.shape), shape: law.shape };
    }
    if let Some(law) = &choice.uniform {
        return Law::Uniform { low: nanos(law.low), high: nanos(law.high) };
    }
    if let Some(law) = &choice.normal {
        return Law::Normal { mean: nanos(law.mean), sd: nanos(law.sd) };
    }
    if let Some(law) = &choice.pareto {
        return Law::Pareto { minimum: nanos(law.minimum), shape: law.shape };
    }
    if let Some(phases) = &choice.hyperexponential {
        return weighted(
            phases.iter().map(|phase| (phase.weight, Law::Exponential { mean: nanos(phase.mean) })).collect(),
        );
    }
    if let Some(law) = &choice.empirical {
        return Law::Empirical(law.values.clone().into());
    }
    if let Some(parts) = &choice.mixture {
        return weighted(parts.iter().map(|part| (part.weight, compile_span(&part.of))).collect());
    }
    Law::Constant(0.0)
}

/// By whichever pair of parameters the file gives: median and sigma, mean and cv, or median and p99.
fn lognormal(law: &crate::scenario::distribution::Lognormal) -> Law {
    let log = |span: Span| libm::log((span.0 as f64).max(1.0));
    match (law.median, law.sigma, law.mean, law.cv, law.p99) {
        (Some(median), Some(sigma), ..) => Law::Lognormal { mu: log(median), sigma },
        (Some(median), _, _, _, Some(p99)) => {
            let sigma = (log(p99) - log(median)) / crate::random::normal_quantile(0.99);
            Law::Lognormal { mu: log(median), sigma }
        }
        (_, _, Some(mean), Some(cv), _) => {
            let variance = libm::log1p(cv * cv);
            Law::Lognormal { mu: log(mean) - variance / 2.0, sigma: variance.sqrt() }
        }
        _ => Law::Constant(0.0),
    }
}

fn weighted(parts: Vec<(f64, Law)>) -> Law {
    let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
    Law::Mixture(parts.into_iter().map(|(weight, law)| (weight / total, law)).collect())
}

/// Whether every draw is zero.
pub fn always_zero(law: &Distribution) -> bool {
    match law {
        StringOr::String(span) => *span == Span::ZERO,
        StringOr::Table(choice) => {
            choice.constant.as_ref().is_some_and(|law| law.value == Span::ZERO)
                || choice.uniform.as_ref().is_some_and(|law| law.low == Span::ZERO && law.high == Span::ZERO)
                || choice.normal.as_ref().is_some_and(|law| law.mean == Span::ZERO && law.sd == Span::ZERO)
                || choice.empirical.as_ref().is_some_and(|law| law.values.iter().all(|value| *value == 0.0))
                || choice
                    .mixture
                    .as_ref()
                    .is_some_and(|parts| parts.iter().all(|part| part.weight == 0.0 || always_zero(&part.of)))
        }
    }
}
