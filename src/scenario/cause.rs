//! Causes: the audiences, multipliers and changes that `trigger` names.

/// An audience, multiplier or change that `trigger` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause<'a> {
    /// An audience.
    Audience(&'a str),
    /// A multiplier.
    Multiplier(&'a str),
    /// A change by its number in the file, from 0.
    Change(usize),
}

impl Cause<'_> {
    /// The cause with a dotted name; `None` if the name is of another kind.
    pub fn of(name: &str) -> Option<Cause<'_>> {
        let (table, rest) = name.split_once('.')?;
        match table {
            "audience" => Some(Cause::Audience(rest)),
            "multiplier" => Some(Cause::Multiplier(rest)),
            "change" => rest.parse().ok().map(Cause::Change),
            _ => None,
        }
    }
}
