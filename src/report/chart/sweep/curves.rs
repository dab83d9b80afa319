//! `curves.png`: a figure over one parameter, with the interval of its mean as a band; a curve for each value of another.

use super::curve_title::{Curve, range, title};
use super::heatmap::below;
use super::lane::Lane;
use super::names::{self, Metric};
use super::view::Sweep;
use crate::measure::Estimate;
use crate::report::chart::axis::Axis;
use crate::report::chart::model::{Colour, Dot, Key, Part, SERIES};
use crate::report::chart::named_axes;
use crate::report::chart::page::{Named, SHEET_RIGHT};
use crate::report::chart::panel::{End, Panel};
use crate::report::chart::sheet::Sheet;
use crate::report::chart::theme;
use crate::report::chart::ticks::Tick;
use crate::report::letters;
use crate::report::words::phrase::Sentence;
use crate::sweep::{Curves, Point};

/// Curves of more points have no dots.
const DOTTED: usize = 60;

/// The curves; of a sample a dot for each point, since no two points differ in one setting only.
pub fn sheet(sweep: &Sweep<'_>, chart: &Curves) -> (Sheet, Sentence) {
    let x = sweep.parameter(&chart.x);
    let by = chart.by.as_ref().map(|by| sweep.parameter(by)).filter(|by| *by != x);
    let metric = Metric::of(&chart.y);
    let lane = Lane::of(&sweep.table, x).tightened();
    let third = by.filter(|_| sweep.table.grid).map(|by| Lane::of(&sweep.table, by));
    let shown: Vec<usize> = [Some(x), by].into_iter().flatten().collect();
    let points = sweep.slice(&shown);
    let curves = curves(sweep, x, by.zip(third.as_ref()), &lane, &metric, &points);
    let joined = sweep.table.grid && lane.ordered;
    let bound = chart.bound.as_ref().map(|bound| metric.bound(bound));
    let own = own(sweep, x, by.filter(|_| third.is_some()), &lane, &curves);
    let title =
        if sweep.table.grid { title(&curves, &lane, &metric, third.as_ref(), bound) } else { range(&curves, &metric) };
    let banded = curves.iter().flat_map(|curve| &curve.points).any(|(_, figure)| figure.high > figure.low);
    let left_out = third
        .as_ref()
        .filter(|third| third.values.len() > curves.len())
        .map(|third| format!("{} of {} values", curves.len(), third.values.len()));
    let subtitle = sweep.subtitle(&[
        Some(sweep.what_varies(&shown, points.len(), &metric)),
        banded.then(|| format!("{}: {}", if joined { "band" } else { "bars" }, metric.ends())),
        left_out,
        own.map(|_| "ring: the baseline".to_owned()),
        sweep.elsewhere(&shown),
    ]);
    let named = |curve: &Curve| (curve.name.clone(), curve.colour, Key::Line);
    let legend: Vec<Named> = curves.iter().filter(|_| third.is_some()).map(named).collect();
    let (mut sheet, top) = sweep.begin(&title.shown(), &subtitle, &legend);
    let top = top + 36.0;
    let mut panel = plot(&curves, &lane, &metric, (joined, bound), top);
    if let Some((at, colour)) = own {
        ring(&mut panel, at, colour);
    }
    if let ([only], true) = (&curves[..], joined) {
        cliff(&mut panel, only, &lane, &metric);
    }
    let head = match &third {
        Some(third) => format!("{}, by {}", metric.title(), names::parameter(third.parameter)),
        None => metric.title(),
    };
    named_axes::name_upright(&mut sheet, panel.room, &head);
    sheet.texts.extend(below(&lane, panel.room));
    sheet.panels.push(panel);
    (sheet, title)
}

/// A curve for each of the values of another parameter that are shown, or a single one.
fn curves(
    sweep: &Sweep<'_>,
    x: usize,
    other: Option<(usize, &Lane<'_>)>,
    lane: &Lane<'_>,
    metric: &Metric,
    points: &[&Point],
) -> Vec<Curve> {
    let index = sweep.metric(metric.name());
    let curve = |points: &mut dyn Iterator<Item = &Point>, name: &str, colour: Colour| {
        let figure = |point: &Point| Some((lane.index(point.setting(x))?, point.whole(index)?, sweep.number(point)));
        let mut points: Vec<(usize, Estimate, u64)> = points.filter_map(figure).collect();
        points.sort_by_key(|(at, ..)| *at);
        let numbers = points.iter().map(|(.., number)| *number).collect();
        let points = points.into_iter().map(|(at, figure, _)| (at, figure)).collect();
        Curve { name: letters::clean(name), colour, points, numbers }
    };
    let Some((by, third)) = other else {
        return vec![curve(&mut points.iter().copied(), "", Colour::Good)];
    };
    let of_value = |(rank, value): (usize, usize)| {
        let mut own = points.iter().copied().filter(|point| point.setting(by) == third.values[value]);
        curve(&mut own, &third.text(value), Colour::Series(rank))
    };
    spread(third.values.len(), SERIES).into_iter().enumerate().map(of_value).collect()
}

/// At most `most` indices of `count`, evenly spread, the first and the last among them.
fn spread(count: usize, most: usize) -> Vec<usize> {
    let shown = count.min(most);
    (0..shown).map(|i| if shown < 2 { 0 } else { (i * (count - 1) + (shown - 1) / 2) / (shown - 1) }).collect()
}

/// The plot from `top` down.
fn plot(curves: &[Curve], lane: &Lane<'_>, metric: &Metric, (joined, bound): (bool, Option<f64>), top: f64) -> Panel {
    let labels = curves.iter().map(|curve| theme::LABEL.measure(&curve.name));
    let limit = bound.map(|bound| theme::LABEL.measure(&format!("at most {}", metric.show_bound(bound))));
    let right = SHEET_RIGHT - labels.chain(limit).fold(40.0, f64::max).min(260.0) - 16.0;
    let y = axis(curves, metric, bound);
    let room = named_axes::beside(&y, top, right);
    let label = |(at, lines): (f64, Vec<String>)| {
        let mut lines = lines.into_iter();
        let label = lines.next().unwrap_or_default();
        Tick { at, label, below: lines.collect::<Vec<_>>().join(" ") }
    };
    let ticks = lane.labels(right - room.left).into_iter().map(label).collect();
    let mut panel = Panel::new(room, &Axis::with_ticks(0.0, 1.0, false, ticks), y);
    panel.grid();
    if let Some(bound) = bound.filter(|bound| panel.y.holds(*bound)) {
        let (low, high) = (panel.y.low, panel.x.high);
        panel.between(&[(0.0, bound), (high, bound)], &[(0.0, low), (high, low)], Colour::Good, 0.08);
        panel.level(bound, Colour::Ink);
    }
    panel.base();
    for curve in curves.iter().rev() {
        stroke(&mut panel, curve, lane, joined);
    }
    panel.ticks();
    if curves.iter().all(|curve| curve.points.is_empty()) {
        panel.notice("No point has a value");
    }
    let end = |curve: &Curve| {
        let (index, figure) = curve.points.last()?;
        // The names stand in one column, beside the last value of the parameter.
        let x = if index + 1 == lane.centres.len() { 1.0 } else { lane.centres[*index] };
        Some(End { at: (x, figure.mean), text: curve.name.clone(), colour: curve.colour })
    };
    let mut ends: Vec<End> = curves.iter().filter_map(end).collect();
    if let Some(bound) = bound.filter(|bound| panel.y.holds(*bound)) {
        let text = format!("at most {}", metric.show_bound(bound));
        ends.push(End { at: (1.0, bound), text, colour: Colour::Ink });
    }
    panel.ends(&ends, SHEET_RIGHT);
    panel
}

/// Position of the baseline, and the colour of its curve; `None` where no curve goes through it, and for a sample.
fn own(
    sweep: &Sweep<'_>,
    x: usize,
    by: Option<usize>,
    lane: &Lane<'_>,
    curves: &[Curve],
) -> Option<((f64, f64), Colour)> {
    let baseline = sweep.table.grid.then(|| &sweep.table.points[sweep.table.baseline])?;
    let name = by.map(|by| letters::clean(&names::value(&sweep.table.parameters[by], baseline.setting(by))));
    let curve = curves.iter().find(|curve| name.as_ref().is_none_or(|name| curve.name == *name))?;
    let index = lane.index(baseline.setting(x))?;
    let (_, figure) = curve.points.iter().find(|(at, _)| *at == index)?;
    Some(((lane.centres[index], figure.mean), curve.colour))
}

/// A ring around a point of a curve.
fn ring(panel: &mut Panel, at: (f64, f64), colour: Colour) {
    let middle = panel.place(at);
    for (radius, colour) in [(9.0, Colour::Ink), (6.5, Colour::Paper), (4.0, colour)] {
        panel.over.push(Part::Dot(Dot { at: middle, colour, radius }));
    }
}

/// Names the step between two neighbours that is most of what there is to see, if there is one.
fn cliff(panel: &mut Panel, curve: &Curve, lane: &Lane<'_>, metric: &Metric) {
    const MOST: f64 = 0.6;
    let means = || curve.points.iter().map(|(_, figure)| figure.mean);
    let (low, high) = (means().fold(f64::INFINITY, f64::min), means().fold(f64::NEG_INFINITY, f64::max));
    let height = |pair: &&[(usize, Estimate)]| (pair[1].1.mean - pair[0].1.mean).abs();
    let Some(step) = curve.points.windows(2).max_by(|a, b| height(a).total_cmp(&height(b))) else { return };
    if curve.points.len() < 4 || height(&step) < MOST * (high - low) || metric.show(low) == metric.show(high) {
        return;
    }
    let (from, to) = (&step[0], &step[1]);
    let words = format!(
        "{} to {} between {} and {}",
        metric.show(from.1.mean),
        metric.show(to.1.mean),
        lane.text(from.0),
        lane.text(to.0)
    );
    let upper = if from.1.mean > to.1.mean { from } else { to };
    let at = lane.centres[upper.0];
    panel.callout(&words, (at, at), upper.1.mean, theme::LABEL);
}

/// The axis holds every mean, and the bands as far as they do not dwarf the curves; a bound as far as it does not flatten them.
fn axis(curves: &[Curve], metric: &Metric, bound: Option<f64>) -> Axis {
    let all = || curves.iter().flat_map(|curve| curve.points.iter().map(|(_, figure)| figure));
    let lowest = all().map(|figure| figure.mean).fold(f64::INFINITY, f64::min);
    let highest = all().map(|figure| figure.mean).fold(f64::NEG_INFINITY, f64::max);
    if all().next().is_none() {
        return metric.axis(0.0, 1.0, 6);
    }
    let room = (highest - lowest).max(0.1 * highest.abs());
    let low = all().map(|figure| figure.low).fold(lowest, f64::min).max(lowest - room);
    let high = all().map(|figure| figure.high).fold(highest, f64::max).min(highest + room);
    let near = bound.filter(|bound| *bound <= 2.0 * high && *bound >= low - room);
    let (low, high) = near.map_or((low, high), |bound| (low.min(bound), high.max(bound)));
    // Nothing that is measured lies below zero, whatever the interval of its mean.
    metric.axis(if lowest >= 0.0 { low.max(0.0) } else { low }, high, 6)
}

fn stroke(panel: &mut Panel, curve: &Curve, lane: &Lane<'_>, joined: bool) {
    // A value of the parameter at which there is no figure is a gap.
    let runs = curve.points.chunk_by(|a, b| b.0 == a.0 + 1);
    for run in runs.filter(|_| joined) {
        let line = |value: &dyn Fn(&Estimate) -> f64| -> Vec<(f64, f64)> {
            run.iter().map(|(at, figure)| (lane.centres[*at], value(figure))).collect()
        };
        panel.between(&line(&|figure| figure.high), &line(&|figure| figure.low), curve.colour, 0.18);
        panel.line(&line(&|figure| figure.mean), curve.colour, 2.5);
    }
    if curve.points.len() <= DOTTED || !joined {
        let radius = if joined { 4.0 } else { 3.0 };
        for (at, figure) in &curve.points {
            if !joined {
                let bar = [(lane.centres[*at], figure.low), (lane.centres[*at], figure.high)];
                panel.line(&bar, curve.colour, 1.5);
            }
            panel.dot((lane.centres[*at], figure.mean), curve.colour, radius);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curves_that_are_shown_are_evenly_spread_with_both_ends() {
        assert_eq!(spread(3, 5), [0, 1, 2]);
        assert_eq!(spread(11, 5), [0, 3, 5, 8, 10]);
        assert_eq!(spread(1, 5), [0]);
    }
}
