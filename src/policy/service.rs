//! Service: the time that a server works on an attempt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Visit;
use crate::document::distribution::Distribution;
use crate::document::law;
use crate::random::Law;

/// The service of a pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Service {
    /// Service time of an attempt on an idle server, drawn for each attempt.
    #[schemars(extend("x-change" = true))]
    service: Distribution,
}

impl Service {
    /// The law of the service time.
    pub fn compile(&self) -> Law {
        law::compile_span(&self.service)
    }

    /// Whether the mean is infinite.
    pub fn has_infinite_mean(&self) -> bool {
        law::has_infinite_mean(&self.service)
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        visit("service", &mut self.service);
    }
}
