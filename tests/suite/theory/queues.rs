//! Queues without abandonment: M/M/c, M/G/c/c, M/M/c/K, M/G/1.

use super::erlang::{birth_death, erlang_b, erlang_c, pollaczek_khinchine};
use super::intervals::{after_warm_up, check, check_controlled, each, figure, open};

/// An open stream of `rate` requests a second to a pool of `servers`, whose service has mean 1 s; `queue` states its queue.
fn queue(seconds: u64, rate: f64, servers: u64, service: &str, queue: &str) -> String {
    let pool = format!("servers = {servers}\nservice = {service}\n{queue}");
    after_warm_up(seconds, seconds / 20, &open(rate, &pool))
}

const EXPONENTIAL: &str = r#"{ exponential = { mean = "1 s" } }"#;

/// Figures of each replication, and two controls: the number of arrivals and the mean service time.
pub struct Sampled {
    /// By figure and replication.
    pub figures: Vec<Vec<f64>>,
    /// By control and replication.
    pub controls: [Vec<f64>; 2],
}

/// Runs independent replications of a scenario whose pool has service of mean 1 s.
pub fn sample(text: &str, replications: u64, rate: f64, servers: f64, figures: &[&str]) -> Sampled {
    let rows = each(text, replications, |run| {
        let seconds = run.layout.measured.len() as f64 * run.layout.width.seconds();
        let arrivals = figure(run, "attempts.total") / (rate * seconds) - 1.0;
        let service = figure(run, "utilization") * servers * seconds / figure(run, "attempts.served") - 1.0;
        (figures.iter().map(|name| figure(run, name)).collect::<Vec<f64>>(), arrivals, service)
    });
    Sampled {
        figures: (0..figures.len()).map(|i| rows.iter().map(|row| row.0[i]).collect()).collect(),
        controls: [rows.iter().map(|row| row.1).collect(), rows.iter().map(|row| row.2).collect()],
    }
}

/// Runs replications of M/M/c, and holds waits and queue against Erlang C within a half-width.
fn check_mmc(servers: u64, utilization: f64, seconds: u64, replications: u64, half_width: f64) {
    let (rate, c) = (utilization * servers as f64, servers as f64);
    let text = queue(seconds, rate, servers, EXPONENTIAL, "");
    let figures = ["waited_share", "wait_ms.mean", "queue_mean"];
    let sampled = sample(&text, replications, rate, c, &figures);
    let waits = erlang_c(servers, rate);
    let mean = waits / (c - rate);
    for (i, exact) in [waits, 1e3 * mean, rate * mean].into_iter().enumerate() {
        let name = format!("M/M/{servers} at {utilization}, {}", figures[i]);
        check_controlled(&name, exact, &sampled.figures[i], &sampled.controls, half_width);
    }
}

#[test]
fn waits_of_mmc_are_erlangs() {
    check_mmc(2, 0.5, 100_000, 128, 0.01);
}

mod long {
    use super::{check_mg1, check_mmc};
    use crate::long_tests::in_full;

    #[test]
    fn waits_of_mg1_with_a_wide_law_follow_pollaczek_and_khinchine() {
        let (seconds, half_width) = if in_full() { (500_000, 0.01) } else { (20_000, 0.1) };
        check_mg1("gamma", r#"{ gamma = { mean = "1 s", cv = 1.5 } }"#, 1.5, seconds, half_width);
    }

    /// The more a pool is used, the more its waits vary: these intervals take 143 and 92 million customers.
    #[test]
    fn waits_of_mmc_near_saturation_are_erlangs() {
        let (replications, half_width) = if in_full() { (96, 0.01) } else { (24, 0.1) };
        check_mmc(10, 0.9, if in_full() { 165_000 } else { 12_000 }, replications, half_width);
        let (seconds, replications, half_width) = if in_full() { (120_000, 80, 0.03) } else { (12_000, 24, 0.5) };
        check_mmc(10, 0.96, seconds, replications, half_width);
    }
}

/// Erlang's loss formula holds for every law of service with the same mean (insensitivity; B. A. Sevastyanov, 1957).
#[test]
fn losses_of_mgcc_are_erlangs_whatever_the_law() {
    let constant = r#""1 s""#;
    let lognormal = r#"{ lognormal = { mean = "1 s", cv = 1.5 } }"#;
    for (name, law) in [("M", EXPONENTIAL), ("D", constant), ("lognormal", lognormal)] {
        let text = queue(1_200, 10.0, 10, law, "queue = { shared = { limit = 0 } }");
        let sampled = sample(&text, 64, 10.0, 10.0, &["error_rate.overall"]);
        // A constant service time has no variance for the second control to explain.
        let controls = if law == constant { &sampled.controls[..1] } else { &sampled.controls[..] };
        check_controlled(&format!("M/{name}/10/10, P(loss)"), erlang_b(10, 10.0), &sampled.figures[0], controls, 0.01);
    }
}

#[test]
fn a_finite_queue_loses_as_mmck() {
    let (servers, limit, rate, seconds) = (3_usize, 5, 3.0, 30_000);
    let states = birth_death(servers + limit, |_| rate, |n| n.min(servers) as f64);
    let full = states[servers + limit];
    let text = queue(seconds, rate, 3, EXPONENTIAL, "queue = { shared = { limit = 5 } }");
    let sampled = sample(&text, 64, rate, 3.0, &["error_rate.overall", "attempts.served"]);
    let measured = seconds as f64 * 19.0 / 20.0;
    let served: Vec<f64> = sampled.figures[1].iter().map(|served| served / measured).collect();
    check_controlled("M/M/3/8, P(full)", full, &sampled.figures[0], &sampled.controls, 0.01);
    check("M/M/3/8, throughput", rate * (1.0 - full), &served, 0.01);
}

/// Runs replications of M/G/1 with a law of mean 1 s, and holds the mean wait against the formula within a half-width.
fn check_mg1(name: &str, law: &str, cv: f64, seconds: u64, half_width: f64) {
    let sampled = sample(&queue(seconds, 0.7, 1, law, ""), 80, 0.7, 1.0, &["wait_ms.mean"]);
    let exact = 1e3 * pollaczek_khinchine(0.7, 1.0, cv);
    // A constant service time has no variance for the second control to explain.
    let controls = if cv == 0.0 { &sampled.controls[..1] } else { &sampled.controls[..] };
    check_controlled(&format!("M/{name}/1 at 0.7, mean wait"), exact, &sampled.figures[0], controls, half_width);
}

#[test]
fn waits_of_mg1_follow_pollaczek_and_khinchine() {
    check_mg1("M", EXPONENTIAL, 1.0, 300_000, 0.01);
    check_mg1("D", r#""1 s""#, 0.0, 200_000, 0.01);
}
