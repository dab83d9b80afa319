//! Every file that a run, a comparison, a sweep or a search may leave: one row each, in the order in which they are written.
//!
//! A new output is one row, and the function that makes it. What is written and what is removed of an older run both
//! follow from these tables. The manifest is no row: it lists the others and is written last.

use std::io;

use super::chart::sheet::Sheet;
use super::chart::{self, View};
use super::files::{comparison, intervals, manifest, summary, tables, trace};
use super::page;
use super::render::ENDS;
use super::several::Several;
use super::{Finished, ReportError, Subject};
use crate::sweep::Results;

/// A file that may be left, and how it is made.
pub(super) struct Output<Make> {
    /// Name of the file.
    pub name: &'static str,
    /// Contents of the file, and the condition under which it is written.
    pub about: &'static str,
    /// The function that makes the file.
    pub make: Make,
}

/// Inputs of the writers of a run's files.
pub(super) struct Material<'a> {
    /// The run.
    pub run: Finished<'a>,
    /// The bytes of `intervals.csv`.
    pub intervals: &'a [u8],
}

/// Makes a file of a run; none where the run has nothing for the file.
type OfRun = fn(&Material<'_>) -> Result<Option<Vec<u8>>, ReportError>;

/// Makes a chart of a run; none where the run has nothing for the chart.
type ChartOfRun = fn(&View<'_>) -> Option<Sheet>;

/// The charts of a run: `NAME.png`, and `NAME.svg` where that is asked for.
pub(super) const CHARTS_OF_RUN: &[Output<ChartOfRun>] = &[
    Output {
        name: "overview",
        about: "one page: what failed, why, how it felt, who was there, to whom; with charts, where something is asked",
        make: chart::overview::sheet,
    },
    Output {
        name: "error-rate",
        about: "the share of attempts that fail, by outcome; with charts, where something ends",
        make: chart::error_rate::sheet,
    },
    Output {
        name: "demand",
        about: "attempts by origin, and what the bottleneck serves of them; with charts, where something is sent",
        make: chart::demand::sheet,
    },
    Output {
        name: "pools",
        about: "how busy the servers of each pool are, its queue and its wait; with charts, where there are servers",
        make: chart::pools::sheet,
    },
    Output {
        name: "people",
        about: "people who arrive, ask, see an error, give up and watch; with charts, where somebody is there",
        make: chart::people::sheet,
    },
    Output {
        name: "regions",
        about: "the share of people harmed in each region, as a map and bars; with charts, where somebody is",
        make: chart::regions::sheet,
    },
    Output {
        name: "reports",
        about: "reports to an outage tracker; with charts, where somebody reports something",
        make: chart::reports::sheet,
    },
    Output {
        name: "waiting",
        about: "how long replies take, and streams until they start; with charts, where something is served",
        make: chart::waiting::sheet,
    },
    Output {
        name: "delivery",
        about: "streams that play, and what their links carry; with charts, where something streams",
        make: chart::delivery::sheet,
    },
    Output {
        name: "servers",
        about: "the servers of the pools whose number changes; with charts, where some does",
        make: chart::servers::sheet,
    },
    Output {
        name: "usage",
        about: "sessions against those of an ordinary day; with charts and --ordinary-day",
        make: chart::usage::sheet,
    },
];

/// The files of a run, after its charts.
pub(super) const OF_RUN: &[Output<OfRun>] = &[
    Output {
        name: summary::FILE,
        about: "the figures of the run, and how its thresholds fared",
        make: |Material { run, .. }| {
            let Subject { context, figures, analyses, words, .. } = run.subject;
            let mut tree = summary::json(context, figures, analyses);
            summary::say(&mut tree, words);
            Ok(Some(summary::bytes(&tree)))
        },
    },
    Output {
        name: intervals::FILE,
        about: "every figure of every interval",
        make: |material| Ok(Some(material.intervals.to_vec())),
    },
    Output {
        name: intervals::ORDINARY,
        about: "every figure of every interval of an ordinary day; with --ordinary-day",
        make: |Material { run, .. }| {
            let Subject { context, ordinary, .. } = run.subject;
            ordinary.map(|day| intervals::csv(context, day)).transpose()
        },
    },
    Output {
        name: trace::FILE,
        about: "every event of the viewers that were traced; with a trace",
        make: |Material { run, .. }| {
            Ok(run.trace.map(|traced| trace::csv(traced, run.subject.context.spec)).transpose()?)
        },
    },
];

/// Makes a chart of several runs; none where the runs have nothing for the chart.
type ChartOfComparison = fn(&Several<'_>) -> Option<Sheet>;

/// The charts of several runs together.
pub(super) const CHARTS_OF_COMPARISON: &[Output<ChartOfComparison>] = &[Output {
    name: "comparison",
    about: "a row for each scenario: its errors, the people it harms, how far it is from the base; with charts",
    make: chart::comparison::sheet,
}];

/// Makes a file of several runs; none where the runs have nothing for the file.
type OfComparison = fn(&Several<'_>) -> Result<Option<Vec<u8>>, ReportError>;

/// The files of several runs together, after their charts.
pub(super) const OF_COMPARISON: &[Output<OfComparison>] = &[Output {
    name: comparison::FILE,
    about: "every figure of every scenario, and how far it is from that of the first",
    make: |several| comparison::csv(several).map(Some),
}];

/// Writes a table of a sweep, row by row, and counts units.
type OfSweep = fn(tables::File<'_>, &Results<'_>, &mut tables::Units) -> io::Result<()>;

/// The tables of a sweep that its digest covers. Its charts, [`chart::sweep::KINDS`], follow the plan.
pub(super) const OF_SWEEP: [Output<OfSweep>; 3] = [
    Output { name: "points.csv", about: "every figure of every point", make: tables::points },
    Output { name: "paired.csv", about: "how much more each figure is than at the baseline", make: tables::paired },
    Output { name: tables::UNITS, about: "every replication of every point", make: tables::units },
];

/// The table of a search for the cheapest combination.
pub(super) const TABLE_OF_SEARCH: (&str, &str) =
    ("search.csv", "every combination of levers that was tried: its cost, its runs, and whether its thresholds hold");
/// The chart of such a search.
pub(super) const CHART_OF_SEARCH: (&str, &str) =
    ("search", "every combination by its cost and the people it harms, the cheapest and the runner-up marked");

/// The table of a search over one setting.
pub(super) const TABLE_OF_FIND: (&str, &str) = (
    "find.csv",
    "every value of the setting that was tried: the figure, its interval, its runs, and whether the condition holds",
);
/// The chart of such a search.
pub(super) const CHART_OF_FIND: (&str, &str) =
    ("find", "every value of the setting that was tried, with the bound and the bracket of the edge");

/// The values that a search over one setting has tried, while it has no answer.
pub const TRIED: (&str, &str) =
    ("find.tried", "the values that a search has tried until it was stopped, from which the same command goes on");

/// The table of units for columnar tools; in builds with the feature `parquet`, and outside of the digest.
pub(super) const UNITS_PARQUET: Output<Option<OfSweep>> = Output {
    name: "units.parquet",
    about: "every replication of every point, for columnar tools; in builds with parquet",
    #[cfg(feature = "parquet")]
    make: Some(super::files::parquet::units),
    #[cfg(not(feature = "parquet"))]
    make: None,
};

/// Charts of a run that earlier versions left and others took the place of; the next run removes them.
pub const FORMER_OF_RUN: [&str; 3] = ["traffic.png", "latency.png", "streams.png"];
/// The same of several runs together.
pub const FORMER_OF_COMPARISON: [&str; 1] = ["overlay.png"];

/// Name of every file with a fixed name that a run, a comparison, a sweep or a search may leave, and what it holds.
pub fn all() -> impl Iterator<Item = (String, &'static str)> {
    let of_runs = CHARTS_OF_RUN.iter().map(|output| (output.name, output.about));
    let of_comparisons = CHARTS_OF_COMPARISON.iter().map(|output| (output.name, output.about));
    let charts = of_runs.chain(of_comparisons).chain([CHART_OF_SEARCH, CHART_OF_FIND]);
    let charts = charts.flat_map(|(name, about)| ENDS.map(|end| (format!("{name}{end}"), about)));
    let of_runs = OF_RUN.iter().map(|output| (output.name, output.about));
    let of_comparisons = OF_COMPARISON.iter().map(|output| (output.name, output.about));
    let of_sweeps = OF_SWEEP.iter().map(|output| (output.name, output.about));
    let of_builds = (UNITS_PARQUET.name, UNITS_PARQUET.about);
    let page = (page::FILE, "all charts and tables as one page that needs nothing else; with charts");
    let last = (manifest::FILE, "what made the files, and the SHA-256 of each; written last");
    let tables = of_runs.chain(of_comparisons).chain(of_sweeps).chain([
        TABLE_OF_SEARCH,
        TABLE_OF_FIND,
        TRIED,
        of_builds,
        page,
        last,
    ]);
    charts.chain(tables.map(|(name, about)| (name.to_owned(), about)))
}

/// Name of every file with a fixed name that a comparison may leave, but for the manifest.
pub fn of_comparison() -> impl Iterator<Item = String> {
    let charts = CHARTS_OF_COMPARISON.iter().flat_map(|chart| ENDS.map(|end| format!("{}{end}", chart.name)));
    charts.chain(OF_COMPARISON.iter().map(|output| output.name.to_owned())).chain([page::FILE.to_owned()])
}

/// Whether a file is a chart: a picture, or the page of all of them.
pub fn is_chart(name: &str) -> bool {
    name == page::FILE || ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether a file is a chart of a sweep, such as `heatmap-2.png`: how many there are is the plan's choice.
pub fn is_chart_of_sweep(name: &str) -> bool {
    let stem = ENDS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or_default();
    let rest = chart::sweep::KINDS.iter().find_map(|kind| stem.strip_prefix(kind));
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix('-').is_some_and(|number| number.parse::<u32>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_has_a_name_of_its_own_and_says_what_it_is() {
        let mut names: Vec<String> = all().map(|(name, _)| name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(all().all(|(_, about)| about.len() > 10));
        assert!(!names.iter().any(|name| is_chart_of_sweep(name)));
    }

    #[test]
    fn charts_of_sweeps_are_told_from_files_of_the_user() {
        assert!(["heatmap.png", "heatmap-2.svg", "small-multiples-11.png"].into_iter().all(is_chart_of_sweep));
        assert!(!["heatmap-of-mine.png", "heatmap", "my-heatmap.png"].into_iter().any(is_chart_of_sweep));
    }
}
