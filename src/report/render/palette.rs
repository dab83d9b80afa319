//! The colours of charts on light and on dark paper. A thing has one colour, in every chart of every run.
//!
//! Colours that meet in a chart are told apart by people with normal sight and with any of the three dichromacies; a test
//! simulates these. Letters are moved away from the paper where it takes that to read them.

use crate::report::chart::model::{Colour, Fill, SERIES};
use crate::vocabulary::Outcome;

/// Red, green and blue.
pub type Rgb = (u8, u8, u8);

/// The paper of charts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on white paper.
    #[default]
    Light,
    /// Light ink on dark paper.
    Dark,
}

/// Colours that have a name; those of [`Outcome`] and of values stand elsewhere.
struct Inks {
    ink: Rgb,
    subdued: Rgb,
    faint: Rgb,
    grid: Rgb,
    axis: Rgb,
    paper: Rgb,
    demand: Rgb,
    good: Rgb,
    waste: Rgb,
    red: Rgb,
    queue: Rgb,
    /// Attempts that are made again: by apps, after a refresh, by people who come back, as hedged copies.
    again: [Rgb; 4],
    /// From nothing that goes wrong to nothing but that: farther from the paper steadily, so that grey and colour-blind
    /// readers see the order.
    harm: [Rgb; 6],
    /// From nothing to all that there is, in the blue of what goes well.
    amount: [Rgb; 5],
    /// Scenarios, regions or pools, by rank; the one that is nearest to the red of what is broken comes last.
    ranks: [Rgb; SERIES],
}

const LIGHT: Inks = Inks {
    ink: (0x1f, 0x29, 0x33),
    subdued: (0x5a, 0x67, 0x75),
    faint: (0x6b, 0x76, 0x82),
    grid: (0xe4, 0xe7, 0xeb),
    axis: (0x9a, 0xa5, 0xb1),
    paper: WHITE,
    demand: (0x68, 0x65, 0x70),
    good: (0x10, 0x4a, 0x94),
    waste: (0xf2, 0xb0, 0x97),
    red: (0xc9, 0x3f, 0x2b),
    queue: (0x8c, 0x6b, 0xb1),
    again: [(0x41, 0x86, 0xc2), (0xd9, 0xa8, 0x60), (0x94, 0x10, 0xe4), (0x77, 0x33, 0x00)],
    harm: [
        (0xf7, 0xf1, 0xec),
        (0xf6, 0xcd, 0xb4),
        (0xec, 0x9a, 0x7b),
        (0xd6, 0x5f, 0x47),
        (0xa8, 0x2a, 0x1f),
        (0x5e, 0x0d, 0x12),
    ],
    amount: [(0xee, 0xf2, 0xf7), (0xbf, 0xd2, 0xe8), (0x7f, 0xa5, 0xd1), (0x3c, 0x70, 0xb0), (0x10, 0x3a, 0x74)],
    ranks: [(0x53, 0x06, 0xaf), (0x17, 0x88, 0x50), (0xc9, 0x7a, 0x05), (0xbf, 0x72, 0xdd), (0xa8, 0x25, 0x0d)],
};

const DARK: Inks = Inks {
    ink: (0xe8, 0xeb, 0xef),
    subdued: (0xab, 0xb5, 0xc0),
    faint: (0x93, 0x9e, 0xaa),
    grid: (0x2a, 0x32, 0x3b),
    axis: (0x5f, 0x6b, 0x77),
    paper: (0x12, 0x17, 0x1d),
    demand: (0xb5, 0x8d, 0xb6),
    good: (0x5b, 0xbe, 0xff),
    waste: (0xf6, 0xbc, 0x97),
    red: (0xff, 0x59, 0x51),
    queue: (0xb5, 0x97, 0xd8),
    again: [(0x24, 0x94, 0xf1), (0xff, 0xf3, 0x88), (0x88, 0x30, 0xfe), (0xbb, 0x44, 0x11)],
    harm: [
        (0x24, 0x1f, 0x20),
        (0x5a, 0x25, 0x20),
        (0x96, 0x33, 0x28),
        (0xd0, 0x4f, 0x3a),
        (0xf2, 0x8a, 0x66),
        (0xff, 0xd9, 0xb8),
    ],
    amount: [(0x1c, 0x24, 0x2e), (0x1f, 0x45, 0x70), (0x2c, 0x70, 0xb0), (0x5f, 0xa6, 0xe4), (0xbf, 0xe0, 0xff)],
    ranks: [(0x9e, 0x73, 0xff), (0x27, 0x99, 0x78), (0xe9, 0x99, 0x1f), (0xe4, 0xcc, 0xe4), (0xcb, 0x4b, 0x2d)],
};

const BLACK: Rgb = (0x00, 0x00, 0x00);
const WHITE: Rgb = (0xff, 0xff, 0xff);

/// The least contrast of letters with their ground, after WCAG 2.2.
const READABLE: f64 = 4.5;

impl Theme {
    /// Both themes.
    pub const ALL: [Theme; 2] = [Theme::Light, Theme::Dark];

    /// The colour of a thing.
    pub fn rgb(self, colour: Colour) -> Rgb {
        let inks = self.inks();
        match colour {
            Colour::Ink => inks.ink,
            Colour::Subdued => inks.subdued,
            Colour::Demand => inks.demand,
            Colour::Faint => inks.faint,
            Colour::Grid => inks.grid,
            Colour::Axis => inks.axis,
            Colour::Paper => inks.paper,
            Colour::Good | Colour::Streams => inks.good,
            Colour::Waste | Colour::Stalls => inks.waste,
            Colour::Reports | Colour::Broken => inks.red,
            Colour::Queue => inks.queue,
            Colour::Retries => inks.again[0],
            Colour::Refreshes => inks.again[1],
            Colour::ComeBacks => inks.again[2],
            Colour::Hedges => inks.again[3],
            Colour::Series(rank) => inks.ranks[rank.min(SERIES - 1)],
            Colour::Fill(fill) => self.filled(fill),
            Colour::On(fill) => on(self.filled(fill)),
        }
    }

    /// The colour of letters: that of the thing, or one farther from the paper where that is hard to read.
    pub fn letters(self, colour: Colour) -> Rgb {
        let mut rgb = self.rgb(colour);
        if matches!(colour, Colour::On(_) | Colour::Paper) {
            return rgb;
        }
        let farther = |channel: u8| match self {
            Theme::Light => (u16::from(channel) * 19 / 20) as u8,
            Theme::Dark => 255 - (u16::from(255 - channel) * 19 / 20) as u8,
        };
        while contrast(rgb, self.inks().paper) < READABLE {
            rgb = (farther(rgb.0), farther(rgb.1), farther(rgb.2));
        }
        rgb
    }

    fn inks(self) -> &'static Inks {
        match self {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }

    fn filled(self, fill: Fill) -> Rgb {
        match fill {
            Fill::Outcome(outcome) => self.of_outcome(outcome),
            Fill::Value(share) => viridis(share),
            Fill::Harm(share) => along(&self.inks().harm, share),
            Fill::Amount(share) => along(&self.inks().amount, share),
            Fill::Empty => self.inks().grid,
        }
    }

    fn of_outcome(self, outcome: Outcome) -> Rgb {
        let inks = self.inks();
        let (light, dark) = match outcome {
            Outcome::Served => (inks.good, inks.good),
            Outcome::TimedOut => (inks.red, inks.red),
            Outcome::Rejected => ((0xee, 0xa2, 0x36), (0xf2, 0xa2, 0x32)),
            Outcome::Abandoned => ((0x95, 0xa5, 0xb2), (0x94, 0xa9, 0xad)),
            Outcome::Failed => ((0x8a, 0x4f, 0xa3), (0xba, 0x70, 0xbd)),
            Outcome::Shed => ((0x27, 0xa3, 0xef), (0x27, 0x7f, 0xec)),
            Outcome::Limited => ((0x31, 0xe8, 0xb0), (0x2d, 0xf9, 0xa9)),
            Outcome::Refused => ((0x33, 0x41, 0x55), (0x5a, 0x6d, 0x78)),
            Outcome::Cancelled => (inks.subdued, inks.subdued),
        };
        match self {
            Theme::Light => light,
            Theme::Dark => dark,
        }
    }
}

/// Black or white, whichever is read more easily on a ground.
fn on(ground: Rgb) -> Rgb {
    if contrast(BLACK, ground) > contrast(WHITE, ground) { BLACK } else { WHITE }
}

/// The share of light of a channel.
fn linear(channel: u8) -> f64 {
    let share = f64::from(channel) / 255.0;
    if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
}

/// The contrast of two colours, from 1 to 21, after WCAG 2.2.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let light = |colour: Rgb| 0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2) + 0.05;
    let (one, other) = (light(one), light(other));
    one.max(other) / one.min(other)
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
    along(&PLACES, share)
}

/// The colour at a share of the way along colours at even places.
fn along(places: &[Rgb], share: f64) -> Rgb {
    let along = if share.is_finite() { share.clamp(0.0, 1.0) * (places.len() - 1) as f64 } else { 0.0 };
    let low = (along as usize).min(places.len() - 2);
    let rest = along - low as f64;
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * rest).round() as u8;
    let (a, b) = (places[low], places[low + 1]);
    (mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a matrix over linear red, green and blue.
    type Sight = [[f64; 3]; 3];

    /// Normal sight, then protanopia, deuteranopia and tritanopia: G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, A
    /// Physiologically-based Model for Simulation of Color Vision Deficiency, 2009, at full severity.
    const SIGHTS: [Sight; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ];

    /// Lightness, green to red and blue to yellow in CIELAB under D65.
    fn lab(colour: Rgb, sight: &Sight) -> [f64; 3] {
        let seen = [linear(colour.0), linear(colour.1), linear(colour.2)];
        let seen = sight.map(|row| (row[0] * seen[0] + row[1] * seen[1] + row[2] * seen[2]).clamp(0.0, 1.0));
        let sum = |weights: [f64; 3]| weights[0] * seen[0] + weights[1] * seen[1] + weights[2] * seen[2];
        let bent = |share: f64| {
            if share > 216.0 / 24389.0 { libm::cbrt(share) } else { (24389.0 / 27.0 * share + 16.0) / 116.0 }
        };
        let x = bent(sum([0.412_456_4, 0.357_576_1, 0.180_437_5]) / 0.950_47);
        let y = bent(sum([0.212_672_9, 0.715_152_2, 0.072_175]));
        let z = bent(sum([0.019_333_9, 0.119_192, 0.950_304_1]) / 1.088_83);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// The least distance of two colours in the eyes of anybody.
    fn distance(one: Rgb, other: Rgb) -> f64 {
        let far = |sight: &Sight| {
            let (one, other) = (lab(one, sight), lab(other, sight));
            (0..3).map(|i| libm::pow(one[i] - other[i], 2.0)).sum::<f64>().sqrt()
        };
        SIGHTS.iter().map(far).fold(f64::INFINITY, f64::min)
    }

    fn are_told_apart(colours: &[Colour]) {
        for theme in Theme::ALL {
            for (index, one) in colours.iter().enumerate() {
                for other in &colours[index + 1..] {
                    let far = distance(theme.rgb(*one), theme.rgb(*other));
                    assert!(far >= 20.0, "{theme:?}: {one:?} and {other:?} are {far:.1} apart");
                }
            }
        }
    }

    #[test]
    fn the_distance_is_that_of_the_standard() {
        assert!(distance((0, 0, 0), (0, 0, 0)) == 0.0);
        let white = lab((255, 255, 255), &SIGHTS[0]);
        assert!((white[0] - 100.0).abs() < 0.01 && white[1].abs() < 0.02 && white[2].abs() < 0.02, "{white:?}");
        let red = lab((255, 0, 0), &SIGHTS[0]);
        assert!((red[0] - 53.24).abs() < 0.05 && (red[1] - 80.09).abs() < 0.05 && (red[2] - 67.2).abs() < 0.05);
        // What this sight takes for one colour.
        assert!(distance((0xc9, 0x3f, 0x2b), (0x7d, 0x72, 0x2e)) < 20.0);
    }

    #[test]
    fn colours_that_meet_are_told_apart_by_everybody() {
        let outcomes: Vec<Colour> =
            Outcome::errors().iter().map(|outcome| Colour::Fill(Fill::Outcome(*outcome))).collect();
        are_told_apart(&outcomes);
        let ranks = (0..SERIES).map(Colour::Series);
        are_told_apart(&ranks.clone().chain([Colour::Demand, Colour::Good, Colour::Waste]).collect::<Vec<_>>());
        are_told_apart(&ranks.chain([Colour::Streams, Colour::Stalls]).collect::<Vec<_>>());
        are_told_apart(&[Colour::Reports, Colour::Ink, Colour::Good, Colour::Demand]);
        are_told_apart(&[Colour::Broken, Colour::Ink, Colour::Queue]);
        are_told_apart(&[
            Colour::Demand,
            Colour::Retries,
            Colour::Refreshes,
            Colour::ComeBacks,
            Colour::Hedges,
            Colour::Paper,
        ]);
    }

    #[test]
    fn letters_are_read_on_their_ground() {
        let mut colours = vec![
            Colour::Ink,
            Colour::Subdued,
            Colour::Faint,
            Colour::Good,
            Colour::Demand,
            Colour::Waste,
            Colour::Reports,
            Colour::Broken,
            Colour::Streams,
            Colour::Stalls,
            Colour::Queue,
            Colour::Retries,
            Colour::Refreshes,
            Colour::ComeBacks,
            Colour::Hedges,
        ];
        colours.extend((0..SERIES).map(Colour::Series));
        let outcomes = Outcome::ALL.iter().map(|outcome| Fill::Outcome(*outcome));
        let values = (0..=100).flat_map(|share| {
            let share = f64::from(share) / 100.0;
            [Fill::Value(share), Fill::Harm(share), Fill::Amount(share)]
        });
        let fills: Vec<Fill> = outcomes.chain(values).chain([Fill::Empty]).collect();
        for theme in Theme::ALL {
            for colour in &colours {
                let found = contrast(theme.letters(*colour), theme.rgb(Colour::Paper));
                assert!(found >= READABLE, "{theme:?}, {colour:?}: {found:.2}");
            }
            for fill in &fills {
                let found = contrast(theme.letters(Colour::On(*fill)), theme.rgb(Colour::Fill(*fill)));
                assert!(found >= READABLE, "{theme:?}, {fill:?}: {found:.2}");
            }
        }
    }

    #[test]
    fn lines_and_areas_stand_out_from_dark_paper() {
        let named = [Colour::Good, Colour::Demand, Colour::Waste, Colour::Broken].into_iter();
        let outcomes = Outcome::ALL.iter().map(|outcome| Colour::Fill(Fill::Outcome(*outcome)));
        for colour in named.chain((0..SERIES).map(Colour::Series)).chain(outcomes) {
            let found = contrast(Theme::Dark.rgb(colour), Theme::Dark.rgb(Colour::Paper));
            assert!(found >= 3.0, "{colour:?}: {found:.2}");
        }
    }

    #[test]
    fn a_mark_in_dashes_of_two_colours_is_seen_on_any_area() {
        let outcomes = Outcome::ALL.iter().map(|outcome| Colour::Fill(Fill::Outcome(*outcome)));
        let shares = (0..=24).map(|share| f64::from(share) / 24.0);
        let shades = shares.flat_map(|share| [Fill::Harm(share), Fill::Amount(share)].map(Colour::Fill));
        for (theme, area) in outcomes.chain(shades).flat_map(|area| Theme::ALL.map(|theme| (theme, area))) {
            let seen = [Colour::Subdued, Colour::Paper].map(|dash| contrast(theme.rgb(dash), theme.rgb(area)));
            assert!(seen.into_iter().fold(0.0, f64::max) >= 2.3, "{theme:?}, {area:?}: {seen:?}");
        }
    }

    #[test]
    fn scales_of_shares_lead_away_from_the_paper_in_the_eyes_of_anybody() {
        for (theme, scale) in Theme::ALL
            .into_iter()
            .flat_map(|theme| [Fill::Harm as fn(f64) -> Fill, Fill::Amount].map(|scale| (theme, scale)))
        {
            let shade = |share: usize| theme.rgb(Colour::Fill(scale(share as f64 / 32.0)));
            for sight in &SIGHTS {
                let light: Vec<f64> = (0..=32).map(|share| lab(shade(share), sight)[0]).collect();
                let farther = |pair: &[f64]| (pair[1] < pair[0]) == (theme == Theme::Light);
                assert!(light.windows(2).all(farther), "{theme:?}: {light:?}");
            }
            assert!(distance(shade(0), shade(32)) > 60.0);
        }
    }

    #[test]
    fn the_scale_has_its_ends() {
        assert_eq!(Theme::Light.rgb(Colour::Fill(Fill::Value(0.0))), (0x44, 0x01, 0x54));
        assert_eq!(Theme::Light.rgb(Colour::Fill(Fill::Value(1.0))), (0xfd, 0xe7, 0x25));
        assert_eq!(Theme::Light.rgb(Colour::Fill(Fill::Value(f64::NAN))), (0x44, 0x01, 0x54));
    }
}
