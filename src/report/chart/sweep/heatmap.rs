//! `heatmap.png`: a figure over two parameters as colour.

use super::lane::Lane;
use super::map::{Colours, Map, RIGHT};
use super::map_title::{scattered, title};
use super::names::{self, Metric};
use super::view::Sweep;
use crate::report::chart::axis::Axis;
use crate::report::chart::model::{Colour, Dot, Part, Place, Room, Text};
use crate::report::chart::named_axes::FOOT;
use crate::report::chart::page::MARGIN;
use crate::report::chart::panel::Panel;
use crate::report::chart::sheet::Sheet;
use crate::report::chart::theme;
use crate::report::numbers::capital;
use crate::report::words::phrase::Sentence;
use crate::sweep::{Heatmap, Point, Setting};

/// Legend of the frame around a cell.
pub(super) const FRAME: &str = "frame: the baseline";

/// The heat map; of a sample a dot for each point.
pub fn sheet(sweep: &Sweep<'_>, chart: &Heatmap) -> (Sheet, Sentence) {
    let (x, y) = (sweep.parameter(&chart.x), sweep.parameter(&chart.y));
    let metric = Metric::of(&chart.colour);
    let points = sweep.slice(&[x, y]);
    let map = map(sweep, &points, x, y, &metric);
    let bound = chart.contour.as_ref().map(|bound| metric.bound(bound));
    let title = if sweep.table.grid { title(&map, &metric, bound) } else { scattered(sweep, &points, &metric, bound) };
    let values: Vec<f64> = points.iter().filter_map(|point| point.middle(sweep.metric(metric.name()))).collect();
    let colours = Colours::over(metric.clone(), &values, bound);
    let line = colours.line_words().filter(|_| sweep.table.grid);
    let hatched = (!map.alike.is_empty()).then(|| sweep.hatched());
    let own = map.own.map(|_| FRAME.to_owned());
    let parts = [
        Some(sweep.what_varies(&[x, y], points.len(), &metric)),
        hatched,
        colours.words(),
        line,
        own,
        sweep.elsewhere(&[x, y]),
    ];
    let subtitle = sweep.subtitle(&parts);
    let (mut sheet, top) = sweep.begin(&title.shown(), &subtitle, &[]);
    let top = top + 36.0;
    let left = MARGIN + map.y.widest(FOOT - top).min(250.0) + 16.0;
    let room = Room { left, right: RIGHT, top, bottom: FOOT };
    let mut panel = empty(room);
    if values.is_empty() {
        panel.notice("No point has a value");
    } else if sweep.table.grid {
        panel.under.extend(map.parts(room, &colours));
    } else {
        panel.under.extend(scatter(room, &map, &points, [x, y], sweep.metric(metric.name()), &colours));
    }
    panel.under.extend(map.foot(room));
    panel.under.extend(map.side(room));
    sheet.panels.push(panel);
    sheet.texts.extend(beside(&map.y, (MARGIN, top - 20.0), RIGHT - MARGIN));
    sheet.texts.extend(below(&map.x, room));
    sheet.scale = Some(colours.scale(top, sweep.table.grid && map.has_gaps()));
    (sheet, title)
}

/// An empty plot whose axes go from 0 to 1: shares of the sides of a heat map.
pub(super) fn empty(room: Room) -> Panel {
    let share = Axis::with_ticks(0.0, 1.0, false, Vec::new());
    Panel::new(room, &share, share.clone())
}

/// The figure over two parameters; without cells for a sample.
pub(super) fn map<'t>(sweep: &'t Sweep<'_>, points: &[&Point], x: usize, y: usize, metric: &Metric) -> Map<'t> {
    let (lane_x, lane_y) = (Lane::of(&sweep.table, x), Lane::of(&sweep.table, y));
    let (mut cells, mut numbers, mut alike, mut own) = (Vec::new(), Vec::new(), Vec::new(), None);
    let baseline = &sweep.table.points[sweep.table.baseline];
    if sweep.table.grid {
        cells = vec![vec![None; lane_x.values.len()]; lane_y.values.len()];
        numbers = vec![vec![None; lane_x.values.len()]; lane_y.values.len()];
        for point in points {
            if let (Some(column), Some(row)) = (lane_x.index(point.setting(x)), lane_y.index(point.setting(y))) {
                cells[row][column] = point.middle(sweep.metric(metric.name()));
                numbers[row][column] = Some(sweep.number(point));
                alike.extend(sweep.is_alike(point).then_some((column, row)));
                own = own.or(std::ptr::eq(*point, baseline).then_some((column, row)));
            }
        }
    }
    Map { x: lane_x, y: lane_y, cells, points: numbers, own, alike }
}

/// The points of a sample as dots between two sides.
fn scatter(
    room: Room,
    map: &Map<'_>,
    points: &[&Point],
    sides: [usize; 2],
    metric: usize,
    colours: &Colours,
) -> Vec<Part> {
    let radius = (400.0 / (points.len() as f64).sqrt()).clamp(2.5, 9.0);
    let corner = vec![(room.left, room.top), (room.left, room.bottom), (room.right, room.bottom)];
    let share = |lane: &Lane<'_>, setting: &Setting| lane.index(setting).map(|index| lane.centres[index]);
    let dot = |point: &&Point| {
        let (x, y) = (share(&map.x, point.setting(sides[0]))?, share(&map.y, point.setting(sides[1]))?);
        let at = (room.left + x * (room.right - room.left), room.bottom - y * (room.bottom - room.top));
        let colour = Colour::Fill(colours.of(Some(point.middle(metric)?)));
        Some(Part::Dot(Dot { at, colour, radius }))
    };
    let corner = Part::Rule { places: corner, colour: Colour::Axis, width: 1.5 };
    std::iter::once(corner).chain(points.iter().filter_map(dot)).collect()
}

/// Name and path of the parameter of an upright side.
pub(super) fn beside(lane: &Lane<'_>, at: Place, room: f64) -> [Text; 2] {
    let name = capital(&names::parameter(lane.parameter));
    let start = theme::LABEL.measure(&name) + 10.0;
    [
        Text::within(&name, at, theme::LABEL, room),
        Text::within(&names::path(lane.parameter), (at.0 + start, at.1), theme::NOTE, room - start),
    ]
}

/// Name and path of the parameter of a level side, below the middle of the plot.
pub(super) fn below(lane: &Lane<'_>, room: Room) -> [Text; 2] {
    let name = capital(&names::parameter(lane.parameter));
    let start = theme::LABEL.measure(&name) + 10.0;
    let path = theme::NOTE.shorten(&names::path(lane.parameter), 700.0);
    let left = (room.left + room.right - start - theme::NOTE.measure(&path)) / 2.0;
    let lines = lane.labels(room.right - room.left).iter().map(|(_, lines)| lines.len()).max().unwrap_or(1).max(1);
    let y = room.bottom + 34.0 + 18.0 * lines as f64;
    [Text::new(&name, (left, y), theme::LABEL), Text::new(&path, (left + start, y), theme::NOTE)]
}
