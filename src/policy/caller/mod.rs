//! Callers: apps of viewers, edges of regions and servers that call other pools, and what they allow themselves to send.

pub mod budget;
pub mod scope;
