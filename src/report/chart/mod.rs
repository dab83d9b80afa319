//! Charts as data, one file per picture; [`render`](super::render) draws them.
//!
//! [`model`] defines a chart, [`axis`], [`panel`], [`marks`] and [`page`] put charts together, [`shapes`] breaks a chart down
//! for renderers. A chart's title says what happened, in words made of the findings, so the title holds for any figures.

pub mod axis;
mod bins;
mod blanks;
mod bottleneck;
mod callout;
pub mod comparison;
mod curves;
pub mod delivery;
pub mod demand;
pub mod error_rate;
pub mod find;
pub mod focus;
mod latencies;
mod limits;
pub mod marks;
pub mod model;
mod named_axes;
pub mod overview;
pub mod page;
pub mod panel;
pub mod people;
pub mod pools;
mod protected;
pub mod regions;
pub mod reports;
pub mod search;
pub mod servers;
pub mod shapes;
pub mod sheet;
mod stack;
mod strips;
pub mod sweep;
pub mod theme;
pub mod ticks;
pub mod usage;
pub mod waiting;
mod windows;

use std::borrow::Cow;

use self::axis::Axis;
use self::bins::Bins;
use self::focus::Focus;
use self::marks::Marks;
use self::model::Room;
use self::page::{BETWEEN, Named, PLOT_LEFT, PLOT_RIGHT, Provenance};
use self::panel::Panel;
use self::sheet::Sheet;
use super::clock::Clock;
use super::words::Words;
use super::{Context, Subject, letters, numbers};
use crate::analysis::Findings;
use crate::analysis::work::per_second;
use crate::measure::{Figures, Scope};
use crate::vocabulary::{Column, Outcome};

/// A run as charts look at it.
pub struct View<'a> {
    context: &'a Context<'a>,
    subject: Subject<'a>,
    /// The figures of the bins that are drawn.
    figures: Cow<'a, Figures>,
    /// The figures of all intervals.
    whole: &'a Figures,
    /// The figures of an ordinary day in the same bins, with the row of everything; none where there was no such run.
    ordinary: Option<(Cow<'a, Figures>, usize)>,
    findings: &'a Findings,
    words: &'a Words,
    clock: Clock,
    /// Start and end of each bin, in seconds from the drop.
    intervals: Vec<(f64, f64)>,
    /// Row of the figures of everything, if there are rows.
    all: Option<usize>,
    /// The part of the run that is drawn, if not all of it is.
    focus: Option<Focus>,
}

impl<'a> View<'a> {
    /// The view of a run: of the part in which something happens, where that is short beside the whole.
    pub fn of(subject: &Subject<'a>) -> View<'a> {
        match Focus::of(subject) {
            Some(focus) => View::focused(subject, focus),
            None => View::whole(subject),
        }
    }

    /// The view of a part of a run.
    fn focused(subject: &Subject<'a>, focus: Focus) -> View<'a> {
        let part = |figures: &Figures| Bins::of(&figures.within(focus.at.clone())).into_owned();
        let (figures, intervals) = part(subject.figures);
        View { figures: Cow::Owned(figures), intervals, focus: Some(focus), ..View::whole(subject) }
    }

    /// The view of the whole run.
    pub fn whole(subject: &Subject<'a>) -> View<'a> {
        let Subject { context, figures, findings, words, ordinary, .. } = *subject;
        let Bins { figures: binned, edges: intervals } = Bins::of(figures);
        let (clock, all) = (Clock::of_drop(context.spec), figures.scope(Scope::default()));
        let ordinary = ordinary.and_then(|day| Some((Bins::of(day).figures, day.scope(Scope::default())?)));
        let (whole, subject) = (figures, *subject);
        View { context, subject, figures: binned, whole, ordinary, findings, words, clock, intervals, all, focus: None }
    }

    /// The same run without a focus on a part of it.
    fn unfocused(&self) -> View<'a> {
        View::whole(&self.subject)
    }

    /// The whole run and its ordinary day in bins of at least `least` intervals each.
    fn in_bins_of(&self, least: usize) -> View<'a> {
        let bins = |figures: &Figures| Bins::of_at_least(figures, least).into_owned();
        let (figures, intervals) = bins(self.subject.figures);
        let day = self.subject.ordinary;
        let ordinary = day.and_then(|day| Some((Cow::Owned(bins(day).0), day.scope(Scope::default())?)));
        View { figures: Cow::Owned(figures), intervals, ordinary, ..self.unfocused() }
    }

    /// Start and end of the part that is drawn, in seconds from the drop; `None` where the whole run is.
    pub fn part(&self) -> Option<(f64, f64)> {
        self.focus.as_ref().map(|focus| (focus.from_s, focus.until_s))
    }

    /// The whole run as a strip that begins at `top`; `None` where all of the run is drawn.
    fn strip(&self, top: f64) -> Option<Panel> {
        self.focus.as_ref().map(|focus| focus.strip(self.whole, &self.clock, top))
    }

    /// Height that the strip takes above the plots.
    fn strip_height(&self) -> f64 {
        if self.focus.is_some() { Focus::HEIGHT } else { 0.0 }
    }

    /// Start and end of what is drawn, in seconds from the drop.
    fn drawn_span(&self) -> (f64, f64) {
        self.part().unwrap_or_else(|| self.span())
    }

    /// Start and end of the run, in seconds from the drop.
    fn span(&self) -> (f64, f64) {
        (self.whole.first_s, self.whole.time_s(self.whole.intervals))
    }

    /// The clock axis of what is drawn, the same for every plot from the usual left to the usual right edge.
    fn time_axis(&self) -> Axis {
        let (from, until) = self.drawn_span();
        Axis::clock(&self.clock, from, until, PLOT_RIGHT - PLOT_LEFT, 92.0)
    }

    /// The drops and the changes above plots that begin at `top`.
    fn marks(&self, x: &Axis, top: f64) -> Marks {
        Marks::lay_out(&self.clock, self.context, x, (PLOT_LEFT, PLOT_RIGHT), top)
    }

    /// Moments of the drops and of the changes, in seconds from the drop.
    fn mark_times(&self) -> Vec<f64> {
        let drops = self.context.spec.region.values().map(|region| region.drop_delay.seconds());
        drops.chain([0.0]).chain(self.context.changes.iter().map(|mark| mark.t_s)).collect()
    }

    /// Start and end of what is measured, in seconds from the drop.
    fn measured_span(&self) -> (f64, f64) {
        let (first, last) = self.span();
        let Some(measure) = &self.context.spec.measure else { return (first, last) };
        let inside = |at: crate::units::Span| at.seconds().max(first).min(last);
        (measure.from.map_or(first, inside), measure.until.map_or(last, inside))
    }

    /// Makes pale what the summary does not cover.
    fn fade(&self, panel: &mut Panel) {
        let ((first, last), (from, until)) = (self.span(), self.measured_span());
        let (low, high) = (panel.x.low, panel.x.high);
        for (start, end) in [(first, from), (until, last)] {
            if end.min(high) > start.max(low) {
                panel.fade(start, end);
            }
        }
    }

    /// Whether each bin is an interval.
    fn draws_intervals(&self) -> bool {
        (self.figures.width_s - self.whole.width_s).abs() < 1e-9
    }

    /// Width of the bins for the subtitle: `in intervals of 10 s`, `in bins of 5 s`.
    fn in_bins(&self) -> String {
        let width = crate::units::Span::from_seconds(self.figures.width_s);
        let word = if self.draws_intervals() { "intervals" } else { "bins" };
        let faded = if self.context.spec.measure.is_some() { "; pale: not measured" } else { "" };
        format!("in {word} of {width}{faded}")
    }

    /// A count of each interval as a rate per second; empty where there is no row.
    fn per_second(&self, row: Option<usize>, column: Column) -> Vec<f64> {
        row.map_or_else(Vec::new, |row| per_second(&self.figures, row, column))
    }

    /// One column of a row; empty where there is no row.
    fn series(&self, row: Option<usize>, column: Column) -> Vec<f64> {
        row.map_or_else(Vec::new, |row| self.figures.series(row, column).collect())
    }

    /// One column of a row in the intervals that are measured.
    fn measured(&self, row: usize, column: Column) -> impl Iterator<Item = f64> + '_ {
        let (from, until) = self.measured_span();
        let near = self.whole.width_s * 1e-6;
        let cells = self.whole.series(row, column).enumerate();
        cells
            .filter(move |(index, _)| {
                self.whole.time_s(*index) >= from - near && self.whole.time_s(index + 1) <= until + near
            })
            .map(|(_, value)| value)
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

    /// The end of a partial run, the scenario's title, what is drawn, and the days and zone of the clock. The title gives way
    /// where room is short, or where the fonts lack its letters, since the footer names the scenario too.
    fn subtitle(&self, what: &str) -> String {
        let (from, until) = self.drawn_span();
        let partial = page::partial(self.context).map(|partial| format!("{partial} · ")).unwrap_or_default();
        let rest = [what, &self.clock.dates(from, until), &self.clock.offset()].join(" · ");
        let room = BETWEEN - theme::SUBTITLE.measure(&format!("{partial}{rest}")) - 20.0;
        let title = if letters::has(&self.context.spec.title) { self.context.spec.title.as_str() } else { "" };
        let title = theme::SUBTITLE.shorten(title, room.min(600.0));
        // A title of a few letters and an ellipsis tells nobody anything.
        if title.is_empty() || (room < 100.0 && title.ends_with('…')) {
            return numbers::capital(&format!("{partial}{rest}"));
        }
        format!("{partial}{title} · {rest}")
    }

    /// The name of an outcome: attempts that are rejected meet full queues, pools without a server, or calls that
    /// fail.
    fn label(&self, outcome: Outcome) -> &'static str {
        if outcome != Outcome::Rejected {
            return outcome.label();
        }
        if self.subject.analyses.first().is_some_and(|run| run.why.rejects_unqueued) {
            return "503 rejected";
        }
        let (mut all, mut without) = (0.0, 0.0);
        for (row, _) in self.pool_rows() {
            let rejected = self.whole.series(row, outcome.column());
            for (rejected, no_server) in rejected.zip(self.whole.series(row, Column::NoServerShare)) {
                if rejected > 0.0 {
                    all += rejected;
                    without += if no_server > 0.0 { rejected } else { 0.0 };
                }
            }
        }
        match without / all {
            share if share > 0.99 => "503 no server",
            share if share > 0.01 => "503 rejected",
            _ => outcome.label(),
        }
    }

    /// The rows that are drawn of those that have something, and how many there are: `5 of 25 regions`; empty if all are.
    fn of_all(shown: usize, all: usize, things: &str) -> String {
        if shown < all { format!(": {shown} of {all} {things}") } else { String::new() }
    }

    /// A sheet with title, subtitle, legend and footer, and where the plots may begin.
    fn begin(&self, title: &str, subtitle: &str, legend: &[Named]) -> (Sheet, f64) {
        self.begin_high(model::HEIGHT, title, subtitle, legend)
    }

    /// A sheet of some height with title, subtitle and footer.
    fn begin_plain(&self, height: f64, title: &str, subtitle: &str) -> Sheet {
        let provenance = Provenance::of(self.context, self.figures.replications);
        page::begin_high(height, title, subtitle, &[], provenance).0
    }

    /// A sheet of some height with title, subtitle, legend and footer, and where the plots may begin.
    fn begin_high(&self, height: f64, title: &str, subtitle: &str, legend: &[Named]) -> (Sheet, f64) {
        let provenance = Provenance::of(self.context, self.figures.replications);
        let (mut sheet, top) = page::begin_high(height, title, subtitle, legend, provenance);
        sheet.panels.extend(self.strip(top));
        (sheet, top + self.strip_height())
    }
}

/// Height of the caption of a plot.
const CAPTION: f64 = 26.0;

/// Rooms one above the other from `top` to the foot of the lowest plot, with shares of the height in the ratio of `weights`
/// and room for a caption above each but the first.
fn stacked(top: f64, weights: &[f64]) -> Vec<Room> {
    stacked_to(page::PLOT_BOTTOM, top, weights)
}

/// The same down to some height.
fn stacked_to(bottom: f64, top: f64, weights: &[f64]) -> Vec<Room> {
    const APART: f64 = 48.0;
    let all = bottom - top - APART * (weights.len().max(1) - 1) as f64;
    let total: f64 = weights.iter().sum();
    let mut upper = top;
    let mut rooms = Vec::with_capacity(weights.len());
    for weight in weights {
        let bottom = upper + all * weight / total;
        rooms.push(Room { left: PLOT_LEFT, right: PLOT_RIGHT, top: upper, bottom });
        upper = bottom + APART;
    }
    rooms
}

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;
