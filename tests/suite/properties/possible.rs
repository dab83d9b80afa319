//! Figures that can be: none is negative, shares are at most 1, percentiles of one distribution are in order.

use dropstorm::vocabulary::{Column, Distribution, Unit};

use super::case::{Case, ensure, holds};

pub fn are_possible(case: &Case) -> Result<(), String> {
    let figures = &case.figures;
    for (index, value) in figures.values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        let column = Column::ALL[index % Column::COUNT];
        ensure!(*value >= 0.0 && value.is_finite(), "{} is {value}", column.name());
        ensure!(column.unit() != Unit::Share || *value <= 1.0 + 1e-9, "{} is {value}", column.name());
    }
    let most_viewers = case.run.ledger.arrived as f64 / case.model.scale * (1.0 + 1e-9);
    for (scope, interval) in (0..figures.scopes.len()).flat_map(|scope| (0..figures.intervals).map(move |i| (scope, i)))
    {
        let of = |column| figures.value(interval, scope, column);
        for distribution in [Distribution::Latency, Distribution::Wait, Distribution::StartTime] {
            let percentiles: Vec<f64> = distribution.percentiles().map(|(column, _)| of(column)).collect();
            let none = percentiles.iter().all(|percentile| percentile.is_nan());
            ensure!(none || percentiles.is_sorted(), "percentiles of {distribution:?}: {percentiles:?}");
        }
        for viewers in [Column::ViewersError, Column::ViewersActive].map(of) {
            ensure!(viewers.is_nan() || viewers <= most_viewers, "{viewers} viewers of {most_viewers}");
        }
    }
    for (path, value) in &figures.summary {
        let value = value.map_or(0.0, |estimate| estimate.mean);
        let figure = path.figure;
        let (least, most) = figure.possible();
        ensure!(value.is_finite(), "{} is {value}", figure.name());
        ensure!(least <= value && value <= most + 1e-9, "{} is {value}", figure.name());
    }
    Ok(())
}

#[test]
fn every_figure_is_possible() {
    holds(are_possible);
}
