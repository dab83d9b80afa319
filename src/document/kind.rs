//! The TOML types of values.

/// The TOML type of a value, or of one form that a value may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A string.
    Text,
    /// A date-time; JSON Schema takes it for a string.
    DateTime,
    /// An integer.
    Whole,
    /// A float; an integer stands for one.
    Number,
    /// A number from 0 to 1, or a text with a percent sign.
    Share,
    /// A boolean.
    Boolean,
    /// An array.
    List,
    /// A table.
    Table,
    /// A value of any type.
    Any,
}

impl Kind {
    /// The name of the type in messages.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Text => "a text",
            Kind::DateTime => "a date-time",
            Kind::Whole => "a whole number",
            Kind::Number => "a number",
            Kind::Share => "a share",
            Kind::Boolean => "true or false",
            Kind::List => "a list",
            Kind::Table => "a table",
            Kind::Any => "any value",
        }
    }

    /// Whether a value of this type is accepted as `wanted`.
    pub fn fits(self, wanted: Kind) -> bool {
        match wanted {
            Kind::Any => true,
            Kind::Number => matches!(self, Kind::Whole | Kind::Number),
            Kind::Share => matches!(self, Kind::Whole | Kind::Number | Kind::Text),
            _ => self == wanted,
        }
    }
}
