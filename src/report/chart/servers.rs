//! `servers.png`: how many servers each pool has, where that changes.

use super::curves::{Curves, Line, Values};
use super::limits::Limit;
use super::model::{Colour, Room};
use super::page::{PLOT_LEFT, PLOT_RIGHT};
use super::sheet::Sheet;
use super::{CAPTION, View};
use crate::analysis::finite;
use crate::measure::Scope;
use crate::report::numbers::rate;
use crate::vocabulary::Column;

/// Pools of the chart, at most.
const MOST: usize = 5;

/// Height of the plot of a pool, and of the space below.
const HEIGHT: f64 = 170.0;
const APART: f64 = 52.0;

fn room(top: f64) -> Room {
    Room { left: PLOT_LEFT, right: PLOT_RIGHT, top, bottom: top + HEIGHT }
}

/// The chart; none if the servers of no pool change.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let changed = |row: usize| {
        let all: Vec<f64> = finite(view.whole.series(row, Column::Servers)).collect();
        let (low, high) = all.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), it| (low.min(*it), high.max(*it)));
        if high > 0.0 { (high - low) / high } else { 0.0 }
    };
    let mut pools: Vec<(f64, usize, usize)> =
        view.pool_rows().map(|(row, pool)| (changed(row), row, pool)).filter(|(by, ..)| *by > 1e-6).collect();
    let all = pools.len();
    pools.sort_by(|a, b| b.0.total_cmp(&a.0));
    pools.truncate(MOST);
    if pools.is_empty() {
        return None;
    }
    let shown = View::of_all(pools.len(), all, "pools");
    let what = format!("servers of the pools whose number changes{shown}, {}", view.in_bins());
    let x = view.time_axis();
    let marks = view.marks(&x, 104.0 + view.strip_height());
    let top = marks.bottom() + CAPTION;
    let rooms: Vec<Room> = (0..pools.len()).map(|index| room(top + index as f64 * (HEIGHT + APART))).collect();
    let height = rooms.last().map_or(top, |room| room.bottom) + 84.0;
    let (mut sheet, _) = view.begin_high(height, &view.words.title("servers"), &view.subtitle(&what), &[]);
    for ((_, row, pool), room) in pools.iter().zip(&rooms) {
        let scope = Scope::pool(*pool);
        let up = view.series(Some(*row), Column::Servers);
        let wanted = view.series(Some(*row), Column::ServersWanted);
        // An autoscaler wants servers before they have booted.
        let waits_for = wanted.iter().zip(&up).any(|(wanted, up)| wanted.is_finite() && wanted != up);
        let line = |name: &str, colour, values, limits| Line {
            name: name.to_owned(),
            colour,
            values,
            limits,
            jumps: Vec::new(),
        };
        let name = if waits_for { "up" } else { "" };
        let mut lines = vec![line(name, Colour::Good, up, Limit::of(view, Column::Servers, scope))];
        if waits_for {
            // Below the line of those that are up.
            lines.insert(0, line("wanted", Colour::Subdued, wanted, Limit::of(view, Column::ServersWanted, scope)));
        }
        let capacity: Vec<f64> = finite(view.whole.series(*row, Column::CapacityPerSecond)).collect();
        let (low, high) =
            capacity.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), it| (low.min(*it), high.max(*it)));
        let makes_calls = view.context.spec.pool.get_index(*pool).is_some_and(|(_, pool)| !pool.calls.calls.is_empty());
        let can_serve = if makes_calls { "if calls took no time, they could serve" } else { "they can serve" };
        let note = if low.is_finite() {
            format!("mean of an interval; {can_serve} {} to {} attempts a second", rate(low), rate(high))
        } else {
            "mean of an interval".to_owned()
        };
        let heading = format!("Servers of {}", view.context.pool(*pool));
        sheet.panels.push(Curves::new(&heading, &note, lines, Values::Numbers).filled(0.14).panel(view, &x, *room));
    }
    if let Some(lowest) = sheet.panels.last_mut() {
        lowest.ticks();
    }
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}
