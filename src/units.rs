//! Units: types for simulated time, spans, bit rates, rates and probabilities.
//!
//! Each value is a plain number in memory and a string with a unit in a scenario file (`"120 ms"`, `"3 Tbps"`, `"900/s"`,
//! `"30%"`). No unit is guessed: a number without a unit is an error that lists the units.

mod foreign;
mod in_files;
mod number;
mod quantity;
mod text;
pub mod written;

pub(crate) use foreign::in_digits;
pub(crate) use quantity::tidy;
pub use quantity::{Dimension, Quantity};

use std::ops::{Add, Sub};

/// Nanoseconds in a second.
pub const NANOS_PER_SECOND: f64 = 1e9;

/// A moment of the simulated window, in nanoseconds since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

/// A length of time in nanoseconds; negative where a law is shifted or an offset lies before the drop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(pub i64);

/// A bit rate in bits per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bitrate(pub u64);

/// A rate in events per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Rate(pub f64);

/// A probability or share, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Probability(pub f64);

impl Time {
    /// The start of the window.
    pub const START: Time = Time(0);

    /// Seconds since the start of the window.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// The moment `span` after this one. A window lasts at most thirty days, so a moment of it plus [`Span::LONGEST`] is
    /// still far below the largest value of the type.
    #[inline]
    pub fn after(self, span: Span) -> Time {
        Time(self.0.wrapping_add_signed(span.0))
    }

    /// The span from `earlier` to this moment.
    #[inline]
    pub fn since(self, earlier: Time) -> Span {
        Span(self.0 as i64 - earlier.0 as i64)
    }
}

impl Span {
    /// The empty span.
    pub const ZERO: Span = Span(0);
    /// The longest span that a scenario may state: a hundred years of 365 days.
    pub const LONGEST: Span = Span(100 * 365 * 86_400 * 1_000_000_000);

    /// A span of seconds, rounded to the nearest nanosecond and limited to ±[`Span::LONGEST`].
    #[inline]
    pub fn from_seconds(seconds: f64) -> Span {
        Span::from_nanos(seconds * NANOS_PER_SECOND)
    }

    /// A span of nanoseconds, rounded half away from zero and limited to ±[`Span::LONGEST`].
    #[inline]
    pub fn from_nanos(nanos: f64) -> Span {
        let limit = Span::LONGEST.0 as f64;
        let clamped = nanos.clamp(-limit, limit);
        Span((clamped + 0.5_f64.copysign(clamped)) as i64)
    }

    /// A span of nanoseconds that are not negative: [`Span::from_nanos`] in fewer instructions, without the sign.
    #[inline(always)]
    pub fn from_positive_nanos(nanos: f64) -> Span {
        debug_assert!(nanos >= 0.0, "{nanos} ns");
        let limit = Span::LONGEST.0 as f64;
        let limited = if nanos < limit { nanos } else { limit };
        Span((limited + 0.5) as i64)
    }

    /// The span in seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// The span in milliseconds.
    pub fn millis(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

impl Probability {
    /// A probability of a value from 0 to 1.
    ///
    /// # Errors
    /// The value is outside of this range.
    pub fn new(value: f64) -> Result<Probability, String> {
        match value {
            _ if value.is_nan() => Err("NaN is not a probability".to_owned()),
            _ if value < 0.0 => Err(format!("{value} is below 0")),
            _ if value > 1.0 => Err(format!("{value} is above 1, that is 100%")),
            _ => Ok(Probability(value)),
        }
    }
}
