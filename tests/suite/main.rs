//! All integration tests in one binary, which links once: one module for each thing that must be true.

mod bad_input;
mod command_line;
mod desk;
mod experiment;
mod hand_trace;
mod layers;
mod library;
mod licences;
mod mechanisms;
mod properties;
mod reference;
mod reproducible;
mod sweep;
// Exact values need no fixed bits: the intervals around what was simulated are far wider than the last digit.
#[allow(clippy::disallowed_methods)]
mod theory;
mod vocabulary;
