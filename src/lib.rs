//! # dropstorm
//!
//! dropstorm is a discrete-event simulator of content release surges, when everyone presses play at once. Viewers arrive for
//! a drop and send requests to pools of servers with limited slots, queues and timers. They stream over links of limited
//! bandwidth. When something fails, their apps retry, and the viewers refresh, report the outage, leave and come back.
//!
//! Data flows one way:
//!
//! ```text
//! TOML text ─▶ Scenario ─▶ Model ─▶ engine::run ─▶ Measurements ─▶ Figures ─▶ report: PNG · CSV · JSON · terminal
//!              checked     compiled: pure: model   sums of         full size,  only the report and
//!              at the door indices   and seed in   one run         intervals   the store write files
//!              └──── experiment: replications, pairs ──── sweep: points ─▶ units in parallel ─▶ store ─▶ report
//! ```
//!
//! The layers, each of which imports only from layers above it in this list (a test holds the exact table):
//!
//! - [`system`]: guarded access to the operating system: inputs, folders with one writer, and texts that are safe to show.
//! - [`units`]: simulated time, spans, rates, bit rates and probabilities, and their forms in files.
//! - [`vocabulary`]: outcomes, columns, figures, levels and happenings, one declarative table each.
//! - [`random`]: keyed random numbers and laws, with the same bits on every machine.
//! - [`document`]: located TOML, checked against a schema, with every error at its line.
//! - [`policy`]: the mechanisms of pools and clients, one file each: their tables, rules and tests.
//! - [`scenario`]: the scenario file, checked as a whole; what it returns is valid.
//! - [`model`]: the compiled scenario, with indices for names and one set of settings from each change to the next.
//! - [`measure`]: the recording of a run, and the figures of its replications.
//! - [`engine`]: the simulation of a model. The same seed gives the same bytes on any machine and any number of threads.
//! - [`analysis`]: troubles, their causes, the people harmed and the figures of the summary, computed once per run.
//! - [`experiment`]: replications in parallel, and comparisons of several models on the same crowds.
//! - [`sweep`]: experiments at many points of a space of settings, on one machine or many, which resume after a stop.
//! - [`report`]: files, charts and sentences made from figures and analyses.
//!
//! A program that simulates needs four of them: [`scenario::Scenario`] reads a file, [`model::Model`] compiles it,
//! [`experiment::replicate`] runs it, and [`analysis::figures_of`] gives the figures, here the error rate with its 95%
//! interval:
//!
//! ```
//! use dropstorm::{analysis, experiment, model::Model, scenario::Scenario};
//!
//! let scenario = Scenario::parse("example.toml", r#"
//!     title = "Ten thousand at once"
//!     start = 2020-04-03T09:00:00Z
//!     drop  = 2020-04-03T09:00:00Z
//!     end   = 2020-04-03T09:10:00Z
//!     [audience.crowd]
//!     viewers = 10_000
//!     arrival = { exponential = { mean = "1 min" } }
//!     journey = "watch"
//!     [journey.watch]
//!     steps = [{ request = "api" }]
//!     [pool.api]
//!     servers = 2
//!     service = { exponential = { mean = "50 ms" } }
//!     queue = { shared = { limit = 100 } }
//! "#).map_err(|errors| errors.to_string())?;
//! let model = Model::compile(&scenario);
//! let runs = experiment::replicate(&model, 1, 0..5, |run| run);
//! let error_rate = analysis::figures_of(&runs).summary("error_rate.overall").ok_or("no attempt ended")?;
//! assert!(error_rate.low > 0.1 && error_rate.high < 0.9);
//! # Ok::<(), String>(())
//! ```

pub mod analysis;
pub mod document;
pub mod engine;
pub mod experiment;
pub mod measure;
pub mod model;
pub mod policy;
pub mod random;
pub mod report;
pub mod scenario;
pub mod sweep;
pub mod system;
pub mod units;
pub mod vocabulary;
