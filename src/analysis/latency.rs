//! The highest latency of served attempts, and the most streams that played.

use super::highest;
use crate::measure::Figures;
use crate::vocabulary::Column;

/// Latency of served attempts over the run, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// Highest median of an interval.
    pub worst_median: f64,
    /// Start of that interval, the first of equals, in seconds from the drop.
    pub worst_at_s: f64,
    /// Median of the first interval in which an attempt was served.
    pub first_median: f64,
    /// Highest 99th percentile of an interval; 0 if there is none.
    pub worst_p99: f64,
}

impl Latency {
    /// The latency of a row; none if no attempt was served.
    pub fn of(figures: &Figures, row: usize) -> Option<Latency> {
        let medians: Vec<f64> = figures.series(row, Column::LatencyP50).collect();
        let served = || medians.iter().copied().enumerate().filter(|(_, median)| median.is_finite());
        let (_, first_median) = served().next()?;
        let (interval, worst_median) = served().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let worst_p99 = highest(&figures.series(row, Column::LatencyP99).collect::<Vec<_>>());
        Some(Latency { worst_median, worst_at_s: figures.time_s(interval), first_median, worst_p99 })
    }
}

/// The most streams that played, as the mean of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MostStreams {
    /// How many.
    pub count: f64,
    /// Start of the interval, the first of equals, in seconds from the drop.
    pub at_s: f64,
}

impl MostStreams {
    /// The most streams of a row; none if nothing streams.
    pub fn of(figures: &Figures, row: usize) -> Option<MostStreams> {
        let streams: Vec<f64> = figures.series(row, Column::StreamsMean).collect();
        let count = highest(&streams);
        let interval = streams.iter().position(|value| *value == count).unwrap_or(0);
        (count > 0.0).then(|| MostStreams { count, at_s: figures.time_s(interval) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support;

    #[test]
    fn the_worst_is_the_first_of_equals_and_gaps_are_skipped() {
        let mut figures = support::empty(5, 0.0, 10.0);
        for (interval, median) in [(1, 40.0), (2, 90.0), (4, 90.0)] {
            support::set(&mut figures, interval, 0, Column::LatencyP50, median);
            support::set(&mut figures, interval, 0, Column::StreamsMean, median);
        }
        let latency = Latency::of(&figures, 0).unwrap();
        assert_eq!((latency.first_median, latency.worst_median, latency.worst_at_s), (40.0, 90.0, 20.0));
        assert_eq!(latency.worst_p99, 0.0);
        assert_eq!(MostStreams::of(&figures, 0), Some(MostStreams { count: 90.0, at_s: 20.0 }));
        assert_eq!(Latency::of(&figures, 1), None);
        assert_eq!(MostStreams::of(&figures, 1), None);
    }
}
