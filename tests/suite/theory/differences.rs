//! Servers that differ, and balancers that see old loads.

use dropstorm::measure::Scope;
use dropstorm::vocabulary::Column;

use super::erlang::erlang_b;
use super::intervals::{after_warm_up, check, column, each, figure, open, window};

/// An open stream to servers with queues of their own, whose service has a mean in seconds; figures after a tenth of the time.
fn fleet(seconds: u64, rate: f64, servers: u32, mean: f64, keys: &str) -> String {
    let pool = format!("servers = {servers}\nservice = {{ exponential = {{ mean = '{mean} s' }} }}\n{keys}");
    after_warm_up(seconds, seconds / 10, &open(rate, &pool))
}

/// Under `random` each server is an M/M/1 with a service of its own: a mean wait of ρ ÷ (μ − λ).
#[test]
fn servers_of_two_speeds_are_queues_of_two_kinds() {
    let text = fleet(100_000, 3.0, 10, 1.0, "speeds = [1, 0.5]\nqueue = { per_server = { balancer = \"random\" } }");
    let wait = |speed: f64| 0.3 / speed / (speed - 0.3);
    let exact = 1e3 * (wait(1.0) + wait(0.5)) / 2.0;
    let waits = each(&text, 64, |run| figure(run, "wait_ms.mean"));
    check("ten servers of two speeds", exact, &waits, 0.02);
}

/// Attempts that meet a busy server go to any that is idle, so the servers lose what one group of as many slots does, whatever the
/// balancer and the law of service: Erlang's formula for 4 servers and 3 Erlangs.
#[test]
fn with_redispatch_servers_lose_no_more_than_one_group_of_slots() {
    let queue = "queue = { per_server = { limit = 0, balancer = \"random\", redispatch = true } }";
    let text = fleet(40_000, 3.0, 4, 1.0, queue);
    let exact = erlang_b(4, 3.0);
    check("redispatch", exact, &each(&text, 64, |run| figure(run, "error_rate.overall")), 0.01);
}

/// Two servers begin together, and all attempts come within the time in which they warm up: the factor falls linearly from 3
/// to 1, so that the mean attempt takes twice as long.
#[test]
fn attempts_that_come_evenly_while_servers_warm_up_take_the_mean_of_the_factor() {
    let rest = r#"
        [audience.open]
        rate = "100/s"
        profile = [["0 s", 0.0], ["999 ms", 0.0], ["1 s", 1.0], ["201 s", 1.0], ["201001 ms", 0.0], ["300 s", 0.0]]
        journey = "ask"
        [journey.ask]
        steps = [{ request = "api" }]
        [pool.api]
        servers = 0
        concurrency = 1000
        service = { exponential = { mean = "10 ms" } }
        warm_up = { lasts = "200 s", slowdown = 3.0 }
        [[change]]
        at = "1 s"
        set = { "pool.api.servers" = 2 }"#;
    let text = window(300, 60, rest);
    let service = each(&text, 32, |run| column(run, Column::ServiceMean, Scope::pool(0)));
    check("service while servers warm up", 20.0, &service, 0.01);
}

/// A share of the attempts fails as their servers do, on top of what fails anywhere: 1 − 0.9 × (1 − 0.3) at one server of three.
#[test]
fn attempts_fail_as_their_servers_do() {
    let text = fleet(
        20_000,
        3.0,
        6,
        1.0,
        "failure = 0.1\nfailures = [0, 0, \"30%\"]\nqueue = { per_server = { balancer = \"random\" } }",
    );
    let exact = (0.1 + 0.1 + 0.37) / 3.0;
    check("failures by server", exact, &each(&text, 64, |run| figure(run, "error_rate.overall")), 0.01);
}

/// Ten servers, an arrival a second, service of 8 s, loads as of the last refresh: the least loaded of all is best only without
/// delay, the better of two with some, and chance with much (M. Brooker, The power of two random choices, 2012).
#[test]
fn which_balancer_is_best_depends_on_how_old_its_view_is() {
    let wait = |balancer: &str| {
        let text = fleet(40_000, 1.0, 10, 8.0, &format!("queue = {{ per_server = {{ balancer = {balancer} }} }}"));
        each(&text, 8, |run| figure(run, "wait_ms.mean")).iter().sum::<f64>() / 8.0
    };
    let random = wait("\"random\"");
    for (age, best) in [(0, 0), (20, 1), (40, 1), (300, 2)] {
        let all = wait(&format!("{{ least_loaded = {{ view_age = \"{age} s\" }} }}"));
        let two = wait(&format!("{{ least_of = {{ view_age = \"{age} s\" }} }}"));
        let waits = [all, two, random];
        let least = (0..3).min_by(|a, b| waits[*a].total_cmp(&waits[*b]));
        assert_eq!(least, Some(best), "at {age} s: {waits:?} ms");
    }
}
