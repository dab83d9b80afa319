//! The discipline of a queue: which attempt a free slot takes, and which attempts are dropped instead.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::codel::CoDel;
use super::lifo::AdaptiveLifo;

/// Order in which attempts leave a queue, and the rule by which some are dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Discipline {
    /// First come, first served; nothing is dropped.
    #[default]
    Fifo,
    /// First come, first served; attempts that waited too long are `shed` at a controlled rate (CoDel, RFC 8289).
    #[serde(rename = "codel")]
    CoDel(CoDel),
    /// Last come, first served; nothing is dropped.
    Lifo,
    /// First come, first served; last come, first served while a queue stands. Nothing is dropped.
    AdaptiveLifo(AdaptiveLifo),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;
    use crate::units::Span;

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    struct Queue {
        discipline: Discipline,
    }

    #[test]
    fn a_discipline_is_a_name_or_a_table_with_its_parameters() {
        let read = |text: &str| document::read::<Queue>(text).map(|queue| queue.discipline);
        let millis = |n: i64| Span(n * 1_000_000);
        assert_eq!(read("discipline = 'fifo'"), Ok(Discipline::Fifo));
        let published = Discipline::CoDel(CoDel { target: millis(5), interval: millis(100) });
        assert_eq!(read("discipline = 'codel'"), Ok(published));
        assert_eq!(read("discipline = { codel = { target = '5 ms', interval = '100 ms' } }"), Ok(published));
        assert_eq!(read("discipline = 'lifo'"), Ok(Discipline::Lifo));
        assert_eq!(
            read("discipline = 'adaptive_lifo'"),
            Ok(Discipline::AdaptiveLifo(AdaptiveLifo { after: millis(100) }))
        );
        let patient = Discipline::CoDel(CoDel { target: millis(50), interval: millis(100) });
        assert_eq!(read("discipline = { codel = { target = '50 ms' } }"), Ok(patient));
        assert!(read("discipline = { codel = { goal = '50 ms' } }").unwrap_err().contains("unknown key `goal`"));
        assert_eq!(read(&toml::to_string(&Queue { discipline: patient }).unwrap()), Ok(patient));
    }
}
