//! Sums over all groups of one step of time.

use super::tick::Tick;

/// Sums over all groups of one step of time.
pub struct Sums {
    /// Events that are not about pools.
    pub events: f64,
    /// Attempts by pool.
    pub calls: Vec<f64>,
    /// Attempts that travel, by pool.
    pub far: Vec<f64>,
    /// People who ask, by pool.
    pub asking: Vec<f64>,
    /// Whether the pool gets attempts that no viewer waits for, by pool.
    pub unawaited: Vec<bool>,
    /// Attempts, those that take a row, those that wait, requests and reports, by group.
    pub calls_of: Vec<f64>,
    pub rows_of: Vec<f64>,
    pub waiting_of: Vec<f64>,
    pub requests_of: Vec<f64>,
    pub reports_of: Vec<f64>,
}

impl Sums {
    pub fn new(pools: usize, groups: usize) -> Sums {
        let zeros = |count: usize| vec![0.0; count];
        Sums {
            events: 0.0,
            calls: zeros(pools),
            far: zeros(pools),
            asking: zeros(pools),
            unawaited: vec![false; pools],
            calls_of: zeros(groups),
            rows_of: zeros(groups),
            waiting_of: zeros(groups),
            requests_of: zeros(groups),
            reports_of: zeros(groups),
        }
    }

    /// Largest number of people with an attempt at each pool; infinite where attempts come that no viewer waits for.
    pub fn people_asking(&self) -> Vec<f64> {
        let of = |(asking, unawaited): (&f64, &bool)| if *unawaited { f64::INFINITY } else { *asking };
        self.asking.iter().zip(&self.unawaited).map(of).collect()
    }

    pub fn clear(&mut self) {
        *self = Sums::new(self.calls.len(), self.calls_of.len());
    }

    /// Adds attempts of a step; `asking` people wait for them, or nobody.
    pub fn send(&mut self, tick: Tick<'_>, step: usize, attempts: f64, asking: Option<f64>) {
        let Tick { group, states, index, .. } = tick;
        for (share, pool) in &group.routes[step] {
            self.calls[*pool] += attempts * share;
            self.far[*pool] += attempts * share * group.far;
            match asking {
                Some(people) => self.asking[*pool] += people * share,
                None => self.unawaited[*pool] |= attempts > 0.0,
            }
            // What is turned away where it is sent takes no row.
            let let_in = states[*pool].let_in();
            self.rows_of[index] += attempts * share * (group.far + (1.0 - group.far) * let_in);
            if states[*pool].queued > 0.5 {
                self.waiting_of[index] += attempts * share * let_in;
            }
        }
        self.calls_of[index] += attempts;
    }
}
