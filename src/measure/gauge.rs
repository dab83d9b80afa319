//! Time-weighted sums without an event per sample.

use crate::units::Time;

/// A level that steps up and down, and its integral over time.
///
/// Each step of d at time t adds d·t to a moment; the integral up to now is level × now − moment.
/// So a step costs one multiplication and one addition, and the integral is exact.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gauge {
    level: i64,
    moment: i128,
}

impl Gauge {
    /// The present level.
    #[inline]
    pub fn level(&self) -> i64 {
        self.level
    }

    /// Steps by `change` at `now`.
    #[inline]
    pub fn add(&mut self, change: i64, now: Time) {
        self.level += change;
        self.moment += i128::from(change) * i128::from(now.0);
    }

    /// Moves to `level` at `now`.
    #[inline]
    pub fn set(&mut self, level: i64, now: Time) {
        self.add(level - self.level, now);
    }

    /// The integral from time zero to `now`, in level × nanoseconds.
    pub fn integral(&self, now: Time) -> i128 {
        i128::from(self.level) * i128::from(now.0) - self.moment
    }
}
