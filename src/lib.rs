//! dropstorm

pub mod engine;
pub mod measure;
pub mod model;
pub mod random;
pub mod report;
pub mod scenario;
pub mod units;
