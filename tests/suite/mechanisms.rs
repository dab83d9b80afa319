//! Individual servers, CoDel and retry budgets, as somebody who uses them meets them.

mod crashes;
mod fleet;

use dropstorm::analysis::{Analysis, figures_of};
use dropstorm::engine::{self, Seed};
use dropstorm::measure::{Figures, Scope};
use dropstorm::model::{Model, warnings};
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::{Column, Outcome};

use super::desk::Desk;

mod calls;
mod health;

/// An open stream of ten requests a second to one pool with these keys.
fn scenario(pool: &str, rest: &str) -> String {
    format!(
        r#"
        title = "One pool"
        start = 2026-01-09T09:00:00Z
        drop = 2026-01-09T09:00:00Z
        end = 2026-01-09T09:10:00Z
        [audience.open]
        rate = "10/s"
        journey = "ask"
        client = "app"
        [journey.ask]
        steps = [{{ request = "api" }}]
        [client.app]
        [pool.api]
        {pool}
        {rest}"#
    )
}

fn figures(text: &str) -> Figures {
    let scenario = Scenario::parse("one-pool.toml", text).unwrap_or_else(|errors| panic!("{errors}"));
    figures_of(&[engine::run(&Model::compile(&scenario), Seed { seed: 1, replication: 0 })])
}

fn total(figures: &Figures, name: &str) -> f64 {
    figures.summary(name).map_or(0.0, |estimate| estimate.mean)
}

/// Mean of a column of the pool between two minutes.
fn mean(figures: &Figures, column: Column, minutes: std::ops::Range<usize>) -> f64 {
    let row = figures.scope(Scope::pool(0)).unwrap();
    let values = (minutes.start * 6..minutes.end * 6).map(|interval| figures.value(interval, row, column));
    values.sum::<f64>() / (minutes.len() * 6) as f64
}

#[test]
fn removed_servers_finish_what_they_hold_and_take_nothing_new() {
    let pool = "servers = 10\nservice = '5 min'\nqueue = { per_server = { limit = 0, balancer = 'round_robin' } }";
    let change = "[[change]]\nat = '1 min'\nset = { 'pool.api.servers' = 4 }";
    let figures = figures(&scenario(pool, change));
    assert_eq!(total(&figures, "attempts.failed"), 0.0, "no attempt is lost with its server");
    let in_service = |minutes| mean(&figures, Column::InServiceMean, minutes);
    // All ten are taken within seconds and served for five minutes; then only four are taken again.
    assert!(in_service(2..4) == 10.0, "{}", in_service(2..4));
    assert!((3.9..=4.0).contains(&in_service(7..10)), "{}", in_service(7..10));
}

#[test]
fn a_pool_without_servers_rejects_until_some_come_back() {
    let pool = "servers = 2\nservice = '10 ms'\nqueue = { per_server = { balancer = 'least_loaded' } }";
    let change = "[[change]]\nat = '1 min'\nset = { 'pool.api.servers' = 0 }\n\
                  [[change]]\nat = '2 min'\nset = { 'pool.api.servers' = 3 }";
    let figures = figures(&scenario(pool, change));
    assert_eq!(mean(&figures, Column::Ended(Outcome::Served), 1..2), 0.0, "a pool without servers rejects");
    assert!(mean(&figures, Column::Ended(Outcome::Rejected), 1..2) > 90.0);
    assert_eq!(mean(&figures, Column::Ended(Outcome::Rejected), 2..10), 0.0);
}

#[test]
fn a_queue_of_one_server_is_full_while_others_are_empty() {
    let pool = |balancer: &str| {
        format!("servers = 10\nservice = '0.9 s'\nqueue = {{ per_server = {{ limit = 1, balancer = '{balancer}' }} }}")
    };
    let rejected = |balancer| total(&figures(&scenario(&pool(balancer), "")), "attempts.rejected");
    assert!(rejected("random") > 10.0 * rejected("least_loaded"));
}

#[test]
fn an_attempt_that_meets_a_full_server_is_sent_on_only_with_redispatch() {
    let pool = |keys: &str| {
        format!(
            "servers = 10\nservice = '0.95 s'\nturn_away = '1 ms'\nqueue = {{ per_server = {{ limit = 1, balancer = 'random', {keys} }} }}"
        )
    };
    let rejected = |keys| total(&figures(&scenario(&pool(keys), "")), "attempts.rejected");
    let (stays, sent_on) = (rejected("redispatch = false"), rejected("redispatch = true"));
    assert!(stays > 1_000.0 && sent_on > 0.0 && sent_on < 0.3 * stays, "{stays} and {sent_on} are rejected");
    // Without queues it is the loss system of all slots, whoever is asked first.
    let loss = |balancer| format!("servers = 10\nservice = '0.95 s'\nqueue = {{ {balancer}limit = 0 }} }}");
    let one = |balancer| total(&figures(&scenario(&loss(balancer), "")), "attempts.rejected");
    assert_eq!(one("per_server = { redispatch = true, balancer = 'round_robin', "), one("shared = { "));
}

#[test]
fn stale_loads_send_a_herd_to_whoever_was_idle() {
    let pool = |balancer| {
        format!("servers = 10\nservice = '0.8 s'\nqueue = {{ per_server = {{ balancer = {{ {balancer} }} }} }}")
    };
    let wait = |balancer| total(&figures(&scenario(&pool(balancer), "")), "wait_ms.mean");
    let fresh = wait("least_loaded = {}");
    let [stale, of_two] = ["least_loaded = { view_age = '5 s' }", "least_of = { view_age = '5 s' }"].map(wait);
    assert!(fresh < 200.0 && of_two > 5.0 * fresh && stale > 1.5 * of_two, "{fresh}, {of_two}, {stale} ms");
}

#[test]
fn a_slow_server_gets_less_by_recent_times_and_its_share_by_stickiness() {
    let pool = |balancer| {
        format!(
            "servers = 4\nconcurrency = 100\nservice = '100 ms'\nspeeds = [0.1, 1, 1, 1]\n\
             queue = {{ per_server = {{ balancer = '{balancer}' }} }}"
        )
    };
    let mean_service = |balancer| mean(&figures(&scenario(&pool(balancer), "")), Column::ServiceMean, 0..10);
    // A quarter of the attempts take ten times as long.
    assert!((300.0..350.0).contains(&mean_service("sticky")), "{}", mean_service("sticky"));
    assert!(mean_service("peak_ewma") < 120.0, "{}", mean_service("peak_ewma"));
}

/// All columns of all rows.
fn all_values(figures: &Figures) -> Vec<u64> {
    let rows = figures.scopes.len();
    let columns = |row| Column::ALL.iter().map(move |column| (row, *column));
    let cells =
        (0..60).flat_map(|interval| (0..rows).flat_map(columns).map(move |(row, column)| (interval, row, column)));
    cells.map(|(interval, row, column)| figures.value(interval, row, column).to_bits()).collect()
}

#[test]
fn individuals_that_are_alike_and_share_a_queue_are_interchangeable() {
    for queue in ["{ limit = 9 }", "{ discipline = 'codel' }", "{ limit = 5, discipline = 'lifo' }"] {
        let pool = |keys: &str| {
            format!(
                "servers = 3\nconcurrency = 2\nservice = {{ exponential = {{ mean = '1 s' }} }}\nfailure = 0.1\n\
                 timeout = '3 s'\nqueue_timeout = '2 s'\non_timeout = 'abort'\nturn_away = '20 ms'\n\
                 queue = {{ shared = {queue} }}\n{keys}"
            )
        };
        let change = "[[change]]\nat = '4 min'\nset = { 'pool.api.servers' = 4 }";
        let alike = figures(&scenario(&pool(""), change));
        assert!(total(&alike, "attempts.rejected") + total(&alike, "attempts.shed") > 100.0);
        assert!(total(&alike, "attempts.timed_out") > 100.0);
        assert_eq!(all_values(&figures(&scenario(&pool("speeds = [1.0]"), change))), all_values(&alike));
    }
}

#[test]
fn a_fast_server_is_one_with_less_work() {
    let pool = |service: &str| format!("servers = 4\nservice = '{service}'\nqueue = {{ shared = {{ limit = 2 }} }}");
    let fast = figures(&scenario(&format!("{}\nspeeds = [2.5, 2.5]", pool("1 s")), ""));
    assert_eq!(all_values(&fast), all_values(&figures(&scenario(&pool("400 ms"), ""))));
}

#[test]
fn a_change_makes_servers_slower_and_fail() {
    let pool = "servers = 4\nservice = '100 ms'\nqueue = { per_server = { balancer = 'round_robin' } }";
    let change =
        "[[change]]\nat = '5 min'\nset = { 'pool.api.speeds' = [1, 0.5, 1, 1], 'pool.api.failures' = [0, 0, '100%'] }";
    let figures = figures(&scenario(pool, change));
    let column = |column, minutes| mean(&figures, column, minutes);
    assert_eq!(column(Column::Ended(Outcome::Failed), 0..5), 0.0);
    let share = column(Column::Ended(Outcome::Failed), 5..10) / column(Column::Ended(Outcome::Served), 5..10);
    assert!((0.32..0.35).contains(&share), "every fourth attempt fails, not {share} for one that is served");
    assert!((99.9..100.1).contains(&column(Column::ServiceMean, 0..5)));
    let served = column(Column::ServiceMean, 5..10);
    assert!((124.9..125.1).contains(&served), "one of four servers takes twice as long, not {served} ms");
    assert_eq!((column(Column::CapacityPerSecond, 1..5), column(Column::CapacityPerSecond, 6..10)), (40.0, 35.0));
}

#[test]
fn codel_sheds_from_a_standing_queue_and_each_answer_takes_a_slot() {
    let pool = |turn_away: &str| {
        format!(
            "servers = 1\nservice = '110 ms'\nturn_away = '{turn_away}'\nqueue = {{ shared = {{ discipline = 'codel' }} }}"
        )
    };
    let [cheap, dear] = ["0 s", "50 ms"].map(|turn_away| figures(&scenario(&pool(turn_away), "")));
    let waits = [&cheap, &dear].map(|figures| total(figures, "wait_ms.p50"));
    assert!(waits[0] < 1_500.0, "without CoDel the wait would be half a minute, with it {} ms", waits[0]);
    assert!(total(&cheap, "attempts.shed") > 100.0 && total(&cheap, "attempts.rejected") == 0.0);
    assert!(total(&dear, "attempts.served") < total(&cheap, "attempts.served"), "answers cost slots");
}

#[test]
fn a_trace_says_when_a_budget_denies_a_retry() {
    let keys = "retry = { attempts = 3 }\nbudget = { tokens = { capacity = 1, retry = 5 } }";
    let text = scenario("servers = 1\nservice = '1 ms'\nfailure = '100%'", "")
        .replace("[client.app]", &format!("[client.app]\n{keys}"));
    let desk = Desk::with(&[("denied.toml", &text)]);
    desk.run("run denied.toml --charts none --quiet --trace 1").must(0, "");
    let trace = String::from_utf8(desk.bytes("out/denied/viewers.csv")).unwrap();
    let events: Vec<&str> = trace.lines().filter_map(|line| line.split(',').nth(5)).collect();
    assert_eq!(
        events,
        ["event", "arrived", "request", "sent", "in service", "failed", "retry denied", "error page", "gave up"]
    );
}

#[test]
fn the_kind_of_a_queue_cannot_change_during_the_run() {
    let change = "[[change]]\nat = '1 min'\nset = { 'pool.api.queue.per_server.balancer' = 'random' }";
    let text = scenario("servers = 2\nservice = '1 s'", change);
    let errors = Scenario::parse("one-pool.toml", &text).unwrap_err().to_string();
    assert!(errors.contains("the kind of queue of pool `api` cannot change during the run"), "{errors}");
}

#[test]
fn a_scale_that_individual_servers_cannot_follow_is_an_error_and_a_small_error_a_warning() {
    let text = scenario("servers = 10\nservice = '1 s'\nqueue = { per_server = { balancer = 'random' } }", "");
    let at = |scale: &str| Scenario::parse("one-pool.toml", &text).unwrap().with("scale", scale);
    let errors = at("0.01").unwrap_err().to_string();
    assert!(
        errors.contains("at scale 0.01 pool `api` has no slot left") && errors.contains("0.1 slots become 0"),
        "{errors}"
    );
    let scenario = at("0.43").unwrap();
    let warned = warnings::of(&scenario, &Model::compile(&scenario)).to_string();
    assert!(warned.contains("the capacity of pool `api` is -7% off at this scale"), "{warned}");
}

/// Ten requests a second to a gateway with these calls, and a database of one slot behind it.
fn behind(gateway: &str, database: &str) -> String {
    scenario("servers = 100\nservice = '1 ms'", "")
        .replace("request = \"api\"", "request = \"gateway\"")
        .replace("[pool.api]\n        servers = 100\nservice = '1 ms'", "")
        + &format!(
            "\n[pool.gateway]\nservers = 100\nservice = '1 ms'\n{gateway}\n[pool.database]\nservers = 1\n{database}\n"
        )
}

/// A column over the whole run of the request of that name.
fn of_request(text: &str, request: usize, column: Column) -> f64 {
    let figures = figures(text);
    let row = figures.scope(Scope::request(request)).unwrap();
    (0..60).map(|interval| figures.value(interval, row, column)).sum()
}

#[test]
fn a_failed_call_ends_its_caller_as_a_gateway_answers_and_an_optional_one_does_not() {
    let ended = |call: &str, database: &str, outcome: &str| {
        let calls = format!("calls = [{{ pool = 'database'{call} }}]");
        total(&figures(&behind(&calls, database)), &format!("attempts.{outcome}"))
    };
    let all = ended("", "service = '1 ms'", "served");
    assert!(all > 5_500.0, "{all}");
    assert_eq!(ended("", "service = '1 ms'\nfailure = 1.0", "failed"), all);
    assert_eq!(ended(", optional = true", "service = '1 ms'\nfailure = 1.0", "served"), all);
    let full = "service = '10 min'\nqueue = { shared = { limit = 0 } }";
    assert!(ended("", full, "rejected") >= all - 2.0);
    assert!(ended("", "service = '2 min'\ntimeout = '1 min'", "timed_out") > 500.0);
}

#[test]
fn the_timeout_of_a_pool_includes_its_calls_and_abort_leaves_them() {
    let slow = "service = '1 ms'\nqueue = { shared = {} }\ncalls = [{ pool = 'disk' }]\n[pool.disk]\nservers = 500\nservice = '1 s'";
    let keys = |on_timeout: &str| {
        let calls = format!("timeout = '300 ms'\non_timeout = '{on_timeout}'\ncalls = [{{ pool = 'database' }}]");
        behind(&calls, &slow.replace("service = '1 ms'", "service = '1 ms'\nconcurrency = 500"))
    };
    let [kept, left] = ["keep", "abort"].map(|mode| figures(&keys(mode)));
    let late = |figures: &Figures| total(figures, "attempts.timed_out");
    assert!(late(&kept) > 5_000.0 && late(&left) == late(&kept), "a 504 is sent after 300 ms either way");
    let abandoned = |mode| of_request(&keys(mode), 1, Column::Ended(Outcome::Abandoned));
    assert!(abandoned("keep") == 0.0 && abandoned("abort") == late(&left), "{}", abandoned("abort"));
}

#[test]
fn calls_have_rows_and_thresholds_of_their_own_and_count_in_nothing_else() {
    let rest = "[[threshold]]\nmetric = 'error_rate'\nof = { request = 'gateway/database' }\nat_most = '5%'";
    let calls = "calls = [{ pool = 'database', times = 3, optional = true }]";
    let text = behind(calls, "service = '1 ms'\nfailure = 0.2") + rest;
    let sent = [0, 1].map(|request| of_request(&text, request, Column::Attempts));
    assert_eq!(sent[1], 3.0 * sent[0]);
    let figures = figures(&text);
    assert_eq!(total(&figures, "attempts.total"), sent[0], "everything is what people send");
    assert_eq!(total(&figures, "amplification.total"), 1.0);
    assert!(!figures.thresholds[0].held);
    let text = behind("calls = [{ pool = 'database' }]", "service = '1 ms'\nfailure = 0.2");
    let scenario = Scenario::parse("lost.toml", &text).unwrap();
    let run = engine::run(&Model::compile(&scenario), Seed { seed: 1, replication: 0 });
    let why = Analysis::of(&run).why;
    assert_eq!([why.lost_share(0), why.lost_share(1)], [Some(1.0), Some(0.0)], "a call's loss is its caller's");
}

#[test]
fn impossible_calls_are_errors_at_their_place() {
    let error = |gateway: &str, database: &str| {
        Scenario::parse("calls.toml", &behind(gateway, database)).map(|_| ()).unwrap_err().to_string()
    };
    let service = "service = '1 ms'";
    for (gateway, database, said) in [
        ("calls = [{ pool = 'databse' }]", service, "there is no pool `databse`"),
        ("calls = [{ pool = 'database', client = 'ap' }]", service, "there is no client `ap`"),
        ("calls = [{ pool = 'database', times = 0 }]", service, "times"),
        ("calls = [{ pool = 'database', latency = '-1 s' }]", service, "latency"),
        ("calls = [{ client = 'app' }]", service, "pool"),
        ("calls = [{ parallel = [] }]", service, "parallel"),
        ("calls = [{ times = 2, parallel = [{ pool = 'database' }] }]", service, "each of the calls in `parallel`"),
        ("calls = [{ parallel = [{ parallel = [{ pool = 'database' }] }] }]", service, "within `parallel`"),
        ("calls = [{ pool = 'database', cache = { hit = 0.5 } }]", service, "fill"),
        ("calls = [{ pool = 'database', cache = { hit = 0.5, fill = 0 } }]", service, "fill"),
        ("calls = [{ pool = 'database', cache = { hit = 1.5, fill = 9 } }]", service, "hit"),
        ("calls = [{ pool = 'database', priority = 'urgent' }]", service, "critical"),
        ("calls = [{ pool = 'gateway' }]", service, "the calls go round: gateway → gateway"),
        (
            "calls = [{ pool = 'database' }]",
            "service = '1 ms'\ncalls = [{ parallel = [{ pool = 'gateway' }] }]",
            "the calls go round: gateway → database → gateway",
        ),
    ] {
        let found = error(gateway, database);
        assert!(found.contains(said), "{gateway}: {found}");
    }
    let human = behind("calls = [{ pool = 'database', client = 'app' }]", service)
        .replace("[client.app]", "[client.app]\npatience = { until_reply = '1 s' }");
    let found = Scenario::parse("calls.toml", &human).unwrap_err().to_string();
    assert!(found.contains("client `app` has `patience`"), "{found}");
}

#[test]
fn the_wait_in_a_room_is_that_of_those_who_are_let_in_within_the_interval() {
    let rush = r#"
        [audience.rush]
        viewers = 300
        arrival = { uniform = { low = "0 s", high = "30 s" } }
        journey = "queue"
        [audience.late]
        viewers = 20
        arrival = { uniform = { low = "8 min", high = "9 min" } }
        journey = "queue"
        [journey.queue]
        steps = [{ enter = "lobby" }, { request = "api" }]
        [waiting_room.lobby]
        admit = { rate = "2/s" }"#;
    let found = figures(&scenario("servers = 5\nservice = \"20 ms\"", rush));
    let everything = found.scope(Scope::default()).unwrap();
    let waits: Vec<f64> = found.series(everything, Column::WaitingRoomWaitP50).collect();
    let highest = waits.iter().copied().filter(|wait| wait.is_finite()).fold(0.0, f64::max);
    assert!((100e3..130e3).contains(&highest), "{highest}");
    let late: Vec<f64> = waits[48..].iter().copied().filter(|wait| wait.is_finite()).collect();
    assert!(!late.is_empty() && late.iter().all(|wait| *wait < 2e3), "{late:?}");
    assert!(waits[30..48].iter().all(|wait| wait.is_nan()), "nobody is let in between");
}

#[test]
fn what_a_change_empties_must_be_a_cache() {
    let cached = "calls = [{ pool = 'database', cache = { hit = 0.5, fill = 9 } }]";
    for (gateway, change, said) in [
        (cached, "empty = ['pool.gateway.calls.1.cache']", "there is no cache `pool.gateway.calls.1.cache`"),
        (cached, "empty = ['pool.gateway.calls.1.cache']", "did you mean `pool.gateway.calls.0.cache`?"),
        ("calls = [{ pool = 'database' }]", "empty = ['pool.gateway.calls.0.cache']", "a call has one with cache"),
        (cached, "note = 'nothing'", "`set` or `empty` says what it changes"),
        (cached, "set = { 'pool.gateway.calls.0.cache.per' = 'server' }", "cannot change during the run"),
    ] {
        let text = behind(gateway, "service = '1 ms'") + &format!("\n[[change]]\nat = '1 min'\n{change}\n");
        let found = Scenario::parse("empty.toml", &text).map(|_| ()).unwrap_err().to_string();
        assert!(found.contains(said), "{change}: {found}");
    }
}

/// The database is never idle, so that of two callers only the one with the higher class is served.
#[test]
fn a_call_has_the_class_of_its_attempt_or_one_of_its_own() {
    let queue = "service = '100 ms'\nqueue = { shared = { limit = 100, priority = 'strict' } }";
    let served = |first: &str, second: &str| {
        let calls = format!("calls = [{{ pool = 'database'{first} }}]\ntimeout = '2 s'\non_timeout = 'abort'");
        let batch = format!(
            "\n[pool.batch]\nservers = 500\nservice = '1 ms'\ntimeout = '2 s'\non_timeout = 'abort'\n\
             calls = [{{ pool = 'database'{second} }}]\n[audience.batch]\nrate = '10/s'\njourney = 'work'\n\
             [journey.work]\nsteps = [{{ request = 'batch', priority = 'bulk' }}]\n"
        );
        let text = behind(&calls, queue) + &batch;
        let figures = figures(&text);
        let pool = |pool| figures.scope(Scope::pool(pool)).unwrap();
        [0, 2].map(|index| figures.series(pool(index), Outcome::Served.column()).sum::<f64>())
    };
    let [people, batch] = served("", "");
    assert!(people > 3.0 * batch, "the class of the attempt counts: {people} and {batch}");
    let [people, batch] = served(", priority = 'bulk'", ", priority = 'critical'");
    assert!(batch > 3.0 * people, "that of the call counts more: {people} and {batch}");
}
