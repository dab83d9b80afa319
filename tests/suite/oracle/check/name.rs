//! A name.

use super::{Case, Decided};
use dropstorm::vocabulary::{Column, Figure, Outcome};

pub fn decide(case: &Case<'_>) -> Decided {
    let (name, table) = (case.text("name")?, &case.evidence.table);
    let spec = case.evidence.scenario.spec();
    let known = match case.text("of")? {
        kind @ ("region" | "pool" | "request") => table.names(kind).contains(&name),
        "client" => spec.client.contains_key(name),
        "outcome" => Outcome::ALL.iter().any(|outcome| outcome.name() == name),
        "scenario" => case.evidence.scenario.name() == name || spec.title == name,
        "metric" => Column::named(name).is_some() || Figure::ALL.iter().any(|figure| figure.name() == name),
        other => return Err(format!("nothing is called a `{other}`")),
    };
    if known { Ok(()) } else { Err(format!("there is no `{name}`")) }
}
