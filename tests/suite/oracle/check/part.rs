//! A share of the sum of a column.

use super::{Case, Decided, agree};
use crate::oracle::rule::parts_of_the_lost;
use crate::oracle::table::Scope;

pub fn decide(case: &Case<'_>) -> Decided {
    let (scope, range, column) = (case.scope()?, case.range()?, case.text("column")?);
    if let (Some(pool), "pools", "errors") = (&scope.pool, case.text("whole")?, column) {
        let parts = parts_of_the_lost(&case.evidence.table, &range);
        let right = parts.into_iter().find(|(name, _)| name == pool).ok_or("there is no such pool")?;
        return agree("the part", case.number("value")?, right.1);
    }
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
