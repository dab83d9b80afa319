//! All integration tests in one binary, which links once.

mod bad_input;
mod hand_trace;
mod properties;
