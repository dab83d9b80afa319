//! What happened, asked of the figures once; titles, sentences and tables only repeat it.

use crate::measure::{Figures, Scope};
use crate::scenario::spec::Spec;
use crate::vocabulary::{Column, Figure, Outcome};

/// The window over which a peak is judged.
const WINDOW_S: f64 = 60.0;
/// Below this many attempts a window's error rate is an anecdote.
const ENOUGH_ATTEMPTS: f64 = 100.0;
/// What counts as trouble where the scenario states no threshold of its own.
const USUAL_BOUND: f64 = 0.01;

/// The worst window, a minute where intervals make one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Share of ended attempts that were not served.
    pub rate: f64,
    /// Start of that window, in seconds from the drop.
    pub at_s: f64,
}

/// The stretch around the worst minute in which the error rate stayed above half of its peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Episode {
    /// Its start, in seconds from the drop.
    pub from_s: f64,
    /// Its end.
    pub until_s: f64,
    /// Share of the attempts that ended in it and were not served.
    pub share: f64,
    /// Whether the window of the run ended before it did.
    pub unfinished: bool,
}

/// The pool that was closest to its limit, or past it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bottleneck {
    /// Index of the pool.
    pub pool: usize,
    /// Row of its figures.
    pub row: usize,
    /// Its mean utilization around the peak.
    pub utilization: f64,
    /// Share of its server time around the peak that served nobody.
    pub wasted: f64,
    /// Attempts sent to it over its capacity, in the worst minute; NaN if its capacity is unknown.
    pub demand: f64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// Attempts that ended.
    pub ended: f64,
    /// Of them, those that were not served.
    pub failed: f64,
    /// Outcomes that occurred and how often, most frequent first.
    pub outcomes: Vec<(Outcome, f64)>,
    /// The worst minute, if any attempt ended.
    pub peak: Option<Peak>,
    /// The error rate that counts as trouble: the scenario's threshold, or 1%.
    pub bound: f64,
    /// For how many seconds the error rate was above it.
    pub above_s: f64,
    /// The stretch around the worst minute, if that was above the bound.
    pub episode: Option<Episode>,
    /// The busiest pool.
    pub bottleneck: Option<Bottleneck>,
    /// The highest utilization of a link, if there are links.
    pub link: Option<f64>,
    /// What a window over which peaks are judged is called: `minute`, or `interval` where intervals make no minute.
    pub window: &'static str,
}

impl Findings {
    /// Asks the figures.
    pub fn of(spec: &Spec, figures: &Figures) -> Findings {
        let bound = error_bound(spec);
        let mut findings = Findings {
            ended: 0.0,
            failed: 0.0,
            outcomes: Vec::new(),
            peak: None,
            bound,
            above_s: 0.0,
            episode: None,
            bottleneck: None,
            link: None,
            window: if (window(figures) as f64 * figures.width_s - WINDOW_S).abs() <= 0.25 * WINDOW_S {
                "minute"
            } else {
                "interval"
            },
        };
        let Some(row) = figures.scope(Scope::default()) else { return findings };
        let ended = Ended::of(figures, row);
        findings.ended = ended.all.iter().sum();
        findings.failed = ended.failed.iter().sum();
        findings.outcomes = Outcome::errors()
            .into_iter()
            .map(|outcome| (outcome, finite(figures.series(row, outcome.column())).sum::<f64>()))
            .filter(|(_, count)| *count > 0.0)
            .collect();
        findings.outcomes.sort_by(|a, b| b.1.total_cmp(&a.1));
        findings.above_s =
            (0..figures.intervals).filter(|i| ended.rate(*i..*i + 1) > bound).count() as f64 * figures.width_s;
        findings.peak = summary_peak(figures).or_else(|| ended.peak(figures));
        findings.episode = ended.episode(figures, bound);
        findings.bottleneck = bottleneck(figures, findings.episode, row);
        findings.link = (0..figures.scopes.len())
            .flat_map(|row| finite(figures.series(row, Column::LinkUtilization)))
            .reduce(f64::max);
        findings
    }

    /// The error rate over the whole window; 0 if nothing ended.
    pub fn overall(&self) -> f64 {
        if self.ended > 0.0 { self.failed / self.ended } else { 0.0 }
    }

    /// Whether anything happened that is worth a word.
    pub fn in_trouble(&self) -> bool {
        self.episode.is_some()
    }
}

/// The threshold on the error rate of everything, or what usually counts as trouble.
fn error_bound(spec: &Spec) -> f64 {
    stated_bound(spec).unwrap_or(USUAL_BOUND)
}

/// The threshold on the error rate of everything, if the scenario states one.
pub fn stated_bound(spec: &Spec) -> Option<f64> {
    spec.threshold
        .iter()
        .filter(|threshold| threshold.metric == Column::ErrorRate.name() && threshold.of == Default::default())
        .filter_map(|threshold| threshold.at_most.as_ref().map(|bound| bound.value))
        .filter(|bound| bound.is_finite())
        .reduce(f64::min)
}

/// The peak as the summary has it, which had finer figures to go by.
fn summary_peak(figures: &Figures) -> Option<Peak> {
    let rate = figures.figure(Figure::ErrorRatePeak)?.mean;
    let at_s = figures.figure(Figure::ErrorRatePeakAt)?.mean;
    (rate.is_finite() && at_s.is_finite()).then_some(Peak { rate, at_s })
}

/// How many intervals make a window.
fn window(figures: &Figures) -> usize {
    let intervals = (WINDOW_S / figures.width_s).round();
    if intervals >= 1.0 { (intervals as usize).min(figures.intervals.max(1)) } else { 1 }
}

/// Attempts that ended in each interval.
struct Ended {
    all: Vec<f64>,
    failed: Vec<f64>,
}

impl Ended {
    fn of(figures: &Figures, row: usize) -> Ended {
        let count =
            |interval, column| Some(figures.value(interval, row, column)).filter(|n| n.is_finite()).unwrap_or(0.0);
        let errors = Outcome::errors();
        let failed: Vec<f64> = (0..figures.intervals)
            .map(|interval| errors.iter().map(|outcome| count(interval, outcome.column())).sum())
            .collect();
        let served = |interval| count(interval, Outcome::Served.column());
        let all = (0..figures.intervals).map(|interval| failed[interval] + served(interval)).collect();
        Ended { all, failed }
    }

    /// The error rate over some intervals; NaN if nothing ended in them.
    fn rate(&self, intervals: std::ops::Range<usize>) -> f64 {
        let all: f64 = self.all[intervals.clone()].iter().sum();
        if all > 0.0 { self.failed[intervals].iter().sum::<f64>() / all } else { f64::NAN }
    }

    /// The worst window that had enough attempts; if none had, the worst at all.
    fn peak(&self, figures: &Figures) -> Option<Peak> {
        let width = window(figures);
        let windows = (0..(self.all.len() + 1).saturating_sub(width)).map(|start| start..start + width);
        let worst = |least: f64| {
            windows
                .clone()
                .filter(|range| self.all[range.clone()].iter().sum::<f64>() >= least)
                .map(|range| Peak { rate: self.rate(range.clone()), at_s: figures.time_s(range.start) })
                .filter(|peak| peak.rate.is_finite())
                .reduce(|best, next| if next.rate > best.rate { next } else { best })
        };
        worst(ENOUGH_ATTEMPTS).or_else(|| worst(0.0))
    }

    /// Grows the stretch from the worst window to both sides for as long as half of the peak is reached. Intervals in
    /// which nothing ended do not break it unless there is a window full of them.
    fn episode(&self, figures: &Figures, bound: f64) -> Option<Episode> {
        let peak = self.peak(figures).filter(|peak| peak.rate > bound)?;
        let (width, count) = (window(figures), self.all.len());
        let half = width / 2;
        let smooth = |i: usize| self.rate(i.saturating_sub(half)..(i + half + 1).min(count));
        let first = (0..count).find(|i| figures.time_s(*i) == peak.at_s)?;
        let bad = |i: usize| smooth(i) >= peak.rate / 2.0;
        let grow = |indices: &mut dyn Iterator<Item = usize>, from: usize| {
            let (mut reached, mut silent) = (from, 0);
            for i in indices {
                match bad(i) {
                    true => (reached, silent) = (i, 0),
                    false if smooth(i).is_nan() && silent < width => silent += 1,
                    false => break,
                }
            }
            reached
        };
        let last = (first + width - 1).min(count - 1);
        let until = grow(&mut (last + 1..count), last);
        let from = grow(&mut (0..first).rev(), first);
        // Smoothing smears the edges by half a window; the intervals themselves say where they are.
        let calm = |i: &usize| self.rate(*i..*i + 1) < peak.rate / 2.0;
        let until = (first..=until).rev().find(|i| !calm(i)).unwrap_or(last);
        let from = (from..=last).find(|i| !calm(i)).unwrap_or(first);
        Some(Episode {
            from_s: figures.time_s(from),
            until_s: figures.time_s(until + 1),
            share: self.rate(from..until + 1),
            unfinished: until + 1 == count,
        })
    }
}

/// The pool with the highest mean utilization in the episode, or around the greatest demand if all went well.
fn bottleneck(figures: &Figures, episode: Option<Episode>, all: usize) -> Option<Bottleneck> {
    let (from_s, until_s) = match episode {
        Some(episode) => (episode.from_s, episode.until_s),
        None => {
            let busiest = (0..figures.intervals)
                .filter(|i| figures.value(*i, all, Column::Attempts).is_finite())
                .max_by(|a, b| {
                    figures.value(*a, all, Column::Attempts).total_cmp(&figures.value(*b, all, Column::Attempts))
                })?;
            (figures.time_s(busiest) - WINDOW_S, figures.time_s(busiest + 1) + WINDOW_S)
        }
    };
    let inside: Vec<usize> =
        (0..figures.intervals).filter(|i| figures.time_s(*i) >= from_s && figures.time_s(*i) < until_s).collect();
    let pools = figures.scopes.iter().enumerate().filter_map(|(row, scope)| match *scope {
        Scope { region: None, pool: Some(pool), request: None } => Some((row, pool)),
        _ => None,
    });
    pools
        .filter_map(|(row, pool)| {
            let busy: Vec<(f64, f64)> = inside
                .iter()
                .map(|i| (figures.value(*i, row, Column::Utilization), figures.value(*i, row, Column::WastedShare)))
                .filter(|(utilization, _)| utilization.is_finite())
                .collect();
            let work: f64 = busy.iter().map(|(utilization, _)| utilization).sum();
            let in_vain: f64 = busy.iter().map(|(u, wasted)| if wasted.is_finite() { u * wasted } else { 0.0 }).sum();
            let wasted = if work > 0.0 { in_vain / work } else { 0.0 };
            let demand = demand(figures, row);
            (!busy.is_empty()).then(|| Bottleneck { pool, row, utilization: work / busy.len() as f64, wasted, demand })
        })
        .reduce(|best, next| if next.utilization > best.utilization { next } else { best })
}

/// Attempts over capacity in the worst minute.
fn demand(figures: &Figures, row: usize) -> f64 {
    let width = window(figures);
    let ratio = |start: usize| {
        let range = start..start + width;
        let sent: f64 = range.clone().map(|i| figures.value(i, row, Column::Attempts)).sum();
        let room: f64 = range.map(|i| figures.value(i, row, Column::CapacityPerSecond) * figures.width_s).sum();
        sent / room
    };
    (0..(figures.intervals + 1).saturating_sub(width))
        .map(ratio)
        .filter(|ratio| ratio.is_finite())
        .fold(f64::NAN, f64::max)
}

/// The numbers among the cells.
pub fn finite(cells: impl Iterator<Item = f64>) -> impl Iterator<Item = f64> {
    cells.filter(|cell| cell.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::Morning;

    #[test]
    fn the_morning_has_one_episode_that_begins_near_the_drop() {
        let morning = Morning::new();
        let findings = Findings::of(&morning.spec, &morning.figures);
        let episode = findings.episode.unwrap();
        assert!(episode.from_s.abs() < 300.0 && episode.until_s > 600.0 && !episode.unfinished, "{episode:?}");
        assert!(episode.share > 0.3 && episode.share < 1.0);
        assert_eq!(findings.outcomes[0].0, Outcome::TimedOut);
        assert_eq!(morning.spec.pool.get_index(findings.bottleneck.unwrap().pool).unwrap().0, "api");
        assert!(findings.bottleneck.unwrap().demand > 1.0);
    }

    #[test]
    fn nothing_is_found_where_nothing_happened() {
        for intervals in [0, 1, 5] {
            let morning = Morning::empty(intervals, 0.0, 10.0);
            let findings = Findings::of(&morning.spec, &morning.figures);
            assert_eq!((findings.peak, findings.episode, findings.bottleneck), (None, None, None));
            assert_eq!(findings.overall(), 0.0);
        }
    }

    #[test]
    fn all_errors_from_end_to_end_are_an_unfinished_episode() {
        let mut morning = Morning::empty(12, 0.0, 10.0);
        morning.fill(Outcome::TimedOut.column(), 50.0);
        let findings = Findings::of(&morning.spec, &morning.figures);
        let episode = findings.episode.unwrap();
        assert_eq!((episode.from_s, episode.until_s, episode.share, episode.unfinished), (0.0, 120.0, 1.0, true));
        assert_eq!(findings.above_s, 120.0);
    }
}
