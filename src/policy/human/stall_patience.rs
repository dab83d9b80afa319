//! Patience with stalls: the stalling that a person tolerates in one stream.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::distribution::Distribution;
use crate::document::law;
use crate::policy::Visit;
use crate::random::Law;

/// A viewer's patience with stalls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StallPatience {
    /// Total stalling that a viewer tolerates during one stream before the viewer gives up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    stall_patience: Option<Distribution>,
}

impl StallPatience {
    /// Whether the key is stated.
    pub fn is_stated(&self) -> bool {
        self.stall_patience.is_some()
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        if let Some(law) = &mut self.stall_patience {
            visit("stall_patience", law);
        }
    }

    /// The law of the patience; `None` if stalls drive no viewer away.
    pub fn compile(&self) -> Option<Law> {
        self.stall_patience.as_ref().map(law::compile_span)
    }
}
