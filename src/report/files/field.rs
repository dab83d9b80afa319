//! The columns of tables that are no figures: name, type, unit and meaning.

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name in the header.
    pub name: &'static str,
    /// Type of the cells.
    pub kind: Kind,
    /// Unit of the cells; empty for texts and counts.
    pub unit: &'static str,
    /// Meaning of the cell.
    pub about: &'static str,
}

/// The type of the cells of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A number with a point or an exponent.
    Number,
    /// A whole number.
    Whole,
    /// `true` or `false`.
    Flag,
    /// A moment in RFC 3339.
    Moment,
    /// A number or a text, as the plan has it.
    Any,
}

impl Kind {
    /// The type by the names of Table Schema.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "string",
            Kind::Number => "number",
            Kind::Whole => "integer",
            Kind::Flag => "boolean",
            Kind::Moment => "datetime",
            Kind::Any => "any",
        }
    }
}

impl Field {
    /// A column of texts.
    pub const fn text(name: &'static str, about: &'static str) -> Field {
        Field { name, kind: Kind::Text, unit: "", about }
    }

    /// A column of numbers.
    pub const fn number(name: &'static str, unit: &'static str, about: &'static str) -> Field {
        Field { name, kind: Kind::Number, unit, about }
    }

    /// A column of whole numbers.
    pub const fn whole(name: &'static str, about: &'static str) -> Field {
        Field { name, kind: Kind::Whole, unit: "", about }
    }
}
