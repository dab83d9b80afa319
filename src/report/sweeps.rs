//! What a sweep leaves: a table of its points, one of their differences, one of all units, charts, and the manifest.
//!
//! - `points.csv`: a row for each point: `point`, the paths that vary, `replications`, and of each figure `.mean`, `.low`,
//!   `.high` (95%) and `.n`.
//! - `paired.csv`: the same columns, of how much more each figure is than at the baseline, over the same crowds.
//! - `units.csv`: a row for each replication of each point, with its figures; `ended` is empty unless a limit ended it.
//! - `manifest.json`: what was run, and the SHA-256 of each file.
//!
//! Numbers are written in full, so that they read back as the same numbers; what has no value is empty. A path whose
//! values have a unit states it: `client.tv.timeout [s]`. Points are numbered from 0, in the order of the plan; of a grid
//! the last path moves fastest.

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::files::{OutputFolder, Written};
use super::{ReportError, charts, manifest, summary};
use crate::measure::Estimate;
use crate::sweep::{Outline, Point, Replications, Results, Setting};

/// Name of the table of points.
pub const POINTS: &str = "points.csv";
/// Name of the table of differences to the baseline.
pub const PAIRED: &str = "paired.csv";
/// Name of the table of units.
pub const UNITS: &str = "units.csv";

/// What a sweep came to, in few numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The files, the manifest last.
    pub files: Vec<PathBuf>,
    /// SHA-256 over the tables.
    pub digest: String,
    /// How many units there are.
    pub units: u64,
    /// How many of them were ended by a limit and have no figures.
    pub cut_short: u64,
}

/// Writes the tables of a sweep whose units are all there, its charts, and the manifest last.
///
/// # Errors
/// The folder then has no manifest, which tells it from a finished one.
pub fn write(folder: &OutputFolder, results: &Results<'_>) -> Result<Told, ReportError> {
    let outline = results.outline();
    folder.clear(&[POINTS, PAIRED, UNITS])?;
    let mut files = Vec::new();
    files.push(folder.stream(POINTS, |file| points(file, results, |point| &point.figures))?);
    files.push(folder.stream(PAIRED, |file| points(file, results, |point| &point.paired))?);
    let (mut count, mut cut_short) = (0, 0);
    files.push(folder.stream(UNITS, |file| {
        (count, cut_short) = units(file, results)?;
        Ok(())
    })?);
    #[cfg(feature = "parquet")]
    files.push(folder.stream(super::parquet::FILE, |file| super::parquet::units(file, results))?);
    let digest = digest(&folder.written());
    for (name, bytes) in charts::sweep::all(results, &digest)? {
        files.push(folder.write(&name, &bytes)?);
    }
    let written = folder.written();
    files.push(folder.write(manifest::FILE, &listing(outline, count, &digest, &written))?);
    Ok(Told { files, digest, units: count, cut_short })
}

/// Two sweeps have the same results just when they have the same digest: that of their tables, in order.
fn digest(written: &[Written]) -> String {
    let tables = [POINTS, PAIRED, UNITS].map(|name| written.iter().find(|file| file.name == name));
    let mut hash = Sha256::new();
    tables.into_iter().flatten().for_each(|file| hash.update(&file.sha256));
    manifest::hex(&hash.finalize())
}

/// One of the two tables of points.
fn points(
    file: &mut (dyn Write + Send),
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

/// The table of units; gives how many there are, and how many of them a limit ended.
fn units(file: &mut (dyn Write + Send), results: &Results<'_>) -> io::Result<(u64, u64)> {
    let outline = results.outline();
    let mut table = csv::Writer::from_writer(file);
    let mut header = vec!["point".to_owned(), "replication".to_owned()];
    header.extend(paths(outline));
    header.extend(outline.metrics().iter().cloned());
    header.push("ended".to_owned());
    table.write_record(&header)?;
    let cells = Cells::of(outline);
    let (mut count, mut cut_short) = (0, 0);
    for point in 0..outline.points() {
        let settings = cells.settings(&outline.settings(point));
        for unit in results.units(point).map_err(io::Error::other)? {
            let mut row = vec![point.to_string(), unit.replication.to_string()];
            row.extend(settings.iter().cloned());
            row.extend(unit.figures.iter().map(|figure| number(*figure)));
            row.push(unit.ended.word().to_owned());
            table.write_record(&row)?;
            count += 1;
            cut_short += u64::from(!unit.ended.word().is_empty());
        }
    }
    table.flush()?;
    Ok((count, cut_short))
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

/// How the values of the paths of a sweep are written.
struct Cells {
    /// For each path whether all of its numbers are whole.
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
            None => setting.text.clone(),
        })
        .collect()
    }
}

/// A number in full: the shortest text that reads back as the same number. It always has a point or an exponent, because
/// readers guess the type of a column from its first rows.
fn number(value: f64) -> String {
    match value {
        _ if !value.is_finite() => String::new(),
        // Minus zero is no other number to a reader.
        0.0 => "0.0".to_owned(),
        _ => format!("{value:?}"),
    }
}

/// The bytes of the manifest.
fn listing(outline: &Outline, units: u64, digest: &str, written: &[Written]) -> Vec<u8> {
    let parameters: Vec<Value> = outline.parameters().map(|parameter| json!(parameter)).collect();
    let (baseline, is) = outline.baseline();
    let values = outline.settings(baseline);
    let baseline_values: serde_json::Map<String, Value> = outline
        .parameters()
        .zip(&values)
        .flat_map(|(parameter, values)| parameter.paths.iter().zip(values))
        .map(|(path, setting)| (path.clone(), json!(setting.text)))
        .collect();
    let replications = match outline.replications() {
        Replications::Fixed(count) => json!(count),
        Replications::Until(until) => json!(until),
    };
    summary::bytes(&json!({
        "program": env!("CARGO_PKG_NAME"),
        "version": outline.version(),
        "sweep": outline.name(),
        "title": outline.title(),
        "description": outline.description(),
        "scenario": outline.scenario(),
        "seed": outline.seed(),
        "scale": outline.scale(),
        "points": outline.points(),
        "replications": replications,
        "units": units,
        "parameters": parameters,
        "sample": outline.sample(),
        "baseline": { "point": baseline, "is": is, "values": baseline_values },
        "plan": outline.digest(),
        "digest": digest,
        "files": written.iter().map(manifest::entry).collect::<Vec<_>>(),
        "resolved": outline.resolved(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_as_they_were() {
        for value in [0.1 + 0.2, 1.0 / 3.0, 1e300, 5e-324, 123_456_789.0, -2.5e-7] {
            assert_eq!(number(value).parse::<f64>().unwrap().to_bits(), value.to_bits());
            assert!(number(value).len() < 25, "{}", number(value));
        }
        assert_eq!([f64::NAN, f64::INFINITY, -0.0, 12.0].map(number).join(","), ",,0.0,12.0");
    }
}
