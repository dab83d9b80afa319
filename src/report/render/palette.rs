//! The colours of charts on white paper. A thing has one colour, in every chart of every run.
//!
//! The hues follow Okabe and Ito's set, which people with any of the common colour blindnesses can tell apart, darkened
//! where white paper would swallow them; neighbours in a stack also differ in lightness.

use crate::report::chart::model::{Colour, Fill, SERIES};
use crate::vocabulary::Outcome;

/// Red, green and blue.
pub type Rgb = (u8, u8, u8);

const INK: Rgb = (0x1f, 0x29, 0x33);
const PAPER: Rgb = (0xff, 0xff, 0xff);
const GRID: Rgb = (0xe4, 0xe7, 0xeb);
const GOOD: Rgb = (0x1b, 0x6c, 0xb5);

/// Scenarios, regions or pools, by rank.
const RANKS: [Rgb; SERIES] =
    [(0xc9, 0x3f, 0x2b), (0x1b, 0x6c, 0xb5), (0x0f, 0x8a, 0x6c), (0xc9, 0x7a, 0x05), (0x8a, 0x4f, 0xa3)];

/// The colour of a thing.
pub fn rgb(colour: Colour) -> Rgb {
    match colour {
        Colour::Ink => INK,
        Colour::Subdued | Colour::Demand => (0x5a, 0x67, 0x75),
        Colour::Faint => (0x8a, 0x96, 0xa3),
        Colour::Grid => GRID,
        Colour::Axis => (0x9a, 0xa5, 0xb1),
        Colour::Paper => PAPER,
        Colour::Good => GOOD,
        Colour::Waste => (0xe3, 0x8a, 0x6b),
        Colour::Reports => (0xc9, 0x3f, 0x2b),
        Colour::Streams => (0x0f, 0x7b, 0x6c),
        Colour::Series(rank) => RANKS[rank.min(SERIES - 1)],
        Colour::Fill(fill) => filled(fill),
        Colour::On(fill) => on(filled(fill)),
    }
}

fn filled(fill: Fill) -> Rgb {
    match fill {
        Fill::Outcome(outcome) => of_outcome(outcome),
        Fill::Value(share) => viridis(share),
        Fill::Empty => GRID,
    }
}

fn of_outcome(outcome: Outcome) -> Rgb {
    match outcome {
        Outcome::Served => GOOD,
        Outcome::TimedOut => (0xc9, 0x3f, 0x2b),
        Outcome::Rejected => (0xee, 0xa2, 0x36),
        Outcome::Abandoned => (0x9b, 0xa8, 0xb5),
        Outcome::Failed => (0x8a, 0x4f, 0xa3),
        Outcome::Shed => (0x6c, 0xb8, 0xe6),
        Outcome::Limited => (0x2a, 0x9d, 0x78),
        Outcome::Refused => (0x33, 0x41, 0x55),
    }
}

/// Ink or paper, whichever is read more easily on a ground: by the relative luminance of WCAG, simplified.
fn on(ground: Rgb) -> Rgb {
    let light = 0.299 * f64::from(ground.0) + 0.587 * f64::from(ground.1) + 0.114 * f64::from(ground.2);
    if light > 140.0 { INK } else { PAPER }
}

/// The colour of a value between the lowest (0) and the highest (1) of a scale: Viridis by S. van der Walt and N. Smith
/// (CC0), at 17 even places. Equal steps look equal, in grey and to people who are colour-blind too.
fn viridis(share: f64) -> Rgb {
    const PLACES: [Rgb; 17] = [
        (0x44, 0x01, 0x54),
        (0x48, 0x18, 0x6a),
        (0x47, 0x2d, 0x7b),
        (0x42, 0x40, 0x86),
        (0x3b, 0x52, 0x8b),
        (0x33, 0x63, 0x8d),
        (0x2c, 0x72, 0x8e),
        (0x26, 0x82, 0x8e),
        (0x21, 0x91, 0x8c),
        (0x1f, 0xa0, 0x88),
        (0x28, 0xae, 0x80),
        (0x3f, 0xbc, 0x73),
        (0x5e, 0xc9, 0x62),
        (0x84, 0xd4, 0x4b),
        (0xad, 0xdc, 0x30),
        (0xd8, 0xe2, 0x19),
        (0xfd, 0xe7, 0x25),
    ];
    let along = if share.is_finite() { share.clamp(0.0, 1.0) * (PLACES.len() - 1) as f64 } else { 0.0 };
    let low = (along as usize).min(PLACES.len() - 2);
    let rest = along - low as f64;
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * rest).round() as u8;
    let (a, b) = (PLACES[low], PLACES[low + 1]);
    (mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_a_colour_of_its_own() {
        for (index, one) in Outcome::ALL.iter().enumerate() {
            for other in &Outcome::ALL[index + 1..] {
                assert_ne!(of_outcome(*one), of_outcome(*other), "{} and {}", one.name(), other.name());
            }
        }
    }

    #[test]
    fn the_scale_has_its_ends_and_letters_are_read_on_both() {
        assert_eq!(rgb(Colour::Fill(Fill::Value(0.0))), (0x44, 0x01, 0x54));
        assert_eq!(rgb(Colour::Fill(Fill::Value(1.0))), (0xfd, 0xe7, 0x25));
        assert_eq!(rgb(Colour::Fill(Fill::Value(f64::NAN))), (0x44, 0x01, 0x54));
        assert_eq!([0.0, 1.0].map(|share| rgb(Colour::On(Fill::Value(share)))), [PAPER, INK]);
    }
}
