//! The charts of a sweep: heat maps with the line at a bound, small multiples of them, curves with bands, and rankings of
//! parameters by effect.
//!
//! `suited` chooses the charts of a plan that asks for none. `names` has the words, `lane` the sides of a heat map, `map`
//! its cells, `contour` the line; each chart has a file of its own, and its title another where it is long.

pub mod contour;
mod curve_title;
mod curves;
mod heatmap;
mod lane;
mod map;
mod map_title;
mod multiples;
mod names;
mod ranking;
mod suited;

use super::model::Sheet;
use super::page::{self, BETWEEN, Named, Provenance};
use super::theme;
use crate::report::ReportError;
use crate::report::letters;
use crate::report::numbers::{capital, grouped};
use crate::sweep::{Outline, Point, Results, Show, Table};

/// Kinds of charts, by the beginning of the names of their files: `heatmap.png`, `heatmap-2.png`.
pub const KINDS: [&str; 4] = ["heatmap", "curves", "small-multiples", "ranking"];

/// Most points of a sweep that leaves charts: a larger table would not fit in little memory, nor the points on a sheet.
pub const MOST_POINTS: u64 = 100_000;

/// A sweep as charts look at it.
struct Sweep<'a> {
    outline: &'a Outline,
    table: Table,
    digest: &'a str,
}

/// The charts that a plan asks for, or charts that suit a plan that asks for none: file stem and sheet of each.
///
/// # Errors
/// If the store cannot be read.
pub fn all(results: &Results<'_>, digest: &str) -> Result<Vec<(String, Sheet)>, ReportError> {
    let outline = results.outline();
    if outline.points() > MOST_POINTS {
        return Ok(Vec::new());
    }
    let asked = outline.show();
    let show = if *asked == Show::default() { suited::charts(outline) } else { asked.clone() };
    let table = results.table(&suited::metrics(&show)).map_err(|error| ReportError::Chart(error.to_string()))?;
    Ok(numbered(Sweep { outline, table, digest }.charts(&show)))
}

/// Names charts by kind, and numbers charts of one kind from the second on.
fn numbered(charts: Vec<(&'static str, Sheet)>) -> Vec<(String, Sheet)> {
    let mut counts = [0; KINDS.len()];
    let mut named = Vec::with_capacity(charts.len());
    for (kind, sheet) in charts {
        let count = KINDS.iter().position(|other| *other == kind).map_or(1, |index| {
            counts[index] += 1;
            counts[index]
        });
        named.push((if count == 1 { kind.to_owned() } else { format!("{kind}-{count}") }, sheet));
    }
    named
}

impl Sweep<'_> {
    /// The charts that `show` asks for, each with its kind.
    fn charts(&self, show: &Show) -> Vec<(&'static str, Sheet)> {
        let heatmaps = show.heatmap.iter().map(|chart| (KINDS[0], heatmap::sheet(self, chart)));
        let curves = show.curves.iter().map(|chart| (KINDS[1], curves::sheet(self, chart)));
        let multiples = show.small_multiples.iter().map(|chart| (KINDS[2], multiples::sheet(self, chart)));
        let metrics = show.ranking.iter().flat_map(|chart| &chart.metrics);
        let rankings = metrics.map(|metric| (KINDS[3], ranking::sheet(self, metric)));
        heatmaps.chain(curves).chain(multiples).chain(rankings).collect()
    }

    /// Index of the parameter of a path; the plan was checked, so that there is one.
    fn parameter(&self, path: &str) -> usize {
        self.table.parameter(path).unwrap_or(0)
    }

    /// Index of a figure; the plan was checked, so that there is one.
    fn metric(&self, name: &str) -> usize {
        self.table.metric(name).unwrap_or(0)
    }

    /// The points of a chart that shows some parameters: of a grid the points at which all other parameters are as at the
    /// baseline.
    fn slice(&self, shown: &[usize]) -> Vec<&Point> {
        let baseline = &self.table.points[self.table.baseline];
        let others: Vec<usize> = match self.table.grid {
            true => (0..self.table.parameters.len()).filter(|parameter| !shown.contains(parameter)).collect(),
            false => Vec::new(),
        };
        let alike = |point: &&Point| others.iter().all(|other| point.settings[*other] == baseline.settings[*other]);
        self.table.points.iter().filter(alike).collect()
    }

    /// The values of the parameters that a chart does not show: `at app retry jitter full`.
    fn elsewhere(&self, shown: &[usize]) -> Option<String> {
        let hidden = |index: &usize| !shown.contains(index) && self.table.values(*index).len() > 1;
        let each: Vec<String> = (0..self.table.parameters.len())
            .filter(hidden)
            .map(|index| {
                let parameter = &self.table.parameters[index];
                let setting = self.table.points[self.table.baseline].setting(index);
                format!("{} {}", names::parameter(parameter), names::value(parameter, setting))
            })
            .collect();
        match (self.table.grid, each.len()) {
            (_, 0) => None,
            (true, _) => Some(format!("at {}", each.join(", "))),
            (false, _) => Some("all other settings vary too".to_owned()),
        }
    }

    /// The title of the sweep, then what is drawn.
    fn subtitle(&self, parts: &[Option<String>]) -> String {
        let rest = parts.iter().flatten().cloned().collect::<Vec<_>>().join(" · ");
        let room = BETWEEN - theme::SUBTITLE.measure(&rest) - 20.0;
        let title = letters::clean(&self.table.title);
        if title.is_empty() || theme::SUBTITLE.measure(&title) > room {
            return capital(&rest);
        }
        match title.ends_with(['?', '!', '.']) {
            true => format!("{title} {}", capital(&rest)),
            false => format!("{title} · {rest}"),
        }
    }

    /// How many runs a point stands for: `mean of 5 runs`.
    fn mean_of(&self) -> Option<String> {
        let counts = || self.table.points.iter().map(|point| point.replications);
        match (counts().min().unwrap_or(0), counts().max().unwrap_or(0)) {
            (_, 0 | 1) => Some("one run a point".to_owned()),
            (least, most) if least == most => Some(format!("mean of {most} runs")),
            (least, most) => Some(format!("mean of {least} to {most} runs")),
        }
    }

    /// A sheet with title, subtitle, legend and footer, and where the plots may begin.
    fn begin(&self, title: &str, subtitle: &str, legend: &[Named]) -> (Sheet, f64) {
        page::begin(title, subtitle, legend, self.provenance())
    }

    /// Version, sweep, scenario, seed, sizes and digest.
    fn provenance(&self) -> Provenance {
        let outline = self.outline;
        let points = grouped(outline.points() as f64);
        let units: usize = self.table.points.iter().map(|point| point.replications).sum();
        let mut parts = vec![
            page::program(outline.version()),
            format!("sweep {}", theme::FOOTER.shorten(outline.name(), 320.0)),
            format!("scenario {}", theme::FOOTER.shorten(outline.scenario(), 320.0)),
            format!("seed {}", outline.seed()),
            format!("{points} points, {} runs", grouped(units as f64)),
        ];
        if outline.scale() > 0.0 && outline.scale() < 1.0 {
            parts.push(format!("1:{}", grouped(1.0 / outline.scale())));
        }
        parts.push(format!("digest {}", self.digest.chars().take(8).collect::<String>()));
        let notes = page::notes(outline.version(), outline.name(), outline.seed(), self.digest);
        Provenance { footer: parts.join(" · "), notes }
    }
}
