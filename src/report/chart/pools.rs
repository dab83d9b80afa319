//! `pools.png`: a row for each pool: how busy its servers are, when it is saturated, its queue, its wait and its servers.

use super::axis::Axis;
use super::limits::Limit;
use super::model::{Colour, Fill, Heat, Key, Part, Room, SHADES};
use super::page::{Named, PLOT_LEFT, PLOT_RIGHT, SHEET_RIGHT};
use super::panel::{End, Panel, runs};
use super::protected::{Guard, colour};
use super::sheet::Sheet;
use super::{CAPTION, View};
use crate::analysis::{finite, highest};
use crate::measure::Scope;
use crate::report::numbers::{grouped, millis, percent, si};
use crate::vocabulary::{Column, Figure, Path, RowKind};

/// Rows of the chart, at most.
const MOST: usize = 10;
/// Height of the strip of a row, of the line that says when the pool is saturated, of the queue if attempts wait and if none do,
/// and of the space below.
const STRIP: f64 = 20.0;
const SATURATED: f64 = 6.0;
const QUEUE: f64 = 58.0;
const NO_QUEUE: f64 = 8.0;
const APART: f64 = 44.0;
/// Milliseconds of a mean wait from which on it is told.
const BRIEF: f64 = 0.1;
/// Height of a plot of what protections did, and of the space above it.
const GUARD: f64 = 64.0;
const ABOVE: f64 = 36.0;
/// Share of an interval from which on a pool that is full, or has no server, is marked.
const MARKED: f64 = 0.5;

/// A pool and what is drawn of it.
struct Row<'v> {
    name: &'v str,
    busy: Vec<f64>,
    queue: Vec<f64>,
    /// Share of each bin in which the pool is full or has no server.
    saturated: Vec<f64>,
    /// Utilization, longest queue, longest wait and number of servers, in words.
    words: String,
    /// Thresholds on its utilization.
    limits: Vec<Limit>,
    /// Protections of the pool that turned attempts away or limited them.
    guards: Vec<Guard>,
}

impl<'v> Row<'v> {
    fn of(view: &View<'v>, row: usize, pool: usize) -> Option<Row<'v>> {
        let series = |column| view.series(Some(row), column);
        let scope = Scope::pool(pool);
        let (busy, queue) = (series(Column::Utilization), series(Column::QueueMean));
        let known = |values: &[f64]| values.iter().any(|value| value.is_finite());
        if !known(&busy) && highest(&queue) <= 0.0 {
            return None;
        }
        let share = |value: f64| if value.is_finite() { value } else { 0.0 };
        let without = series(Column::NoServerShare);
        let full = series(Column::FullShare);
        let saturated = full.iter().zip(&without).map(|(full, without)| share(*full).max(share(*without))).collect();
        let limits = Limit::of(view, Column::Utilization, scope);
        let (name, words, guards) = (view.context.pool(pool), words(view, row, pool), Guard::of(view, row, pool));
        Some(Row { name, busy, queue, saturated, words, limits, guards })
    }

    /// Whether attempts wait for the pool.
    fn queues(&self) -> bool {
        highest(&self.queue) >= 0.5
    }

    /// The height of the row, without the space below it.
    fn height(&self) -> f64 {
        let queue = if self.queues() { QUEUE } else { NO_QUEUE };
        STRIP + SATURATED + queue + (GUARD + ABOVE) * self.guards.len() as f64
    }

    /// Sort key of rows, the greatest first: a threshold, time saturated, mean utilization.
    fn weight(&self) -> (bool, f64, f64) {
        let busy: Vec<f64> = finite(self.busy.iter().copied()).collect();
        let mean = busy.iter().sum::<f64>() / busy.len().max(1) as f64;
        (!self.limits.is_empty(), self.saturated.iter().filter(|share| **share >= MARKED).count() as f64, mean)
    }
}

/// Utilization of a pool, its longest queue and wait, and its servers.
fn words(view: &View<'_>, row: usize, pool: usize) -> String {
    let highest = |column| highest(&view.measured(row, column).collect::<Vec<f64>>());
    let mut words = Vec::new();
    let busy = Path { figure: Figure::Utilization, kind: RowKind::Pool, index: pool };
    if let Some(busy) = view.figures.figure(busy) {
        words.push(format!("{} busy, up to {}", percent(busy.mean), percent(highest(Column::Utilization))));
    }
    let servers: Vec<f64> = finite(view.whole.series(row, Column::Servers)).collect();
    let (low, high) = servers.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), it| (low.min(*it), high.max(*it)));
    match (low.round(), high.round()) {
        (low, _) if !low.is_finite() => {}
        (1.0, 1.0) => words.push("1 server".to_owned()),
        (low, high) if low == high => words.push(format!("{} servers", grouped(low))),
        (low, high) => words.push(format!("{} to {} servers", grouped(low), grouped(high))),
    }
    if highest(Column::ServersBooting) >= 0.5 {
        words.push(format!("up to {} booting", si(highest(Column::ServersBooting))));
    }
    if highest(Column::ServersEjected) >= 0.05 {
        words.push(format!("up to {} ejected", si(highest(Column::ServersEjected))));
    }
    if highest(Column::QueueMax) >= 0.5 {
        words.push(format!("queue up to {}", si(highest(Column::QueueMax))));
    }
    // Where no attempt has left the queue, no wait is known.
    if highest(Column::QueueMax) >= 0.5 && highest(Column::WaitMean) >= BRIEF {
        words.push(format!("waits up to {} on average", millis(highest(Column::WaitMean))));
    }
    words.join(" · ")
}

/// The chart; none if nothing was ever busy and nothing waited.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let mut rows: Vec<Row<'_>> = view.pool_rows().filter_map(|(row, pool)| Row::of(view, row, pool)).collect();
    let is_idle = |row: &Row<'_>| [&row.busy, &row.queue, &row.saturated].iter().all(|values| highest(values) <= 0.0);
    if rows.iter().all(|row| is_idle(row) && row.limits.is_empty()) {
        return None;
    }
    let all = rows.len();
    rows.sort_by(|a, b| {
        let (a, b) = (a.weight(), b.weight());
        b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(b.2.total_cmp(&a.2))
    });
    rows.truncate(MOST);
    let queued = rows.iter().any(Row::queues);
    let shown = View::of_all(rows.len(), all, "pools");
    let what = format!("how busy the servers of each pool are, and how many wait{shown}, {}", view.in_bins());
    let mut legend: Vec<Named> = vec![
        ("Idle".to_owned(), Colour::Fill(Fill::Amount(0.0)), Key::Area),
        ("Half busy".to_owned(), Colour::Fill(Fill::Amount(0.5)), Key::Area),
        ("All busy".to_owned(), Colour::Fill(Fill::Amount(1.0)), Key::Area),
    ];
    if rows.iter().any(|row| row.saturated.iter().any(|share| *share >= MARKED)) {
        legend.push(("Full while somebody waits, or without a server".to_owned(), Colour::Broken, Key::Line));
    }
    if queued {
        legend.push(("Queue, mean of an interval".to_owned(), Colour::Queue, Key::Area));
    }
    for outcome in rows.iter().flat_map(|row| &row.guards).flat_map(Guard::outcomes) {
        let entry = (view.label(outcome).to_owned(), colour(outcome), Key::Area);
        if !legend.contains(&entry) {
            legend.push(entry);
        }
    }
    let x = view.time_axis();
    let marks = view.marks(&x, 140.0 + view.strip_height());
    let height = marks.bottom() + CAPTION + rows.iter().map(|row| row.height() + APART).sum::<f64>() + 46.0;
    let (mut sheet, _) = view.begin_high(height.max(300.0), &view.words.title("pools"), &view.subtitle(&what), &legend);
    let mut top = marks.bottom() + CAPTION;
    let mut rooms = Vec::new();
    for row in &rows {
        let bottom = top + row.height();
        let room = Room { left: PLOT_LEFT, right: PLOT_RIGHT, top, bottom };
        let guarded = (GUARD + ABOVE) * row.guards.len() as f64;
        sheet.panels.extend(panels(view, row, &x, Room { bottom: bottom - guarded, ..room }));
        for (index, guard) in row.guards.iter().enumerate() {
            let bottom = bottom - (GUARD + ABOVE) * (row.guards.len() - 1 - index) as f64;
            sheet.panels.push(guard.panel(view, &x, Room { top: bottom - GUARD, bottom, ..room }));
        }
        rooms.push(room);
        top = bottom + APART;
    }
    if let Some(lowest) = sheet.panels.last_mut() {
        // A pool without a queue has no line of its own.
        if rows.last().is_some_and(|row| !row.queues() && row.guards.is_empty()) {
            lowest.base();
        }
        lowest.ticks();
    }
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}

/// The plots of a pool: the strip with the line below it, and the queue.
fn panels(view: &View<'_>, row: &Row<'_>, x: &Axis, room: Room) -> [Panel; 2] {
    let upper = Room { bottom: room.top + STRIP + SATURATED, ..room };
    let mut strip = Panel::new(upper, x, Axis::with_ticks(0.0, STRIP + SATURATED, false, Vec::new()));
    let mut xs: Vec<f64> = view.intervals.iter().map(|(from, _)| *from).collect();
    xs.extend(view.intervals.last().map(|(_, until)| *until));
    let fill = |share: &f64| share.is_finite().then(|| Fill::Amount((share.clamp(0.0, 1.0) * SHADES).round() / SHADES));
    let fills = row.busy.iter().map(fill).collect();
    strip.under.push(Part::Heat(Heat { xs, ys: vec![STRIP + SATURATED, SATURATED], fills }));
    for (from, until) in stretches(view, &row.saturated) {
        strip.line(&[(from, 2.5), (until, 2.5)], Colour::Broken, 5.0);
    }
    view.fade(&mut strip);
    strip.heading(row.name, &row.words);
    let limit = |limit: &Limit| End {
        at: (x.high, STRIP / 2.0 + SATURATED),
        text: limit.words(percent),
        colour: if limit.broken.is_empty() { Colour::Ink } else { Colour::Broken },
    };
    strip.ends(&row.limits.iter().map(limit).collect::<Vec<_>>(), SHEET_RIGHT);
    let lower = Room { top: room.top + STRIP + SATURATED + 4.0, ..room };
    let mut queue = if row.queues() {
        Panel::new(lower, x, Axis::whole(highest(&row.queue) * 1.05, 2))
    } else {
        Panel::new(lower, x, Axis::with_ticks(0.0, 1.0, false, Vec::new()))
    };
    if row.queues() {
        queue.grid();
        for run in runs(&view.intervals, &row.queue) {
            queue.area(&run, Colour::Queue, 0.35);
            queue.line(&run, Colour::Queue, 1.6);
        }
        queue.base();
    }
    view.fade(&mut queue);
    [strip, queue]
}

/// The stretches in which a share is at least half.
fn stretches(view: &View<'_>, shares: &[f64]) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = Vec::new();
    for ((from, until), share) in view.intervals.iter().zip(shares) {
        match found.last_mut() {
            _ if *share < MARKED => {}
            Some(last) if *from <= last.1 + 1e-9 => last.1 = *until,
            _ => found.push((*from, *until)),
        }
    }
    found
}
