//! A share of the sum of a column.

use super::{Case, Decided, agree};
use crate::oracle::table::Scope;

pub fn decide(case: &Case<'_>) -> Decided {
    let (scope, range, column) = (case.scope()?, case.range()?, case.text("column")?);
    let whole = match case.text("whole")? {
        "pools" => {
            case.evidence.table.names("pool").iter().map(|name| case.total(&Scope::pool(name), column, &range)).sum()
        }
        "regions" => case
            .evidence
            .table
            .names("region")
            .iter()
            .map(|name| case.total(&Scope::region(name), column, &range))
            .sum(),
        "requests" => case
            .evidence
            .table
            .names("request")
            .iter()
            .map(|name| case.total(&Scope::request(name), column, &range))
            .sum(),
        "outcomes" => case.total(&scope, "ended", &range),
        other => case.total(&Scope::default(), other, &range),
    };
    let whole: f64 = whole?;
    if whole <= 0.0 {
        return Err("the whole is nothing".to_owned());
    }
    agree("the part", case.number("value")?, case.total(&scope, column, &range)? / whole)
}
