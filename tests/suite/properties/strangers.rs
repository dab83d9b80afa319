//! Strangers: people of their own, in a region of their own, who share no pool with anyone. Nobody may notice them.

use dropstorm::measure::Scope;
use toml::Table;

use super::case::{Case, holds};
use super::twin::{figures, joined, same_rows, with_regions_stated};

const STRANGERS: &str = "[region.strangeland]\n[audience.strangers]\nviewers = { strangeland = 40 }\n\
    arrival = { exponential = { mean = \"30 s\" } }\njourney = \"strange\"\nclient = \"stranger\"\n\
    [journey.strange]\nsteps = [{ request = \"elsewhere\" }, { stream = \"20 s\" }]\n\
    [pool.elsewhere]\nservers = 1\nservice = \"600 ms\"\nqueue = { shared = { limit = 9 } }\n\
    [client.stranger]\nretry = { attempts = 3 }\n";

/// Whether all figures of a scenario stay as they are when the strangers are there too, before and after all others.
fn unmoved_by_strangers(tree: &Table) -> Result<(), String> {
    let strangers: Table = STRANGERS.parse().unwrap();
    let alone = figures(tree)?;
    for before in [true, false] {
        let together = figures(&joined(tree, &strangers, before))?;
        let moved = |index: Option<usize>| index.map(|index| index + usize::from(before));
        same_rows(&alone, &together, |scope| {
            let theirs = scope.request.is_none() && scope != Scope::default();
            theirs.then_some(Scope { region: moved(scope.region), pool: moved(scope.pool), request: None })
        })?;
    }
    Ok(())
}

pub fn shift_nothing(case: &Case) -> Result<(), String> {
    with_regions_stated(&case.drawn).map_or(Ok(()), |tree| unmoved_by_strangers(&tree))
}

#[test]
fn strangers_shift_nobodys_draws() {
    holds(shift_nothing);
}

/// All come at once, into rows that strangers have left in their own order; their streams stall on the same narrow link, end
/// together, and ask of a pool that cannot serve all.
#[test]
fn strangers_shift_nobodys_turn_when_stalled_streams_end_together() {
    let text = "title = \"Together\"\nstart = 2026-01-09T08:59:00Z\ndrop = 2026-01-09T09:00:00Z\n\
        end = 2026-01-09T09:05:00Z\ninterval = \"20 s\"\n\
        [region.a]\nlink = { capacity = \"900 kbps\" }\n\
        [audience.fans]\nviewers = { a = 60 }\narrival = \"90 s\"\njourney = \"j\"\n\
        [journey.j]\nsteps = [{ stream = \"1 s\" }, { request = \"q\" }]\n\
        [pool.q]\nservers = 3\nservice = { exponential = { mean = \"20 s\" } }\nqueue = { shared = { limit = 0 } }\n\
        [delivery]\nladder = [\"235 kbps\", \"3 Mbps\"]\n\
        devices = { phone = { peak = \"750 kbps\", share = 0.4 }, tv = { peak = \"3 Mbps\", share = 0.6 } }\n";
    unmoved_by_strangers(&text.parse().unwrap()).unwrap();
}
