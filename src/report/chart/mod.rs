//! Charts as data, one file per picture; [`render`](super::render) draws them.
//!
//! [`model`] defines a chart, [`axis`], [`panel`], [`marks`] and [`page`] put charts together, [`shapes`] breaks a chart down
//! for renderers. A chart's title says what happened, in words made of the findings, so the title holds for any figures.

pub mod axis;
pub mod error_rate;
pub mod latency;
pub mod marks;
pub mod model;
pub mod overlay;
pub mod page;
pub mod panel;
pub mod reports;
pub mod shapes;
pub mod streams;
pub mod sweep;
pub mod theme;
pub mod traffic;

use self::axis::Axis;
use self::model::Sheet;
use self::page::{BETWEEN, Named, PLOT_LEFT, Provenance};
use super::clock::Clock;
use super::words::Words;
use super::{Context, Subject, numbers};
use crate::analysis::Findings;
use crate::analysis::work::per_second;
use crate::measure::{Figures, Scope};
use crate::vocabulary::Column;

/// A run as charts look at it.
pub struct View<'a> {
    context: &'a Context<'a>,
    figures: &'a Figures,
    findings: &'a Findings,
    words: &'a Words,
    clock: Clock,
    /// Start and end of each interval, in seconds from the drop.
    intervals: Vec<(f64, f64)>,
    /// Row of the figures of everything, if there are rows.
    all: Option<usize>,
}

impl<'a> View<'a> {
    /// The view of a run.
    pub fn of(subject: &Subject<'a>) -> View<'a> {
        let Subject { context, figures, findings, words, .. } = *subject;
        let intervals = (0..figures.intervals).map(|i| (figures.time_s(i), figures.time_s(i + 1))).collect();
        let (clock, all) = (Clock::of_drop(context.spec), figures.scope(Scope::default()));
        View { context, figures, findings, words, clock, intervals, all }
    }

    /// The clock axis of the whole run, for a plot from the usual left edge to `right`.
    fn time_axis(&self, right: f64) -> Axis {
        let (from, until) = (self.figures.first_s, self.figures.time_s(self.figures.intervals));
        Axis::clock(&self.clock, from, until, right - PLOT_LEFT, 92.0)
    }

    /// A count of each interval as a rate per second; empty where there is no row.
    fn per_second(&self, row: Option<usize>, column: Column) -> Vec<f64> {
        row.map_or_else(Vec::new, |row| per_second(self.figures, row, column))
    }

    /// One column of a row; empty where there is no row.
    fn series(&self, row: Option<usize>, column: Column) -> Vec<f64> {
        row.map_or_else(Vec::new, |row| self.figures.series(row, column).collect())
    }

    /// Rows of whole regions, with the index of each.
    fn region_rows(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.figures.scopes.iter().enumerate().filter_map(|(row, scope)| match *scope {
            Scope { region: Some(region), pool: None, request: None } => Some((row, region)),
            _ => None,
        })
    }

    /// Rows of whole pools, with the index of each.
    fn pool_rows(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.figures.scopes.iter().enumerate().filter_map(|(row, scope)| match *scope {
            Scope { region: None, pool: Some(pool), request: None } => Some((row, pool)),
            _ => None,
        })
    }

    /// The scenario's title, what is drawn, and the day and zone of the clock. The title gives way where room is short,
    /// since the footer names the scenario too.
    fn subtitle(&self, what: &str) -> String {
        let rest = [what, &self.clock.date(0.0), &self.clock.offset()].join(" · ");
        let room = BETWEEN - theme::SUBTITLE.measure(&rest) - 20.0;
        let title = theme::SUBTITLE.shorten(&self.context.spec.title, room.min(600.0));
        // A title of a few letters and an ellipsis tells nobody anything.
        if title.is_empty() || (room < 100.0 && title.ends_with('…')) {
            return numbers::capital(&rest);
        }
        format!("{title} · {rest}")
    }

    /// A sheet with title, subtitle, legend and footer, and where the plots may begin.
    fn begin(&self, title: &str, subtitle: &str, legend: &[Named]) -> (Sheet, f64) {
        page::begin(title, subtitle, legend, Provenance::of(self.context, self.figures.replications))
    }
}

#[cfg(test)]
mod tests;
