//! Plots whose axes have names: charts of sweeps and searches.

use super::axis::Axis;
use super::model::{Room, Text};
use super::page::MARGIN;
use super::sheet::Sheet;
use super::theme;

/// Foot of the plot; below stand ticks, the name of the axis and the footer.
pub const FOOT: f64 = 774.0;
/// Height of the name of the horizontal axis.
pub const NAME: f64 = FOOT + 52.0;
/// Widest name of a horizontal axis.
const WIDEST: f64 = 900.0;

/// Room of a plot from `top` to the foot, and from behind the widest label of the vertical axis to `right`.
pub fn beside(y: &Axis, top: f64, right: f64) -> Room {
    let widest = y.ticks.iter().map(|tick| theme::TICK.measure(&tick.label)).fold(0.0, f64::max);
    Room { left: MARGIN + widest + 16.0, right, top, bottom: FOOT }
}

/// Writes the name of the vertical axis above its plot.
pub fn name_upright(sheet: &mut Sheet, room: Room, name: &str) {
    sheet.texts.push(Text::within(name, (MARGIN, room.top - 20.0), theme::LABEL, room.right - MARGIN));
}

/// Writes the name of the horizontal axis below the middle of its plot.
pub fn name_across(sheet: &mut Sheet, room: Room, name: &str) {
    let middle = (room.left + room.right) / 2.0;
    sheet.texts.push(Text::within(name, (middle, NAME), theme::LABEL, WIDEST).centred());
}
