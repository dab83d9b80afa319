//! Of all parts of a kind, one has the largest sum.

use super::{Case, Decided};
use crate::oracle::table::Scope;

pub fn decide(case: &Case<'_>) -> Decided {
    let (name, range) = (case.text("name")?, case.range()?);
    let column = case.text("column")?;
    let sums: Vec<(String, f64)> = match case.text("of")? {
        "outcome" => {
            let errors = dropstorm::vocabulary::Outcome::errors();
            let sum = |outcome: &str| case.total(&Scope::default(), outcome, &range);
            errors
                .iter()
                .map(|outcome| Ok((outcome.name().to_owned(), sum(outcome.name())?)))
                .collect::<Result<_, String>>()?
        }
        kind => {
            let scope = |name: &str| match kind {
                "pool" => Scope::pool(name),
                "region" => Scope::region(name),
                _ => Scope::request(name),
            };
            let names = case.evidence.table.names(kind);
            names
                .iter()
                .map(|name| Ok(((*name).to_owned(), case.total(&scope(name), column, &range)?)))
                .collect::<Result<_, String>>()?
        }
    };
    let stated = sums.iter().find(|(known, _)| known == name).ok_or_else(|| format!("there is no `{name}`"))?;
    let most = sums.iter().map(|(_, sum)| *sum).fold(0.0, f64::max);
    if most > 0.0 && stated.1 >= most * (1.0 - 1e-9) { Ok(()) } else { Err(format!("{} of {most}", stated.1)) }
}
