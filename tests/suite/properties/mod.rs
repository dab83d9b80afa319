//! Properties that every run has, whatever the scenario: held against scenarios that are drawn from the JSON Schema.
//!
//! Each case draws another subset of features (swarm testing), so that a mechanism is seen alone, with a few others, and with
//! all of them. The cases of a plain run are the same each time; besides, one test takes a fresh seed, which it prints first.

mod books;
pub mod case;
mod coverage;
mod draw;
mod finer;
mod fresh;
mod laws;
mod long;
mod neutral;
mod observer;
mod order;
mod people;
mod possible;
mod reads_back;
mod refused;
mod repeats;
mod strangers;
mod sums;
mod twin;

use std::collections::BTreeSet;

use case::Property;
use dropstorm::scenario::Scenario;
pub use fresh::announced_seed;
pub use observer::Observer;
pub use sums::total;

/// Drawn scenarios, by their seeds, with what was drawn; what could not be mended is left out.
pub fn drawn_scenarios(seed: u64, count: u64) -> impl Iterator<Item = (u64, toml::Table, Scenario)> {
    let drawn = |seed| {
        let drawn = draw::drawn(seed, BTreeSet::new());
        Some((seed, drawn.tree, drawn.scenario?))
    };
    case::seeds(seed, count).filter_map(drawn)
}

/// Every property by its name.
const ALL: &[(&str, Property)] = &[
    ("the books balance", books::balance),
    ("the parts add up", sums::add_up),
    ("every figure is possible", possible::are_possible),
    ("the same seed gives the same bytes", repeats::repeats),
    ("the resolved scenario reads back", reads_back::reads_back),
    ("quantiles undo distribution functions", laws::are_inverted),
    ("a law is the same everywhere", laws::are_the_same_everywhere),
    ("what is wrong is refused at its line", refused::is_located),
    ("strangers shift nobody's draws", strangers::shift_nothing),
    ("what concerns nobody changes nothing", neutral::change_nothing),
    ("the order of tables changes nothing", order::is_of_no_account),
    ("people are those of a twin", people::are_those_of_a_twin),
    ("finer intervals change no total", finer::change_no_total),
];
