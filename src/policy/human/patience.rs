//! Patience: the time that a person waits for one request.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::distribution::Distribution;
use crate::document::law;
use crate::policy::Visit;
use crate::random::{Key, Law, Purpose};
use crate::units::Span;

/// The patience of a human with one request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-choice" = ["until_reply", "until_service"], "x-replace" = true))]
pub struct Patience {
    /// Time from the first attempt until a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until_reply: Option<Distribution>,
    /// Time without an attempt in service: patience as in queueing theory, where nobody reneges once service has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until_service: Option<Distribution>,
}

impl Patience {
    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        for (key, law) in [("until_reply", &mut self.until_reply), ("until_service", &mut self.until_service)] {
            if let Some(law) = law {
                visit(key, law);
            }
        }
    }

    /// The patience as the engine reads it; `None` where the table states none, which the schema forbids.
    pub fn compile(&self) -> Option<Settings> {
        let (law, clock) = match (&self.until_reply, &self.until_service) {
            (Some(law), _) => (law, Clock::UntilReply),
            (None, Some(law)) => (law, Clock::UntilService),
            (None, None) => return None,
        };
        Some(Settings { law: law::compile_span(law), clock })
    }
}

/// A person's patience as the engine reads it.
#[derive(Clone, Debug)]
pub struct Settings {
    law: Law,
    clock: Clock,
}

/// When the patience clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clock {
    /// Until the reply.
    UntilReply,
    /// While no attempt is in service.
    UntilService,
}

impl Settings {
    /// The law of the patience.
    pub fn law(&self) -> &Law {
        &self.law
    }

    /// The patience with the request of this key.
    #[inline]
    pub fn span(&self, request: Key) -> Span {
        self.law.span(request.draw(Purpose::Patience))
    }

    /// Whether the patience clock stands still while an attempt is in service.
    #[inline]
    pub fn stands_still_in_service(&self) -> bool {
        self.clock == Clock::UntilService
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_follows_the_key_that_the_table_states() {
        let patience = |key: &str| {
            let table: Patience =
                toml::from_str(&format!("{key} = \"30 s\"")).unwrap_or_else(|error| panic!("{error}"));
            table
                .compile()
                .map(|settings| (settings.span(Key::root(1, 0)).seconds(), settings.stands_still_in_service()))
        };
        assert_eq!(patience("until_reply"), Some((30.0, false)));
        assert_eq!(patience("until_service"), Some((30.0, true)));
        assert!(Patience::default().compile().is_none());
    }
}
