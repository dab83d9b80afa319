//! Servers that crash and are repaired, against the chain of the number in the system and the state of the server.

use dropstorm::measure::{Measurements, Scope};
use dropstorm::vocabulary::{Column, Outcome};

use super::intervals::{self, after_warm_up, check, check_controlled, each, figure, open};

/// An open stream of 0.5 requests a second to servers with these keys, whose service has mean 1 s.
fn servers(seconds: u64, keys: &str) -> String {
    let pool = format!("service = {{ exponential = {{ mean = '1 s' }} }}\n{keys}");
    after_warm_up(seconds, seconds / 20, &open(RATES[0], &pool))
}

/// Crashes after 20 s on average, and repairs of 5 s on average.
const CRASH: &str =
    "crash = { every = { exponential = { mean = \"20 s\" } }, repair = { exponential = { mean = \"5 s\" } } }";

/// The rates of arrivals, of service, of crashes and of repairs.
const RATES: [f64; 4] = [0.5, 1.0, 0.05, 0.2];

/// A column over the measured intervals of the pool.
fn of(run: &Measurements, column: Column) -> f64 {
    intervals::column(run, column, Scope::pool(0))
}

/// The number in the system and the share of attempts that are lost, with the number of arrivals as a control.
fn sample(text: &str, seconds: u64) -> ([Vec<f64>; 2], Vec<f64>) {
    let rows = each(text, 64, |run| {
        let expected = RATES[0] * seconds as f64 * 0.95;
        let lost = of(run, Column::Ended(Outcome::Failed)) / expected;
        let number = of(run, Column::QueueMean) + of(run, Column::InServiceMean);
        ([number, lost], figure(run, "attempts.total") / expected - 1.0)
    });
    let [number, lost] = [0, 1].map(|index| rows.iter().map(|row| row.0[index]).collect());
    ([number, lost], rows.iter().map(|row| row.1).collect())
}

/// With one shared queue a crash loses what is in service, and the others wait for the repair (chain of H. White and
/// L. Christie, Operations Research 6, 1958, with work that is lost): let u and d be the probabilities of n in the system with
/// the server up and down. Then λ(u(n) + d(n)) = (μ + ξ) u(n + 1), and (λ + η) d(n) = λ d(n − 1) + ξ u(n + 1).
#[test]
fn a_server_that_breaks_down_with_one_shared_queue_is_the_chain_of_number_and_state() {
    let [arrivals, service, crashes, repairs] = RATES;
    let passes = crashes / (service + crashes);
    let (mut up, mut down) = (vec![1.0], vec![(crashes + arrivals * passes) / (arrivals * (1.0 - passes) + repairs)]);
    for n in 0..2_000 {
        let next = arrivals * (up[n] + down[n]) / (service + crashes);
        up.push(next);
        down.push(arrivals * (down[n] + passes * next) / (arrivals * (1.0 - passes) + repairs));
    }
    let all: f64 = up.iter().chain(&down).sum();
    let number = (0..up.len()).map(|n| n as f64 * (up[n] + down[n])).sum::<f64>() / all;
    let busy = up[1..].iter().sum::<f64>() / all;
    assert!((up.iter().sum::<f64>() / all - 0.8).abs() < 1e-9, "the server is up for 20 s of 25");
    let seconds = 160_000;
    let ([numbers, lost], arrived) = sample(&servers(seconds, &format!("servers = 1\n{CRASH}")), seconds);
    check_controlled("M/M/1 with breakdowns, mean number", number, &numbers, std::slice::from_ref(&arrived), 0.02);
    check_controlled(
        "M/M/1 with breakdowns, share lost",
        crashes * busy / arrivals,
        &lost,
        std::slice::from_ref(&arrived),
        0.02,
    );
}

/// With a queue of its own a server loses everything, and rejects until the repair: while it is up, the number is geometric with
/// the smaller root r of μr² − (λ + μ + ξ)r + λ = 0 (E. Kyriakidis, Statistics & Probability Letters 20, 1994).
#[test]
fn a_server_that_loses_its_queue_is_a_queue_with_catastrophes() {
    let [arrivals, service, crashes, repairs] = RATES;
    let sum = arrivals + service + crashes;
    let root = (sum - (sum * sum - 4.0 * arrivals * service).sqrt()) / (2.0 * service);
    let up = repairs / (repairs + crashes);
    let number = up * root / (1.0 - root);
    let seconds = 110_000;
    let keys = format!("servers = 1\nqueue = {{ per_server = {{ balancer = \"random\" }} }}\n{CRASH}");
    let ([numbers, lost], arrived) = sample(&servers(seconds, &keys), seconds);
    check_controlled("M/M/1 with catastrophes, mean number", number, &numbers, std::slice::from_ref(&arrived), 0.02);
    check_controlled(
        "M/M/1 with catastrophes, share lost",
        crashes * number / arrivals,
        &lost,
        std::slice::from_ref(&arrived),
        0.02,
    );
}

/// Servers break down and are repaired independently of each other: up for mean time to failure ÷ (that + mean time to repair),
/// whatever the laws.
#[test]
fn the_availability_of_servers_does_not_depend_on_the_laws() {
    for (every, repair) in [
        ("{ exponential = { mean = \"20 s\" } }", "{ lognormal = { mean = \"5 s\", cv = 2.0 } }"),
        ("{ uniform = { low = \"10 s\", high = \"30 s\" } }", "{ exponential = { mean = \"5 s\" } }"),
    ] {
        let keys = format!("servers = 40\nconcurrency = 2\ncrash = {{ every = {every}, repair = {repair} }}");
        let up = each(&servers(4_000, &keys), 32, |run| of(run, Column::Servers));
        check(&format!("servers up, {every} and {repair}"), 32.0, &up, 0.01);
    }
}
