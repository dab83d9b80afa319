//! The oracle is tested by lies: a true report is changed in one place, and the oracle must object.

use serde_json::{Value as Json, json};

use super::evidence::Evidence;
use super::table::Scope;
use super::{check, omitted, printed};

/// How many lies were told, and those that nobody objected to.
#[derive(Default)]
pub struct Tally {
    pub told: usize,
    pub believed: Vec<String>,
}

/// A way to make a false claim of a true one; none where it does not apply.
type Lie = fn(&Evidence, &Json) -> Vec<Json>;

const LIES: &[(&str, Lie)] = &[
    ("3% off", off),
    ("moved by one interval", moved),
    ("another pool", swapped),
    ("the other end", turned),
    ("another window", widened),
];

impl Tally {
    /// Tells every lie about a run whose claims are true.
    pub fn tell(&mut self, name: &str, evidence: &Evidence) {
        for sentence in evidence.sentences() {
            let claims = sentence["claims"].as_array().map(Vec::as_slice).unwrap_or_default();
            claims.iter().for_each(|claim| self.tell_of(name, evidence, claim, claims));
        }
        for (what, summary) in left_out(evidence) {
            let objects = !omitted::omissions(&evidence.with(summary)).is_empty();
            self.count(objects, || format!("{name}: {what} is left out"));
        }
    }

    /// Tells every lie about one claim of a sentence.
    fn tell_of(&mut self, name: &str, evidence: &Evidence, claim: &Json, beside: &[Json]) {
        for (lie, tell) in LIES {
            for false_claim in tell(evidence, claim) {
                let objects = check::decide(evidence, &false_claim, beside).is_err();
                self.count(objects, || format!("{name}: {lie}: {false_claim}"));
            }
        }
        for misprint in misprints(claim) {
            let objects = printed::decide(evidence, &misprint).is_err();
            self.count(objects, || format!("{name}: misprint: {misprint}"));
        }
    }

    fn count(&mut self, objects: bool, what: impl Fn() -> String) {
        self.told += 1;
        if !objects {
            self.believed.push(what());
        }
    }

    /// The share of lies that the oracle objected to.
    pub fn caught(&self) -> f64 {
        1.0 - self.believed.len() as f64 / self.told.max(1) as f64
    }
}

/// A claim with other values of some keys.
fn with(claim: &Json, changed: &[(&str, Json)]) -> Json {
    let mut claim = claim.clone();
    for (key, value) in changed {
        claim[*key] = value.clone();
    }
    claim
}

fn number(claim: &Json, key: &str) -> Option<f64> {
    claim[key].as_f64()
}

fn off(_: &Evidence, claim: &Json) -> Vec<Json> {
    let timed =
        ["begins", "over", "not_over", "few_after", "moment"].contains(&claim["kind"].as_str().unwrap_or_default());
    let keys = ["value", "low", "high", "median"].into_iter().filter(|key| !timed || *key != "value");
    let changed = |key: &'static str| number(claim, key).filter(|value| *value != 0.0).map(|value| (key, value));
    keys.filter_map(changed)
        .flat_map(|(key, value)| [0.97, 1.03].map(|factor| with(claim, &[(key, json!(value * factor))])))
        .collect()
}

fn moved(evidence: &Evidence, claim: &Json) -> Vec<Json> {
    let keys: &[&str] = match claim["kind"].as_str().unwrap_or_default() {
        "begins" => &["value", "until_s"],
        "over" | "not_over" | "few_after" => &["value", "since_s"],
        _ => &[],
    };
    let interval = evidence.table.interval_s;
    let moves = keys.iter().filter_map(|key| Some((*key, number(claim, key)?)));
    moves.flat_map(|(key, value)| [-interval, interval].map(|by| with(claim, &[(key, json!(value + by))]))).collect()
}

fn swapped(evidence: &Evidence, claim: &Json) -> Vec<Json> {
    let pools = evidence.table.names("pool");
    let other = |name: &str| pools.iter().find(|pool| **pool != name).map(|pool| json!(pool));
    let by_name = ["cause", "most"].contains(&claim["kind"].as_str().unwrap_or_default());
    if by_name && let Some(name) = claim["name"].as_str().filter(|name| pools.contains(name)) {
        return other(name).map(|name| with(claim, &[("name", name)])).into_iter().collect();
    }
    if let Some(name) = claim["pool"].as_str() {
        return other(name).map(|name| with(claim, &[("pool", name)])).into_iter().collect();
    }
    let Some(name) = claim["scope"]["pool"].as_str() else { return Vec::new() };
    let mut claim = claim.clone();
    other(name)
        .map(|other| {
            claim["scope"]["pool"] = other;
            claim
        })
        .into_iter()
        .collect()
}

/// What is over is told as not over, and the other way round, with true figures of what comes after.
fn turned(evidence: &Evidence, claim: &Json) -> Vec<Json> {
    let kind = claim["kind"].as_str().unwrap_or_default();
    let (Some(end), Some(course)) = (number(claim, "value"), evidence.course(&Scope::of(&claim["scope"]))) else {
        return Vec::new();
    };
    let Some(end) = evidence.table.index(end) else { return Vec::new() };
    let rest = end..evidence.frame.range.end;
    let (failed, ended) = course.counts.over(&rest);
    let sent = course.counts.sent(&rest);
    let rate = if ended > 0.0 { failed / ended } else { 0.0 };
    match kind {
        "over" => ["not_over", "few_after"]
            .map(|kind| {
                with(claim, &[("kind", json!(kind)), ("sent_after", json!(sent)), ("ended_after", json!(ended))])
            })
            .into(),
        "not_over" | "few_after" => {
            vec![with(claim, &[("kind", json!("over")), ("attempts_after", json!(ended)), ("rate_after", json!(rate))])]
        }
        _ => Vec::new(),
    }
}

/// The window is twice as long; a worst is what is truly the worst in windows of that length.
fn widened(evidence: &Evidence, claim: &Json) -> Vec<Json> {
    let Some(window_s) = number(claim, "window_s") else { return Vec::new() };
    let wide = with(claim, &[("window_s", json!(2.0 * window_s))]);
    if claim["kind"] != "worst" {
        return vec![wide];
    }
    let edges = number(claim, "over_from_s").zip(number(claim, "over_to_s"));
    let Some(over) = edges.and_then(|(from, to)| evidence.table.range(from, to)) else { return vec![wide] };
    let scope = Scope::of(&claim["scope"]);
    let cells = |key: &str| evidence.table.column(&scope, claim[key].as_str().unwrap_or_default());
    let (Some(num), Some(den)) = (cells("num"), cells("den")) else { return vec![wide] };
    let window = 2 * evidence.frame.window;
    let rated = (over.start..over.end).filter(|from| from + window <= over.end).filter_map(|from| {
        let sum = |cells: &[f64]| cells[from..from + window].iter().sum::<f64>();
        (sum(&den) > 0.0).then(|| (from, sum(&num) / sum(&den)))
    });
    let worst = rated.max_by(|one, other| one.1.total_cmp(&other.1));
    let told = worst.map(|(from, rate)| {
        let [from_s, to_s] = [from, from + window].map(|index| json!(evidence.table.time(index)));
        with(&wide, &[("value", json!(rate)), ("from_s", from_s), ("to_s", to_s)])
    });
    vec![told.unwrap_or(wide)]
}

/// The text states a number that is 3% off, where its digits can tell.
fn misprints(claim: &Json) -> Vec<Json> {
    let text = claim["text"].as_str().unwrap_or_default();
    let dated = text.contains(':');
    let words: Vec<&str> = text.split(' ').collect();
    let change = |(index, word): (usize, &&str)| {
        let start = word.find(|letter: char| letter.is_ascii_digit())?;
        let digits: String =
            word[start..].chars().take_while(|letter| letter.is_ascii_digit() || *letter == '.').collect();
        let value: f64 = digits.trim_end_matches('.').parse().ok()?;
        let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let other = format!("{:.decimals$}", value * 1.03 + libm::pow(10.0, -(decimals as f64)));
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        words[index] = words[index].replacen(digits.trim_end_matches('.'), &other, 1);
        Some(with(claim, &[("text", json!(words.join(" ")))]))
    };
    if dated || ["name", "most", "cause"].contains(&claim["kind"].as_str().unwrap_or_default()) {
        return Vec::new();
    }
    words.iter().enumerate().find_map(change).into_iter().collect()
}

/// The summary without the sentences that tell of one thing.
fn left_out(evidence: &Evidence) -> Vec<(String, Json)> {
    let of_end = ["begins", "over", "not_over", "few_after"];
    let kind = |claim: &Json| claim["kind"].as_str().unwrap_or_default().to_owned();
    let mut found = Vec::new();
    let mut without = |what: String, tells: &dyn Fn(&Json) -> bool| {
        let mut summary = evidence.summary.clone();
        let mut changed = false;
        for key in ["verdict", "findings"] {
            for sentence in summary[key].as_array_mut().into_iter().flatten() {
                if let Some(claims) = sentence["claims"].as_array_mut() {
                    let before = claims.len();
                    claims.retain(|claim| !tells(claim));
                    changed |= claims.len() < before;
                }
            }
        }
        if changed {
            found.push((what, summary));
        }
    };
    for of in ["errors", "waiting"] {
        let everything = |claim: &Json| Scope::of(&claim["scope"]).is_everything() && claim["of"] == of;
        without(format!("the end of trouble of {of}"), &|claim| {
            everything(claim) && of_end.contains(&claim["kind"].as_str().unwrap_or_default())
        });
    }
    without("what is steady".to_owned(), &|claim| claim["kind"] == "steady");
    for kind in ["saw_error", "gave_up", "waited", "stalled", "degraded"] {
        without(format!("harm.{kind}"), &|claim| {
            claim["path"] == format!("harm.{kind}") && number(claim, "value").unwrap_or(1.0) > 0.0
        });
    }
    without("a limit".to_owned(), &|claim| claim["kind"] == "bound");
    without("the scale".to_owned(), &|claim| {
        claim["kind"] == "factor" && claim["path"].as_str().is_some_and(|path| path.ends_with("capacity_at_scale"))
    });
    without("waits of calls".to_owned(), &|claim| claim["kind"] == "highest" && claim["column"] == "wait_mean_ms");
    without("repeated attempts".to_owned(), &|claim| claim["path"] == "amplification.total");
    without("stalls".to_owned(), &|claim| claim["kind"] == "highest" && claim["column"] == "stalled_share");
    without("the regions of troubles".to_owned(), &|claim| claim["kind"] == "part" && claim["whole"] == "regions");
    without("failures at other times".to_owned(), &|claim| kind(claim).starts_with("elsewhen"));
    without("trouble that is not measured".to_owned(), &|claim| kind(claim).starts_with("unmeasured"));
    without("a cold cache".to_owned(), &|claim| kind(claim).starts_with("cache_hits"));
    without("what a full cache would answer".to_owned(), &|claim| kind(claim) == "full_cache");
    without("what clients kept back".to_owned(), &|claim| claim["num"] == "refused" || claim["column"] == "refused");
    without("calls".to_owned(), &|claim| claim["kind"] == "factor" && claim["path"] == "amplification.calls");
    without("the states".to_owned(), &|claim| claim["kind"] == "runs" && claim["scope"].is_null());
    found
}
