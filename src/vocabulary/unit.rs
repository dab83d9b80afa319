//! Units of columns and figures.

use crate::units::{Dimension, Quantity};

/// Attributes of a unit.
struct UnitRow {
    /// Symbol behind a number; empty for plain numbers.
    symbol: &'static str,
    /// Name of a value in this unit, in messages.
    called: &'static str,
    /// Value as a user writes it.
    example: &'static str,
    /// Dimension of the unit; `None` if values are written as plain numbers.
    dimension: Option<Dimension>,
    /// Size of the unit in the base unit of its dimension: nanoseconds, bits per second, events per second.
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

    /// The symbol behind a number: `%` for a share, whose value is a number from 0 to 1; empty for counts and ratios.
    pub fn symbol(self) -> &'static str {
        self.row().symbol
    }

    /// The symbol in a table of plain numbers, where a share is a number from 0 to 1 and has none.
    pub fn in_tables(self) -> &'static str {
        if self == Unit::Share { "" } else { self.symbol() }
    }

    /// The name of a value in this unit, in messages: `a share`.
    pub fn called(self) -> &'static str {
        self.row().called
    }

    /// The name of a value in this unit with an example: `a share, such as 1%`.
    pub fn advice(self) -> String {
        match self.row().dimension {
            Some(_) => format!("{}, such as {}", self.called(), self.row().example),
            None => self.called().to_owned(),
        }
    }

    /// Whether both units have the same dimension.
    pub fn has_dimension_of(self, other: Unit) -> bool {
        self.row().dimension == other.row().dimension
    }

    /// The value in this unit of a value in the unit `from`; `None` if the dimensions differ.
    pub fn convert(self, value: f64, from: Unit) -> Option<f64> {
        match () {
            () if self == from => Some(value),
            () if self.has_dimension_of(from) => Some(value * from.row().base / self.row().base),
            () => None,
        }
    }

    /// The value of a quantity in this unit; `None` if the dimensions differ.
    pub fn read(self, quantity: &Quantity) -> Option<f64> {
        (self.row().dimension == Some(quantity.dimension)).then(|| quantity.base / self.row().base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_only_in_units_of_the_same_dimension() {
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
