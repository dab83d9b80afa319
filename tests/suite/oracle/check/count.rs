//! A number of things.

use super::{Case, Decided, agree};
use crate::oracle::table::Scope;

pub fn decide(case: &Case<'_>) -> Decided {
    let evidence = case.evidence;
    let in_trouble = |kind: &str, scope: fn(&str) -> Scope| {
        let courses = evidence.table.names(kind).into_iter().filter_map(|name| evidence.course(&scope(name)));
        courses.filter(super::Course::is_in_trouble).count()
    };
    let right = match case.text("of")? {
        of @ ("troubles" | "slight_troubles" | "errors" | "waiting") => {
            case.window()?;
            let course = case.course()?;
            match of {
                "slight_troubles" => course.slight.len(),
                "waiting" => course.waiting.len(),
                _ => course.troubles.len(),
            }
        }
        "pools" => evidence.table.names("pool").len(),
        "regions" => evidence.table.names("region").len(),
        "requests" => evidence.table.names("request").len(),
        "regions_in_trouble" => in_trouble("region", Scope::region),
        "requests_in_trouble" => in_trouble("request", Scope::request),
        other => return Err(format!("nobody counts `{other}`")),
    };
    agree("the number", case.number("value")?, right as f64)
}
