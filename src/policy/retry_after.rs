//! `retry_after`: the Retry-After header of a pool.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Visit;
use crate::document::distribution::Distribution;
use crate::document::law;
use crate::random::Law;

/// The header that a pool sends with a 429 or a 503.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RetryAfter {
    /// Retry-After of the answer to an attempt that is `limited`, `rejected` or `shed`: the time for which the client
    /// is asked to stay away. A law is drawn for each attempt. Clients heed it by `honour_retry_after`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    retry_after: Option<Distribution>,
}

impl RetryAfter {
    /// The law of the time; `None` if the pool asks for nothing.
    pub fn compile(&self) -> Option<Law> {
        self.retry_after.as_ref().map(law::compile_span)
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        if let Some(law) = &mut self.retry_after {
            visit("retry_after", law);
        }
    }
}
