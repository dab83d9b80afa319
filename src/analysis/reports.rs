//! What an outage tracker would show: reports by the minute.

use super::finite;
use crate::measure::{Figures, Scope};
use crate::vocabulary::Column;

/// Bins that a run is cut into at most.
const MOST_BINS: f64 = 240.0;

/// Reports per minute, in bins of a minute or longer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reports {
    /// Start and end of each bin in seconds from the drop, and the reports per minute within.
    pub bins: Vec<(f64, f64, f64)>,
}

impl Reports {
    /// The reports of a row; bins last a minute, or longer where the run has more than 240 minutes.
    pub fn of(figures: &Figures, row: usize) -> Reports {
        let window_s = figures.width_s * figures.intervals as f64;
        let wanted = [60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 21_600.0]
            .into_iter()
            .find(|width| window_s / width <= MOST_BINS)
            .unwrap_or(86_400.0);
        let together = ((wanted / figures.width_s).round() as usize).max(1);
        let bins = (0..figures.intervals)
            .step_by(together)
            .map(|start| {
                let end = start.saturating_add(together).min(figures.intervals);
                let count: f64 = finite((start..end).map(|i| figures.value(i, row, Column::Reports))).sum();
                let minutes = (end - start) as f64 * figures.width_s / 60.0;
                (figures.time_s(start), figures.time_s(end), count / minutes)
            })
            .collect();
        Reports { bins }
    }

    /// Start and end of the highest bin, the first of equals, and the number of reports in it; none if there are none.
    pub fn most(&self) -> Option<(f64, f64, f64)> {
        let (_, start) = self.peak()?;
        let (from_s, to_s, rate) = *self.bins.iter().find(|bin| bin.0 == start)?;
        Some((from_s, to_s, (rate * (to_s - from_s) / 60.0).round()))
    }

    /// Reports per minute of the highest bin, the first of equals, and its start; none if nobody reports anything.
    pub fn peak(&self) -> Option<(f64, f64)> {
        self.bins
            .iter()
            .map(|(start, _, rate)| (*rate, *start))
            .filter(|(rate, _)| rate.is_finite() && *rate > 0.0)
            .reduce(|best, next| if next.0 > best.0 { next } else { best })
    }
}

/// Reports of each region that has any, by index of the region; those with the highest peaks first.
pub fn of_regions(figures: &Figures) -> Vec<(usize, Reports)> {
    let rows = figures.scopes.iter().enumerate().filter_map(|(row, scope)| match *scope {
        Scope { region: Some(region), pool: None, request: None } => Some((row, region)),
        _ => None,
    });
    let mut regions: Vec<(usize, Reports)> = rows
        .filter(|(row, _)| figures.series(*row, Column::Reports).any(|count| count > 0.0))
        .map(|(row, region)| (region, Reports::of(figures, row)))
        .collect();
    let height = |reports: &Reports| reports.peak().map_or(0.0, |peak| peak.0);
    regions.sort_by(|a, b| height(&b.1).total_cmp(&height(&a.1)).then(a.0.cmp(&b.0)));
    regions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support;

    #[test]
    fn reports_are_counted_by_the_minute() {
        let mut figures = support::empty(12, 0.0, 10.0);
        support::set(&mut figures, 7, 0, Column::Reports, 30.0);
        let reports = Reports::of(&figures, 0);
        assert_eq!(reports.bins, [(0.0, 60.0, 0.0), (60.0, 120.0, 30.0)]);
        assert_eq!(reports.peak(), Some((30.0, 60.0)));
    }

    #[test]
    fn regions_with_reports_come_in_the_order_of_their_peaks() {
        let mut figures = support::empty(12, 0.0, 10.0);
        support::set(&mut figures, 3, 2, Column::Reports, 5.0);
        support::set(&mut figures, 4, 4, Column::Reports, 9.0);
        assert_eq!(of_regions(&figures).iter().map(|(region, _)| *region).collect::<Vec<_>>(), [3, 1]);
    }
}
