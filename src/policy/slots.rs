//! Slots: the number of attempts that a pool serves at once.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Problem;
use crate::units::written::Written;

/// Relative rounding error of the slots of a pool at a scale above which a warning is shown.
pub const VISIBLY_OFF: f64 = 0.02;
/// Relative rounding error of the slots of a pool at a scale above which the scale is refused unless forced.
pub const TOO_FAR_OFF: f64 = 0.2;

/// Largest number of slots of a pool.
const MOST_SLOTS: u64 = 1_000_000_000;

/// The servers of a pool and their concurrency, as the file states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Slots {
    /// Number of servers.
    #[schemars(range(min = 0, max = 1_000_000_000), extend("x-change" = true))]
    pub servers: u64,
    /// Number of attempts that one server serves at once, or `"unlimited"`.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub concurrency: Concurrency,
}

impl Slots {
    /// The error of too many slots.
    pub fn check(&self) -> Option<Problem> {
        let Concurrency::Limited(each) = self.concurrency else { return None };
        let slots = self.servers.saturating_mul(each);
        (slots > MOST_SLOTS).then(|| {
            let key = if self.servers > each { "servers" } else { "concurrency" };
            let help = format!(
                "servers × concurrency is at most {MOST_SLOTS}; write concurrency = \"unlimited\" for no limit"
            );
            Problem::new(key, format!("the pool has {slots} slots"), "too many", help)
        })
    }

    /// The slots at a scale. A pool that has slots keeps at least one, however small the scale.
    pub fn compile(&self, scale: f64) -> Settings {
        let count = match self.full() {
            u64::MAX => u64::MAX,
            full => super::scaled(full, scale).max(u64::from(full > 0)),
        };
        Settings { count, full: self.full(), servers: self.servers as f64 }
    }

    /// The slots at full size; `u64::MAX` if slots are unlimited.
    pub fn full(&self) -> u64 {
        match self.concurrency {
            // A pool without servers has no slots, whatever its concurrency.
            Concurrency::Unlimited if self.servers == 0 => 0,
            Concurrency::Unlimited => u64::MAX,
            Concurrency::Limited(each) => self.servers.saturating_mul(each),
        }
    }
}

/// The slots of a pool, as simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Number of slots; `u64::MAX` if slots are unlimited.
    pub count: u64,
    /// Number of slots at full size, as stated; `u64::MAX` if slots are unlimited.
    pub full: u64,
    /// Number of servers at full size.
    pub servers: f64,
}

impl Settings {
    /// Whether slots are unlimited, so that no attempt ever waits.
    pub fn are_unlimited(&self) -> bool {
        self.count == u64::MAX
    }

    /// The simulated slots over the slots that a scale asks for; 1 where slots are unlimited, or none are stated.
    pub fn factor_at(&self, scale: f64) -> f64 {
        if self.are_unlimited() || self.full == 0 { 1.0 } else { self.count as f64 / (self.full as f64 * scale) }
    }
}

/// The concurrency of one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concurrency {
    /// A number of slots.
    Limited(u64),
    /// `"unlimited"`: no attempt waits as long as there is a server.
    Unlimited,
}

impl Default for Concurrency {
    fn default() -> Concurrency {
        Concurrency::Limited(1)
    }
}

impl Serialize for Concurrency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Concurrency::Limited(slots) => serializer.serialize_u64(slots),
            Concurrency::Unlimited => serializer.serialize_str("unlimited"),
        }
    }
}

impl Written<'_> for Concurrency {
    const EXPECTED: &'static str = "a whole number or \"unlimited\"";
    fn from_count<E: de::Error>(slots: u64) -> Result<Self, E> {
        Ok(Concurrency::Limited(slots))
    }
    fn from_text<E: de::Error>(text: &str) -> Result<Self, E> {
        match text {
            "unlimited" => Ok(Concurrency::Unlimited),
            _ => Err(E::custom("write a whole number or \"unlimited\"")),
        }
    }
}

impl<'de> Deserialize<'de> for Concurrency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer)
    }
}

impl JsonSchema for Concurrency {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Concurrency".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": MOST_SLOTS, "examples": [64] },
            { "type": "string", "enum": ["unlimited"] }
        ] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(servers: u64, concurrency: Concurrency) -> Slots {
        Slots { servers, concurrency }
    }

    #[test]
    fn slots_are_servers_times_concurrency_at_the_scale() {
        let slots = |count, each, scale| servers(count, Concurrency::Limited(each)).compile(scale).count;
        assert_eq!(slots(16, 64, 1.0), 1024);
        assert_eq!(slots(16, 64, 0.125), 128);
        assert_eq!(slots(3, 1, 0.01), 1, "a pool keeps one slot");
        assert_eq!(slots(0, 64, 0.01), 0, "a pool without servers stays without");
        assert_eq!(servers(0, Concurrency::Unlimited).compile(1.0).count, 0, "no server has no slots");
        let unlimited = servers(3, Concurrency::Unlimited).compile(0.01);
        assert!(unlimited.are_unlimited());
        assert_eq!(unlimited.servers, 3.0, "servers are those of full size");
    }

    #[test]
    fn the_factor_of_a_scale_is_what_rounding_makes_of_the_slots() {
        let factor = |count, scale| servers(count, Concurrency::Limited(1)).compile(scale).factor_at(scale);
        assert_eq!([factor(10, 1.0), factor(10, 0.5), factor(2, 0.1), factor(0, 0.1)], [1.0, 1.0, 5.0, 1.0]);
        assert_eq!(servers(2, Concurrency::Unlimited).compile(0.1).factor_at(0.1), 1.0);
    }

    #[test]
    fn concurrency_is_a_whole_number_or_a_word() {
        for (text, value) in [("4", Concurrency::Limited(4)), ("\"unlimited\"", Concurrency::Unlimited)] {
            assert_eq!(serde_json::from_str::<Concurrency>(text).ok(), Some(value));
            assert_eq!(serde_json::to_string(&value).unwrap(), text);
        }
        for wrong in ["\"none\"", "-1", "1.5", "{}"] {
            let error = serde_json::from_str::<Concurrency>(wrong).unwrap_err().to_string();
            assert!(error.contains("a whole number or \"unlimited\""), "{wrong}: {error}");
        }
    }

    #[test]
    fn more_slots_than_a_pool_may_have_are_shown_at_the_larger_factor() {
        assert_eq!(servers(1_000_000_000, Concurrency::Limited(1)).check(), None);
        assert_eq!(servers(1_000_000_000, Concurrency::Unlimited).check(), None);
        let key = |count, each| servers(count, Concurrency::Limited(each)).check().map(|problem| problem.key);
        assert_eq!(key(400_000_000, 8).as_deref(), Some("servers"));
        assert_eq!(key(8, 400_000_000).as_deref(), Some("concurrency"));
    }
}
