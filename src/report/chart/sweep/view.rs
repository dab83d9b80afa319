//! A sweep as its charts look at it: points, words and the frame of a sheet.

use super::names::{self, Metric};
use crate::report::chart::page::{self, BETWEEN, Named, Provenance};
use crate::report::chart::sheet::Sheet;
use crate::report::chart::theme;
use crate::report::letters;
use crate::report::numbers::{capital, grouped};
use crate::sweep::{Outline, Point, Table};

/// A sweep as charts look at it.
pub(super) struct Sweep<'a> {
    pub outline: &'a Outline,
    pub table: Table,
    pub digest: &'a str,
}

impl Sweep<'_> {
    /// Index of the parameter of a path; the plan was checked, so that there is one.
    pub fn parameter(&self, path: &str) -> usize {
        self.table.parameter(path).unwrap_or(0)
    }

    /// Index of a figure; the plan was checked, so that there is one.
    pub fn metric(&self, name: &str) -> usize {
        self.table.metric(name).unwrap_or(0)
    }

    /// The points of a chart that shows some parameters: of a grid the points at which all other parameters are as at the
    /// baseline.
    pub fn slice(&self, shown: &[usize]) -> Vec<&Point> {
        let baseline = &self.table.points[self.table.baseline];
        let others: Vec<usize> = if self.table.grid {
            (0..self.table.parameters.len()).filter(|parameter| !shown.contains(parameter)).collect()
        } else {
            Vec::new()
        };
        let alike = |point: &&Point| others.iter().all(|other| point.settings[*other] == baseline.settings[*other]);
        self.table.points.iter().filter(alike).collect()
    }

    /// The number of a point of the table in `points.csv`.
    pub fn number(&self, point: &Point) -> u64 {
        // The table is one piece of memory, in the order of the file.
        let offset = (std::ptr::from_ref(point) as usize).saturating_sub(self.table.points.as_ptr() as usize);
        (offset / size_of::<Point>()) as u64
    }

    /// Whether the scale makes a point the same simulation as another.
    pub fn is_alike(&self, point: &Point) -> bool {
        let alike = self.outline.alike();
        let mut both = alike.iter().flat_map(|(point, earlier)| [*point, *earlier]);
        !alike.is_empty()
            && both.any(|index| self.table.points.get(index as usize).is_some_and(|other| std::ptr::eq(other, point)))
    }

    /// Legend of hatching.
    pub fn hatched(&self) -> String {
        format!("hatched: 1:{} makes neighbours one simulation", grouped(1.0 / self.outline.scale()))
    }

    /// The values of the parameters that a chart does not show: `at app retry jitter full`.
    pub fn elsewhere(&self, shown: &[usize]) -> Option<String> {
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
    pub fn subtitle(&self, parts: &[Option<String>]) -> String {
        let rest = parts.iter().flatten().cloned().collect::<Vec<_>>().join(" · ");
        let room = BETWEEN - theme::SUBTITLE.measure(&rest) - 20.0;
        let title = letters::clean(&self.table.title);
        if title.is_empty() || theme::SUBTITLE.measure(&title) > room {
            return capital(&rest);
        }
        if title.ends_with(['?', '!', '.']) {
            format!("{title} {}", capital(&rest))
        } else {
            format!("{title} · {rest}")
        }
    }

    /// Parameters of a chart, number of points, statistic, runs and scale: `playback servers × lockdown factor: 72 points, median
    /// of 5 runs each, at 1:50`.
    pub fn what_varies(&self, shown: &[usize], points: usize, metric: &Metric) -> String {
        let varies = |index: &&usize| self.table.values(**index).len() > 1;
        let each = shown.iter().filter(varies).map(|index| names::parameter(&self.table.parameters[*index]));
        let each = each.collect::<Vec<_>>().join(" × ");
        let middle = metric.middle();
        let counts = || self.table.points.iter().map(|point| point.replications);
        let runs = match (counts().min().unwrap_or(0), counts().max().unwrap_or(0)) {
            (_, 0 | 1) => "one run each".to_owned(),
            (least, most) if least == most => format!("{middle} of {most} runs each"),
            (least, most) => format!("{middle} of {least} to {most} runs each"),
        };
        let noun = if points == 1 { "point" } else { "points" };
        let head = if each.is_empty() { each } else { format!("{each}: ") };
        let scale = self.scale().map(|scale| format!(", at {scale}")).unwrap_or_default();
        format!("{head}{} {noun}, {runs}{scale}", grouped(points as f64))
    }

    /// The scale, unless that is full size: `1:50`.
    fn scale(&self) -> Option<String> {
        let scale = self.outline.scale();
        (scale > 0.0 && scale < 1.0).then(|| format!("1:{}", grouped(1.0 / scale)))
    }

    /// A sheet with title, subtitle, legend and footer, and where the plots may begin.
    pub fn begin(&self, title: &str, subtitle: &str, legend: &[Named]) -> (Sheet, f64) {
        page::begin(title, subtitle, legend, self.provenance())
    }

    /// Version, sweep, scenario, seed, sizes and digest.
    pub fn provenance(&self) -> Provenance {
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
        parts.extend(self.scale());
        parts.push(format!("digest {}", self.digest.chars().take(8).collect::<String>()));
        let notes = page::notes(outline.version(), outline.name(), outline.seed(), self.digest);
        Provenance { footer: parts.join(" · "), notes }
    }
}
