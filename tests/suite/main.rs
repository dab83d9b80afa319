//! All integration tests, in one binary that is linked once; one module for each subject.
//!
//! Where a new test belongs:
//!
//! | the test holds | against | module |
//! |---|---|---|
//! | a figure | a formula, a published value or a plain program | `theory`, in the file of its subject |
//! | a mechanism, as its user meets it | a run worked by hand | `mechanisms`, `journeys`, `hand_trace` |
//! | every run, whatever the scenario | an invariant | `properties`: scenarios are drawn from the schema |
//! | a sentence or a title | the tables of the run | `oracle` for all sentences, `words` for one |
//! | a message | the mistake that causes it | `bad_input` for files, `mistaken` for names, `hostile` for machines, `fuzz` for bytes |
//! | a command and its files | what a person types | `command_line`, `comparisons`, `sweep`, `tables`, `summary`, `pictures` |
//! | the library of scenarios | what its pages say | `library`, `policies`, `reference` |
//! | the bytes of results | digests | `reproducible` |
//! | the source | rules of the house | `house`, `licences` |
//!
//! A test that takes over 0.3 s stands in a module `long` (see `long_tests`). The unit tests of a rule or of a data structure stand
//! in its own file in `src`.

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
