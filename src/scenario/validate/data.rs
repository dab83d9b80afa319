//! Reads the data files that a scenario names: recorded curves and measured spans.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::laws;
use crate::document::diagnostics::{Diagnostic, quoted, short, suggest};
use crate::document::distribution::{Distribution, Family};
use crate::document::files::read_data;
use crate::document::findings::Findings;
use crate::document::unions::StringOr;
use crate::scenario::loader::{Bins, Flaw, Loader};
use crate::scenario::spec::{Align, Bin, Gaps, Spec, TimeUnit, Trace};
use crate::units::Span;

/// Largest number of lines of a data file.
const MOST_LINES: usize = 2_000_000;

/// Relative difference up to which two spacings count as equal.
const ROUNDING: f64 = 1e-6;

impl Flaw {
    fn new(label: impl Into<String>, help: impl Into<String>) -> Flaw {
        Flaw { label: label.into(), help: help.into() }
    }
}

/// Reads the data files that a scenario names into its specification.
pub(super) fn read(spec: &mut Spec, loader: &mut Loader, out: &mut Findings<'_>) {
    let (start, drop) = (spec.start.since(spec.drop), spec.drop.timestamp);
    for (name, audience) in &mut spec.audience {
        let Some(trace) = &mut audience.trace else { continue };
        let path = format!("audience.{name}.trace");
        let how = format!("{trace:?} from {start} around {drop}");
        let Some((target, content)) = content(&mut trace.file, &path, loader, out) else { continue };
        let Ok(bytes) = content.as_ref() else { continue };
        let read = loader.bins.entry((target, how)).or_insert_with(|| bins_of(bytes, trace, start, drop));
        match read {
            Ok(read) => (trace.bins, trace.moves_with_drop) = (Arc::clone(&read.bins), read.moves_with_drop),
            Err(flaw) => report(&path, &trace.file, flaw, out),
        }
    }
    laws::each(spec, &mut |path, law| measured(path, law, loader, out));
}

/// Reads the file of an empirical law, or the files of those within a mixture.
fn measured(path: &str, law: &mut Distribution, loader: &mut Loader, out: &mut Findings<'_>) {
    let StringOr::Table(law) = law else { return };
    match &mut law.family {
        Family::Empirical(empirical) => {
            let path = format!("{path}.empirical");
            let Some((target, content)) = content(&mut empirical.file, &path, loader, out) else { return };
            let Ok(bytes) = content.as_ref() else { return };
            match loader.spans.entry(target).or_insert_with(|| spans_of(bytes)) {
                Ok(values) => empirical.values = Arc::clone(values),
                Err(flaw) => report(&path, &empirical.file, flaw, out),
            }
        }
        Family::Mixture(parts) => {
            for (index, part) in parts.iter_mut().enumerate() {
                measured(&format!("{path}.mixture.{index}.of"), &mut part.of, loader, out);
            }
        }
        _ => {}
    }
}

fn report(path: &str, file: &str, flaw: &Flaw, out: &mut Findings<'_>) {
    let title = format!("the file {} cannot be used", quoted(file));
    out.value(&format!("{path}.file"), title, flaw.label.clone(), flaw.help.clone());
}

/// A data file and what was read of it.
type Content = (PathBuf, Arc<Result<Vec<u8>, Diagnostic>>);

/// Reads the file that is named at `path`, and makes its name relative to the folder of the scenario. `None` if the file
/// cannot be read, which is reported.
fn content(file: &mut String, path: &str, loader: &mut Loader, out: &mut Findings<'_>) -> Option<Content> {
    let key = format!("{path}.file");
    let source = Arc::clone(&out.place(&key)?.0.source);
    let target = source.folder.join(file.as_str());
    let read = Arc::clone(loader.files.entry(target.clone()).or_insert_with(|| Arc::new(read_data(&target))));
    if let Err(Diagnostic { title, help, .. }) = read.as_ref() {
        out.value(&key, title.clone(), "named here", help.clone().unwrap_or_default());
        return None;
    }
    // The name then holds in the resolved scenario too, even if an extended scenario in another folder stated it.
    *file = source.relative.join(file.as_str()).to_string_lossy().into_owned();
    Some((target, read))
}

/// Reads one span a line and sorts them, in nanoseconds. Empty lines and comments are skipped.
fn spans_of(bytes: &[u8]) -> Result<Arc<[f64]>, Flaw> {
    let text = std::str::from_utf8(bytes).map_err(|_| Flaw::new("it is not UTF-8 text", "save it as UTF-8"))?;
    let mut values = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if values.len() == MOST_LINES {
            return Err(Flaw::new(
                format!("it has more than {MOST_LINES} values"),
                "a sample of them has the same law",
            ));
        }
        let span = line.parse::<Span>().map_err(|error| {
            Flaw::new(format!("line {}: {error}", index + 1), "write one span a line, such as 120 ms")
        })?;
        values.push(span.0 as f64);
    }
    if values.is_empty() {
        return Err(Flaw::new("it is empty", "write one span a line, such as 120 ms"));
    }
    values.sort_by(f64::total_cmp);
    Ok(values.into())
}

/// Reads the bins of a recorded curve.
fn bins_of(bytes: &[u8], trace: &Trace, start: Span, drop: Timestamp) -> Result<Bins, Flaw> {
    let rows = rows_of(bytes, trace, drop)?;
    let Some([(_, first, _), (_, second, _)]) = rows.first_chunk() else {
        return Err(Flaw::new(
            "it has fewer than two bins",
            "the distance between the first two is the width of every bin",
        ));
    };
    let width = second - first;
    let (unit, origin, shift) = match trace.unit {
        Some(unit) => {
            let shift = if trace.align == Some(Align::Start) { start } else { Span::ZERO };
            (nanos(unit), trace.origin, shift)
        }
        None => (1.0, 0.0, Span::ZERO),
    };
    let moves_with_drop = trace.unit.is_some() && trace.align != Some(Align::Start);
    let mut bins = Vec::with_capacity(rows.len());
    let mut before: Option<f64> = None;
    for (line, time, count) in rows {
        let steps = before.map_or(1.0, |before| (time - before) / width);
        if before.is_some_and(|before| time <= before) {
            return Err(Flaw::new(
                format!("line {line}: its time is not after that of the line before"),
                "sort the lines by time",
            ));
        }
        if (steps - steps.round()).abs() > ROUNDING * steps.max(1.0) || steps < 0.5 {
            let label =
                format!("line {line}: the distance to the bin before is no multiple of that of the first two bins");
            return Err(Flaw::new(label, "all bins have the same width; sum the counts to equal bins"));
        }
        if (steps > 1.5 || count.is_none()) && trace.gaps == Gaps::Error {
            let what = if count.is_none() { "the count is empty" } else { "bins are missing before it" };
            return Err(Flaw::new(format!("line {line}: {what}"), "write gaps = \"zero\" if nobody came then"));
        }
        before = Some(time);
        let from = Span::from_nanos((time - origin) * unit) + shift;
        let end = Span::from_nanos((time - origin + width) * unit) + shift;
        bins.push(Bin { from, width: end - from, count: count.unwrap_or(0.0) * trace.scale });
    }
    Ok(Bins { bins: bins.into(), moves_with_drop })
}

fn nanos(unit: TimeUnit) -> f64 {
    match unit {
        TimeUnit::Ms => 1e6,
        TimeUnit::S => 1e9,
        TimeUnit::Min => 60e9,
        TimeUnit::H => 3600e9,
    }
}

/// Reads the lines of a curve: number of the line, time, and count unless the cell is empty.
fn rows_of(bytes: &[u8], trace: &Trace, drop: Timestamp) -> Result<Vec<(u64, f64, Option<f64>)>, Flaw> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(bytes);
    let header = reader.headers().map_err(|error| broken(&error))?.clone();
    if header.is_empty() {
        return Err(Flaw::new("it is empty", "its first line names the columns"));
    }
    let column = |name: &str| {
        let position = header.iter().position(|known| known.trim_start_matches('\u{feff}') == name);
        position.ok_or_else(|| Flaw::new(format!("it has no column {}", quoted(name)), suggest(name, header.iter())))
    };
    let (time_column, count_column) = (column(&trace.time)?, column(&trace.count)?);
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| broken(&error))? {
        let line = record.position().map_or(0, csv::Position::line);
        if rows.len() == MOST_LINES {
            return Err(Flaw::new(format!("it has more than {MOST_LINES} lines"), "wider bins make it shorter"));
        }
        let time = record.get(time_column).unwrap_or_default();
        let time = moment(time, trace, drop).map_err(|mut flaw| {
            flaw.label = format!("line {line}: {}", flaw.label);
            flaw
        })?;
        let count = record.get(count_column).unwrap_or_default();
        rows.push((
            line,
            time,
            amount(count)
                .map_err(|label| Flaw::new(format!("line {line}: {label}"), "a count is a number from 0 to 1e12"))?,
        ));
    }
    Ok(rows)
}

fn broken(error: &csv::Error) -> Flaw {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => Flaw::new(format!("line {line}: it is not UTF-8 text"), "save it as UTF-8"),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let label = format!("line {line}: it has {len} cells, the first line has {expected_len}");
            Flaw::new(label, "every line has a cell for each column, if an empty one")
        }
        _ => Flaw::new(short(&error.to_string()), ""),
    }
}

/// Reads a time cell: a number in the unit of the trace, or an RFC 3339 time, which becomes nanoseconds from the drop.
fn moment(cell: &str, trace: &Trace, drop: Timestamp) -> Result<f64, Flaw> {
    let number = cell.parse::<f64>().ok().filter(|number| number.is_finite());
    match (trace.unit, number, cell.parse::<Timestamp>()) {
        (Some(_), Some(number), _) => Ok(number),
        (None, Some(_), _) => Err(Flaw::new("the time is a number", "add its unit, for example unit = \"min\"")),
        (None, None, Ok(_)) if trace.align.is_some() || trace.origin != 0.0 => {
            let help = "remove `align` and `origin`: a date-time needs neither";
            Err(Flaw::new("the time is a date-time", help))
        }
        (None, None, Ok(time)) => Ok((time.as_nanosecond() - drop.as_nanosecond()) as f64),
        (Some(_), None, Ok(_)) => Err(Flaw::new("the time is a date-time", "remove `unit`: a date-time has none")),
        (_, None, Err(_)) => Err(Flaw::new(
            format!("{} is not a time", quoted(cell)),
            "a time is a number in `unit`, or a date-time such as 2020-04-03T09:00:00+02:00",
        )),
    }
}

/// Reads a count cell; `None` if it is empty.
fn amount(cell: &str) -> Result<Option<f64>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    match cell.parse::<f64>() {
        Ok(count) if count.is_nan() => Err("the count is NaN".to_owned()),
        Ok(count) if count < 0.0 => Err(format!("the count {count} is negative")),
        Ok(count) if count > 1e12 => Err(format!("the count {count} is too large")),
        Ok(count) => Ok(Some(count)),
        Err(_) => Err(format!("the count {} is not a number", quoted(cell))),
    }
}
