//! The oracle: an independent judge of every sentence that a run leaves.
//!
//! It reads `intervals.csv` and the claims of `summary.json`, computes what they say anew from the table alone, and decides
//! each claim. It knows the definitions ([`rule`]) and nothing of the code that makes the claims. It also looks for what was
//! left out, and for words outside of claims that no claim decides.

mod cases;
mod check;
mod cold_caches;
mod comparison;
mod evidence;
mod fixture;
mod generated;
mod judge;
mod left_by_causes;
mod library;
mod mutation;
mod omitted;
mod omitted_in_runs;
mod outside;
mod partial;
mod people;
mod printed;
mod rule;
mod searches;
mod stability;
mod sweeps;
mod table;
mod thresholds;
