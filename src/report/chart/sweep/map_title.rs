//! The titles of heat maps: where the figure keeps to the bound, or the range of the figure and the parameter behind it.

use super::lane::Lane;
use super::map::Map;
use super::names::{self, Metric, Reach};
use super::view::Sweep;
use crate::sweep::Point;
use crate::vocabulary::Figure;

/// The title of a heat map.
pub fn title(map: &Map<'_>, metric: &Metric, bound: Option<f64>) -> String {
    let Some((least, most)) = ends(map) else { return format!("No point has a value of {}", metric.object()) };
    let Some(bound) = bound else { return from_to(map, metric, least.2, most.2) };
    let (limit, stays) = (metric.show_bound(bound), metric.verb("stays", "stay"));
    if most.2 <= bound && !map.has_gaps() {
        return format!("{} {stays} within {limit} everywhere: {} at most", metric.title(), metric.show(most.2));
    }
    if least.2 > bound {
        return format!("{} {stays} nowhere within {limit}: {} at best", metric.title(), metric.show(least.2));
    }
    let holds: Vec<Vec<bool>> =
        map.cells.iter().map(|row| row.iter().map(|cell| cell.is_some_and(|value| value <= bound)).collect()).collect();
    let turned: Vec<Vec<bool>> = (0..map.x.values.len()).map(|x| holds.iter().map(|row| row[x]).collect()).collect();
    let sides = [(&map.y, &map.x, &holds), (&map.x, &map.y, &turned)];
    // First what holds whatever the other parameter is, then how far the best value reaches.
    let whatever = sides.iter().find_map(|(lane, other, rows)| {
        let all: Vec<bool> = rows.iter().map(|row| row.iter().all(|cell| *cell)).collect();
        Some(format!("{} at any {}", reach(lane, &all)?.1, names::parameter(other.parameter)))
    });
    let far = || sides.iter().find_map(|(lane, other, rows)| farthest(lane, other, rows));
    let head = format!("{} {stays} within {limit}", metric.title());
    // Whether a cell without a value keeps to the bound is unknown; but what is not over by the end does not.
    let known = !map.has_gaps() || metric.0 == Figure::Recovery;
    if let (true, Some(words)) = (known, whatever.or_else(far)) {
        return format!("{head} with {words}");
    }
    let count = holds.iter().flatten().filter(|cell| **cell).count();
    format!("{head} at {count} of {} points", map.x.values.len() * map.y.values.len())
}

/// The value of one parameter at which most values of the other keep to the bound, and these values.
fn farthest(lane: &Lane<'_>, other: &Lane<'_>, rows: &[Vec<bool>]) -> Option<String> {
    let counts: Vec<usize> = rows.iter().map(|row| row.iter().filter(|holds| **holds).count()).collect();
    let most = counts.iter().max()?;
    // Among equals the value that costs the least: the first on the way to where the bound is kept.
    let row = match counts.last() >= counts.first() {
        true => counts.iter().position(|count| count == most)?,
        false => counts.iter().rposition(|count| count == most)?,
    };
    let (_, words) = reach(other, &rows[row])?;
    Some(format!("{} and {words}", names::phrase(lane.parameter, &lane.text(row), Reach::At)))
}

/// How many values keep to the bound and which, if these are all values from one on, or all up to one; none if all or no
/// values do.
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

/// Column, row and value of the lowest or the highest cell.
type End = (usize, usize, f64);

fn ends(map: &Map<'_>) -> Option<(End, End)> {
    let cells = || {
        let rows = map.cells.iter().enumerate();
        rows.flat_map(|(row, cells)| {
            cells.iter().enumerate().filter_map(move |(column, cell)| Some((column, row, (*cell)?)))
        })
    };
    let by_value = |a: &End, b: &End| a.2.total_cmp(&b.2);
    Some((cells().min_by(by_value)?, cells().max_by(by_value)?))
}

/// The range of the figure, and the parameter that it goes with more.
fn from_to(map: &Map<'_>, metric: &Metric, least: f64, most: f64) -> String {
    let (low, high) = (metric.show(least), metric.show(most));
    let all = map.x.values.len() * map.y.values.len();
    let known = map.values().count();
    if known < all {
        let verb = metric.verb("has a value", "have values");
        return format!("{} {verb} at {known} of {all} points: from {low} to {high}", metric.title());
    }
    if low == high {
        return format!("{}: {low} at every point", metric.title());
    }
    let range = |means: Vec<f64>| {
        let ends = means.into_iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
        ends.1 - ends.0
    };
    let mean = |cells: Vec<f64>| (!cells.is_empty()).then(|| cells.iter().sum::<f64>() / cells.len() as f64);
    let by_y = range(map.cells.iter().filter_map(|row| mean(row.iter().flatten().copied().collect())).collect());
    let columns = 0..map.x.values.len();
    let by_x = range(columns.filter_map(|x| mean(map.cells.iter().filter_map(|row| row[x]).collect())).collect());
    let (x, y) = (names::parameter(map.x.parameter), names::parameter(map.y.parameter));
    let words = match by_x / by_y {
        ratio if ratio > 1.5 => format!(", mostly with {x}"),
        ratio if ratio < 1.0 / 1.5 => format!(", mostly with {y}"),
        _ => format!(", with {x} and {y} alike"),
    };
    format!("{} {} from {low} to {high}{words}", metric.title(), metric.verb("goes", "go"))
}

/// The title of small multiples: at how many points the bound is kept with the best and with the worst value of the third
/// parameter, or the range of means.
pub fn across_title(maps: &[Map<'_>], third: &Lane<'_>, metric: &Metric, bound: Option<f64>) -> String {
    let name = match maps.len() < third.values.len() {
        true => format!("of the {} values shown of {}", maps.len(), names::parameter(third.parameter)),
        false => names::parameter(third.parameter),
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
        let of = maps[best].x.values.len() * maps[best].y.values.len();
        let (limit, stays) = (metric.show_bound(bound), metric.verb("stays", "stay"));
        let head = format!("{} {stays} within {limit} at {} of {of} points", metric.title(), held(&maps[best]));
        return match held(&maps[worst]) {
            count if count == held(&maps[best]) => format!("{head} at any {name}"),
            count => {
                let with = names::phrase(third.parameter, &third.text(best), Reach::At);
                format!("{head} with {with}, at {count} with {}", third.text(worst))
            }
        };
    }
    let means: Vec<(usize, f64)> = maps.iter().enumerate().filter_map(|(i, map)| Some((i, mean(map)?))).collect();
    let by_value = |a: &&(usize, f64), b: &&(usize, f64)| a.1.total_cmp(&b.1);
    match (means.iter().min_by(by_value), means.iter().max_by(by_value)) {
        (Some(low), Some(high)) if metric.show(low.1) != metric.show(high.1) => format!(
            "{}: {} on average with {}, {} with {}",
            metric.title(),
            metric.show(low.1),
            names::phrase(third.parameter, &third.text(low.0), Reach::At),
            metric.show(high.1),
            third.text(high.0)
        ),
        (Some(low), _) => format!("{}: {} on average at any {name}", metric.title(), metric.show(low.1)),
        _ => format!("No point has a value of {}", metric.object()),
    }
}

/// The title of a heat map of a sample.
pub fn scattered(sweep: &Sweep<'_>, points: &[&Point], metric: &Metric, bound: Option<f64>) -> String {
    let values: Vec<f64> = points.iter().filter_map(|point| point.mean(sweep.metric(metric.name()))).collect();
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    match bound {
        _ if values.is_empty() => format!("No point has a value of {}", metric.object()),
        Some(bound) => {
            let count = values.iter().filter(|value| **value <= bound).count();
            let limit = metric.show_bound(bound);
            let stays = metric.verb("stays", "stay");
            format!("{} {stays} within {limit} at {count} of {} points", metric.title(), points.len())
        }
        None => format!("{}: from {} to {}", metric.title(), metric.show(low), metric.show(high)),
    }
}
