//! Down: a share of the servers of a pool that do not work.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::units::Probability;
use crate::units::written::Written;

/// The servers of a pool that are down, written as a share or as a table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Down {
    share: Probability,
    lose: bool,
}

/// The servers that are down, and the treatment of their attempts in service.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Down")]
struct Table {
    /// Share of the servers, rounded to whole servers, at least one if above 0: those of the lowest numbers.
    share: Probability,
    /// Whether attempts in service at a server that goes down end as `failed` at once; otherwise they are served to the
    /// end. Queued attempts of the server end as `failed` in either case.
    #[serde(default = "yes")]
    lose: bool,
}

fn yes() -> bool {
    true
}

impl Down {
    /// Number of servers that are down, those of the lowest numbers.
    pub fn of(&self, servers: u32) -> u32 {
        let share = self.share.0;
        let rounded = (share * f64::from(servers)).round() as u32;
        if share > 0.0 { rounded.max(1).min(servers) } else { 0 }
    }

    /// Whether attempts in service at a server that goes down are lost.
    pub fn loses(&self) -> bool {
        self.lose
    }
}

impl<'de> Written<'de> for Down {
    const EXPECTED: &'static str = "a share such as \"30%\", or a table";
    fn from_text<E: de::Error>(text: &str) -> Result<Down, E> {
        Probability::from_text(text).map(|share| Down { share, lose: true })
    }
    fn from_number<E: de::Error>(value: f64) -> Result<Down, E> {
        Probability::from_number(value).map(|share| Down { share, lose: true })
    }
    fn from_table<A: de::MapAccess<'de>>(table: A) -> Result<Down, A::Error> {
        Table::deserialize(MapAccessDeserializer::new(table)).map(|Table { share, lose }| Down { share, lose })
    }
}

impl<'de> Deserialize<'de> for Down {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(deserializer)
    }
}

impl JsonSchema for Down {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "ShareOrDown".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [generator.subschema_for::<Probability>(), generator.subschema_for::<Table>()] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    #[derive(Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
    struct Pool {
        down: Down,
    }

    #[test]
    fn the_share_is_rounded_and_one_is_down_if_any_is() {
        let of = |share: f64, servers| Down { share: Probability(share), lose: true }.of(servers);
        assert_eq!(
            [of(0.0, 10), of(0.01, 10), of(0.25, 10), of(0.24, 10), of(1.0, 10), of(0.5, 0)],
            [0, 1, 3, 2, 10, 0]
        );
    }

    #[test]
    fn a_share_stands_alone_or_in_a_table() {
        let down = |text: &str| read::<Pool>(&format!("down = {text}")).map(|pool| pool.down);
        let half = |lose| Ok(Down { share: Probability(0.5), lose });
        assert_eq!((down("'50%'"), down("0.5"), down("{ share = '50%' }")), (half(true), half(true), half(true)));
        assert_eq!(down("{ share = 0.5, lose = false }"), half(false));
        let pool = Pool { down: half(false).unwrap() };
        assert_eq!(read(&toml::to_string(&pool).unwrap()), Ok(pool));
        for (text, error) in [("'150%'", "above 1"), ("{ lose = true }", "`share` is missing"), ("[]", "expected")] {
            let found = down(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
    }
}
