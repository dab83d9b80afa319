//! The titles of heat maps: where the figure keeps to the bound, or the range of the figure and the parameter behind it.

use super::lane::Lane;
use super::map::Map;
use super::names::{self, Metric, Reach};
use super::title::{Points, Title};
use super::view::Sweep;
use crate::report::words::phrase::Sentence;
use crate::sweep::Point;
use crate::vocabulary::Figure;

/// The title of a heat map.
pub fn title(map: &Map<'_>, metric: &Metric, bound: Option<f64>) -> Sentence {
    let mut title = Title::of(metric);
    let Some((low, high)) = ends(map) else { return title.of_none(map.all_points()) };
    let Some(bound) = bound else { return from_to(title, map, metric, low, high) };
    let (all, stays) = (map.all_points(), metric.verb("stays", "stay"));
    let (head, limit) = (title.head(), title.bound(bound));
    if high <= bound && !map.has_gaps() {
        let everywhere = title.within("everywhere".to_owned(), bound, all.len(), all.clone());
        let [_, most] = title.ends(low, high, &all);
        return title.sentence(format!("{head} {stays} within {limit} {everywhere}: {most} at most"));
    }
    if low > bound {
        let nowhere = title.within("nowhere".to_owned(), bound, 0, all.clone());
        let [least, _] = title.ends(low, high, &all);
        return title.sentence(format!("{head} {stays} {nowhere} within {limit}: {least} at best"));
    }
    let holds = holds(map, bound);
    // First what holds whatever the other parameter is, then how far the best value reaches.
    let whatever = on_either_side(map, &holds, whatever);
    let far = || on_either_side(map, &holds, farthest);
    // Whether a cell without a value keeps to the bound is unknown; but what is not over by the end does not.
    let known = !map.has_gaps() || metric.0 == Figure::Recovery;
    if let (true, Some((words, points))) = (known, whatever.or_else(far)) {
        let with = title.within(words, bound, points.len(), points);
        return title.sentence(format!("{head} {stays} within {limit} with {with}"));
    }
    let count = holds.iter().flatten().filter(|cell| **cell).count();
    let at = title.within(format!("at {count} of {} points", all.len()), bound, count, all);
    title.sentence(format!("{head} {stays} within {limit} {at}"))
}

/// A parameter, the other one, where the bound is kept by the values of both, and the number of the point of two values.
type Side<'s> = (&'s Lane<'s>, &'s Lane<'s>, &'s Vec<Vec<bool>>, &'s dyn Fn(usize, usize) -> Option<u64>);

/// Whether the cells keep to a bound, `[y][x]`; one without a value does not.
fn holds(map: &Map<'_>, bound: f64) -> Vec<Vec<bool>> {
    let holds = |cell: &Option<f64>| cell.is_some_and(|value| value <= bound);
    map.cells.iter().map(|row| row.iter().map(holds).collect()).collect()
}

/// The first sentence that holds: `say` is asked of the rows of a map, then of its columns.
fn on_either_side(
    map: &Map<'_>,
    holds: &Vec<Vec<bool>>,
    say: fn(&Side<'_>) -> Option<(String, Points)>,
) -> Option<(String, Points)> {
    let turned: Vec<Vec<bool>> = (0..map.x.values.len()).map(|x| holds.iter().map(|row| row[x]).collect()).collect();
    let upright = |x: usize, y: usize| map.number(x, y);
    let across = |y: usize, x: usize| map.number(x, y);
    say(&(&map.y, &map.x, holds, &across)).or_else(|| say(&(&map.x, &map.y, &turned, &upright)))
}

/// The values of one parameter at which the bound is kept whatever the other two are, and their points in all maps.
fn in_all_maps(maps: &[Map<'_>], bound: f64) -> Option<(String, Points)> {
    let each: Vec<Vec<Vec<bool>>> = maps.iter().map(|map| holds(map, bound)).collect();
    if each.windows(2).any(|pair| pair[0] != pair[1]) || maps.iter().any(Map::has_gaps) {
        return None;
    }
    let told: Vec<(String, Points)> =
        maps.iter().zip(&each).filter_map(|(map, holds)| on_either_side(map, holds, whatever)).collect();
    let words = told.first()?.0.clone();
    Some((words, told.into_iter().flat_map(|(_, points)| points).collect()))
}

/// The values of one parameter at which the bound is kept whatever the other is, in words, and their points.
fn whatever((lane, other, rows, number): &Side<'_>) -> Option<(String, Points)> {
    let all: Vec<bool> = rows.iter().map(|row| row.iter().all(|cell| *cell)).collect();
    let words = format!("{} at any {}", reach(lane, &all)?.1, names::parameter(other.parameter));
    let held = (0..all.len()).filter(|row| all[*row]);
    Some((words, held.flat_map(|row| (0..other.values.len()).filter_map(move |at| number(row, at))).collect()))
}

/// The value of one parameter at which most values of the other keep to the bound, and these values.
fn farthest((lane, other, rows, number): &Side<'_>) -> Option<(String, Points)> {
    let counts: Vec<usize> = rows.iter().map(|row| row.iter().filter(|holds| **holds).count()).collect();
    let most = counts.iter().max()?;
    // Among equals the value that costs the least: the first on the way to where the bound is kept.
    let row = if counts.last() >= counts.first() {
        counts.iter().position(|count| count == most)?
    } else {
        counts.iter().rposition(|count| count == most)?
    };
    let (_, words) = reach(other, &rows[row])?;
    let points = (0..rows[row].len()).filter(|at| rows[row][*at]).filter_map(|at| number(row, at)).collect();
    Some((format!("{} and {words}", names::phrase(lane.parameter, &lane.text(row), Reach::At)), points))
}

/// Number of values that keep to the bound and their range, if they are all values from one on, or all up to one; `None` if all or
/// no values do.
pub(super) fn reach(lane: &Lane<'_>, holds: &[bool]) -> Option<(usize, String)> {
    let count = holds.iter().filter(|holds| **holds).count();
    if count == 0 || count == holds.len() {
        return None;
    }
    let last = holds.len() - 1;
    let (value, reach) = match (holds[..count].iter().all(|holds| *holds), lane.ordered) {
        (true, true) => (count - 1, Reach::UpTo),
        (false, true) if holds[last + 1 - count..].iter().all(|holds| *holds) => (last + 1 - count, Reach::From),
        (_, false) if count == 1 => (holds.iter().position(|holds| *holds)?, Reach::At),
        _ => return None,
    };
    Some((count, names::phrase(lane.parameter, &lane.text(value), reach)))
}

/// The lowest and the highest value.
fn ends(map: &Map<'_>) -> Option<(f64, f64)> {
    Some((map.values().reduce(f64::min)?, map.values().reduce(f64::max)?))
}

/// The range of the figure, and the parameter that it goes with more.
fn from_to(mut title: Title<'_>, map: &Map<'_>, metric: &Metric, least: f64, most: f64) -> Sentence {
    let all = map.all_points();
    let known = map.values().count();
    let head = title.head();
    if known < all.len() {
        let verb = metric.verb("has a value", "have values");
        let at = title.known(format!("at {known} of {} points", all.len()), known, all.clone());
        let [low, high] = title.ends(least, most, &all);
        return title.sentence(format!("{head} {verb} {at}: from {low} to {high}"));
    }
    let [low, high] = title.ends(least, most, &all);
    if metric.show(least) == metric.show(most) {
        return title.sentence(format!("{head}: from {low} to {high}"));
    }
    let range = |means: Vec<f64>| {
        let ends = means.into_iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
        ends.1 - ends.0
    };
    let mean = |cells: Vec<f64>| (!cells.is_empty()).then(|| cells.iter().sum::<f64>() / cells.len() as f64);
    let by_y = range(map.cells.iter().filter_map(|row| mean(row.iter().flatten().copied().collect())).collect());
    let columns = 0..map.x.values.len();
    let by_x = range(columns.filter_map(|x| mean(map.cells.iter().filter_map(|row| row[x]).collect())).collect());
    let (x, y) = (map.x.parameter, map.y.parameter);
    let (words, ratio, with) = match by_x / by_y {
        ratio if ratio > 1.5 => (format!("mostly with {}", names::parameter(x)), ratio, [x.name(), y.name()]),
        ratio if ratio < 1.0 / 1.5 => {
            (format!("mostly with {}", names::parameter(y)), by_y / by_x, [y.name(), x.name()])
        }
        ratio => {
            let both = format!("with {} and {} alike", names::parameter(x), names::parameter(y));
            (both, ratio, [x.name(), y.name()])
        }
    };
    let with = title.moves_more(words, ratio, with, all);
    title.sentence(format!("{head} {} from {low} to {high}, {with}", metric.verb("goes", "go")))
}

/// The title of small multiples: at how many points the bound is kept with the best and with the worst value of the third
/// parameter, or the range of means.
pub fn across_title(maps: &[Map<'_>], third: &Lane<'_>, metric: &Metric, bound: Option<f64>) -> Sentence {
    let mut title = Title::of(metric);
    let parameter = third.parameter.name();
    let name = if maps.len() < third.values.len() {
        format!("of the {} values shown of {}", maps.len(), names::parameter(third.parameter))
    } else {
        names::parameter(third.parameter)
    };
    let mean = |map: &Map<'_>| {
        let (sum, count) = map.values().fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
        (count > 0).then(|| sum / f64::from(count))
    };
    let held = |map: &Map<'_>| bound.map_or(0, |bound| map.values().filter(|value| *value <= bound).count());
    let best = (0..maps.len()).max_by_key(|index| (held(&maps[*index]), std::cmp::Reverse(*index)));
    let worst = (0..maps.len()).min_by_key(|index| held(&maps[*index]));
    if let (Some(best), Some(worst), Some(bound)) = (best, worst, bound)
        && held(&maps[best]) > 0
    {
        let (all, stays) = (maps[best].all_points(), metric.verb("stays", "stay"));
        let (head, limit) = (title.head(), title.bound(bound));
        if let Some((words, points)) = in_all_maps(maps, bound) {
            let with = title.within(words, bound, points.len(), points);
            let any = title.setting(format!("any {name}"), parameter);
            return title.sentence(format!("{head} {stays} within {limit} with {with} and {any}"));
        }
        let count = held(&maps[best]);
        let at = title.within(format!("at {count} of {} points", all.len()), bound, count, all);
        let head = format!("{head} {stays} within {limit} {at}");
        return match held(&maps[worst]) {
            same if same == count => {
                let any = title.setting(format!("at any {name}"), parameter);
                title.sentence(format!("{head} {any}"))
            }
            fewer => {
                let phrase = names::phrase(third.parameter, &third.text(best), Reach::At);
                let with = title.setting(phrase, parameter);
                let at = title.within(format!("at {fewer}"), bound, fewer, maps[worst].all_points());
                let other = title.setting(third.text(worst), parameter);
                title.sentence(format!("{head} with {with}, {at} with {other}"))
            }
        };
    }
    let means: Vec<(usize, f64)> = maps.iter().enumerate().filter_map(|(i, map)| Some((i, mean(map)?))).collect();
    let by_value = |a: &&(usize, f64), b: &&(usize, f64)| a.1.total_cmp(&b.1);
    let (Some(low), Some(high)) = (means.iter().min_by(by_value), means.iter().max_by(by_value)) else {
        return title.of_none(Points::new());
    };
    let head = title.head();
    let least = title.mean(low.1, maps[low.0].valued());
    if metric.show(low.1) == metric.show(high.1) {
        let any = title.setting(format!("at any {name}"), parameter);
        return title.sentence(format!("{head}: {least} on average {any}"));
    }
    let with = title.setting(names::phrase(third.parameter, &third.text(low.0), Reach::At), parameter);
    let most = title.mean(high.1, maps[high.0].valued());
    let other = title.setting(third.text(high.0), parameter);
    title.sentence(format!("{head}: {least} on average with {with}, {most} with {other}"))
}

/// The title of a heat map of a sample.
pub fn scattered(sweep: &Sweep<'_>, points: &[&Point], metric: &Metric, bound: Option<f64>) -> Sentence {
    let mut title = Title::of(metric);
    let values: Vec<f64> = points.iter().filter_map(|point| point.middle(sweep.metric(metric.name()))).collect();
    let (Some(low), Some(high)) = (values.iter().copied().reduce(f64::min), values.iter().copied().reduce(f64::max))
    else {
        return title.of_none(Points::new());
    };
    let numbers: Points = points.iter().map(|point| sweep.number(point)).collect();
    let head = title.head();
    let Some(bound) = bound else {
        let [low, high] = title.ends(low, high, &numbers);
        return title.sentence(format!("{head}: from {low} to {high}"));
    };
    let count = values.iter().filter(|value| **value <= bound).count();
    let (limit, stays) = (title.bound(bound), metric.verb("stays", "stay"));
    let at = title.within(format!("at {count} of {} points", points.len()), bound, count, numbers);
    title.sentence(format!("{head} {stays} within {limit} {at}"))
}
