//! `comparison.csv`: every figure of several scenarios, with its paired difference from the first.

use super::field::{Field, Kind};
use super::tables::text;
use crate::measure::Estimate;
use crate::report::ReportError;
use crate::report::numbers::cell;
use crate::report::several::Several;

/// Name of the file.
pub const FILE: &str = "comparison.csv";

/// The columns of the file.
pub const FIELDS: [Field; 12] = [
    Field::text("scenario", "name of the scenario"),
    Field::text("figure", "path of the figure, as in summary.json"),
    Field::text("unit", "unit of the figure; empty for counts, shares and ratios"),
    Field::number("mean", "that of the figure", "mean over the replications in which the figure has a value"),
    Field::number(
        "low",
        "that of the figure",
        "lower end of its 95% interval; empty with fewer than two such replications",
    ),
    Field::number("high", "that of the figure", "upper end of its 95% interval; empty likewise"),
    Field::whole("n", "replications in which the figure has a value"),
    Field::number("difference", "that of the figure", "mean of how much more the figure is than in the first scenario"),
    Field::number("difference_low", "that of the figure", "lower end of its 95% interval"),
    Field::number("difference_high", "that of the figure", "upper end of its 95% interval"),
    Field::whole("difference_n", "replications in which both scenarios have a value"),
    Field {
        name: "same_crowds",
        kind: Kind::Flag,
        unit: "",
        about: "whether the same people come as in the first scenario, so that the differences are paired",
    },
];

/// The table: a line for each figure of each scenario, the scenarios in the order in which they were given. Low and high are
/// the ends of 95% intervals, which need two replications.
///
/// # Errors
/// Only if the table cannot be put together.
pub fn csv(several: &Several<'_>) -> Result<Vec<u8>, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(FIELDS.map(|field| field.name))?;
    let interval = |estimate: Option<Estimate>| match estimate {
        Some(Estimate { mean, low, high, n }) if n > 1 => [cell(mean), cell(low), cell(high), n.to_string()],
        Some(Estimate { mean, n, .. }) => [cell(mean), String::new(), String::new(), n.to_string()],
        None => [String::new(), String::new(), String::new(), "0".to_owned()],
    };
    for (arm, subject) in several.subjects.iter().enumerate() {
        let same = several.comparison.arms.get(arm).is_some_and(|arm| arm.same_crowds);
        for figure in &several.comparison.metrics {
            let of = interval(several.comparison.figure(arm, figure.name()));
            let difference = interval(several.comparison.difference(arm, figure.name()));
            let names = [text(subject.context.name), figure.name().to_owned(), figure.unit().in_tables().to_owned()];
            writer.write_record(names.into_iter().chain(of).chain(difference).chain([same.to_string()]))?;
        }
    }
    Ok(writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_says_what_each_column_means() {
        let reference = crate::scenario::reference();
        let (_, table) = reference.split_once("`comparison.csv`").unwrap();
        assert!(FIELDS.iter().all(|field| table.contains(&format!("`{}`", field.name))));
    }
}
