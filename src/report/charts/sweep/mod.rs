//! The charts of a sweep: heatmaps with the line at a bound, small multiples of them, curves with bands, and rankings of
//! parameters by effect.
//!
//! `names` has the words, `lane` the sides of a heatmap, `map` its cells, `contour` the line; each chart has a file of its
//! own. Without `[show]` a plan gets what suits it: of one parameter curves, of two a heatmap, of three small multiples, of
//! more and of samples a ranking.

pub mod contour;
mod curves;
mod heatmap;
mod lane;
mod map;
mod names;
mod ranking;

use super::canvas::{Canvas, Drawn};
use super::page::MARGIN;
use super::{canvas, text, theme};
use crate::document::bound::Bound;
use crate::document::unions::OneOrMany;
use crate::report::ReportError;
use crate::report::numbers::grouped;
use crate::sweep::{Curves, Heatmap, Outline, Point, Ranking, Replications, Results, Show, SmallMultiples, Table};
use crate::vocabulary::Figure;

/// The beginnings of the names of all charts of a sweep: `heatmap.png`, `heatmap-2.png`.
pub const KINDS: [&str; 4] = ["heatmap", "curves", "small-multiples", "ranking"];

/// A sweep of more points leaves no charts: its table would not fit in little memory, nor its points on a sheet.
pub const MOST_POINTS: u64 = 100_000;

/// The figure that is shown where the plan asks for none.
const USUAL: Figure = Figure::ErrorRatePeak;

/// The bound of the usual figure.
const USUAL_BOUND: f64 = 0.01;

/// What every chart of a sweep draws on.
struct Sweep<'a> {
    outline: &'a Outline,
    table: Table,
    digest: &'a str,
}

/// Draws the charts that a plan asks for, or those that suit it: the name of each file and its bytes.
///
/// # Errors
/// If the store cannot be read or the machine runs out of memory.
pub fn all(results: &Results<'_>, digest: &str) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let outline = results.outline();
    if outline.points() > MOST_POINTS {
        return Ok(Vec::new());
    }
    let asked = outline.show();
    let show = if *asked == Show::default() { suited(outline) } else { asked.clone() };
    let table = results.table(&metrics(&show)).map_err(|error| ReportError::Chart(error.to_string()))?;
    Sweep { outline, table, digest }.draw(&show)
}

/// The charts that suit a plan.
fn suited(outline: &Outline) -> Show {
    let metric = match outline.replications() {
        Replications::Until(until) => until.metric.clone(),
        Replications::Fixed(_) => USUAL.name().to_owned(),
    };
    let bound = (metric == USUAL.name()).then(|| Bound::share(USUAL_BOUND));
    let mut wide: Vec<(String, usize)> = outline
        .parameters()
        .zip(outline.values_per_parameter())
        .filter(|(_, values)| values.is_none_or(|values| values > 1))
        .map(|(parameter, values)| (parameter.name().to_owned(), values.unwrap_or(usize::MAX)))
        .collect();
    let mut show = Show::default();
    if wide.len() > 1 && (wide.len() > 3 || !outline.is_grid()) {
        show.ranking = OneOrMany(vec![Ranking { metrics: vec![metric] }]);
        return show;
    }
    // The parameter with the fewest values is what heatmaps differ by.
    if wide.len() == 3
        && let Some(fewest) = (0..3).min_by_key(|index| wide[*index].1)
    {
        let across = wide.remove(fewest).0;
        let (x, y) = (wide[0].0.clone(), wide[1].0.clone());
        show.small_multiples = OneOrMany(vec![SmallMultiples { x, y, colour: metric, across, contour: bound }]);
        return show;
    }
    match &wide[..] {
        [(x, _)] => show.curves = OneOrMany(vec![Curves { x: x.clone(), y: metric, by: None }]),
        [(x, _), (y, _)] => {
            let chart = Heatmap { x: x.clone(), y: y.clone(), colour: metric, contour: bound };
            show.heatmap = OneOrMany(vec![chart]);
        }
        _ => {}
    }
    show
}

/// The figures that charts need.
fn metrics(show: &Show) -> Vec<&str> {
    let mut names: Vec<&str> = show.heatmap.iter().map(|chart| chart.colour.as_str()).collect();
    names.extend(show.curves.iter().map(|chart| chart.y.as_str()));
    names.extend(show.small_multiples.iter().map(|chart| chart.colour.as_str()));
    names.extend(show.ranking.iter().flat_map(|chart| chart.metrics.iter().map(String::as_str)));
    names.sort_unstable();
    names.dedup();
    names
}

impl Sweep<'_> {
    fn draw(&self, show: &Show) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
        let mut charts: Vec<(&str, Vec<u8>)> = Vec::new();
        for chart in show.heatmap.iter() {
            charts.push((KINDS[0], heatmap::draw(self, chart)?));
        }
        for chart in show.curves.iter() {
            charts.push((KINDS[1], curves::draw(self, chart)?));
        }
        for chart in show.small_multiples.iter() {
            charts.push((KINDS[2], heatmap::multiples(self, chart)?));
        }
        for metric in show.ranking.iter().flat_map(|chart| &chart.metrics) {
            charts.push((KINDS[3], ranking::draw(self, metric)?));
        }
        let named = charts.iter().enumerate().map(|(index, (kind, bytes))| {
            match charts[..index].iter().filter(|(earlier, _)| earlier == kind).count() {
                0 => (format!("{kind}.png"), bytes.clone()),
                earlier => (format!("{kind}-{}.png", earlier + 1), bytes.clone()),
            }
        });
        Ok(named.collect())
    }

    /// Index of the parameter of a path; the plan was checked, so that there is one.
    fn parameter(&self, path: &str) -> usize {
        self.table.parameter(path).unwrap_or(0)
    }

    /// Index of a figure; likewise.
    fn metric(&self, name: &str) -> usize {
        self.table.metric(name).unwrap_or(0)
    }

    /// The points of a chart that shows some parameters: of a grid those at which the others are as at the baseline.
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
        let room = f64::from(canvas::WIDTH) - 2.0 * MARGIN - canvas::measure(&rest, theme::SUBTITLE) - 20.0;
        let title = text::clean(&self.table.title);
        if title.is_empty() || canvas::measure(&title, theme::SUBTITLE) > room {
            return crate::report::numbers::capital(&rest);
        }
        let mark = if title.ends_with(['?', '!', '.']) { " " } else { " · " };
        format!("{title}{mark}{}", if mark == " " { crate::report::numbers::capital(&rest) } else { rest })
    }

    /// `mean of 5 runs a point`.
    fn mean_of(&self) -> Option<String> {
        let runs = |points: &[Point]| {
            let counts = points.iter().map(|point| point.replications);
            (counts.clone().min().unwrap_or(0), counts.max().unwrap_or(0))
        };
        match runs(&self.table.points) {
            (_, 0 | 1) => Some("one run a point".to_owned()),
            (least, most) if least == most => Some(format!("mean of {most} runs")),
            (least, most) => Some(format!("mean of {least} to {most} runs")),
        }
    }

    /// What it takes to draw this again.
    fn footer(&self, canvas: &Canvas<'_>) -> Drawn {
        let outline = self.outline;
        let points = grouped(outline.points() as f64);
        let units: usize = self.table.points.iter().map(|point| point.replications).sum();
        let shortened = |name: &str| text::shorten(&text::clean(name), theme::FOOTER.face, theme::FOOTER.size, 320.0);
        let mut parts = vec![
            format!("{} {}", env!("CARGO_PKG_NAME"), outline.version()),
            format!("sweep {}", shortened(outline.name())),
            format!("scenario {}", shortened(outline.scenario())),
            format!("seed {}", outline.seed()),
            format!("{points} points, {} runs", grouped(units as f64)),
        ];
        if outline.scale() > 0.0 && outline.scale() < 1.0 {
            parts.push(format!("1:{}", grouped(1.0 / outline.scale())));
        }
        parts.push(format!("digest {}", self.digest.chars().take(8).collect::<String>()));
        let place = (MARGIN, f64::from(canvas::HEIGHT) - 22.0);
        canvas.label(&parts.join(" · "), place, theme::FOOTER, f64::from(canvas::WIDTH) - 2.0 * MARGIN)
    }

    /// The text chunks of a PNG.
    fn notes(&self, title: &str) -> Vec<(&'static str, String)> {
        vec![
            ("Software", format!("{} {}", env!("CARGO_PKG_NAME"), self.outline.version())),
            ("Title", title.to_owned()),
            ("Source", self.outline.name().to_owned()),
            ("Seed", self.outline.seed().to_string()),
            ("Digest", self.digest.to_owned()),
        ]
    }
}
