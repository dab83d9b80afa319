//! `heatmap.png`: a figure over two parameters as colour; and `small-multiples.png`, one for each value of a third.

use plotters::style::text_anchor::{HPos, VPos};

use super::Sweep;
use super::lane::Lane;
use super::map::{Colours, Map, bar, viridis};
use super::names::{self, Metric, Reach};
use crate::report::charts::axis::Axis;
use crate::report::charts::canvas::{Canvas, Drawn, measure, sheet};
use crate::report::charts::page::{self, MARGIN};
use crate::report::charts::panel::Room;
use crate::report::charts::{text, theme};
use crate::report::numbers::capital;
use crate::sweep::{Heatmap, Point, Setting, SmallMultiples};
use crate::vocabulary::Figure;

/// Where cells end and the colour bar begins.
const RIGHT: f64 = 1410.0;
const BAR: f64 = 1450.0;
/// The foot of the cells; below it stand ticks, the name of the parameter and the footer.
const BOTTOM: f64 = 774.0;

/// More heatmaps do not fit on a sheet.
const MOST_MAPS: usize = 12;

/// Draws one heatmap; of a sample its points.
pub fn draw(sweep: &Sweep<'_>, chart: &Heatmap) -> Drawn<Vec<u8>> {
    let (x, y) = (sweep.parameter(&chart.x), sweep.parameter(&chart.y));
    let metric = Metric::of(&chart.colour);
    let points = sweep.slice(&[x, y]);
    let map = map(sweep, &points, x, y, &metric);
    let bound = chart.contour.as_ref().map(|bound| metric.bound(bound));
    let title = if sweep.table.grid { title(&map, &metric, bound) } else { scattered(sweep, &points, &metric, bound) };
    let values: Vec<f64> = points.iter().filter_map(|point| point.mean(sweep.metric(metric.name()))).collect();
    let colours = colours(metric, &values, bound);
    let subtitle = sweep.subtitle(&[
        Some(metric.words()),
        sweep.mean_of(),
        line_words(&colours, sweep.table.grid),
        sweep.elsewhere(&[x, y]),
    ]);
    sheet(&sweep.notes(&title), |canvas| {
        let top = page::header(canvas, &title, &subtitle, &[])? + 36.0;
        let left = MARGIN + map.y.widest(BOTTOM - top).min(200.0) + 16.0;
        let room = Room { left, right: RIGHT, top, bottom: BOTTOM };
        if values.is_empty() {
            page::nothing(canvas, room, "No point has a value")?;
        } else if sweep.table.grid {
            map.draw(canvas, room, &colours)?;
        } else {
            scatter(canvas, room, &map, &points, [x, y], sweep.metric(metric.name()), &colours)?;
        }
        map.foot(canvas, room)?;
        map.side(canvas, room)?;
        caption(canvas, &map.y, (MARGIN, top - 20.0), RIGHT - MARGIN)?;
        below(canvas, &map.x, room)?;
        bar(canvas, &colours, top, BOTTOM, BAR, sweep.table.grid && map.has_gaps())?;
        sweep.footer(canvas)
    })
}

/// Draws a heatmap for each value of a third parameter, all with the same colours.
pub fn multiples(sweep: &Sweep<'_>, chart: &SmallMultiples) -> Drawn<Vec<u8>> {
    let (x, y, across) = (sweep.parameter(&chart.x), sweep.parameter(&chart.y), sweep.parameter(&chart.across));
    let metric = Metric::of(&chart.colour);
    let points = sweep.slice(&[x, y, across]);
    let third = Lane::of(&sweep.table, across);
    let shown = if sweep.table.grid { third.values.len().min(MOST_MAPS) } else { 1 };
    let maps: Vec<Map<'_>> = (0..shown)
        .map(|index| {
            let of_value = |point: &&&Point| !sweep.table.grid || point.setting(across) == third.values[index];
            let own: Vec<&Point> = points.iter().filter(of_value).copied().collect();
            map(sweep, &own, x, y, &metric)
        })
        .collect();
    let bound = chart.contour.as_ref().map(|bound| metric.bound(bound));
    let values: Vec<f64> = maps.iter().flat_map(Map::values).collect();
    let colours = colours(metric, &values, bound);
    let title = across_title(&maps, &third, &metric, bound);
    let left_out = (third.values.len() > shown).then(|| format!("{shown} of {} values", third.values.len()));
    let subtitle = sweep.subtitle(&[
        Some(metric.words()),
        sweep.mean_of(),
        line_words(&colours, true),
        left_out,
        sweep.elsewhere(&[x, y, across]),
    ]);
    sheet(&sweep.notes(&title), |canvas| {
        let top = page::header(canvas, &title, &subtitle, &[])? + 30.0;
        let columns = match shown {
            0..=3 => shown.max(1),
            4 => 2,
            5..=9 => 3,
            _ => 4,
        };
        let rows = shown.div_ceil(columns).max(1);
        let side = maps.first().map_or(0.0, |map| map.y.widest((BOTTOM - top) / rows as f64)).min(150.0) + 16.0;
        let (gap, head, foot) = (22.0, 30.0, if rows > 1 { 40.0 } else { 0.0 });
        let width = (RIGHT - MARGIN - side - gap * (columns - 1) as f64) / columns as f64;
        let height = (BOTTOM - top - foot * (rows - 1) as f64) / rows as f64;
        for (index, map) in maps.iter().enumerate() {
            let (column, row) = (index % columns, index / columns);
            let left = MARGIN + side + column as f64 * (width + gap);
            let upper = top + row as f64 * (height + foot);
            let room = Room { left, right: left + width, top: upper + head, bottom: upper + height };
            let name = format!("{} {}", names::parameter(third.parameter), third.text(index));
            canvas.label(&capital(&name), (left, upper + 14.0), theme::LABEL, width)?;
            map.draw(canvas, room, &colours)?;
            map.foot(canvas, room)?;
            if column == 0 {
                map.side(canvas, room)?;
            }
        }
        let Some(first) = maps.first() else { return sweep.footer(canvas) };
        caption(canvas, &first.y, (MARGIN, top - 14.0), RIGHT - MARGIN)?;
        below(canvas, &first.x, Room { left: MARGIN + side, right: RIGHT, top, bottom: BOTTOM })?;
        bar(canvas, &colours, top + head, BOTTOM, BAR, maps.iter().any(Map::has_gaps))?;
        sweep.footer(canvas)
    })
}

/// The figure over two parameters; of a sample only the sides matter.
fn map<'t>(sweep: &'t Sweep<'_>, points: &[&Point], x: usize, y: usize, metric: &Metric) -> Map<'t> {
    let (lane_x, lane_y) = (Lane::of(&sweep.table, x), Lane::of(&sweep.table, y));
    let mut cells = Vec::new();
    if sweep.table.grid {
        cells = vec![vec![None; lane_x.values.len()]; lane_y.values.len()];
        for point in points {
            if let (Some(column), Some(row)) = (lane_x.index(point.setting(x)), lane_y.index(point.setting(y))) {
                cells[row][column] = point.mean(sweep.metric(metric.name()));
            }
        }
    }
    Map { x: lane_x, y: lane_y, cells }
}

fn colours(metric: Metric, values: &[f64], bound: Option<f64>) -> Colours {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let axis = if values.is_empty() { Axis::shares(1.0, 5) } else { metric.axis(low, high, 6) };
    Colours { metric, axis, bound }
}

/// What the line is, if there is one to see.
fn line_words(colours: &Colours, grid: bool) -> Option<String> {
    let bound = colours.bound.filter(|bound| grid && colours.axis.holds(*bound))?;
    Some(format!("white line: {}", colours.metric.show_bound(bound)))
}

/// The points of a sample as dots.
fn scatter(
    canvas: &Canvas<'_>,
    room: Room,
    map: &Map<'_>,
    points: &[&Point],
    sides: [usize; 2],
    metric: usize,
    colours: &Colours,
) -> Drawn {
    let radius = (400.0 / (points.len() as f64).sqrt()).clamp(2.5, 9.0);
    canvas.line(&[(room.left, room.top), (room.left, room.bottom), (room.right, room.bottom)], theme::AXIS, 1.5)?;
    for point in points {
        let place = |lane: &Lane<'_>, setting: &Setting| lane.index(setting).map(|index| lane.centres[index]);
        let at = (place(&map.x, point.setting(sides[0])), place(&map.y, point.setting(sides[1])));
        if let ((Some(x), Some(y)), Some(value)) = (at, point.mean(metric)) {
            let x = room.left + x * (room.right - room.left);
            let y = room.bottom - y * (room.bottom - room.top);
            canvas.dot((x, y), viridis(colours.axis.share(value)), radius)?;
        }
    }
    Ok(())
}

/// The name of the parameter at a side, and its path.
fn caption(canvas: &Canvas<'_>, lane: &Lane<'_>, place: (f64, f64), room: f64) -> Drawn {
    let name = capital(&names::parameter(lane.parameter));
    let start = measure(&name, theme::LABEL) + 10.0;
    canvas.label(&name, place, theme::LABEL, room)?;
    canvas.label(&names::path(lane.parameter), (place.0 + start, place.1), theme::NOTE, room - start)
}

/// The same below the middle of a plot.
pub(super) fn below(canvas: &Canvas<'_>, lane: &Lane<'_>, room: Room) -> Drawn {
    let name = capital(&names::parameter(lane.parameter));
    let start = measure(&name, theme::LABEL) + 10.0;
    let path = text::shorten(&names::path(lane.parameter), theme::NOTE.face, theme::NOTE.size, 700.0);
    let left = (room.left + room.right - start - measure(&path, theme::NOTE)) / 2.0;
    let y = room.bottom + 52.0;
    canvas.text(&name, (left, y), theme::LABEL, HPos::Left, VPos::Center)?;
    canvas.text(&path, (left + start, y), theme::NOTE, HPos::Left, VPos::Center)
}

/// What the heatmap comes to.
fn title(map: &Map<'_>, metric: &Metric, bound: Option<f64>) -> String {
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
    // Where a cell has no value nobody knows whether it holds; what is not over by the end does not.
    let known = !map.has_gaps() || metric.0 == Figure::Recovery;
    if let (true, Some(words)) = (known, whatever.or_else(far)) {
        return format!("{head} with {words}");
    }
    let count = holds.iter().flatten().filter(|cell| **cell).count();
    format!("{head} at {count} of {} points", map.x.values.len() * map.y.values.len())
}

/// The value of one parameter at which most values of the other hold, and which those are.
fn farthest(lane: &Lane<'_>, other: &Lane<'_>, rows: &[Vec<bool>]) -> Option<String> {
    let counts: Vec<usize> = rows.iter().map(|row| row.iter().filter(|holds| **holds).count()).collect();
    let most = counts.iter().max()?;
    // Of those that reach as far the one that costs the least: the first on the way to where it holds.
    let row = match counts.last() >= counts.first() {
        true => counts.iter().position(|count| count == most)?,
        false => counts.iter().rposition(|count| count == most)?,
    };
    let (_, words) = reach(other, &rows[row])?;
    Some(format!("{} and {words}", names::phrase(lane.parameter, &lane.text(row), Reach::At)))
}

/// Which values hold and how many, if they are all those from one on, or all those up to one. Not if all or none do.
fn reach(lane: &Lane<'_>, holds: &[bool]) -> Option<(usize, String)> {
    let count = holds.iter().filter(|holds| **holds).count();
    if count == 0 || count == holds.len() {
        return None;
    }
    let last = holds.len() - 1;
    let (value, reach) = match (holds[..count].iter().all(|holds| *holds), lane.parameter.numeric) {
        (true, true) => (count - 1, Reach::UpTo),
        (false, true) if holds[last + 1 - count..].iter().all(|holds| *holds) => (last + 1 - count, Reach::From),
        (_, false) if count == 1 => (holds.iter().position(|holds| *holds)?, Reach::At),
        _ => return None,
    };
    Some((count, names::phrase(lane.parameter, &lane.text(value), reach)))
}

/// The lowest and the highest cell: column, row, value.
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

/// The range of the figure, and which of the two parameters it goes with.
fn from_to(map: &Map<'_>, metric: &Metric, least: f64, most: f64) -> String {
    let (low, high) = (metric.show(least), metric.show(most));
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

/// What small multiples come to: how many points hold the bound at the best and the worst third value, or the range.
fn across_title(maps: &[Map<'_>], third: &Lane<'_>, metric: &Metric, bound: Option<f64>) -> String {
    let name = names::parameter(third.parameter);
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

/// What the points of a sample come to.
fn scattered(sweep: &Sweep<'_>, points: &[&Point], metric: &Metric, bound: Option<f64>) -> String {
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
