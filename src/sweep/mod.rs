//! Sweeps: one scenario at many points of a space of settings, each point many times.
//!
//! ```text
//! plan file ─▶ Plan ─▶ (point, replication) units ─▶ Store ─▶ Results ─▶ Table ─▶ report: points.csv · charts
//!    (axes, design)     (rayon, same crowds)    (append-only)   (one point at a time)
//! ```
//!
//! 1. [`Plan::read`] reads the plan, finds every error at once and checks every point. Its [`Outline`] holds everything
//!    that decides the results, and is stored with them.
//! 2. [`run()`] runs the units that the [`Store`] does not hold yet. The store survives a crash at any moment.
//! 3. [`Results`] estimates the figures of one point after the other; a [`Table`] holds some figures of all points.
//! 4. A [`Shard`] is a part of a sweep for one of several machines; [`merge()`] puts the shards together.
//!
//! [`find()`] answers the inverse question: for which values of one setting does a condition hold?
//!
//! [`cheapest::cheapest`] looks for the cheapest combination of levers for which the thresholds hold, without running every
//! combination often.
//!
//! The plan file and the results of a sweep, for users:
#![doc = include_str!("../../scenarios/sweeps/reference.md")]

mod alike;
mod axis;
mod baseline;
pub mod cheapest;
mod draft;
pub mod effect;
mod find;
mod levers;
mod merge;
mod outline;
mod plan;
mod prices;
mod results;
mod run;
mod sampler;
mod show;
mod spec;
pub mod store;
mod table;
#[cfg(test)]
mod tests;
mod unit;
mod validate;

pub use find::{
    Answer, Begun, Bottleneck, Condition, Edge, FindError, Finding, Search, Trial, Tried, Verdict, find, resume, tried,
};
pub use levers::{Inserted, Lever, MOST_LEVERS, levers};
pub use merge::{MergeError, listed, merge, missing};
pub use outline::{MOST_UNITS, Outline, Replications};
pub use plan::Plan;
pub use prices::Prices;
pub use results::Results;
pub use run::{SweepError, run};
pub use spec::{Cost, Curves, Design, HalfWidth, Heatmap, Ranking, Sample, Show, SmallMultiples, Until, json_schema};
pub use store::{Shard, Store, StoreError, units_of_shard};
pub use table::{Parameter, Point, Setting, Table};
pub use unit::Unit;
