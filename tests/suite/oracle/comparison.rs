//! Comparisons are computed a second time, crowd by crowd, from the tables and the people of each replication.

use std::collections::BTreeMap;

use dropstorm::scenario::Scenario;
use serde_json::Value as Json;

use super::check::{Decided, agree};
use super::evidence::replications;
use super::table::{Scope, Table};
use crate::desk::Desk;

const BASE: &str = r#"title = "Two servers"
start = 2026-01-09T09:00:00Z
drop = 2026-01-09T09:00:00Z
end = 2026-01-09T09:10:00Z
[audience.crowd]
viewers = 3000
arrival = { exponential = { mean = "1 min" } }
journey = "watch"
client = "tv"
[journey.watch]
steps = [{ request = "api" }]
[pool.api]
servers = 2
service = { exponential = { mean = "100 ms" } }
queue = { shared = { limit = 50 } }
[client.tv]
retry = { attempts = 3, backoff = { exponential = { base = "1 s" } }, jitter = "full" }
"#;

const MORE: &str = "extends = \"two.toml\"\ntitle = \"Three servers\"\npool.api.servers = 3\n";

const RUNS: u64 = 5;

/// The 97.5% point of Student's law with four degrees of freedom.
const STUDENT: f64 = 2.776_445_1;

type Runs = Vec<(Table, BTreeMap<String, f64>)>;

/// A figure of one replication: of people, or by its table.
fn figure((table, people): &(Table, BTreeMap<String, f64>), path: &str) -> Option<f64> {
    let sum = |column: &str| table.sum(&Scope::default(), column, &(0..table.len()));
    match path {
        "attempts.total" => sum("attempts"),
        "attempts.served" => sum("served"),
        "viewers.arrived" => sum("arrivals"),
        "error_rate.overall" => Some(sum("errors")? / sum("ended")?),
        _ => people.get(path).copied().filter(|value| !value.is_nan()),
    }
}

/// The mean of some values, with the ends of its 95% interval.
fn interval(values: &[f64]) -> [f64; 3] {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    let half = STUDENT * (variance / n).sqrt();
    [mean, mean - half, mean + half]
}

/// How much more a figure is in the second scenario than in the first, on the same crowds.
fn difference(two: &Runs, three: &Runs, path: &str) -> Option<[f64; 3]> {
    let pairs = two.iter().zip(three);
    let differences: Option<Vec<f64>> =
        pairs.map(|(two, three)| Some(figure(three, path)? - figure(two, path)?)).collect();
    Some(interval(&differences?))
}

fn decide(claim: &Json, two: &Runs, three: &Runs) -> Decided {
    let path = claim["path"].as_str().unwrap_or_default();
    let stated = |key: &str| claim[key].as_f64().ok_or_else(|| format!("`{key}` is missing"));
    match claim["kind"].as_str() {
        Some("difference") => {
            let right = difference(two, three, path).ok_or_else(|| format!("nothing decides `{path}`"))?;
            agree("the scenario", f64::from(u8::from(claim["against"] == "two")), 1.0)?;
            ["value", "low", "high"].into_iter().zip(right).try_for_each(|(key, right)| agree(key, stated(key)?, right))
        }
        Some("people") => {
            let of_base: Option<Vec<f64>> = two.iter().map(|run| figure(run, path)).collect();
            agree("the mean", stated("value")?, interval(&of_base.ok_or("nothing decides it")?)[0])
        }
        Some("name") if ["two", "three", "lobby"].contains(&claim["name"].as_str().unwrap_or_default()) => Ok(()),
        Some("of_scenario") => {
            let of = if claim["scenario"] == "two" { two } else { three };
            let each: Option<Vec<f64>> = of.iter().map(|run| figure(run, path)).collect();
            agree("the mean", stated("value")?, interval(&each.ok_or("nothing decides it")?)[0])
        }
        Some("none") => Ok(()),
        _ => Err("nothing decides it".to_owned()),
    }
}

#[test]
fn what_is_said_of_two_scenarios_is_true_crowd_by_crowd() {
    let desk = Desk::with(&[("two.toml", BASE), ("three.toml", MORE)]);
    let ended = desk.run(&format!("run two.toml three.toml --replications {RUNS} --charts none --json"));
    let said: Json = serde_json::from_str(&ended.out).unwrap();
    let runs = |file: &str| replications(&Scenario::read(&desk.path().join(file)).unwrap(), RUNS);
    let (two, three) = (runs("two.toml"), runs("three.toml"));

    let sentences: Vec<&Json> = said["verdict"].as_array().unwrap().iter().collect();
    let claims: Vec<&Json> = sentences.iter().flat_map(|it| it["claims"].as_array()).flatten().collect();
    assert!(claims.iter().any(|claim| claim["kind"] == "difference"), "{sentences:?}");
    for claim in claims {
        decide(claim, &two, &three).unwrap_or_else(|why| panic!("{why}: {claim}"));
    }

    let mut held = 0;
    let table = desk.bytes("out/comparison.csv");
    for row in csv::Reader::from_reader(&table[..]).deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let Some(right) = difference(&two, &three, &row["figure"]).filter(|_| row["scenario"] == "three") else {
            continue;
        };
        for (key, right) in ["difference", "difference_low", "difference_high"].into_iter().zip(right) {
            agree(key, row[key].parse().unwrap(), right).unwrap_or_else(|why| panic!("{}: {why}", row["figure"]));
        }
        held += 1;
    }
    assert!(held >= 4, "only {held} figures were compared");
}

/// A room that lets in four people a second, so that some hundreds are still in it when the run ends.
const LOBBY: &str = "extends = \"two.toml\"\ntitle = \"A lobby\"\n[waiting_room.lobby]\nadmit = { rate = \"4/s\" }\n\
    [journey.watch]\nsteps = [{ enter = \"lobby\" }, { request = \"api\" }]\n";

#[test]
fn a_comparison_says_what_a_waiting_room_costs() {
    let desk = Desk::with(&[("two.toml", BASE), ("lobby.toml", LOBBY)]);
    let run = "run two.toml lobby.toml --replications 2 --charts none";
    let said: Json = serde_json::from_str(&desk.run(&format!("{run} --json")).out).unwrap();
    let runs = |file: &str| replications(&Scenario::read(&desk.path().join(file)).unwrap(), 2);
    let (two, lobby) = (runs("two.toml"), runs("lobby.toml"));
    let sentences = said["verdict"].as_array().unwrap();
    let claims: Vec<&Json> = sentences.iter().flat_map(|it| it["claims"].as_array()).flatten().collect();
    for path in ["waiting_room.wait_ms.p50", "waiting_room.at_end"] {
        let told = claims.iter().find(|claim| claim["kind"] == "of_scenario" && claim["path"] == path);
        let told = told.unwrap_or_else(|| panic!("{path} is not told: {sentences:?}"));
        assert_eq!(told["scenario"], "lobby");
        decide(told, &two, &lobby).unwrap_or_else(|why| panic!("{why}: {told}"));
    }
    let shown = desk.run(run).out;
    let words =
        ["in the waiting room of ", "the median wait is ", "still in it at the end", "wait in room", "in room at end"];
    for words in words {
        assert!(shown.replace('\n', " ").contains(words), "{words}: {shown}");
    }
}
