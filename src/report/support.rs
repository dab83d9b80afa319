//! A made-up but lifelike morning for tests: what the engine would leave, without the engine.

use super::{Context, Mark};
use crate::measure::{Estimate, Figures, Scope, ThresholdResult};
use crate::scenario::spec::Spec;
use crate::vocabulary::{Column, Figure, Outcome};

/// Three regions, two pools, two requests.
const SCENARIO: &str = r#"
title = "La casa de papel, part 4"
seed = 504
start = 2020-04-03T08:30:00+02:00
drop = 2020-04-03T09:00:00+02:00
end = 2020-04-03T10:30:00+02:00
region.france = { label = "France", time_zone = "Europe/Paris", link = { capacity = "4.2 Tbps" } }
region.spain = { label = "Spain", time_zone = "Europe/Madrid" }
region.italy = { label = "Italy", time_zone = "Europe/Rome" }
region.germany = { label = "Germany", time_zone = "Europe/Berlin" }
region.uk = { label = "United Kingdom", time_zone = "Europe/London" }
region.chile = { label = "Chile", time_zone = "America/Santiago" }
audience.fans = { viewers = { france = 420_000, spain = 610_000 }, arrival = "5 min", journey = "watch" }
journey.watch.steps = [{ request = "api", name = "browse" }, { request = "license" }]
pool.api = { servers = 180, concurrency = 64, service = "45 ms", timeout = "5 s" }
pool.license = { servers = 60, concurrency = 64, service = "20 ms" }
reports.usual = { france = "1.2/min", spain = "0.9/min", italy = "0.6/min", germany = "0.5/min", uk = "0.7/min", chile = "0.1/min" }
[[threshold]]
metric = "error_rate"
at_most = "1%"
window = "60 s"
"#;

/// The scenario of the synthetic morning.
pub fn spec() -> Spec {
    toml::from_str(SCENARIO).unwrap()
}

/// Figures together with what a report needs beside them.
pub struct Morning {
    pub spec: Spec,
    pub requests: Vec<String>,
    pub changes: Vec<Mark>,
    pub figures: Figures,
}

impl Morning {
    /// Figures without a value: `intervals` intervals of `width_s` seconds from `first_s` on, every cell empty.
    pub fn empty(intervals: usize, first_s: f64, width_s: f64) -> Morning {
        let spec = spec();
        let mut scopes = vec![Scope::default()];
        scopes.extend((0..spec.region.len()).map(|region| Scope { region: Some(region), ..Scope::default() }));
        scopes.extend((0..spec.pool.len()).map(|pool| Scope { pool: Some(pool), ..Scope::default() }));
        scopes.extend((0..2).map(|request| Scope { request: Some(request), ..Scope::default() }));
        let values = vec![f64::NAN; intervals * scopes.len() * Column::COUNT];
        let figures = Figures {
            scopes,
            intervals,
            first_s,
            width_s,
            values,
            error_rate_bounds: None,
            replications: 1,
            summary: Vec::new(),
            thresholds: Vec::new(),
            events: 0,
        };
        Morning { spec, requests: vec!["browse".to_owned(), "license".to_owned()], changes: Vec::new(), figures }
    }

    /// The morning itself: a surge that the API cannot carry, retries that make it worse, and added capacity.
    pub fn new() -> Morning {
        Morning::with_surge(1.0)
    }

    /// The same with a surge of another size; 0 is an ordinary day.
    pub fn with_surge(surge: f64) -> Morning {
        let mut morning = Morning::empty(720, -1800.0, 10.0);
        morning.changes = vec![
            Mark { t_s: 1200.0, note: "operators add capacity in Dublin and Virginia".to_owned() },
            Mark { t_s: 1500.0, note: "bit rate capped".to_owned() },
        ];
        let mut noise = 0x9E37_79B9_7F4A_7C15_u64;
        let mut draw = move || {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            (noise >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        let (mut backlog, mut streams, mut arrived, mut hurt) = (0.0, 180e3, 0.0, 0.0_f64);
        let mut totals = [0.0; 4];
        for interval in 0..720 {
            let t = morning.figures.time_s(interval);
            let capacity = if t < 1200.0 { 2600.0 } else { 5200.0 };
            let crowd = if t < 0.0 { 0.25 * libm::exp(t / 300.0) } else { libm::exp(-t / 900.0) };
            let fresh = (900.0 + 5200.0 * surge * crowd) * (1.0 + 0.05 * draw());
            let attempts = fresh + 0.22 * backlog;
            let load: f64 = attempts / capacity;
            let served = if load < 1.0 { attempts } else { capacity * (0.18 + 0.5 / (load * load)) };
            let failed = (attempts - served).max(0.0);
            backlog = 0.7 * backlog + 0.6 * failed;
            let rejected = failed * if load > 2.0 { (1.0 - 2.0 / load) * 0.6 } else { 0.0 };
            let abandoned = failed * (0.12 + 0.03 * draw());
            let timed_out = failed - rejected - abandoned;
            streams += 10.0 * (served * 0.3 - streams / 2700.0);
            let pages = failed * 0.25;
            (arrived, hurt) = (arrived + fresh * 6.0, hurt + pages * 3.0);
            let error_rate = failed / attempts;
            for (sum, value) in totals.iter_mut().zip([served, timed_out, rejected, abandoned]) {
                *sum += value * 10.0;
            }
            let wait = if load > 1.0 { 4600.0 + 200.0 * draw() } else { 2.0 + 400.0 * libm::pow(load, 12.0) };
            let usual = 4.0 / 6.0;
            let reports = ((pages * 0.11 + usual) * (1.0 + 0.3 * draw())).round();
            for row in 0..morning.figures.scopes.len() {
                let scope = morning.figures.scopes[row];
                let share = match scope {
                    Scope { region: Some(region), .. } => [0.26, 0.38, 0.14, 0.09, 0.1, 0.03][region],
                    Scope { pool: Some(1), .. } | Scope { request: Some(1), .. } => 0.3,
                    _ => 1.0,
                };
                let licence = scope.pool == Some(1);
                let (failed, served) = if licence { (0.0, served) } else { (failed, served) };
                for (column, value) in [
                    (Column::Arrivals, fresh * 10.0 * 0.6),
                    (Column::Attempts, if licence { served * 10.0 } else { attempts * 10.0 }),
                    (Outcome::Served.column(), served * 10.0),
                    (Outcome::Rejected.column(), if licence { 0.0 } else { rejected * 10.0 }),
                    (Outcome::TimedOut.column(), if licence { 0.0 } else { timed_out * 10.0 }),
                    (Outcome::Abandoned.column(), if licence { 0.0 } else { abandoned * 10.0 }),
                    (Column::ViewersError, pages * 10.0),
                    (Column::Reports, reports),
                    (Column::StreamsMean, streams),
                ] {
                    morning.set(interval, row, column, (value * share).round());
                }
                for outcome in [Outcome::Shed, Outcome::Limited, Outcome::Failed, Outcome::Refused] {
                    morning.set(interval, row, outcome.column(), 0.0);
                }
                for (column, value) in [
                    (Column::ErrorRate, failed / (failed + served)),
                    (Column::LatencyP50, 55.0 + wait * 0.9),
                    (Column::LatencyP95, 140.0 + wait),
                    (Column::LatencyP99, 260.0 + wait * 1.04),
                    (Column::BitrateMean, 3900.0 - 6e-4 * streams),
                    (Column::LinkUtilization, (streams / 900e3).min(1.0)),
                    (Column::StalledShare, 0.0),
                ] {
                    morning.set(interval, row, column, value);
                }
                if scope.pool.is_some() {
                    let (busy, room) =
                        if licence { (served * 0.3 / 1900.0, 1900.0) } else { (load.min(1.0), capacity) };
                    morning.set(interval, row, Column::Utilization, busy);
                    morning.set(interval, row, Column::CapacityPerSecond, room);
                    let wasted = if licence { 0.0 } else { 1.0 - served / (capacity * load.min(1.0)) };
                    morning.set(interval, row, Column::WastedShare, wasted.max(0.0));
                }
            }
            let _ = error_rate;
        }
        morning.summarise(arrived, hurt.min(arrived * 0.8), totals);
        morning
    }

    fn summarise(&mut self, arrived: f64, hurt: f64, [served, timed_out, rejected, abandoned]: [f64; 4]) {
        let total = served + timed_out + rejected + abandoned;
        let (mut peak, mut peak_at, mut above_until) = (0.0, 0.0, 0.0);
        for interval in 0..self.figures.intervals {
            let rate = self.figures.value(interval, 0, Column::ErrorRate);
            if rate > peak {
                (peak, peak_at) = (rate, self.figures.time_s(interval));
            }
            if rate > 0.01 {
                above_until = self.figures.time_s(interval) + 10.0;
            }
        }
        let entries = [
            (Figure::ViewersArrived, arrived),
            (Figure::ViewersWatched, arrived * 0.9),
            (Figure::ViewersSawError, hurt),
            (Figure::AttemptsTotal, total),
            (Figure::Attempts(Outcome::Served), served),
            (Figure::Attempts(Outcome::Rejected), rejected),
            (Figure::Attempts(Outcome::TimedOut), timed_out),
            (Figure::Attempts(Outcome::Abandoned), abandoned),
            (Figure::ErrorRateOverall, 1.0 - served / total),
            (Figure::ErrorRatePeak, peak),
            (Figure::ErrorRatePeakAt, peak_at),
            (Figure::Recovery, above_until),
            (Figure::RetryAmplification, 2.4),
            (Figure::WastedShare, 0.41),
            (Figure::LatencyP99, 5030.0),
        ];
        self.figures.summary = entries
            .iter()
            .map(|(figure, mean)| (*figure, Some(Estimate { mean: *mean, low: *mean, high: *mean, n: 1 })))
            .collect();
        self.figures.thresholds = vec![ThresholdResult {
            text: "error_rate at most 1% in any 60 s".to_owned(),
            column: Column::ErrorRate,
            scope: Scope::default(),
            at_most: true,
            worst: peak,
            worst_at_s: peak_at,
            bound: 0.01,
            held: peak <= 0.01,
        }];
        self.figures.events = 48_213_377;
    }

    /// One cell.
    pub fn set(&mut self, interval: usize, scope: usize, column: Column, value: f64) {
        let place = self.figures.cell_index(interval, scope, column);
        self.figures.values[place] = value;
    }

    /// One column of every scope at every interval.
    pub fn fill(&mut self, column: Column, value: f64) {
        for interval in 0..self.figures.intervals {
            for scope in 0..self.figures.scopes.len() {
                self.set(interval, scope, column, value);
            }
        }
    }

    /// Makes it look like the mean of several replications.
    pub fn replicate(&mut self, n: usize) {
        self.figures.replications = n;
        let rows = self.figures.scopes.len();
        let bounds = (0..self.figures.intervals * rows).map(|cell| {
            let rate = self.figures.value(cell / rows, cell % rows, Column::ErrorRate);
            let half = 0.25 * rate * (1.0 - rate);
            (rate - half, rate + half)
        });
        self.figures.error_rate_bounds = Some(bounds.collect());
        for (_, estimate) in &mut self.figures.summary {
            if let Some(estimate) = estimate {
                *estimate = Estimate { low: estimate.mean * 0.97, high: estimate.mean * 1.03, n, ..*estimate };
            }
        }
    }

    /// What the report functions take.
    pub fn context(&self) -> Context<'_> {
        Context {
            spec: &self.spec,
            name: "la-casa-de-papel",
            seed: 504,
            scale: 0.01,
            digest: "0123456789abcdef",
            changes: self.changes.clone(),
            requests: &self.requests,
        }
    }
}
