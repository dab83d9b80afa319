//! Colours and letters. A thing has one colour, in every chart of every run.
//!
//! The hues follow Okabe and Ito's set, which people with any of the common colour blindnesses can tell apart, darkened
//! where white paper would swallow them; neighbours in a stack also differ in lightness.

use plotters::style::RGBColor;

use super::text::Face;
use crate::vocabulary::Outcome;

/// Text and the lines that matter most.
pub const INK: RGBColor = RGBColor(0x1f, 0x29, 0x33);
/// Text that stands back.
pub const SUBDUED: RGBColor = RGBColor(0x5a, 0x67, 0x75);
/// The footer.
pub const FAINT: RGBColor = RGBColor(0x8a, 0x96, 0xa3);
/// Grid lines.
pub const GRID: RGBColor = RGBColor(0xe4, 0xe7, 0xeb);
/// Axes and marks.
pub const AXIS: RGBColor = RGBColor(0x9a, 0xa5, 0xb1);
/// Paper.
pub const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// Attempts that were served, and all that goes well.
pub const GOOD: RGBColor = RGBColor(0x1b, 0x6c, 0xb5);
/// Attempts that are sent.
pub const DEMAND: RGBColor = RGBColor(0x5a, 0x67, 0x75);
/// Work in vain.
pub const WASTE: RGBColor = RGBColor(0xe3, 0x8a, 0x6b);
/// What people say about it.
pub const REPORTS: RGBColor = RGBColor(0xc9, 0x3f, 0x2b);
/// Streams and what they carry.
pub const STREAMS: RGBColor = RGBColor(0x0f, 0x7b, 0x6c);

/// Lines of several scenarios or regions, by rank; no chart needs a sixth.
pub const SERIES: [RGBColor; 5] = [
    RGBColor(0xc9, 0x3f, 0x2b),
    RGBColor(0x1b, 0x6c, 0xb5),
    RGBColor(0x0f, 0x8a, 0x6c),
    RGBColor(0xc9, 0x7a, 0x05),
    RGBColor(0x8a, 0x4f, 0xa3),
];

/// The colour of an outcome.
pub fn outcome(outcome: Outcome) -> RGBColor {
    match outcome {
        Outcome::Served => GOOD,
        Outcome::TimedOut => RGBColor(0xc9, 0x3f, 0x2b),
        Outcome::Rejected => RGBColor(0xee, 0xa2, 0x36),
        Outcome::Abandoned => RGBColor(0x9b, 0xa8, 0xb5),
        Outcome::Failed => RGBColor(0x8a, 0x4f, 0xa3),
        Outcome::Shed => RGBColor(0x6c, 0xb8, 0xe6),
        Outcome::Limited => RGBColor(0x2a, 0x9d, 0x78),
        Outcome::Refused => RGBColor(0x33, 0x41, 0x55),
    }
}

/// Black or white, whichever is read more easily on `ground`: by the relative luminance of WCAG, simplified.
pub fn on(ground: RGBColor) -> RGBColor {
    let light = 0.299 * f64::from(ground.0) + 0.587 * f64::from(ground.1) + 0.114 * f64::from(ground.2);
    if light > 140.0 { INK } else { PAPER }
}

/// A size, a face and a colour of letters.
#[derive(Clone, Copy, Debug)]
pub struct Letters {
    /// Height of the em in pixels.
    pub size: f64,
    /// Weight.
    pub face: Face,
    /// Colour.
    pub colour: RGBColor,
}

impl Letters {
    /// The same in another colour.
    pub fn coloured(self, colour: RGBColor) -> Letters {
        Letters { colour, ..self }
    }
}

/// What happened.
pub const TITLE: Letters = Letters { size: 30.0, face: Face::Bold, colour: INK };
/// What is drawn.
pub const SUBTITLE: Letters = Letters { size: 18.0, face: Face::Regular, colour: SUBDUED };
/// Names in a legend.
pub const LEGEND: Letters = Letters { size: 16.0, face: Face::Regular, colour: INK };
/// Numbers at an axis.
pub const TICK: Letters = Letters { size: 16.0, face: Face::Regular, colour: SUBDUED };
/// Labels within and beside the plot.
pub const LABEL: Letters = Letters { size: 15.0, face: Face::Bold, colour: INK };
/// Notes within and beside the plot.
pub const NOTE: Letters = Letters { size: 15.0, face: Face::Regular, colour: SUBDUED };
/// Version, scenario, seed, digest.
pub const FOOTER: Letters = Letters { size: 13.0, face: Face::Regular, colour: FAINT };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_a_colour_of_its_own() {
        for (index, one) in Outcome::ALL.iter().enumerate() {
            for other in &Outcome::ALL[index + 1..] {
                assert_ne!(outcome(*one), outcome(*other), "{} and {}", one.name(), other.name());
            }
        }
    }
}
