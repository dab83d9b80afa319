//! How several scenarios differ from the first one, replication by replication, a line each.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::comparison::shown;
use super::{plain, trimmed};
use crate::experiment::Comparison;
use crate::measure::Estimate;
use crate::report::Context;
use crate::report::numbers::trim_zeros;

/// A figure of the table: its heading, its name in the summary, the unit it is shown in, and how large that unit is.
struct Shown {
    heading: &'static str,
    metric: &'static str,
    unit: &'static str,
    size: f64,
}

/// The figures that the comparison of scenarios shows too, as far as replications can differ in them.
const SHOWN: [Shown; 4] = [
    Shown { heading: "worst min", metric: "error_rate.peak", unit: " pp", size: 0.01 },
    Shown { heading: "saw error", metric: "viewers.saw_error", unit: "", size: 1.0 },
    Shown { heading: "attempts", metric: "retry_amplification", unit: "", size: 1.0 },
    Shown { heading: "over", metric: "recovery_s", unit: " min", size: 60.0 },
];

/// The table: a line for each scenario after the first, with mean and 95% interval of the paired differences.
///
/// Empty unless there are several scenarios with several replications each, since an interval needs two of both.
pub fn table(contexts: &[Context<'_>], comparison: &Comparison, width: usize) -> String {
    let Some((first, others)) = contexts.split_first() else { return String::new() };
    if others.is_empty() || comparison.replications < 2 {
        return String::new();
    }
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width.max(40)).unwrap_or(u16::MAX));
    table.set_header(["scenario"].into_iter().chain(SHOWN.iter().map(|shown| shown.heading)));
    for (arm, context) in (1..).zip(others) {
        let cell = |shown: &Shown| cell(comparison.difference(arm, shown.metric), comparison.replications, shown);
        table.add_row([shown(context.name)].into_iter().chain(SHOWN.iter().map(cell)));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{}\n{}", heading(&plain(first.name), comparison), trimmed(&table.to_string()))
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

/// A difference as `−12.3 ± 0.7`, with as many decimals as its half-width needs; a dash unless every replication had a
/// value in both scenarios, since a mean over some of them would be that of the lucky ones.
fn cell(difference: Option<Estimate>, replications: usize, shown: &Shown) -> String {
    let Some(difference) = difference.filter(|difference| difference.n == replications) else {
        return "–".to_owned();
    };
    let (mean, half) = (difference.mean / shown.size, (difference.high - difference.low) / 2.0 / shown.size);
    let (divisor, suffix) = match mean.abs().max(half) {
        size if size >= 1e6 => (1e6, " M"),
        size if size >= 1e4 => (1e3, " k"),
        _ => (1.0, ""),
    };
    let (mean, half) = (mean / divisor, half / divisor);
    let decimals = decimals(if half > 0.0 { half } else { mean.abs() });
    let digits = format!("{:.decimals$}", mean.abs());
    let sign = match mean {
        _ if trim_zeros(&digits) == "0" => "",
        mean if mean < 0.0 => "\u{2212}",
        _ => "+",
    };
    format!("{sign}{digits} ± {half:.decimals$}{suffix}{}", shown.unit)
}

/// Decimals that show two significant digits of a value, at most four.
fn decimals(value: f64) -> usize {
    (0..4).find(|decimals| value * [1.0, 10.0, 100.0, 1_000.0][*decimals] >= 9.5 || value == 0.0).unwrap_or(4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Sample;
    use crate::report::support::Morning;
    use crate::vocabulary::Figure;

    /// A sample whose figures are all zero but one.
    fn sample(seed: u64, metric: &str, values: &[f64]) -> Sample {
        let of = |value: f64| move |figure: &Figure| if figure.name() == metric { value } else { 0.0 };
        let summary = |value: &f64| Figure::summary().iter().map(of(*value)).collect();
        Sample { seed, summaries: values.iter().map(summary).collect() }
    }

    #[test]
    fn each_scenario_after_the_first_has_its_paired_difference() {
        let morning = Morning::new();
        let contexts = [morning.context(), Context { name: "better", ..morning.context() }];
        let before = sample(1, "error_rate.peak", &[0.90, 0.80, 0.70]);
        let after = sample(1, "error_rate.peak", &[0.60, 0.52, 0.38]);
        let text = table(&contexts, &Comparison::of(&[&before, &after]), 100);
        // Differences of −30, −28 and −32 points: 4.3027 × 2 / √3 is 4.97.
        assert!(text.contains("−30.0 ± 5.0 pp") && text.contains("on the same crowds"), "{text}");
        assert!(text.contains("0 ± 0") && text.lines().all(|line| line.chars().count() <= 100), "{text}");
        let other = Comparison::of(&[&before, &Sample { seed: 2, ..after }]);
        assert!(table(&contexts, &other, 100).contains("seeds differ"));
    }

    #[test]
    fn one_replication_or_one_scenario_has_no_interval() {
        let morning = Morning::new();
        let context = morning.context();
        let (one, three) = (sample(1, "recovery_s", &[1.0]), sample(1, "recovery_s", &[1.0, 2.0, 3.0]));
        assert_eq!(table(&[context.clone(), context.clone()], &Comparison::of(&[&one, &one]), 100), "");
        assert_eq!(table(&[context], &Comparison::of(&[&three]), 100), "");
    }

    #[test]
    fn a_figure_that_some_replications_lack_is_a_dash() {
        let comparison = Comparison::of(&[
            &sample(1, "recovery_s", &[60.0, 120.0, 180.0]),
            &sample(1, "recovery_s", &[120.0, f64::NAN, 240.0]),
        ]);
        let over = &SHOWN[3];
        assert_eq!(cell(comparison.difference(1, over.metric), 3, over), "–");
        assert_eq!(cell(comparison.difference(1, over.metric), 2, over), "+1.0 ± 0.0 min");
    }

    #[test]
    fn large_counts_and_narrow_intervals_are_short() {
        let estimate = |mean: f64, half: f64| Some(Estimate { mean, low: mean - half, high: mean + half, n: 9 });
        let count = &SHOWN[1];
        assert_eq!(cell(estimate(-1_234_567.0, 2_100.0), 9, count), "−1.2346 ± 0.0021 M");
        assert_eq!(cell(estimate(12.3456, 0.123), 9, count), "+12.35 ± 0.12");
        assert_eq!(cell(estimate(0.0, 0.0), 9, count), "0 ± 0");
    }
}
