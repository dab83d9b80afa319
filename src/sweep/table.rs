//! The table of results: a row for each point, with its settings and its figures.

use serde::{Deserialize, Serialize};

use crate::analysis::Spread;
use crate::measure::Estimate;

/// A parameter of a sweep: one axis of a grid, one dimension of a sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Dotted paths that the parameter sets, at least one; several move together.
    pub paths: Vec<String>,
    /// For each path, unit of [`Setting::number`], such as `s`; empty for plain numbers, shares and texts.
    pub units: Vec<String>,
    /// Label in charts; empty for the name of the first path.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Whether every value of the first path is a number. Otherwise the values are categories in the order of the plan.
    pub numeric: bool,
    /// Whether the values are spaced evenly in the logarithm.
    pub log: bool,
}

impl Parameter {
    /// Name of the parameter in charts: its first path.
    pub fn name(&self) -> &str {
        self.paths.first().map_or("", String::as_str)
    }

    /// Unit of the first path.
    pub fn unit(&self) -> &str {
        self.units.first().map_or("", String::as_str)
    }
}

/// One value of one path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// The value as a plan states it: `120`, `5 s`, `full`.
    pub text: String,
    /// The value as a number in the unit of the parameter (a share from 0 to 1); `None` if it is no number.
    pub number: Option<f64>,
}

/// One point: its settings and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The settings, `[parameter][path]`.
    pub settings: Vec<Vec<Setting>>,
    /// Number of replications.
    pub replications: usize,
    /// Estimate of each metric of the table; `None` where no replication had a value.
    pub figures: Vec<Option<Estimate>>,
    /// Median and range of each metric that only some runs have, such as `recovery_s`, over those that have it; `None` for
    /// other metrics, and where no replication had a value.
    pub spreads: Vec<Option<Spread>>,
    /// Estimate of each metric minus that at the baseline, over the same replications; `None` where no replication had a
    /// value at both points.
    pub paired: Vec<Option<Estimate>>,
}

impl Point {
    /// Value of a parameter: the value of its first path.
    ///
    /// # Panics
    /// If there is no such parameter.
    pub fn setting(&self, parameter: usize) -> &Setting {
        &self.settings[parameter][0]
    }

    /// A figure with its ends: the mean and its interval, or the median and the range of a figure that only some runs have;
    /// `None` where no replication had a value.
    pub fn figure(&self, metric: usize) -> Option<Estimate> {
        let middle = |spread: Spread| Estimate { mean: spread.median, low: spread.low, high: spread.high, n: spread.k };
        self.spreads[metric].map(middle).or(self.figures[metric])
    }

    /// A figure with its ends; `None` unless every replication had a value. One over some of them would be biased: that of
    /// `recovery_s`, for example, over the replications that recovered.
    pub fn whole(&self, metric: usize) -> Option<Estimate> {
        self.figure(metric).filter(|figure| figure.n == self.replications)
    }

    /// The mean or the median of a figure; `None` unless every replication had a value.
    pub fn middle(&self, metric: usize) -> Option<f64> {
        self.whole(metric).map(|figure| figure.mean)
    }
}

/// Some metrics of the results of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Title of the sweep.
    pub title: String,
    /// Parameters, in the order of the plan.
    pub parameters: Vec<Parameter>,
    /// Names of the figures, such as `error_rate.peak`.
    pub metrics: Vec<String>,
    /// Points, in the order of the plan; on a grid the last parameter varies fastest.
    pub points: Vec<Point>,
    /// Index of the baseline.
    pub baseline: usize,
    /// Whether the points are a full grid.
    pub grid: bool,
}

impl Table {
    /// Index of a metric.
    pub fn metric(&self, name: &str) -> Option<usize> {
        self.metrics.iter().position(|known| known == name)
    }

    /// Index of the parameter that sets a path.
    pub fn parameter(&self, path: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.paths.iter().any(|known| known == path))
    }

    /// The different values of a parameter, in the order of the points.
    pub fn values(&self, parameter: usize) -> Vec<&Setting> {
        let mut values: Vec<&Setting> = Vec::new();
        for point in &self.points {
            let setting = point.setting(parameter);
            if !values.contains(&setting) {
                values.push(setting);
            }
        }
        values
    }
}
