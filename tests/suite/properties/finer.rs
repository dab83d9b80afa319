//! Intervals half as wide: what is measured in more parts is the same in all.

use dropstorm::measure::Figures;
use dropstorm::vocabulary::{Aggregation, Column};
use toml::Value;

use super::case::{Case, ensure, holds};
use super::twin::figures;

/// The sum of a column that counts, or the mean of one that is a mean over time; NaN where it is unknown at some time.
fn in_all(figures: &Figures, scope: usize, column: Column) -> Option<f64> {
    match column.aggregation() {
        // Viewers are counted once in each interval.
        Aggregation::Count if [Column::ViewersActive, Column::ViewersError].contains(&column) => None,
        Aggregation::Count => Some(figures.series(scope, column).sum()),
        Aggregation::Mean(_) => Some(figures.series(scope, column).sum::<f64>() / figures.intervals as f64),
        _ => None,
    }
}

pub fn change_no_total(case: &Case) -> Result<(), String> {
    let mut tree = case.drawn.tree.clone();
    let half_s = case.model.interval.seconds() / 2.0;
    tree.insert("interval".to_owned(), Value::String(format!("{half_s} s")));
    let finer = figures(&tree)?;
    for (scope, column) in
        (0..finer.scopes.len()).flat_map(|scope| Column::ALL.iter().map(move |column| (scope, *column)))
    {
        if let (Some(coarse), Some(fine)) = (in_all(&case.figures, scope, column), in_all(&finer, scope, column)) {
            let unknown = coarse.is_nan() || fine.is_nan();
            let same = unknown || (coarse - fine).abs() <= 1e-9 * coarse.abs();
            ensure!(same, "{} of {:?}: {fine}, not {coarse}", column.name(), finer.scopes[scope]);
        }
    }
    Ok(())
}

#[test]
fn finer_intervals_change_no_total() {
    holds(change_no_total);
}
