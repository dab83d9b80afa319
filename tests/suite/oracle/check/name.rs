//! A name.

use super::{Case, Decided};
use crate::oracle::table::Scope;
use dropstorm::vocabulary::{Column, Figure, Outcome};

pub fn decide(case: &Case<'_>) -> Decided {
    let (name, table) = (case.text("name")?, &case.evidence.table);
    let spec = case.evidence.scenario.spec();
    let known = match case.text("of")? {
        kind @ ("region" | "pool" | "request") => table.names(kind).contains(&name),
        "client" => spec.client.contains_key(name),
        "outcome" if case.text("text")?.starts_with("full queues") => {
            let passed = table.names("pool").into_iter().map(|pool| passed_on(case, pool)).fold(0.0, f64::max);
            if passed > 0.01 {
                return Err(format!("calls that failed made {passed} of what a pool rejected"));
            }
            name == "rejected"
        }
        "outcome" => Outcome::ALL.iter().any(|outcome| outcome.name() == name),
        "scenario" => case.evidence.scenario.name() == name || spec.title == name,
        "metric" => Column::named(name).is_some() || Figure::ALL.iter().any(|figure| figure.name() == name),
        other => return Err(format!("nothing is called a `{other}`")),
    };
    if known { Ok(()) } else { Err(format!("there is no `{name}`")) }
}

/// The most that calls which were turned away can have made of the attempts that a pool rejected, as a share of those.
fn passed_on(case: &Case<'_>, pool: &str) -> f64 {
    let (table, range) = (&case.evidence.table, &case.evidence.frame.range);
    let spec = case.evidence.scenario.spec();
    // A caller goes on after the failure of an optional call.
    let calls = spec.pool.get(pool).and_then(|pool| serde_json::to_string(&pool.calls).ok()).unwrap_or_default();
    if calls.contains(r#""optional":true"#) {
        return 0.0;
    }
    let sum = |scope: &Scope, column: &str| table.sum(scope, column, range).unwrap_or(0.0);
    let calls = table.names("request").into_iter().filter(|name| name.split('/').next() == Some(pool) && *name != pool);
    let failed = calls.map(|name| {
        let scope = Scope::request(name);
        let turned_away: f64 =
            ["rejected", "shed", "limited", "refused"].iter().map(|column| sum(&scope, column)).sum();
        sum(&scope, "requests_failed").min(turned_away)
    });
    let rejected = sum(&Scope::pool(pool), "rejected");
    if rejected > 0.0 { failed.sum::<f64>() / rejected } else { 0.0 }
}
