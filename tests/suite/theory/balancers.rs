//! Balancers over servers with queues of their own: exact mean times in the system.

use std::collections::HashMap;

use dropstorm::engine::{self, Probe, Who};
use dropstorm::units::Time;
use dropstorm::vocabulary::Happening;
use rayon::prelude::*;

use super::balancers_exact::{ShortestOfTwo, random, round_robin, supermarket};
use super::intervals::{after_warm_up, check_controlled, figure, model, open, seed};
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

/// Attempts that servers hold, queued and in service, and by k from 1 the time-weighted number of servers with k or more of them.
struct Holding {
    from: Time,
    since: Time,
    server_of: HashMap<u32, u32>,
    held: Vec<usize>,
    with_least: [u64; MOST_HELD + 1],
    integrals: [f64; MOST_HELD + 1],
}

/// The largest number of attempts at a server that is looked at.
const MOST_HELD: usize = 4;

impl Holding {
    /// No attempts at `servers` servers, of which the time from `from` on counts.
    fn new(servers: usize, from: Time) -> Holding {
        let (with_least, integrals) = ([0; MOST_HELD + 1], [0.0; MOST_HELD + 1]);
        Holding { from, since: from, server_of: HashMap::new(), held: vec![0; servers], with_least, integrals }
    }

    /// Adds the time up to now.
    fn pass(&mut self, now: Time) {
        if now > self.from {
            let passed = now.since(self.since).seconds();
            self.integrals.iter_mut().zip(self.with_least).for_each(|(sum, servers)| *sum += servers as f64 * passed);
            self.since = now;
        }
    }

    /// An attempt joins a server, unless it is there already.
    fn join(&mut self, who: Who, server: Option<u32>) {
        let server = server.expect("servers are individuals");
        if self.server_of.insert(who.ordinal, server).is_none() {
            self.held[server as usize] += 1;
            if let Some(servers) = self.with_least.get_mut(self.held[server as usize]) {
                *servers += 1;
            }
        }
    }

    /// An attempt leaves its server.
    fn leave(&mut self, who: Who) {
        let server = self.server_of.remove(&who.ordinal).expect("the attempt has a server") as usize;
        if let Some(servers) = self.with_least.get_mut(self.held[server]) {
            *servers -= 1;
        }
        self.held[server] -= 1;
    }
}

impl Probe for Holding {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        match what {
            Happening::Queued { server } | Happening::ServiceBegan { server } => {
                self.pass(now);
                self.join(who, server);
            }
            Happening::Ended { .. } => {
                self.pass(now);
                self.leave(who);
            }
            _ => {}
        }
    }
}

/// Holds the share of servers with k attempts or more against an exact one, k from 1 to [`MOST_HELD`], with the number of arrivals and
/// the mean service time as controls.
#[track_caller]
fn compare_shares(
    text: &str,
    [servers, warm_up, replications]: [u64; 3],
    load: f64,
    exact: fn(i32) -> f64,
    half_width: f64,
) {
    let model = model(text);
    let run = |replication| {
        let mut holding = Holding::new(servers as usize, Time(warm_up * 1_000_000_000));
        let run = engine::run_with(&model, seed(replication), &mut holding);
        let seconds = holding.since.since(holding.from).seconds() * servers as f64;
        let arrivals = figure(&run, "attempts.total") / (load * seconds) - 1.0;
        let service = figure(&run, "utilization") * seconds / figure(&run, "attempts.served") - 1.0;
        (holding.integrals.map(|integral| integral / seconds), arrivals, service)
    };
    let runs: Vec<_> = (0..replications).into_par_iter().map(run).collect();
    let controls = [runs.iter().map(|run| run.1).collect(), runs.iter().map(|run| run.2).collect()];
    for k in 1..=MOST_HELD {
        let simulated: Vec<f64> = runs.iter().map(|run| run.0[k]).collect();
        let name = format!("share of {servers} servers with {k} or more");
        check_controlled(&name, exact(k as i32), &simulated, &controls, half_width);
    }
}

/// Under `random` each server is an M/M/1: the share with k or more is ρ^k.
#[test]
fn under_random_the_share_of_servers_with_k_attempts_is_that_of_mm1() {
    let text = fleet(200, 20, 100, 0.5, r#""random""#);
    compare_shares(&text, [100, 20, 20], 0.5, |k| 0.5_f64.powi(k), 0.3);
}

mod long {
    use super::*;
    use crate::long_tests::in_full;

    /// In the limit of many servers ρ^(2^k − 1) of them have k attempts or more. A thousand servers are near enough up to four.
    #[test]
    fn two_choices_leave_a_doubly_exponential_share_of_servers_with_many_attempts() {
        let (replications, half_width) = if in_full() { (20, 0.02) } else { (8, 0.75) };
        let text = fleet(if in_full() { 900 } else { 200 }, 100, 1_000, 0.9, "{ least_of = { choices = 2 } }");
        compare_shares(&text, [1_000, 100, replications], 0.9, |k| 0.9_f64.powi((1 << k) - 1), half_width);
    }

    /// The limit of many servers. A thousand of them lie above it by a tenth of what a hundred do, about a thousandth.
    #[test]
    fn two_choices_among_a_thousand_servers_are_nearly_the_limit_of_many() {
        let (replications, half_width) = if in_full() { (32, 0.01) } else { (6, 0.1) };
        let text = fleet(900, 300, 1_000, 0.9, "{ least_of = { choices = 2 } }");
        compare(&text, replications, 1_000, 0.9, supermarket(0.9, 2), half_width);
    }
}
