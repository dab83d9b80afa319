//! The order of tables in the file: who draws what is a matter of names.

use dropstorm::measure::Scope;
use toml::{Table, Value};

use super::case::{Case, holds};
use super::twin::{figures, same_rows};

/// Tables whose order is of no account. That of audiences and regions decides between events of one instant.
const KINDS: &[&str] = &["pool", "client", "journey", "waiting_room"];

pub fn is_of_no_account(case: &Case) -> Result<(), String> {
    let mut tree = case.drawn.tree.clone();
    for kind in KINDS {
        if let Some(entries) = tree.get_mut(*kind).and_then(Value::as_table_mut) {
            let backwards: Table = std::mem::take(entries).into_iter().rev().collect();
            *entries = backwards;
        }
    }
    let there = |pool: usize| case.model.pools - 1 - pool;
    same_rows(&case.figures, &figures(&tree)?, |scope| {
        // Requests are numbered as journeys name them, and the sum of all is rounded in the order of its parts.
        let same = scope.request.is_none() && scope != Scope::default();
        same.then(|| Scope { pool: scope.pool.map(there), ..scope })
    })
}

#[test]
fn the_order_of_tables_changes_nothing() {
    holds(is_of_no_account);
}

/// Two servers, of two pools, crash in the same nanosecond, and one slot is free elsewhere: whoever loses the attempt first gets it.
#[test]
fn pools_of_one_instant_follow_one_another_by_name() {
    let pool = |name: &str| {
        format!(
            "[pool.{name}]\nservers = 1\nservice = \"1 min\"\ncrash = {{ every = \"20 s\", repair = \"1 h\" }}\n\
             queue = {{ shared = {{ limit = 0 }} }}\n"
        )
    };
    let text = |pools: &str| {
        format!(
            "title = \"Together\"\nstart = 2026-01-09T09:00:00Z\ndrop = 2026-01-09T09:00:00Z\n\
             end = 2026-01-09T09:05:00Z\ninterval = \"20 s\"\n\
             [audience.one]\nviewers = 1\narrival = \"0 s\"\njourney = \"first\"\n\
             [audience.two]\nviewers = 1\narrival = \"0 s\"\njourney = \"second\"\n\
             [journey.first]\nsteps = [{{ request = \"b\", optional = true }}, {{ request = \"c\" }}]\n\
             [journey.second]\nsteps = [{{ request = \"a\", optional = true }}, {{ request = \"c\" }}, {{ request = \"c\", name = \"again\" }}]\n\
             {pools}[pool.c]\nservers = 1\nservice = \"90 s\"\nqueue = {{ shared = {{ limit = 0 }} }}\n"
        )
    };
    let of = |one: &str, other: &str| figures(&text(&(pool(one) + &pool(other))).parse().unwrap()).unwrap();
    let (there, back) = (of("a", "b"), of("b", "a"));
    let moved = |scope: Scope| Scope { pool: scope.pool.map(|pool| [1, 0, 2][pool]), ..scope };
    same_rows(&there, &back, |scope| Some(moved(scope))).unwrap();
}
