//! Shared cores and slowdown: processor sharing, and the universal scalability law.

use super::erlang::{birth_death, erlang_c};
use super::intervals::{after_warm_up, check, check_controlled, each, figure, open};

/// An open stream of `rate` requests a second to one server, whose service has mean 1 s; `keys` state the rest of it.
fn server(seconds: u64, rate: f64, service: &str, keys: &str) -> String {
    let pool = format!("servers = 1\nservice = {service}\n{keys}");
    after_warm_up(seconds, seconds / 20, &open(rate, &pool))
}

const EXPONENTIAL: &str = r#"{ exponential = { mean = "1 s" } }"#;

/// Figures of each replication, and the number of arrivals as a control.
fn sample(text: &str, replications: u64, rate: f64, names: &[&str]) -> (Vec<Vec<f64>>, Vec<f64>) {
    let rows = each(text, replications, |run| {
        let seconds = run.layout.measured.len() as f64 * run.layout.width.seconds();
        let arrivals = figure(run, "attempts.total") / (rate * seconds) - 1.0;
        (names.iter().map(|name| figure(run, name)).collect::<Vec<f64>>(), arrivals)
    });
    let figures = (0..names.len()).map(|i| rows.iter().map(|row| row.0[i]).collect()).collect();
    (figures, rows.iter().map(|row| row.1).collect())
}

/// Under processor sharing the mean sojourn is that of M/M/1 whatever the law of service (S. F. Yashkov, Queueing Systems 2,
/// 1987). The mean number in service follows by Little's law.
fn check_sharing(name: &str, law: &str, seconds: u64, half_width: f64) {
    let text = server(seconds, 0.6, law, "cores = 1\nconcurrency = \"unlimited\"");
    let (figures, arrivals) = sample(&text, 64, 0.6, &["in_service_mean"]);
    check_controlled(&format!("M/{name}/1-PS at 0.6, mean number"), 1.5, &figures[0], &[arrivals], half_width);
}

#[test]
fn one_shared_core_is_insensitive_to_the_law_of_service() {
    check_sharing("M", EXPONENTIAL, 200_000, 0.01);
    check_sharing("D", r#""1 s""#, 120_000, 0.01);
}

#[test]
fn a_shared_core_with_few_slots_is_a_truncated_geometric() {
    let (slots, load) = (5, 0.9);
    let keys = "cores = 1\nconcurrency = 5\nqueue = { shared = { limit = 0 } }";
    let (figures, arrivals) = sample(&server(150_000, load, EXPONENTIAL, keys), 64, load, &["error_rate.overall"]);
    let states = birth_death(slots, |_| load, |_| 1.0);
    check_controlled("M/M/1/5-PS, P(full)", states[slots], &figures[0], &[arrivals], 0.01);
}

#[test]
fn a_saturated_server_does_what_the_universal_scalability_law_says() {
    for (slots, contention, coherency) in [(8_u32, 0.05, 0.0), (16, 0.02, 0.005)] {
        let keys = format!(
            "slowdown = {{ contention = {contention}, coherency = {coherency} }}\nconcurrency = {slots}\n\
             queue = {{ shared = {{ limit = 100 }} }}"
        );
        let seconds = 7_000;
        let (figures, _) = sample(&server(seconds, 40.0, EXPONENTIAL, &keys), 48, 40.0, &["attempts.served"]);
        let measured = seconds as f64 * 19.0 / 20.0;
        let served: Vec<f64> = figures[0].iter().map(|served| served / measured).collect();
        let n = f64::from(slots);
        let law = n / (1.0 + contention * (n - 1.0) + coherency * n * (n - 1.0));
        check(&format!("the scalability law at {slots}, throughput"), law, &served, 0.005);
    }
}

mod long {
    use super::*;
    use crate::long_tests::in_full;

    #[test]
    fn one_shared_core_is_insensitive_to_a_wide_law_of_service() {
        let (seconds, half_width) = if in_full() { (300_000, 0.01) } else { (20_000, 0.1) };
        check_sharing("gamma", r#"{ gamma = { mean = "1 s", cv = 1.5 } }"#, seconds, half_width);
    }

    #[test]
    fn shared_cores_without_limit_hold_as_many_as_mmc() {
        let (seconds, replications, half_width) = if in_full() { (150_000, 64, 0.01) } else { (15_000, 24, 0.2) };
        let (cores, load) = (4, 3.2);
        let text = server(seconds, load, EXPONENTIAL, "cores = 4\nconcurrency = \"unlimited\"");
        let (figures, arrivals) = sample(&text, replications, load, &["in_service_mean"]);
        let exact = load + erlang_c(cores, load) * load / (4.0 - load);
        check_controlled("4 cores at 0.8, mean number", exact, &figures[0], &[arrivals], half_width);
    }
}
