//! Failed attempts over time: the count, the worst minute, the episode around that minute.

use super::finite;
use crate::measure::{ENOUGH_ENDED, ErrorWindows, Figures, Scope, USUAL_BOUND, WINDOW_S};
use crate::vocabulary::{Column, Figure, Outcome};

/// The window with the highest error rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Share of ended attempts that failed.
    pub rate: f64,
    /// Start of the window, in seconds from the drop.
    pub at_s: f64,
}

/// The stretch around the worst window in which the error rate stays above half of its peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Episode {
    /// Start, in seconds from the drop.
    pub from_s: f64,
    /// End, in seconds from the drop.
    pub until_s: f64,
    /// Share of the attempts ended within the episode that failed.
    pub share: f64,
    /// Whether the run ends before the episode does.
    pub unfinished: bool,
}

/// What failed, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Errors {
    /// Attempts that ended.
    pub ended: f64,
    /// Attempts that ended and were not served.
    pub failed: f64,
    /// Outcomes that occurred and how often, most frequent first.
    pub outcomes: Vec<(Outcome, f64)>,
    /// The worst window, if any attempt ended.
    pub peak: Option<Peak>,
    /// The lowest upper bound that thresholds of the scenario put on the error rate of everything.
    pub stated_bound: Option<f64>,
    /// Error rate above which the run is in trouble: the stated bound, or 1%.
    pub bound: f64,
    /// Seconds in intervals whose error rate exceeds the bound.
    pub above_s: f64,
    /// The episode around the worst window, if that exceeds the bound.
    pub episode: Option<Episode>,
    /// Whether a window lasts about a minute; else intervals are longer than that, and a window is one interval.
    pub by_minute: bool,
}

impl Errors {
    /// The errors of the scope with row `row` of the figures; without a row nothing ended.
    pub fn of(figures: &Figures, row: Option<usize>) -> Errors {
        let stated_bound = stated_bound(figures);
        let bound = stated_bound.unwrap_or(USUAL_BOUND);
        let none = || vec![(0.0, 0.0); figures.intervals];
        let counts = row.map_or_else(none, |row| ended_and_failed(figures, row));
        let all = 0..figures.intervals;
        let windows = ErrorWindows::new(counts, all.clone(), figures.first_s, figures.width_s);
        let window_s = windows.length() as f64 * figures.width_s;
        Errors {
            ended: windows.ended(all.clone()),
            failed: windows.failed(all.clone()),
            outcomes: row.map_or_else(Vec::new, |row| outcomes(figures, row)),
            peak: summary_peak(figures).or_else(|| peak(&windows)),
            stated_bound,
            bound,
            above_s: all.filter(|i| windows.rate(*i..*i + 1) > bound).count() as f64 * figures.width_s,
            episode: episode(&windows, figures, bound),
            by_minute: (window_s - WINDOW_S).abs() <= 0.25 * WINDOW_S,
        }
    }

    /// Error rate over the whole run; 0 if nothing ended.
    pub fn overall(&self) -> f64 {
        if self.ended > 0.0 { self.failed / self.ended } else { 0.0 }
    }
}

/// The lowest upper bound on the error rate of everything.
fn stated_bound(figures: &Figures) -> Option<f64> {
    let of_everything = figures.thresholds.iter().filter(|threshold| {
        threshold.column == Column::ErrorRate && threshold.at_most && threshold.scope == Scope::default()
    });
    finite(of_everything.map(|threshold| threshold.bound)).reduce(f64::min)
}

/// The outcomes of failed attempts that occurred and how often, most frequent first.
fn outcomes(figures: &Figures, row: usize) -> Vec<(Outcome, f64)> {
    let mut outcomes: Vec<(Outcome, f64)> = Outcome::errors()
        .into_iter()
        .map(|outcome| (outcome, finite(figures.series(row, outcome.column())).sum::<f64>()))
        .filter(|(_, count)| *count > 0.0)
        .collect();
    outcomes.sort_by(|a, b| b.1.total_cmp(&a.1));
    outcomes
}

/// Ended and failed attempts of each interval, at full size; cells without a number count as 0.
fn ended_and_failed(figures: &Figures, row: usize) -> Vec<(f64, f64)> {
    let count = |interval, column| Some(figures.value(interval, row, column)).filter(|n| n.is_finite()).unwrap_or(0.0);
    let errors = Outcome::errors();
    let of_interval = |interval| {
        let failed: f64 = errors.iter().map(|outcome| count(interval, outcome.column())).sum();
        (failed + count(interval, Outcome::Served.column()), failed)
    };
    (0..figures.intervals).map(of_interval).collect()
}

/// The peak of the summary: the mean over replications of each one's own worst window, within the measured intervals.
fn summary_peak(figures: &Figures) -> Option<Peak> {
    let rate = figures.figure(Figure::ErrorRatePeak)?.mean;
    let at_s = figures.figure(Figure::ErrorRatePeakAt)?.mean;
    (rate.is_finite() && at_s.is_finite()).then_some(Peak { rate, at_s })
}

/// The worst window of the mean over replications; where none had enough attempts, the worst of all.
fn peak(windows: &ErrorWindows) -> Option<Peak> {
    let (start, rate) = worst(windows)?;
    Some(Peak { rate, at_s: windows.time_s(start) })
}

fn worst(windows: &ErrorWindows) -> Option<(usize, f64)> {
    windows.worst(ENOUGH_ENDED).or_else(|| windows.worst(0.0))
}

/// Grows the episode from the worst window to both sides for as long as the smoothed error rate reaches half of the peak.
/// Intervals in which nothing ended do not break the episode unless they fill a window.
fn episode(windows: &ErrorWindows, figures: &Figures, bound: f64) -> Option<Episode> {
    let (first, peak) = worst(windows).filter(|(_, rate)| *rate > bound)?;
    let (length, count) = (windows.length(), figures.intervals);
    let half = length / 2;
    let smooth = |i: usize| windows.rate(i.saturating_sub(half)..(i + half + 1).min(count));
    let grow = |indices: &mut dyn Iterator<Item = usize>, from: usize| {
        let (mut reached, mut silent) = (from, 0);
        for i in indices {
            match smooth(i) {
                rate if rate >= peak / 2.0 => (reached, silent) = (i, 0),
                rate if rate.is_nan() && silent < length => silent += 1,
                _ => break,
            }
        }
        reached
    };
    let last = (first + length - 1).min(count - 1);
    let until = grow(&mut (last + 1..count), last);
    let from = grow(&mut (0..first).rev(), first);
    // Smoothing smears the edges by half a window; the intervals themselves say where they are.
    let calm = |i: &usize| windows.rate(*i..*i + 1) < peak / 2.0;
    let until = (first..=until).rev().find(|i| !calm(i)).unwrap_or(last);
    let from = (from..=last).find(|i| !calm(i)).unwrap_or(first);
    Some(Episode {
        from_s: figures.time_s(from),
        until_s: figures.time_s(until + 1),
        share: windows.rate(from..until + 1),
        unfinished: until + 1 == count,
    })
}
