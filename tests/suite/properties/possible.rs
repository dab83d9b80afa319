//! Figures that can be: none is negative, shares are at most 1, percentiles are in order.

use dropstorm::vocabulary::{Column, Figure};

use super::case::{Case, ensure, holds};

const SHARES: [Column; 6] = [
    Column::ErrorRate,
    Column::WastedShare,
    Column::LinkUtilization,
    Column::StalledShare,
    Column::WaitedShare,
    Column::Utilization,
];

pub fn are_possible(case: &Case) -> Result<(), String> {
    let (figures, books) = (&case.figures, &case.run.ledger);
    // Servers that are taken away finish what they hold, so for a while more slots are busy than there are.
    let fewer_slots = case.drawn.changes("servers") || case.drawn.changes("concurrency");
    for (index, value) in figures.values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        let column = Column::ALL[index % Column::COUNT];
        ensure!(*value >= 0.0 && value.is_finite(), "{} is {value}", column.name());
        let at_most_1 = SHARES.contains(&column) && !(fewer_slots && column == Column::Utilization);
        ensure!(!at_most_1 || *value <= 1.0 + 1e-9, "{} is {value}", column.name());
    }
    let most_viewers = books.arrived as f64 / case.model.scale * (1.0 + 1e-9);
    for (scope, interval) in (0..figures.scopes.len()).flat_map(|scope| (0..figures.intervals).map(move |i| (scope, i)))
    {
        let of = |column| figures.value(interval, scope, column);
        let percentiles = [Column::LatencyP50, Column::LatencyP95, Column::LatencyP99].map(of);
        ensure!(percentiles[0].is_nan() || percentiles.is_sorted(), "percentiles of latency: {percentiles:?}");
        for viewers in [Column::ViewersError, Column::ViewersActive].map(of) {
            ensure!(viewers.is_nan() || viewers <= most_viewers, "{viewers} viewers of {most_viewers}");
        }
    }
    for (figure, value) in &figures.summary {
        let value = value.map_or(0.0, |estimate| estimate.mean);
        let may_be_before_the_drop = matches!(figure, Figure::ErrorRatePeakAt | Figure::ReportsPeakAt);
        ensure!(may_be_before_the_drop || (value >= 0.0 && value.is_finite()), "{} is {value}", figure.name());
    }
    Ok(())
}

#[test]
fn every_figure_is_possible() {
    holds(are_possible);
}
