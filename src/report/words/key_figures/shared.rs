//! Constants and functions that the key figures of one run and of several replications share.

use crate::report::numbers::trim_zeros;
use crate::report::words::phrase::Phrase;
use crate::vocabulary::{Figure, Path, RowKind};

/// Kinds of harm among them, at most.
pub const HARMS: usize = 2;
/// Attempts for a first try from which on they are worth a figure.
pub const REPEATED: f64 = 1.05;
/// Words after the number of people.
pub const CAME: &str = " people came";
/// Words after a number that is a lower bound.
pub const OR_MORE: &str = " or more";
/// Words after the attempts for a first try.
pub const AGAIN: &str = " attempts for a first try";
/// Words after the attempts that are sent.
pub const SENT: &str = " attempts sent";
/// Words between a utilization and the pool that has it.
pub const IS_HOW_BUSY: &str = " is how busy ";

/// The kinds of harm that are told, of those with their numbers of people and their words; the kind that most people come to is never
/// left out, since titles speak of it.
pub fn worst_kinds(found: impl Iterator<Item = ([f64; 2], Phrase)>) -> Vec<Phrase> {
    let mut found: Vec<([f64; 2], Phrase)> = found.collect();
    let most = (0..found.len()).reduce(|most, next| if found[next].0 > found[most].0 { next } else { most });
    if let Some(most) = most.filter(|most| *most >= HARMS) {
        found.swap(HARMS - 1, most);
    }
    found.into_iter().take(HARMS).map(|(_, told)| told).collect()
}

/// A mean number of attempts for a first try.
pub fn tries(value: f64) -> String {
    trim_zeros(&format!("{value:.1}")).to_owned()
}

/// The highest utilization of an interval of a pool.
pub fn peak_of(pool: usize) -> Path {
    Path { figure: Figure::UtilizationPeak, kind: RowKind::Pool, index: pool }
}
