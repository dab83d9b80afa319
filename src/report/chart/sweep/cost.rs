//! `cost.png`: each point by what it costs and by what it does to people, and the points that no other beats in both.

use super::names::{self, Metric};
use super::title::Title;
use super::view::Sweep;
use crate::report::chart::model::{Colour, Dot, Part, Text};
use crate::report::chart::named_axes;
use crate::report::chart::page::SHEET_RIGHT;
use crate::report::chart::panel::Panel;
use crate::report::chart::sheet::Sheet;
use crate::report::chart::theme;
use crate::report::numbers::grouped;
use crate::report::words::phrase::Sentence;
use crate::sweep::{Cost, Point};

/// Widest name of a point.
const NAME: f64 = 300.0;

/// A point with both figures.
struct Place<'t> {
    point: &'t Point,
    cost: f64,
    harm: f64,
}

/// The chart.
pub fn sheet(sweep: &Sweep<'_>, chart: &Cost) -> (Sheet, Sentence) {
    let (cost, harm) = (Metric::of(&chart.figure), Metric::of(chart.against()));
    let (x, y) = (sweep.metric(cost.name()), sweep.metric(harm.name()));
    let place = |point| Some(Place { point, cost: Point::middle(point, x)?, harm: Point::middle(point, y)? });
    let mut places: Vec<Place<'_>> = sweep.table.points.iter().filter_map(place).collect();
    places.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.harm.total_cmp(&b.harm)));
    let front = front(&places);
    let baseline = places.iter().find(|place| std::ptr::eq(place.point, &sweep.table.points[sweep.table.baseline]));
    let all = grouped(sweep.table.points.len() as f64);
    let subtitle = sweep.subtitle(&[
        Some(format!("{} against {}", harm.words(), cost.words())),
        Some(sweep.what_varies(&[], sweep.table.points.len(), &harm)),
        Some("line: points that no other beats in both".to_owned()),
        (places.len() < sweep.table.points.len()).then(|| format!("{} of {all} points have both", places.len())),
        baseline.map(|_| "ring: the baseline".to_owned()),
    ]);
    let title = title(sweep, &front, &harm);
    let (mut sheet, top) = sweep.begin(&title.shown(), &subtitle, &[]);
    let mut panel = plot(&places, &cost, &harm, top + 36.0);
    if places.is_empty() {
        panel.notice("No point has both figures");
    }
    stairs(&mut panel, &front);
    for place in &places {
        panel.dot((place.cost, place.harm), Colour::Demand, 4.0);
    }
    for place in &front {
        panel.dot((place.cost, place.harm), Colour::Good, 5.5);
    }
    if let Some(own) = baseline {
        let at = panel.place((own.cost, own.harm));
        for (radius, colour) in [(9.0, Colour::Ink), (6.5, Colour::Paper), (4.0, Colour::Demand)] {
            panel.over.push(Part::Dot(Dot { at, colour, radius }));
        }
    }
    labels(sweep, &mut panel, &front);
    panel.ticks();
    let room = panel.room;
    named_axes::name_upright(&mut sheet, room, &harm.title());
    named_axes::name_across(&mut sheet, room, &cost.title());
    sheet.panels.push(panel);
    (sheet, title)
}

/// The points that no other beats in both figures, the cheapest first; of equals the first.
fn front<'p, 't>(places: &'p [Place<'t>]) -> Vec<&'p Place<'t>> {
    let mut least = f64::INFINITY;
    let beats = |place: &&Place<'_>| {
        let better = place.harm < least;
        least = least.min(place.harm);
        better
    };
    places.iter().filter(beats).collect()
}

fn plot(places: &[Place<'_>], cost: &Metric, harm: &Metric, top: f64) -> Panel {
    let ends = |of: fn(&Place<'_>) -> f64| {
        let fold = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        places.iter().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), fold)
    };
    let axis = |metric: &Metric, (low, high): (f64, f64)| {
        if low <= high { metric.axis(low, high, 7) } else { metric.axis(0.0, 1.0, 5) }
    };
    let (x, y) = (axis(cost, ends(|place| place.cost)), axis(harm, ends(|place| place.harm)));
    let mut panel = Panel::new(named_axes::beside(&y, top, SHEET_RIGHT - 40.0), &x, y);
    panel.grid();
    panel.base();
    panel
}

/// The line along the front: what the next better point costs more.
fn stairs(panel: &mut Panel, front: &[&Place<'_>]) {
    let mut line: Vec<(f64, f64)> = Vec::new();
    for place in front {
        line.extend(line.last().map(|last| (place.cost, last.1)));
        line.push((place.cost, place.harm));
    }
    panel.line(&line, Colour::Good, 2.0);
}

/// Names of the points of the front, as far as they do not run into each other.
fn labels(sweep: &Sweep<'_>, panel: &mut Panel, front: &[&Place<'_>]) {
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for place in front {
        let (x, y) = panel.place((place.cost, place.harm));
        let name = theme::NOTE.shorten(&settings(sweep, place.point), NAME);
        let width = theme::NOTE.measure(&name);
        let left = if x + 12.0 + width <= SHEET_RIGHT { x + 12.0 } else { x - 12.0 - width };
        let middle = y - 12.0;
        let free = |(from, to, at): &(f64, f64, f64)| left > *to || left + width < *from || (middle - at).abs() > 18.0;
        if taken.iter().all(free) {
            panel.label(Text::new(&name, (left, middle), theme::NOTE));
            taken.push((left, left + width, middle));
        }
    }
}

/// The settings of a point that vary: `gateway servers 12, jitter full`.
fn settings(sweep: &Sweep<'_>, point: &Point) -> String {
    let varies = |index: &usize| sweep.table.values(*index).len() > 1;
    let each = (0..sweep.table.parameters.len()).filter(varies).map(|index| {
        let parameter = &sweep.table.parameters[index];
        format!("{} {}", names::parameter(parameter), names::value(parameter, point.setting(index)))
    });
    each.collect::<Vec<_>>().join(", ")
}

/// The figure at the cheapest and at the dearest point of the front.
fn title(sweep: &Sweep<'_>, front: &[&Place<'_>], harm: &Metric) -> Sentence {
    let mut title = Title::of(harm);
    let (Some(first), Some(last)) = (front.first(), front.last()) else {
        return title.of_none(sweep.table.points.iter().map(|point| sweep.number(point)).collect());
    };
    let head = title.head();
    let ends = if front.len() > 1 { vec![first, last] } else { vec![first] };
    let mut at = |place: &Place<'_>| {
        let mean = title.mean(place.harm, vec![sweep.number(place.point)]);
        let varies = |index: &usize| sweep.table.values(*index).len() > 1;
        let each = (0..sweep.table.parameters.len()).filter(varies).map(|index| {
            let parameter = &sweep.table.parameters[index];
            let value = names::value(parameter, place.point.setting(index));
            title.setting(format!("{} {value}", names::parameter(parameter)), parameter.name())
        });
        format!("{mean} with {}", each.collect::<Vec<_>>().join(", "))
    };
    let told: Vec<String> = ends.into_iter().map(|place| at(place)).collect();
    title.sentence(format!("{head}: {}", told.join("; ")))
}
