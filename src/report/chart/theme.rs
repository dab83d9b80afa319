//! Styles of letters by purpose.

use super::model::{Colour, Style};
use crate::report::letters::Face;

/// Title: the main result.
pub const TITLE: Style = Style { size: 30.0, face: Face::Bold, colour: Colour::Ink };
/// A key figure.
pub const NUMBER: Style = Style { size: 30.0, face: Face::Bold, colour: Colour::Ink };
/// Subtitle: quantity, bins and runs.
pub const SUBTITLE: Style = Style { size: 18.0, face: Face::Regular, colour: Colour::Subdued };
/// Names in a legend.
pub const LEGEND: Style = Style { size: 16.0, face: Face::Regular, colour: Colour::Ink };
/// Numbers at an axis.
pub const TICK: Style = Style { size: 16.0, face: Face::Regular, colour: Colour::Subdued };
/// Labels within and beside the plot.
pub const LABEL: Style = Style { size: 15.0, face: Face::Bold, colour: Colour::Ink };
/// Notes within and beside the plot.
pub const NOTE: Style = Style { size: 15.0, face: Face::Regular, colour: Colour::Subdued };
/// Version, scenario, seed, digest.
pub const FOOTER: Style = Style { size: 13.0, face: Face::Regular, colour: Colour::Faint };
