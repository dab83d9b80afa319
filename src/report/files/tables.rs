//! The tables of a sweep: points, differences to the baseline, units.
//!
//! - `points.csv`: a row for each point: `point`, the paths that vary, `replications`, and of each figure `.mean`, `.low`,
//!   `.high` (95%) and `.n`.
//! - `paired.csv`: the same columns, of how much more each figure is than at the baseline, over the same crowds.
//! - `units.csv`: a row for each replication of each point, with its figures; `ended` is empty unless a limit ended it.
//!
//! Numbers are written in full, so that they read back as the same numbers; what has no value is empty. A path whose
//! values have a unit states it: `client.tv.timeout [s]`. Points are numbered from 0, in the order of the plan; of a grid
//! the last path moves fastest. A text that a spreadsheet would take for a formula has an apostrophe before it.

use std::io::{self, Write};

use crate::measure::Estimate;
use crate::sweep::{Outline, Point, Results, Setting};
use crate::system::text::visible;

/// Name of the table of units.
pub const UNITS: &str = "units.csv";

/// Numbers of units of a sweep, counted while the units are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// All units.
    pub all: u64,
    /// Units that a limit ended, which have no figures.
    pub cut_short: u64,
}

/// Where a table goes.
pub(crate) type File<'a> = &'a mut (dyn Write + Send);

/// Writes the table of points.
pub(crate) fn points(file: File<'_>, results: &Results<'_>, _: &mut Units) -> io::Result<()> {
    of_points(file, results, |point| &point.figures)
}

/// Writes the table of differences to the baseline.
pub(crate) fn paired(file: File<'_>, results: &Results<'_>, _: &mut Units) -> io::Result<()> {
    of_points(file, results, |point| &point.paired)
}

/// One of the two tables of points.
fn of_points(
    file: File<'_>,
    results: &Results<'_>,
    figures: impl Fn(&Point) -> &Vec<Option<Estimate>>,
) -> io::Result<()> {
    let outline = results.outline();
    let mut table = csv::Writer::from_writer(file);
    let mut header = vec!["point".to_owned()];
    header.extend(paths(outline));
    header.push("replications".to_owned());
    let ends = [".mean", ".low", ".high", ".n"];
    header.extend(outline.metrics().iter().flat_map(|metric| ends.map(|end| format!("{metric}{end}"))));
    table.write_record(&header)?;
    let cells = Cells::of(outline);
    for index in 0..outline.points() {
        let point = results.point(index).map_err(io::Error::other)?;
        let mut row = vec![index.to_string()];
        row.extend(cells.settings(&point.settings));
        row.push(point.replications.to_string());
        for estimate in figures(&point) {
            match estimate {
                Some(Estimate { mean, low, high, n }) => {
                    row.extend([number(*mean), number(*low), number(*high), n.to_string()]);
                }
                None => row.extend([String::new(), String::new(), String::new(), "0".to_owned()]),
            }
        }
        table.write_record(&row)?;
    }
    table.flush()
}

/// Writes the table of units and counts the units.
pub(crate) fn units(file: File<'_>, results: &Results<'_>, counts: &mut Units) -> io::Result<()> {
    let outline = results.outline();
    let mut table = csv::Writer::from_writer(file);
    let mut header = vec!["point".to_owned(), "replication".to_owned()];
    header.extend(paths(outline));
    header.extend(outline.metrics().iter().cloned());
    header.push("ended".to_owned());
    table.write_record(&header)?;
    let cells = Cells::of(outline);
    for point in 0..outline.points() {
        let settings = cells.settings(&outline.settings(point));
        for unit in results.units(point).map_err(io::Error::other)? {
            let mut row = vec![point.to_string(), unit.replication.to_string()];
            row.extend(settings.iter().cloned());
            row.extend(unit.figures.iter().map(|figure| number(*figure)));
            row.push(unit.ended.word().to_owned());
            table.write_record(&row)?;
            counts.all += 1;
            counts.cut_short += u64::from(!unit.ended.word().is_empty());
        }
    }
    table.flush()
}

/// The names of the columns of the paths that vary.
pub(super) fn paths(outline: &Outline) -> Vec<String> {
    let of_parameter = |parameter: &crate::sweep::Parameter| {
        let each = parameter.paths.iter().zip(&parameter.units);
        each.map(|(path, unit)| if unit.is_empty() { path.clone() } else { format!("{path} [{unit}]") })
            .collect::<Vec<_>>()
    };
    outline.parameters().flat_map(of_parameter).collect()
}

/// How the values of the varied paths are written.
struct Cells {
    /// For each path, whether all numbers of the path are whole.
    whole: Vec<bool>,
}

impl Cells {
    fn of(outline: &Outline) -> Cells {
        Cells { whole: outline.whole() }
    }

    /// The values of a point: numbers where all of the path's values are numbers.
    fn settings(&self, settings: &[Vec<Setting>]) -> Vec<String> {
        let each = settings.iter().flatten().zip(&self.whole);
        each.map(|(setting, whole)| match setting.number {
            Some(value) if *whole => format!("{value:.0}"),
            Some(value) => number(value),
            None => text(&setting.text),
        })
        .collect()
    }
}

/// A text in a cell. Spreadsheets take a text that begins with `=`, `+`, `-`, `@` or a tab for a formula, so an apostrophe
/// stands before it. Characters that act on a terminal are written as their numbers.
pub fn text(text: &str) -> String {
    let pieces: Vec<_> = text.split('\t').map(visible).collect();
    let tame = pieces.join("\t");
    let formula = tame.starts_with(['=', '+', '-', '@', '\t']);
    if formula { format!("'{tame}") } else { tame }
}

/// A number in full: the shortest text that reads back as the same number. The text always has a point or an exponent,
/// because readers guess the type of a column from the first rows.
fn number(value: f64) -> String {
    match value {
        _ if !value.is_finite() => String::new(),
        // Minus zero is no other number to a reader.
        0.0 => "0.0".to_owned(),
        _ => format!("{value:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_formulas() {
        assert_eq!(["=1+1", "+1", "-a", "@x", "\t=1"].map(text), ["'=1+1", "'+1", "'-a", "'@x", "'\t=1"]);
        assert_eq!(["full", "'a", "1 = 1", "", "\u{1b}["].map(text), ["full", "'a", "1 = 1", "", r"\u{1b}["]);
    }

    #[test]
    fn numbers_read_back_as_they_were() {
        for value in [0.1 + 0.2, 1.0 / 3.0, 1e300, 5e-324, 123_456_789.0, -2.5e-7] {
            assert_eq!(number(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
            assert!(number(value).len() < 25, "{}", number(value));
        }
        assert_eq!([f64::NAN, f64::INFINITY, -0.0, 12.0].map(number).join(","), ",,0.0,12.0");
    }
}
