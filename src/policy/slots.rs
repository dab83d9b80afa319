//! Slots: the number of attempts that a pool serves at once.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Problem;
use super::individuals::Individuals;

/// Largest number of slots of a pool.
const MOST_SLOTS: u64 = 1_000_000_000;

/// The servers of a pool and their concurrency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Servers {
    /// Number of servers.
    #[schemars(range(min = 0, max = 1_000_000_000), extend("x-change" = true))]
    pub servers: u64,
    /// Number of attempts that one server serves at once, or `"unlimited"`.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub concurrency: Concurrency,
}

impl Servers {
    /// The error of too many slots.
    pub fn check(&self) -> Option<Problem> {
        let Concurrency::Limited(each) = self.concurrency else { return None };
        let slots = self.servers.saturating_mul(each);
        (slots > MOST_SLOTS).then(|| Problem {
            key: if self.servers > each { "servers" } else { "concurrency" }.to_owned(),
            title: format!("the pool has {slots} slots"),
            label: "too many".to_owned(),
            help: format!(
                "servers × concurrency is at most {MOST_SLOTS}; write concurrency = \"unlimited\" for no limit"
            ),
        })
    }

    /// The slots at a scale. A pool that has slots keeps at least one, however small the scale.
    pub fn compile(&self, individuals: bool, scale: f64) -> Slots {
        let count = match self.concurrency {
            _ if individuals => Individuals::of(self, scale).all_slots(),
            Concurrency::Unlimited => u64::MAX,
            Concurrency::Limited(each) => {
                let full = self.servers.saturating_mul(each);
                super::scaled(full, scale).max(u64::from(full > 0))
            }
        };
        Slots { count, servers: self.servers as f64 }
    }
}

/// The slots of a pool, as simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slots {
    /// Number of slots; `u64::MAX` if slots are unlimited.
    pub count: u64,
    /// Number of servers at full size.
    pub servers: f64,
}

impl Slots {
    /// Whether slots are unlimited, so that no attempt ever waits.
    pub fn are_unlimited(&self) -> bool {
        self.count == u64::MAX
    }
}

/// The concurrency of one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concurrency {
    /// A number of slots.
    Limited(u64),
    /// `"unlimited"`: no attempt ever waits.
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

impl<'de> Deserialize<'de> for Concurrency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Concurrency;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or \"unlimited\"")
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Concurrency, E> {
                Ok(Concurrency::Limited(value))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Concurrency, E> {
                u64::try_from(value).map(Concurrency::Limited).map_err(E::custom)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Concurrency, E> {
                match text {
                    "unlimited" => Ok(Concurrency::Unlimited),
                    _ => Err(E::custom("write a whole number or \"unlimited\"")),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Concurrency {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Concurrency".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 1_000_000_000, "examples": [64] },
            { "type": "string", "enum": ["unlimited"] }
        ] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(servers: u64, concurrency: Concurrency) -> Servers {
        Servers { servers, concurrency }
    }

    #[test]
    fn slots_are_servers_times_concurrency_at_the_scale() {
        let slots = |count, each, scale| servers(count, Concurrency::Limited(each)).compile(false, scale).count;
        assert_eq!(slots(16, 64, 1.0), 1024);
        assert_eq!(slots(16, 64, 0.125), 128);
        assert_eq!(slots(3, 1, 0.01), 1, "a pool keeps one slot");
        assert_eq!(slots(0, 64, 0.01), 0, "a pool without servers stays without");
        let unlimited = servers(3, Concurrency::Unlimited).compile(false, 0.01);
        assert!(unlimited.are_unlimited());
        assert_eq!(unlimited.servers, 3.0, "servers are those of full size");
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
