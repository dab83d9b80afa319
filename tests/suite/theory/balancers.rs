//! Balancers over servers with queues of their own: exact mean times in the system.

use super::balancers_exact::{ShortestOfTwo, random, round_robin, supermarket};
use super::intervals::{after_warm_up, check_controlled, open};
use super::queues::sample;

/// An open stream at a load of each of `servers` servers, whose service has mean 1 s; figures from `warm_up` on.
fn fleet(seconds: u64, warm_up: u64, servers: u32, load: f64, balancer: &str) -> String {
    let pool = format!(
        "servers = {servers}\nservice = {{ exponential = {{ mean = '1 s' }} }}\n\
         queue = {{ per_server = {{ balancer = {balancer} }} }}"
    );
    after_warm_up(seconds, warm_up, &open(load * f64::from(servers), &pool))
}

/// Compares the mean time in the system, which is the mean wait and a service time.
#[track_caller]
fn compare(text: &str, replications: u64, servers: u32, load: f64, exact: f64, half_width: f64) {
    let servers = f64::from(servers);
    let sampled = sample(text, replications, load * servers, servers, &["wait_ms.mean"]);
    let times: Vec<f64> = sampled.figures[0].iter().map(|wait| wait / 1e3 + 1.0).collect();
    let balancer = text.lines().find(|line| line.contains("balancer")).unwrap_or_default().trim();
    check_controlled(&format!("{servers} servers at {load}, {balancer}"), exact, &times, &sampled.controls, half_width);
}

#[test]
fn under_random_each_server_is_an_mm1_of_its_own() {
    for load in [0.5, 0.8] {
        compare(&fleet(30_000, 1_500, 10, load, r#""random""#), 28, 10, load, random(load), 0.02);
    }
}

/// Each viewer comes once, and a hash spreads viewers evenly over the servers.
#[test]
fn under_stickiness_each_server_is_an_mm1_of_its_own_viewers() {
    compare(&fleet(12_000, 600, 10, 0.5, r#""sticky""#), 24, 10, 0.5, random(0.5), 0.02);
}

/// Loads as they stood at the start of the run, when all servers were idle, tell no server from another.
#[test]
fn a_view_that_is_older_than_the_run_is_chance() {
    for balancer in ["least_loaded", "least_of"] {
        let balancer = format!("{{ {balancer} = {{ view_age = \"1 d\" }} }}");
        compare(&fleet(12_000, 600, 10, 0.5, &balancer), 24, 10, 0.5, random(0.5), 0.02);
    }
}

#[test]
fn under_round_robin_each_server_sees_every_nth_arrival() {
    for load in [0.5, 0.8] {
        compare(&fleet(30_000, 1_500, 5, load, r#""round_robin""#), 32, 5, load, round_robin(5, load), 0.02);
    }
}

#[test]
fn the_shortest_of_two_queues_is_the_chain_solved() {
    // Two choices among two servers are the shorter queue of both.
    for (load, seconds, balancer) in [
        (0.5, 30_000, r#""least_loaded""#),
        (0.5, 30_000, "{ least_of = { choices = 2 } }"),
        (0.8, 150_000, r#""least_loaded""#),
    ] {
        let exact = ShortestOfTwo::new(load).mean_time();
        compare(&fleet(seconds, seconds / 20, 2, load, balancer), 64, 2, load, exact, 0.01);
    }
}

/// A hundred servers, different ones drawn. Two choices: the simulation of Mitzenmacher (IEEE TPDS 12, 2001, table 1), and a
/// program of ours for the others; each is known to about a thousandth.
#[test]
fn choices_among_a_hundred_servers_are_those_of_the_supermarket() {
    for (load, choices, time) in [(0.9, 2, 2.645), (0.9, 3, 2.062), (0.9, 5, 1.672), (0.95, 2, 3.460), (0.95, 3, 2.618)]
    {
        let balancer = format!("{{ least_of = {{ choices = {choices} }} }}");
        let replications = if load < 0.95 { 16 } else { 28 };
        compare(&fleet(2_500, 250, 100, load, &balancer), replications, 100, load, time, 0.01);
    }
}

mod long {
    use super::*;
    use crate::long_tests::in_full;

    /// The limit of many servers. A thousand of them lie above it by a tenth of what a hundred do, about a thousandth.
    #[test]
    fn two_choices_among_a_thousand_servers_are_nearly_the_limit_of_many() {
        let (replications, half_width) = if in_full() { (32, 0.01) } else { (6, 0.1) };
        let text = fleet(900, 300, 1_000, 0.9, "{ least_of = { choices = 2 } }");
        compare(&text, replications, 1_000, 0.9, supermarket(0.9, 2), half_width);
    }
}
