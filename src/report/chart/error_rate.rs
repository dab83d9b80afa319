//! `error-rate.png`: what share of the attempts failed, and how.

use super::View;
use super::axis::Axis;
use super::marks::Marks;
use super::model::{Colour, Fill, Key, Room, Sheet, Text};
use super::page::{Named, PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{Panel, Run, runs};
use super::theme;
use crate::analysis::highest;
use crate::analysis::shares::Stack;
use crate::report::numbers::percent;
use crate::units::Span;
use crate::vocabulary::{Column, Outcome};

fn subtitle(view: &View<'_>) -> String {
    let several = match view.figures.error_rate_bounds {
        Some(_) => format!(", mean of {} replications with its 95% interval", view.figures.replications),
        None => String::new(),
    };
    let width = Span::from_seconds(view.figures.width_s);
    view.subtitle(&format!("share of ended attempts by how they failed, in intervals of {width}{several}"))
}

fn legend(view: &View<'_>) -> Vec<Named> {
    let errors = &view.findings.errors;
    let entry = |(outcome, count): &(Outcome, f64)| {
        let name = format!("{} · {} of failures", outcome.label(), percent(count / errors.failed));
        (name, colour(*outcome), Key::Area)
    };
    errors.outcomes.iter().map(entry).collect()
}

fn colour(outcome: Outcome) -> Colour {
    Colour::Fill(Fill::Outcome(outcome))
}

/// The chart.
pub fn sheet(view: &View<'_>) -> Sheet {
    let (mut sheet, top) = view.begin(&view.words.title("error-rate"), &subtitle(view), &legend(view));
    let limit = view.findings.errors.stated_bound.map(|bound| (bound, format!("limit {}", percent(bound))));
    let beside = limit.as_ref().map_or(0.0, |(_, label)| theme::LABEL.measure(label)).max(110.0);
    let right = SHEET_RIGHT - beside - 14.0;
    let x = view.time_axis(right);
    let marks = Marks::lay_out(&view.clock, &view.context.changes, &x, PLOT_LEFT, right, top);
    let main = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom: 652.0 };
    let strip = Room { left: PLOT_LEFT, right, top: 712.0, bottom: PLOT_BOTTOM };
    sheet.marks = marks.down_to(main.bottom);
    sheet.panels = vec![rates(view, &x, main, limit), volume(view, &x, strip)];
    sheet
}

/// The error rate, stacked by outcome.
fn rates(view: &View<'_>, x: &Axis, room: Room, limit: Option<(f64, String)>) -> Panel {
    let stack = match view.all {
        Some(row) => Stack::of(view.figures, row, &view.findings.errors.outcomes),
        None => Stack { layers: Vec::new() },
    };
    let highest = stack.total().map_or(0.0, highest);
    let bands = bands(view);
    let reach = bands.iter().flatten().map(|(_, _, high)| *high).fold(highest, f64::max);
    // The limit belongs into the picture wherever it would not flatten it.
    let shown = limit.as_ref().map(|(bound, _)| *bound).filter(|bound| *bound <= 1.0 && highest < 0.45);
    let reach = shown.map_or(reach, |bound| reach.max(bound * 1.3));
    let mut panel = Panel::new(room, x, Axis::shares(reach.min(1.0), 5));
    panel.grid();
    layers(view, &mut panel, &stack);
    for band in &bands {
        let upper: Run = band.iter().map(|(t, _, high)| (*t, *high)).collect();
        let lower: Run = band.iter().map(|(t, low, _)| (*t, *low)).collect();
        panel.between(&upper, &lower, Colour::Ink, 0.22);
    }
    for run in stack.total().map_or_else(Vec::new, |total| runs(&view.intervals, total)) {
        panel.line(&run, Colour::Ink, 1.6);
    }
    if let Some((bound, label)) = limit.filter(|(bound, _)| panel.y.holds(*bound)) {
        panel.level(bound, Colour::Ink);
        panel.ends(&[(bound, label, Colour::Ink)], SHEET_RIGHT);
    }
    panel.base();
    names(view, &mut panel, &stack);
    peak(view, &mut panel, &stack);
    panel
}

/// Attempts sent per second.
fn volume(view: &View<'_>, x: &Axis, room: Room) -> Panel {
    let volume = view.per_second(view.all, Column::Attempts);
    let mut panel = Panel::new(room, x, Axis::counts(highest(&volume), 2));
    panel.grid();
    panel.caption("Attempts sent per second");
    for run in runs(&view.intervals, &volume) {
        panel.area(&run, Colour::Demand, 0.22);
        panel.line(&run, Colour::Demand, 2.0);
    }
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
            panel.between(upper, &lower, colour(*outcome), 0.92);
        }
    }
}

/// Names each layer where it is thickest, if it is thick enough anywhere.
fn names(view: &View<'_>, panel: &mut Panel, stack: &Stack) {
    for (index, (outcome, upper)) in stack.layers.iter().enumerate() {
        let width = theme::LABEL.measure(outcome.label());
        if let Some((x, above, below)) = panel.thickest(&view.intervals, upper, &lower(stack, index), width) {
            let style = theme::LABEL.coloured(Colour::On(Fill::Outcome(*outcome)));
            panel.label(Text::new(outcome.label(), (x, (above + below) / 2.0), style).centred());
        }
    }
}

/// Points at the worst interval, or says that there is nothing to see.
fn peak(view: &View<'_>, panel: &mut Panel, stack: &Stack) {
    let errors = &view.findings.errors;
    if errors.ended <= 0.0 {
        panel.notice("no attempt ends in this window");
    } else if errors.failed <= 0.0 {
        panel.notice("no errors");
    } else if let Some((interval, rate)) = stack.worst() {
        let (from, until) = view.intervals[interval];
        let middle = (from + until) / 2.0;
        let words = format!("peak {} at {}", percent(rate), view.clock.moment(middle));
        panel.callout(&words, (middle, rate), theme::LABEL);
    }
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
