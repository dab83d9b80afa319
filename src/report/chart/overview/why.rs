//! Why: what is asked of the bottleneck and what it serves, in multiples of its capacity; and its queue.

use crate::analysis::{finite, highest};
use crate::measure::Scope;
use crate::report::chart::View;
use crate::report::chart::axis::Axis;
use crate::report::chart::blanks;
use crate::report::chart::bottleneck::Bottleneck;
use crate::report::chart::curves::{self, Curves, Line, Values};
use crate::report::chart::demand::far_above;
use crate::report::chart::model::{Block, Colour, Part, Room, Text};
use crate::report::chart::page::SHEET_RIGHT;
use crate::report::chart::panel::{End, Panel, runs};
use crate::report::chart::theme;
use crate::report::chart::ticks::decimal;
use crate::report::chart::windows::Window;
use crate::report::numbers::{grouped, rate, times};
use crate::vocabulary::Column;

/// A factor between curves from which on an even axis would hide the smaller.
const HIDES: f64 = 30.0;
/// Height of a plot in which the numbers of servers have room above the curves.
const HEAD: f64 = 1.18;
/// Share of what a pool can serve below which what is asked is not drawn in multiples of it, which would lie on the foot.
const TINY: f64 = 1.0 / HIDES;
/// Factor between the least and the greatest that a number of servers can serve from which on both are told.
const APART: f64 = 1.15;
/// Seconds that a pool takes for its queue from which on people feel it.
const FELT: f64 = 0.02;
/// Share of the busy slots that wait for calls from which on these are what holds them.
const HELD: f64 = 0.5;
/// Share of an interval in which a pool is full from which on it is told to be.
const FULL: f64 = 0.5;
/// Highest multiple of the peak queue up to which its limit is drawn.
const REACH: f64 = 2.0;

/// The slots of a pool that is full since its slots wait for calls, though it is never asked for more than it can serve; none for any
/// other pool.
pub fn held_slots(view: &View<'_>, pool: &Bottleneck) -> Option<Curves> {
    let line = |column, name, colour| Line::of(view, Scope::pool(pool.index), column, 1.0, name, colour);
    let mut busy = line(Column::Utilization, "busy", Colour::Demand)?;
    let mut waiting = line(Column::CallingMean, "wait for calls", Colour::Queue)?;
    let in_service = view.series(Some(pool.row), Column::InServiceMean);
    let sum = |values: &[f64]| finite(values.iter().copied()).sum::<f64>();
    let is_held = sum(&waiting.values) >= HELD * sum(&in_service);
    let is_full = highest(&view.series(Some(pool.row), Column::FullShare)) >= FULL;
    if !is_held || !is_full || highest(&over(pool, &pool.work.sent)) >= 1.0 {
        return None;
    }
    // Of the slots that are busy, those of attempts that wait.
    let of_busy = |(waiting, in_service): (&f64, &f64)| if *in_service > 0.0 { waiting / in_service } else { 0.0 };
    let held: Vec<f64> = waiting.values.iter().zip(&in_service).map(of_busy).collect();
    waiting.values = held.iter().zip(&busy.values).map(|(held, busy)| held * busy).collect();
    (busy.limits, waiting.limits) = (Vec::new(), Vec::new());
    let name = view.context.pool(pool.index);
    let heading = format!("Why: the slots of {name}");
    let note =
        "share of them that is busy, and that waits for calls; attempts that find no slot wait or are turned away";
    Some(Curves::new(&heading, note, [busy, waiting], Values::Shares).filled(0.16))
}

/// The plot of a pool: in multiples of its capacity, or, where that is unknown or endless, in attempts per second.
pub fn panel(view: &View<'_>, x: &Axis, pool: &Bottleneck, room: Room) -> Panel {
    let is_tiny = highest(&over(pool, &pool.work.sent)).max(highest(&over(pool, &pool.work.served))) < TINY;
    if pool.is_measured() && !is_tiny { multiples(view, x, pool, room) } else { rates(view, x, pool, room) }
}

/// Attempts per second in multiples of what the pool can serve; NaN where it can serve nothing.
fn over(pool: &Bottleneck, values: &[f64]) -> Vec<f64> {
    let ratio = |(value, capacity): (&f64, &f64)| if *capacity > 0.0 { value / capacity } else { f64::NAN };
    values.iter().zip(&pool.work.capacity).map(ratio).collect()
}

/// The stretches in which a pool can serve nothing.
fn outages(view: &View<'_>, pool: &Bottleneck) -> Vec<blanks::Blank> {
    let servers = view.series(Some(pool.row), Column::Servers);
    blanks::stretches(view, "no server", |bin| servers[bin] == 0.0)
}

fn multiples(view: &View<'_>, x: &Axis, pool: &Bottleneck, room: Room) -> Panel {
    let (mut asked, mut served) = (over(pool, &pool.work.sent), over(pool, &pool.work.served));
    let told = told(view, pool, x);
    let most = highest(&asked).max(told.map_or(1.0, |(.., value)| value)).max(1.0);
    let least = finite(asked.iter().chain(&served).copied()).filter(|value| *value > 0.0).fold(1.0, f64::min);
    let log = most > 4.0 || most / least > HIDES && most > 1.5;
    let label = |value: f64| format!("{}×", decimal(value));
    let y = if log {
        let least = least.max(most * 1e-4).max(0.01);
        curves::from_nothing(&mut [&mut asked, &mut served], (least, most), HEAD, label)
    } else {
        Axis::from_zero((most * HEAD).max(1.25), 4, label)
    };
    let mut panel = Panel::new(room, x, y);
    panel.grid();
    let unwritten = panel.blanks(&outages(view, pool));
    let grey = if unwritten.is_empty() { "" } else { "; grey: no server" };
    let scale = if log { "; log scale" } else { "" };
    let asked_of = match &pool.caller {
        Some(caller) => format!("sent to {caller}, as calls to {}", view.context.pool(pool.index)),
        None => format!("asked of {}", view.context.pool(pool.index)),
    };
    panel.heading(
        &format!("Why: what is {asked_of}, in multiples of what it can serve"),
        &format!("beyond 1× attempts wait or are turned away{scale}{grey}"),
    );
    for run in runs(&view.intervals, &asked) {
        panel.area(&run, Colour::Demand, 0.12);
    }
    if !log {
        // Below the curves, so that these are seen where nothing is asked.
        panel.base();
    }
    panel.line(&[(x.low, 1.0), (x.high, 1.0)], Colour::Ink, 1.8);
    panel.name(Colour::Ink, "what it can serve");
    for (values, colour) in [(&asked, Colour::Demand), (&served, Colour::Good)] {
        runs(&view.intervals, values).iter().for_each(|run| panel.line(run, colour, 2.4));
    }
    view.fade(&mut panel);
    if log {
        panel.base();
    }
    let mut ends = vec![End { at: (x.high, 1.0), text: "what it can serve".to_owned(), colour: Colour::Ink }];
    ends.extend(End::of(&view.intervals, &asked, "asked", Colour::Demand));
    ends.extend(End::of(&view.intervals, &served, "served", Colour::Good));
    panel.ends(&ends, SHEET_RIGHT);
    let taken = told.map_or_else(Vec::new, |window| call_out(view, window, &mut panel));
    servers(view, pool, &mut panel, taken);
    panel
}

/// The window that a title speaks of, or, with replications, that of their mean, if it lies within the plot.
fn told(view: &View<'_>, pool: &Bottleneck, x: &Axis) -> Option<Window> {
    let told = if view.figures.replications > 1 { pool.window_of_mean(view) } else { pool.titled_window(view) };
    told.filter(|(from, until, value)| *value >= 1.0 && x.holds(*from) && x.holds(*until))
}

/// Points at a window. Returns what of the head the words take, from left to right.
fn call_out(view: &View<'_>, window: Window, panel: &mut Panel) -> Vec<(f64, f64)> {
    view.point_at(panel, window, &times(window.2));
    let labels =
        panel.over.iter().filter_map(|part| if let Part::Label { text, .. } = part { Some(text) } else { None });
    let at_head = labels.filter(|text| text.at.1 > panel.room.top && text.at.1 < panel.room.top + 32.0);
    at_head.map(|text| (text.at.0, text.at.0 + text.style.measure(&text.text))).collect()
}

/// The number of servers and what they can serve, at the head where each number begins; of numbers that are too close together,
/// the one that holds longest. Nothing is written where the head is taken.
fn servers(view: &View<'_>, pool: &Bottleneck, panel: &mut Panel, mut taken: Vec<(f64, f64)>) {
    let numbers = view.series(Some(pool.row), Column::Servers);
    let same = |a: f64, b: f64| (a - b).abs() < 1e-6;
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for (index, number) in numbers.iter().enumerate().filter(|(_, number)| number.is_finite()) {
        match stretches.last_mut() {
            Some((from, to)) if *to == index && same(numbers[*from], *number) => *to = index + 1,
            _ => stretches.push((index, index + 1)),
        }
    }
    // A mean within a step is no number of servers.
    stretches.retain(|(from, to)| to - from > 1 || *to == numbers.len());
    let length = |(from, to): &(usize, usize)| view.intervals[to - 1].1 - view.intervals[*from].0;
    stretches.sort_by(|a, b| length(b).total_cmp(&length(a)));
    for (index, until) in stretches {
        let at = panel.place((view.intervals[index].0, panel.y.low)).0 + 6.0;
        let capacity = range(&pool.work.capacity[index..until]);
        let words = match numbers[index].round() {
            1.0 => format!("1 server · {capacity}/s"),
            count => format!("{} servers · {capacity}/s", grouped(count)),
        };
        let end = at + theme::NOTE.measure(&words);
        if end <= panel.room.right && taken.iter().all(|(from, to)| end + 14.0 <= *from || at >= to + 14.0) {
            let y = panel.room.top + 10.0;
            let (from, to) = ((at - 4.0, y - 9.0), (end + 4.0, y + 9.0));
            let ground = Some(Block { from, to, colour: Colour::Paper, opacity: 0.85 });
            panel.over.push(Part::Label { text: Text::new(&words, (at, y), theme::NOTE), ground });
            taken.push((at, end));
        }
    }
}

/// Capacity in attempts per second: one value, or the least and the greatest where they are far apart.
fn range(capacity: &[f64]) -> String {
    let known = || finite(capacity.iter().copied());
    let (least, most) = (known().fold(f64::INFINITY, f64::min), highest(capacity));
    let first = capacity.first().copied().unwrap_or(f64::NAN);
    if most > APART * least { format!("{} to {}", rate(least), rate(most)) } else { rate(first) }
}

fn rates(view: &View<'_>, x: &Axis, pool: &Bottleneck, room: Room) -> Panel {
    let line = |values: &[f64], name: &str, colour| {
        let values = values.to_vec();
        Line { name: name.to_owned(), colour, values, limits: Vec::new(), jumps: Vec::new() }
    };
    let lines = [line(&pool.work.sent, "asked", Colour::Demand), line(&pool.work.served, "served", Colour::Good)];
    let note = match far_above(&pool.work.capacity) {
        _ if pool.without_servers => "attempts per second; the pool has no server".to_owned(),
        Some(far_above) => format!("attempts per second; {far_above}"),
        None => "attempts per second; what it can serve has no bound".to_owned(),
    };
    let outages = if pool.without_servers { Vec::new() } else { outages(view, pool) };
    let note = if outages.is_empty() { note } else { format!("{note}; grey: no server") };
    let heading = format!("Why: what is asked of {}", view.context.pool(pool.index));
    let mut panel = Curves::new(&heading, &note, lines, Values::Rates).panel(view, x, room);
    panel.shade_below(&outages);
    panel
}

/// The queue of the pool with its limit; none where nothing ever waits, or no longer than anybody feels.
pub fn queue(view: &View<'_>, pool: &Bottleneck) -> Option<Curves> {
    let scope = Scope::pool(pool.index);
    let mut line = Line::of(view, scope, Column::QueueMean, 1.0, "", Colour::Queue)?;
    let peak = highest(&line.values);
    let waits = line.values.iter().zip(&pool.work.capacity).map(|(queue, capacity)| queue / capacity);
    let waits = waits.filter(|wait| !wait.is_nan()).fold(f64::NAN, f64::max);
    if peak < 0.5 || waits < FELT {
        return None;
    }
    let limit = pool.queue_limit(view);
    let note = match limit {
        Some(limit) => format!("attempts that wait, mean of an interval; at most {} may", grouped(limit)),
        None => "attempts that wait, mean of an interval".to_owned(),
    };
    if let Some(limit) = limit.filter(|limit| *limit <= REACH * peak) {
        line.limits.push(pool.bound(view, limit));
    }
    Some(
        Curves::new(&format!("The queue of {}", view.context.pool(pool.index)), &note, [line], Values::Numbers)
            .filled(0.3),
    )
}
