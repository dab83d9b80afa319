//! The parameters of every law.

use super::Findings;
use crate::scenario::distribution::{Choice, Distribution, Lognormal};
use crate::scenario::spec::{Spec, Step};
use crate::scenario::unions::StringOr;
use crate::units::Span;

/// Most parts of a mixture.
const MOST_PARTS: usize = 1_000;

/// Calls `visit` with the path and the law of every distribution of a scenario.
pub(super) fn each(spec: &mut Spec, visit: &mut dyn FnMut(&str, &mut Distribution)) {
    for (name, audience) in &mut spec.audience {
        if let Some(law) = &mut audience.arrival {
            visit(&format!("audience.{name}.arrival"), law);
        }
    }
    for (name, journey) in &mut spec.journey {
        for (index, step) in journey.steps.iter_mut().enumerate() {
            let Step { think, spread, stream, .. } = step;
            for (key, law) in [("think", think), ("spread", spread), ("stream", stream)] {
                if let Some(law) = law {
                    visit(&format!("journey.{name}.steps.{index}.{key}"), law);
                }
            }
        }
    }
    for (name, pool) in &mut spec.pool {
        pool.laws(&mut |key, law| visit(&format!("pool.{name}.{key}"), law));
    }
    for (name, client) in &mut spec.client {
        client.laws(&mut |key, law| visit(&format!("client.{name}.{key}"), law));
    }
}

/// Checks one law; only arrivals may be shifted or negative.
pub(super) fn check(path: &str, law: &Distribution, out: &mut Findings<'_>) {
    let arrival = path.starts_with("audience.");
    match law {
        StringOr::String(span) if !arrival => out.not_negative(path, *span),
        StringOr::String(_) => {}
        StringOr::Table(choice) => {
            if choice.shift.is_some() && !arrival {
                let help = "the shift moves arrivals to before the drop; all other spans begin now";
                out.key(&format!("{path}.shift"), "`shift` belongs to arrivals only", "not allowed here", help);
            }
            parameters(path, choice, arrival, out);
        }
    }
}

fn parameters(path: &str, choice: &Choice, arrival: bool, out: &mut Findings<'_>) {
    let at = |key: &str| format!("{path}.{key}");
    if let Some(constant) = choice.constant.as_ref().filter(|_| !arrival) {
        out.not_negative(&at("constant.value"), constant.value);
    }
    for (key, mean) in [
        ("exponential.mean", choice.exponential.as_ref().map(|law| law.mean)),
        ("gamma.mean", choice.gamma.as_ref().map(|law| law.mean)),
        ("weibull.mean", choice.weibull.as_ref().map(|law| law.mean)),
        ("pareto.minimum", choice.pareto.as_ref().map(|law| law.minimum)),
    ] {
        if let Some(mean) = mean {
            out.positive(&at(key), mean);
        }
    }
    if let Some(law) = &choice.lognormal {
        lognormal(&at("lognormal"), law, out);
    }
    if let Some(law) = &choice.uniform {
        if !arrival {
            out.not_negative(&at("uniform.low"), law.low);
        }
        if law.high < law.low {
            out.value(&at("uniform.high"), "the longest span is below the shortest", format!("below {}", law.low), "");
        }
    }
    if let Some(law) = &choice.normal {
        out.not_negative(&at("normal.sd"), law.sd);
        // At two standard deviations below zero one draw in 44 is kept, and far below that redrawing never ends.
        if law.sd >= Span::ZERO && law.mean.seconds() < -2.0 * law.sd.seconds() {
            let help = "negative draws are redrawn; the mean may be two standard deviations below zero at most";
            out.value(&at("normal.mean"), "almost every draw would be negative", "too far below zero", help);
        }
    }
    if let Some(phases) = &choice.hyperexponential {
        let few = weights(&at("hyperexponential"), phases.iter().map(|phase| phase.weight), out);
        for (index, phase) in phases.iter().enumerate().filter(|_| few) {
            out.positive(&at(&format!("hyperexponential.{index}.mean")), phase.mean);
        }
    }
    if let Some(values) = choice.empirical.as_ref().map(|law| &law.values).filter(|_| !arrival)
        && values.first().is_some_and(|least| *least < 0.0)
    {
        out.value(&at("empirical.file"), "the file holds a negative span", "only arrivals may be negative", "");
    }
    if let Some(parts) = &choice.mixture {
        let few = weights(&at("mixture"), parts.iter().map(|part| part.weight), out);
        for (index, part) in parts.iter().enumerate().filter(|_| few) {
            let path = at(&format!("mixture.{index}.of"));
            match &part.of {
                StringOr::String(span) if !arrival => out.not_negative(&path, *span),
                StringOr::String(_) => {}
                StringOr::Table(choice) => {
                    if choice.shift.is_some() {
                        let help = "write it beside `mixture`";
                        out.key(&format!("{path}.shift"), "a part of a mixture is not shifted alone", "not here", help);
                    }
                    parameters(&path, choice, arrival, out);
                }
            }
        }
    }
}

fn lognormal(path: &str, law: &Lognormal, out: &mut Findings<'_>) {
    let given = (law.median.is_some(), law.sigma.is_some(), law.mean.is_some(), law.cv.is_some(), law.p99.is_some());
    let pairs =
        [(true, true, false, false, false), (false, false, true, true, false), (true, false, false, false, true)];
    if !pairs.contains(&given) {
        let help = "write `median` and `sigma`, or `mean` and `cv`, or `median` and `p99`";
        return out.value(
            path,
            "a lognormal law has exactly two parameters that belong together",
            "not such a pair",
            help,
        );
    }
    for (key, span) in [("median", law.median), ("mean", law.mean)] {
        if let Some(span) = span {
            out.positive(&format!("{path}.{key}"), span);
        }
    }
    if let (Some(median), Some(p99)) = (law.median, law.p99)
        && p99 <= median
    {
        let label = format!("not above the median of {median}");
        out.value(&format!("{path}.p99"), "the 99th percentile is not above the median", label, "");
    }
}

/// Checks the weights of a mixture; whether there are few enough to look at each part.
fn weights(path: &str, weights: impl ExactSizeIterator<Item = f64>, out: &mut Findings<'_>) -> bool {
    let few = weights.len() <= MOST_PARTS;
    out.at_most(path, "parts", weights.len(), MOST_PARTS);
    let total = weights.sum::<f64>();
    // The sum of many large weights can leave the range of numbers.
    if total <= 0.0 || !total.is_finite() {
        out.value(path, "the weights cannot be all zero", "nothing would ever be drawn", "");
    }
    few
}

/// Whether the mean is infinite: a Pareto law of a shape up to 1, or a mixture with one.
pub(super) fn endless(law: &Distribution) -> bool {
    let StringOr::Table(choice) = law else { return false };
    choice.pareto.as_ref().is_some_and(|law| law.shape <= 1.0)
        || choice.mixture.iter().flatten().any(|part| part.weight > 0.0 && endless(&part.of))
}
