//! The plan: a sweep file, read and checked.

use crate::scenario::Scenario;

use super::spec::{Show, Until};
use super::table::Parameter;

/// A plan whose every point is valid.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The stem of the file's name.
    pub name: String,
    /// The scenario with the settings that hold for all points.
    pub scenario: Scenario,
    /// What varies.
    pub parameters: Vec<Parameter>,
    /// How many points there are.
    pub points: u64,
    /// How often each is run.
    pub replications: Replications,
    /// Charts that the plan asks for.
    pub show: Show,
}

/// How often each point is run.
#[derive(Clone, Debug, PartialEq)]
pub enum Replications {
    /// Always as often.
    Fixed(u64),
    /// Until an interval is narrow enough.
    Until(Until),
}
