//! `intervals.csv` as the oracle reads it: a column of numbers for each scope.

use std::collections::BTreeMap;

use dropstorm::vocabulary::Outcome;
use serde_json::Value as Json;

/// What a row sums up: everything, or what is left of it with the names that are stated.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    pub region: Option<String>,
    pub pool: Option<String>,
    pub request: Option<String>,
}

/// A range of intervals, by index, half open.
pub type Range = std::ops::Range<usize>;

/// The table of one run, or of the means of several.
#[derive(Clone)]
pub struct Table {
    /// Beginning of each interval in seconds from the drop.
    pub times: Vec<f64>,
    pub interval_s: f64,
    /// The values of each column by scope; NaN where a cell is blank.
    rows: BTreeMap<Scope, BTreeMap<String, Vec<f64>>>,
}

impl Scope {
    /// The scope that a claim states; a name of a key that is missing or null is no part of it.
    pub fn of(json: &Json) -> Scope {
        let name = |key: &str| json[key].as_str().filter(|name| *name != "all").map(str::to_owned);
        Scope { region: name("region"), pool: name("pool"), request: name("request") }
    }

    pub fn region(name: &str) -> Scope {
        Scope { region: Some(name.to_owned()), ..Scope::default() }
    }

    pub fn pool(name: &str) -> Scope {
        Scope { pool: Some(name.to_owned()), ..Scope::default() }
    }

    pub fn request(name: &str) -> Scope {
        Scope { request: Some(name.to_owned()), ..Scope::default() }
    }

    pub fn is_everything(&self) -> bool {
        *self == Scope::default()
    }

    /// The scope as claims write it.
    pub fn json(&self) -> Json {
        let parts = [("region", &self.region), ("pool", &self.pool), ("request", &self.request)];
        parts.into_iter().filter_map(|(key, name)| Some((key.to_owned(), Json::from(name.clone()?)))).collect()
    }
}

impl Table {
    /// Reads a file.
    pub fn read(bytes: &[u8], interval_s: f64) -> Table {
        let mut reader = csv::Reader::from_reader(bytes);
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let index = |name: &str| header.iter().position(|column| column == name).unwrap();
        let [time, region, pool, request] = ["time_s", "region", "pool", "request"].map(index);
        let words = ["time_s", "time", "clock", "scope", "region", "pool", "request"];
        let numbers: Vec<usize> = (0..header.len()).filter(|index| !words.contains(&header[*index].as_str())).collect();
        let mut table = Table { times: Vec::new(), interval_s, rows: BTreeMap::new() };
        for record in reader.records() {
            let record = record.unwrap();
            let name = |index: usize| Some(record[index].to_owned()).filter(|name| name != "all");
            let scope = Scope { region: name(region), pool: name(pool), request: name(request) };
            if scope.is_everything() {
                table.times.push(record[time].parse().unwrap());
            }
            let row = table.rows.entry(scope).or_default();
            for index in &numbers {
                let cell = &record[*index];
                let value = if cell.is_empty() { f64::NAN } else { cell.parse().unwrap() };
                row.entry(header[*index].clone()).or_default().push(value);
            }
        }
        table
    }

    /// A table of some columns, for tests of the oracle.
    pub fn made(interval_s: f64, start_s: f64, rows: BTreeMap<Scope, BTreeMap<String, Vec<f64>>>) -> Table {
        let length = rows.values().flat_map(BTreeMap::values).map(Vec::len).max().unwrap_or(0);
        Table { times: (0..length).map(|index| start_s + interval_s * index as f64).collect(), interval_s, rows }
    }

    pub fn len(&self) -> usize {
        self.times.len()
    }

    pub fn start_s(&self) -> f64 {
        self.times.first().copied().unwrap_or(0.0)
    }

    pub fn end_s(&self) -> f64 {
        self.start_s() + self.interval_s * self.len() as f64
    }

    pub fn has(&self, scope: &Scope) -> bool {
        self.rows.contains_key(scope)
    }

    /// The names of the scopes that have a name of one kind alone.
    pub fn names(&self, kind: &str) -> Vec<&str> {
        let named = self.rows.keys().filter_map(|scope| match (kind, &scope.region, &scope.pool, &scope.request) {
            ("region", Some(name), None, None) => Some(name.as_str()),
            ("pool", None, Some(name), None) => Some(name.as_str()),
            ("request", None, None, Some(name)) => Some(name.as_str()),
            _ => None,
        });
        named.collect()
    }

    /// The cells of a column as they stand in the file; `None` where there is no such row or column.
    pub fn cells(&self, scope: &Scope, name: &str) -> Option<&[f64]> {
        self.rows.get(scope)?.get(name).map(Vec::as_slice)
    }

    /// The values of a column in each interval; `None` where there is no such row or column. `errors` and `ended` are
    /// added up from the outcomes.
    pub fn column(&self, scope: &Scope, name: &str) -> Option<Vec<f64>> {
        let row = self.rows.get(scope)?;
        match name {
            // What a client kept back was never sent to the pool.
            "errors" => Some(self.outcomes(row, |outcome| outcome.is_error() && counted(outcome, scope))),
            "ended" => Some(self.outcomes(row, |outcome| counted(outcome, scope))),
            _ => row.get(name).cloned(),
        }
    }

    fn outcomes(&self, row: &BTreeMap<String, Vec<f64>>, counts: impl Fn(Outcome) -> bool) -> Vec<f64> {
        let mut total = vec![0.0; self.len()];
        for outcome in Outcome::ALL.iter().filter(|outcome| counts(**outcome)) {
            for (sum, value) in total.iter_mut().zip(row.get(outcome.name()).into_iter().flatten()) {
                *sum += if value.is_nan() { 0.0 } else { *value };
            }
        }
        total
    }

    /// The sum of a column over a range; blank cells are none. `None` where there is no such row or column.
    pub fn sum(&self, scope: &Scope, name: &str, range: &Range) -> Option<f64> {
        let column = self.column(scope, name)?;
        Some(column.get(range.clone())?.iter().filter(|value| !value.is_nan()).sum())
    }

    /// The names of the calls by one pool or to one, as `gateway/database`.
    pub fn calls(&self, caller: Option<&str>, callee: Option<&str>) -> Vec<&str> {
        let fits = |name: &&str| {
            name.split_once('/').is_some_and(|(from, to)| {
                caller.is_none_or(|caller| caller == from) && callee.is_none_or(|callee| callee == to)
            })
        };
        self.names("request").into_iter().filter(fits).collect()
    }

    /// The index of the interval that begins at a time; `None` if none does. The end of the last counts as the beginning of
    /// one more.
    pub fn index(&self, time_s: f64) -> Option<usize> {
        let index = (time_s - self.start_s()) / self.interval_s;
        let near = (index - index.round()).abs() < 1e-3 && index.round() >= 0.0;
        (near && index.round() as usize <= self.len()).then_some(index.round() as usize)
    }

    /// The intervals between two times, both of which are edges of intervals.
    pub fn range(&self, from_s: f64, to_s: f64) -> Option<Range> {
        let (from, to) = (self.index(from_s)?, self.index(to_s)?);
        (from < to).then_some(from..to)
    }

    /// The time at an index; that of the end for the index after the last.
    pub fn time(&self, index: usize) -> f64 {
        self.start_s() + self.interval_s * index as f64
    }
}

/// Whether the ends of attempts of a scope count in its rates: they were sent, or the scope counts what was not, and no copy
/// was served in their place.
fn counted(outcome: Outcome, scope: &Scope) -> bool {
    outcome != Outcome::Cancelled && (scope.pool.is_none() || outcome != Outcome::Refused)
}
