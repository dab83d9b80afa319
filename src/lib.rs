//! dropstorm

pub mod measure;
pub mod report;
pub mod scenario;
pub mod units;
