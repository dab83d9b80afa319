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
    /// Local time of the drop, from midnight.
    drop: Span,
}

impl Clock {
    /// The clock of a time zone, or at the offset with which the drop is written where a region states no zone. The check of
    /// the scenario rejects unknown zones; here they count as none.
    pub fn of_zone(time_zone: Option<&str>, written: Offset, drop: Timestamp) -> Clock {
        let zone = time_zone.and_then(|name| TimeZone::get(name).ok());
        let offset = zone.map_or(written, |zone| zone.to_offset(drop));
        let seconds = (drop.as_second() + i64::from(offset.seconds())).rem_euclid(DAY);
        Clock { drop: Span(seconds * 1_000_000_000 + i64::from(drop.subsec_nanosecond())) }
    }

    /// The offset of a moment from the drop.
    pub fn offset(self, when: When) -> Span {
        match when {
            When::Offset(span) => span,
            When::Clock(seconds) => Span(seconds * 1_000_000_000) - self.drop,
        }
    }

    /// The offset of the local midnight before the drop from the drop.
    pub fn midnight(self) -> Span {
        Span(-self.drop.0)
    }
}
