//! The facts about an attempt by which a pool decides on its admission.

use crate::policy::queue::priority::Class;
use crate::random::{Key, Purpose};
use crate::units::Time;

/// The facts about an attempt by which a pool decides on its admission.
#[derive(Clone, Copy)]
pub struct Ask<'w> {
    /// Time at which the attempt reaches the pool.
    pub now: Time,
    /// Keys of the cohorts.
    pub cohorts: &'w [Key],
    /// Key of the draws of the attempt.
    pub key: Key,
    /// Index of the viewer's cohort.
    pub cohort: u16,
    /// Arrival index of the viewer within the cohort.
    pub ordinal: u32,
    /// Row of the viewer whose app sent the attempt; [`NO_ROW`](super::slab::NO_ROW) if none did, or if the viewer has left.
    pub row: u32,
    /// Index of the region.
    pub region: u8,
    /// Class of the attempt.
    pub class: Class,
}

impl Ask<'_> {
    /// The key of the viewer, which all attempts of the viewer share.
    pub fn viewer(&self) -> Key {
        self.cohorts[usize::from(self.cohort)].with(u64::from(self.ordinal))
    }

    /// The rank of the viewer among those of one class, uniform on (0, 1) and the same throughout.
    pub fn rank(&self) -> f64 {
        self.viewer().draw(Purpose::Shed).uniform()
    }
}
