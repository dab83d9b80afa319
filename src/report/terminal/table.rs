//! The table of a run: the figures that people ask for first.

use super::grid::{Column, grid};
use crate::measure::{Estimate, Figures};
use crate::report::Subject;
use crate::report::numbers::{grouped, in_unit};
use crate::report::states;
use crate::report::words::moment::length;
use crate::vocabulary::{Figure, Unit};

/// Attempts for a first try that print as one.
const AS_MANY: f64 = 0.995;

/// The columns: name, value, and with replications the interval of the mean, which a narrow screen has no room for.
const COLUMNS: [Column; 3] = [Column::left("", 0), Column::right("", 0), Column::left("", 1)];

/// The figures of a run, in at most `width` columns; figures that the run lacks are left out.
pub(super) fn table(subject: &Subject<'_>, width: usize) -> String {
    let Subject { context, figures, words, analyses, .. } = *subject;
    let is_steady = analyses.only().is_some_and(|run| run.everything.steady.is_some());
    // Replications have their worst windows at times of their own.
    let in_the_worst = match words.worst_window_s {
        Some(seconds) => format!("  failed in the worst {}", length(seconds)),
        None if is_steady => "  failed throughout".to_owned(),
        None => "  failed at the worst".to_owned(),
    };
    // Who waits for calls holds a slot and does no work.
    let calls = context.spec.pool.values().any(|pool| !pool.calls.calls.is_empty());
    let in_vain = if calls { "slot time that served nobody" } else { "work that served nobody" };
    // People who came before the measured window asked for nothing that is counted.
    let people = if context.spec.measure.is_some() { Figure::Present } else { Figure::ViewersArrived };
    let rows = [
        ("people who came", people),
        ("  saw an error page", Figure::HarmSawError),
        ("  gave up", Figure::HarmGaveUp),
        ("  waited too long", Figure::HarmWaited),
        ("  saw the stream stall", Figure::HarmStalled),
        ("  had a poor picture", Figure::HarmDegraded),
        ("attempts", Figure::AttemptsTotal),
        ("  failed", Figure::ErrorRateOverall),
        (&in_the_worst, Figure::ErrorRatePeak),
        ("  for a first try", Figure::AmplificationTotal),
        (in_vain, Figure::WastedShare),
        ("half of the replies within", Figure::LatencyP50),
        ("99% of the replies within", Figure::LatencyP99),
        ("half of the streams start within", Figure::StartTimeP50),
        ("outage reports", Figure::ReportsTotal),
    ];
    let stated = context.states_reports();
    let rows = rows.into_iter().filter_map(|(name, figure)| row(figures, name, figure, stated));
    let mut rows: Vec<Vec<String>> = rows.collect();
    let state = states::told(analyses);
    if !state.is_empty() {
        rows.push(vec!["state of the trouble".to_owned(), state, String::new()]);
    }
    grid(&COLUMNS, &rows, width)
}

/// A row of the table; none for a figure without a value, for harm that nobody came to, for reports that are neither `stated` nor
/// made, or for fewer attempts than first tries, some of which clients kept back.
fn row(figures: &Figures, name: &str, figure: Figure, stated: bool) -> Option<Vec<String>> {
    let is_told = |mean: f64| mean.is_finite() && (figure != Figure::AmplificationTotal || mean >= AS_MANY);
    let estimate = figures.figure(figure).filter(|estimate| is_told(estimate.mean))?;
    let may_be_none = !figure.name().starts_with("harm.") && (stated || figure != Figure::ReportsTotal);
    (may_be_none || estimate.mean > 0.0).then(|| {
        let Estimate { mean, low, high, .. } = estimate;
        let show = |value: f64| shown(figure.unit(), value);
        let interval = match figures.replications {
            0 | 1 => String::new(),
            _ => format!("({} to {})", show(low), show(high)),
        };
        vec![name.to_owned(), show(mean), interval]
    })
}

fn shown(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Count => grouped(value),
        Unit::Ratio => format!("{value:.2}"),
        _ => in_unit(unit, value),
    }
}
