//! # dropstorm
//!
//! Simulates the moment when everyone presses play: a discrete-event simulator of content release surges. Viewers
//! arrive for a drop, ask pools of servers with capacity, queues and timers, stream over links with bandwidth caps, and, when
//! something fails, retry, refresh, report and come back.
//!
//! Data flows one way, and the modules are the stations:
//!
//! ```text
//! TOML text ─▶ Scenario ─▶ Model ─▶ engine::run ─▶ Measurements ─▶ Figures ─▶ report: PNG · CSV · JSON · terminal
//!    (what the user wrote,   (compiled:      (pure:            (sums)    (full size,     (the only place
//!     checked at the door)    no strings)     model + seed in)            intervals)      that writes files)
//! ```
//!
//! 1. [`scenario`] reads a file as a [`document`], which is located, checked TOML, and finds every error at once, each with
//!    its line. What it returns is valid.
//! 2. [`model`] compiles it: names become indices, distributions become laws, and the timeline becomes one complete set
//!    of settings for each stretch between two changes. Compiling cannot fail.
//! 3. [`engine`] runs it. The same seed gives the same bytes, on any number of threads and any machine, because
//!    [`random`] numbers are functions of who draws and what for, and ties are broken by a property of the model.
//! 4. [`measure`] records while it runs, and adds replications up to [`measure::Figures`] with 95% intervals.
//! 5. [`analysis`] finds what happened, from the figures alone: the worst minute, the bottleneck, who was harmed.
//! 6. [`report`] turns figures and findings into files, charts and sentences.
//!
//! [`experiment`] runs replications in parallel, and several models on the same crowds, compared replication by
//! replication. [`sweep`] does all this at many points of a space of settings: in parallel, on one machine or many, and it goes on
//! where it was stopped.
//!
//! ```
//! use dropstorm::{experiment, measure::Figures, model::Model, scenario::Scenario};
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
//! let error_rate = Figures::of(&runs).summary("error_rate.peak").ok_or("no attempt ended")?;
//! assert!(error_rate.low > 0.5 && error_rate.high < 0.7);
//! # Ok::<(), String>(())
//! ```
//!
//! Each layer imports only what stands to its left, and a test holds the arrows to that.

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
pub mod units;
pub mod vocabulary;
