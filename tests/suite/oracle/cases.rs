//! Every case of `tests/cases` is what `right.toml` says: by the definitions, by its figures, and by its sentences.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use rayon::prelude::*;
use toml::{Table as Toml, Value};

use super::check::at_path;
use super::evidence::{Evidence, Order};
use super::judge::faults;
use super::mutation::Tally;
use super::rule::Course;
use super::table::Scope;
use crate::long_tests;

/// A case: its file, and what is right.
pub struct Case {
    pub name: String,
    pub file: PathBuf,
    right: Toml,
}

pub fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The cases below a folder that are run, in order; `""` is for those in no folder.
pub fn cases(folder: &str) -> Vec<Case> {
    let right: Toml = std::fs::read_to_string(home().join("right.toml")).unwrap().parse().unwrap();
    let found = right.into_iter().filter_map(|(name, right)| {
        let file = home().join(format!("{}.toml", name.split('@').next().unwrap_or_default()));
        assert!(file.exists(), "{} is missing", file.display());
        let right = right.try_into::<Toml>().unwrap();
        let own = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        (own == folder && right.get("run") != Some(&Value::Boolean(false))).then_some(Case { name, file, right })
    });
    found.collect()
}

impl Case {
    /// Whether the case takes more than a second or two.
    fn is_long(&self) -> bool {
        self.right.get("long").is_some()
    }

    pub fn order(&self) -> Order<'_> {
        let mut order = Order::of(&self.file);
        for (path, value) in self.right.get("set").and_then(Value::as_table).into_iter().flatten() {
            order = order.with(path, value.to_string().trim_matches('"'));
        }
        let replications = self.right.get("replications").and_then(Value::as_integer);
        Order { replications: replications.unwrap_or(1) as u64, ..order }
    }

    /// What is wrong with a run, by what is right.
    pub fn against(&self, evidence: &Evidence) -> Vec<String> {
        let mut wrong = Vec::new();
        for (key, value) in &self.right {
            let found = match key.as_str() {
                "right" | "set" | "long" | "replications" | "run" => continue,
                "exit" => same("the exit code", evidence.ended.code.map(i64::from), value.as_integer()),
                "figures" => figures(evidence, value.as_table().unwrap()),
                "places" => places(evidence, value.as_table().unwrap()),
                "causes" => causes(evidence, value.as_table().unwrap()),
                "begins" | "over" => moments(evidence, key, value),
                "troubles" => {
                    let count = |course: Course| course.troubles.len() as i64;
                    same("the number of troubles", evidence.course(&Scope::default()).map(count), value.as_integer())
                }
                "state" => state(evidence, &Scope::default(), value.as_str().unwrap()),
                "level" => {
                    let level = |course: Course| course.steady.map(|steady| steady.level.word());
                    same("the level", evidence.course(&Scope::default()).and_then(level), value.as_str())
                }
                other => vec![format!("`{other}` is no fact")],
            };
            wrong.extend(found);
        }
        wrong
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: Option<T>, right: Option<T>) -> Vec<String> {
    if found == right { Vec::new() } else { vec![format!("{what} is {found:?}, not {right:?}")] }
}

/// The state of a scope by the definitions, and of everything as the summary has it.
fn state(evidence: &Evidence, scope: &Scope, right: &str) -> Vec<String> {
    let states = evidence.course(scope).map(|course| course.states(&evidence.frame)).unwrap_or_default();
    let mut wrong = Vec::new();
    if evidence.runs.is_empty() && !states.contains(&right) {
        wrong.push(format!("{} is {states:?}, not {right}", scope.json()));
    }
    if scope.is_everything()
        && evidence.runs.is_empty()
        && let Some(stated) = evidence.summary["trouble"]["state"].as_str()
    {
        wrong.extend(same("trouble.state", Some(stated), Some(right)));
    }
    wrong
}

fn places(evidence: &Evidence, right: &Toml) -> Vec<String> {
    let wrong = right.iter().flat_map(|(place, right)| {
        let scope = match place.split_once(' ') {
            Some(("region", name)) => Scope::region(name),
            Some(("request", name)) => Scope::request(name),
            _ => panic!("`{place}` is no place"),
        };
        state(evidence, &scope, right.as_str().unwrap())
    });
    wrong.collect()
}

/// The begin of the first trouble or the end of the last lies between two moments.
fn moments(evidence: &Evidence, key: &str, right: &Value) -> Vec<String> {
    let course = evidence.course(&Scope::default()).unwrap();
    let index = match key {
        "begins" => course.troubles.first().map(|it| it.range.start).or(course.waiting.first().map(|it| it.start)),
        _ => course.troubles.last().map(|it| it.range.end).max(course.waiting.last().map(|it| it.end)),
    };
    let at = index.map(|index| evidence.table.time(index));
    let (low, high) = interval(right);
    match at {
        Some(at) if at >= low && at <= high => Vec::new(),
        at => vec![format!("{key} at {at:?}, not at {low} to {high}")],
    }
}

fn interval(value: &Value) -> (f64, f64) {
    let number = |value: &Value| value.as_float().or(value.as_integer().map(|whole| whole as f64)).unwrap();
    match value.as_array() {
        Some(ends) => (number(&ends[0]), number(&ends[1])),
        None => (number(value), number(value)),
    }
}

/// Figures of the summary lie within their limits.
fn figures(evidence: &Evidence, right: &Toml) -> Vec<String> {
    let wrong = right.iter().filter_map(|(path, right)| {
        let (low, high) = interval(right);
        match at_path(&evidence.summary, path) {
            Some(value) if value >= low && value <= high => None,
            value => Some(format!("{path} is {value:?}, not {low} to {high}")),
        }
    });
    wrong.collect()
}

/// The verdict names each of these pools with its cause.
fn causes(evidence: &Evidence, right: &Toml) -> Vec<String> {
    let claims = evidence.claims();
    let told = |pool: &str, is: &str| {
        let is = |claim: &&&serde_json::Value| claim["kind"] == "cause" && claim["name"] == pool && claim["is"] == is;
        claims.iter().any(|claim| is(&claim))
    };
    let missing = right.iter().filter(|(pool, is)| !told(pool, is.as_str().unwrap()));
    missing.map(|(pool, is)| format!("that `{pool}` is {is} is not told")).collect()
}

/// Holds the cases of a folder against what is right, and judges every sentence.
#[track_caller]
pub fn are_right(folder: &str, long: bool) {
    let mut cases: Vec<Case> = cases(folder).into_iter().filter(|case| case.is_long() == long).collect();
    assert!(!cases.is_empty());
    if long {
        cases.truncate(long_tests::share(cases.len() as u64) as usize);
    }
    let wrong: Vec<String> = long_tests::part(cases.iter()).flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// Everything that is wrong with a case.
fn wrong(case: &Case) -> Vec<String> {
    wrong_with(case, &case.order().run())
}

fn wrong_with(case: &Case, run: &Result<Evidence, String>) -> Vec<String> {
    let found = match run {
        Ok(evidence) => [case.against(evidence), faults(evidence)].concat(),
        Err(why) => vec![why.clone()],
    };
    found.into_iter().map(|fault| format!("{}: {fault}", case.name)).collect()
}

#[test]
fn public_cases_are_told_as_they_are() {
    are_right("", false);
}

/// The scenarios that break definitions, and their runs.
static WORDS: LazyLock<Vec<(Case, Result<Evidence, String>)>> = LazyLock::new(|| {
    let run = |case: Case| {
        let run = case.order().run();
        (case, run)
    };
    cases("words").into_par_iter().map(run).collect()
});

#[test]
fn scenarios_that_break_definitions_are_told_as_they_are() {
    let wrong: Vec<String> = WORDS.iter().flat_map(|(case, run)| wrong_with(case, run)).collect();
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// Of lies about what is told as it is, 99 in 100 at least are not believed.
#[test]
fn lies_about_scenarios_that_break_definitions_are_not_believed() {
    let mut tally = Tally::default();
    for (case, run) in WORDS.iter() {
        if let Ok(evidence) = run.as_ref()
            && faults(evidence).is_empty()
        {
            tally.tell(&case.name, evidence);
        }
    }
    let (believed, told) = (tally.believed.len(), tally.told);
    assert!(told > 1000 && tally.caught() >= 0.99, "{believed} of {told} are believed:\n{}", tally.believed.join("\n"));
}

#[test]
fn scenarios_of_pictures_are_told_as_they_are() {
    are_right("pictures", false);
}

#[test]
fn published_results_are_told_as_they_are() {
    are_right("published", false);
}

mod long {
    use super::are_right;
    use crate::long_tests::in_full;

    #[test]
    fn cases_that_take_long_are_told_as_they_are() {
        let folders: &[&str] = if in_full() { &["", "pictures"] } else { &["pictures"] };
        folders.iter().for_each(|folder| are_right(folder, true));
    }
}

/// Every file is a case, or a plan, or stated not to be run.
#[test]
fn every_file_says_what_is_right() {
    let right: Toml = std::fs::read_to_string(home().join("right.toml")).unwrap().parse().unwrap();
    for folder in ["", "words", "pictures", "published", "hostile"] {
        for entry in std::fs::read_dir(home().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let name = if folder.is_empty() { stem.to_owned() } else { format!("{folder}/{stem}") };
            let is_case = path.extension().is_some_and(|it| it == "toml") && stem != "right";
            assert!(
                !is_case || right.get(&name).is_some_and(|it| it.get("right").is_some()),
                "{name} says nothing of what is right"
            );
        }
    }
}
