//! Exact results of queueing theory, by the shortest correct computation.

/// Erlang's loss formula: the probability that all `servers` are busy at an offered load of `load`, by the recursion
/// B(c) = aB(c − 1) / (c + aB(c − 1)) (A. K. Erlang, 1917; R. B. Cooper, Introduction to Queueing Theory, 1981, 3.3).
pub fn erlang_b(servers: u64, load: f64) -> f64 {
    (1..=servers).fold(1.0, |b, c| load * b / (c as f64 + load * b))
}

/// Erlang's delay formula: the probability of waiting in M/M/c (Cooper, 3.4).
pub fn erlang_c(servers: u64, load: f64) -> f64 {
    let (b, c) = (erlang_b(servers, load), servers as f64);
    b / (1.0 - load / c * (1.0 - b))
}

/// Mean wait of M/G/1 by F. Pollaczek (1930) and A. Y. Khinchine (1932): λE[S²] / 2(1 − ρ).
pub fn pollaczek_khinchine(rate: f64, mean: f64, cv: f64) -> f64 {
    rate * mean * mean * (1.0 + cv * cv) / (2.0 * (1.0 - rate * mean))
}

/// Stationary law of a birth–death process on 0..=top (L. Kleinrock, Queueing Systems 1, 1975, 3.1).
pub fn birth_death(top: usize, birth: impl Fn(usize) -> f64, death: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut weights = vec![1.0];
    for n in 1..=top {
        weights.push(weights[n - 1] * birth(n - 1) / death(n));
        // Only ratios of weights count, so large weights are scaled down before they overflow.
        if weights[n] > 1e250 {
            weights.iter_mut().for_each(|weight| *weight *= 1e-250);
        }
    }
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// The probability that a customer of M/M/c is not served within a constant `patience`: M/M/c+D.
///
/// The offered wait has the density λp(c−1)·exp(−cμw + λ·min(w, τ)) for w > 0 (F. Baccelli and G. Hébuterne, On Queues
/// with Impatient Customers, Performance '81, 1981); the mass beyond τ belongs to those who time out.
pub fn baccelli_hebuterne_timeout(servers: u64, rate: f64, service_rate: f64, patience: f64) -> f64 {
    let (full, load) = (servers as f64 * service_rate, rate / service_rate);
    let states: Vec<f64> = (1..servers).fold(vec![1.0], |mut p, n| {
        p.push(p[p.len() - 1] * load / n as f64);
        p
    });
    let last = states[states.len() - 1];
    let drain = full - rate;
    let patient = rate * last * (1.0 - (-drain * patience).exp()) / drain;
    let impatient = rate * last * (-drain * patience).exp() / full;
    impatient / (states.iter().sum::<f64>() + patient + impatient)
}

/// Erlang A, M/M/c+M: those who wait leave at rate `abandon` each (C. Palm, 1946; A. Mandelbaum and S. Zeltyn, The
/// Palm/Erlang-A Queue, 2007).
pub struct ErlangA {
    /// Arrivals per unit of time.
    pub rate: f64,
    /// Services per unit of time and server.
    pub service: f64,
    /// Departures of the impatient per unit of time and person waiting.
    pub abandon: f64,
    /// Number of servers.
    pub servers: usize,
}

impl ErlangA {
    /// The law of the number in the system.
    fn states(&self) -> Vec<f64> {
        let death = |n: usize| {
            let busy = n.min(self.servers);
            busy as f64 * self.service + (n - busy) as f64 * self.abandon
        };
        birth_death(self.servers + 1_000, |_| self.rate, death)
    }

    /// The probability of waiting: arrivals see time averages (R. W. Wolff, Operations Research 30, 1982).
    pub fn waits(&self) -> f64 {
        self.states()[self.servers..].iter().sum()
    }

    /// Mean number waiting.
    pub fn queue(&self) -> f64 {
        self.states()[self.servers..].iter().enumerate().map(|(waiting, p)| waiting as f64 * p).sum()
    }

    /// Mean wait of all, whether served or not, by J. D. C. Little's law (Operations Research 9, 1961).
    pub fn mean_wait(&self) -> f64 {
        self.queue() / self.rate
    }

    /// The share that leaves unserved: each of those who wait leaves at rate `abandon`.
    pub fn abandons(&self) -> f64 {
        self.abandon * self.queue() / self.rate
    }

    /// Mean share of busy servers.
    pub fn utilization(&self) -> f64 {
        self.rate * (1.0 - self.abandons()) / (self.service * self.servers as f64)
    }

    /// The wait that a share `p` of all do not exceed, served or not.
    ///
    /// Someone with j ahead in the queue still waits at t if patience lasts, e^(−θt), and fewer than j + 1 departures
    /// have come, whose chance q obeys q_j' = (cμ + jθ)(q_{j−1} − q_j) with q = 1 at zero; integrated by Euler's
    /// midpoint rule.
    pub fn wait_percentile(&self, p: f64, step: f64) -> f64 {
        let waiting = &self.states()[self.servers..self.servers + 300];
        let slope = |q: &[f64]| -> Vec<f64> {
            let full = self.servers as f64 * self.service;
            let below = |j: usize| if j == 0 { 0.0 } else { q[j - 1] };
            (0..q.len()).map(|j| (full + j as f64 * self.abandon) * (below(j) - q[j])).collect()
        };
        let moved =
            |q: &[f64], slope: &[f64], h: f64| -> Vec<f64> { q.iter().zip(slope).map(|(q, s)| q + h * s).collect() };
        let (mut q, mut t) = (vec![1.0; waiting.len()], 0.0);
        let still =
            |q: &[f64], t: f64| (-self.abandon * t).exp() * q.iter().zip(waiting).map(|(q, p)| q * p).sum::<f64>();
        let mut now = still(&q, t);
        loop {
            let middle = moved(&q, &slope(&q), step / 2.0);
            q = moved(&q, &slope(&middle), step);
            let next = still(&q, t + step);
            if next <= 1.0 - p {
                return t + step * (now - (1.0 - p)) / (now - next);
            }
            (now, t) = (next, t + step);
        }
    }
}

#[test]
fn erlang_a_is_that_of_the_literature() {
    let call_center = ErlangA { rate: 48.0, service: 1.0, abandon: 0.5, servers: 50 };
    let figures = [
        (call_center.waits(), 0.4678),
        (call_center.mean_wait() * 60.0, 3.709),
        (call_center.wait_percentile(0.9, 1e-4) * 60.0, 12.44),
        (call_center.queue(), 2.968),
        (call_center.utilization(), 0.9303),
        (call_center.abandons(), 0.03091),
    ];
    for (computed, known) in figures {
        assert!((computed / known - 1.0).abs() < 5e-4, "{computed} is not {known}");
    }
}
