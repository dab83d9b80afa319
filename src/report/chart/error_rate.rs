//! `error-rate.png`: what share of the attempts failed, and how.

use super::axis::Axis;
use super::limits::{Limit, reach};
use super::model::{Colour, Fill, Key, Room, SERIES, Text};
use super::page::{Named, SHEET_RIGHT};
use super::panel::{End, Panel, Run, runs};
use super::sheet::Sheet;
use super::windows::Window;
use super::{CAPTION, View, stacked, theme};
use crate::analysis::frame::ENOUGH;
use crate::analysis::shares::Stack;
use crate::analysis::{finite, highest};
use crate::measure::Scope;
use crate::report::numbers::{part, percent};
use crate::vocabulary::{Column, Metric, Outcome};

fn subtitle(view: &View<'_>) -> String {
    let several = match view.figures.error_rate_bounds {
        Some(_) => format!(", mean of {} replications with its 95% interval", view.figures.replications),
        None => String::new(),
    };
    let what = if view.findings.errors.failed > 0.0 {
        "share of ended attempts by how they failed, "
    } else {
        "attempts sent per second, "
    };
    view.subtitle(&format!("{what}{}{several}", view.in_bins()))
}

fn legend(view: &View<'_>) -> Vec<Named> {
    let errors = &view.findings.errors;
    let entry = |(outcome, count): &(Outcome, f64)| {
        let name = format!("{} · {} of failures", view.label(*outcome), part(count / errors.failed));
        (name, colour(*outcome), Key::Area)
    };
    errors.outcomes.iter().map(entry).collect()
}

fn colour(outcome: Outcome) -> Colour {
    Colour::Fill(Fill::Outcome(outcome))
}

/// The chart; none if no attempt ends. Where nothing fails there is no rate to draw, only what was sent.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    if view.findings.errors.ended <= 0.0 {
        return None;
    }
    let (mut sheet, top) = view.begin(&view.words.title("error-rate"), &subtitle(view), &legend(view));
    let x = view.time_axis();
    let marks = view.marks(&x, top);
    let (guests, caption) = match Guest::of(view) {
        none if none.is_empty() => (Guest::requests(view), "by request"),
        guests => (guests, "where limits or rates differ"),
    };
    let failed = view.findings.errors.failed > 0.0;
    let weights: &[f64] = match (failed, guests.is_empty()) {
        (false, true) => &[1.0],
        (false, false) => &[0.5, 0.5],
        (true, true) => &[5.0, 1.2],
        (true, false) => &[5.0, 2.6, 1.2],
    };
    // The first plot has a caption of its own where it is not that of the rates.
    let rooms = stacked(marks.bottom() + if failed { 0.0 } else { CAPTION }, weights);
    if failed {
        sheet.panels.push(rates(view, &x, rooms[0]));
    }
    if !guests.is_empty() {
        sheet.panels.push(elsewhere(view, &x, rooms[usize::from(failed)], &guests, caption));
    }
    sheet.panels.push(volume(view, &x, rooms[rooms.len() - 1]));
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}

/// The error rate, stacked by outcome.
pub(super) fn rates(view: &View<'_>, x: &Axis, room: Room) -> Panel {
    let stack = match view.all {
        Some(row) => Stack::of(&view.figures, row, &view.findings.errors.outcomes),
        None => Stack { layers: Vec::new() },
    };
    let highest = stack.total().map_or(0.0, highest);
    let bands = bands(view);
    let most = bands.iter().flatten().map(|(_, _, high)| *high).fold(highest, f64::max);
    let limits = Limit::of(view, Column::ErrorRate, Scope::default());
    let mut panel = Panel::new(room, x, Axis::shares(reach(&limits, most).min(1.0), 5));
    panel.grid();
    layers(view, &mut panel, &stack);
    for band in &bands {
        let upper: Run = band.iter().map(|(t, _, high)| (*t, *high)).collect();
        let lower: Run = band.iter().map(|(t, low, _)| (*t, *low)).collect();
        panel.between(&upper, &lower, Colour::Ink, 0.22);
    }
    panel.name(Colour::Ink, "all failures");
    for run in stack.total().map_or_else(Vec::new, |total| runs(&view.intervals, total)) {
        panel.line(&run, Colour::Ink, 1.2);
    }
    view.fade(&mut panel);
    let ends = panel.limits(&limits, percent);
    panel.base();
    names(view, &mut panel, &stack);
    panel.ends(&ends, SHEET_RIGHT);
    peak(view, &mut panel);
    panel
}

/// A region or a request that is shown beside everything.
struct Guest {
    scope: Scope,
    name: String,
    failed: f64,
    rates: Vec<f64>,
}

impl Guest {
    /// Those with a threshold of their own, and those that fare more than twice as badly as everything; at most as many as
    /// have colours, those with most failures.
    fn of(view: &View<'_>) -> Vec<Guest> {
        let whole = view.findings.errors.overall();
        let one = |scope: &Scope| match *scope {
            Scope { region: Some(region), pool: None, request: None } => Some(view.context.region(region).to_owned()),
            Scope { region: None, pool: Some(pool), request: None } => Some(view.context.pool(pool).to_owned()),
            Scope { region: None, pool: None, request: Some(request) } => {
                Some(view.context.request(request).to_owned())
            }
            _ => None,
        };
        let guest = |(row, scope): (usize, &Scope)| {
            let name = one(scope)?;
            let count = |outcome: &Outcome| finite(view.whole.series(row, outcome.column())).sum::<f64>();
            let failed: f64 = Outcome::errors().iter().map(count).sum();
            let ended = failed + count(&Outcome::Served);
            let asked = view
                .whole
                .thresholds
                .iter()
                .any(|t| t.metric == Metric::Column(Column::ErrorRate) && t.scope == *scope);
            let worse = failed > 2.0 * whole * ended && failed >= 0.01 * ended && ended >= ENOUGH;
            // A pool that fares badly is told by what it does to regions and requests.
            let shown = ended > 0.0 && (asked || (worse && scope.pool.is_none()));
            shown.then(|| Guest { scope: *scope, name, failed, rates: view.series(Some(row), Column::ErrorRate) })
        };
        let mut guests: Vec<Guest> = view.whole.scopes.iter().enumerate().filter_map(guest).collect();
        guests.sort_by(|a, b| b.failed.total_cmp(&a.failed));
        guests
    }
}

impl Guest {
    /// The requests, where several are made and some fail; those with most failures first.
    fn requests(view: &View<'_>) -> Vec<Guest> {
        let guest = |(row, scope): (usize, &Scope)| {
            let Scope { region: None, pool: None, request: Some(request) } = *scope else { return None };
            let count = |outcome: &Outcome| finite(view.whole.series(row, outcome.column())).sum::<f64>();
            let failed: f64 = Outcome::errors().iter().map(count).sum();
            let rates = view.series(Some(row), Column::ErrorRate);
            let name = view.context.request(request).to_owned();
            (failed + count(&Outcome::Served) >= ENOUGH).then_some(Guest { scope: *scope, name, failed, rates })
        };
        let mut guests: Vec<Guest> = view.whole.scopes.iter().enumerate().filter_map(guest).collect();
        guests.sort_by(|a, b| b.failed.total_cmp(&a.failed));
        let told = guests.len() > 1 && guests.iter().any(|guest| guest.failed > 0.0);
        if told { guests } else { Vec::new() }
    }
}

/// The error rates of scopes that fare otherwise than the whole.
fn elsewhere(view: &View<'_>, x: &Axis, room: Room, guests: &[Guest], caption: &str) -> Panel {
    let shown = &guests[..guests.len().min(SERIES)];
    let limits: Vec<(usize, Limit)> = shown
        .iter()
        .enumerate()
        .flat_map(|(rank, guest)| Limit::of(view, Column::ErrorRate, guest.scope).into_iter().map(move |l| (rank, l)))
        .collect();
    let most = shown.iter().map(|guest| highest(&guest.rates)).fold(0.0, f64::max);
    let own: Vec<Limit> = limits.iter().map(|(_, limit)| limit.clone()).collect();
    let mut panel = Panel::new(room, x, Axis::shares(reach(&own, most).min(1.0), 3));
    panel.grid();
    let left_out = View::of_all(shown.len(), guests.len(), "with most failures");
    panel.heading("Share of attempts that fail", &format!("{caption}{left_out}"));
    panel.base();
    let series: Vec<&[f64]> = shown.iter().map(|guest| &*guest.rates).collect();
    let mut ends = Vec::new();
    for (rank, guest) in shown.iter().enumerate() {
        let width = panel.width_of(&series, rank);
        for run in runs(&view.intervals, &guest.rates) {
            panel.line(&run, Colour::Series(rank), width);
        }
        ends.extend(End::of(&view.intervals, &guest.rates, &guest.name, Colour::Series(rank)));
    }
    view.fade(&mut panel);
    for (rank, limit) in &limits {
        let told = panel.limits(std::slice::from_ref(limit), percent);
        let name = &shown[*rank].name;
        ends.extend(told.into_iter().map(|end| End { text: format!("{} · {name}", end.text), ..end }));
    }
    panel.ends(&ends, SHEET_RIGHT);
    panel
}

/// Attempts sent per second.
fn volume(view: &View<'_>, x: &Axis, room: Room) -> Panel {
    let volume = view.per_second(view.all, Column::Attempts);
    let steps = if room.bottom - room.top > 200.0 { 5 } else { 2 };
    let mut panel = Panel::new(room, x, Axis::counts(highest(&volume), steps));
    panel.grid();
    panel.caption("Attempts sent per second");
    for run in runs(&view.intervals, &volume) {
        panel.area(&run, Colour::Demand, 0.22);
        panel.line(&run, Colour::Demand, 2.0);
    }
    view.fade(&mut panel);
    panel.base();
    panel.ticks();
    panel
}

/// The lower edge of a layer: the upper edge of the layer below, or the foot.
fn lower(stack: &Stack, index: usize) -> Vec<f64> {
    match index.checked_sub(1) {
        Some(below) => stack.layers[below].1.clone(),
        None => vec![0.0; stack.layers[index].1.len()],
    }
}

fn layers(view: &View<'_>, panel: &mut Panel, stack: &Stack) {
    for (index, (outcome, upper)) in stack.layers.iter().enumerate() {
        // All layers have the same gaps, and the foot has none, so it takes the gaps of the layer.
        let gaps = |(low, up): (f64, &f64)| if up.is_finite() { low } else { f64::NAN };
        let lower: Vec<f64> = lower(stack, index).into_iter().zip(upper).map(gaps).collect();
        for (upper, lower) in runs(&view.intervals, upper).iter().zip(runs(&view.intervals, &lower)) {
            panel.between(upper, &lower, colour(*outcome), 1.0);
        }
    }
}

/// Names each layer where it is thickest in the measured time, or else in the rest, which is pale; none if it is too thin.
fn names(view: &View<'_>, panel: &mut Panel, stack: &Stack) {
    let (from, until) = view.measured_span();
    let is_measured = |&(begin, end): &(f64, f64)| begin >= from - 1e-6 && end <= until + 1e-6;
    for (index, (outcome, upper)) in stack.layers.iter().enumerate() {
        let label = view.label(*outcome);
        let (width, lower) = (theme::LABEL.measure(label), lower(stack, index));
        let colours = [(true, Colour::On(Fill::Outcome(*outcome))), (false, Colour::Ink)];
        let place = colours.into_iter().find_map(|(measured, colour)| {
            let is_other = |interval: &(f64, f64)| is_measured(interval) != measured;
            let edges = view.intervals.iter().zip(upper.iter().zip(&lower));
            // Elsewhere the layer is as thin as can be, so that no name stands there.
            let thin = |(interval, (up, low)): (_, (&f64, &f64))| if is_other(interval) { *low } else { *up };
            let upper: Vec<f64> = edges.map(thin).collect();
            Some((panel.thickest(&view.intervals, (&upper, &lower), (width, &view.mark_times()))?, colour))
        });
        if let Some(((x, above, below), colour)) = place {
            panel.label(Text::new(label, (x, (above + below) / 2.0), theme::LABEL.coloured(colour)).centred());
        }
    }
}

/// Points at the worst window that titles tell; with replications at the worst window of their mean.
fn peak(view: &View<'_>, panel: &mut Panel) {
    let worst = match view.subject.analyses.only() {
        Some(run) => run.everything.worst().map(|worst| (worst.from_s, worst.to_s, worst.rate)),
        None => worst_of_mean(view),
    };
    if let Some(worst) = worst.filter(|(.., rate)| *rate > 0.0) {
        view.point_at(panel, worst, &percent(worst.2));
    }
}

/// The window of the mean of the replications in which most attempts fail, among those in which enough end.
fn worst_of_mean(view: &View<'_>) -> Option<Window> {
    let row = view.all?;
    let counted = Outcome::ALL.iter().filter(|outcome| outcome.is_counted());
    let sum = |outcomes: &[Outcome], bin: usize| -> f64 {
        finite(outcomes.iter().map(|outcome| view.whole.value(bin, row, outcome.column()))).sum()
    };
    let (errors, counted): (Vec<Outcome>, Vec<Outcome>) = (Outcome::errors().to_vec(), counted.copied().collect());
    let terms: Vec<(f64, f64)> = (0..view.whole.intervals).map(|bin| (sum(&errors, bin), sum(&counted, bin))).collect();
    view.highest_window(&terms, ENOUGH / view.context.scale)
}

/// The 95% interval of the error rate, cut at its gaps: time, low, high.
fn bands(view: &View<'_>) -> Vec<Vec<(f64, f64, f64)>> {
    let (Some(bounds), Some(row)) = (&view.figures.error_rate_bounds, view.all) else { return Vec::new() };
    let end = |pick: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        (0..view.intervals.len())
            .map(|interval| bounds.get(interval * view.figures.scopes.len() + row).map_or(f64::NAN, pick))
            .map(|rate| rate.clamp(0.0, 1.0))
            .collect()
    };
    let low = end(|bound| if bound.1.is_finite() { bound.0 } else { f64::NAN });
    let high = end(|bound| if bound.0.is_finite() { bound.1 } else { f64::NAN });
    runs(&view.intervals, &low)
        .into_iter()
        .zip(runs(&view.intervals, &high))
        .map(|(low, high)| low.into_iter().zip(high).map(|((t, low), (_, high))| (t, low, high)).collect())
        .collect()
}
