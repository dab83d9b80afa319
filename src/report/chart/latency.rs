//! `latency.png`: how long served attempts took, from send to reply.

use super::View;
use super::axis::Axis;
use super::marks::Marks;
use super::model::{Colour, Room, Sheet};
use super::page::{PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{Panel, runs};
use crate::analysis::last;
use crate::report::numbers::millis;
use crate::vocabulary::Column;

/// The curves: column, name, colour.
const CURVES: [(Column, &str, Colour); 3] = [
    (Column::LatencyP99, "99% within", Colour::Series(0)),
    (Column::LatencyP95, "95% within", Colour::Series(3)),
    (Column::LatencyP50, "half within", Colour::Series(1)),
];

/// The chart.
pub fn sheet(view: &View<'_>) -> Sheet {
    let subtitle = view.subtitle("latency of served attempts, from send to reply, on a log scale");
    let (mut sheet, top) = view.begin(&view.words.title("latency"), &subtitle, &[]);
    let right = SHEET_RIGHT - 190.0;
    let x = view.time_axis(right);
    let marks = Marks::lay_out(&view.clock, &view.context.changes, &x, PLOT_LEFT, right, top);
    let room = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom: PLOT_BOTTOM };
    // A logarithm has no place for zero; such a value, as any that is none, is a gap.
    let usable = |value: f64| if value > 0.0 { value } else { f64::NAN };
    let curves = CURVES.map(|(column, name, colour)| {
        (view.series(view.all, column).into_iter().map(usable).collect::<Vec<_>>(), name, colour)
    });
    let all = || curves.iter().flat_map(|(values, ..)| values.iter().copied()).filter(|value| value.is_finite());
    let y = Axis::log_millis(all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max));
    let mut panel = Panel::new(room, &x, y);
    panel.grid();
    let mut ends = Vec::new();
    for (values, name, colour) in &curves {
        for run in runs(&view.intervals, values) {
            panel.line(&run, *colour, 2.5);
        }
        ends.extend(last(values).map(|value| (value, format!("{name} {}", millis(value)), *colour)));
    }
    panel.base();
    panel.ticks();
    panel.ends(&ends, SHEET_RIGHT);
    if ends.is_empty() {
        panel.notice("no attempt is served in this window");
    }
    sheet.marks = marks.down_to(room.bottom);
    sheet.panels.push(panel);
    sheet
}
