//! dropstorm

pub mod measure;
pub mod scenario;
pub mod units;
