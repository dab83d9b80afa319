//! A made-up but lifelike morning for tests: the figures that an engine would leave, without the engine.

use super::{Frame, series::Series};
use crate::measure::{Estimate, Figures, Layout, Scope, ThresholdResult};
use crate::units::Span;
use crate::vocabulary::{Column, Figure, Metric, Outcome, Path};

/// Share of each region in everything.
const REGIONS: [f64; 6] = [0.26, 0.38, 0.14, 0.09, 0.1, 0.03];
/// Pools: one that the surge overwhelms, one that it does not.
const POOLS: usize = 2;
/// Requests, one at each pool.
const REQUESTS: usize = 2;
/// Share of the second pool and the second request in everything.
const LICENCES: f64 = 0.3;
/// Width of an interval of the morning, in seconds.
const WIDTH_S: f64 = 10.0;

/// Figures without a value: `intervals` intervals of `width_s` seconds from `first_s` on, every cell empty.
pub fn empty(intervals: usize, first_s: f64, width_s: f64) -> Figures {
    let mut scopes = vec![Scope::default()];
    scopes.extend((0..REGIONS.len()).map(Scope::region));
    scopes.extend((0..POOLS).map(Scope::pool));
    scopes.extend((0..REQUESTS).map(Scope::request));
    let values = vec![f64::NAN; intervals * scopes.len() * Column::COUNT];
    Figures {
        scopes,
        intervals,
        first_s,
        width_s,
        values,
        error_rate_bounds: None,
        latencies: Vec::new(),
        replications: 1,
        summary: Vec::new(),
        thresholds: Vec::new(),
        events: 0,
    }
}

/// Two hours of a surge that a pool cannot carry, with retries that make it worse and capacity added after twenty minutes.
/// A surge of 1 is the morning itself, of 0 an ordinary day.
pub fn morning(surge: f64) -> Figures {
    let mut figures = empty(720, -1800.0, WIDTH_S);
    let mut crowd = Crowd { surge, noise: Noise(0x9E37_79B9_7F4A_7C15), backlog: 0.0, streams: 180e3 };
    let mut sums = Sums::default();
    for interval in 0..figures.intervals {
        let moment = crowd.next(figures.time_s(interval));
        sums.add(&moment);
        for row in 0..figures.scopes.len() {
            moment.fill(&mut figures, interval, row);
        }
    }
    summarise(&mut figures, &sums);
    figures
}

/// Numbers between -0.5 and 0.5 that look random.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    }
}

/// State of the crowd that one interval of the morning leaves to the next.
struct Crowd {
    surge: f64,
    noise: Noise,
    /// Failed attempts a second that are tried again.
    backlog: f64,
    streams: f64,
}

/// Everything in one interval; rates are a second.
struct Moment {
    fresh: f64,
    attempts: f64,
    capacity: f64,
    load: f64,
    served: f64,
    rejected: f64,
    abandoned: f64,
    timed_out: f64,
    pages: f64,
    streams: f64,
    wait_ms: f64,
    reports: f64,
}

impl Crowd {
    fn next(&mut self, t: f64) -> Moment {
        let capacity = if t < 1200.0 { 2600.0 } else { 5200.0 };
        let crowd = if t < 0.0 { 0.25 * libm::exp(t / 300.0) } else { libm::exp(-t / 900.0) };
        let fresh = (900.0 + 5200.0 * self.surge * crowd) * (1.0 + 0.05 * self.noise.next());
        let attempts = fresh + 0.22 * self.backlog;
        let load: f64 = attempts / capacity;
        let served = if load < 1.0 { attempts } else { capacity * (0.18 + 0.5 / (load * load)) };
        let failed = (attempts - served).max(0.0);
        self.backlog = 0.7 * self.backlog + 0.6 * failed;
        let rejected = failed * if load > 2.0 { (1.0 - 2.0 / load) * 0.6 } else { 0.0 };
        let abandoned = failed * (0.12 + 0.03 * self.noise.next());
        self.streams += 10.0 * (served * 0.3 - self.streams / 2700.0);
        let pages = failed * 0.25;
        let wait_ms = if load > 1.0 { 4600.0 + 200.0 * self.noise.next() } else { 2.0 + 400.0 * libm::pow(load, 12.0) };
        let usual = 4.0 / 6.0;
        let reports = ((pages * 0.11 + usual) * (1.0 + 0.3 * self.noise.next())).round();
        Moment {
            fresh,
            attempts,
            capacity,
            load,
            served,
            rejected,
            abandoned,
            timed_out: failed - rejected - abandoned,
            pages,
            streams: self.streams,
            wait_ms,
            reports,
        }
    }
}

impl Moment {
    /// Writes one row of an interval.
    fn fill(&self, figures: &mut Figures, interval: usize, row: usize) {
        let scope = figures.scopes[row];
        let share = match scope {
            Scope { region: Some(region), .. } => REGIONS[region],
            Scope { pool: Some(1), .. } | Scope { request: Some(1), .. } => LICENCES,
            _ => 1.0,
        };
        let overwhelmed = scope.pool != Some(1);
        self.fill_counts(figures, interval, row, share, overwhelmed);
        self.fill_levels(figures, interval, row);
        if scope.pool.is_some() {
            self.fill_pool(figures, interval, row, overwhelmed);
        }
    }

    fn fill_counts(&self, figures: &mut Figures, interval: usize, row: usize, share: f64, overwhelmed: bool) {
        let only = |value: f64| if overwhelmed { value * WIDTH_S } else { 0.0 };
        let attempts = if overwhelmed { self.attempts } else { self.served };
        for (column, value) in [
            (Column::Arrivals, self.fresh * WIDTH_S * 0.6),
            (Column::Attempts, attempts * WIDTH_S),
            (Outcome::Served.column(), self.served * WIDTH_S),
            (Outcome::Rejected.column(), only(self.rejected)),
            (Outcome::TimedOut.column(), only(self.timed_out)),
            (Outcome::Abandoned.column(), only(self.abandoned)),
            (Column::ViewersError, self.pages * WIDTH_S),
            (Column::Reports, self.reports),
            (Column::StreamsMean, self.streams),
        ] {
            set(figures, interval, row, column, (value * share).round());
        }
        for outcome in [Outcome::Shed, Outcome::Limited, Outcome::Failed, Outcome::Refused] {
            set(figures, interval, row, outcome.column(), 0.0);
        }
        let failed = if overwhelmed { (self.attempts - self.served).max(0.0) } else { 0.0 };
        set(figures, interval, row, Column::ErrorRate, failed / (failed + self.served));
    }

    fn fill_levels(&self, figures: &mut Figures, interval: usize, row: usize) {
        for (column, value) in [
            (Column::LatencyP50, 55.0 + self.wait_ms * 0.9),
            (Column::LatencyP95, 140.0 + self.wait_ms),
            (Column::LatencyP99, 260.0 + self.wait_ms * 1.04),
            (Column::BitrateMean, 3900.0 - 6e-4 * self.streams),
            (Column::LinkUtilization, (self.streams / 900e3).min(1.0)),
            (Column::StalledShare, 0.0),
        ] {
            set(figures, interval, row, column, value);
        }
    }

    fn fill_pool(&self, figures: &mut Figures, interval: usize, row: usize, overwhelmed: bool) {
        let (busy, room, wasted) = if overwhelmed {
            let busy = self.load.min(1.0);
            (busy, self.capacity, (1.0 - self.served / (self.capacity * busy)).max(0.0))
        } else {
            (self.served * 0.3 / 1900.0, 1900.0, 0.0)
        };
        set(figures, interval, row, Column::Utilization, busy);
        set(figures, interval, row, Column::CapacityPerSecond, room);
        set(figures, interval, row, Column::WastedShare, wasted);
    }
}

/// Sums over the morning.
#[derive(Default)]
struct Sums {
    arrived: f64,
    hurt: f64,
    served: f64,
    timed_out: f64,
    rejected: f64,
    abandoned: f64,
}

impl Sums {
    fn add(&mut self, moment: &Moment) {
        self.arrived += moment.fresh * 6.0;
        self.hurt += moment.pages * 3.0;
        self.served += moment.served * WIDTH_S;
        self.timed_out += moment.timed_out * WIDTH_S;
        self.rejected += moment.rejected * WIDTH_S;
        self.abandoned += moment.abandoned * WIDTH_S;
    }
}

/// Writes the summary, the threshold and the number of events.
fn summarise(figures: &mut Figures, sums: &Sums) {
    let total = sums.served + sums.timed_out + sums.rejected + sums.abandoned;
    let (mut peak, mut peak_at, mut above_until) = (0.0, 0.0, 0.0);
    for interval in 0..figures.intervals {
        let rate = figures.value(interval, 0, Column::ErrorRate);
        if rate > peak {
            (peak, peak_at) = (rate, figures.time_s(interval));
        }
        if rate > 0.01 {
            above_until = figures.time_s(interval) + WIDTH_S;
        }
    }
    let entries = [
        (Figure::ViewersArrived, sums.arrived),
        (Figure::ViewersWatched, sums.arrived * 0.9),
        (Figure::ViewersSawError, sums.hurt.min(sums.arrived * 0.8)),
        (Figure::AttemptsTotal, total),
        (Figure::Attempts(Outcome::Served), sums.served),
        (Figure::Attempts(Outcome::Rejected), sums.rejected),
        (Figure::Attempts(Outcome::TimedOut), sums.timed_out),
        (Figure::Attempts(Outcome::Abandoned), sums.abandoned),
        (Figure::ErrorRateOverall, 1.0 - sums.served / total),
        (Figure::ErrorRatePeak, peak),
        (Figure::ErrorRatePeakAt, peak_at),
        (Figure::Recovery, above_until),
        (Figure::RetryAmplification, 2.4),
        (Figure::WastedShare, 0.41),
        (Figure::LatencyP99, 5030.0),
    ];
    let estimate = |mean: f64| Some(Estimate { mean, low: mean, high: mean, n: 1 });
    figures.summary = entries.iter().map(|(figure, mean)| (Path::all(*figure), estimate(*mean))).collect();
    figures.thresholds = vec![threshold(peak, peak_at)];
    figures.events = 48_213_377;
}

/// A threshold of 1% on the error rate of everything, with its worst window.
pub fn threshold(worst: f64, worst_at_s: f64) -> ThresholdResult {
    ThresholdResult {
        text: "error_rate at most 1% in any 60 s".to_owned(),
        metric: Metric::Column(Column::ErrorRate),
        scope: Scope::default(),
        at_most: true,
        worst,
        worst_at_s,
        worst_window_s: 60.0,
        bound: 0.01,
        window_s: 60.0,
        after_s: None,
        before_s: None,
        held_in: usize::from(worst <= 0.01),
        judged_in: usize::from(!worst.is_nan()),
        n: 1,
        held: worst <= 0.01,
    }
}

/// Sets one cell.
pub fn set(figures: &mut Figures, interval: usize, row: usize, column: Column, value: f64) {
    let place = figures.cell_index(interval, row, column);
    figures.values[place] = value;
}

/// Sets one column of every row at every interval.
pub fn fill(figures: &mut Figures, column: Column, value: f64) {
    for interval in 0..figures.intervals {
        for row in 0..figures.scopes.len() {
            set(figures, interval, row, column, value);
        }
    }
}

/// Makes figures look like the mean of several replications.
pub fn replicate(figures: &mut Figures, n: usize) {
    figures.replications = n;
    let rows = figures.scopes.len();
    let bounds = (0..figures.intervals * rows).map(|cell| {
        let rate = figures.value(cell / rows, cell % rows, Column::ErrorRate);
        let half = 0.25 * rate * (1.0 - rate);
        (rate - half, rate + half)
    });
    figures.error_rate_bounds = Some(bounds.collect());
    for estimate in figures.summary.iter_mut().filter_map(|(_, estimate)| estimate.as_mut()) {
        *estimate = Estimate { low: estimate.mean * 0.97, high: estimate.mean * 1.03, n, ..*estimate };
    }
}

/// The frame of a run of intervals from `first_s` on, all of them measured, at full size.
pub fn frame(intervals: usize, width_s: f64, first_s: f64) -> Frame {
    let (first, width) = (Span::from_seconds(first_s), Span::from_seconds(width_s));
    Frame::whole(&Layout {
        intervals,
        measured: 0..intervals,
        first,
        width,
        scale: 1.0,
        harm_wait: Span::from_seconds(10.0),
        ..Layout::default()
    })
}

/// The series of intervals with these ended and failed attempts, all of which are sent in their interval.
pub fn series(intervals: &[(f64, f64)]) -> Series {
    Series::new(intervals.iter().map(|(ended, failed)| [*ended, *ended, *failed]))
}
