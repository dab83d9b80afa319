//! A run that is made by hand, with a true report: the oracle believes it, and no lie about it.

use std::collections::BTreeMap;

use dropstorm::scenario::Scenario;
use serde_json::{Value as Json, json};

use super::evidence::Evidence;
use super::judge::faults;
use super::mutation::Tally;
use super::rule::Frame;
use super::table::{Scope, Table};
use crate::desk::Ended;

const SCENARIO: &str = r#"title = "Made by hand"
start = 2026-03-01T08:50:00Z
drop = 2026-03-01T09:00:00Z
end = 2026-03-01T09:30:00Z
[region.north]
label = "North"
[region.south]
[audience.crowd]
viewers = { north = 1000, south = 1000 }
arrival = { exponential = { mean = "5 min" } }
journey = "watch"
[journey.watch]
steps = [{ request = "login" }]
[pool.login]
servers = 10
service = "50 ms"
[pool.edge]
servers = 10
service = "50 ms"
"#;

const INTERVALS: usize = 240;

type Columns = BTreeMap<String, Vec<f64>>;

/// Intervals of ten seconds from ten minutes before the drop: `login` fails from the drop on, for five minutes in the north.
fn columns(share: f64, failing: bool, pool: bool) -> Columns {
    let trouble = |index: usize| failing && (60..90).contains(&index);
    let each = |value: &dyn Fn(usize) -> f64| (0..INTERVALS).map(value).collect::<Vec<f64>>();
    let ended = each(&|index| share * (200.0 + index as f64));
    let rejected = each(&|index| if trouble(index) { (share * (180.0 + (index % 7) as f64)).round() } else { 0.0 });
    let served: Vec<f64> = ended.iter().zip(&rejected).map(|(ended, rejected)| ended - rejected).collect();
    let mut columns = Columns::from([
        ("attempts".to_owned(), ended),
        ("rejected".to_owned(), rejected),
        ("served".to_owned(), served),
    ]);
    if pool {
        columns.insert("utilization".to_owned(), each(&|index| if trouble(index) { 1.0 } else { 0.5 }));
        columns.insert("queue_mean".to_owned(), each(&|index| if trouble(index) { 40.0 } else { 0.1 }));
        columns.insert("servers".to_owned(), vec![10.0; INTERVALS]);
        columns.insert("full_share".to_owned(), each(&|index| if trouble(index) { 1.0 } else { 0.0 }));
        columns.insert("no_server_share".to_owned(), vec![0.0; INTERVALS]);
    }
    columns
}

fn table() -> Table {
    let sum = |one: Columns, other: Columns| -> Columns {
        let add = |(name, cells): (String, Vec<f64>)| {
            let sums = cells.iter().zip(&other[&name]).map(|(one, other)| one + other).collect();
            (name, sums)
        };
        one.into_iter().map(add).collect()
    };
    let (north, south) = (columns(2.0, true, false), columns(1.0, false, false));
    let (login, edge) = (columns(2.0, true, true), columns(1.0, false, true));
    let rows = BTreeMap::from([
        (Scope::default(), sum(north.clone(), south.clone())),
        (Scope::region("north"), north.clone()),
        (Scope::region("south"), south.clone()),
        (Scope::pool("login"), login),
        (Scope::pool("edge"), edge),
        (Scope::request("login"), sum(north, south)),
    ]);
    Table::made(10.0, -600.0, rows)
}

/// What a true report says of the run. The worst minute is counted by hand: from 0 to 60 s, 2 × (180 + 4 + 5 + 6 + 0 + 1 + 2)
/// of 3 × (200 + 60 to 65) fail.
fn summary() -> Json {
    let rule = json!({ "scope": {}, "of": "errors", "bound": 0.01, "window_s": 60 });
    let claim = |text: &str, kind: &str, fields: Json| {
        let mut claim = json!({ "text": text, "kind": kind });
        let fields = fields.as_object().unwrap().clone();
        claim.as_object_mut().unwrap().extend(fields);
        claim
    };
    let ruled = |text: &str, kind: &str, fields: Json| {
        let mut claim = claim(text, kind, fields);
        claim.as_object_mut().unwrap().extend(rule.as_object().unwrap().clone());
        claim
    };
    let worst = 2.0 * 1098.0 / (3.0 * 1575.0);
    let what = json!({
        "text": "At the worst {0} of attempts fail in {1}; it begins {2} and is over {3}.",
        "claims": [
            claim("46%", "worst", json!({ "value": worst, "num": "errors", "den": "ended", "scope": {}, "from_s": 0, "to_s": 60,
                "window_s": 60, "over_from_s": 0, "over_to_s": 300, "least": 100 })),
            claim("1 min", "length", json!({ "value": 60, "of": "window" })),
            ruled("at the drop", "begins", json!({ "value": 0, "until_s": 300 })),
            ruled("5 min after the drop", "over", json!({ "value": 300, "since_s": 0, "attempts_after": 870, "rate_after": 0 })),
        ],
    });
    let why = json!({
        "text": "Pool {0} is {1} and loses {2}.",
        "claims": [
            claim("login", "name", json!({ "name": "login", "of": "pool" })),
            claim("full for 5 min", "cause", json!({ "name": "login", "is": "full", "value": 300, "from_s": 0, "to_s": 300 })),
            claim("100%", "part", json!({ "value": 1, "column": "errors", "scope": { "pool": "login" }, "whole": "pools",
                "from_s": 0, "to_s": 300 })),
        ],
    });
    let whom = json!({
        "text": "{0} see an error page; {1} give up.",
        "claims": [
            claim("1,234 viewers", "people", json!({ "value": 1234, "path": "harm.saw_error" })),
            claim("56", "people", json!({ "value": 56, "path": "harm.gave_up" })),
        ],
    });
    json!({
        "scale": 1, "thresholds": [], "wait_bound_s": 10,
        "harm": { "saw_error": { "mean": 1234 }, "gave_up": { "mean": 56 }, "waited": { "mean": 0 } },
        "trouble": { "state": "over" },
        "verdict": [what, why, whom], "titles": {},
    })
}

fn run() -> Evidence {
    let (summary, table) = (summary(), table());
    let frame = Frame::of(&summary, &table);
    let scenario = Scenario::parse("made-by-hand.toml", SCENARIO).unwrap();
    let ended = Ended { code: Some(0), out: String::new(), err: String::new() };
    Evidence { scenario, summary, table, frame, runs: Vec::new(), figures: Vec::new(), ended }
}

#[test]
fn a_true_report_is_believed() {
    let faults = faults(&run());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_false_report_is_not() {
    let mut tally = Tally::default();
    tally.tell("made by hand", &run());
    assert!(
        tally.told > 30 && tally.caught() >= 0.99,
        "{} of {}: {}",
        tally.believed.len(),
        tally.told,
        tally.believed.join("\n")
    );
}

#[test]
fn a_sentence_that_asserts_beside_its_claims_is_found_out() {
    for (text, fault) in [
        ("Nothing fails.", "nothing"),
        ("Pool login is slow.", "login"),
        ("At North.", "North"),
        ("For 5 min.", "`5`"),
        ("{0} fail.", "`{`"),
    ] {
        let run = run();
        let mut summary = run.summary.clone();
        summary["verdict"].as_array_mut().unwrap().push(json!({ "text": text, "claims": [] }));
        let faults = faults(&run.with(summary));
        assert!(faults.len() == 1 && faults[0].contains(fault), "{text}: {faults:?}");
    }
}
