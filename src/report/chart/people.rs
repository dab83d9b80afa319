//! `people.png`: who arrives, who asks, who is in trouble, who gives up, and who watches.

use super::curves::{Curves, Line, Values};
use super::model::{Colour, HEIGHT};
use super::page::PLOT_BOTTOM;
use super::sheet::Sheet;
use super::{CAPTION, View, stacked_to};
use crate::measure::Scope;
use crate::units::Span;
use crate::vocabulary::{Aggregation, Column};

/// Plots that a sheet has room for, and how much higher it is for each more.
const FIT: usize = 5;
const MORE: f64 = 130.0;

/// The chart; none if nobody arrives and nobody is inside.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let drawn = [
        (1.0, one(view, "Arrive", "people", Column::Arrivals, Colour::Demand)),
        (1.0, one(view, "Wait in the waiting room", "people", Column::WaitingRoomMean, Colour::Queue)),
        (1.0, one(view, "Are let in", "people", Column::Admitted, Colour::Good)),
        (
            1.2,
            one(
                view,
                "Ask",
                "people with a request under way, pauses included,",
                Column::ViewersActive,
                Colour::Demand,
            ),
        ),
        (1.0, one(view, "See an error page", "people", Column::ViewersError, Colour::Broken)),
        (1.0, one(view, "Give up", "people, come back or not,", Column::GaveUp, Colour::Series(0))),
        (1.2, one(view, "Watch", "people whose stream plays", Column::StreamsMean, Colour::Streams)),
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

/// One curve of everything, a number of people: of a count those of each interval, of a level the mean of each.
fn one(view: &View<'_>, heading: &str, who: &str, column: Column, colour: Colour) -> Curves {
    let each = view.whole.width_s;
    let is_count = matches!(column.aggregation(), Aggregation::Count);
    // A bin of several intervals has the mean of their counts: who is inside in two of them is counted in both.
    let factor = if is_count { each / view.figures.width_s } else { 1.0 };
    let line = Line::of(view, Scope::default(), column, factor, "", colour);
    let line = line.map(|mut line| {
        // A threshold on a count is on its sum over a window; people inside in two intervals would be two in such a sum.
        let adds_up = !matches!(column, Column::ViewersActive | Column::ViewersError);
        line.limits.retain(|limit| !is_count || adds_up && limit.window_s > 0.0);
        line.limits.iter_mut().filter(|_| is_count).for_each(|limit| limit.bound *= each / factor / limit.window_s);
        line
    });
    let per = Span::from_seconds(each);
    let note = if is_count { format!("{who} in each {per}") } else { format!("{who}, mean of each {per}") };
    Curves::new(heading, &note, line, Values::Numbers).filled(0.18)
}
