//! Plots of curves, one above the other, on one axis of time.

use super::curves::Curves;
use super::sheet::Sheet;
use super::{CAPTION, View, stacked};

/// Adds plots of curves below `top`, with heights in the ratio of their weights, and the marks through them; curves without values
/// get no plot.
pub fn stack(view: &View<'_>, sheet: &mut Sheet, top: f64, mut drawn: Vec<(f64, Curves)>) {
    drawn.retain(|(_, curves)| !curves.is_empty());
    let x = view.time_axis();
    let marks = view.marks(&x, top);
    let weights: Vec<f64> = drawn.iter().map(|(weight, _)| *weight).collect();
    let rooms = stacked(marks.bottom() + CAPTION, &weights);
    sheet.panels.extend(drawn.iter().zip(&rooms).map(|((_, curves), room)| curves.panel(view, &x, *room)));
    if let Some(lowest) = sheet.panels.last_mut() {
        lowest.ticks();
    }
    sheet.marks = marks.through(&rooms);
}
