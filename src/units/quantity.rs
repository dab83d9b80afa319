//! Quantities whose dimension is known only once they are read: the values of a sweep's axes.

use super::Span;
use super::number::split_number;
use super::text::{BITRATE_UNITS, RATE_UNITS, TIME_UNITS};

/// The dimension of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// A plain number, or a share.
    Number,
    /// A span of time.
    Time,
    /// A bit rate.
    Bitrate,
    /// A rate of events.
    Rate,
}

/// A number and the unit in which it was stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// The dimension.
    pub dimension: Dimension,
    /// The value in nanoseconds, bits per second, events per second, or as a plain number.
    pub base: f64,
    /// The unit in which the quantity was stated; empty for a plain number.
    pub unit: &'static str,
    /// [`Quantity::base`] of one unit.
    pub factor: f64,
}

impl Quantity {
    /// A plain number.
    pub fn number(base: f64) -> Quantity {
        Quantity { dimension: Dimension::Number, base, unit: "", factor: 1.0 }
    }

    /// Reads `"90 s"`, `"3 Mbps"`, `"900/s"` or `"30%"`; `None` for a text that is no quantity.
    pub fn read(text: &str) -> Option<Quantity> {
        let (digits, unit) = split_number(text);
        let known: [(Dimension, &'static [(&'static str, f64)]); 4] = [
            (Dimension::Number, &[("%", 0.01)]),
            (Dimension::Time, TIME_UNITS),
            (Dimension::Bitrate, BITRATE_UNITS),
            (Dimension::Rate, RATE_UNITS),
        ];
        let found = known.into_iter().find_map(|(dimension, units)| {
            let (name, factor) = units.iter().find(|(name, _)| *name == unit)?;
            Some((dimension, *name, *factor))
        });
        if let (Some((dimension, unit, factor)), Ok(number)) = (found, digits.replace('_', "").parse::<f64>()) {
            return Some(Quantity { dimension, base: number * factor, unit, factor }).filter(|q| q.base.is_finite());
        }
        // A span of several parts, such as `1 h 30 min`.
        let span: Span = text.parse().ok()?;
        Some(Quantity { dimension: Dimension::Time, base: span.0 as f64, unit: "s", factor: 1e9 })
    }

    /// The number of this quantity in the unit of `other`; a share is a number from 0 to 1.
    pub fn in_unit_of(&self, other: &Quantity) -> f64 {
        if other.dimension == Dimension::Number { self.base } else { tidy(self.base / other.factor) }
    }

    /// The unit in which tables state quantities of a unit's dimension, and the factor from the unit to it; `None` for plain
    /// numbers and shares.
    pub fn canonical(unit: &str) -> Option<(&'static str, f64)> {
        let known = [(TIME_UNITS, "s", 1e9), (BITRATE_UNITS, "kbps", 1e3), (RATE_UNITS, "/s", 1.0)];
        known.into_iter().find_map(|(units, canonical, base)| {
            let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
            Some((canonical, factor / base))
        })
    }

    /// A quantity of another value in the same unit.
    pub fn with_base(self, base: f64) -> Quantity {
        Quantity { base, ..self }
    }

    /// The quantity in the unit in which it is shortest, where its dimension has units from very short to very long: `100 d` and
    /// not `8640000000 ms`.
    pub fn short(&self) -> String {
        let units = match self.dimension {
            Dimension::Time => TIME_UNITS,
            Dimension::Bitrate => BITRATE_UNITS,
            Dimension::Number | Dimension::Rate => return self.text(),
        };
        // Larger units come first, so that they are taken where several are as short.
        let fitting = units.iter().rev().filter(|(unit, factor)| unit.is_ascii() && self.base.abs() >= *factor);
        let number = |factor: f64| tidy(self.base / factor).to_string().len();
        let shortest = fitting.min_by_key(|(_, factor)| number(*factor));
        shortest.map_or(self.text(), |(unit, factor)| Quantity { unit, factor: *factor, ..*self }.text())
    }

    /// The quantity as a scenario states it: `90 s`, `30%`, `1.5`.
    pub fn text(&self) -> String {
        let number = tidy(self.base / self.factor);
        // `/s` and `%` follow the number directly; a blank stands before every other unit.
        let blank = if self.unit.is_empty() || self.unit.starts_with(['/', '%']) { "" } else { " " };
        format!("{number}{blank}{}", self.unit)
    }
}

/// Rounds to twelve significant digits, so that a step of a tenth reads `1.2` and not `1.2000000000000002`.
pub(crate) fn tidy(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_read_back_as_they_were_written() {
        for text in ["90 s", "-5 min", "30%", "3 Mbps", "900/s", "0.1 ms"] {
            assert_eq!(Quantity::read(text).unwrap().text(), text);
        }
        assert_eq!(Quantity::read("1 h 30 min").unwrap().text(), "5400 s");
        assert_eq!(Quantity::number(0.1 + 0.2).text(), "0.3");
        for (base, short) in [
            (8.64e15, "100 d"),
            (1e6, "1 ms"),
            (2.95e12, "2950 s"),
            (90e9, "90 s"),
            (92_951.6e6, "92.9516 s"),
            (0.0, "0 ns"),
        ] {
            assert_eq!(Quantity::read("5 ns").unwrap().with_base(base).short(), short);
        }
        assert_eq!(Quantity::read("1 ms").unwrap().with_base(1_234_567_890.0).short(), "1.23456789 s");
        for text in ["full", "", "5 parsec", "3"] {
            assert_eq!(Quantity::read(text), None, "{text}");
        }
        assert_eq!(Quantity::canonical("min"), Some(("s", 60.0)));
        assert_eq!(Quantity::canonical("Mbps"), Some(("kbps", 1e3)));
        assert_eq!(Quantity::canonical("/s"), Some(("/s", 1.0)));
        assert_eq!(["", "%", "parsec"].map(Quantity::canonical), [None; 3]);
        let (seconds, millis) = (Quantity::read("2 s").unwrap(), Quantity::read("500 ms").unwrap());
        assert_eq!(seconds.in_unit_of(&millis), 2000.0);
        assert_eq!(Quantity::read("30%").unwrap().in_unit_of(&Quantity::read("5%").unwrap()), 0.3);
    }
}
