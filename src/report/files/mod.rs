//! The folder of results, and the formats for programs that lie in it.

pub mod comparison;
pub mod field;
mod file;
mod folder;
pub mod intervals;
pub mod manifest;
#[cfg(feature = "parquet")]
pub(super) mod parquet;
mod scale;
pub mod summary;
mod summary_schema;
pub mod table_schema;
pub mod tables;
pub mod trace;

pub use file::{FileError, Written};
pub use folder::OutputFolder;
