//! Long tests stand in modules named `long`. A plain `cargo test` does a thousandth of their work, so that they are compiled,
//! linted and never rot; `cargo test --locked -- long::` names them and does all of it.

/// How much of a long test's work is to be done.
pub fn share(all: u64) -> u64 {
    let named = std::env::args().skip(1).any(|filter| filter.contains("long::"));
    if named { all } else { all.div_ceil(1000) }
}
