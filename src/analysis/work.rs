//! Demand, goodput, wasted work and capacity of a pool over time.

use crate::measure::Figures;
use crate::vocabulary::{Column, Outcome};

/// Rates of each interval, in attempts per second; NaN where unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Work {
    /// Attempts sent.
    pub sent: Vec<f64>,
    /// Attempts served: goodput.
    pub served: Vec<f64>,
    /// Attempts served plus the wasted work, counted as attempts of the mean size.
    pub worked: Vec<f64>,
    /// Attempts that the pool can serve.
    pub capacity: Vec<f64>,
}

impl Work {
    /// The work of a row.
    pub fn of(figures: &Figures, row: usize) -> Work {
        let series = |column| figures.series(row, column).collect::<Vec<f64>>();
        let sent = per_second(figures, row, Column::Attempts);
        let served = per_second(figures, row, Outcome::Served.column());
        let capacity = series(Column::CapacityPerSecond);
        let (busy, wasted) = (series(Column::Utilization), series(Column::WastedShare));
        let worked = (0..served.len())
            .map(|i| {
                let in_vain = capacity[i] * busy[i] * wasted[i];
                served[i] + if in_vain.is_finite() { in_vain.max(0.0) } else { 0.0 }
            })
            .collect();
        Work { sent, served, worked, capacity }
    }
}

/// A count of each interval as a rate per second.
pub fn per_second(figures: &Figures, row: usize, column: Column) -> Vec<f64> {
    figures.series(row, column).map(|count| count / figures.width_s).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support;

    #[test]
    fn wasted_work_stands_on_top_of_goodput() {
        let mut figures = support::empty(2, 0.0, 10.0);
        for (column, value) in [
            (Column::Attempts, 500.0),
            (Outcome::Served.column(), 200.0),
            (Column::CapacityPerSecond, 40.0),
            (Column::Utilization, 0.75),
            (Column::WastedShare, 0.5),
        ] {
            support::set(&mut figures, 0, 0, column, value);
        }
        support::set(&mut figures, 1, 0, Outcome::Served.column(), 200.0);
        let work = Work::of(&figures, 0);
        assert_eq!((work.sent[0], work.served[0], work.worked[0]), (50.0, 20.0, 35.0));
        assert_eq!(work.worked[1], 20.0, "waste that is unknown counts as none");
    }
}
