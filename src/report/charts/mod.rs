//! The charts of a run: one file per picture, all drawn with the same few strokes.
//!
//! `text` has the letters, `backend` puts plotters on paper, `canvas` is the sheet, [`axis`] and `panel` make a
//! plot, `page` adds what every chart carries. A chart's title says what happened, in words computed from the
//! figures, so it must be true for any figures.

pub mod axis;
mod backend;
mod canvas;
pub mod error_rate;
pub mod latency;
pub mod overlay;
mod page;
mod panel;
pub mod reports;
pub mod streams;
pub mod sweep;
mod text;
mod theme;
pub mod traffic;

use self::axis::Axis;
use super::clock::Clock;
use super::findings::{Findings, finite};
use super::tracker::Reports;
use super::{Context, ReportError, numbers};
use crate::measure::{Figures, Scope};
use crate::vocabulary::Column;

/// What the charts of one run look at.
pub struct Look<'a> {
    context: &'a Context<'a>,
    figures: &'a Figures,
    findings: Findings,
    clock: Clock,
    /// Start and end of each interval, in seconds from the drop.
    intervals: Vec<(f64, f64)>,
    /// Row of the figures of everything; 0 if there is none, and then there are no findings either.
    all: usize,
}

impl<'a> Look<'a> {
    /// Makes ready to draw.
    pub fn at(context: &'a Context<'a>, figures: &'a Figures) -> Look<'a> {
        let intervals = (0..figures.intervals).map(|i| (figures.time_s(i), figures.time_s(i + 1))).collect();
        Look {
            context,
            figures,
            findings: Findings::of(context.spec, figures),
            clock: Clock::of_drop(context.spec),
            intervals,
            all: figures.scope(Scope::default()).unwrap_or(0),
        }
    }

    /// The clock axis of the whole window.
    fn time_axis(&self, room: f64) -> Axis {
        let (from, until) = (self.figures.first_s, self.figures.time_s(self.figures.intervals));
        Axis::clock(&self.clock, from, until, room, 92.0)
    }

    /// A count of each interval as a rate per second.
    fn per_second(&self, row: usize, column: Column) -> Vec<f64> {
        self.series(row, column).into_iter().map(|count| count / self.figures.width_s).collect()
    }

    /// One column of a row; empty where there are no rows.
    fn series(&self, row: usize, column: Column) -> Vec<f64> {
        if row < self.figures.scopes.len() { self.figures.series(row, column).collect() } else { Vec::new() }
    }

    /// The reports of a row by the minute; none where there are no rows.
    fn reports(&self, row: usize) -> Reports {
        if row < self.figures.scopes.len() { Reports::of(self.figures, row) } else { Reports { bins: Vec::new() } }
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

    /// What a pool is called.
    fn pool(&self, index: usize) -> &'a str {
        self.context.spec.pool.get_index(index).map_or("?", |(name, _)| name.as_str())
    }

    /// What a region is called on charts.
    fn region(&self, index: usize) -> &'a str {
        self.context
            .spec
            .region
            .get_index(index)
            .map_or("?", |(name, region)| if region.label.is_empty() { name.as_str() } else { region.label.as_str() })
    }

    /// The scenario's title, what is drawn, and the day and zone of the clock. The title gives way where room is short:
    /// it stands in the footer's scenario too, the rest nowhere else.
    fn subtitle(&self, what: &str) -> String {
        let rest = [what, &self.clock.date(0.0), &self.clock.offset()].join(" · ");
        let room = f64::from(canvas::WIDTH) - 2.0 * page::MARGIN - canvas::measure(&rest, theme::SUBTITLE) - 20.0;
        let title = text::clean(&self.context.spec.title);
        let title = text::shorten(&title, theme::SUBTITLE.face, theme::SUBTITLE.size, room.min(600.0));
        // A title of a few letters and an ellipsis tells nobody anything.
        if title.is_empty() || (room < 100.0 && title.ends_with('…')) {
            return numbers::capital(&rest);
        }
        format!("{title} · {rest}")
    }
}

/// The highest of the values that are numbers; 0 if none is above it.
fn highest(values: &[f64]) -> f64 {
    finite(values.iter().copied()).fold(0.0, f64::max)
}

/// The last of the values that is a number.
fn last(values: &[f64]) -> Option<f64> {
    values.iter().rev().copied().find(|value| value.is_finite())
}

/// Draws every chart that the figures have something for: the name of each file and its bytes.
///
/// # Errors
/// Only if the machine runs out of memory.
pub fn all(context: &Context<'_>, figures: &Figures) -> Result<Vec<(&'static str, Vec<u8>)>, ReportError> {
    let look = Look::at(context, figures);
    let mut charts = vec![
        (error_rate::FILE, error_rate::draw(&look)?),
        (traffic::FILE, traffic::draw(&look)?),
        (reports::FILE, reports::draw(&look)?),
        (latency::FILE, latency::draw(&look)?),
    ];
    charts.extend(streams::draw(&look)?.map(|bytes| (streams::FILE, bytes)));
    Ok(charts)
}

#[cfg(test)]
mod tests;
