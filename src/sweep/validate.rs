//! Every point is a valid scenario: found out before the first one runs.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::axis::{Axis, Value, Values};
use super::draft::Draft;
use super::outline::Outline;
use crate::scenario::diagnostics::Diagnostic;
use crate::scenario::{Diagnostics, Scenario};

/// After so many points that are not valid no more are looked for.
const ENOUGH: usize = 20;

/// Checks all points; gives the contents of every data file that any of them names.
///
/// First come points that meet every value of every axis once, so that all that is wrong with single values is found at
/// once; then, if those are valid and `thorough`, all others, for what is wrong with values that meet.
pub(super) fn points(
    outline: &Outline,
    scenario: &Scenario,
    drafts: &[Draft],
    thorough: bool,
) -> Result<BTreeSet<Vec<u8>>, Vec<Diagnostic>> {
    let longest = outline.axes.iter().map(Axis::len).max().unwrap_or(0);
    let first: Vec<u64> = match outline.is_grid() {
        true => (0..longest)
            .map(|step| {
                let digits: Vec<usize> = outline.axes.iter().map(|axis| step.min(axis.len() - 1)).collect();
                outline.grid_point(&digits)
            })
            .collect(),
        false => (0..outline.points().min(64)).collect(),
    };
    let checker = Checker { outline, scenario, failing: AtomicUsize::new(0), found: Mutex::default() };
    let mut data = checker.check(first.into_par_iter(), usize::MAX);
    let meeting = thorough && checker.failing.load(Ordering::Relaxed) == 0;
    if meeting {
        data.extend(checker.check((0..outline.points()).into_par_iter(), ENOUGH));
    }
    let mut problems = checker.found.into_inner().unwrap_or_default();
    if problems.is_empty() {
        return Ok(data);
    }
    // Threads find them in any order.
    problems.sort_by_key(|(point, _)| *point);
    let locator = Locator { outline, scenario, drafts };
    let mut list: Vec<Diagnostic> =
        problems.iter().flat_map(|(point, problems)| problems.iter().map(|one| locator.locate(*point, one))).collect();
    let failing = problems.len();
    if let (true, Some(first)) = (meeting && failing > 1, list.first_mut()) {
        let least = if failing >= ENOUGH { "at least " } else { "" };
        first.help = Some(joined(first.help.take(), &format!("{least}{failing} points are not valid")));
    }
    Err(list)
}

/// The settings of a point, as a scenario takes them.
pub(super) fn settings(outline: &Outline, point: u64) -> Vec<(String, String)> {
    let values = outline.point(point);
    let axes = outline.axes.iter().zip(values);
    axes.flat_map(|(axis, values)| {
        axis.parameter.paths.iter().cloned().zip(values.into_iter().map(|value| value.toml)).collect::<Vec<_>>()
    })
    .collect()
}

struct Checker<'a> {
    outline: &'a Outline,
    scenario: &'a Scenario,
    failing: AtomicUsize,
    found: Mutex<Vec<(u64, Diagnostics)>>,
}

impl Checker<'_> {
    /// Checks some points, until enough of them are not valid.
    fn check(&self, points: impl ParallelIterator<Item = u64>, enough: usize) -> BTreeSet<Vec<u8>> {
        let base: BTreeSet<Vec<u8>> = self.scenario.data().map(<[u8]>::to_vec).collect();
        points
            .map(|point| {
                if self.failing.load(Ordering::Relaxed) >= enough {
                    return BTreeSet::new();
                }
                match self.scenario.with_all(&settings(self.outline, point)) {
                    // Nearly always the files are the scenario's own, which are known.
                    Ok(scenario) => scenario.data().filter(|data| !base.contains(*data)).map(<[u8]>::to_vec).collect(),
                    Err(problems) => {
                        self.failing.fetch_add(1, Ordering::Relaxed);
                        if let Ok(mut found) = self.found.lock() {
                            found.push((point, problems));
                        }
                        BTreeSet::new()
                    }
                }
            })
            .reduce(BTreeSet::new, |mut all, more| {
                all.extend(more);
                all
            })
            .into_iter()
            .chain(base.iter().cloned())
            .collect()
    }
}

/// Finds the place in the plan that a problem of a point is a matter of.
struct Locator<'a> {
    outline: &'a Outline,
    scenario: &'a Scenario,
    drafts: &'a [Draft],
}

impl Locator<'_> {
    fn locate(&self, point: u64, problem: &Diagnostic) -> Diagnostic {
        let values = self.outline.point(point);
        let Some((axis, path, span)) = problem.in_setting().and_then(|(setting, span)| self.owner(setting, span))
        else {
            return Diagnostic { help: Some(joined(problem.help.clone(), &self.at(&values))), ..problem.clone() };
        };
        let draft = &self.drafts[axis];
        // A path is wrong at every point, a value wherever it stands.
        let in_key = span.end <= draft.axis.parameter.paths[path].len();
        let place = match in_key {
            true => draft.key.clone(),
            false => draft.place(value_index(self.outline, axis, &values), path),
        };
        let alone = in_key || self.alone(axis, &values).iter().any(|other| other.title == problem.title);
        let mut located = Diagnostic::error(&problem.title).at(&draft.source, place, &problem.label);
        located.help = match alone {
            true => problem.help.clone(),
            false => Some(joined(problem.help.clone(), &self.at(&values))),
        };
        located
    }

    /// The axis and the path that a setting belongs to; settings come axis by axis, path by path.
    fn owner(&self, setting: usize, span: std::ops::Range<usize>) -> Option<(usize, usize, std::ops::Range<usize>)> {
        let mut paths = self
            .drafts
            .iter()
            .enumerate()
            .flat_map(|(axis, draft)| (0..draft.axis.parameter.paths.len()).map(move |path| (axis, path)));
        paths.nth(setting).map(|(axis, path)| (axis, path, span))
    }

    /// What is wrong with the values of one axis where nothing else varies.
    fn alone(&self, axis: usize, values: &[Vec<Value>]) -> Vec<Diagnostic> {
        let paths = self.outline.axes[axis].parameter.paths.iter().cloned();
        let settings: Vec<_> = paths.zip(values[axis].iter().map(|value| value.toml.clone())).collect();
        self.scenario.with_all(&settings).err().map(|problems| problems.into_iter().collect()).unwrap_or_default()
    }

    fn at(&self, values: &[Vec<Value>]) -> String {
        let each = self.outline.axes.iter().zip(values);
        let each = each.map(|(axis, values)| format!("{} = {}", axis.parameter.name(), values[0].setting.text));
        format!("at the point {}", each.collect::<Vec<_>>().join(", "))
    }
}

fn joined(help: Option<String>, more: &str) -> String {
    help.filter(|help| !help.is_empty()).map_or_else(|| more.to_owned(), |help| format!("{help}; {more}"))
}

/// Which of the listed values of an axis a point has.
fn value_index(outline: &Outline, axis: usize, values: &[Vec<Value>]) -> Option<usize> {
    match &outline.axes[axis].values {
        Values::Listed(list) => list.iter().position(|value| *value == values[axis]),
        Values::Ranges(_) => None,
    }
}
