//! The tables of a sweep: points, differences to the baseline, units.
//!
//! - `points.csv`: a row for each point: `point`, the paths that vary, `replications`, and of each figure `.mean`, `.low`,
//!   `.high` (95%) and `.n`. Figures without a value at any point have no columns, and `.n` stands only where some point
//!   has fewer values than replications. A figure that only some runs have, such as `recovery_s`, has `.median`, `.least`,
//!   `.most` and `.n` of those instead.
//! - `paired.csv`: the same of how much more each figure is than at the baseline, over the same crowds: `.difference`,
//!   `.difference_low`, `.difference_high` and `.difference_n`.
//! - `units.csv`: a row for each replication of each point, with its figures; `ended` is empty unless a limit ended it.
//!
//! Numbers are written in full, so that they read back as the same numbers; what has no value is empty. Quantities are
//! stated in seconds, kbps and events per second, as the header says: `client.tv.timeout [s]`. Points are numbered from 0,
//! in the order of the plan; of a grid the last path moves fastest. A text that a spreadsheet would take for a formula has
//! an apostrophe before it.

use std::io::{self, Write};

use super::field::Field;
use crate::analysis::Spread;
use crate::measure::Estimate;
use crate::sweep::{Outline, Point, Results, Setting};
use crate::system::text::visible;
use crate::units::{Quantity, tidy};

/// Name of the table of units.
pub const UNITS: &str = "units.csv";

/// Columns of the tables of points beside the paths that vary and the figures.
pub const FIELDS_OF_POINTS: [Field; 2] = [
    Field::whole(
        "point",
        "number of the point in the order of the plan, from 0; of a grid the last path moves fastest",
    ),
    Field::whole("replications", "independent runs of the point"),
];

/// Columns of the table of units beside the paths that vary and the figures.
pub const FIELDS_OF_UNITS: [Field; 3] = [
    FIELDS_OF_POINTS[0],
    Field::whole("replication", "number of the run of the point, from 0"),
    Field::text("ended", "the limit that ended the run, which has no figures then; else empty"),
];

/// Numbers of units of a sweep, counted while the units are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// All units.
    pub all: u64,
    /// Units that a limit ended, which have no figures.
    pub cut_short: u64,
}

/// Writer of a table.
pub(crate) type File<'a> = &'a mut (dyn Write + Send);

/// Writes the table of points.
pub(crate) fn points(file: File<'_>, results: &Results<'_>, _: &mut Units) -> io::Result<()> {
    let value = |point: &Point, metric: usize| Value { estimate: point.figures[metric], spread: point.spreads[metric] };
    of_points(file, results, str::to_owned, value)
}

/// Writes the table of differences to the baseline.
pub(crate) fn paired(file: File<'_>, results: &Results<'_>, _: &mut Units) -> io::Result<()> {
    let value = |point: &Point, metric: usize| {
        let figure = point.figures[metric].map_or(0.0, |figure| figure.mean);
        Value { estimate: point.paired[metric].map(|difference| settled(difference, figure)), spread: None }
    };
    let named = |end: &str| if end == "mean" { "difference".to_owned() } else { format!("difference_{end}") };
    of_points(file, results, named, value)
}

/// A difference of a figure without the noise that the subtraction leaves behind the thirteenth digit of the figure.
fn settled(difference: Estimate, figure: f64) -> Estimate {
    let size = difference.mean.abs().max(figure.abs()).max(f64::MIN_POSITIVE);
    let decimals = (12.0 - libm::log10(size).floor()).clamp(0.0, 300.0) as usize;
    let settled = |value: f64| format!("{value:.decimals$}").parse().unwrap_or(value);
    let Estimate { mean, low, high, n } = difference;
    Estimate { mean: settled(mean), low: settled(low), high: settled(high), n }
}

/// One of the two tables of points, whose columns of a figure have the ends that `named` makes of those of an estimate.
fn of_points(
    file: File<'_>,
    results: &Results<'_>,
    named: impl Fn(&str) -> String,
    value: impl Fn(&Point, usize) -> Value,
) -> io::Result<()> {
    let outline = results.outline();
    let mut shown = vec![Shown::default(); outline.metrics().len()];
    for index in 0..outline.points() {
        let point = results.point(index).map_err(io::Error::other)?;
        for (metric, shown) in shown.iter_mut().enumerate() {
            shown.add(value(&point, metric), point.replications);
        }
    }
    let paths = Paths::of(outline);
    let mut table = csv::Writer::from_writer(file);
    let [first, last] = FIELDS_OF_POINTS.map(|field| field.name.to_owned());
    let mut header = vec![first];
    header.extend(paths.names());
    header.push(last);
    for (metric, shown) in outline.metrics().iter().zip(&shown) {
        header.extend(shown.ends().map(|end| format!("{metric}.{}", named(end))));
    }
    table.write_record(&header)?;
    for index in 0..outline.points() {
        let point = results.point(index).map_err(io::Error::other)?;
        let mut row = vec![index.to_string()];
        row.extend(paths.cells(&point.settings));
        row.push(point.replications.to_string());
        for (metric, shown) in shown.iter().enumerate() {
            row.extend(shown.ends().map(|end| value(&point, metric).cell(end)));
        }
        table.write_record(&row)?;
    }
    table.flush()
}

/// Which columns of a figure a table of points has.
#[derive(Clone, Copy, Default)]
struct Shown {
    /// Whether the figure has a value at some point.
    has_value: bool,
    /// Whether some point has fewer values than replications.
    has_gaps: bool,
    /// Whether only some runs have the figure, so that a mean would be one of a selection.
    is_of_some_runs: bool,
}

impl Shown {
    fn add(&mut self, value: Value, replications: usize) {
        self.has_value |= value.estimate.is_some() || value.spread.is_some();
        self.has_gaps |= value.estimate.is_none_or(|estimate| estimate.n != replications);
        self.is_of_some_runs |= value.spread.is_some();
    }

    /// The ends of the names of the columns.
    fn ends(self) -> impl Iterator<Item = &'static str> {
        let ends: &[&str] = match self {
            Shown { has_value: false, .. } => &[],
            Shown { is_of_some_runs: true, .. } => &["median", "least", "most", "n"],
            Shown { has_gaps: false, .. } => &["mean", "low", "high"],
            Shown { .. } => &["mean", "low", "high", "n"],
        };
        ends.iter().copied()
    }
}

/// A figure at a point.
#[derive(Clone, Copy)]
struct Value {
    estimate: Option<Estimate>,
    /// Median and range over the runs that have the figure, if only some have it.
    spread: Option<Spread>,
}

impl Value {
    /// One cell of the figure. One value has no interval.
    fn cell(self, end: &str) -> String {
        match (self.estimate, self.spread, end) {
            (Some(estimate), _, "mean") => number(estimate.mean),
            (Some(estimate), _, "low") if estimate.n > 1 => number(estimate.low),
            (Some(estimate), _, "high") if estimate.n > 1 => number(estimate.high),
            (_, Some(spread), "median") => number(spread.median),
            (_, Some(spread), "least") => number(spread.low),
            (_, Some(spread), "most") => number(spread.high),
            (_, Some(spread), "n") => spread.k.to_string(),
            (estimate, _, "n") => estimate.map_or(0, |estimate| estimate.n).to_string(),
            _ => String::new(),
        }
    }
}

/// Writes the table of units and counts the units.
pub(crate) fn units(file: File<'_>, results: &Results<'_>, counts: &mut Units) -> io::Result<()> {
    let outline = results.outline();
    let mut table = csv::Writer::from_writer(file);
    let [first, second, last] = FIELDS_OF_UNITS.map(|field| field.name.to_owned());
    let mut header = vec![first, second];
    let paths = Paths::of(outline);
    header.extend(paths.names());
    header.extend(outline.metrics().iter().cloned());
    header.push(last);
    table.write_record(&header)?;
    for point in 0..outline.points() {
        let settings: Vec<String> = paths.cells(&outline.settings(point)).collect();
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

/// The columns of the paths that vary.
pub(crate) struct Paths(Vec<Path>);

/// The column of a path.
struct Path {
    /// Name of the path, with its unit if it has one.
    name: String,
    /// Factor from the unit of the plan to that of the column.
    factor: f64,
    /// Whether all values are whole numbers without a unit.
    whole: bool,
}

impl Paths {
    /// The columns of the paths of a sweep.
    pub(crate) fn of(outline: &Outline) -> Paths {
        let stated = outline.parameters().flat_map(|parameter| parameter.paths.iter().zip(&parameter.units));
        let path = |((path, unit), whole): ((&String, &String), bool)| match Quantity::canonical(unit) {
            Some((unit, factor)) => Path { name: format!("{path} [{unit}]"), factor, whole: false },
            None => Path { name: path.clone(), factor: 1.0, whole },
        };
        Paths(stated.zip(outline.whole()).map(path).collect())
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|path| path.name.clone())
    }

    /// The values of a point in the units of the columns; `None` for a text.
    pub(super) fn numbers(&self, settings: &[Vec<Setting>]) -> Vec<Option<f64>> {
        let each = settings.iter().flatten().zip(&self.0);
        each.map(|(setting, path)| {
            setting.number.map(|value| if path.factor == 1.0 { value } else { tidy(value * path.factor) })
        })
        .collect()
    }

    /// The values of a point as text: numbers where all of the path's values are numbers.
    pub(crate) fn cells(&self, settings: &[Vec<Setting>]) -> impl Iterator<Item = String> {
        let each = self.numbers(settings).into_iter().zip(settings.iter().flatten()).zip(&self.0);
        each.map(|((value, setting), path)| match value {
            Some(value) if path.whole => format!("{value:.0}"),
            Some(value) => number(value),
            None => text(&setting.text),
        })
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
pub(crate) fn number(value: f64) -> String {
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
    fn a_difference_has_no_digits_that_are_noise_of_the_subtraction() {
        let of = |mean: f64, figure: f64| {
            let settled = settled(Estimate { mean, low: mean - 0.25, high: f64::NAN, n: 2 }, figure);
            [settled.mean, settled.low, settled.high].map(number)
        };
        assert_eq!(of(-3_234.730_600_000_000_3, 4_100.2), ["-3234.7306", "-3234.9806", ""]);
        // What is left where 0.3 is taken from 0.1 and 0.2.
        assert_eq!(of(0.1 + 0.2 - 0.3, 0.3), ["0.0", "-0.25", ""]);
        assert_eq!(of(1.0 / 3.0, 0.0)[0], "0.3333333333333");
        assert_eq!(of(0.0, 0.0)[0], "0.0");
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
