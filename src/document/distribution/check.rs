//! Checks of the parameters of laws that no schema can state.

use super::{Distribution, Family, Lognormal, ShiftedLaw};
use crate::document::findings::Findings;
use crate::document::unions::StringOr;
use crate::units::Span;

/// Number of parts that a mixture may have.
const MOST_PARTS: usize = 1_000;

/// The sign of the spans that a distribution may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Spans of any sign, such as arrivals before the drop; the law may be shifted.
    Any,
    /// Spans that are not negative.
    NotNegative,
}

/// Checks the law at a path.
pub(crate) fn check(path: &str, distribution: &Distribution, sign: Sign, out: &mut Findings<'_>) {
    match distribution {
        StringOr::String(span) => value(path, *span, sign, out),
        StringOr::Table(ShiftedLaw { family, shift }) => {
            if shift.is_some() && sign == Sign::NotNegative {
                let help = "the shift moves arrivals to before the drop; all other spans begin now";
                out.key(&format!("{path}.shift"), "`shift` belongs to arrivals only", "not allowed here", help);
            }
            parameters(path, family, sign, out);
        }
    }
}

fn parameters(path: &str, family: &Family, sign: Sign, out: &mut Findings<'_>) {
    let at = |key: &str| format!("{path}.{key}");
    match family {
        Family::Constant(law) => value(&at("constant.value"), law.value, sign, out),
        Family::Exponential(_) | Family::Gamma(_) | Family::Weibull(_) | Family::Pareto(_) => {}
        Family::Lognormal(law) => lognormal(&at("lognormal"), law, out),
        Family::Uniform(law) => {
            value(&at("uniform.low"), law.low, sign, out);
            if law.high < law.low {
                let label = format!("{} is below {}", law.high, law.low);
                out.value(&at("uniform.high"), "`high` is below `low`", label, "write `low` first, then `high`");
            }
        }
        Family::Normal(law) => {
            // At two standard deviations below zero one draw in 44 is kept, and far below that redrawing never ends.
            if law.mean.seconds() < -2.0 * law.sd.seconds() {
                let help = "negative draws are redrawn; the mean may be two standard deviations below zero at most";
                out.value(&at("normal.mean"), "almost every draw would be negative", "too far below zero", help);
            }
        }
        Family::Hyperexponential(phases) => {
            weights(&at("hyperexponential"), phases.iter().map(|phase| phase.weight), out);
        }
        Family::Empirical(law) => {
            if sign == Sign::NotNegative && law.values.first().is_some_and(|least| *least < 0.0) {
                let label = "only arrivals may be negative";
                out.value(&at("empirical.file"), "the file holds a negative span", label, "");
            }
        }
        Family::Mixture(parts) => {
            let few = weights(&at("mixture"), parts.iter().map(|part| part.weight), out);
            for (index, part) in parts.iter().enumerate().filter(|_| few) {
                component(&at(&format!("mixture.{index}.of")), &part.of, sign, out);
            }
        }
    }
}

/// A span that a distribution gives.
fn value(path: &str, span: Span, sign: Sign, out: &mut Findings<'_>) {
    if sign == Sign::NotNegative && span < Span::ZERO {
        out.value(path, "expected a span of time that is not negative", format!("{span} is negative"), "");
    }
}

/// A part of a mixture, which is shifted only together with the others.
fn component(path: &str, of: &Distribution, sign: Sign, out: &mut Findings<'_>) {
    match of {
        StringOr::String(span) => value(path, *span, sign, out),
        StringOr::Table(ShiftedLaw { family, shift }) => {
            if shift.is_some() {
                let help = "write it beside `mixture`";
                out.key(&format!("{path}.shift"), "a part of a mixture is not shifted alone", "not here", help);
            }
            parameters(path, family, sign, out);
        }
    }
}

fn lognormal(path: &str, law: &Lognormal, out: &mut Findings<'_>) {
    let given = (law.median.is_some(), law.sigma.is_some(), law.mean.is_some(), law.cv.is_some(), law.p99.is_some());
    let pairs =
        [(true, true, false, false, false), (false, false, true, true, false), (true, false, false, false, true)];
    if !pairs.contains(&given) {
        let title = "a lognormal law has exactly two parameters that belong together";
        let help = "write `median` and `sigma`, or `mean` and `cv`, or `median` and `p99`";
        return out.value(path, title, "not such a pair", help);
    }
    if let (Some(median), Some(p99)) = (law.median, law.p99)
        && p99 <= median
    {
        let label = format!("{p99} is not above {median}");
        out.value(
            &format!("{path}.p99"),
            "`p99` is not above `median`",
            label,
            "the 99th percentile exceeds the median",
        );
    }
}

/// Checks the weights of a mixture; returns whether there are few enough to check each part.
fn weights(path: &str, weights: impl ExactSizeIterator<Item = f64>, out: &mut Findings<'_>) -> bool {
    let few = weights.len() <= MOST_PARTS;
    out.at_most(path, "parts", weights.len(), MOST_PARTS);
    let total = weights.sum::<f64>();
    if total <= 0.0 {
        out.value(
            path,
            "the weights cannot be all zero",
            "nothing would ever be drawn",
            "give a part a weight above 0",
        );
    } else if !total.is_finite() {
        out.value(path, "the weights are too large", "their sum is larger than any number", "only their ratios matter");
    }
    few
}
