//! `curves.png`: a figure over one parameter, with the interval of its mean as a band; a curve for each value of another.

use plotters::style::RGBColor;

use super::Sweep;
use super::heatmap::below;
use super::lane::Lane;
use super::names::{self, Metric, Reach};
use crate::measure::Estimate;
use crate::report::charts::axis::{Axis, Tick};
use crate::report::charts::canvas::{Drawn, measure, sheet};
use crate::report::charts::page::{self, Key, MARGIN, SHEET_RIGHT};
use crate::report::charts::panel::{Panel, Room};
use crate::report::charts::{text, theme};
use crate::sweep::{Curves, Point};

/// The foot of the plot; below it stand ticks, the name of the parameter and the footer.
const BOTTOM: f64 = 774.0;

/// More points than this are a line without dots.
const DOTTED: usize = 60;

/// One curve.
struct Curve {
    name: String,
    colour: RGBColor,
    /// Index of the value of the parameter, and the figure there, from left to right.
    points: Vec<(usize, Estimate)>,
}

/// Draws the curves; of a sample its points, since no two of them differ in one setting only.
pub fn draw(sweep: &Sweep<'_>, chart: &Curves) -> Drawn<Vec<u8>> {
    let x = sweep.parameter(&chart.x);
    let by = chart.by.as_ref().map(|by| sweep.parameter(by)).filter(|by| *by != x);
    let shown: Vec<usize> = [Some(x), by].into_iter().flatten().collect();
    let metric = Metric::of(&chart.y);
    let lane = Lane::of(&sweep.table, x).tightened();
    let points = sweep.slice(&shown);
    let third = by.filter(|_| sweep.table.grid).map(|by| Lane::of(&sweep.table, by));
    let chosen = third.as_ref().map_or_else(Vec::new, |third| spread(third.values.len(), theme::SERIES.len()));
    let curves: Vec<Curve> = match (&third, by) {
        (Some(third), Some(by)) => chosen
            .iter()
            .zip(theme::SERIES)
            .map(|(index, colour)| {
                let of_value = |point: &&Point| point.setting(by) == third.values[*index];
                let own: Vec<&Point> = points.iter().filter(|point| of_value(point)).copied().collect();
                curve(sweep, &own, x, &lane, &metric, third.text(*index), colour)
            })
            .collect(),
        _ => vec![curve(sweep, &points, x, &lane, &metric, String::new(), theme::GOOD)],
    };
    let joined = sweep.table.grid && lane.parameter.numeric;
    let title = match sweep.table.grid {
        true => title(&curves, &lane, &metric, third.as_ref()),
        false => range(&curves, &metric),
    };
    let banded = curves.iter().flat_map(|curve| &curve.points).any(|(_, figure)| figure.high > figure.low);
    let left_out = third
        .as_ref()
        .filter(|third| third.values.len() > chosen.len())
        .map(|third| format!("{} of {} values", chosen.len(), third.values.len()));
    let subtitle = sweep.subtitle(&[
        Some(metric.words()),
        sweep.mean_of(),
        banded.then(|| format!("{}: 95% interval", if joined { "band" } else { "bars" })),
        left_out,
        sweep.elsewhere(&shown),
    ]);
    let legend: Vec<(String, RGBColor, Key)> =
        curves.iter().filter(|_| third.is_some()).map(|curve| (curve.name.clone(), curve.colour, Key::Line)).collect();
    sheet(&sweep.notes(&title), |canvas| {
        let by_name = third.as_ref().map(|third| names::parameter(third.parameter));
        let top = page::header(canvas, &title, &subtitle, &legend)? + 36.0;
        let labels: Vec<f64> = curves.iter().map(|curve| measure(&curve.name, theme::LABEL)).collect();
        let right = SHEET_RIGHT - labels.into_iter().fold(40.0, f64::max).min(260.0) - 16.0;
        let y = axis(&curves, &metric);
        let widest = y.ticks.iter().map(|tick| measure(&tick.label, theme::TICK)).fold(0.0, f64::max);
        let room = Room { left: MARGIN + widest + 16.0, right, top, bottom: BOTTOM };
        let apart = |a: &str, b: &str| (measure(a, theme::TICK) + measure(b, theme::TICK)) / 2.0 + 14.0;
        let ticks = lane.ticks(right - room.left, apart).into_iter().map(|(at, label)| Tick { at, label }).collect();
        let panel = Panel::new(canvas, room, &Axis::with_ticks(0.0, 1.0, false, ticks), y);
        panel.grid()?;
        panel.base()?;
        for curve in curves.iter().rev() {
            stroke(canvas, &panel, curve, &lane, joined)?;
        }
        if curves.iter().all(|curve| curve.points.is_empty()) {
            page::nothing(canvas, room, "No point has a value")?;
        }
        panel.times()?;
        let ends: Vec<(f64, String, RGBColor)> = curves
            .iter()
            .filter_map(|curve| Some((curve.points.last()?.1.mean, curve.name.clone(), curve.colour)))
            .collect();
        panel.ends(&ends, SHEET_RIGHT)?;
        let head = match by_name {
            Some(by) => format!("{}, by {by}", metric.title()),
            None => metric.title(),
        };
        canvas.label(&head, (MARGIN, top - 20.0), theme::LABEL, right - MARGIN)?;
        below(canvas, &lane, room)?;
        sweep.footer(canvas)
    })
}

/// At most `most` indices of `count`, evenly spread, the first and the last among them.
fn spread(count: usize, most: usize) -> Vec<usize> {
    let shown = count.min(most);
    (0..shown).map(|i| if shown < 2 { 0 } else { (i * (count - 1) + (shown - 1) / 2) / (shown - 1) }).collect()
}

fn curve(
    sweep: &Sweep<'_>,
    points: &[&Point],
    x: usize,
    lane: &Lane<'_>,
    metric: &Metric,
    name: String,
    colour: RGBColor,
) -> Curve {
    let index = sweep.metric(metric.name());
    let mut points: Vec<(usize, Estimate)> = points
        .iter()
        .filter(|point| point.mean(index).is_some())
        .filter_map(|point| Some((lane.index(point.setting(x))?, point.figures[index]?)))
        .collect();
    points.sort_by_key(|(at, _)| *at);
    Curve { name: text::clean(&name), colour, points }
}

/// The axis holds every mean, and the bands as far as they do not dwarf the curves.
fn axis(curves: &[Curve], metric: &Metric) -> Axis {
    let all = || curves.iter().flat_map(|curve| curve.points.iter().map(|(_, figure)| figure));
    let lowest = all().map(|figure| figure.mean).fold(f64::INFINITY, f64::min);
    let highest = all().map(|figure| figure.mean).fold(f64::NEG_INFINITY, f64::max);
    if all().next().is_none() {
        return metric.axis(0.0, 1.0, 6);
    }
    let room = (highest - lowest).max(0.1 * highest.abs());
    let low = all().map(|figure| figure.low).fold(lowest, f64::min).max(lowest - room);
    let high = all().map(|figure| figure.high).fold(highest, f64::max).min(highest + room);
    // Nothing that is measured lies below zero, whatever the interval of its mean.
    metric.axis(if lowest >= 0.0 { low.max(0.0) } else { low }, high, 6)
}

fn stroke(
    canvas: &crate::report::charts::canvas::Canvas<'_>,
    panel: &Panel<'_, '_>,
    curve: &Curve,
    lane: &Lane<'_>,
    joined: bool,
) -> Drawn {
    // A value of the parameter at which there is no figure is a gap.
    let runs = curve.points.chunk_by(|a, b| b.0 == a.0 + 1);
    for run in runs.filter(|_| joined) {
        let line = |value: &dyn Fn(&Estimate) -> f64| -> Vec<(f64, f64)> {
            run.iter().map(|(at, figure)| (lane.centres[*at], value(figure))).collect()
        };
        panel.between(&line(&|figure| figure.high), &line(&|figure| figure.low), curve.colour, 0.18)?;
        panel.line(&line(&|figure| figure.mean), curve.colour, 2.5)?;
    }
    if curve.points.len() <= DOTTED || !joined {
        let radius = if joined { 4.0 } else { 3.0 };
        for (at, figure) in &curve.points {
            if !joined {
                let bar = [(lane.centres[*at], figure.low), (lane.centres[*at], figure.high)];
                panel.line(&bar, curve.colour, 1.5)?;
            }
            canvas.dot(panel.place((lane.centres[*at], figure.mean)), curve.colour, radius)?;
        }
    }
    Ok(())
}

/// What the curves come to.
fn title(curves: &[Curve], lane: &Lane<'_>, metric: &Metric, third: Option<&Lane<'_>>) -> String {
    if let Some(third) = third {
        let by = names::parameter(third.parameter);
        // Where the curves are farthest apart.
        let at = |index: usize| -> Vec<(&Curve, f64)> {
            let of = |curve: &&Curve| curve.points.iter().find(|(at, _)| *at == index).map(|(_, figure)| figure.mean);
            curves.iter().filter_map(|curve| Some((curve, of(&curve)?))).collect()
        };
        let widest = (0..lane.values.len())
            .filter_map(|index| {
                let values = at(index);
                let low = values.iter().min_by(|a, b| a.1.total_cmp(&b.1)).map(|(curve, value)| (*curve, *value))?;
                let high = values.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(curve, value)| (*curve, *value))?;
                Some((index, low, high))
            })
            .max_by(|a, b| (a.2.1 - a.1.1).total_cmp(&(b.2.1 - b.1.1)));
        let all = || curves.iter().flat_map(|curve| curve.points.iter().map(|(_, figure)| figure.mean));
        let range = all().fold(f64::NEG_INFINITY, f64::max) - all().fold(f64::INFINITY, f64::min);
        return match widest {
            // Curves that lie on each other are one curve.
            Some((_, low, high)) if high.1 - low.1 <= 0.05 * range || metric.show(low.1) == metric.show(high.1) => {
                format!("{}, whatever the {by}", along(&curves[0].points, lane, metric))
            }
            Some((index, low, high)) => format!(
                "With {}: {} {} with {by} {}, {} with {}",
                names::phrase(lane.parameter, &lane.text(index), Reach::At),
                metric.words(),
                metric.show(low.1),
                low.0.name,
                metric.show(high.1),
                high.0.name
            ),
            None => format!("No point has a value of {}", metric.object()),
        };
    }
    along(curves.first().map_or(&[][..], |curve| &curve.points), lane, metric)
}

/// What one curve comes to.
fn along(points: &[(usize, Estimate)], lane: &Lane<'_>, metric: &Metric) -> String {
    let x = names::parameter(lane.parameter);
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return format!("No point has a value of {}", metric.object());
    };
    let by_mean = |a: &&(usize, Estimate), b: &&(usize, Estimate)| a.1.mean.total_cmp(&b.1.mean);
    let (least, most) = (points.iter().min_by(by_mean).unwrap_or(first), points.iter().max_by(by_mean).unwrap_or(last));
    let show = |point: &(usize, Estimate)| metric.show(point.1.mean);
    if show(least) == show(most) {
        return format!("{}: {} at any {x}", metric.title(), show(least));
    }
    let ends = [first.0, last.0];
    if !(lane.parameter.numeric && ends.contains(&least.0) && ends.contains(&most.0)) {
        let at = |point: &(usize, Estimate)| {
            format!("{} with {}", show(point), names::phrase(lane.parameter, &lane.text(point.0), Reach::At))
        };
        return format!("{}: {}, {}", metric.title(), at(least), at(most));
    }
    let rises = last.1.mean > first.1.mean;
    let verb = if rises { metric.verb("rises", "rise") } else { metric.verb("falls", "fall") };
    let (from, to) = (lane.text(first.0), lane.text(last.0));
    format!("{} {verb} from {} to {} with {x} from {from} to {to}", metric.title(), show(first), show(last))
}

/// What the points of a sample come to, at which everything else varies too.
fn range(curves: &[Curve], metric: &Metric) -> String {
    let means = || curves.iter().flat_map(|curve| curve.points.iter().map(|(_, figure)| figure.mean));
    let (low, high) = (means().fold(f64::INFINITY, f64::min), means().fold(f64::NEG_INFINITY, f64::max));
    match means().next() {
        Some(_) => format!("{}: from {} to {}", metric.title(), metric.show(low), metric.show(high)),
        None => format!("No point has a value of {}", metric.object()),
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
