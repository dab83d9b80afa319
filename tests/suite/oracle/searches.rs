//! What `find` says is decided from the table that it leaves: `find.csv`, or `search.csv` for combinations of levers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::check::{Decided, agree};
use super::judge::shown;
use crate::desk::{Desk, SMALL};

/// Questions whose answers are of each kind, by the exit code.
const QUESTIONS: &[(i32, &str)] = &[
    (0, "--vary pool.api.servers=1..40 --until wait_ms.mean<100"),
    (0, "--vary pool.api.servers=40..1 --until error_rate.peak<=1%"),
    (0, "--vary audience.crowd.viewers=100..4000 --until wait_ms.mean<=200"),
    (0, "--vary pool.api.servers=20..40 --until wait_ms.mean<100"),
    (99, "--vary pool.api.servers=1..2 --until wait_ms.mean<0.001"),
];

/// Two levers; one server more or less is enough for some bounds of the threshold and not for others.
const LEVERS: &str = r#"scenario = "a.toml"
unit_of_cost = "servers"
[set]
"threshold.0.at_most" = "BOUND"
[[lever]]
path = "pool.api.servers"
values = [2, 3, 4, 9]
cost = [0, 1, 2, 7]
[[lever]]
path = "pool.api.queue_timeout"
values = ["1 s", "5 s"]
cost = [0, 1]
"#;

/// A table: the cells of each row by the names of the columns.
struct Rows(Vec<BTreeMap<String, String>>);

impl Rows {
    fn of(bytes: &[u8]) -> Rows {
        let mut reader = csv::Reader::from_reader(bytes);
        let names = reader.headers().unwrap().clone();
        let row = |row: csv::StringRecord| {
            names.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect::<BTreeMap<_, _>>()
        };
        Rows(reader.records().map(|record| row(record.unwrap())).collect())
    }

    /// The row with a value of a column.
    fn at(&self, column: &str, value: f64) -> Result<usize, String> {
        let found = self.0.iter().position(|row| number(row, column) == Some(value));
        found.ok_or_else(|| format!("no row has {value} in `{column}`"))
    }
}

fn number(row: &BTreeMap<String, String>, column: &str) -> Option<f64> {
    row.iter().find(|(name, _)| name.split(" [").next() == Some(column))?.1.parse().ok()
}

/// Whether what is said of some row is so.
fn is(right: bool, why: impl FnOnce() -> String) -> Decided {
    if right { Ok(()) } else { Err(why()) }
}

/// Decides a claim about a search over the setting `path` by the values that were tried.
fn decide(rows: &Rows, path: &str, claim: &Json) -> Decided {
    match claim["kind"].as_str().unwrap_or_default() {
        "name" => is(claim["name"] == path, || format!("`{path}` is varied")),
        "bound" => agree("the level", claim["value"].as_f64().unwrap_or_default(), 0.95),
        "tried" => tried(rows, path, claim),
        "condition" => condition(rows, claim),
        "bottleneck_at" => {
            let row = &rows.0[rows.at(path, claim["value"].as_f64().unwrap_or(f64::NAN))?];
            let told = [&claim["name"], &claim["k"], &claim["n"]].map(|told| told.to_string().replace('"', ""));
            is(told == [&row["bottleneck"], &row["bottleneck_runs"], &row["runs"]].map(|it| it.clone()), || {
                format!("the table has {row:?}")
            })
        }
        other => Err(format!("no claim of such a search is `{other}`")),
    }
}

/// A value that was tried.
fn tried(rows: &Rows, path: &str, claim: &Json) -> Decided {
    let said = claim["is"].as_str().unwrap_or_default();
    let found: Vec<&str> = rows.0.iter().map(|row| row["found"].as_str()).collect();
    let holds = |index: usize| found[index].starts_with("holds");
    let Some(value) = claim["value"].as_f64() else {
        return is(!found.contains(&said), || format!("it certainly {said} somewhere"));
    };
    let (at, last) = (rows.at(path, value)?, found.len() - 1);
    let why = || format!("{value} is not that: {found:?}");
    let rises = holds(last);
    match said {
        // The side on which the condition holds is that of the end at which it does.
        "smallest" => is(rises && (at..=last).all(holds) && at > 0 && !holds(at - 1), why),
        "largest" => is(!rises && (0..=at).all(holds) && at < last && !holds(at + 1), why),
        "low" => is(at == 0 || at == last, why),
        "high" => is(at == 0 || at == last, why),
        "found" => is(holds(at), why),
        "alike" => is(!holds(at), why),
        "holds" | "fails" => {
            // The nearest to the edge: none that is as certain lies between.
            let edge = (0..last).find(|index| holds(*index) != holds(index + 1)).ok_or("there is no edge")?;
            let between = if at > edge { edge + 1..at } else { at + 1..edge + 1 };
            is(found[at] == said && !between.into_iter().any(|index| found[index] == said), why)
        }
        other => Err(format!("no value is `{other}`")),
    }
}

/// The condition, and at which ends it holds.
fn condition(rows: &Rows, claim: &Json) -> Decided {
    let path = claim["path"].as_str().unwrap_or_default();
    let (bound, at_most) = (claim["bound"].as_f64().ok_or("no bound")?, claim["at_most"] == true);
    let mean = |row: &BTreeMap<String, String>| {
        number(row, &format!("{path}.mean")).or(number(row, &format!("{path}.median"))).unwrap_or(f64::INFINITY)
    };
    let keeps = |row: &BTreeMap<String, String>| match (at_most, claim["strict"] == true) {
        (true, true) => mean(row) < bound,
        (true, false) => mean(row) <= bound,
        (false, true) => mean(row) > bound,
        (false, false) => mean(row) >= bound,
    };
    for row in &rows.0 {
        is(row["found"].starts_with("holds") == keeps(row), || format!("{} is `{}`", mean(row), row["found"]))?;
    }
    let ends = [&rows.0[0], &rows.0[rows.0.len() - 1]];
    let is_certain = ends.iter().all(|row| ["holds", "fails"].contains(&row["found"].as_str()));
    is(claim["is_certain"] == is_certain, || format!("the ends are certain: {is_certain}"))?;
    let right = match ends.iter().filter(|row| keeps(row)).count() {
        0 => "neither",
        1 => "edge",
        _ => "both",
    };
    is(claim["holds"] == right, || format!("it holds at {right}"))
}

/// Decides a claim about a search over combinations by their table.
fn decide_combination(rows: &Rows, share: f64, claim: &Json) -> Decided {
    if claim["kind"] == "bound" {
        return agree("the share of runs", claim["value"].as_f64().unwrap_or_default(), share);
    }
    is(claim["kind"] == "combination", || format!("no claim of such a search is {}", claim["kind"]))?;
    let (said, what) = (claim["is"].as_str().unwrap_or_default(), claim["what"].as_str().unwrap_or_default());
    let marked = |word: &str| rows.0.iter().find(|row| row["found"] == word);
    let Some(point) = claim["point"].as_f64() else {
        return match (said, what) {
            ("all", "number") => agree("all", claim["value"].as_f64().unwrap_or_default(), rows.0.len() as f64),
            ("all", "sure") => is(marked("cheapest").is_none(), || "one is the cheapest".to_owned()),
            ("runner_up", "number") => is(marked("runner-up").is_none(), || "there is a runner-up".to_owned()),
            _ => Err(format!("nothing is known of {said} {what}")),
        };
    };
    let row = &rows.0[rows.at("point", point)?];
    match said {
        "cheapest" => is(row["found"] == "cheapest", || format!("point {point} is {}", row["found"]))?,
        "runner_up" => is(row["found"] == "runner-up", || format!("point {point} is {}", row["found"]))?,
        "nearest" => {
            let share =
                |row: &BTreeMap<String, String>| number(row, "held").zip(number(row, "runs")).map(|(k, n)| k / n);
            let most = rows.0.iter().filter_map(share).fold(0.0, f64::max);
            is(share(row) == Some(most), || format!("another holds in {most} of the runs"))?;
        }
        _ => {}
    }
    let value = claim["value"].as_f64();
    match what {
        "values" => is(value.is_none(), || "values are no number".to_owned()),
        "cost" => agree("the cost", value.unwrap_or_default(), number(row, "cost").ok_or("no cost")?),
        "harmed" => {
            agree("the harmed", value.unwrap_or_default(), number(row, "saw_error.mean").ok_or("no such column")?)
        }
        "held" | "runs" => agree(what, value.unwrap_or_default(), number(row, what).ok_or("no such column")?),
        "sure" if said == "cheapest" => {
            agree("the probability", value.unwrap_or_default(), number(row, "cheapest_probability").ok_or("none")?)
        }
        "sure" => is(value.is_some_and(|sure| (0.0..=1.0).contains(&sure)), || "no probability".to_owned()),
        other => Err(format!("nothing decides `{other}`")),
    }
}

/// Judges the sentences of a manifest, and lies about their numbers; returns the kinds of claims.
fn judge(manifest: &Json, chart: &str, decide: impl Fn(&Json) -> Decided) -> BTreeSet<String> {
    let told = manifest["verdict"].as_array().unwrap();
    let answer: Vec<String> = told.iter().map(shown).collect();
    assert_eq!(manifest["answer"], serde_json::json!(answer));
    assert_eq!(manifest["titles"][chart], told[0]);
    let mut kinds = BTreeSet::new();
    for sentence in told {
        let outside = sentence["text"].as_str().unwrap();
        let bare: String = outside.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
        assert!(!bare.contains(|letter: char| letter.is_ascii_digit()), "a number without a claim: {outside}");
        for claim in sentence["claims"].as_array().unwrap() {
            assert_eq!(decide(claim), Ok(()), "{claim}\n    in: {}", shown(sentence));
            kinds.insert(format!("{} {}", claim["kind"].as_str().unwrap(), claim["is"].as_str().unwrap_or_default()));
            // Where another number would do as well, it is a probability that stands in no table.
            let decided = !(claim["what"] == "sure" && claim["is"] != "cheapest") && claim["is"] != "alike";
            if let Some(value) = claim["value"].as_f64().filter(|_| decided) {
                let mut lie = claim.clone();
                lie["value"] = (value * 1.02 + 1e-3).into();
                assert!(decide(&lie).is_err(), "{lie} is believed");
            }
        }
    }
    kinds
}

#[test]
fn what_find_says_is_what_its_table_shows_and_lies_are_found() {
    let mut kinds = BTreeSet::new();
    for (code, question) in QUESTIONS {
        let desk = Desk::with(&[("a.toml", SMALL)]);
        desk.run(&format!("find a.toml {question} --at-most 20 --quiet")).must(*code, "");
        let (manifest, rows) = (desk.json("out/a-find/manifest.json"), Rows::of(&desk.bytes("out/a-find/find.csv")));
        let path = manifest["setting"].as_str().unwrap();
        kinds.extend(judge(&manifest, "find", |claim| decide(&rows, path, claim)));
    }
    for kind in [
        "tried smallest",
        "tried largest",
        "tried holds",
        "tried fails",
        "tried low",
        "condition ",
        "name ",
        "bottleneck_at ",
    ] {
        assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
    }
}

#[test]
fn what_a_search_says_is_what_its_table_shows_and_lies_are_found() {
    let mut kinds = BTreeSet::new();
    let scenario = format!("{SMALL}[[threshold]]\nmetric = \"wait_ms.mean\"\nat_most = \"10 s\"\n");
    // Without nine servers no combination is enough for the last bound.
    let few = LEVERS.replace(", 9]", "]").replace(", 7]", "]");
    for (code, levers, bound) in
        [(0, LEVERS, "2 s"), (0, LEVERS, "20 ms"), (0, LEVERS, "0.001 ms"), (99, few.as_str(), "0.001 ms")]
    {
        let desk = Desk::with(&[("a.toml", &scenario), ("plan.toml", &levers.replace("BOUND", bound))]);
        desk.run("find plan.toml --search --quiet").must(code, "");
        let manifest = desk.json("out/plan-search/manifest.json");
        let rows = Rows::of(&desk.bytes("out/plan-search/search.csv"));
        kinds.extend(judge(&manifest, "search", |claim| decide_combination(&rows, 0.9, claim)));
    }
    assert!(kinds.contains("combination cheapest") && kinds.contains("combination all"), "{kinds:?}");
}
