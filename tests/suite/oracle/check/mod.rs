//! One checker for each kind of claim: what it states is computed anew and must be equal.

mod among;
mod begins;
mod bound;
mod cache_hits;
mod cause;
mod count;
mod elsewhen;
mod factor;
mod few_after;
mod figure;
mod group;
mod highest;
mod late;
mod length;
mod median;
mod moment;
mod most;
mod name;
mod none;
mod not_over;
mod offered;
mod over;
mod part;
mod people;
mod plateau;
mod range;
mod rate;
mod rate_in_runs;
mod runs;
mod sent_in_runs;
mod steady;
mod stuck;
mod sum;
mod unmeasured;
mod unserved_in_runs;
mod while_limited;
mod worst;

use serde_json::Value as Json;

pub use cache_hits::{cold as cold_cache, is_never_full};
pub use elsewhen::{OUTCOMES, elsewhen, most_of_run};
pub use median::median;
pub use runs::{failing, stretch};
pub use unmeasured::{largest, unmeasured};

use super::evidence::Evidence;
use super::rule::{Course, Trouble};
use super::table::{Range, Scope};

/// Whether a claim is true; else why it is not.
pub type Decided = Result<(), String>;

/// A claim, and what it is decided by.
pub struct Case<'a> {
    pub evidence: &'a Evidence,
    pub claim: &'a Json,
    /// All claims of its sentence.
    pub beside: &'a [Json],
}

type Checker = fn(&Case<'_>) -> Decided;

/// The kinds of claims. `difference` is decided where two runs are compared.
const KINDS: &[(&str, Checker)] = &[
    ("among", among::decide),
    ("begins", begins::decide),
    ("bound", bound::decide),
    ("cache_hits", cache_hits::decide),
    ("cache_hits_in_runs", cache_hits::in_runs),
    ("can_serve", stuck::can_serve),
    ("cause", cause::decide),
    ("count", count::decide),
    ("elsewhen", elsewhen::decide),
    ("elsewhen_in_runs", elsewhen::in_runs),
    ("factor", factor::decide),
    ("few_after", few_after::decide),
    ("first_tries", stuck::first_tries),
    ("figure", figure::decide),
    ("full_cache", cache_hits::full),
    ("group", group::decide),
    ("highest", highest::decide),
    ("late", late::decide),
    ("length", length::decide),
    ("lowest", highest::lowest),
    ("median", median::decide),
    ("moment", moment::decide),
    ("most", most::decide),
    ("name", name::decide),
    ("none", none::decide),
    ("not_over", not_over::decide),
    ("offered", offered::decide),
    ("offered_in_runs", offered::in_runs),
    ("over", over::decide),
    ("part", part::decide),
    ("people", people::decide),
    ("plateau", plateau::decide),
    ("range", range::decide),
    ("rate", rate::decide),
    ("rate_in_runs", rate_in_runs::decide),
    ("runs", runs::decide),
    ("steady", steady::decide),
    ("sent_in_runs", sent_in_runs::decide),
    ("stuck", stuck::decide),
    ("sum", sum::decide),
    ("unmeasured", unmeasured::decide),
    ("unmeasured_in_runs", unmeasured::in_runs),
    ("unserved_in_runs", unserved_in_runs::decide),
    ("while_limited", while_limited::decide),
    ("worst", worst::decide),
];

/// Decides a claim of a sentence by its figures; what it prints is judged apart from them.
///
/// # Errors
/// Why the claim is false, or that nothing decides it.
pub fn decide(evidence: &Evidence, claim: &Json, beside: &[Json]) -> Decided {
    let kind = claim["kind"].as_str().unwrap_or_default();
    let Some((_, checker)) = KINDS.iter().find(|(known, _)| *known == kind) else {
        return Err(format!("no checker knows the kind `{kind}`"));
    };
    checker(&Case { evidence, claim, beside })
}

/// Whether two figures are the same. Cells have six digits, so sums of them are not exact.
pub fn same(stated: f64, right: f64) -> bool {
    (stated - right).abs() <= 2e-4 * stated.abs().max(right.abs()) + 1e-6
}

/// Fails unless a stated figure is right.
pub fn agree(what: &str, stated: f64, right: f64) -> Decided {
    if same(stated, right) { Ok(()) } else { Err(format!("{what} is {right}, not {stated}")) }
}

/// The figure at a dotted path of the summary: its mean, or the number itself. Names may hold dots.
pub fn at_path(json: &Json, path: &str) -> Option<f64> {
    if path.is_empty() {
        return json.as_f64().or_else(|| json["mean"].as_f64()).or_else(|| json["value"].as_f64());
    }
    if let Some(list) = json.as_array() {
        let (index, rest) = path.split_once('.').unwrap_or((path, ""));
        return at_path(list.get(index.parse::<usize>().ok()?)?, rest);
    }
    let fields = json.as_object()?;
    let below = fields.iter().filter_map(|(key, value)| Some((path.strip_prefix(key.as_str())?, value)));
    below
        .filter_map(|(rest, value)| match rest.strip_prefix('.') {
            Some(rest) => at_path(value, rest),
            None if rest.is_empty() => at_path(value, ""),
            None => None,
        })
        .next()
}

impl Case<'_> {
    pub fn number(&self, key: &str) -> Result<f64, String> {
        self.claim[key].as_f64().ok_or_else(|| format!("`{key}` is missing"))
    }

    pub fn text(&self, key: &str) -> Result<&str, String> {
        self.claim[key].as_str().ok_or_else(|| format!("`{key}` is missing"))
    }

    /// The scope that the claim states, which must be one of the table.
    pub fn scope(&self) -> Result<Scope, String> {
        if !self.claim["scope"].is_object() {
            return Err("`scope` is missing".to_owned());
        }
        let scope = Scope::of(&self.claim["scope"]);
        if self.evidence.table.has(&scope) { Ok(scope) } else { Err(format!("no row is of {scope:?}")) }
    }

    /// The measured intervals between two moments that the claim states.
    pub fn between(&self, from: &str, to: &str) -> Result<Range, String> {
        let (from_s, to_s) = (self.number(from)?, self.number(to)?);
        let range = self.evidence.table.range(from_s, to_s);
        let range = range.ok_or_else(|| format!("{from_s} to {to_s} are no edges of intervals"))?;
        let measured = &self.evidence.frame.range;
        let inside = range.start >= measured.start && range.end <= measured.end;
        if inside { Ok(range) } else { Err(format!("{from_s} to {to_s} is not measured")) }
    }

    /// The intervals from `from_s` to `to_s`.
    pub fn range(&self) -> Result<Range, String> {
        self.between("from_s", "to_s")
    }

    /// The cells of a column, blank ones as 0; `capacity` is what a pool could serve.
    pub fn cells(&self, scope: &Scope, column: &str) -> Result<Vec<f64>, String> {
        let table = &self.evidence.table;
        let (name, times) = if column == "capacity" { ("capacity_per_s", table.interval_s) } else { (column, 1.0) };
        let cells =
            table.column(scope, name).ok_or_else(|| format!("there is no column `{column}` in rows of {scope:?}"))?;
        Ok(cells.into_iter().map(|cell| if cell.is_nan() { 0.0 } else { cell * times }).collect())
    }

    /// The sum of a column over a range.
    pub fn total(&self, scope: &Scope, column: &str, range: &Range) -> Result<f64, String> {
        Ok(self.cells(scope, column)?[range.clone()].iter().sum())
    }

    /// Fails unless the window is that of the run.
    pub fn window(&self) -> Decided {
        agree("the window", self.number("window_s")?, self.evidence.frame.window_s())
    }

    /// Fails unless the bound is that of the run: an error rate, or seconds of waiting.
    pub fn bound(&self) -> Decided {
        let frame = &self.evidence.frame;
        let right = if self.claim["of"] == "waiting" || self.claim["of_trouble"] == "waiting" {
            frame.wait_s
        } else {
            frame.bound
        };
        agree("the bound", self.number("bound")?, right)
    }

    /// The course of the scope that the claim states.
    pub fn course(&self) -> Result<Course, String> {
        let scope = self.scope()?;
        self.evidence.course(&scope).ok_or_else(|| format!("{scope:?} has no attempts"))
    }

    /// The interval that begins at a moment that the claim states.
    pub fn index(&self, key: &str) -> Result<usize, String> {
        let time_s = self.number(key)?;
        self.evidence.table.index(time_s).ok_or_else(|| format!("{time_s} is no edge of an interval"))
    }

    /// The trouble of the course that begins and ends at two moments that the claim states.
    pub fn trouble(&self, course: &Course, from: &str, to: &str) -> Result<Trouble, String> {
        let (from, to) = (self.index(from)?, self.index(to)?);
        let told = course.troubles.iter().find(|trouble| trouble.range == (from..to));
        let spans = || course.troubles.iter().map(|trouble| self.spell(&trouble.range)).collect::<Vec<_>>().join(", ");
        told.cloned().ok_or_else(|| format!("{} is no trouble; there are: {}", self.spell(&(from..to)), spans()))
    }

    /// The stretch of waiting that begins and ends at two moments that the claim states.
    pub fn waiting(&self, course: &Course, from: &str, to: &str) -> Result<Range, String> {
        let (from, to) = (self.index(from)?, self.index(to)?);
        let told = course.waiting.iter().find(|range| **range == (from..to));
        let spans = || course.waiting.iter().map(|range| self.spell(range)).collect::<Vec<_>>().join(", ");
        told.cloned().ok_or_else(|| format!("{} is no waiting; there are: {}", self.spell(&(from..to)), spans()))
    }

    pub fn is_of_waiting(&self) -> Result<bool, String> {
        match self.text("of")? {
            "errors" => Ok(false),
            "waiting" => Ok(true),
            other => Err(format!("there is no trouble of `{other}`")),
        }
    }

    pub fn spell(&self, range: &Range) -> String {
        let table = &self.evidence.table;
        format!("{} to {} s", table.time(range.start), table.time(range.end))
    }
}

#[test]
fn figures_are_found_by_their_paths_even_below_names_with_dots() {
    let json = serde_json::json!({ "pools": { "a.b": { "x": { "mean": 2.0, "n": 1 } } }, "list": [{ "y": 3 }] });
    assert_eq!(at_path(&json, "pools.a.b.x"), Some(2.0));
    assert_eq!(at_path(&json, "list.0.y"), Some(3.0));
    assert_eq!((at_path(&json, "list.1.y"), at_path(&json, "pools.a")), (None, None));
    assert!(same(1.0001, 1.0) && !same(1.01, 1.0) && same(0.0, 0.0));
}
