//! From clock times to offsets from a region's drop.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::document::moments::When;
use crate::units::Span;

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// The clock of a place on the day of its drop. The offset from UTC is the one at the drop, for the whole window.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Seconds after local midnight at the drop.
    drop_s: i64,
}

impl Clock {
    /// The clock of a time zone; an unknown zone was refused when the scenario was read, and counts as UTC here.
    pub fn of_zone(time_zone: &str, drop: Timestamp) -> Clock {
        let offset = TimeZone::get(time_zone).map_or(Offset::UTC, |zone| zone.to_offset(drop));
        Clock { drop_s: (drop.as_second() + i64::from(offset.seconds())).rem_euclid(DAY) }
    }

    /// The offset from the drop.
    pub fn offset(self, when: When) -> Span {
        match when {
            When::Offset(span) => span,
            When::Clock(seconds) => Span((seconds - self.drop_s) * 1_000_000_000),
        }
    }

    /// The offset from the drop of the local midnight before it.
    pub fn midnight(self) -> Span {
        Span(-self.drop_s * 1_000_000_000)
    }
}
