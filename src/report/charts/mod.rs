//! The charts of a run: one file per picture, all drawn with the same few strokes.
//!
//! [`text`] has the letters, [`backend`] puts plotters on paper, [`canvas`] is the sheet, [`axis`] and [`panel`] make a
//! plot, [`page`] adds what every chart carries. A chart's title says what happened, in words computed from the
//! figures, so it must be true for any figures.

pub mod axis;
mod backend;
mod canvas;
pub mod error_rate;
mod page;
mod panel;
mod text;
mod theme;

use self::axis::Axis;
use super::clock::Clock;
use super::findings::Findings;
use super::{Context, ReportError};
use crate::measure::{Column, Figures, Scope};

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

    /// The scenario's title, what is drawn, and the day and zone of the clock.
    fn subtitle(&self, what: &str) -> String {
        let title = text::shorten(&text::clean(&self.context.spec.title), text::Face::Regular, 18.0, 560.0);
        let parts = [title, what.to_owned(), self.clock.date(0.0), self.clock.offset()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// Draws every chart that the figures have something for: the name of each file and its bytes.
///
/// # Errors
/// Only if the machine runs out of memory.
pub fn all(context: &Context<'_>, figures: &Figures) -> Result<Vec<(&'static str, Vec<u8>)>, ReportError> {
    let look = Look::at(context, figures);
    Ok(vec![(error_rate::FILE, error_rate::draw(&look)?)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::Morning;

    /// Leaves the charts of the morning where they can be looked at.
    #[test]
    fn the_charts_of_a_morning_can_be_looked_at() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/charts-look");
        std::fs::create_dir_all(&folder).unwrap();
        let mut many = Morning::new();
        many.replicate(8);
        for (name, morning) in [("surge", Morning::new()), ("many", many), ("quiet", Morning::with_surge(0.0))] {
            for (file, bytes) in all(&morning.context(), &morning.figures).unwrap() {
                std::fs::write(folder.join(format!("{name}-{file}")), bytes).unwrap();
            }
        }
    }
}
