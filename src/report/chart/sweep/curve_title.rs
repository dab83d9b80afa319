//! The titles of curves: how the figure moves with the parameter, and where curves lie farthest apart.

use super::lane::Lane;
use super::map_title::reach;
use super::names::{self, Metric, Reach};
use crate::measure::Estimate;
use crate::report::chart::model::Colour;

/// One curve.
pub(super) struct Curve {
    /// The value of the other parameter; empty if there is none.
    pub name: String,
    pub colour: Colour,
    /// Index of the value of the parameter, and the figure there, from left to right.
    pub points: Vec<(usize, Estimate)>,
}

/// The title of curves over a grid, one for each value of a third parameter if there is one.
pub(super) fn title(
    curves: &[Curve],
    lane: &Lane<'_>,
    metric: &Metric,
    third: Option<&Lane<'_>>,
    bound: Option<f64>,
) -> String {
    let first = curves.first().map_or(&[][..], |curve| &curve.points);
    let Some(third) = third else {
        let kept = bound.and_then(|bound| kept(first, lane, metric, bound)).unwrap_or_default();
        return format!("{}{kept}", along(first, lane, metric));
    };
    let by = names::parameter(third.parameter);
    let means = || curves.iter().flat_map(|curve| curve.points.iter().map(|(_, figure)| figure.mean));
    let range = means().fold(f64::NEG_INFINITY, f64::max) - means().fold(f64::INFINITY, f64::min);
    let Some((index, low, high)) = widest(curves, lane) else {
        return format!("No point has a value of {}", metric.object());
    };
    // Curves that lie on each other are one curve.
    if high.1 - low.1 <= 0.05 * range || metric.show(low.1) == metric.show(high.1) {
        return format!("{}, whatever the {by}", along(first, lane, metric));
    }
    format!(
        "With {}: {} {} with {by} {}, {} with {}",
        names::phrase(lane.parameter, &lane.text(index), Reach::At),
        metric.words(),
        metric.show(low.1),
        low.0.name,
        metric.show(high.1),
        high.0.name
    )
}

/// A curve and its mean at some value of the parameter.
type At<'c> = (&'c Curve, f64);

/// Index of the value at which the curves lie farthest apart, with the lowest and the highest curve there.
fn widest<'c>(curves: &'c [Curve], lane: &Lane<'_>) -> Option<(usize, At<'c>, At<'c>)> {
    let at = |index: usize| -> Vec<At<'c>> {
        let of = |curve: &Curve| curve.points.iter().find(|(at, _)| *at == index).map(|(_, figure)| figure.mean);
        curves.iter().filter_map(|curve| Some((curve, of(curve)?))).collect()
    };
    let ends = |index: usize| {
        let values = at(index);
        let low = values.iter().min_by(|a, b| a.1.total_cmp(&b.1)).copied()?;
        let high = values.iter().max_by(|a, b| a.1.total_cmp(&b.1)).copied()?;
        Some((index, low, high))
    };
    (0..lane.values.len()).filter_map(ends).max_by(|a, b| (a.2.1 - a.1.1).total_cmp(&(b.2.1 - b.1.1)))
}

/// Which values of the parameter keep the figure to a bound; `None` if all do, none does, or they are no stretch.
fn kept(points: &[(usize, Estimate)], lane: &Lane<'_>, metric: &Metric, bound: f64) -> Option<String> {
    if points.len() < lane.values.len() {
        return None;
    }
    let holds: Vec<bool> = points.iter().map(|(_, figure)| figure.mean <= bound).collect();
    let (_, words) = reach(lane, &holds)?;
    Some(format!("; within {} with {words}", metric.show_bound(bound)))
}

/// The title of a single curve.
fn along(points: &[(usize, Estimate)], lane: &Lane<'_>, metric: &Metric) -> String {
    let x = names::parameter(lane.parameter);
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return format!("No point has a value of {}", metric.object());
    };
    let by_mean = |a: &&(usize, Estimate), b: &&(usize, Estimate)| a.1.mean.total_cmp(&b.1.mean);
    let (least, most) = (points.iter().min_by(by_mean).unwrap_or(first), points.iter().max_by(by_mean).unwrap_or(last));
    let show = |point: &(usize, Estimate)| metric.show(point.1.mean);
    if let [only] = points {
        let at = names::phrase(lane.parameter, &lane.text(only.0), Reach::At);
        return format!("{}: {} with {at}, and no value elsewhere", metric.title(), show(only));
    }
    if show(least) == show(most) {
        let elsewhere = if points.len() < lane.values.len() { " where there is a value" } else { "" };
        return format!("{}: {} at any {x}{elsewhere}", metric.title(), show(least));
    }
    let ends = [first.0, last.0];
    if !(lane.ordered && ends.contains(&least.0) && ends.contains(&most.0)) {
        let at = |point: &(usize, Estimate)| {
            format!("{} with {}", show(point), names::phrase(lane.parameter, &lane.text(point.0), Reach::At))
        };
        return format!("{}: {}, {}", metric.title(), at(least), at(most));
    }
    let steady = |pair: &[(usize, Estimate)]| (pair[1].1.mean >= pair[0].1.mean) == (last.1.mean > first.1.mean);
    let verb = match last.1.mean > first.1.mean {
        _ if !points.windows(2).all(|pair| pair[0].1.mean == pair[1].1.mean || steady(pair)) => {
            metric.verb("goes", "go")
        }
        true => metric.verb("rises", "rise"),
        false => metric.verb("falls", "fall"),
    };
    let (from, to) = (lane.text(first.0), lane.text(last.0));
    format!("{} {verb} from {} to {} with {x} from {from} to {to}", metric.title(), show(first), show(last))
}

/// The title of a sample, at whose points everything else varies too.
pub(super) fn range(curves: &[Curve], metric: &Metric) -> String {
    let means = || curves.iter().flat_map(|curve| curve.points.iter().map(|(_, figure)| figure.mean));
    let (low, high) = (means().fold(f64::INFINITY, f64::min), means().fold(f64::NEG_INFINITY, f64::max));
    match means().next() {
        Some(_) => format!("{}: from {} to {}", metric.title(), metric.show(low), metric.show(high)),
        None => format!("No point has a value of {}", metric.object()),
    }
}
