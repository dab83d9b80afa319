//! What the oracle judges by: the files of a run, and the table of each of its replications.

use std::collections::BTreeMap;
use std::path::Path;

use dropstorm::experiment;
use dropstorm::measure::{self, Figures, Measurements};
use dropstorm::model::Model;
use dropstorm::report::{self, Context};
use dropstorm::scenario::Scenario;
use dropstorm::scenario::spec::Spec;
use dropstorm::vocabulary::{self, Column, Distribution, Harm};
use serde_json::Value as Json;

use super::rule::{Course, End, Frame, course, saturation, worst};
use super::table::{Range, Scope, Table};
use crate::desk::{Desk, Ended};

/// A run that is judged.
pub struct Evidence {
    pub scenario: Scenario,
    pub summary: Json,
    pub table: Table,
    pub frame: Frame,
    /// The table of each replication; empty for one alone.
    pub runs: Vec<Table>,
    /// What is recorded of each whole replication and stands in no table, by the path of the figure; NaN where there is none.
    pub figures: Vec<BTreeMap<String, f64>>,
    /// What the command printed, and its exit code.
    pub ended: Ended,
}

/// What is run: a file, settings, and how often.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    pub file: &'a Path,
    pub settings: Vec<(String, String)>,
    pub replications: u64,
    /// Number of events after which the command ends a run.
    pub limit: Option<u64>,
}

impl<'a> Order<'a> {
    pub fn of(file: &'a Path) -> Order<'a> {
        Order { file, settings: Vec::new(), replications: 1, limit: None }
    }

    pub fn with(mut self, path: &str, value: impl ToString) -> Order<'a> {
        self.settings.push((path.to_owned(), value.to_string()));
        self
    }

    /// Runs the command and reads what it leaves.
    ///
    /// # Errors
    /// What the command printed, if it leaves no files.
    pub fn run(&self) -> Result<Evidence, String> {
        let scenario = Scenario::read(self.file).and_then(|scenario| scenario.with_all(&self.settings));
        let scenario = scenario.map_err(|problems| problems.to_string())?;
        let desk = Desk::with(&[]);
        let mut command = desk.command("run --out out --charts none --jobs 1");
        command.arg(self.file).args(["--replications", &self.replications.to_string()]);
        if let Some(limit) = self.limit {
            command.args(["--limit-events", &limit.to_string()]);
        }
        for (path, value) in &self.settings {
            command.args(["--set", &format!("{path}={value}")]);
        }
        let ended = Ended::of(command.output().unwrap());
        let folder = format!("out/{}", scenario.name());
        if !desk.names(&folder).contains(&"summary.json".to_owned()) {
            return Err(format!("{:?}\n{}\n{}", ended.code, ended.out, ended.err));
        }
        let summary = desk.json(&format!("{folder}/summary.json"));
        let interval_s = scenario.spec().interval.seconds();
        let table = Table::read(&desk.bytes(&format!("{folder}/intervals.csv")), interval_s);
        let each = if self.replications > 1 { replications(&scenario, self.replications) } else { Vec::new() };
        let (runs, figures) = each.into_iter().unzip();
        let frame = Frame::of(&summary, &table);
        Ok(Evidence { scenario, summary, table, frame, runs, figures, ended })
    }
}

/// The table and the figures of each replication, through the library.
pub fn replications(scenario: &Scenario, replications: u64) -> Vec<(Table, BTreeMap<String, f64>)> {
    let (spec, model) = (scenario.spec(), Model::compile(scenario));
    let context = Context::of(scenario, &model, &[]);
    experiment::replicate(&model, spec.seed, 0..replications, |run| {
        let figures = Figures::of(std::slice::from_ref(&run));
        let table = report::files::intervals::csv(&context, &figures).unwrap();
        let mut known = recorded(&run, spec);
        for (index, name) in context.requests.iter().enumerate() {
            if let Some(row) = run.layout.row_of(vocabulary::Scope::request(index)) {
                let median = run.percentile(row, Distribution::Latency, 0.5);
                known.insert(format!("requests.{name}.latency_ms.p50"), median);
            }
        }
        (Table::read(&table, spec.interval.seconds()), known)
    })
}

/// What is recorded of a whole run and stands in no table: people, each once, and percentiles.
fn recorded(run: &Measurements, spec: &Spec) -> BTreeMap<String, f64> {
    let mut known = BTreeMap::new();
    let regions = spec.region.keys().enumerate().map(|(index, name)| (Some(index), format!("regions.{name}.")));
    for (region, before) in std::iter::once((None, "harm.".to_owned())).chain(regions) {
        let people = run.people(region);
        for (harm, number) in Harm::ALL.iter().zip(people.harmed) {
            known.insert(format!("{before}{}", harm.name()), number as f64 / spec.scale);
        }
        let present = if region.is_none() { "viewers.present".to_owned() } else { format!("{before}present") };
        known.insert(present, people.present as f64 / spec.scale);
    }
    for (end, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        known.insert(format!("latency_ms.{end}"), run.percentile(0, Distribution::Latency, share));
        known.insert(format!("waiting_room.wait_ms.{end}"), run.percentile(0, Distribution::RoomWait, share));
    }
    known.insert("start_time_ms.p50".to_owned(), run.percentile(0, Distribution::StartTime, 0.5));
    let rows: Vec<_> = run.layout.measured.clone().filter_map(|interval| run.row(interval, 0)).collect();
    known.insert("wasted_share".to_owned(), measure::over_window(&rows, Column::WastedShare, 1.0));
    known.insert("waiting_room.at_end".to_owned(), run.ledger.in_rooms as f64 / spec.scale);
    known
}

impl Evidence {
    /// The sentences of the verdict and the further findings.
    pub fn verdict_and_findings(&self) -> impl Iterator<Item = &Json> {
        ["verdict", "findings"].into_iter().flat_map(|key| self.summary[key].as_array()).flatten()
    }

    /// The sentences of the verdict, the findings, the key figures and the titles, in one list.
    pub fn sentences(&self) -> Vec<&Json> {
        let figures = self.summary["key_figures"].as_array().into_iter().flatten();
        self.verdict_and_findings()
            .chain(figures)
            .chain(self.summary["titles"].as_object().into_iter().flat_map(|titles| titles.values()))
            .collect()
    }

    /// Every claim of every sentence.
    pub fn claims(&self) -> Vec<&Json> {
        self.sentences().into_iter().flat_map(|sentence| sentence["claims"].as_array().into_iter().flatten()).collect()
    }

    /// The same run with another summary.
    pub fn with(&self, summary: Json) -> Evidence {
        let Evidence { scenario, table, frame, runs, figures, .. } = self;
        let ended = Ended { code: self.ended.code, out: String::new(), err: String::new() };
        let (scenario, table, frame) = (scenario.clone(), table.clone(), frame.clone());
        Evidence { scenario, summary, table, frame, runs: runs.clone(), figures: figures.clone(), ended }
    }

    /// The course of a scope; `None` where the table has no such row.
    pub fn course(&self, scope: &Scope) -> Option<Course> {
        course(&self.table, scope, &self.frame)
    }

    /// Attempts of calls between pools for each call that ended; `None` if none did.
    pub fn tries_of_calls(&self) -> Option<f64> {
        let sum = |column: &str| -> Option<f64> {
            let calls = self.table.calls(None, None).into_iter();
            calls.map(|call| self.table.sum(&Scope::request(call), column, &self.frame.range)).sum()
        };
        let ended = sum("requests_ended").filter(|ended| *ended > 0.0)?;
        Some(sum("attempts")? / ended)
    }

    /// The values of a figure in those replications that have it: by their tables where the tables decide it.
    ///
    /// # Errors
    /// If nothing decides it.
    pub fn over_replications(&self, path: &str) -> Result<Vec<f64>, String> {
        let values = self.runs.iter().zip(&self.figures).map(|(run, figures)| match self.of_run(run, path) {
            Some(value) => Ok(value),
            None => match figures.get(path) {
                Some(value) => Ok(Some(*value).filter(|value| !value.is_nan())),
                None => Err(format!("nothing decides `{path}` of a replication")),
            },
        });
        Ok(values.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// A figure of one replication by its table: `None` if tables do not decide it, `Some(None)` if the run has it not.
    pub fn of_run(&self, run: &Table, path: &str) -> Option<Option<f64>> {
        let course = course(run, &Scope::default(), &self.frame)?;
        if let Some(pool) = path.strip_prefix("pools.").and_then(|rest| rest.strip_suffix(".saturated_s")) {
            let saturated = saturation(run, pool)?.intervals(&self.frame.range) as f64;
            return Some(Some(saturated * run.interval_s));
        }
        if let Some(pool) = path.strip_prefix("pools.").and_then(|rest| rest.strip_suffix(".utilization_peak")) {
            let busy = run.column(&Scope::pool(pool), "utilization")?;
            let busy = busy[self.frame.range.clone()].iter().copied().filter(|share| !share.is_nan());
            return Some(busy.reduce(f64::max));
        }
        match path {
            "attempts.total" => Some(run.sum(&Scope::default(), "attempts", &self.frame.range)),
            "viewers.started" => Some(run.sum(&Scope::default(), "starts", &self.frame.range)),
            "reports.total" => Some(run.sum(&Scope::default(), "reports", &self.frame.range)),
            "waiting_room.admitted" => Some(run.sum(&Scope::default(), "admitted", &self.frame.range)),
            "waiting_room.most" => {
                let inside = run.column(&Scope::default(), "waiting_room_mean")?;
                Some(inside[self.frame.range.clone()].iter().copied().reduce(f64::max))
            }
            "error_rate.peak" => Some(self.peak(&course)),
            "error_rate.overall" => Some(ratio(run, "errors", "ended", &self.frame.range)),
            "amplification.total" => Some(ratio(run, "attempts", "first_tries", &self.frame.range)),
            "trouble.begin_s" => {
                let first = course.troubles.first().map(|trouble| trouble.range.start);
                Some(first.or(course.waiting.first().map(|range| range.start)).map(|index| run.time(index)))
            }
            "trouble.above_s" => {
                let is_above = |index: &usize| {
                    course.counts.failed[*index] > self.frame.bound * course.counts.ended[*index] * (1.0 + 1e-12)
                };
                let above = course.troubles.iter().map(|it| it.range.clone().filter(is_above).count());
                Some(Some(above.sum::<usize>() as f64 * run.interval_s))
            }
            "trouble.over_s" => Some(match course.states(&self.frame)[..] {
                ["over"] => self.ended(&course).map(|index| run.time(index)),
                _ => None,
            }),
            _ => None,
        }
    }

    /// The worst of all troubles; without one, the highest rate of a window.
    fn peak(&self, course: &Course) -> Option<f64> {
        let of_troubles = course.troubles.iter().filter_map(|it| worst(&course.counts, &self.frame, &it.range));
        let highest = of_troubles.map(|worst| worst.rate).reduce(f64::max);
        highest.or_else(|| worst(&course.counts, &self.frame, &self.frame.range).map(|worst| worst.rate))
    }

    /// The end of the last trouble of either kind.
    fn ended(&self, course: &Course) -> Option<usize> {
        let fails = course.troubles.last().filter(|it| course.end(it, &self.frame) == End::Over).map(|it| it.range.end);
        fails.max(course.waiting.last().map(|range| range.end))
    }
}

/// The ratio of two columns of everything; `None` where nothing is to be divided by.
fn ratio(run: &Table, num: &str, den: &str, range: &Range) -> Option<f64> {
    let sum = |column: &str| run.sum(&Scope::default(), column, range);
    let of = sum(den).filter(|of| *of > 0.0)?;
    Some(sum(num)? / of)
}
