//! What is legal but cannot be meant.

use super::Model;
use crate::scenario::{Diagnostics, Scenario};

/// Looks for what cannot be meant.
pub fn of(_: &Scenario, _: &Model) -> Diagnostics {
    Diagnostics::new(Vec::new())
}
