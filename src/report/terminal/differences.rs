//! Paired differences of several scenarios from the first one, a line each.

use super::grid::{Column, grid};
use super::{plain, wrap};
use crate::experiment::Comparison;
use crate::measure::Estimate;
use crate::report::numbers::{grouped, trim_zeros};
use crate::report::several::Several;

/// A figure of the table: its column, its name in the summary, the unit it is shown in, and how large that unit is.
struct Shown {
    column: Column,
    metric: &'static str,
    unit: &'static str,
    size: f64,
}

/// The figures of the table, as far as replications can differ in them.
const SHOWN: [Shown; 7] = [
    Shown { column: Column::right("saw error", 0), metric: "harm.saw_error", unit: "", size: 1.0 },
    Shown { column: Column::right("gave up", 4), metric: "harm.gave_up", unit: "", size: 1.0 },
    Shown { column: Column::right("worst", 2), metric: "error_rate.peak", unit: " pp", size: 0.01 },
    Shown { column: Column::right("over", 3), metric: "recovery_s", unit: " min", size: 60.0 },
    Shown { column: Column::right("99% within", 5), metric: "latency_ms.p99", unit: " s", size: 1e3 },
    Shown { column: Column::right("90% wait", 6), metric: "wait_ms.p90", unit: " s", size: 1e3 },
    Shown { column: Column::right("per first try", 7), metric: "amplification.total", unit: "", size: 1.0 },
];

/// The table: a line for each scenario after the first, with the mean and the 95% interval of the paired differences, in lines
/// of at most `width` columns where names leave room for that.
///
/// Empty unless there are several scenarios with several replications each, since an interval needs two of both.
pub fn table(several: &Several<'_>, width: usize) -> String {
    let comparison = several.comparison;
    if several.subjects.len() < 2 || comparison.replications < 2 {
        return String::new();
    }
    let columns: Vec<Column> =
        [Column::left("scenario", 0)].into_iter().chain(SHOWN.iter().map(|shown| shown.column)).collect();
    let others = several.order().into_iter().filter(|arm| *arm != 0);
    let (idle, others): (Vec<usize>, Vec<usize>) = others.partition(|arm| several.equals_base(*arm));
    let rows: Vec<Vec<String>> = others
        .into_iter()
        .map(|arm| {
            let cells = SHOWN.iter().map(|shown| {
                let difference = comparison.difference(arm, shown.metric);
                cell(difference, comparison.replications, shown.unit, shown.size)
            });
            [super::name(several.short_name(arm))].into_iter().chain(cells).collect()
        })
        .collect();
    let heading = heading(&plain(several.subjects[0].context.name), comparison);
    let mut lines = wrap(&heading, width);
    if !rows.is_empty() {
        lines.push(grid(&columns, &rows, width));
    }
    if !idle.is_empty() {
        let names: Vec<String> = idle.into_iter().map(|arm| super::name(several.short_name(arm))).collect();
        lines.extend(wrap(&format!("No difference at all: {}.", names.join(", ")), width));
    }
    lines.join("\n")
}

/// The sentence above the table.
fn heading(first: &str, comparison: &Comparison) -> String {
    let crowds = match comparison.arms.iter().filter(|arm| !arm.same_crowds).count() {
        0 => "on the same crowds",
        _ => "but not all on the same crowds, since seeds differ",
    };
    let replications = comparison.replications;
    format!("Difference from {first}, {crowds}: mean ± 95% interval over {replications} replications")
}

/// A difference as `−12.3 ± 0.7`, with as many decimals as its half-width needs, or without an interval where there is one
/// replication; a dash unless every replication had a value in both scenarios, since a mean over some of them would be that of
/// the lucky ones.
pub(super) fn cell(difference: Option<Estimate>, replications: usize, unit: &str, unit_size: f64) -> String {
    let Some(difference) = difference.filter(|difference| difference.n == replications) else {
        return "–".to_owned();
    };
    let half = if replications > 1 { (difference.high - difference.low) / 2.0 } else { 0.0 };
    let (mean, half) = (difference.mean / unit_size, half / unit_size);
    let (divisor, suffix) = match mean.abs().max(half) {
        size if size >= 1e6 => (1e6, "M"),
        size if size >= 1e4 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let (mean, half) = (mean / divisor, half / divisor);
    let decimals = decimals(if half > 0.0 { half } else { mean.abs() });
    let shown = |value: f64| if decimals == 0 { grouped(value) } else { format!("{value:.decimals$}") };
    let digits = shown(mean.abs());
    let sign = match mean {
        _ if trim_zeros(&digits) == "0" => "",
        mean if mean < 0.0 => "\u{2212}",
        _ => "+",
    };
    let interval = if replications > 1 { format!(" ± {}", shown(half)) } else { String::new() };
    let apart = if suffix.is_empty() || interval.is_empty() { "" } else { " " };
    format!("{sign}{digits}{interval}{apart}{suffix}{unit}")
}

/// Decimals that show two significant digits of a value, at most four.
fn decimals(value: f64) -> usize {
    (0..4).find(|decimals| value * [1.0, 10.0, 100.0, 1_000.0][*decimals] >= 9.5 || value == 0.0).unwrap_or(4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Replications;
    use crate::experiment::Sample;
    use crate::report::support::Morning;
    use crate::report::words::Words;
    use crate::report::{Context, Subject};
    use crate::vocabulary::Figure;

    /// A sample whose figures are all zero but one.
    fn sample(seed: u64, metric: &str, values: &[f64]) -> Sample {
        let of = |value: f64| move |figure: &Figure| if figure.name() == metric { value } else { 0.0 };
        let summary = |value: &f64| Figure::summary().iter().map(of(*value)).collect();
        Sample { seed, summaries: values.iter().map(summary).collect() }
    }

    /// The table of two scenarios.
    fn shown_at(width: usize, samples: [&Sample; 2]) -> String {
        let morning = Morning::new();
        let (findings, words) = (morning.findings(), Words::default());
        let analyses = Replications::default();
        let contexts = [morning.context(), Context { name: "better", ..morning.context() }];
        let subjects = contexts.each_ref().map(|context| Subject {
            context,
            figures: &morning.figures,
            ordinary: None,
            findings: &findings,
            analyses: &analyses,
            words: &words,
        });
        table(&Several { subjects: &subjects, comparison: &Comparison::of(&samples), settings: &[] }, width)
    }

    #[test]
    fn each_scenario_after_the_first_has_its_paired_difference() {
        let before = sample(1, "error_rate.peak", &[0.90, 0.80, 0.70]);
        let after = sample(1, "error_rate.peak", &[0.60, 0.52, 0.38]);
        let text = shown_at(100, [&before, &after]);
        // Differences of −30, −28 and −32 points: 4.3027 × 2 / √3 is 4.97.
        assert!(text.contains("−30.0 ± 5.0 pp") && text.contains("on the same crowds"), "{text}");
        assert!(text.contains("0 ± 0") && text.lines().all(|line| line.chars().count() <= 100), "{text}");
        let narrow = shown_at(60, [&before, &after]);
        assert!(narrow.contains("−30.0 ± 5.0 pp") && narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
        assert!(shown_at(100, [&before, &Sample { seed: 2, ..after }]).contains("seeds differ"));
    }

    #[test]
    fn a_scenario_that_differs_in_nothing_is_said_to_make_no_difference() {
        let before = sample(1, "error_rate.peak", &[0.90, 0.80, 0.70]);
        let text = shown_at(100, [&before, &before]);
        assert!(text.ends_with("No difference at all: better.") && !text.contains("0 ± 0"), "{text}");
    }

    #[test]
    fn one_replication_has_no_interval() {
        let one = sample(1, "recovery_s", &[1.0]);
        assert_eq!(shown_at(100, [&one, &one]), "");
    }

    #[test]
    fn a_figure_that_some_replications_lack_is_a_dash() {
        let comparison = Comparison::of(&[
            &sample(1, "recovery_s", &[60.0, 120.0, 180.0]),
            &sample(1, "recovery_s", &[120.0, f64::NAN, 240.0]),
        ]);
        let over = comparison.difference(1, "recovery_s");
        assert_eq!(cell(over, 3, " min", 60.0), "–");
        assert_eq!(cell(over, 2, " min", 60.0), "+1.0 ± 0.0 min");
    }

    #[test]
    fn large_counts_and_narrow_intervals_are_short() {
        let estimate = |mean: f64, half: f64| Some(Estimate { mean, low: mean - half, high: mean + half, n: 9 });
        assert_eq!(cell(estimate(-1_234_567.0, 2_100.0), 9, "", 1.0), "−1.2346 ± 0.0021 M");
        assert_eq!(cell(estimate(12.3456, 0.123), 9, "", 1.0), "+12.35 ± 0.12");
        assert_eq!(cell(estimate(-6429.0, 1_151.0), 9, "", 1.0), "−6,429 ± 1,151");
        assert_eq!(cell(estimate(0.0, 0.0), 9, "", 1.0), "0 ± 0");
        let alone = Some(Estimate { mean: -1_234_567.0, low: f64::NAN, high: f64::NAN, n: 1 });
        assert_eq!(cell(alone, 1, "", 1.0), "−1.2M");
    }
}
