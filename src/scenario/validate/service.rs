//! Checks of pools and clients: their names, and the checks of each mechanism.

use crate::document::diagnostics::quoted;
use crate::document::findings::{Findings, Names};
use crate::policy::Problem;
use crate::policy::pool::Pool;
use crate::policy::slots::TOO_FAR_OFF;
use crate::scenario::spec::Spec;

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    for (name, pool) in &spec.pool {
        let path = format!("pool.{name}");
        out.key_name(&path, name, Names::OfRows);
        Problem::report(pool.problems(spec.scale), &path, out);
        let disorder =
            pool.autoscale.as_ref().and_then(|autoscale| autoscale.disorder(|when| when.from_drop(spec.drop)));
        Problem::report(disorder, &format!("{path}.autoscale"), out);
        if pool.serves_for_ever() {
            let help = "a Pareto law needs a shape above 1 here";
            out.value(
                &format!("{path}.service"),
                "the mean service time is infinite",
                "the pool has no capacity",
                help,
            );
        }
        scale(name, pool, spec, out);
    }
    for (name, client) in &spec.client {
        let path = format!("client.{name}");
        out.key_name(&path, name, Names::OfTables);
        Problem::report(client.problems(), &path, out);
    }
}

/// Reports a scale at which rounding changes the slots of a pool too much.
fn scale(name: &str, pool: &Pool, spec: &Spec, out: &mut Findings<'_>) {
    let factor = pool.scale_factor(spec.scale);
    if spec.force_scale || (factor - 1.0).abs() <= TOO_FAR_OFF || !out.trusted("scale") {
        return;
    }
    let title = if factor == 0.0 {
        format!("at scale {} pool {} has no slot left", spec.scale, quoted(name))
    } else {
        let off = (factor - 1.0) * 100.0;
        format!("at scale {} the slots of pool {} are {off:+.0}% off", spec.scale, quoted(name))
    };
    let stated = pool.slots.full() as f64;
    let wanted = stated * spec.scale;
    // Three significant digits, so that a small number does not read as zero.
    let asked: f64 = format!("{wanted:.2e}").parse().unwrap_or(wanted);
    let slots = if asked == 1.0 { "slot becomes" } else { "slots become" };
    let label = format!("{asked} {slots} {}", (factor * wanted).round());
    // From one slot on, the next whole number of slots is at most twice as many.
    let enough = wanted.max(1.0).ceil() / stated;
    let help = if enough < 1.0 {
        format!("a scale of {enough:.3} or more may do; --force-scale, or force_scale = true, runs it as it is")
    } else {
        "scale 1 does; --force-scale, or force_scale = true, runs it as it is".to_owned()
    };
    out.value("scale", title, label, help);
}
