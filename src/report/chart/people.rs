//! `people.png`: who arrives, who asks, who is in trouble, who gives up, and who watches.

use super::curves::{Curves, Line, Values};
use super::model::{Colour, HEIGHT, Sheet};
use super::page::PLOT_BOTTOM;
use super::{CAPTION, View, stacked_to};
use crate::measure::Scope;
use crate::vocabulary::{Aggregation, Column};

/// Plots that a sheet has room for, and how much higher it is for each more.
const FIT: usize = 5;
const MORE: f64 = 130.0;

/// The chart; none if nobody arrives and nobody is inside.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let drawn = [
        (1.0, one(view, "Arrive", "people per second", Column::Arrivals, Colour::Demand, true)),
        (1.0, one(view, "Wait in the waiting room", "people", Column::WaitingRoomMean, Colour::Queue, false)),
        (1.0, one(view, "Are let in", "people per second", Column::Admitted, Colour::Good, true)),
        (1.2, one(view, "Ask", "people in a request, pauses included", Column::ViewersActive, Colour::Demand, false)),
        (1.0, in_trouble(view)),
        (1.0, one(view, "Give up", "people per second, come back or not", Column::GaveUp, Colour::Series(0), true)),
        (1.2, one(view, "Watch", "streams that play", Column::StreamsMean, Colour::Streams, false)),
    ]
    .into_iter()
    .filter(|(_, curves)| curves.lines.iter().any(|line| line.values.iter().any(|value| *value > 0.0)))
    .collect::<Vec<_>>();
    if drawn.is_empty() {
        return None;
    }
    let what = format!("people, each on one clock, {}", view.in_bins());
    let more = MORE * drawn.len().saturating_sub(FIT) as f64;
    let (mut sheet, top) = view.begin_high(HEIGHT + more, &view.words.title("people"), &view.subtitle(&what), &[]);
    let x = view.time_axis();
    let marks = view.marks(&x, top);
    let rooms = stacked_to(
        PLOT_BOTTOM + more,
        marks.bottom() + CAPTION,
        &drawn.iter().map(|(weight, _)| *weight).collect::<Vec<_>>(),
    );
    for ((_, curves), room) in drawn.iter().zip(&rooms) {
        sheet.panels.push(curves.panel(view, &x, *room));
    }
    if let Some(lowest) = sheet.panels.last_mut() {
        lowest.ticks();
    }
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}

/// The people who are shown an error page in an interval.
fn in_trouble(view: &View<'_>) -> Curves {
    let note = "people who are shown an error page in an interval";
    one(view, "See an error", note, Column::ViewersError, Colour::Broken, false)
}

/// One curve of everything: of a count as a rate per second, or for each interval; of a level as it is.
fn one(view: &View<'_>, heading: &str, note: &str, column: Column, colour: Colour, per_second: bool) -> Curves {
    let factor = match (column.aggregation(), per_second) {
        (Aggregation::Count, true) => 1.0 / view.figures.width_s,
        // A bin of several intervals has their mean: who is inside in two of them is counted in both.
        (Aggregation::Count, false) => view.whole.width_s / view.figures.width_s,
        _ => 1.0,
    };
    let line = Line::of(view, Scope::default(), column, factor, "", colour);
    let line = line.map(|mut line| {
        // A threshold on a count is on its sum over a window.
        line.limits.iter_mut().filter(|limit| per_second && limit.window_s > 0.0).for_each(|limit| {
            limit.bound = limit.bound / factor / limit.window_s;
        });
        line.limits.retain(|_| per_second || !matches!(column.aggregation(), Aggregation::Count));
        line
    });
    Curves::new(heading, note, line, Values::Counts).filled(0.18)
}
