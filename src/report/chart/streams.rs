//! `streams.png`: how many streams play, and how much of their capacity the links carry.

use super::View;
use super::axis::Axis;
use super::marks::Marks;
use super::model::{Colour, Room, SERIES, Sheet};
use super::page::{PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{Panel, runs};
use crate::analysis::{highest, last};
use crate::vocabulary::Column;

/// The chart; none if nothing streams.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let most = view.findings.streams?;
    let subtitle = view.subtitle("streams that play, and what carries them");
    let (mut sheet, top) = view.begin(&view.words.title("streams"), &subtitle, &[]);
    let right = SHEET_RIGHT - 170.0;
    let x = view.time_axis(right);
    let marks = Marks::lay_out(&view.clock, &view.context.changes, &x, PLOT_LEFT, right, top);
    let main = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom: 560.0 };
    let streams = view.series(view.all, Column::StreamsMean);
    let mut panel = Panel::new(main, &x, Axis::counts(most.count * 1.05, 5));
    panel.grid();
    for run in runs(&view.intervals, &streams) {
        panel.area(&run, Colour::Streams, 0.16);
        panel.line(&run, Colour::Streams, 3.0);
    }
    panel.base();
    let end = last(&streams).map(|value| (value, "streams".to_owned(), Colour::Streams));
    panel.ends(end.as_slice(), SHEET_RIGHT);
    sheet.marks = marks.down_to(main.bottom);
    let strip = Room { left: PLOT_LEFT, right, top: 632.0, bottom: PLOT_BOTTOM };
    sheet.panels = vec![panel, carried(view, &x, strip)];
    Some(sheet)
}

/// What the links carry; where there are none, the mean bit rate of a stream.
fn carried(view: &View<'_>, x: &Axis, room: Room) -> Panel {
    let links = links(view);
    if links.is_empty() {
        return bit_rate(view, x, room);
    }
    let most = links.iter().map(|(_, values)| highest(values)).fold(0.0, f64::max);
    let mut panel = Panel::new(room, x, Axis::shares(most, 3));
    panel.grid();
    panel.caption("What the links carry, of their capacity");
    let mut ends = Vec::new();
    for (rank, (name, values)) in links.iter().enumerate() {
        for run in runs(&view.intervals, values) {
            panel.line(&run, Colour::Series(rank), 2.0);
        }
        ends.extend(last(values).map(|value| (value, name.clone(), Colour::Series(rank))));
    }
    panel.base();
    panel.ticks();
    panel.ends(&ends, SHEET_RIGHT);
    panel
}

fn bit_rate(view: &View<'_>, x: &Axis, room: Room) -> Panel {
    let rates: Vec<f64> = view.series(view.all, Column::BitrateMean).iter().map(|kbps| kbps * 1e3).collect();
    let mut panel = Panel::new(room, x, Axis::counts(highest(&rates) * 1.05, 3));
    panel.grid();
    panel.caption("Mean bit rate of a stream, bit/s");
    for run in runs(&view.intervals, &rates) {
        panel.line(&run, Colour::Streams, 2.5);
    }
    panel.base();
    panel.ticks();
    panel
}

/// The links of the regions whose links are fullest: name, and utilization of each interval.
fn links(view: &View<'_>) -> Vec<(String, Vec<f64>)> {
    let mut links: Vec<(String, Vec<f64>)> = view
        .region_rows()
        .map(|(row, region)| (view.context.region(region).to_owned(), view.series(Some(row), Column::LinkUtilization)))
        .filter(|(_, values)| values.iter().any(|value| value.is_finite()))
        .collect();
    links.sort_by(|a, b| highest(&b.1).total_cmp(&highest(&a.1)));
    links.truncate(SERIES);
    links
}
