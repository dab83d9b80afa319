//! The test binary: one module for each thing that must be true.

mod theory;
