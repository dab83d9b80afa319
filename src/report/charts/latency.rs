//! `latency.png`: how long served attempts took, from send to reply.

use super::axis::Axis;
use super::canvas::{Canvas, Drawn, sheet};
use super::page::{self, Marks, PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{Panel, Room, runs};
use super::{Look, highest, last, theme};
use crate::report::numbers::millis;
use crate::vocabulary::Column;

/// Name of the file.
pub const FILE: &str = "latency.png";

/// The curves: column, name, colour.
const CURVES: [(Column, &str, plotters::style::RGBColor); 3] = [
    (Column::LatencyP99, "99% within", theme::SERIES[0]),
    (Column::LatencyP95, "95% within", theme::SERIES[3]),
    (Column::LatencyP50, "half within", theme::SERIES[1]),
];

/// Draws it.
pub fn draw(look: &Look<'_>) -> Drawn<Vec<u8>> {
    let title = title(look);
    sheet(&page::notes(look.context, &title), |canvas| paint(look, canvas, &title))
}

/// What happened, in words that hold for any figures.
pub fn title(look: &Look<'_>) -> String {
    let half = look.series(look.all, Column::LatencyP50);
    let worst =
        half.iter().enumerate().filter(|(_, v)| v.is_finite()).max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
    let (Some((interval, worst)), Some(first)) = (worst, half.iter().find(|v| v.is_finite())) else {
        return "No attempt is served in this window".to_owned();
    };
    if *worst > 2.0 * first {
        let when = look.clock.moment(look.figures.time_s(interval));
        return format!(
            "At {when} half of the replies take {} or longer; {} at the start",
            millis(*worst),
            millis(*first)
        );
    }
    let slow = highest(&look.series(look.all, Column::LatencyP99));
    if slow > 0.0 {
        format!("Half of the replies come within {} at any time, 99% within {}", millis(*worst), millis(slow))
    } else {
        format!("Half of the replies come within {} at any time", millis(*worst))
    }
}

fn paint(look: &Look<'_>, canvas: &Canvas<'_>, title: &str) -> Drawn {
    let subtitle = look.subtitle("latency of served attempts, from send to reply, on a log scale");
    let top = page::header(canvas, title, &subtitle, &[])?;
    let right = SHEET_RIGHT - 190.0;
    let x = look.time_axis(right - PLOT_LEFT);
    let marks = Marks::lay_out(&look.clock, &look.context.changes, &x, PLOT_LEFT, right, top);
    let room = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom: PLOT_BOTTOM };
    // A logarithm has no place for zero; such a value, as any that is none, is a gap.
    let curves = CURVES.map(|(column, name, colour)| {
        let values =
            look.series(look.all, column).into_iter().map(|v| if v > 0.0 { v } else { f64::NAN }).collect::<Vec<_>>();
        (values, name, colour)
    });
    let all = || curves.iter().flat_map(|(values, ..)| values.iter().copied()).filter(|v| v.is_finite());
    let panel =
        Panel::new(canvas, room, &x, Axis::log_millis(all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max)));
    panel.grid()?;
    let mut ends = Vec::new();
    for (values, name, colour) in &curves {
        for run in runs(&look.intervals, values) {
            panel.line(&run, *colour, 2.5)?;
        }
        ends.extend(last(values).map(|value| (value, format!("{name} {}", millis(value)), *colour)));
    }
    panel.base()?;
    panel.times()?;
    marks.draw(canvas, room.bottom)?;
    panel.ends(&ends, SHEET_RIGHT)?;
    if ends.is_empty() {
        page::nothing(canvas, room, "no attempt is served in this window")?;
    }
    page::footer(canvas, look.context, look.figures.replications)
}
