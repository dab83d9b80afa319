//! The page of a sweep.

use super::figure;
use crate::report::ReportError;
use crate::report::chart::page::program;
use crate::report::chart::sheet::Sheet;
use crate::report::chart::sweep as charts_of_sweep;
use crate::report::numbers::grouped;
use crate::report::render::html::{self, Cell, Page, Table};
use crate::sweep::{Point, Results};
use crate::vocabulary::{Path, Unit};

/// Most points in the table of the page; `points.csv` has all.
const MOST_POINTS: usize = 500;

/// Figures that the table has beside those of the charts, of those that the sweep has.
const USUAL: [&str; 4] = ["harm.saw_error", "harm.gave_up", "error_rate.peak", "error_rate.overall"];

/// The page of a sweep with its charts.
///
/// # Errors
/// If the store cannot be read.
pub fn bytes(results: &Results<'_>, charts: &[(String, Sheet)], digest: &str) -> Result<Vec<u8>, ReportError> {
    let outline = results.outline();
    let titles: Vec<String> =
        charts.iter().map(|(_, sheet)| format!("{}.", sheet.headline().trim_end_matches('.'))).collect();
    let points = grouped(outline.points() as f64);
    let about = format!("{points} points of scenario {}, seed {}", outline.scenario(), outline.seed());
    let short = digest.chars().take(8).collect::<String>();
    let drawn = charts.first().map(|(_, sheet)| sheet.footer.text.clone());
    let made = || {
        format!("{} · sweep {} · seed {} · digest {short}", program(outline.version()), outline.name(), outline.seed())
    };
    Ok(html::draw(&Page {
        title: outline.title(),
        about: &about,
        description: outline.description(),
        verdict: titles,
        findings: Vec::new(),
        charts,
        part: None,
        tables: vec![table(results)?],
        source: Some(("The plan, with every default", outline.resolved())),
        provenance: drawn.unwrap_or_else(made),
        // The axes of a sweep are settings.
        drop_ms: 0,
    }))
}

/// The points with their settings and the figures that matter most.
fn table(results: &Results<'_>) -> Result<Table, ReportError> {
    let outline = results.outline();
    let mut wanted = charts_of_sweep::metrics(outline);
    wanted.extend(
        USUAL.iter().filter(|name| outline.metrics().iter().any(|known| known == *name)).map(|name| (*name).to_owned()),
    );
    let mut metrics: Vec<&str> = Vec::new();
    for name in &wanted {
        if !metrics.contains(&name.as_str()) {
            metrics.push(name);
        }
    }
    let failed = |error: crate::sweep::StoreError| ReportError::Chart(error.to_string());
    let indices: Vec<usize> =
        metrics.iter().filter_map(|name| outline.metrics().iter().position(|known| known == name)).collect();
    let count = (outline.points() as usize).min(MOST_POINTS);
    let points: Vec<Point> =
        (0..count as u64).map(|point| results.point(point)).collect::<Result<_, _>>().map_err(failed)?;
    let unit = |index: usize| Path::read(&outline.metrics()[index]).map_or(Unit::Count, |(figure, ..)| figure.unit());
    let setting = |setting: &crate::sweep::Setting| match setting.number {
        Some(number) => Cell::Number(setting.text.clone(), number, None),
        None => Cell::Name(setting.text.clone()),
    };
    let row = |(number, point): (usize, &Point)| {
        let settings = point.settings.iter().flatten().map(setting);
        let figures = indices.iter().map(|index| figure(unit(*index), point.figure(*index)));
        let number = Cell::Number(number.to_string(), number as f64, None);
        std::iter::once(number).chain(settings).chain(figures).collect()
    };
    let paths = outline.parameters().flat_map(|parameter| parameter.paths.iter().cloned());
    let names = indices.iter().map(|index| outline.metrics()[*index].clone());
    let all = outline.points() as usize;
    let part = if count < all {
        format!("the first {count} of {all} points; all are in points.csv")
    } else {
        "all points".to_owned()
    };
    Ok(Table {
        heading: "Points",
        caption: format!(
            "{part}; small: ends of the 95% interval, or of the range of a figure that only some runs have"
        ),
        columns: std::iter::once("Point".to_owned()).chain(paths).chain(names).collect(),
        rows: points.iter().enumerate().map(row).collect(),
        folded: false,
    })
}
