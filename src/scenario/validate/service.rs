//! Checks of pools and clients: their names, and the checks that each mechanism brings along.

use crate::document::findings::Findings;
use crate::policy::Problem;
use crate::scenario::spec::Spec;

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    for (name, pool) in &spec.pool {
        let path = format!("pool.{name}");
        out.name(&path, name, true, true);
        report(&path, pool.problems(spec.scale), out);
        if pool.serves_for_ever() {
            let help = "a Pareto law needs a shape above 1 here";
            out.value(
                &format!("{path}.service"),
                "the mean service time is infinite",
                "the pool has no capacity",
                help,
            );
        }
    }
    for (name, client) in &spec.client {
        let path = format!("client.{name}");
        out.name(&path, name, true, false);
        report(&path, client.problems(), out);
    }
}

fn report(path: &str, problems: Vec<Problem>, out: &mut Findings<'_>) {
    for Problem { key, title, label, help } in problems {
        out.value(&format!("{path}.{key}"), title, label, help);
    }
}
