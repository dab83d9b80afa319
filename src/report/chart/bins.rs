//! The figures in bins that a chart has room for: intervals finer than the picture would only blacken it.

use std::borrow::Cow;

use crate::measure::Figures;
use crate::vocabulary::{Aggregation, Column, Outcome};

/// Most bins of a chart: each is at least two pixels wide.
const MOST: usize = 640;

/// Figures in bins, and the start and end of each bin in seconds from the drop.
pub struct Bins<'a> {
    /// The figures. Counts in a bin that the run, or a limit of the command, cuts short are those of a whole bin, so that rates are right.
    pub figures: Cow<'a, Figures>,
    /// The bins; one of them begins at the drop, or with the interval that holds the drop.
    pub edges: Vec<(f64, f64)>,
}

impl<'a> Bins<'a> {
    /// The intervals themselves, or several together where there are too many.
    pub fn of(figures: &'a Figures) -> Bins<'a> {
        let least = if figures.intervals <= MOST { 1 } else { figures.intervals.div_ceil(MOST - 1) };
        Bins::of_at_least(figures, least)
    }

    /// Bins of at least `least` intervals each.
    pub fn of_at_least(figures: &'a Figures, least: usize) -> Bins<'a> {
        let together = if least <= 1 { 1 } else { together(figures, least) };
        if together == 1 {
            let edges = (0..figures.intervals).map(|i| (figures.time_s(i), figures.time_s(i + 1))).collect();
            return Bins { figures: Cow::Borrowed(figures), edges };
        }
        let groups = groups(figures, together);
        let edges = groups.iter().map(|(from, until)| (figures.time_s(*from), figures.time_s(*until))).collect();
        Bins { figures: Cow::Owned(merged(figures, together, &groups)), edges }
    }

    /// The figures and the edges, without a loan.
    pub fn into_owned(self) -> (Figures, Vec<(f64, f64)>) {
        (self.figures.into_owned(), self.edges)
    }
}

/// Number of intervals in a bin: a width that people count in, of `least` to four times as many intervals, else `least`.
fn together(figures: &Figures, least: usize) -> usize {
    const WIDTHS: [f64; 20] = [
        0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0,
        3600.0, 7200.0,
    ];
    let whole = |width: &f64| {
        let count = width / figures.width_s;
        let near = count.round();
        ((count - near).abs() < 1e-6 && near >= least as f64 && near <= 4.0 * least as f64).then_some(near as usize)
    };
    WIDTHS.iter().find_map(whole).unwrap_or(least)
}

/// The intervals of each bin: from, until. A bin begins with the interval that holds the drop.
fn groups(figures: &Figures, together: usize) -> Vec<(usize, usize)> {
    let before = (-figures.first_s / figures.width_s + 1e-9).floor();
    let first = if before > 0.0 { before as usize % together } else { 0 };
    let starts = (0..first.min(1)).chain((first..figures.intervals).step_by(together));
    starts.map(|from| (from, if from < first { first } else { (from + together).min(figures.intervals) })).collect()
}

fn merged(figures: &Figures, together: usize, groups: &[(usize, usize)]) -> Figures {
    let mut values = Vec::with_capacity(groups.len() * figures.scopes.len() * Column::COUNT);
    let mut bounds = figures.error_rate_bounds.as_ref().map(|_| Vec::new());
    for (from, until) in groups {
        for scope in 0..figures.scopes.len() {
            let of = |column: Column| (*from..*until).map(move |i| figures.value(i, scope, column));
            values.extend(Column::ALL.iter().map(|column| match column.aggregation() {
                Aggregation::ErrorRate => error_rate(figures, *from..*until, scope),
                Aggregation::Count => mean(known(of(*column))) * together as f64,
                Aggregation::Percentile(..) | Aggregation::Highest => known(of(*column)).fold(f64::NAN, f64::max),
                Aggregation::AtEnd => known(of(*column)).last().unwrap_or(f64::NAN),
                Aggregation::Mean(_) | Aggregation::Ratio => mean(known(of(*column))),
            }));
            if let (Some(bounds), Some(fine)) = (&mut bounds, &figures.error_rate_bounds) {
                let rows = (*from..*until).map(|i| i * figures.scopes.len() + scope);
                let ends: Vec<(f64, f64)> = rows.filter_map(|row| fine.get(row).copied()).collect();
                bounds.push((mean(known(ends.iter().map(|end| end.0))), mean(known(ends.iter().map(|end| end.1)))));
            }
        }
    }
    Figures {
        intervals: groups.len(),
        width_s: figures.width_s * together as f64,
        values,
        error_rate_bounds: bounds,
        ..figures.within(0..0)
    }
}

/// The error rate over several intervals, from the sums of the outcomes.
fn error_rate(figures: &Figures, intervals: std::ops::Range<usize>, scope: usize) -> f64 {
    let count = |outcome: &Outcome| -> f64 {
        known(intervals.clone().map(|i| figures.value(i, scope, outcome.column()))).sum()
    };
    let failed: f64 = Outcome::errors().iter().map(count).sum();
    let ended = failed + count(&Outcome::Served);
    if ended > 0.0 { failed / ended } else { f64::NAN }
}

fn known(values: impl Iterator<Item = f64>) -> impl Iterator<Item = f64> {
    values.filter(|value| !value.is_nan())
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::support;

    #[test]
    fn few_intervals_stay_as_they_are() {
        let figures = support::empty(640, -60.0, 1.0);
        let bins = Bins::of(&figures);
        assert!(matches!(bins.figures, Cow::Borrowed(_)));
        assert_eq!((bins.edges.len(), bins.edges[60]), (640, (0.0, 1.0)));
    }

    #[test]
    fn many_intervals_are_put_together_and_a_bin_begins_at_the_drop() {
        let mut figures = support::empty(6000, -10.3, 0.1);
        support::fill(&mut figures, Column::Attempts, 5.0);
        support::fill(&mut figures, Outcome::Served.column(), 4.0);
        support::fill(&mut figures, Outcome::Rejected.column(), 1.0);
        support::fill(&mut figures, Column::LatencyP99, 7.0);
        support::set(&mut figures, 200, 0, Column::LatencyP99, 90.0);
        let bins = Bins::of(&figures);
        assert_eq!(bins.figures.width_s, 1.0);
        assert!(bins.edges.iter().any(|(from, _)| from.abs() < 1e-9), "{:?}", &bins.edges[..12]);
        let (first, last) = (bins.edges[0], bins.edges[bins.edges.len() - 1]);
        assert!((first.0 + 10.3).abs() < 1e-9 && (first.1 + 10.0).abs() < 1e-9 && (last.1 - 589.7).abs() < 1e-9);
        assert!(bins.edges.windows(2).all(|pair| (pair[0].1 - pair[1].0).abs() < 1e-9));
        for bin in 0..bins.edges.len() {
            let at = |column| bins.figures.value(bin, 0, column);
            assert!((at(Column::Attempts) - 50.0).abs() < 1e-9 && at(Column::ErrorRate) == 0.2, "{bin}");
        }
        let worst = bins.edges.iter().position(|(from, until)| *from <= 9.7 + 1e-9 && *until > 9.7 + 1e-9).unwrap();
        assert_eq!(bins.figures.value(worst, 0, Column::LatencyP99), 90.0);
    }

    #[test]
    fn a_bin_that_a_limit_of_the_command_cuts_short_has_the_rate_of_its_known_intervals() {
        let mut figures = support::empty(2000, 0.0, 30.0);
        support::fill(&mut figures, Column::Attempts, 5.0);
        (1001..2000).for_each(|interval| support::set(&mut figures, interval, 0, Column::Attempts, f64::NAN));
        let bins = Bins::of(&figures);
        let known: Vec<f64> = bins.figures.series(0, Column::Attempts).filter(|count| count.is_finite()).collect();
        let whole = 5.0 * bins.figures.width_s / 30.0;
        assert!(known.iter().all(|count| (count - whole).abs() < 1e-9), "{known:?}");
        assert!(known.len() < bins.edges.len());
    }
}
