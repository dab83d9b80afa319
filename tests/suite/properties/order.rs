//! The order of tables in the file: who draws what is a matter of names.

use dropstorm::measure::Scope;
use toml::{Table, Value};

use super::case::{Case, holds};
use super::twin::{figures, same_rows};

/// Tables whose order is of no account. That of audiences and regions decides between events of one instant.
const KINDS: &[&str] = &["pool", "client", "journey"];

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
