//! All integration tests in one binary, which links once: one module for each thing that must be true.

mod bad_input;
mod hand_trace;
mod reference;
mod theory;
