//! Queues: the order in which attempts leave them, and which attempts they drop.

pub mod codel;
pub mod discipline;
