//! Units of columns and figures.

use crate::units::{Dimension, Quantity};

/// Attributes of a unit.
struct UnitRow {
    /// The sign behind a number; empty for plain numbers.
    symbol: &'static str,
    /// What a value in this unit is called in messages.
    called: &'static str,
    /// A value as a user writes it.
    example: &'static str,
    /// What the unit measures; `None` where a value is written as a plain number.
    dimension: Option<Dimension>,
    /// One of the unit in the base of its dimension: nanoseconds, bits per second, happenings per second.
    base: f64,
}

table! {
    /// The unit in which a column or figure is stated.
    Unit, UnitRow;
    /// count
    Count { symbol: "", called: "a plain number", example: "1000", dimension: None, base: 1.0 }
    /// ratio
    Ratio { symbol: "", called: "a plain number", example: "1.5", dimension: None, base: 1.0 }
    /// share, 0 to 1
    Share { symbol: "%", called: "a share", example: "1%", dimension: Some(Dimension::Number), base: 1.0 }
    /// ms
    Milliseconds { symbol: "ms", called: "a span", example: "2 s", dimension: Some(Dimension::Time), base: 1e6 }
    /// s
    Seconds { symbol: "s", called: "a span", example: "2 s", dimension: Some(Dimension::Time), base: 1e9 }
    /// kbps
    Kbps { symbol: "kbps", called: "a bit rate", example: "3 Mbps", dimension: Some(Dimension::Bitrate), base: 1e3 }
    /// per second
    PerSecond { symbol: "/s", called: "a rate", example: "900/s", dimension: Some(Dimension::Rate), base: 1.0 }
}

impl Unit {
    /// The unit as the reference writes it.
    pub fn name(self) -> &'static str {
        self.meaning()
    }

    /// The sign behind a number: `%` for a share, which is a number from 0 to 1; empty for counts and ratios.
    pub fn symbol(self) -> &'static str {
        self.row().symbol
    }

    /// What a value in this unit is called in messages: `a share`.
    pub fn called(self) -> &'static str {
        self.row().called
    }

    /// What a value in this unit is and how it is written: `a share, such as 1%`.
    pub fn advice(self) -> String {
        match self.row().dimension {
            Some(_) => format!("{}, such as {}", self.called(), self.row().example),
            None => self.called().to_owned(),
        }
    }

    /// Whether values in both units measure the same.
    pub fn measures_like(self, other: Unit) -> bool {
        self.row().dimension == other.row().dimension
    }

    /// A value of another unit in this one; `None` where they measure different things.
    pub fn convert(self, value: f64, from: Unit) -> Option<f64> {
        match () {
            () if self == from => Some(value),
            () if self.measures_like(from) => Some(value * from.row().base / self.row().base),
            () => None,
        }
    }

    /// A quantity in this unit; `None` where the unit measures something else.
    pub fn read(self, quantity: &Quantity) -> Option<f64> {
        (self.row().dimension == Some(quantity.dimension)).then(|| quantity.base / self.row().base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_in_the_unit_and_only_in_one_that_measures_the_same() {
        let read = |unit: Unit, text| unit.read(&Quantity::read(text).unwrap());
        assert_eq!(read(Unit::Share, "1%"), Some(0.01));
        assert_eq!(read(Unit::Milliseconds, "2 s"), Some(2000.0));
        assert_eq!(read(Unit::Seconds, "5 min"), Some(300.0));
        assert_eq!(read(Unit::Kbps, "3 Mbps"), Some(3000.0));
        assert_eq!(read(Unit::Share, "2 s"), None);
        assert_eq!(read(Unit::Count, "5%"), None);
        assert_eq!(Unit::Seconds.convert(90_000.0, Unit::Milliseconds), Some(90.0));
        assert_eq!(Unit::Seconds.convert(0.5, Unit::Share), None);
    }

    #[test]
    fn examples_are_in_their_unit() {
        for unit in Unit::ALL {
            let read = Quantity::read(unit.row().example).and_then(|quantity| unit.read(&quantity));
            assert_eq!(read.is_some(), unit.row().dimension.is_some(), "{}", unit.name());
        }
    }
}
