//! One step of time of a group.

use crate::model::estimate::group::Group;
use crate::model::estimate::pool::State;

/// A group and its surroundings in one step of time.
#[derive(Clone, Copy)]
pub struct Tick<'a> {
    pub group: &'a Group,
    /// Index of the group.
    pub index: usize,
    /// The state of each pool before the step of time.
    pub states: &'a [State],
    /// Start of the step of time in nanoseconds.
    pub from: f64,
    /// Length of the step of time in seconds.
    pub dt: f64,
    /// People of the group who come in the step of time.
    pub coming: f64,
}

impl Tick<'_> {
    /// End of the step of time in nanoseconds.
    pub fn until(&self) -> f64 {
        self.from + self.dt * 1e9
    }
}
