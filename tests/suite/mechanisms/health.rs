//! Servers that are down, and servers that are ejected.

use dropstorm::model::{Model, warnings};
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::{Column, Outcome};

use super::{Desk, figures, mean, scenario, total};

const EACH_ITS_QUEUE: &str = "servers = 4\nservice = '3 s'\nqueue = { per_server = { balancer = 'round_robin' } }";

#[test]
fn servers_that_go_down_lose_what_they_hold_and_come_back_empty() {
    let change = "[[change]]\nat = '2 min'\nset = { 'pool.api.down' = '50%' }\n\
                  [[change]]\nat = '4 min'\nset = { 'pool.api.down' = '0%' }";
    let figures = figures(&scenario(EACH_ITS_QUEUE, change));
    let column = |column, minutes| mean(&figures, column, minutes);
    let failed =
        |minutes: std::ops::Range<usize>| 6.0 * minutes.len() as f64 * column(Column::Ended(Outcome::Failed), minutes);
    // Ten a second come, of which four servers finish one in three seconds each: of the 1,200 until then 160 are served.
    let lost = failed(2..3);
    assert!((450.0..600.0).contains(&lost), "half of all that wait are lost, not {lost}");
    assert_eq!((failed(0..2), failed(3..10)), (0.0, 0.0));
    assert_eq!([0, 3, 5].map(|minute| column(Column::Servers, minute..minute + 1)), [4.0, 2.0, 4.0]);
    assert_eq!(column(Column::InServiceMean, 3..4), 2.0);
    assert_eq!(column(Column::InServiceMean, 5..6), 4.0);
}

#[test]
fn what_is_in_service_is_finished_where_the_pool_says_so() {
    let pool = "servers = 10\nservice = '90 s'\nspeeds = [1]\nqueue = { shared = { limit = 0 } }";
    let change = |down: &str| format!("[[change]]\nat = '1 min'\nset = {{ 'pool.api.down' = {down} }}");
    let failed = |down: &str| total(&figures(&scenario(pool, &change(down))), "attempts.failed");
    assert_eq!((failed("'1%'"), failed("'40%'")), (1.0, 4.0), "at least one server is down");
    let drained = figures(&scenario(pool, &change("{ share = '40%', lose = false }")));
    assert_eq!(total(&drained, "attempts.failed"), 0.0);
    assert_eq!([1, 3].map(|minute| mean(&drained, Column::InServiceMean, minute..minute + 1).round()), [8.0, 6.0]);
}

#[test]
fn a_server_that_fails_is_ejected_and_comes_back() {
    let pool = "servers = 10\nservice = '100 ms'\nfailures = [0, 0, 0, '100%', 0, 0, 0, 0, 0, 0]\n\
                queue = { per_server = { balancer = 'round_robin' } }";
    let change = "[[change]]\nat = '5 min'\nset = { 'pool.api.failures' = [0] }";
    let without = total(&figures(&scenario(pool, change)), "attempts.failed");
    assert!((270.0..330.0).contains(&without), "every tenth attempt of five minutes, not {without}");
    let figures = figures(&scenario(&format!("{pool}\neject = {{}}"), change));
    // It fails five times in about five seconds, is out for 30, 60, 90, … s, and in for five each time.
    let with = total(&figures, "attempts.failed");
    assert!((20.0..30.0).contains(&with), "{with}");
    assert!(with % 5.0 == 0.0, "five in a row each time: {with}");
    let ejected = |minutes| mean(&figures, Column::ServersEjected, minutes);
    assert!(ejected(1..5) > 0.8 && ejected(9..10) == 0.0, "{} and {}", ejected(1..5), ejected(9..10));
    assert_eq!(mean(&figures, Column::Servers, 0..10), 10.0, "an ejected server is up");
}

/// Server 0 of four takes 100 s for what takes the others one. Its attempts end by whom it says, and only those that it fails count.
#[test]
fn what_a_server_fails_counts_and_what_its_client_leaves_does_not() {
    let ejected = |keys: &str, app: &str| {
        let pool = "servers = 4\nservice = '100 ms'\nspeeds = [0.001, 1, 1, 1]\n\
                    eject = { failures = 3, for = '9 min', most = '9 min', at_most = '25%' }";
        let queue = "queue = { per_server = { balancer = 'round_robin', limit = 400 } }";
        let pool = if keys.contains("limit") { format!("{pool}\n{keys}") } else { format!("{pool}\n{queue}\n{keys}") };
        let text = scenario(&pool, "[pool.database]\nservers = 1\nservice = '1 ms'\nfailure = 1.0");
        let figures = figures(&text.replace("[client.app]", &format!("[client.app]\n{app}")));
        mean(&figures, Column::ServersEjected, 1..2)
    };
    assert_eq!(ejected("", "timeout = '2 s'"), 0.0, "its clients leave");
    assert_eq!(ejected("timeout = '2 s'", ""), 1.0, "504 in service");
    assert_eq!(ejected("queue_timeout = '2 s'", ""), 1.0, "504 in its queue");
    assert_eq!(ejected("queue = { per_server = { balancer = 'round_robin', limit = 0 } }", ""), 1.0, "503");
    assert_eq!(ejected("calls = [{ pool = 'database' }]", ""), 1.0, "a call fails: the first of the four alone may go");
}

#[test]
fn attempts_go_to_all_servers_once_too_few_are_healthy() {
    let pool = "servers = 4\nservice = '10 ms'\ndown = '75%'\nqueue = { per_server = { balancer = 'round_robin' } }";
    let figures = |keys: &str| figures(&scenario(&format!("{pool}\n{keys}"), ""));
    assert_eq!(total(&figures(""), "attempts.failed"), 0.0, "the balancer knows who is down");
    let panics = figures("eject = {}");
    let share = total(&panics, "attempts.failed") / total(&panics, "attempts.served");
    assert!((2.9..3.1).contains(&share), "three of four fail at once, not {share} for one");
}

/// Server 0 fails its attempt at 10 s, is ejected with the one that it has taken then, and has ended that one at 20 s. When server 1
/// fails at 25 s, too few are healthy, and both take out of the queue that they share with the third.
#[test]
fn an_ejected_server_takes_out_of_a_shared_queue_once_too_few_are_healthy() {
    let pool = "servers = 3\nservice = '10 s'\nspeeds = [1, 0.4, 0.001]\nfailures = [1, 1, 0]\n\
                eject = { failures = 1, for = '10 min', most = '10 min', at_most = '100%' }";
    let text = scenario(pool, "").replace("rate = \"10/s\"", "viewers = 9\narrival = '0 s'");
    let figures = figures(&text);
    let in_service = |interval| figures.value(interval, 2, Column::InServiceMean);
    assert_eq!([0, 1, 2, 3].map(in_service), [3.0, 3.0, 2.5, 3.0]);
}

#[test]
fn ejection_needs_servers_that_are_told_apart_and_enough_of_them() {
    let shared = scenario("servers = 4\nservice = '1 s'\neject = {}", "");
    let errors = Scenario::parse("one-pool.toml", &shared).unwrap_err().to_string();
    assert!(errors.contains("the servers of this pool are interchangeable"), "{errors}");
    let text = scenario(&format!("{EACH_ITS_QUEUE}\neject = {{}}"), "");
    let scenario = Scenario::parse("one-pool.toml", &text).unwrap();
    let warned = warnings::of(&scenario, &Model::compile(&scenario)).to_string();
    assert!(warned.contains("no server of pool `api` can be ejected"), "{warned}");
}

#[test]
fn a_trace_names_the_server_and_says_no_more_than_is_known_of_an_end() {
    let of_first = |pool: &str| {
        let desk = Desk::with(&[("traced.toml", &scenario(pool, "").replace("rate =", "spacing = 'even'\nrate ="))]);
        desk.run("run traced.toml --charts none --quiet --trace 3").must(0, "");
        let trace = String::from_utf8(desk.bytes("out/traced/viewers.csv")).unwrap();
        let told = ["queued", "in service", "rejected"].map(|event| format!(",{event},"));
        let lines = trace.lines().filter(|line| told.iter().any(|event| line.contains(event)));
        lines.map(|line| line.split(',').skip(5).collect::<Vec<_>>().join(": ")).collect::<Vec<_>>()
    };
    let queue = "queue = { per_server = { balancer = 'round_robin', limit = 9 } }";
    assert_eq!(
        of_first(&format!("servers = 2\nservice = '1 h'\n{queue}")),
        ["in service: at server 0", "in service: at server 1", "queued: at server 0"]
    );
    assert_eq!(
        of_first("servers = 1\nservice = '1 h'\nspeeds = [1]"),
        ["in service: at server 0", "queued: ", "queued: "]
    );
    assert_eq!(of_first("servers = 1\nservice = '1 h'"), ["in service: ", "queued: ", "queued: "]);
    let nowhere = of_first(&format!("servers = 2\ndown = '100%'\nservice = '1 s'\n{queue}"));
    assert!(nowhere.iter().all(|told| told.contains("503: the queue was full or there was no server")), "{nowhere:?}");
}
