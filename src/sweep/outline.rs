//! The outline: the part of a plan that decides the results of a sweep, as stored in its files.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::axis::{Axis, Value};
use super::sampler::coordinate;
use super::spec::{Design, Sample, Show, Until};
use super::table::{Parameter, Setting};
use crate::system::text::visible;

/// Largest number of units of a sweep: points times replications.
pub const MOST_UNITS: u64 = 10_000_000;

/// Largest number of points of a Sobol sample.
pub(super) const MOST_SOBOL: u64 = 65_536;

/// Largest number of axes; a Sobol sequence has no more dimensions.
pub(super) const MOST_AXES: usize = 256;

/// Replications of a point before its interval is first examined, and between two examinations.
const BATCH: u64 = 10;

/// A sweep as its store and its manifest state it.
///
/// With an outline, units become results without the plan and the scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// Version of the program that runs the sweep; another version may give other figures.
    pub(super) version: String,
    /// Name of the plan file without its extension.
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
    /// Name of the scenario file without its extension.
    pub(super) scenario: String,
    pub(super) seed: u64,
    pub(super) scale: f64,
    pub(super) replications: Replications,
    pub(super) axes: Vec<Axis>,
    pub(super) sample: Option<Sample>,
    /// Index of the baseline.
    pub(super) baseline: u64,
    /// The reason why this point is the baseline, in words.
    pub(super) baseline_is: String,
    pub(super) show: Show,
    /// Names of the figures of each unit.
    pub(super) metrics: Vec<String>,
    /// The scenario before anything varies, with every default filled in.
    pub(super) resolved: String,
    /// SHA-256 of each data file.
    pub(super) data: Vec<String>,
    /// Points that are the same simulation as an earlier point at the scale, each with that point; in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) alike: Vec<(u64, u64)>,
}

/// The replications of each point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replications {
    /// A fixed number.
    Fixed(u64),
    /// Until an interval is narrow enough.
    Until(Until),
}

impl Replications {
    /// Most replications of a point.
    pub fn most(&self) -> u64 {
        match self {
            Replications::Fixed(count) => *count,
            Replications::Until(until) => until.at_most,
        }
    }

    /// The replications that are run between two examinations of the intervals, in order.
    pub(super) fn rounds(&self) -> impl Iterator<Item = std::ops::Range<u64>> + use<> {
        let most = self.most();
        let batch = match self {
            Replications::Fixed(_) => most,
            Replications::Until(_) => BATCH.min(most),
        };
        (0..most).step_by(batch.max(1) as usize).map(move |from| from..(from + batch).min(most))
    }
}

/// Axes without the labels that charts give their parameters.
fn unlabelled(axes: &[Axis]) -> Vec<Axis> {
    let mut axes = axes.to_vec();
    axes.iter_mut().for_each(|axis| axis.parameter.label.clear());
    axes
}

impl Outline {
    /// Name of the plan file without its extension, which is the name of the folder of results.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The question of the sweep.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Title of the sweep in charts.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Name of the scenario file without its extension.
    pub fn scenario(&self) -> &str {
        &self.scenario
    }

    /// The seed of the scenario, where the plan does not vary it.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The scale of the scenario, where the plan does not vary it.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The replications of each point.
    pub fn replications(&self) -> &Replications {
        &self.replications
    }

    /// The parameters that vary, in the order of the plan.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.axes.iter().map(|axis| &axis.parameter)
    }

    /// The values of each parameter, in words short enough for a line.
    pub fn values_in_words(&self) -> Vec<String> {
        self.axes.iter().map(Axis::words).collect()
    }

    /// Number of values of each parameter; `None` for a range, from which a sample draws.
    pub fn values_per_parameter(&self) -> impl Iterator<Item = Option<usize>> {
        self.axes.iter().map(|axis| Some(axis.len()).filter(|count| *count > 0))
    }

    /// For each path, in the order of the parameters, whether all its numbers are whole.
    pub fn whole(&self) -> Vec<bool> {
        self.axes.iter().flat_map(Axis::whole).collect()
    }

    /// The sample from which points are drawn; `None` for a grid.
    pub fn sample(&self) -> Option<&Sample> {
        self.sample.as_ref()
    }

    /// The scenario before anything varies, with every default filled in.
    pub fn resolved(&self) -> &str {
        &self.resolved
    }

    /// Whether the points are a full grid.
    pub fn is_grid(&self) -> bool {
        self.sample.is_none()
    }

    /// Index of the baseline, and why this point is the baseline.
    pub fn baseline(&self) -> (u64, &str) {
        (self.baseline, &self.baseline_is)
    }

    /// Points that are the same simulation as an earlier point at the scale, each with the first such point; in order.
    pub fn alike(&self) -> &[(u64, u64)] {
        &self.alike
    }

    /// The values of the parameters at a point, as tables show them.
    pub fn values_at(&self, point: u64) -> Vec<String> {
        self.point(point).into_iter().flatten().map(|value| value.setting.text).collect()
    }

    /// The first point that is the same simulation as this one at the scale; `None` if there is no earlier one.
    pub fn same_as(&self, point: u64) -> Option<u64> {
        let found = self.alike.binary_search_by_key(&point, |(point, _)| *point);
        found.ok().map(|index| self.alike[index].1)
    }

    /// The charts that the plan asks for.
    pub fn show(&self) -> &Show {
        &self.show
    }

    /// Names of the figures of each unit.
    pub fn metrics(&self) -> &[String] {
        &self.metrics
    }

    /// Version of the program that runs the sweep.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Number of points.
    pub fn points(&self) -> u64 {
        match &self.sample {
            Some(sample) => sample.points,
            // The product was checked when the plan was read.
            None => self.axes.iter().map(|axis| axis.len() as u64).product(),
        }
    }

    /// Number of points, also of a plan that is not checked yet. 256 axes of a million values each have more than 128 bits count.
    pub(super) fn points_unchecked(&self) -> u128 {
        match &self.sample {
            Some(sample) => sample.points.into(),
            None => self.axes.iter().map(|axis| axis.len() as u128).fold(1, u128::saturating_mul),
        }
    }

    /// Most units of the sweep: points times replications.
    pub fn most_units(&self) -> u64 {
        self.points() * self.replications.most()
    }

    /// The settings of a point, `[parameter][path]`. On a grid the last parameter varies fastest.
    pub fn settings(&self, point: u64) -> Vec<Vec<Setting>> {
        let of_axis = |values: Vec<Value>| values.into_iter().map(|value| value.setting).collect();
        self.point(point).into_iter().map(of_axis).collect()
    }

    /// The settings of a point for `--set`: dotted paths and TOML values, without the values that stay as in the
    /// scenario.
    pub fn settings_to_set(&self, point: u64) -> Vec<(String, String)> {
        let axes = self.axes.iter().zip(self.point(point));
        axes.flat_map(|(axis, values)| axis.stated(values)).collect()
    }

    /// The values of a point: `[axis][path]`.
    pub(super) fn point(&self, point: u64) -> Vec<Vec<Value>> {
        let Some(sample) = &self.sample else {
            let digits = self.grid_digits(point);
            return self.axes.iter().zip(digits).map(|(axis, digit)| axis.listed(digit)).collect();
        };
        self.axes
            .iter()
            .enumerate()
            .map(|(dimension, axis)| axis.at(coordinate(sample, point, dimension as u32)))
            .collect()
    }

    /// The index of a grid point's value on each axis.
    pub fn grid_digits(&self, point: u64) -> Vec<usize> {
        let mut rest = point as usize;
        let mut digits: Vec<usize> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let digit = rest % axis.len().max(1);
                rest /= axis.len().max(1);
                digit
            })
            .collect();
        digits.reverse();
        digits
    }

    /// The grid point whose value on each axis has this index.
    pub(super) fn grid_point(&self, digits: &[usize]) -> u64 {
        self.axes.iter().zip(digits).fold(0, |point, (axis, digit)| point * axis.len() as u64 + *digit as u64)
    }

    /// A flaw that no valid plan can have, in an outline read from a file; `None` if there is none.
    pub(super) fn flaw(&self) -> Option<&'static str> {
        let replications = self.replications.most();
        let points = self.points_unchecked();
        let most = points.saturating_mul(replications.into());
        if most == 0 || most > MOST_UNITS.into() {
            return Some("a number of units that no sweep has");
        }
        let is_sobol = self.sample.as_ref().is_some_and(|sample| sample.design == Design::Sobol);
        if is_sobol && points > MOST_SOBOL.into() {
            return Some("more points than its sample has");
        }
        if self.axes.is_empty() || self.axes.len() > MOST_AXES || !self.axes.iter().all(Axis::is_complete) {
            return Some("parameters without values");
        }
        if self.metrics.is_empty() || u128::from(self.baseline) >= points || !self.scale.is_finite() {
            return Some("no figures, no baseline or no scale");
        }
        None
    }

    /// SHA-256 of everything that decides the figures of units. Title, description, charts and baseline are left out, so a
    /// change of these needs no unit to be run again.
    pub fn digest(&self) -> String {
        let decisive = Outline {
            title: String::new(),
            description: String::new(),
            baseline: 0,
            baseline_is: String::new(),
            show: Show::default(),
            axes: unlabelled(&self.axes),
            ..self.clone()
        };
        hex(&Sha256::digest(serde_json::to_vec(&decisive).unwrap_or_default()))
    }

    /// The parts in which another sweep differs from this one, in words.
    pub(super) fn difference(&self, other: &Outline) -> String {
        if self.version != other.version {
            return format!(
                "it was begun by dropstorm {}, and this is {}",
                visible(&other.version),
                visible(&self.version)
            );
        }
        let parts = [
            ("the scenario", self.resolved != other.resolved || self.scenario != other.scenario),
            ("a data file of the scenario", self.data != other.data),
            ("what varies", unlabelled(&self.axes) != unlabelled(&other.axes)),
            ("the sample", self.sample != other.sample),
            ("the replications", self.replications != other.replications),
            ("the name of the plan", self.name != other.name),
        ];
        let differing: Vec<&str> = parts.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name).collect();
        format!("different: {}", differing.join(", "))
    }
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_looked_at_after_every_ten_replications() {
        let until = Until { metric: String::new(), half_width: super::super::HalfWidth::Absolute(1.0), at_most: 25 };
        assert_eq!(Replications::Until(until).rounds().collect::<Vec<_>>(), [0..10, 10..20, 20..25]);
        assert!(Replications::Fixed(25).rounds().eq(std::iter::once(0..25)));
    }
}
