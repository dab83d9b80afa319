//! `demand.png`: what is asked and why again, what the bottleneck serves of it, and how its servers spend their time.

use super::axis::Axis;
use super::bottleneck::Bottleneck;
use super::curves::from_nothing;
use super::limits::{Limit, reach};
use super::model::{Colour, Key, Part, Room, Text};
use super::page::{Named, SHEET_RIGHT};
use super::panel::{End, Panel, paper, runs};
use super::protected::kept_back;
use super::sheet::Sheet;
use super::ticks::tick_si;
use super::{View, stacked, theme};
use crate::analysis::work::Work;
use crate::analysis::{finite, highest, last};
use crate::measure::Scope;
use crate::report::numbers::rate;
use crate::vocabulary::{Column, Outcome};

/// A capacity more than this many times above all other curves is told in words: drawn, it would flatten them.
const FAR_ABOVE: f64 = 3.0;
/// A factor between curves from which on the larger hides the smaller.
const HIDES: f64 = 30.0;

/// Attempts by their origin, the lowest layer first: column, name, colour.
const ORIGINS: [(Column, &str, Colour); 5] = [
    (Column::FirstTries, "First tries", Colour::Demand),
    (Column::Retries, "Retries of apps", Colour::Retries),
    (Column::Refreshes, "After a refresh", Colour::Refreshes),
    (Column::ComeBacks, "Come back later", Colour::ComeBacks),
    (Column::Hedges, "Hedged copies", Colour::Hedges),
];

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
    /// Name of the pool that makes the calls, where what is asked is what is sent to that one, as calls.
    caller: Option<String>,
}

impl Curves {
    fn of(view: &View<'_>, pool: Option<Bottleneck>) -> Curves {
        let row = pool.as_ref().map(|pool| pool.row).or(view.all);
        let without_servers = pool.as_ref().is_some_and(|pool| pool.without_servers);
        let caller = pool.as_ref().and_then(|pool| pool.caller.clone());
        let work = match pool {
            Some(pool) => pool.work,
            None => row.map_or_else(Work::default, |row| Work::of(&view.figures, row)),
        };
        let others = highest(&work.sent).max(highest(&work.served));
        let capacities = || work.capacity.iter().copied().filter(|capacity| *capacity > 0.0);
        let least = finite(capacities()).fold(f64::INFINITY, f64::min);
        // A capacity that comes down to the other curves at some time belongs to what happens.
        let capacity = least.is_finite() && (others <= 0.0 || least <= FAR_ABOVE * others);
        let scope = row.map_or_else(Scope::default, |row| view.figures.scopes[row]);
        Curves { row, scope, work, others, capacity, without_servers, caller }
    }

    /// Whether the peak of what is sent would flatten all else.
    fn is_logarithmic(&self) -> bool {
        let rest = highest(&self.work.served).max(if self.capacity { highest(&self.work.capacity) } else { 0.0 });
        let flattened = self.capacity && self.others > 0.0 && highest(&self.work.capacity) > FAR_ABOVE * self.others;
        rest > 0.0 && (self.others > HIDES * rest || flattened)
    }

    /// Unit and scale of the plot; also the capacity, where it is too high to be drawn.
    fn note(&self) -> String {
        let log = if self.is_logarithmic() { "; log scale" } else { "" };
        let asked = self.caller.as_ref().map(|caller| format!("; asked is what is sent to {caller}, as calls"));
        let scale = asked.unwrap_or_default() + log;
        match far_above(&self.work.capacity) {
            _ if self.without_servers => format!("attempts per second; the pool has no server{scale}"),
            Some(far_above) if !self.capacity => format!("attempts per second; {far_above}{scale}"),
            _ => format!("attempts per second{scale}"),
        }
    }
}

/// That a capacity is far above the curves, whose last value above zero is told; `None` where there is no such value.
pub fn far_above(capacity: &[f64]) -> Option<String> {
    let last = finite(capacity.iter().copied()).filter(|capacity| *capacity > 0.0).last()?;
    // Without a server the capacity is zero.
    let up = if capacity.contains(&0.0) { ", while servers are up," } else { "" };
    Some(format!("the capacity of {}{up} is far above", rate(last)))
}

/// The chart; none if nothing is sent.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let pool = Bottleneck::of(view);
    let named = pool.as_ref().map(|pool| (pool.row, pool.index));
    let curves = Curves::of(view, pool);
    if curves.others <= 0.0 {
        return None;
    }
    let origins = origins(view);
    let what = format!("attempts and what becomes of them, {}", view.in_bins());
    let legend: Vec<Named> = origins.iter().map(|(_, name, colour)| ((*name).to_owned(), *colour, Key::Area)).collect();
    let (mut sheet, top) = view.begin(&view.words.title("demand"), &view.subtitle(&what), &legend);
    let x = view.time_axis();
    let marks = view.marks(&x, top);
    // Servers that have next to nothing to do make an empty picture.
    let busy = named.map(|(row, pool)| (view.series(Some(row), Column::Utilization), row, pool));
    let busy = busy.filter(|(busy, ..)| highest(busy) >= 0.03);
    let mut weights: Vec<f64> = origins.first().map(|_| 2.4).into_iter().collect();
    weights.push(2.4);
    weights.extend(busy.iter().map(|_| 1.2));
    let kept_back = kept_back(view);
    weights.extend((!kept_back.is_empty()).then_some(1.0));
    let rooms = stacked(marks.bottom() + super::CAPTION, &weights);
    let mut free = rooms.iter();
    if !origins.is_empty() {
        sheet.panels.extend(free.next().map(|room| stack(view, &origins, &x, *room)));
    }
    let name = named.map_or_else(String::new, |(_, pool)| format!(" at {}", view.context.pool(pool)));
    sheet.panels.extend(free.next().map(|room| rates(view, &curves, &name, &x, *room)));
    if let Some((busy, row, pool)) = &busy {
        sheet.panels.extend(free.next().map(|room| server_time(view, busy, (*row, *pool), &x, *room)));
    }
    if !kept_back.is_empty() {
        sheet.panels.extend(free.next().map(|room| kept_back.panel(view, &x, *room)));
    }
    if let Some(lowest) = sheet.panels.last_mut() {
        lowest.ticks();
    }
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}

/// The attempts per second of each origin that occurs; none where all attempts are first tries.
fn origins(view: &View<'_>) -> Vec<(Vec<f64>, &'static str, Colour)> {
    let origin = |(column, name, colour): &(Column, &'static str, Colour)| {
        let rates = view.per_second(view.all, *column);
        (highest(&rates) > 0.0).then_some((rates, *name, *colour))
    };
    let origins: Vec<_> = ORIGINS.iter().filter_map(origin).collect();
    if origins.len() > 1 { origins } else { Vec::new() }
}

/// The attempts of everything by their origin, one upon the other.
fn stack(view: &View<'_>, origins: &[(Vec<f64>, &'static str, Colour)], x: &Axis, room: Room) -> Panel {
    let mut height = vec![0.0; view.intervals.len()];
    let mut layers: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for (rates, ..) in origins {
        let lower = height.clone();
        height.iter_mut().zip(rates).for_each(|(height, rate)| *height += if rate.is_finite() { *rate } else { 0.0 });
        layers.push((height.clone(), lower));
    }
    let mut panel = Panel::new(room, x, Axis::counts(highest(&height) * 1.03, 4));
    panel.grid();
    panel.heading("What is asked, and why again", "attempts of everything sent per second, by their origin");
    for ((upper, lower), (.., colour)) in layers.iter().zip(origins) {
        for (upper, lower) in runs(&view.intervals, upper).iter().zip(runs(&view.intervals, lower)) {
            panel.between(upper, &lower, *colour, 1.0);
        }
    }
    view.fade(&mut panel);
    panel.base();
    panel
}

/// The rates against the capacity.
fn rates(view: &View<'_>, curves: &Curves, name: &str, x: &Axis, room: Room) -> Panel {
    let Curves { work, others, capacity, .. } = curves;
    let mut work = work.clone();
    let limits: Vec<Limit> = [Column::Attempts, Outcome::Served.column()]
        .into_iter()
        .flat_map(|column| Limit::of(view, column, curves.scope))
        .map(|limit| Limit { bound: limit.bound / limit.window_s, ..limit })
        .collect();
    let most = reach(&limits, if *capacity { others.max(highest(&work.capacity)) } else { *others });
    let all = [&work.sent, &work.served, &work.capacity];
    let least = finite(all.iter().flat_map(|values| values.iter().copied())).filter(|value| *value > 0.0);
    let y = if curves.is_logarithmic() {
        // Four decades are as many as can be told apart.
        let least = least.fold(f64::INFINITY, f64::min).max(most * 1e-4);
        from_nothing(&mut [&mut work.sent, &mut work.served], (least, most), 1.04, tick_si)
    } else {
        Axis::counts(most * 1.03, 4)
    };
    let mut panel = Panel::new(room, x, y);
    panel.grid();
    panel.heading(&format!("What is asked and served{name}"), &curves.note());
    // The foot lies below the curves, so that these are seen where nothing is asked or served.
    panel.base();
    if curves.row.is_some() {
        strokes(view, &work, *capacity, &mut panel);
    }
    view.fade(&mut panel);
    let show = |value: f64| format!("{} per second", rate(value));
    let end = |values: &[f64], name: &str, colour| End::of(&view.intervals, values, name, colour);
    let mut ends = panel.limits(&limits, show);
    ends.extend(end(&work.sent, "asked", Colour::Demand));
    ends.extend(end(&work.served, "served", Colour::Good));
    if let Some(now) = last(&work.capacity).filter(|_| *capacity) {
        ends.extend(end(&work.capacity, &format!("capacity {}", rate(now)), Colour::Ink));
    }
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

/// Server time of a pool as shares of 100%: useful at the foot, wasted above it, idle on top.
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
    panel.heading(
        &format!("Server time of {}", view.context.pool(pool)),
        "blue: for answers, also to callers that fail; above it wasted, turning away included; the rest is idle",
    );
    for (all, useful) in runs(&view.intervals, &all).iter().zip(runs(&view.intervals, &useful)) {
        panel.area(&useful, Colour::Good, 0.35);
        panel.between(all, &useful, Colour::Waste, 1.0);
    }
    view.fade(&mut panel);
    panel.base();
    let width = theme::LABEL.measure("wasted");
    if let Some((x, above, below)) = panel.thickest(&view.intervals, (&all, &useful), (width, &view.mark_times())) {
        let middle = (above + below) / 2.0;
        let (from, to) = ((x - width / 2.0 - 6.0, middle - 11.0), (x + width / 2.0 + 6.0, middle + 11.0));
        let text = Text::new("wasted", (x, middle), theme::LABEL).centred();
        panel.over.push(Part::Label { text, ground: Some(paper(from, to, 0.85)) });
    }
    panel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capacity_that_is_told_in_words_is_that_of_the_servers_that_are_up() {
        assert_eq!(far_above(&[200.0, 400.0]).unwrap(), "the capacity of 400 is far above");
        assert_eq!(far_above(&[200.0, 0.0]).unwrap(), "the capacity of 200, while servers are up, is far above");
        assert_eq!((far_above(&[0.0]), far_above(&[f64::INFINITY])), (None, None));
    }
}
