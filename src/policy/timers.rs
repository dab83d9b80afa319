//! Timers: the longest time that a pool keeps an attempt.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::queue::controlled_delay::ControlledDelay;
use crate::document::unions::StringOr;
use crate::units::{Span, Time};

/// The timers of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Timers {
    /// Timer of the pool, from the arrival of an attempt to its reply; an attempt whose timer expires ends as
    /// `timed_out` (504).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true, "x-above" = "0 s"))]
    pub timeout: Option<Span>,
    /// Timer of the wait, from the arrival of an attempt at the pool to the start of service; an attempt whose timer
    /// expires ends as `timed_out` (504).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "span_or_rule", extend("x-change" = true))]
    pub queue_timeout: Option<QueueTimeout>,
}

/// The forms of `queue_timeout`.
fn span_or_rule(generator: &mut SchemaGenerator) -> Schema {
    let mut span = Span::json_schema(generator);
    span.insert("x-above".to_owned(), "0 s".into());
    json_schema!({ "anyOf": [span, generator.subschema_for::<Rule>()] })
}

/// The timer of the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StringOr<Span, Rule>", into = "StringOr<Span, Rule>")]
pub enum QueueTimeout {
    /// One span for every attempt.
    Constant(Span),
    /// A span that depends on the queue.
    Rule(Rule),
}

/// Rule for the span of `queue_timeout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Long in calm, short while the queue stands.
    ControlledDelay(ControlledDelay),
}

impl From<StringOr<Span, Rule>> for QueueTimeout {
    fn from(written: StringOr<Span, Rule>) -> QueueTimeout {
        match written {
            StringOr::String(span) => QueueTimeout::Constant(span),
            StringOr::Table(rule) => QueueTimeout::Rule(rule),
        }
    }
}

impl From<QueueTimeout> for StringOr<Span, Rule> {
    fn from(timeout: QueueTimeout) -> StringOr<Span, Rule> {
        match timeout {
            QueueTimeout::Constant(span) => StringOr::String(span),
            QueueTimeout::Rule(rule) => StringOr::Table(rule),
        }
    }
}

impl QueueTimeout {
    /// The wait allowed to an attempt that joins at `now` a queue that has not been empty since `stands_since()`.
    #[inline]
    pub fn allowed(&self, now: Time, stands_since: impl FnOnce() -> Time) -> Span {
        match self {
            QueueTimeout::Constant(span) => *span,
            QueueTimeout::Rule(Rule::ControlledDelay(rule)) => rule.allowed(now, stands_since()),
        }
    }

    /// The longest wait that is allowed to any attempt.
    pub fn longest(&self) -> Span {
        match self {
            QueueTimeout::Constant(span) => *span,
            QueueTimeout::Rule(Rule::ControlledDelay(rule)) => rule.target.max(rule.interval),
        }
    }
}

impl Timers {
    /// Whether `queue_timeout` expires before `timeout` in every queue, so that `timeout` matters in service only.
    pub fn queue_timer_ends_first(&self) -> bool {
        self.queue_timeout.is_some_and(|queue| self.timeout.is_none_or(|whole| queue.longest() < whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    fn timers(text: &str) -> Timers {
        read::<Timers>(text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn only_a_shorter_timer_of_the_queue_ends_first() {
        let ends_first = |text: &str| timers(text).queue_timer_ends_first();
        assert!(ends_first("timeout = '5 s'\nqueue_timeout = '4 s'") && ends_first("queue_timeout = '4 s'"));
        assert!(!ends_first("timeout = '4 s'\nqueue_timeout = '4 s'") && !ends_first("timeout = '4 s'"));
        let rule = "queue_timeout = { controlled_delay = { target = '5 ms', interval = '1 s' } }";
        assert!(ends_first(&format!("timeout = '2 s'\n{rule}")) && !ends_first(&format!("timeout = '1 s'\n{rule}")));
    }

    #[test]
    fn a_timer_of_the_wait_is_a_span_or_a_rule() {
        let allowed = |text: &str, ms: u64| {
            let timeout = timers(text).queue_timeout.unwrap();
            timeout.allowed(Time(ms * 1_000_000), || Time(0))
        };
        assert_eq!(allowed("queue_timeout = '2 s'", 9), Span(2_000_000_000));
        let rule = "queue_timeout = { controlled_delay = {} }";
        assert_eq!([99, 100].map(|ms| allowed(rule, ms)), [Span(100_000_000), Span(5_000_000)]);
        assert_eq!(read(&toml::to_string(&timers(rule)).unwrap()), Ok(timers(rule)));
        for (text, error) in [
            ("queue_timeout = '0 s'", "above zero"),
            ("queue_timeout = { controlled_delay = { target = '0 s' } }", "above zero"),
            ("queue_timeout = { controled_delay = {} }", "controlled_delay"),
        ] {
            let found = read::<Timers>(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
    }
}
