//! Thresholds: bounds on columns and on figures, by numbers instead of names.

use std::ops::Range;

use super::{Column, Figure, Names, Path, Scope, Unit};
use crate::units::Span;

/// Figure or column that a threshold bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// A column, in every window.
    Column(Column),
    /// A figure of the summary, once.
    Figure(Path),
}

/// A bound on a column that must hold in every window of a run, or on a figure of the run.
#[derive(Clone, Debug)]
pub struct Threshold {
    /// The metric that is bounded.
    pub metric: Metric,
    /// The scope of the rows; everything for a figure, whose path names its own scope.
    pub scope: Scope,
    /// The bound, in the unit of the metric.
    pub bound: f64,
    /// Whether the bound is the highest value allowed; otherwise the lowest.
    pub at_most: bool,
    /// Width of a window in intervals.
    pub window: usize,
    /// The intervals in which windows lie.
    pub range: Range<usize>,
    /// Smallest number of attempts of a window, as simulated, for rates; 0 for other metrics.
    pub least: u64,
    /// Offset from the drop before which no window begins, as stated.
    pub after: Option<Span>,
    /// Offset from the drop after which no window ends, as stated.
    pub before: Option<Span>,
    /// Whether the threshold passes if no window counts, or if the figure has no value.
    pub passes_when_empty: bool,
    /// The threshold in words.
    pub text: String,
}

impl Metric {
    /// The metric with the name of a column, or with the dotted path of a figure of the summary; `None` if there is none.
    pub fn named(name: &str, names: &Names) -> Option<Metric> {
        let of_summary = |path: &Path| Figure::summary().contains(&path.figure);
        let figure = || Path::named(name, names).filter(of_summary).map(Metric::Figure);
        Column::named(name).map(Metric::Column).or_else(figure)
    }

    /// The name of the column, or the dotted path of the figure.
    pub fn name(self, names: &Names) -> String {
        match self {
            Metric::Column(column) => column.name().to_owned(),
            Metric::Figure(path) => path.name(names),
        }
    }

    /// The unit of a value.
    pub fn unit(self) -> Unit {
        match self {
            Metric::Column(column) => column.unit(),
            Metric::Figure(path) => path.figure.unit(),
        }
    }

    /// The share of people that belongs to a count of people, if there is one.
    pub fn share(self) -> Option<Figure> {
        match self {
            Metric::Column(_) => None,
            Metric::Figure(path) => path.figure.share(),
        }
    }

    /// The least value that is possible.
    pub fn least(self) -> f64 {
        match self {
            Metric::Column(_) => 0.0,
            Metric::Figure(path) => path.figure.possible().0,
        }
    }

    /// The column, unless a figure is bounded.
    pub fn column(self) -> Option<Column> {
        match self {
            Metric::Column(column) => Some(column),
            Metric::Figure(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_figures_are_found_by_their_names() {
        let names = Names { pools: vec!["api".to_owned()], ..Names::default() };
        for (name, unit) in [
            ("error_rate", Unit::Share),
            ("harm.saw_error", Unit::Count),
            ("trouble.over_s", Unit::Seconds),
            ("pools.api.utilization", Unit::Share),
        ] {
            let metric = Metric::named(name, &names).unwrap();
            assert_eq!((metric.unit(), metric.name(&names).as_str()), (unit, name));
            assert_eq!(metric.column().is_some(), name == "error_rate");
        }
        for unknown in ["pools.web.utilization", "thresholds_held", "harm"] {
            assert_eq!(Metric::named(unknown, &names), None, "{unknown}");
        }
    }
}
