//! `streams.png`: how many streams play, and how much of their capacity the links carry.

use super::axis::Axis;
use super::limits::{Limit, reach};
use super::model::{Colour, Room, SERIES, Sheet};
use super::page::SHEET_RIGHT;
use super::panel::{End, Panel, runs};
use super::{CAPTION, View, stacked};
use crate::analysis::highest;
use crate::measure::Scope;
use crate::report::numbers::{percent, si};
use crate::vocabulary::Column;

/// The chart; none if nothing streams.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    view.findings.streams?;
    let what = format!("streams that play, what reaches them, and what carries them, {}", view.in_bins());
    let (mut sheet, top) = view.begin(&view.words.title("streams"), &view.subtitle(&what), &[]);
    let x = view.time_axis();
    let marks = view.marks(&x, top);
    let mut drawn: Vec<(f64, Curves)> = vec![(2.6, streams(view)), (1.2, bit_rate(view)), (1.0, stalls(view))];
    drawn.push((1.4, links(view)));
    drawn.retain(|(_, curves)| !curves.lines.is_empty());
    let rooms = stacked(marks.bottom() + CAPTION, &drawn.iter().map(|(weight, _)| *weight).collect::<Vec<_>>());
    let last = drawn.len().saturating_sub(1);
    for (index, ((_, curves), room)) in drawn.iter().zip(&rooms).enumerate() {
        let mut panel = curves.panel(view, &x, *room);
        if index == last {
            panel.ticks();
        }
        sheet.panels.push(panel);
    }
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}

/// The curves of one panel.
struct Curves {
    caption: String,
    lines: Vec<Line>,
    /// Whether the curves are shares, which have an axis of percentages.
    shares: bool,
    /// Opacity of the area below the curves.
    filled: f64,
}

struct Line {
    name: String,
    colour: Colour,
    values: Vec<f64>,
    limits: Vec<Limit>,
}

impl Curves {
    /// One curve of everything in a column, without a curve where the column is empty.
    fn one(view: &View<'_>, caption: &str, column: Column, factor: f64, colour: Colour, filled: f64) -> Curves {
        let values: Vec<f64> = view.series(view.all, column).iter().map(|value| value * factor).collect();
        let limits = Limit::of(view, column, Scope::default()).into_iter();
        let limits = limits.map(|limit| Limit { bound: limit.bound * factor, ..limit }).collect();
        let line = Line { name: String::new(), colour, values, limits };
        let lines = if line.values.iter().any(|value| value.is_finite()) { vec![line] } else { Vec::new() };
        Curves { caption: caption.to_owned(), lines, shares: false, filled }
    }

    fn panel(&self, view: &View<'_>, x: &Axis, room: Room) -> Panel {
        let most = self.lines.iter().map(|line| highest(&line.values)).fold(0.0, f64::max);
        let limits: Vec<Limit> = self.lines.iter().flat_map(|line| line.limits.clone()).collect();
        let (most, steps) = (reach(&limits, most), if room.bottom - room.top > 200.0 { 5 } else { 3 });
        let y = if self.shares { Axis::shares(most, steps) } else { Axis::counts(most * 1.05, steps) };
        let mut panel = Panel::new(room, x, y);
        panel.grid();
        panel.caption(&self.caption);
        let mut ends = Vec::new();
        for line in &self.lines {
            for run in runs(&view.intervals, &line.values) {
                if self.filled > 0.0 {
                    panel.area(&run, line.colour, self.filled);
                }
                let stroke = if line.colour == Colour::Stalls { Colour::Ink } else { line.colour };
                panel.line(&run, stroke, 2.0);
            }
            ends.extend(End::of(&view.intervals, &line.values, &line.name, line.colour));
        }
        ends.retain(|end| !end.text.is_empty());
        view.fade(&mut panel);
        for line in &self.lines {
            let show = |value: f64| if self.shares { percent(value) } else { si(value) };
            let told = panel.limits(&line.limits, show).into_iter();
            ends.extend(told.map(|end| match line.name.as_str() {
                "" => end,
                name => End { text: format!("{} · {name}", end.text), ..end },
            }));
        }
        panel.base();
        panel.ends(&ends, SHEET_RIGHT);
        panel
    }
}

fn streams(view: &View<'_>) -> Curves {
    Curves::one(view, "Streams that play", Column::StreamsMean, 1.0, Colour::Streams, 0.16)
}

fn bit_rate(view: &View<'_>) -> Curves {
    Curves::one(view, "Mean bit rate of a stream, bit/s", Column::BitrateMean, 1e3, Colour::Streams, 0.0)
}

/// The time in which streams stand still; without a curve where none ever does.
fn stalls(view: &View<'_>) -> Curves {
    let caption = "Share of the time of streams in which the picture stands still";
    let mut curves = Curves::one(view, caption, Column::StalledShare, 1.0, Colour::Stalls, 0.8);
    curves.shares = true;
    curves.lines.retain(|line| highest(&line.values) > 0.0 || !line.limits.is_empty());
    curves
}

/// The links of the regions whose links are fullest; those with a threshold of their own first.
fn links(view: &View<'_>) -> Curves {
    let line = |(row, region): (usize, usize)| {
        let scope = Scope { region: Some(region), ..Scope::default() };
        let values = view.series(Some(row), Column::LinkUtilization);
        let limits = Limit::of(view, Column::LinkUtilization, scope);
        let name = view.context.region(region).to_owned();
        values.iter().any(|value| value.is_finite()).then_some(Line { name, colour: Colour::Ink, values, limits })
    };
    let mut lines: Vec<Line> = view.region_rows().filter_map(line).collect();
    let rank = |line: &Line| (line.limits.is_empty(), -highest(&line.values));
    lines.sort_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1)));
    let all = lines.len();
    lines.truncate(SERIES);
    for (rank, line) in lines.iter_mut().enumerate() {
        line.colour = Colour::Series(rank);
    }
    let caption = format!("What the links carry, of their capacity{}", View::of_all(lines.len(), all, "regions"));
    Curves { caption, lines, shares: true, filled: 0.0 }
}
