//! The titles of curves: how the figure moves with the parameter, and where curves lie farthest apart.

use super::lane::Lane;
use super::map_title::reach;
use super::names::{self, Metric, Reach};
use super::title::{Points, Title};
use crate::measure::Estimate;
use crate::report::chart::model::Colour;
use crate::report::words::phrase::Sentence;

/// One curve.
pub(super) struct Curve {
    /// The value of the other parameter; empty if there is none.
    pub name: String,
    pub colour: Colour,
    /// Index of the value of the parameter, and the figure there, from left to right.
    pub points: Vec<(usize, Estimate)>,
    /// Number of the point of each of them.
    pub numbers: Points,
}

impl Curve {
    /// The number of the point at an index of the parameter.
    fn number(&self, index: usize) -> Points {
        let at = self.points.iter().position(|(at, _)| *at == index);
        at.and_then(|at| self.numbers.get(at)).copied().into_iter().collect()
    }
}

/// The title of curves over a grid, one for each value of a third parameter if there is one.
pub(super) fn title(
    curves: &[Curve],
    lane: &Lane<'_>,
    metric: &Metric,
    third: Option<&Lane<'_>>,
    bound: Option<f64>,
) -> Sentence {
    let mut title = Title::of(metric);
    let Some(first) = curves.first().filter(|curve| !curve.points.is_empty()) else {
        return title.of_none(Points::new());
    };
    let Some(third) = third else {
        let text = along(&mut title, first, lane, metric);
        let kept = bound.and_then(|bound| kept(&mut title, first, lane, bound)).unwrap_or_default();
        return title.sentence(format!("{text}{kept}"));
    };
    let by = names::parameter(third.parameter);
    let means = || curves.iter().flat_map(|curve| curve.points.iter().map(|(_, figure)| figure.mean));
    let range = means().fold(f64::NEG_INFINITY, f64::max) - means().fold(f64::INFINITY, f64::min);
    let Some((index, low, high)) = widest(curves, lane) else { return title.of_none(Points::new()) };
    // Curves that lie on each other are one curve.
    let is_one = metric.show(low.1) == metric.show(high.1);
    if is_one || high.1 - low.1 <= 0.05 * range && overlap(curves, lane) {
        let along = along(&mut title, first, lane, metric);
        let words = if is_one { "whatever the" } else { "about the same with any" };
        let whatever = title.setting(format!("{words} {by}"), third.parameter.name());
        return title.sentence(format!("{along}, {whatever}"));
    }
    let with = title.setting(names::phrase(lane.parameter, &lane.text(index), Reach::At), lane.parameter.name());
    let head = title.head();
    let least = title.mean(low.1, low.0.number(index));
    let least_with = names::phrase(third.parameter, &low.0.name, Reach::At);
    let least_with = title.setting(least_with, third.parameter.name());
    let most = title.mean(high.1, high.0.number(index));
    let most_with = title.setting(high.0.name.clone(), third.parameter.name());
    title.sentence(format!("{head} with {with}: {least} with {least_with}, {most} with {most_with}"))
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

/// Whether the intervals of the curves overlap at each value of the parameter, so that chance may explain how far they lie apart.
fn overlap(curves: &[Curve], lane: &Lane<'_>) -> bool {
    let at = |index: usize| {
        let figures = curves.iter().flat_map(|curve| &curve.points).filter(move |(at, _)| *at == index);
        figures.map(|(_, figure)| figure)
    };
    (0..lane.values.len()).all(|index| {
        let lowest = at(index).map(|figure| figure.high).fold(f64::INFINITY, f64::min);
        let highest = at(index).map(|figure| figure.low).fold(f64::NEG_INFINITY, f64::max);
        highest <= lowest
    })
}

/// Which values of the parameter keep the figure to a bound; `None` if all do, none does, or they are no stretch.
fn kept(title: &mut Title<'_>, curve: &Curve, lane: &Lane<'_>, bound: f64) -> Option<String> {
    if curve.points.len() < lane.values.len() {
        return None;
    }
    let holds: Vec<bool> = curve.points.iter().map(|(_, figure)| figure.mean <= bound).collect();
    let (_, words) = reach(lane, &holds)?;
    let points: Points = curve.numbers.iter().zip(&holds).filter(|(_, holds)| **holds).map(|(at, _)| *at).collect();
    let (limit, with) = (title.bound(bound), title.within(words, bound, points.len(), points));
    Some(format!("; within {limit} with {with}"))
}

/// The text of the title of a single curve, which has a point.
fn along(title: &mut Title<'_>, curve: &Curve, lane: &Lane<'_>, metric: &Metric) -> String {
    let (points, parameter) = (&curve.points, lane.parameter.name());
    let x = names::parameter(lane.parameter);
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let by_mean = |a: &&(usize, Estimate), b: &&(usize, Estimate)| a.1.mean.total_cmp(&b.1.mean);
    let (least, most) = (points.iter().min_by(by_mean).unwrap_or(first), points.iter().max_by(by_mean).unwrap_or(last));
    let show = |point: &(usize, Estimate)| metric.show(point.1.mean);
    let at = |title: &mut Title<'_>, point: &(usize, Estimate)| {
        let value = title.mean(point.1.mean, curve.number(point.0));
        let phrase = names::phrase(lane.parameter, &lane.text(point.0), Reach::At);
        format!("{value} with {}", title.setting(phrase, parameter))
    };
    let head = title.head();
    if let [only] = &points[..] {
        let only = at(title, only);
        let elsewhere = title.known("no value".to_owned(), 1, Points::new());
        return format!("{head}: {only}, and {elsewhere} elsewhere");
    }
    if show(least) == show(most) {
        let value = title.mean(least.1.mean, curve.number(least.0));
        let everywhere = title.setting(format!("at any {x}"), parameter);
        let elsewhere = if points.len() < lane.values.len() { " where there is a value" } else { "" };
        return format!("{head}: {value} {everywhere}{elsewhere}");
    }
    let ends = [first.0, last.0];
    if !(lane.ordered && ends.contains(&least.0) && ends.contains(&most.0)) {
        return format!("{head}: {}, {}", at(title, least), at(title, most));
    }
    let steady = |pair: &[(usize, Estimate)]| (pair[1].1.mean >= pair[0].1.mean) == (last.1.mean > first.1.mean);
    let (is, verb) = match last.1.mean > first.1.mean {
        _ if !points.windows(2).all(|pair| pair[0].1.mean == pair[1].1.mean || steady(pair)) => {
            ("goes", metric.verb("goes", "go"))
        }
        true => ("rises", metric.verb("rises", "rise")),
        false => ("falls", metric.verb("falls", "fall")),
    };
    let verb = title.moves(verb, is, curve.numbers.clone());
    let (from, to) = (title.mean(first.1.mean, curve.number(first.0)), title.mean(last.1.mean, curve.number(last.0)));
    let with = title.setting(format!("{x} from {} to {}", lane.text(first.0), lane.text(last.0)), parameter);
    format!("{head} {verb} from {from} to {to} with {with}")
}

/// The title of a sample, at whose points everything else varies too.
pub(super) fn range(curves: &[Curve], metric: &Metric) -> Sentence {
    let mut title = Title::of(metric);
    let means = || curves.iter().flat_map(|curve| curve.points.iter().map(|(_, figure)| figure.mean));
    let (low, high) = (means().fold(f64::INFINITY, f64::min), means().fold(f64::NEG_INFINITY, f64::max));
    if means().next().is_none() {
        return title.of_none(Points::new());
    }
    let numbers = curves.iter().flat_map(|curve| curve.numbers.iter().copied()).collect();
    let (head, [low, high]) = (title.head(), title.ends(low, high, &numbers));
    title.sentence(format!("{head}: from {low} to {high}"))
}
