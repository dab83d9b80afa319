//! The pool closest to its capacity, and the fullest link.

use super::errors::Episode;
use super::finite;
use crate::measure::{Figures, Scope, WINDOW_S, window_length, windows};
use crate::vocabulary::Column;

/// Utilization from which on a pool counts as full for most of the time.
const FULL: f64 = 0.9;
/// Share of wasted server time from which on reports mention the waste.
const WASTEFUL: f64 = 0.05;
/// Utilization from which on a link counts as full.
const LINK_FULL: f64 = 0.999;

/// The pool with the highest utilization.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bottleneck {
    /// Index of the pool.
    pub pool: usize,
    /// Row of the pool's figures.
    pub row: usize,
    /// Mean utilization around the peak.
    pub utilization: f64,
    /// Share of the pool's server time around the peak that served nobody.
    pub wasted: f64,
    /// Attempts sent to the pool over its capacity, in the worst window; NaN if the capacity is unknown.
    pub demand: f64,
}

impl Bottleneck {
    /// The pool with the highest mean utilization in the episode, or around the greatest demand if there is no episode.
    /// `all` is the row of everything.
    pub fn of(figures: &Figures, episode: Option<Episode>, all: usize) -> Option<Bottleneck> {
        let (from_s, until_s) = match episode {
            Some(episode) => (episode.from_s, episode.until_s),
            None => around_the_greatest_demand(figures, all)?,
        };
        let inside: Vec<usize> =
            (0..figures.intervals).filter(|i| figures.time_s(*i) >= from_s && figures.time_s(*i) < until_s).collect();
        let pools = figures.scopes.iter().enumerate().filter_map(|(row, scope)| match *scope {
            Scope { region: None, pool: Some(pool), request: None } => Some((row, pool)),
            _ => None,
        });
        pools
            .filter_map(|(row, pool)| {
                let (utilization, wasted) = work(figures, row, &inside)?;
                Some(Bottleneck { pool, row, utilization, wasted, demand: demand(figures, row) })
            })
            .reduce(|best, next| if next.utilization > best.utilization { next } else { best })
    }

    /// Whether the pool is full for most of the time.
    pub fn is_full(&self) -> bool {
        self.utilization >= FULL
    }

    /// Whether reports mention the pool's wasted work.
    pub fn is_wasteful(&self) -> bool {
        self.wasted >= WASTEFUL
    }
}

/// The interval with most attempts, with a window before and a window after, in seconds from the drop.
fn around_the_greatest_demand(figures: &Figures, all: usize) -> Option<(f64, f64)> {
    let attempts = |i: usize| figures.value(i, all, Column::Attempts);
    let busiest = (0..figures.intervals)
        .filter(|i| attempts(*i).is_finite())
        .max_by(|a, b| attempts(*a).total_cmp(&attempts(*b)))?;
    Some((figures.time_s(busiest) - WINDOW_S, figures.time_s(busiest + 1) + WINDOW_S))
}

/// Mean utilization of a pool over some intervals, and the wasted share of its work there.
fn work(figures: &Figures, row: usize, intervals: &[usize]) -> Option<(f64, f64)> {
    let busy: Vec<(f64, f64)> = intervals
        .iter()
        .map(|i| (figures.value(*i, row, Column::Utilization), figures.value(*i, row, Column::WastedShare)))
        .filter(|(utilization, _)| utilization.is_finite())
        .collect();
    let work: f64 = busy.iter().map(|(utilization, _)| utilization).sum();
    let in_vain: f64 = busy.iter().map(|(u, wasted)| if wasted.is_finite() { u * wasted } else { 0.0 }).sum();
    (!busy.is_empty()).then(|| (work / busy.len() as f64, if work > 0.0 { in_vain / work } else { 0.0 }))
}

/// Attempts over capacity in the worst window.
fn demand(figures: &Figures, row: usize) -> f64 {
    let ratio = |window: std::ops::Range<usize>| {
        let sent: f64 = window.clone().map(|i| figures.value(i, row, Column::Attempts)).sum();
        let room: f64 = window.map(|i| figures.value(i, row, Column::CapacityPerSecond) * figures.width_s).sum();
        sent / room
    };
    let length = window_length(figures.width_s, figures.intervals);
    finite(windows(&(0..figures.intervals), length).map(ratio)).fold(f64::NAN, f64::max)
}

/// The highest utilization of a link in an interval, if there are links.
pub fn fullest_link(figures: &Figures) -> Option<f64> {
    let rows = 0..figures.scopes.len();
    rows.flat_map(|row| finite(figures.series(row, Column::LinkUtilization))).reduce(f64::max)
}

/// Whether a link with this highest utilization is full at some time.
pub fn link_is_full(utilization: f64) -> bool {
    utilization >= LINK_FULL
}
