//! Tests of the house itself: which layer imports which, how long files and functions are, what the engine may not do.

mod allocation;
mod bans;
mod circles;
mod layers;
mod paths;
mod sizes;
mod source;
