//! Conversion of clock times to offsets from a region's drop.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::document::moments::When;
use crate::units::Span;

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// The clock of a region on the day of its drop. For the whole window the offset from UTC is that at the drop.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Local time of the drop, in seconds after midnight.
    drop_s: i64,
}

impl Clock {
    /// The clock of a time zone. The check of the scenario rejects unknown zones; here they count as UTC.
    pub fn of_zone(time_zone: &str, drop: Timestamp) -> Clock {
        let offset = TimeZone::get(time_zone).map_or(Offset::UTC, |zone| zone.to_offset(drop));
        Clock { drop_s: (drop.as_second() + i64::from(offset.seconds())).rem_euclid(DAY) }
    }

    /// The offset of a moment from the drop.
    pub fn offset(self, when: When) -> Span {
        match when {
            When::Offset(span) => span,
            When::Clock(seconds) => Span((seconds - self.drop_s) * 1_000_000_000),
        }
    }

    /// The offset of the local midnight before the drop from the drop.
    pub fn midnight(self) -> Span {
        Span(-self.drop_s * 1_000_000_000)
    }
}
