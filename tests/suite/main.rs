//! All integration tests, in one binary that is linked once; one module for each subject.

mod bad_input;
mod command_line;
mod comparisons;
mod desk;
mod experiment;
mod fuzz;
mod hand_trace;
mod hostile;
mod house;
mod journeys;
mod library;
mod licences;
mod long_tests;
mod mechanisms;
mod mistaken;
mod oracle;
mod pictures;
mod policies;
mod properties;
mod reference;
mod reproducible;
mod size;
mod summary;
mod sweep;
mod tables;
// Exact values need no reproducible bits, since the intervals of simulated figures are far wider than a rounding error.
#[allow(clippy::disallowed_methods)]
mod theory;
mod vocabulary;
mod words;
