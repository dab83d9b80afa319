//! The scopes that have a figure.

use crate::vocabulary::scope::RowKind;

/// The scopes that have a figure, and its name there.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// Kinds of these scopes.
    pub(super) of: &'static [RowKind],
    /// Name within a region, pool or request; empty if it is the name of the figure.
    pub(super) within: &'static str,
}

impl Known {
    /// The same with a name of its own within a region, pool or request.
    pub(super) const fn called(self, within: &'static str) -> Known {
        Known { within, ..self }
    }
}

/// Figures of everything alone.
pub(super) const ALL: Known = Known { of: &[RowKind::All], within: "" };
/// Figures of all attempts of a scope.
pub(super) const ANY: Known =
    Known { of: &[RowKind::All, RowKind::Region, RowKind::Pool, RowKind::Request], within: "" };
/// Figures of the course of a scope over time.
pub(super) const COURSES: Known = Known { of: &[RowKind::All, RowKind::Region, RowKind::Request], within: "" };
/// Figures of people.
pub(super) const PEOPLE: Known = Known { of: &[RowKind::All, RowKind::Region], within: "" };
/// Figures of a region alone.
pub(super) const REGIONS: Known = Known { of: &[RowKind::Region], within: "" };
/// Figures of servers, of all pools together and of each.
pub(super) const SERVERS: Known = Known { of: &[RowKind::All, RowKind::Pool], within: "" };
/// Figures of a pool alone.
pub(super) const POOLS: Known = Known { of: &[RowKind::Pool], within: "" };
