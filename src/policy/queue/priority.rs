//! Priorities: a queue serves attempts of higher classes first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The class of an attempt. Only queues with a priority tell classes apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Class {
    /// Served before all others.
    Critical,
    /// Served after `critical`.
    #[default]
    Normal,
    /// Served after `normal`.
    Low,
    /// Served only when nothing else waits.
    Bulk,
}

impl Class {
    /// Number of classes.
    pub const COUNT: usize = 4;

    /// The class of a number below [`Class::COUNT`]; of any other number the last one.
    #[inline]
    pub const fn of_number(number: u8) -> Class {
        match number {
            0 => Class::Critical,
            1 => Class::Normal,
            2 => Class::Low,
            _ => Class::Bulk,
        }
    }
}

/// Priority of classes in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Non-preemptive strict priority: each class is a queue with its own state of the discipline, and higher classes
    /// come first. A full queue makes room for an attempt of a higher class: the newest attempt of the lowest class
    /// present ends as `shed`.
    Strict,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_ordered_and_have_numbers() {
        let all = [Class::Critical, Class::Normal, Class::Low, Class::Bulk];
        assert!(all.is_sorted() && all.len() == Class::COUNT);
        for class in all {
            assert_eq!(Class::of_number(class as u8), class);
        }
        assert_eq!(serde_json::from_str::<Class>("\"low\"").unwrap(), Class::Low);
        assert_eq!(Class::default(), Class::Normal);
    }
}
