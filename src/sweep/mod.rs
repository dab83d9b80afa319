//! Sweeps: one scenario at many points of a space of settings, each point many times.
//!
//! ```text
//! plan file ─▶ Plan ─▶ (point, replication) units ─▶ Store ─▶ Results ─▶ Table ─▶ report: points.csv · charts
//!    (axes, design)     (rayon, same crowds)    (append-only)   (one point at a time)
//! ```

mod plan;
mod spec;
mod table;

pub use plan::{Plan, Replications};
pub use spec::{Curves, Design, HalfWidth, Heatmap, OneOrMany, Ranking, Sample, Show, SmallMultiples, Until};
pub use table::{Parameter, Point, Setting, Table};
