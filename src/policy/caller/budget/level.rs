//! A level of tokens, kept as what is missing from a full one, so that a state of zero is full.
//!
//! Tokens are counted in thousandths, the precision that gRPC gives them (proposal A6); sums of tenths are exact.

/// A number of tokens in thousandths.
pub fn thousandths(tokens: f64) -> u64 {
    (tokens * 1e3).round() as u64
}

/// What is missing after taking `cost` from a level of at most `full`; `None` if there is less than that.
#[inline]
pub fn take(full: u64, missing: u64, cost: u64) -> Option<u64> {
    let after = missing + cost;
    (after <= full).then_some(after)
}

/// What is missing after taking `cost` from a level of at most `full`, or all that there is.
#[inline]
pub fn drain(full: u64, missing: u64, cost: u64) -> u64 {
    (missing + cost).min(full)
}

/// What is missing after giving back `gain`; a full level takes no more.
#[inline]
pub fn give(missing: u64, gain: u64) -> u64 {
    missing.saturating_sub(gain)
}
