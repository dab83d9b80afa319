//! The scenario file: read, checked, and turned into types.

pub mod bound;
pub mod distribution;
pub mod moments;
pub mod spec;
pub mod unions;
