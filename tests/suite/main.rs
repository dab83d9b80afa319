//! All integration tests in one binary, which links once.

mod bad_input;
mod command_line;
mod hand_trace;
mod layers;
mod properties;
mod reproducible;
