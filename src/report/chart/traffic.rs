//! `traffic.png`: what is asked of the bottleneck, what it serves, how it spends its time, and the utilization of pools.

use super::axis::Axis;
use super::limits::{Limit, reach};
use super::model::{Colour, Key, Room, SERIES, Sheet, Text};
use super::page::{Named, SHEET_RIGHT};
use super::panel::{End, Panel, runs};
use super::{View, stacked, theme};
use crate::analysis::work::Work;
use crate::analysis::{finite, highest, last};
use crate::measure::Scope;
use crate::report::letters;
use crate::report::numbers::{percent, si};
use crate::report::words::claim::Fact;
use crate::vocabulary::{Column, Outcome};

/// A capacity more than this many times above all other curves is told in words: drawn, it would flatten them.
const FAR_ABOVE: f64 = 3.0;
/// A factor between curves from which on the larger hides the smaller.
const HIDES: f64 = 30.0;

/// The pool that the title speaks of.
fn titled(view: &View<'_>) -> Option<(usize, usize)> {
    let (_, title) = view.words.titles.iter().find(|(name, _)| *name == "traffic")?;
    let name = title.claims.iter().find_map(|claim| match &claim.fact {
        Fact::Worst { ratio, .. } => ratio.scope.pool.as_deref(),
        _ => None,
    })?;
    let pool = view.context.spec.pool.get_index_of(name)?;
    Some((view.figures.scope(Scope { pool: Some(pool), ..Scope::default() })?, pool))
}

/// The pool that the chart is about: that of the title, else one without servers that is asked for something, else the
/// bottleneck.
fn pool(view: &View<'_>) -> Option<(usize, usize)> {
    if let Some(pool) = titled(view) {
        return Some(pool);
    }
    let empty = |row: usize| {
        let servers = view.whole.series(row, Column::Servers);
        let asked = view.whole.series(row, Column::Attempts);
        finite(servers.zip(asked).map(|(servers, asked)| if servers == 0.0 { asked } else { 0.0 })).sum::<f64>()
    };
    let without = view.pool_rows().map(|(row, pool)| (empty(row), row, pool)).filter(|(asked, ..)| *asked > 0.0);
    match without.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((_, row, pool)) => Some((row, pool)),
        None => busiest(view),
    }
}

/// The pool with the highest mean utilization, of equals the first.
fn busiest(view: &View<'_>) -> Option<(usize, usize)> {
    let mean = |row: usize| {
        let busy: Vec<f64> = finite(view.whole.series(row, Column::Utilization)).collect();
        (!busy.is_empty()).then(|| busy.iter().sum::<f64>() / busy.len() as f64)
    };
    let pools = view.pool_rows().filter_map(|(row, pool)| Some((mean(row)?, row, pool)));
    let most = pools.reduce(|most, next| if next.0 > most.0 { next } else { most });
    most.map(|(_, row, pool)| (row, pool))
}

/// The curves of the pool, or of everything where there is none to speak of.
struct Curves {
    row: Option<usize>,
    scope: Scope,
    work: Work,
    /// The highest rate of the curves other than the capacity.
    others: f64,
    /// Whether the capacity is drawn.
    capacity: bool,
    /// Whether the pool has no server all through.
    without_servers: bool,
}

impl Curves {
    fn of(view: &View<'_>, pool: Option<(usize, usize)>) -> Curves {
        let row = pool.map(|(row, _)| row).or(view.all);
        let work = row.map_or_else(Work::default, |row| Work::of(&view.figures, row));
        let others = highest(&work.sent).max(highest(&work.served));
        let most = highest(&work.capacity);
        let capacity = most > 0.0 && (others <= 0.0 || most <= FAR_ABOVE * others);
        let scope = row.map_or_else(Scope::default, |row| view.figures.scopes[row]);
        let servers = row.map_or_else(Vec::new, |row| view.series(Some(row), Column::Servers));
        let without_servers = !servers.is_empty() && servers.iter().all(|servers| *servers == 0.0);
        Curves { row, scope, work, others, capacity, without_servers }
    }

    /// Whether the peak of what is sent would flatten all else.
    fn is_logarithmic(&self) -> bool {
        let rest = highest(&self.work.served).max(if self.capacity { highest(&self.work.capacity) } else { 0.0 });
        rest > 0.0 && self.others > HIDES * rest
    }

    fn legend(&self) -> Vec<Named> {
        let mut legend = vec![
            ("Attempts sent".to_owned(), Colour::Demand, Key::Line),
            ("Attempts served".to_owned(), Colour::Good, Key::Line),
        ];
        if self.without_servers {
            legend.push(("No capacity: the pool has no server".to_owned(), Colour::Ink, Key::Dashes));
        } else if self.capacity {
            legend.push(("Capacity".to_owned(), Colour::Ink, Key::Dashes));
        } else if let Some(capacity) = last(&self.work.capacity) {
            let name = format!("Capacity: {} per second, far above", si(capacity));
            legend.push((name, Colour::Ink, Key::Dashes));
        }
        legend
    }
}

/// The chart; none if nothing is sent.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let pool = pool(view);
    let curves = Curves::of(view, pool);
    if curves.others <= 0.0 {
        return None;
    }
    let what = match pool {
        Some((_, pool)) => format!("attempts per second at pool {} against its capacity", view.context.pool(pool)),
        None => "attempts per second".to_owned(),
    };
    let scale = if curves.is_logarithmic() { ", log scale" } else { "" };
    let what = format!("{what}{scale}, {}", view.in_bins());
    let (mut sheet, top) = view.begin(&view.words.title("traffic"), &view.subtitle(&what), &curves.legend());
    let x = view.time_axis();
    let marks = view.marks(&x, top);
    let busy = pool.map(|(row, pool)| (view.series(Some(row), Column::Utilization), row, pool));
    // Servers that have next to nothing to do make an empty picture.
    let busy = busy.filter(|(busy, ..)| highest(busy) >= 0.01);
    let several = view.pool_rows().count() > 1;
    let mut weights = vec![4.0];
    weights.extend(busy.iter().map(|_| 1.2));
    weights.extend(several.then_some(1.6));
    let rooms = stacked(marks.bottom(), &weights);
    sheet.panels.push(rates(view, &curves, &x, rooms[0]));
    if let Some((busy, row, pool)) = &busy {
        sheet.panels.push(server_time(view, busy, (*row, *pool), &x, rooms[1]));
    }
    if several {
        sheet.panels.push(pools(view, &x, rooms[rooms.len() - 1]));
    }
    if let Some(lowest) = sheet.panels.last_mut() {
        lowest.ticks();
    }
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}

/// The rates against the capacity.
fn rates(view: &View<'_>, curves: &Curves, x: &Axis, room: Room) -> Panel {
    let Curves { work, others, capacity, .. } = curves;
    let limits: Vec<Limit> = [Column::Attempts, Outcome::Served.column()]
        .into_iter()
        .flat_map(|column| Limit::of(view, column, curves.scope))
        .map(|limit| Limit { bound: limit.bound / limit.window_s, ..limit })
        .collect();
    let most = reach(&limits, if *capacity { others.max(highest(&work.capacity)) } else { *others });
    let all = [&work.sent, &work.served, &work.capacity];
    let least = finite(all.iter().flat_map(|values| values.iter().copied())).filter(|value| *value > 0.0);
    let y = match curves.is_logarithmic() {
        true => Axis::log_counts(least.fold(f64::INFINITY, f64::min), most),
        false => Axis::counts(most * 1.03, 5),
    };
    let mut panel = Panel::new(room, x, y);
    panel.grid();
    if curves.row.is_some() {
        strokes(view, work, *capacity, &mut panel);
    }
    view.fade(&mut panel);
    let show = |value: f64| format!("{} per second", si(value));
    let end = |values: &[f64], name: &str, colour| End::of(&view.intervals, values, name, colour);
    let mut ends = panel.limits(&limits, show);
    ends.extend(end(&work.sent, "sent", Colour::Demand));
    ends.extend(end(&work.served, "served", Colour::Good));
    if let Some(now) = last(&work.capacity).filter(|_| *capacity) {
        ends.extend(end(&work.capacity, &format!("capacity {}", si(now)), Colour::Ink));
    }
    panel.base();
    panel.ends(&ends, SHEET_RIGHT);
    panel
}

fn strokes(view: &View<'_>, work: &Work, capacity: bool, panel: &mut Panel) {
    for run in runs(&view.intervals, &work.sent) {
        panel.line(&run, Colour::Demand, 2.2);
    }
    if capacity {
        for run in runs(&view.intervals, &work.capacity) {
            panel.dashes(&run, Colour::Ink, 1.6);
        }
    }
    for run in runs(&view.intervals, &work.served) {
        panel.line(&run, Colour::Good, 2.6);
    }
}

/// What the servers of a pool do with their time: never more than there is.
fn server_time(view: &View<'_>, busy: &[f64], (row, pool): (usize, usize), x: &Axis, room: Room) -> Panel {
    let wasted = view.series(Some(row), Column::WastedShare);
    let part = |index: usize, useful: bool| {
        let busy = busy[index].clamp(0.0, 1.0);
        let wasted = if wasted[index].is_finite() { wasted[index].clamp(0.0, 1.0) } else { 0.0 };
        if useful { busy * (1.0 - wasted) } else { busy }
    };
    let useful: Vec<f64> = (0..busy.len()).map(|index| part(index, true)).collect();
    let all: Vec<f64> = (0..busy.len()).map(|index| part(index, false)).collect();
    let mut panel = Panel::new(room, x, Axis::shares(1.0, 2));
    panel.grid();
    panel.caption(&format!(
        "Server time of {}: what attempts that were served took, and above it what was wasted",
        view.context.pool(pool)
    ));
    for (all, useful) in runs(&view.intervals, &all).iter().zip(runs(&view.intervals, &useful)) {
        panel.area(&useful, Colour::Good, 0.35);
        panel.between(all, &useful, Colour::Waste, 1.0);
    }
    view.fade(&mut panel);
    panel.base();
    let width = theme::LABEL.measure("wasted");
    if let Some((x, above, below)) = panel.thickest(&view.intervals, &all, &useful, width) {
        panel.label(Text::new("wasted", (x, (above + below) / 2.0), theme::LABEL).centred());
    }
    panel
}

/// How busy the pools are: those with a threshold of their own, then the busiest by their highest utilization.
fn pools(view: &View<'_>, x: &Axis, room: Room) -> Panel {
    let line = |(row, pool): (usize, usize)| {
        let scope = Scope { pool: Some(pool), ..Scope::default() };
        let busy = view.series(Some(row), Column::Utilization);
        let limits = Limit::of(view, Column::Utilization, scope);
        busy.iter().any(|share| share.is_finite()).then_some((pool, busy, limits))
    };
    let mut lines: Vec<(usize, Vec<f64>, Vec<Limit>)> = view.pool_rows().filter_map(line).collect();
    lines.sort_by(|a, b| a.2.is_empty().cmp(&b.2.is_empty()).then(highest(&b.1).total_cmp(&highest(&a.1))));
    let all = lines.len();
    lines.truncate(SERIES);
    let most = lines.iter().map(|(_, busy, _)| highest(busy)).fold(0.0, f64::max);
    let mut panel = Panel::new(room, x, Axis::shares(most.max(0.5), 2));
    panel.grid();
    panel.caption(&format!("How busy the servers of each pool are{}", View::of_all(lines.len(), all, "pools")));
    let mut ends = Vec::new();
    for (rank, (pool, busy, _)) in lines.iter().enumerate() {
        for run in runs(&view.intervals, busy) {
            panel.line(&run, Colour::Series(rank), 1.8);
        }
        let name = letters::clean(view.context.pool(*pool));
        ends.extend(End::of(&view.intervals, busy, &name, Colour::Series(rank)));
    }
    view.fade(&mut panel);
    for (pool, _, limits) in &lines {
        let told = panel.limits(limits, percent).into_iter();
        ends.extend(told.map(|end| End { text: format!("{} · {}", end.text, view.context.pool(*pool)), ..end }));
    }
    panel.ends(&ends, SHEET_RIGHT);
    panel.base();
    panel
}
