//! A level of tokens, stored as the number of missing tokens, so that a state of zero is a full level.
//!
//! Tokens are counted in thousandths, the precision that gRPC gives them (proposal A6); sums of tenths are exact.

/// A number of tokens in thousandths.
pub fn thousandths(tokens: f64) -> u64 {
    (tokens * 1e3).round() as u64
}

/// A number of thousandths in tokens.
pub fn in_tokens(thousandths: u64) -> f64 {
    thousandths as f64 / 1e3
}

/// The missing tokens after `cost` is taken from a level of at most `full`; `None` if the level is below `cost`.
#[inline]
pub fn take(full: u64, missing: u64, cost: u64) -> Option<u64> {
    let after = missing + cost;
    (after <= full).then_some(after)
}

/// The missing tokens after `cost`, or the whole level if it is less, is taken from a level of at most `full`.
#[inline]
pub fn drain(full: u64, missing: u64, cost: u64) -> u64 {
    (missing + cost).min(full)
}

/// The missing tokens after `gain` is added; a level does not rise above full.
#[inline]
pub fn give(missing: u64, gain: u64) -> u64 {
    missing.saturating_sub(gain)
}
