//! The results in memory: a row for each point, with its parameters and its figures.

use serde::{Deserialize, Serialize};

use crate::measure::Estimate;

/// What varies in a sweep: one axis of a grid, one dimension of a sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The dotted paths that it sets, at least one; several move together.
    pub paths: Vec<String>,
    /// For each path the unit of [`Setting::number`], such as `s`; empty for plain numbers, shares and texts.
    pub units: Vec<String>,
    /// Whether every value of its first path is a number; if not, the values are categories in the order of the plan.
    pub numeric: bool,
    /// Whether its values are spaced evenly in the logarithm.
    pub log: bool,
}

impl Parameter {
    /// The path that stands for it in charts: the first.
    pub fn name(&self) -> &str {
        self.paths.first().map_or("", String::as_str)
    }

    /// The unit of its first path.
    pub fn unit(&self) -> &str {
        self.units.first().map_or("", String::as_str)
    }
}

/// One value of one path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// As the plan would state it: `120`, `5 s`, `full`.
    pub text: String,
    /// The number in the unit of the parameter (a share from 0 to 1); `None` of what is no number.
    pub number: Option<f64>,
}

/// One point: where it lies, and what was found there.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// `[parameter][path]`.
    pub settings: Vec<Vec<Setting>>,
    /// How often it was run.
    pub replications: usize,
    /// A figure for each metric of the table; `None` where no replication had a value.
    pub figures: Vec<Option<Estimate>>,
    /// How much more the figure is than at the baseline, over the same replications; `None` where either had no value.
    pub paired: Vec<Option<Estimate>>,
}

impl Point {
    /// The value of a parameter: that of its first path.
    ///
    /// # Panics
    /// If there is no such parameter.
    pub fn setting(&self, parameter: usize) -> &Setting {
        &self.settings[parameter][0]
    }

    /// The mean of a figure; `None` unless every replication had a value, since the mean over some of them would be that
    /// of the lucky ones: of the mornings that were over in time.
    pub fn mean(&self, metric: usize) -> Option<f64> {
        self.figures[metric].filter(|figure| figure.n == self.replications).map(|figure| figure.mean)
    }
}

/// The results of a sweep, as far as some metrics go.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What the sweep is called.
    pub title: String,
    /// What varies, in the order of the plan.
    pub parameters: Vec<Parameter>,
    /// Names of the figures, such as `error_rate.peak`.
    pub metrics: Vec<String>,
    /// Every point, in the order of the plan: of a grid the last parameter moves fastest.
    pub points: Vec<Point>,
    /// Index of the point that the others are compared with.
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

    /// The different values of a parameter, in the order in which the points meet them.
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
