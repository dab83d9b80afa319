//! Long tests stand in modules named `long`. A plain `cargo test` does a thousandth of their work, so that they are compiled,
//! linted and never rot; `cargo test --locked -- long::` names them and does all of it.

/// Whether all of a long test's work is to be done.
pub fn in_full() -> bool {
    std::env::args().skip(1).any(|filter| filter.contains("long::"))
}

/// How much of a long test's work is to be done.
pub fn share(all: u64) -> u64 {
    if in_full() { all } else { all.div_ceil(1000) }
}

/// Names one part of a long test's cases, `3/20` for the third of twenty, so that they can be spread over processes.
const VARIABLE: &str = "DROPSTORM_TEST_PART";

/// States another seed to draw cases from, so that a long test can be done with cases that nobody has seen.
const SEED: &str = "DROPSTORM_TEST_SEED";

/// The seed to draw cases from: the usual one unless another is stated.
pub fn seed(usual: u64) -> u64 {
    std::env::var(SEED).map_or(usual, |text| text.parse().expect("a seed is a whole number"))
}

/// The cases of the part that is asked for; all of them unless one is.
pub fn part<T>(cases: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    let stated = std::env::var(VARIABLE).ok().map(|text| {
        let (part, parts) = text.split_once('/').expect("a part is stated as 3/20");
        let number = |text: &str| text.parse::<usize>().expect("a part has whole numbers");
        (number(part), number(parts))
    });
    let (part, parts) = stated.unwrap_or((1, 1));
    cases.enumerate().filter(move |(index, _)| index % parts == part - 1).map(|(_, case)| case)
}
