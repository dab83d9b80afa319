//! Attempts beyond the first tries.

use super::frame::Frame;
use crate::measure::Measurements;

/// The attempts of everything by their origin, at full size; `None` where the origin is not recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amplification {
    /// Attempts over first tries; `None` without first tries.
    pub total: Option<f64>,
    /// Attempts that begin a step and call that their viewer has not reached before.
    pub first_tries: Option<f64>,
    /// Attempts that the client makes again after an error.
    pub retries: Option<f64>,
    /// Attempts of viewers who refresh.
    pub refreshes: Option<f64>,
    /// Attempts of viewers who left and came back.
    pub come_backs: Option<f64>,
    /// Copies of attempts under way.
    pub hedges: Option<f64>,
}

impl Amplification {
    /// The amplification over the measured intervals.
    pub fn of(_: &Measurements, _: &Frame) -> Amplification {
        Amplification::default()
    }
}
