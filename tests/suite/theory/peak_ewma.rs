//! Peak EWMA over two servers of which one is ten times slower, against a plain program after Finagle's `PeakEwma.scala`.

use dropstorm::measure::{Measurements, Scope};
use dropstorm::random::{Key, Purpose};
use dropstorm::vocabulary::Column;

use super::intervals::{check, column, each, figure, window};

/// What Finagle's `Metric` keeps of a node. Times are in seconds.
#[derive(Clone, Copy, Default)]
struct Metric {
    cost: f64,
    stamp: f64,
    pending: u32,
}

impl Metric {
    fn observe(&mut self, decay: f64, now: f64, took: f64) {
        let weight = (-(now - self.stamp) / decay).exp();
        self.cost = if took > self.cost { took } else { self.cost * weight + took * (1.0 - weight) };
        self.stamp = now;
    }

    fn get(&mut self, decay: f64, now: f64) -> f64 {
        self.observe(decay, now, 0.0);
        match self.pending {
            pending if self.cost == 0.0 && pending != 0 => f64::MAX,
            pending => self.cost * f64::from(pending + 1),
        }
    }
}

/// Two servers with a slot and a queue each.
struct Pair {
    decay: f64,
    nodes: [Metric; 2],
    /// By server, when the attempts that it holds came and when they end, the oldest first.
    held: [Vec<(f64, f64)>; 2],
}

impl Pair {
    fn new(decay: f64) -> Pair {
        Pair { decay, nodes: [Metric::default(); 2], held: [Vec::new(), Vec::new()] }
    }

    /// An attempt comes, and `first` is drawn before the other. Returns its server and when it ends.
    fn comes(&mut self, now: f64, first: usize, work: impl FnOnce(usize) -> f64) -> (usize, f64) {
        // The first end of all that are due, until none is.
        while let Some(server) = (0..2)
            .filter(|server| self.held[*server].first().is_some_and(|(_, end)| *end <= now + 1e-9))
            .min_by(|a, b| self.held[*a][0].1.total_cmp(&self.held[*b][0].1))
        {
            let (came, end) = self.held[server].remove(0);
            self.nodes[server].pending -= 1;
            self.nodes[server].observe(self.decay, end, end - came);
        }
        let other = 1 - first;
        let [one, two] = [first, other].map(|server| self.nodes[server].get(self.decay, now));
        let server = if two < one { other } else { first };
        let begins = self.held[server].last().map_or(now, |(_, end)| end.max(now));
        let end = begins + work(server);
        self.held[server].push((now, end));
        self.nodes[server].pending += 1;
        (server, end)
    }
}

fn scenario(seconds: u64, spacing: &str, rate: f64, service: &str, decay: f64) -> String {
    let rest = format!(
        r#"
        [multiplier.closed]
        factor = 0
        from = "+{open} s"
        [audience.open]
        rate = "{rate}/s"
        spacing = "{spacing}"
        journey = "ask"
        [journey.ask]
        steps = [{{ request = "api" }}]
        [pool.api]
        servers = 2
        service = {service}
        speeds = [1.0, 0.1]
        queue = {{ per_server = {{ balancer = {{ peak_ewma = {{ decay = "{decay} s" }} }} }} }}"#,
        open = seconds - 100,
    );
    window(seconds, 100, &rest)
}

/// Mean time of service, and mean time in the system, in seconds.
fn times(run: &Measurements) -> [f64; 2] {
    let pool = Scope::pool(0);
    let service = column(run, Column::ServiceMean, pool) / 1e3;
    [service, service + figure(run, "wait_ms.mean") / 1e3]
}

/// The program's means, for attempts that come every `gap` seconds until `open` and take 97 ms of work, so
/// that no end meets an arrival.
fn followed(gap: f64, open: u64, decay: f64, first: usize) -> [f64; 2] {
    let mut pair = Pair::new(decay);
    let count = (open as f64 / gap).round() as u64;
    let mut sums = [0.0; 2];
    for k in 1..=count {
        let now = k as f64 * gap;
        let work = |server| [0.097, 0.97][server];
        // Which one is drawn first matters to the first attempt alone, while neither has any history.
        let (server, end) = pair.comes(now, if k == 1 { first } else { 0 }, work);
        sums[0] += work(server);
        sums[1] += end - now;
    }
    sums.map(|sum| sum / count as f64)
}

/// Every attempt goes where the rule sends it: evenly spaced attempts of constant service, alone or in a queue.
#[test]
fn peak_ewma_sends_each_attempt_where_finagle_would() {
    for (rate, decay) in [(0.5, 10.0), (4.0, 10.0), (4.0, 0.7), (8.0, 3.0), (8.0, 30.0), (8.0, 1.3)] {
        let text = scenario(2_000, "even", rate, r#""97 ms""#, decay);
        let exact = [0, 1].map(|first| followed(1.0 / rate, 1_900, decay, first));
        for found in each(&text, 4, times) {
            let is = |exact: &[f64; 2]| exact.iter().zip(found).all(|(exact, found)| (exact - found).abs() < 1e-6);
            assert!(exact.iter().any(is), "rate {rate}, decay {decay}: {exact:?}, simulated {found:?}");
        }
    }
}

/// An attempt alone every gap g: the slow server's 1 s decays until it is below the 0.1 s of the fast one, which is measured anew at
/// each attempt. So m attempts go to the fast server between two to the slow one, where m is the least whole number from
/// (decay × ln 10 + 0.9 s) ÷ g on.
#[test]
fn attempts_alone_go_to_the_slow_server_once_its_time_has_decayed() {
    for (gap, decay) in [(2.0_f64, 10.0), (2.0, 3.0), (5.0, 30.0), (2.5, 1.0)] {
        let m = ((decay * 10.0_f64.ln() + 0.9) / gap).ceil();
        let exact = (m * 0.1 + 1.0) / (m + 1.0);
        let text = scenario(100_100, "even", 1.0 / gap, r#""100 ms""#, decay);
        for [service, total] in each(&text, 2, times) {
            assert!(
                (service - exact).abs() < 1e-3 && (total - service).abs() < 1e-9,
                "{gap} {decay}: {service} {exact}"
            );
        }
    }
}

/// Poisson arrivals and exponential service. The program's value is known to a few thousandths.
#[test]
fn the_time_under_peak_ewma_is_that_of_a_plain_program() {
    for (rate, decay) in [(3.0, 10.0), (2.0, 3.0)] {
        let draws = |replication| Key::root(77, replication).draw(Purpose::Service);
        let (mut sum, count) = (0.0, 2_000_000);
        let mut draw = draws(0);
        let (mut pair, mut now) = (Pair::new(decay), 0.0);
        for _ in 0..count {
            now += draw.exponential() / rate;
            let first = usize::from(draw.uniform() < 0.5);
            let work = draw.exponential();
            let (_, end) = pair.comes(now, first, |server| work * [0.1, 1.0][server]);
            sum += end - now;
        }
        let exact = sum / f64::from(count);
        let service = r#"{ exponential = { mean = "100 ms" } }"#;
        let samples: Vec<f64> =
            each(&scenario(20_100, "poisson", rate, service, decay), 64, times).iter().map(|times| times[1]).collect();
        check(&format!("Peak EWMA at {rate}/s, decay {decay} s"), exact, &samples, 0.02);
    }
}
