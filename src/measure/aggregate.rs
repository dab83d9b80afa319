//! The aggregation of rows into one value of a column, over replications or over a window.

use super::row::{Row, Summed};
use crate::vocabulary::{Aggregation, Column, Unit};

/// The sums of rows of one interval and scope over replications.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RowSums {
    sums: Summed,
}

impl RowSums {
    /// Adds the row of one replication.
    pub fn add(&mut self, row: &Row) {
        self.sums.add(row);
    }

    /// The value of a column over the replications, at full size; NaN where the column does not apply.
    ///
    /// Ratios are ratios of sums; values of all other columns are averaged over the replications. `full` is full size over
    /// simulated size.
    pub fn value(&self, column: Column, full: f64) -> f64 {
        match column.aggregation() {
            Aggregation::Count | Aggregation::Mean(_) => self.sums.mean(column) * full,
            Aggregation::AtEnd | Aggregation::Highest => self.sums.mean(column) * factor(column, full),
            Aggregation::Percentile(..) => self.sums.mean(column),
            Aggregation::Ratio | Aggregation::ErrorRate => {
                let (over, under) = self.sums.ratio(column);
                over / under
            }
        }
    }
}

/// The factor from simulated to full size of a value: `full` for counts, 1 for others.
pub(super) fn factor(column: Column, full: f64) -> f64 {
    if column.unit() == Unit::Count { full } else { 1.0 }
}

/// The value of a column over the intervals of a window of one run, at full size; NaN where the column does not apply.
///
/// Counts are summed, means are averaged, ratios are ratios of sums, of levels at the end of an interval the last is taken,
/// and of highest values and percentiles the highest. `full` is full size over simulated size.
pub fn over_window(rows: &[&Row], column: Column, full: f64) -> f64 {
    match column.aggregation() {
        Aggregation::Count => values(rows, column).reduce(|sum, value| sum + value).unwrap_or(f64::NAN) * full,
        Aggregation::Mean(_) => mean(rows, column) * full,
        Aggregation::AtEnd => values(rows, column).last().unwrap_or(f64::NAN) * factor(column, full),
        Aggregation::Highest => values(rows, column).fold(f64::NAN, f64::max) * factor(column, full),
        Aggregation::Percentile(..) => values(rows, column).fold(f64::NAN, f64::max),
        Aggregation::Ratio | Aggregation::ErrorRate => ratio(rows, column),
    }
}

/// The values of a column in the rows in which the column applies.
fn values(rows: &[&Row], column: Column) -> impl Iterator<Item = f64> {
    rows.iter().map(move |row| row.value(column)).filter(|value| !value.is_nan())
}

fn mean(rows: &[&Row], column: Column) -> f64 {
    let (sum, n) = values(rows, column).fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    sum / n
}

fn ratio(rows: &[&Row], column: Column) -> f64 {
    let (over, under) = rows.iter().map(|row| row.ratio(column)).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    over / under
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};
    use crate::vocabulary::Outcome;

    /// A row of numbers drawn from a key, in which every third column does not apply.
    fn row(key: Key) -> Row {
        let mut row = Row::default();
        for (index, column) in Column::ALL.iter().enumerate().filter(|(index, _)| index % 3 != 0) {
            let uniform = key.with(index as u64).draw(Purpose::Service).uniform();
            match column.aggregation() {
                Aggregation::Count => row.add(*column, (uniform * 1e6) as u64),
                Aggregation::Ratio => row.set_ratio(*column, uniform, 2.0 * uniform + 1.0),
                Aggregation::ErrorRate => {}
                _ => row.set(*column, uniform),
            }
        }
        row
    }

    /// The slow twin: each column by its name, as the reference states its aggregation.
    fn twin(rows: &[&Row], column: Column, full: f64, window: bool) -> f64 {
        let n = rows.len() as f64;
        let sum = |value: &dyn Fn(&Row) -> f64| rows.iter().map(|row| value(row)).sum::<f64>();
        let share = |over: &dyn Fn(&Row) -> f64, under: &dyn Fn(&Row) -> f64| sum(over) / sum(under);
        let name = column.name();
        let applies = !rows[0].value(column).is_nan();
        match name {
            "error_rate" => {
                let count = |row: &Row, wanted: fn(&Outcome) -> bool| {
                    Outcome::ALL
                        .iter()
                        .filter(|outcome| wanted(outcome))
                        .map(|outcome| row.count(outcome.column()))
                        .sum()
                };
                let counts: fn(&Outcome) -> bool = |outcome| *outcome != Outcome::Cancelled;
                let fails = |outcome: &Outcome| !matches!(outcome, Outcome::Served | Outcome::Cancelled);
                share(&|row| count(row, fails), &|row| count(row, counts))
            }
            "call_time_mean_ms" | "utilization" | "cpu" | "wasted_share" | "bitrate_mean_kbps" | "link_utilization"
            | "stalled_share" | "wait_mean_ms" | "waited_share" | "full_share" | "no_server_share"
            | "service_mean_ms" | "limited_share" | "peak_kbps" => {
                share(&|row| row.ratio(column).0, &|row| row.ratio(column).1)
            }
            _ if !applies => f64::NAN,
            "in_flight" if window => rows.last().map_or(f64::NAN, |row| row.value(column)) * full,
            "queue_max" if window => rows.iter().map(|row| row.value(column)).fold(0.0, f64::max) * full,
            "oldest_wait_ms" if window => rows.iter().map(|row| row.value(column)).fold(0.0, f64::max),
            "oldest_wait_ms" => sum(&|row| row.value(column)) / n,
            _ if name.contains("_p50_") || name.contains("_p9") => {
                if window {
                    rows.iter().map(|row| row.value(column)).fold(0.0, f64::max)
                } else {
                    sum(&|row| row.value(column)) / n
                }
            }
            _ if name.ends_with("_mean")
                || name.starts_with("servers")
                || ["concurrency_limit", "capacity_per_s"].contains(&name) =>
            {
                sum(&|row| row.value(column)) / n * full
            }
            _ if window => sum(&|row| row.value(column)) * full,
            _ => sum(&|row| row.value(column)) / n * full,
        }
    }

    #[test]
    fn columns_are_aggregated_as_the_reference_says() {
        for (rows, full) in [(1, 1.0), (3, 50.0), (60, 1.0 / 0.3)] {
            let rows: Vec<Row> = (0..rows).map(|index| row(Key::root(7, index))).collect();
            let mut pooled = RowSums::default();
            rows.iter().for_each(|row| pooled.add(row));
            let rows: Vec<&Row> = rows.iter().collect();
            for column in Column::ALL {
                for (value, twin) in [
                    (pooled.value(*column, full), twin(&rows, *column, full, false)),
                    (over_window(&rows, *column, full), twin(&rows, *column, full, true)),
                ] {
                    let same = (value.is_nan() && twin.is_nan()) || (value - twin).abs() <= 1e-12 * twin.abs();
                    assert!(same, "{}: {value} is not {twin}", column.name());
                }
            }
        }
        assert!(Column::ALL.iter().all(|column| over_window(&[], *column, 1.0).is_nan()));
    }
}
