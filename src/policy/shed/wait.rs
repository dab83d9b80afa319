//! `wait`: no attempt joins a queue whose oldest attempt has waited too long.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::queue::priority::Class;
use crate::units::Span;

/// Turns an attempt away if the oldest attempt in the queue, of the pool or of the server that the balancer chose, has
/// waited longer than the class of the new attempt allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// Wait of the oldest attempt above which new attempts are turned away, for classes without a span of their own.
    #[schemars(extend("x-at-least" = "0 s", "x-change" = true))]
    above: Span,
    /// The same for attempts of class `critical`; `above` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-at-least" = "0 s", "x-change" = true))]
    critical: Option<Span>,
    /// The same for attempts of class `normal`; `above` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-at-least" = "0 s", "x-change" = true))]
    normal: Option<Span>,
    /// The same for attempts of class `low`; `above` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-at-least" = "0 s", "x-change" = true))]
    low: Option<Span>,
    /// The same for attempts of class `bulk`; `above` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-at-least" = "0 s", "x-change" = true))]
    bulk: Option<Span>,
}

impl Wait {
    /// Wait of the oldest up to which attempts without a class of their own join the queue.
    pub fn longest(&self) -> Span {
        self.above
    }

    /// Whether an attempt is kept that finds the oldest to have waited for so long.
    pub fn keeps(&self, oldest: Span, class: Class) -> bool {
        let of_class = [self.critical, self.normal, self.low, self.bulk];
        oldest <= of_class.get(usize::from(class as u8)).copied().flatten().unwrap_or(self.above)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_its_own_span_or_that_of_all() {
        let wait: Wait = toml::from_str("above = \"500 ms\"\nbulk = \"50 ms\"").unwrap();
        for (class, longest) in [(0, 500), (1, 500), (2, 500), (3, 50)] {
            let kept = |ms: i64| wait.keeps(Span(ms * 1_000_000), Class::of_number(class));
            assert_eq!([kept(longest), kept(longest + 1)], [true, false], "class {class}");
        }
    }
}
