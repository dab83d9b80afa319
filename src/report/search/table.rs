//! `search.csv`: a row for each combination, the cheapest first.

use super::searched::Searched;
use crate::report::ReportError;
use crate::report::files::field::Field;
use crate::report::files::tables::{Paths, number, text};
use crate::sweep::cheapest::Choice;

/// The column before the levers and their cost.
pub const POINT: Field = Field::whole("point", "place of the combination in the order of the plan, from 0");

/// Columns behind the levers and their cost.
pub const FIELDS: [Field; 9] = [
    Field::whole("runs", "independent runs of the combination"),
    Field::whole("held", "runs in which all thresholds held"),
    Field::number(
        "holds_probability",
        "share, 0 to 1",
        "probability that the thresholds hold in as many of all runs as the plan says",
    ),
    Field::number(
        "cheapest_probability",
        "share, 0 to 1",
        "probability that they do, and that those of no cheaper combination do",
    ),
    Field::number(
        "saw_error.mean",
        "people",
        "mean number of people who see an error page in a run; empty without a run",
    ),
    Field::number("saw_error.low", "people", "lower end of its 95% interval; empty with fewer than two runs"),
    Field::number("saw_error.high", "people", "upper end of its 95% interval; empty likewise"),
    Field::whole(
        "same_as",
        "point of the combination that is the same simulation at the scale of the plan; empty if there is none",
    ),
    Field::text("found", "cheapest, runner-up, or whether the thresholds hold: holds and fails at 95%, else open"),
];

/// The table: `point` counts in the order of the plan; the values of the levers; their cost; runs, and those in which all
/// thresholds held; the probabilities that they hold often enough, and that no cheaper combination does; people who see an error,
/// with the ends of a 95% interval; the point that the scale makes the same; and what the combination was found to be.
///
/// # Errors
/// Only if the table cannot be put together.
pub fn bytes(searched: &Searched<'_>) -> Result<Vec<u8>, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let paths = Paths::of(searched.outline);
    let unit = &searched.prices.unit;
    let cost = if unit.is_empty() { "cost".to_owned() } else { format!("cost [{unit}]") };
    let header = std::iter::once(POINT.name.to_owned()).chain(paths.names()).chain([text(&cost)]);
    writer.write_record(header.chain(FIELDS.map(|field| field.name.to_owned())))?;
    for (index, one) in searched.found.combinations.iter().enumerate() {
        let is = |choice: Option<Choice>| choice.is_some_and(|choice| choice.index == index);
        let found = match () {
            () if is(searched.found.winner) => "cheapest",
            () if is(searched.found.runner_up) => "runner-up",
            () => searched.state(one).word(),
        };
        let harmed = match one.harmed {
            Some(harmed) if harmed.n > 1 => [number(harmed.mean), number(harmed.low), number(harmed.high)],
            Some(harmed) => [number(harmed.mean), String::new(), String::new()],
            None => [String::new(), String::new(), String::new()],
        };
        let counts = [one.n.to_string(), one.held.to_string(), number(one.holds), number(one.cheapest)];
        let same = one.same_as.map(|point| point.to_string()).unwrap_or_default();
        let settings = searched.outline.settings(one.point);
        let row = std::iter::once(one.point.to_string()).chain(paths.cells(&settings)).chain([number(one.cost)]);
        writer.write_record(row.chain(counts).chain(harmed).chain([same, found.to_owned()]))?;
    }
    Ok(writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_says_what_each_column_means() {
        let reference = include_str!("../../../scenarios/sweeps/reference.md");
        for column in FIELDS.map(|field| field.name).into_iter().chain([POINT.name, "cost"]) {
            assert!(reference.contains(&format!("`{column}`")), "{column}");
        }
    }
}
