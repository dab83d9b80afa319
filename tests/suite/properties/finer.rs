//! Intervals half as wide: what is measured in more parts is the same in all.

use dropstorm::measure::Figures;
use dropstorm::vocabulary::Column;
use toml::Value;

use super::books::outcomes;
use super::case::{Case, ensure, holds};
use super::twin::figures;

pub fn change_no_total(case: &Case) -> Result<(), String> {
    let mut tree = case.drawn.tree.clone();
    let half_s = case.model.interval.seconds() / 2.0;
    tree.insert("interval".to_owned(), Value::String(format!("{half_s} s")));
    let finer = figures(&tree)?;
    let columns = [Column::Attempts, Column::Arrivals, Column::Starts, Column::Reports, Column::RetriesDenied];
    for column in columns.into_iter().chain(outcomes()) {
        for scope in 0..finer.scopes.len() {
            let total = |figures: &Figures| figures.series(scope, column).filter(|value| !value.is_nan()).sum::<f64>();
            let (coarse, fine) = (total(&case.figures), total(&finer));
            ensure!(
                (coarse - fine).abs() <= 1e-9 * coarse,
                "{} of {:?}: {fine}, not {coarse}",
                column.name(),
                finer.scopes[scope]
            );
        }
    }
    for column in [Column::QueueMean, Column::InServiceMean, Column::StreamsMean, Column::Servers] {
        for scope in 0..finer.scopes.len() {
            let mean = |figures: &Figures| figures.series(scope, column).sum::<f64>() / figures.intervals as f64;
            let (coarse, fine) = (mean(&case.figures), mean(&finer));
            let apart = (coarse - fine).abs() > 1e-9 * coarse.abs();
            let same = coarse.is_nan() == fine.is_nan() && !apart;
            ensure!(same, "{} of {:?}: {fine}, not {coarse}", column.name(), finer.scopes[scope]);
        }
    }
    Ok(())
}

#[test]
fn finer_intervals_change_no_total() {
    holds(change_no_total);
}
