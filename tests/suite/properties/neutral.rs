//! What concerns nobody: tables that no one names, factors of 1, changes to what is so already. No draw may shift.

use toml::{Table, Value};

use super::case::{Case, holds};
use super::twin::{figures, joined, same_rows, table, with_regions_stated};

/// Tables that nobody names, and factors that change nothing.
const TABLES: &[(&str, &str)] = &[
    (
        "a client whom nobody uses",
        "[client.nobody]\ntimeout = \"1 ms\"\nretry = { attempts = 9 }\nstall_patience = \"1 ms\"\n\
         patience = { until_service = \"1 ms\" }\ncome_back = { probability = 1.0, delay = \"5 s\" }",
    ),
    ("a pool that nobody asks", "[pool.idle]\nservers = 0\nservice = \"3 s\"\nfailure = 1.0\nqueue_timeout = \"1 ms\""),
    ("a journey that nobody goes", "[journey.untrodden]\nsteps = [{ think = \"1 s\" }, { stream = \"5 s\" }]"),
    ("a multiplier by 1", "[multiplier.one]\nfactor = 1.0\nwatch_time = 1.0"),
    ("a multiplier that is off", "[multiplier.off]\nenabled = false\nfactor = 7.0\nwatch_time = 0.1"),
    ("a region where nobody is", "[region.desert]\nrtt = \"9 s\"\ndrop_delay = \"7 s\""),
];

/// A threshold on the whole.
const THRESHOLD: &str = "metric = \"attempts\"\nat_most = 0";

pub fn change_nothing(case: &Case) -> Result<(), String> {
    let Some(tree) = with_regions_stated(&case.drawn) else { return Ok(()) };
    let alone = figures(&tree)?;
    let same_as = |what: &str, tree: &Table| {
        let together = figures(tree)?;
        same_rows(&alone, &together, Some).map_err(|why| format!("with {what} {why}"))
    };
    let all = TABLES.iter().fold(tree.clone(), |tree, (_, more)| joined(&tree, &more.parse().unwrap(), false));
    if same_as("tables that nobody names", &with_one_more(&all, "threshold", table(THRESHOLD))).is_err() {
        for (what, more) in TABLES {
            same_as(what, &joined(&tree, &more.parse().unwrap(), false))?;
        }
        same_as("a threshold", &with_one_more(&tree, "threshold", table(THRESHOLD)))?;
        return Err("tables that nobody names change something together, and none does alone".to_owned());
    }
    // Where something changes anyway, what is so at the start may be otherwise by then.
    if tree.contains_key("change") {
        return Ok(());
    }
    let pool = tree.get("pool").and_then(|pools| pools.get("pool1"));
    for path in ["servers", "service", "timeout", "failure"] {
        if let Some(value) = pool.and_then(|pool| pool.get(path)) {
            let mut change = table("set = {}");
            change["set"].as_table_mut().unwrap().insert(format!("pool.pool1.{path}"), value.clone());
            change.as_table_mut().unwrap().insert("at".to_owned(), Value::String("08:45:17".to_owned()));
            same_as(&format!("a change of {path} to what it is"), &with_one_more(&tree, "change", change))?;
        }
    }
    Ok(())
}

/// A tree with one more entry in a list.
fn with_one_more(tree: &Table, list: &str, entry: Value) -> Table {
    let mut tree = tree.clone();
    let mut entries = tree.remove(list).and_then(|value| value.try_into::<Vec<Value>>().ok()).unwrap_or_default();
    entries.push(entry);
    tree.insert(list.to_owned(), Value::Array(entries));
    tree
}

#[test]
fn settings_that_concern_nobody_change_nothing() {
    holds(change_nothing);
}
