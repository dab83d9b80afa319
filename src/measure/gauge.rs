//! Gauges: exact integrals of levels over time.

use crate::units::Time;

/// A level that changes in steps, with its integral over time.
///
/// A step of d at time t adds d·t to the moment; the integral from zero to now is level × now − moment. So a step costs one
/// multiplication and one addition, no event samples the level, and the integral is exact.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gauge {
    level: i64,
    /// Highest level since the interval began, of those that [`Gauge::rise`] reached.
    most: i64,
    /// Sum of step × time, in level × nanoseconds.
    moment: i128,
}

impl Gauge {
    /// The present level.
    #[inline]
    pub fn level(&self) -> i64 {
        self.level
    }

    /// Changes the level by `change` at `now`.
    #[inline]
    pub fn add(&mut self, change: i64, now: Time) {
        self.level += change;
        self.moment += i128::from(change) * i128::from(now.0);
    }

    /// Raises the level by one at `now` and notes the highest level of the interval.
    #[inline]
    pub fn rise(&mut self, now: Time) {
        self.add(1, now);
        self.most = self.most.max(self.level);
    }

    /// The highest level of the interval, for a gauge that only [`Gauge::rise`] raises.
    pub fn most(&self) -> i64 {
        self.most
    }

    /// Begins an interval.
    pub fn begin_interval(&mut self) {
        self.most = self.level;
    }

    /// Sets the level at `now`.
    #[inline]
    pub fn set(&mut self, level: i64, now: Time) {
        if level != self.level {
            self.add(level - self.level, now);
        }
    }

    /// The integral from time zero to `now`, in level × nanoseconds.
    pub fn integral(&self, now: Time) -> i128 {
        i128::from(self.level) * i128::from(now.0) - self.moment
    }
}
