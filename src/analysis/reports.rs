//! Reports to an outage tracker, minute by minute.

use super::finite;
use crate::measure::{Figures, Scope};
use crate::vocabulary::Column;

/// Bins that a run is cut into at most.
const MOST_BINS: f64 = 240.0;
/// Runs shorter than this, in seconds, have bins of seconds.
const SHORT_S: f64 = 600.0;
/// Bins that such a run is cut into at most.
const MOST_BINS_OF_SHORT: f64 = 40.0;

/// Reports per minute, in bins of a minute or longer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reports {
    /// Width of a bin in seconds; the first and the last may be shorter.
    pub width_s: f64,
    /// Start and end of each bin in seconds from the drop, and the reports per minute within.
    pub bins: Vec<(f64, f64, f64)>,
}

impl Reports {
    /// The reports of a row; bins last a minute; longer where the run has more than 240 minutes or its
    /// intervals are longer, and shorter where it lasts less than ten minutes. A bin begins at the drop, or with the interval that holds the drop.
    pub fn of(figures: &Figures, row: usize) -> Reports {
        let window_s = figures.width_s * figures.intervals as f64;
        let widths: &[f64] = match window_s {
            short if short < SHORT_S => &[1.0, 2.0, 5.0, 10.0, 20.0],
            _ => &[60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 21_600.0],
        };
        let most = if window_s < SHORT_S { MOST_BINS_OF_SHORT } else { MOST_BINS };
        let wanted = widths.iter().copied().find(|width| window_s / width <= most).unwrap_or(86_400.0);
        let together = ((wanted / figures.width_s).round() as usize).max(1);
        let before = (-figures.first_s / figures.width_s + 1e-9).floor();
        let first = if before > 0.0 { before as usize % together } else { 0 };
        let bins = (0..first.min(1))
            .chain((first..figures.intervals).step_by(together))
            .map(|start| {
                let end = if start < first { first } else { start.saturating_add(together) }.min(figures.intervals);
                let count: f64 = finite((start..end).map(|i| figures.value(i, row, Column::Reports))).sum();
                let minutes = (end - start) as f64 * figures.width_s / 60.0;
                (figures.time_s(start), figures.time_s(end), count / minutes)
            })
            .collect();
        Reports { width_s: together as f64 * figures.width_s, bins }
    }

    /// Start and end of the highest bin that lies wholly within a stretch, the first of equals, and the number of reports in
    /// it; none if there are none.
    pub fn most(&self, from_s: f64, until_s: f64) -> Option<(f64, f64, f64)> {
        let within = self.bins.iter().filter(|bin| from_s <= bin.0 && bin.1 <= until_s && bin.2 > 0.0);
        let most = within.reduce(|most, next| if next.2 > most.2 { next } else { most });
        most.map(|(from, until, rate)| (*from, *until, rate * (until - from) / 60.0))
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
        let mut figures = support::empty(60, 0.0, 10.0);
        support::set(&mut figures, 7, 0, Column::Reports, 30.0);
        let reports = Reports::of(&figures, 0);
        assert_eq!(reports.bins[..2], [(0.0, 60.0, 0.0), (60.0, 120.0, 30.0)]);
        assert_eq!((reports.peak(), reports.width_s), (Some((30.0, 60.0)), 60.0));
    }

    #[test]
    fn a_bin_begins_at_the_drop() {
        let mut figures = support::empty(60, -50.0, 10.0);
        support::set(&mut figures, 5, 0, Column::Reports, 30.0);
        let reports = Reports::of(&figures, 0);
        assert_eq!(reports.bins[..3], [(-50.0, 0.0, 0.0), (0.0, 60.0, 30.0), (60.0, 120.0, 0.0)]);
    }

    #[test]
    fn a_run_of_seconds_has_bins_of_seconds() {
        assert_eq!(Reports::of(&support::empty(30, 0.0, 1.0), 0).width_s, 1.0);
        assert_eq!(Reports::of(&support::empty(300, 0.0, 1.0), 0).width_s, 10.0);
    }

    #[test]
    fn regions_with_reports_come_in_the_order_of_their_peaks() {
        let mut figures = support::empty(12, 0.0, 10.0);
        support::set(&mut figures, 3, 2, Column::Reports, 5.0);
        support::set(&mut figures, 4, 4, Column::Reports, 9.0);
        assert_eq!(of_regions(&figures).iter().map(|(region, _)| *region).collect::<Vec<_>>(), [3, 1]);
    }
}
