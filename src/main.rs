//! The command `dropstorm`.

fn main() {}
