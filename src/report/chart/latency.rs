//! `latency.png`: how long served attempts took, from send to reply.

use super::axis::Axis;
use super::limits::Limit;
use super::model::{Colour, Room, Sheet};
use super::page::SHEET_RIGHT;
use super::panel::{End, Panel, runs};
use super::ticks::tick_millis;
use super::{View, stacked};
use crate::measure::Scope;
use crate::vocabulary::Column;

/// The curves: column, name, colour.
const CURVES: [(Column, &str, Colour); 3] = [
    (Column::LatencyP99, "99%", Colour::Series(0)),
    (Column::LatencyP95, "95%", Colour::Series(3)),
    (Column::LatencyP50, "half", Colour::Good),
];

/// The chart; none if no attempt is served.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    view.findings.latency?;
    let highest = if view.figures.intervals == view.whole.intervals { "" } else { ", the highest of each bin" };
    let what = format!(
        "half, 95% and 99% of the replies come within this time from send to reply; log scale{highest}, {}",
        view.in_bins()
    );
    let (mut sheet, top) = view.begin(&view.words.title("latency"), &view.subtitle(&what), &[]);
    let x = view.time_axis();
    let marks = view.marks(&x, top);
    let mut lines: Vec<Line> = CURVES
        .iter()
        .map(|(column, name, colour)| {
            let limits = Limit::of(view, *column, Scope::default());
            Line { values: positive(view, view.all, *column), name: (*name).to_owned(), colour: *colour, limits }
        })
        .collect();
    // Scopes with a threshold of their own have lines of their own.
    let mut ranks = [2, 4].into_iter();
    for (row, scope) in view.whole.scopes.iter().enumerate().filter(|(_, scope)| **scope != Scope::default()) {
        for (column, name, _) in CURVES {
            let limits = Limit::of(view, column, *scope);
            if let Some(rank) = (!limits.is_empty()).then(|| ranks.next()).flatten() {
                let (values, name) =
                    (positive(view, Some(row), column), format!("{} {name}", scope_name(view, *scope)));
                lines.push(Line { values, name, colour: Colour::Series(rank), limits });
            }
        }
    }
    let rooms = stacked(marks.bottom(), &[1.0]);
    sheet.panels.push(panel(view, &x, rooms[0], &lines));
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}

/// A curve with its limits.
struct Line {
    values: Vec<f64>,
    name: String,
    colour: Colour,
    limits: Vec<Limit>,
}

/// A column of a row; a logarithm has no place for zero, so that such a value is a gap.
fn positive(view: &View<'_>, row: Option<usize>, column: Column) -> Vec<f64> {
    view.series(row, column).into_iter().map(|value| if value > 0.0 { value } else { f64::NAN }).collect()
}

fn scope_name(view: &View<'_>, scope: Scope) -> String {
    let parts = [
        scope.region.map(|region| view.context.region(region)),
        scope.pool.map(|pool| view.context.pool(pool)),
        scope.request.map(|request| view.context.request(request)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn panel(view: &View<'_>, x: &Axis, room: Room, lines: &[Line]) -> Panel {
    let bounds = lines.iter().flat_map(|line| line.limits.iter().map(|limit| limit.bound));
    let all = || lines.iter().flat_map(|line| line.values.iter().copied()).filter(|value| value.is_finite());
    let low = all().chain(bounds.clone()).filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
    let y = Axis::log_millis(low, all().chain(bounds).fold(0.0, f64::max));
    let mut panel = Panel::new(room, x, y);
    panel.grid();
    let mut ends = Vec::new();
    for line in lines {
        for run in runs(&view.intervals, &line.values) {
            panel.line(&run, line.colour, 2.2);
        }
        ends.extend(End::of(&view.intervals, &line.values, &line.name, line.colour));
    }
    view.fade(&mut panel);
    for line in lines {
        ends.extend(
            panel
                .limits(&line.limits, tick_millis)
                .into_iter()
                .map(|end| End { text: format!("{} · {}", end.text, line.name), ..end }),
        );
    }
    panel.base();
    panel.ticks();
    panel.ends(&ends, SHEET_RIGHT);
    panel
}
