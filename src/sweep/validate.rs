//! The check that every point of a plan is a valid scenario, before the first one runs.

use std::collections::BTreeSet;

use rayon::iter::Either;
use rayon::prelude::*;

use super::axis::{Axis, Value, Values};
use super::draft::Draft;
use super::outline::Outline;
use crate::document::Diagnostics;
use crate::document::diagnostics::Diagnostic;
use crate::scenario::Scenario;

/// Number of points checked at a time; a batch with an invalid point is the last.
const BATCH: usize = 4096;

/// Progress of the check: points checked, and points in total.
pub type Told<'a> = dyn Fn(u64, u64) + Sync + 'a;

/// The contents of the data files that points name.
type Data = BTreeSet<Vec<u8>>;

/// Checks all points. Returns the contents of every data file that a point names.
///
/// The first points meet every value of every axis, so that all errors of single values are found together. If these
/// points are valid and the check is `thorough`, all others follow, for errors of combinations. `told` is called between
/// batches with the points that were checked and those that are to be.
pub(super) fn points(
    outline: &Outline,
    scenario: &Scenario,
    drafts: &[Draft],
    thorough: bool,
    told: &Told<'_>,
) -> Result<Data, Vec<Diagnostic>> {
    let locator = Locator { outline, scenario, drafts };
    let longest = outline.axes.iter().map(Axis::len).max().unwrap_or(0);
    let diagonal = |step: usize| {
        let digits: Vec<usize> = outline.axes.iter().map(|axis| step.min(axis.len() - 1)).collect();
        outline.grid_point(&digits)
    };
    let singles: Vec<u64> = if outline.is_grid() { (0..longest).map(diagonal).collect() } else { Vec::new() };
    let mut data: Data = scenario.data().map(<[u8]>::to_vec).collect();
    for (index, batch) in singles.chunks(BATCH).enumerate() {
        told((index * BATCH) as u64, singles.len() as u64);
        let wrong = check(outline, scenario, batch.par_iter().copied(), &mut data);
        if !wrong.is_empty() {
            return Err(locator.locate_all(&wrong));
        }
    }
    // On a grid the points above have met every value; of a sample a first batch stands for the rest.
    let all = if thorough {
        outline.points()
    } else if outline.is_grid() {
        0
    } else {
        outline.points().min(BATCH as u64)
    };
    for begin in (0..all).step_by(BATCH) {
        told(begin, all);
        let batch = begin..(begin + BATCH as u64).min(all);
        let more = batch.end < all;
        let wrong = check(outline, scenario, batch.into_par_iter(), &mut data);
        if !wrong.is_empty() {
            let mut list = locator.locate_all(&wrong);
            if let (true, Some(first)) = (wrong.len() > 1, list.first_mut()) {
                let least = if more { "at least " } else { "" };
                *first = first.clone().more_help(&format!("{least}{} points are not valid", wrong.len()));
            }
            return Err(list);
        }
    }
    Ok(data)
}

/// Checks some points, adds the data files that they name, and returns the errors of each invalid point, in order.
fn check(
    outline: &Outline,
    scenario: &Scenario,
    points: impl ParallelIterator<Item = u64>,
    data: &mut Data,
) -> Vec<(u64, Diagnostics)> {
    let known = &*data;
    let (found, mut wrong): (Vec<Data>, Vec<(u64, Diagnostics)>) =
        points.partition_map(|point| match scenario.with_all(&outline.settings_to_set(point)) {
            // Nearly always these are the files of the scenario itself.
            Ok(at) => Either::Left(at.data().filter(|data| !known.contains(*data)).map(<[u8]>::to_vec).collect()),
            Err(errors) => Either::Right((point, errors)),
        });
    data.extend(found.into_iter().flatten());
    wrong.sort_by_key(|(point, _)| *point);
    wrong
}

/// Finds the position in the plan that an error of a point belongs to.
struct Locator<'a> {
    outline: &'a Outline,
    scenario: &'a Scenario,
    drafts: &'a [Draft],
}

impl Locator<'_> {
    fn locate_all(&self, wrong: &[(u64, Diagnostics)]) -> Vec<Diagnostic> {
        wrong.iter().flat_map(|(point, errors)| errors.iter().map(|error| self.locate(*point, error))).collect()
    }

    fn locate(&self, point: u64, error: &Diagnostic) -> Diagnostic {
        let values = self.outline.point(point);
        let owner = |(setting, span)| self.owner(&values, setting).map(|(axis, path)| (axis, path, span));
        let Some((axis, path, span)) = error.in_setting().and_then(owner) else {
            return error.clone().more_help(&self.at(&values));
        };
        let draft = &self.drafts[axis];
        // An error of the path belongs to the key of the axis, an error of a value to the value.
        let in_key = span.end <= draft.axis.parameter.paths[path].len();
        let position =
            if in_key { draft.key.clone() } else { draft.position(value_index(self.outline, axis, &values), path) };
        let alone = in_key || self.alone(axis, &values).iter().any(|other| other.title == error.title);
        let located = error.clone().moved(&draft.source, position);
        if alone { located } else { located.more_help(&self.at(&values)) }
    }

    /// The axis and the path that a setting belongs to; settings come axis by axis, path by path.
    fn owner(&self, values: &[Vec<Value>], setting: usize) -> Option<(usize, usize)> {
        let axes = self.drafts.iter().enumerate();
        let paths = axes.flat_map(|(axis, draft)| (0..draft.axis.parameter.paths.len()).map(move |path| (axis, path)));
        let mut paths = paths.filter(|(axis, path)| !values[*axis][*path].toml.is_empty());
        paths.nth(setting)
    }

    /// The errors that the values of one axis cause where nothing else varies.
    fn alone(&self, axis: usize, values: &[Vec<Value>]) -> Vec<Diagnostic> {
        let settings = self.outline.axes[axis].stated(values[axis].clone());
        self.scenario.with_all(&settings).err().map(|errors| errors.into_iter().collect()).unwrap_or_default()
    }

    fn at(&self, values: &[Vec<Value>]) -> String {
        let each = self.outline.axes.iter().zip(values);
        let each = each.map(|(axis, values)| format!("{} = {}", axis.parameter.name(), values[0].setting.text));
        format!("at the point {}", each.collect::<Vec<_>>().join(", "))
    }
}

/// The index of a point's value among the listed values of an axis.
fn value_index(outline: &Outline, axis: usize, values: &[Vec<Value>]) -> Option<usize> {
    match &outline.axes[axis].values {
        Values::Listed(list) => list.iter().position(|value| *value == values[axis]),
        Values::Ranges(_) => None,
    }
}
