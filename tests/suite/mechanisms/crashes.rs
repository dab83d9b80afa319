//! Servers that crash and are repaired, as somebody who uses them meets them.

use dropstorm::engine::{self, Seed};
use dropstorm::measure::{Figures, Scope};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::{Column, Outcome};

use super::{behind, figures, mean, scenario, total};

const EACH_ITS_QUEUE: &str = "servers = 4\nservice = '3 s'\nqueue = { per_server = { balancer = 'round_robin' } }";

/// The number that ended so, between two minutes.
fn ended(figures: &Figures, outcome: Outcome, minutes: std::ops::Range<usize>) -> f64 {
    6.0 * minutes.len() as f64 * mean(figures, Column::Ended(outcome), minutes)
}

#[test]
fn a_crash_loses_what_its_server_held_and_the_repaired_server_is_empty() {
    let figures = figures(&scenario(&format!("{EACH_ITS_QUEUE}\ncrash = {{ every = '2 min', repair = '1 min' }}"), ""));
    let up = [0, 2, 3, 5, 6].map(|minute| mean(&figures, Column::Servers, minute..minute + 1));
    assert_eq!(up, [4.0, 0.0, 4.0, 0.0, 4.0], "two minutes up, one down");
    let failed = |minutes| ended(&figures, Outcome::Failed, minutes);
    // Ten a second come, of which four servers finish one in three seconds each: of the 1,200 until then 160 are served.
    assert!((900.0..1_200.0).contains(&failed(2..3)), "all that wait are lost, not {}", failed(2..3));
    assert_eq!((failed(0..2), failed(3..5)), (0.0, 0.0));
    let rejected = ended(&figures, Outcome::Rejected, 2..3);
    assert!((500.0..700.0).contains(&rejected), "no server is known to be up: {rejected}");
    assert!(mean(&figures, Column::QueueMean, 3..4) < 400.0, "the queues begin empty");
}

#[test]
fn until_the_balancer_learns_of_a_crash_it_sends_attempts_there() {
    let failed = |notice: &str| {
        let crash = format!("crash = {{ every = '2 min', repair = '30 min', notice = '{notice}' }}");
        let pool = format!("{}\n{crash}", EACH_ITS_QUEUE.replace("3 s", "10 ms"));
        let figures = figures(&scenario(&pool, ""));
        (total(&figures, "attempts.failed"), total(&figures, "attempts.rejected"))
    };
    let (at_once, rejected) = failed("0 s");
    assert!(at_once < 4.0 && rejected > 4_500.0, "{at_once} and {rejected}");
    let (unnoticed, _) = failed("30 s");
    assert!((250.0..350.0).contains(&unnoticed), "ten a second for half a minute: {unnoticed}");
    assert!(failed("1 h").1 == 0.0, "nobody ever learns of it");
}

/// Server 0 is down for the first minute. Server 1 crashes at 40 s and server 0, whose time to a crash begins when it comes back, at
/// 100 s; a server that goes down while it is repaired is repaired all the same.
#[test]
fn a_server_that_is_down_does_not_crash() {
    let pool = "servers = 2\nservice = '10 ms'\ncrash = { every = '40 s', repair = '5 min' }";
    let down = |share: &str, at: &str| format!("[[change]]\nat = '{at}'\nset = {{ 'pool.api.down' = '{share}' }}\n");
    let up = |pool: &str, changes: &str| {
        let figures = figures(&scenario(pool, changes));
        move |interval| figures.value(interval, figures.scope(Scope::pool(0)).unwrap(), Column::Servers)
    };
    let back = up(&format!("{pool}\ndown = '50%'"), &down("0%", "1 min"));
    assert_eq!([3, 4, 5, 6, 9, 10].map(back), [1.0, 0.0, 0.0, 1.0, 1.0, 0.0]);
    let repaired = up(&pool.replace("5 min", "1 min"), &(down("50%", "50 s") + &down("0%", "2 min")));
    assert_eq!([3, 4, 9, 10, 12, 14].map(repaired), [2.0, 0.0, 0.0, 1.0, 2.0, 1.0]);
}

#[test]
fn who_waits_in_a_shared_queue_waits_for_the_repair() {
    let pool = "servers = 2\nconcurrency = 4\nservice = '100 ms'\ncrash = { every = '2 min', repair = '20 s' }";
    let figures = figures(&scenario(pool, ""));
    let lost = ended(&figures, Outcome::Failed, 2..3);
    assert!(lost <= 8.0, "only what was in service: {lost}");
    let held = mean(&figures, Column::QueueMean, 2..3);
    assert!(held > 20.0, "two hundred come within the repair: {held}");
    assert_eq!(total(&figures, "attempts.rejected"), 0.0);
    assert!(total(&figures, "attempts.served") > 5_500.0);
}

#[test]
fn a_server_whose_queue_was_full_without_a_break_crashes() {
    let pool = |when_full: &str| {
        let text = format!(
            "servers = 1\nservice = '30 s'\nqueue = {{ per_server = {{ limit = 2, balancer = 'round_robin' }} }}\n\
             crash = {{ when_full = '{when_full}', repair = '1 min' }}"
        );
        figures(&scenario(&text, ""))
    };
    // The queue is full within a second, and has a break every thirty.
    assert_eq!(total(&pool("31 s"), "attempts.failed"), 0.0);
    let crashes = pool("20 s");
    assert_eq!(ended(&crashes, Outcome::Failed, 0..1), 3.0, "one in service, two in the queue");
    let up = mean(&crashes, Column::Servers, 0..10);
    assert!((0.2..0.3).contains(&up), "up for 20 s of each 80: {up}");
    let none = figures(&scenario(
        "servers = 1\nservice = '25 s'\nqueue = { per_server = { limit = 0, balancer = 'round_robin' } }\n\
         crash = { when_full = '20 s', repair = '1 min' }",
        "",
    ));
    assert!(total(&none, "attempts.failed") >= 6.0, "without a queue a server is full while its slots are");
}

/// Three come at once: one is served for a second, one waits, and one is turned away, whose answer takes the slot after that.
#[test]
fn a_slot_that_answers_is_no_break_of_a_full_queue() {
    let outcomes = |when_full: &str| {
        let pool = format!(
            "servers = 1\nservice = '1 s'\nturn_away = '10 s'\n\
             queue = {{ per_server = {{ limit = 1, balancer = 'round_robin' }} }}\n\
             crash = {{ when_full = '{when_full}', repair = '1 h' }}"
        );
        let at_once = scenario(&pool, "").replace("rate = \"10/s\"", "viewers = 3\narrival = '0 s'");
        let figures = figures(&at_once);
        ["served", "rejected", "failed"].map(|outcome| total(&figures, &format!("attempts.{outcome}")))
    };
    // The queue is full until eleven seconds have passed.
    assert_eq!(outcomes("10900 ms"), [1.0, 1.0, 1.0]);
    assert_eq!(outcomes("11100 ms"), [2.0, 1.0, 0.0]);
    assert_eq!(outcomes("3 s"), [1.0, 1.0, 1.0]);
}

/// Without a queue a server is full while its slot answers or serves: for eleven seconds, and not for the rest of the run.
#[test]
fn the_end_of_an_answer_is_a_break() {
    let pool = "servers = 1\nservice = '1 s'\nturn_away = '5 s'\n\
                queue = { per_server = { limit = 0, balancer = 'round_robin' } }\n\
                crash = { when_full = '20 s', repair = '1 h' }";
    let crowd = "viewers = 3\narrival = '0 s'";
    let again = "[audience.later]\nviewers = 1\narrival = '1 min'\njourney = 'ask'\nclient = 'app'";
    let figures = figures(&scenario(pool, again).replace("rate = \"10/s\"", crowd));
    assert_eq!(["served", "failed"].map(|outcome| total(&figures, &format!("attempts.{outcome}"))), [2.0, 0.0]);
    assert_eq!(mean(&figures, Column::Servers, 0..10), 1.0);
}

#[test]
fn repaired_servers_warm_up_anew() {
    let pool = "servers = 1\nconcurrency = 1000\nservice = '100 ms'\nwarm_up = { lasts = '2 min', slowdown = 3.0 }\n\
                crash = { every = '4 min', repair = '1 s' }";
    let figures = figures(&scenario(pool, ""));
    let service = |minutes| mean(&figures, Column::ServiceMean, minutes);
    assert!((service(0..4) - 100.0).abs() < 1e-6);
    assert!((service(4..5) - 250.0).abs() < 8.0, "{}", service(4..5));
    assert!((service(7..8) - 100.0).abs() < 1e-6);
}

#[test]
fn a_removed_server_is_one_that_has_crashed_if_there_is_one() {
    // Server 0 is so slow that its queue is full for long.
    let pool = "servers = 4\nservice = '100 ms'\nspeeds = [0.001, 1, 1, 1]\n\
                queue = { per_server = { limit = 2, balancer = 'round_robin' } }\n\
                crash = { when_full = '20 s', repair = '1 h' }";
    let change = "[[change]]\nat = '2 min'\nset = { 'pool.api.servers' = 3 }\n\
                  [[change]]\nat = '4 min'\nset = { 'pool.api.servers' = 4 }";
    let figures = figures(&scenario(pool, change));
    let up = [0..1, 1..2, 2..4].map(|minutes| mean(&figures, Column::Servers, minutes));
    assert!(up[0] > 3.0 && up[0] < 4.0);
    assert_eq!((up[1], up[2]), (3.0, 3.0), "the crashed server is the one that goes");
    assert!(mean(&figures, Column::Servers, 4..10) < 4.0, "the new server is number 0, as slow as the first");
}

#[test]
fn a_change_of_crashes_draws_anew_and_repairs_go_on() {
    let pool = format!("{EACH_ITS_QUEUE}\ncrash = {{ every = '2 min', repair = '3 min' }}");
    let change = "[[change]]\nat = '1 min'\nset = { 'pool.api.crash.every' = '3 min' }\n\
                  [[change]]\nat = '270 s'\nset = { 'pool.api.crash.every' = '1 h' }";
    let figures = figures(&scenario(&pool, change));
    let up = [0, 2, 3, 4, 6, 7, 9].map(|minute| mean(&figures, Column::Servers, minute..minute + 1));
    assert_eq!(up, [4.0, 4.0, 4.0, 0.0, 0.0, 4.0, 4.0]);
}

#[test]
fn a_crashed_server_is_wanted_until_it_is_repaired() {
    let pool = "servers = 4\nconcurrency = 10\nservice = '100 ms'\ncrash = { every = '4 min', repair = '1 min' }\n\
                [pool.api.autoscale]\nevery = '30 s'\nat_least = 4\nat_most = 4\nboot = '1 min'\n\
                policy = { target = { metric = 'attempts_per_server', value = '1/s' } }";
    let figures = figures(&scenario(pool, ""));
    let at = |column, minutes| mean(&figures, column, minutes);
    assert_eq!(at(Column::Servers, 4..5), 0.0);
    assert_eq!([Column::ServersWanted, Column::ServersBooting].map(|column| at(column, 4..5)), [4.0, 0.0]);
    assert_eq!(at(Column::Servers, 5..9), 4.0);
}

/// Crashes, a fleet that shrinks to nothing, people who never leave, and calls that hold slots meanwhile.
#[test]
fn a_run_ends_whatever_crashes_shrinks_calls_and_goes_round() {
    for (crash, scale_in) in [
        (
            "{ every = { exponential = { mean = '20 s' } }, repair = { exponential = { mean = '5 s' } }, notice = '2 s' }",
            "0 s",
        ),
        ("{ every = '7 s', repair = '0 s', when_full = '1 s' }", "30 s"),
        ("{ when_full = '1 ms', repair = '1 ms' }", "0 s"),
    ] {
        let fleet = |calls: &str| {
            format!(
                "servers = 3\nconcurrency = 2\nservice = '200 ms'\ncrash = {crash}\n{calls}\n\
                 queue = {{ per_server = {{ limit = 3, balancer = 'least_loaded', redispatch = true }} }}\n"
            )
        };
        let autoscale = |pool: &str| {
            format!(
                "[pool.{pool}.autoscale]\nevery = '5 s'\nat_least = 0\nat_most = 5\nboot = '7 s'\n\
                 policy = {{ target = {{ metric = 'utilization', value = '60%' }} }}\n\
                 scale_in = {{ stabilization = '{scale_in}' }}\n"
            )
        };
        let text = behind(&fleet("calls = [{ pool = 'database', times = 2, client = 'app' }]"), &fleet(""))
            .replace("[pool.gateway]\nservers = 100\nservice = '1 ms'", "[pool.gateway]")
            .replace("[pool.database]\nservers = 1", "[pool.database]")
            .replace("rate = \"10/s\"", "viewers = 200\narrival = '1 s'")
            .replace("[journey.ask]", "[journey.ask]\nrepeat = { times = \"forever\", pacing = '1 s' }")
            .replace("request = \"gateway\"", "request = \"gateway\", optional = true")
            .replace("[client.app]", "[client.app]\ntimeout = '2 s'\nretry = { attempts = 3, backoff = { exponential = { base = '100 ms', factor = 1.0 } } }")
            + &autoscale("gateway")
            + &autoscale("database");
        let scenario = Scenario::parse("all.toml", &text).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
        for seed in 0..3 {
            let run = engine::run(&Model::compile(&scenario), Seed { seed, replication: 0 });
            assert!(run.stopped.is_none(), "{:?}", run.stopped);
            assert!(run.events > 10_000, "{}", run.events);
        }
    }
}

#[test]
fn impossible_crashes_are_errors_at_their_place() {
    let error = |crash: &str, queue: &str| {
        let pool = format!("servers = 2\nservice = '1 s'\ncrash = {crash}\n{queue}");
        Scenario::parse("one-pool.toml", &scenario(&pool, "")).map(|_| ()).unwrap_err().to_string()
    };
    for (crash, said) in [
        ("{ repair = '1 min' }", "nothing makes a server of this pool crash"),
        ("{ every = '1 h' }", "`repair` is missing"),
        ("{ every = '-1 h', repair = '1 min' }", "every"),
        ("{ every = '1 h', repair = '1 min', notice = '-1 s' }", "notice"),
        ("{ when_full = '20 s', repair = '1 min' }", "no queue of their own"),
        ("{ when_full = '0 s', repair = '1 min' }", "when_full"),
        ("{ evry = '1 h', repair = '1 min' }", "evry"),
    ] {
        let found = error(crash, "");
        assert!(found.contains(said), "{crash}: {found}");
    }
}
