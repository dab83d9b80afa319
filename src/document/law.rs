//! Compiles a distribution of a document into a law that is sampled.

use std::sync::Arc;

use super::distribution::{Distribution, Family, Lognormal};
use super::unions::StringOr;
use crate::random::{Law, normal_quantile};
use crate::units::Span;

/// Compiles a distribution, and the shift that stands beside it.
pub fn compile(distribution: &Distribution) -> (Law, Span) {
    match distribution {
        StringOr::String(span) => (Law::Constant(nanos(*span)), Span::ZERO),
        StringOr::Table(shifted) => (of_family(&shifted.family), shifted.shift.unwrap_or_default()),
    }
}

/// Compiles a distribution of spans, which has no shift.
pub fn compile_span(distribution: &Distribution) -> Law {
    compile(distribution).0
}

/// Whether every draw is zero.
pub fn always_zero(distribution: &Distribution) -> bool {
    let StringOr::Table(shifted) = distribution else {
        return matches!(distribution, StringOr::String(Span::ZERO));
    };
    match &shifted.family {
        Family::Constant(law) => law.value == Span::ZERO,
        Family::Uniform(law) => law.low == Span::ZERO && law.high == Span::ZERO,
        Family::Normal(law) => law.mean == Span::ZERO && law.sd == Span::ZERO,
        Family::Empirical(law) => law.values.iter().all(|value| *value == 0.0),
        Family::Mixture(parts) => parts.iter().all(|part| part.weight == 0.0 || always_zero(&part.of)),
        _ => false,
    }
}

/// Whether the mean is infinite: a Pareto law of a shape up to 1, or a mixture with such a law.
pub fn has_infinite_mean(distribution: &Distribution) -> bool {
    let StringOr::Table(shifted) = distribution else { return false };
    match &shifted.family {
        Family::Pareto(law) => law.shape <= 1.0,
        Family::Mixture(parts) => parts.iter().any(|part| part.weight > 0.0 && has_infinite_mean(&part.of)),
        _ => false,
    }
}

fn nanos(span: Span) -> f64 {
    span.0 as f64
}

fn of_family(family: &Family) -> Law {
    match family {
        Family::Constant(law) => Law::Constant(nanos(law.value)),
        Family::Exponential(law) => Law::Exponential { mean: nanos(law.mean) },
        Family::Lognormal(law) => lognormal(law),
        Family::Gamma(law) => {
            let shape = 1.0 / (law.cv * law.cv);
            Law::Gamma { shape, scale: nanos(law.mean) / shape }
        }
        Family::Weibull(law) => {
            Law::Weibull { scale: nanos(law.mean) / libm::tgamma(1.0 + 1.0 / law.shape), shape: law.shape }
        }
        Family::Uniform(law) => Law::Uniform { low: nanos(law.low), high: nanos(law.high) },
        Family::Normal(law) => Law::Normal { mean: nanos(law.mean), sd: nanos(law.sd) },
        Family::Pareto(law) => Law::Pareto { minimum: nanos(law.minimum), shape: law.shape },
        Family::Hyperexponential(phases) => {
            mixture(phases.iter().map(|phase| (phase.weight, Law::Exponential { mean: nanos(phase.mean) })).collect())
        }
        // The file of these values could not be read, which is reported; the law is never sampled.
        Family::Empirical(law) if law.values.is_empty() => Law::Constant(0.0),
        Family::Empirical(law) => Law::Empirical(Arc::clone(&law.values)),
        Family::Mixture(parts) => mixture(parts.iter().map(|part| (part.weight, compile_span(&part.of))).collect()),
    }
}

/// A lognormal law by the pair of parameters that is stated: median and sigma, mean and cv, or median and p99.
fn lognormal(law: &Lognormal) -> Law {
    let log = |span: Span| libm::log(nanos(span).max(1.0));
    match (law.median, law.sigma, law.mean, law.cv, law.p99) {
        (Some(median), Some(sigma), ..) => Law::Lognormal { mu: log(median), sigma },
        (Some(median), _, _, _, Some(p99)) => {
            let sigma = (log(p99) - log(median)) / normal_quantile(0.99);
            Law::Lognormal { mu: log(median), sigma }
        }
        (_, _, Some(mean), Some(cv), _) => {
            let variance = libm::log1p(cv * cv);
            Law::Lognormal { mu: log(mean) - variance / 2.0, sigma: variance.sqrt() }
        }
        // The check has refused any other set of parameters.
        _ => Law::Constant(0.0),
    }
}

/// A mixture with normalized weights; a law that has all the weight is returned itself.
fn mixture(mut parts: Vec<(f64, Law)>) -> Law {
    parts.retain(|(weight, _)| *weight > 0.0);
    if parts.len() == 1
        && let Some((_, law)) = parts.pop()
    {
        return law;
    }
    let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
    Law::Mixture(parts.into_iter().map(|(weight, law)| (weight / total, law)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(text: &str) -> Distribution {
        let table: toml::Table = toml::from_str(&format!("of = {text}")).unwrap();
        table["of"].clone().try_into().unwrap()
    }

    #[test]
    fn a_distribution_compiles_to_its_law_in_nanoseconds() {
        let (law, shift) = compile(&distribution("{ exponential = { mean = '2 us' }, shift = '-3 us' }"));
        assert!(matches!(law, Law::Exponential { mean: 2000.0 }) && shift == Span(-3000), "{law:?}");
        assert!(matches!(compile_span(&distribution("'5 ns'")), Law::Constant(5.0)));
        let Law::Gamma { shape, scale } = compile_span(&distribution("{ gamma = { mean = '1 us', cv = 0.5 } }")) else {
            panic!("another law")
        };
        assert_eq!((shape, scale), (4.0, 250.0));
        let parts = "{ mixture = [{ weight = 1, of = '1 s' }, { weight = 3, of = { constant = { value = '2 s' } } }] }";
        let Law::Mixture(parts) = compile_span(&distribution(parts)) else { panic!("another law") };
        assert_eq!(parts.iter().map(|(weight, _)| *weight).collect::<Vec<_>>(), [0.25, 0.75]);
        let alone = "{ mixture = [{ weight = 0, of = '1 s' }, { weight = 3, of = '2 s' }] }";
        assert!(matches!(compile_span(&distribution(alone)), Law::Constant(2e9)));
    }

    #[test]
    fn each_pair_of_parameters_gives_the_same_lognormal_law() {
        let mean = libm::exp(0.125) * 1e9;
        let cv = libm::expm1(0.25).sqrt();
        let p99 = libm::exp(0.5 * normal_quantile(0.99)) * 1e9;
        for text in [
            "median = '1 s', sigma = 0.5".to_owned(),
            format!("mean = '{mean} ns', cv = {cv}"),
            format!("median = '1 s', p99 = '{p99} ns'"),
        ] {
            let Law::Lognormal { mu, sigma } = compile_span(&distribution(&format!("{{ lognormal = {{ {text} }} }}")))
            else {
                panic!("another law")
            };
            assert!((mu - libm::log(1e9)).abs() < 1e-8 && (sigma - 0.5).abs() < 1e-8, "{text}: {mu} {sigma}");
        }
    }

    #[test]
    fn laws_that_never_pause_or_have_no_mean_are_told_apart() {
        let of = |law: &str| format!("{{ mixture = [{{ weight = 1, of = {law} }}, {{ weight = 0, of = '1 s' }}] }}");
        for zero in ["'0 s'", "{ constant = { value = '0 s' } }", "{ uniform = { low = '0 s', high = '0 s' } }"] {
            assert!(always_zero(&distribution(zero)) && always_zero(&distribution(&of(zero))), "{zero}");
        }
        assert!(!always_zero(&distribution("'1 ns'")));
        let heavy = "{ pareto = { minimum = '1 s', shape = 1.0 } }";
        assert!(has_infinite_mean(&distribution(heavy)) && has_infinite_mean(&distribution(&of(heavy))));
        assert!(!has_infinite_mean(&distribution("{ pareto = { minimum = '1 s', shape = 1.1 } }")));
    }
}
