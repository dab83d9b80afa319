//! What calls do to the pools that make them, and which pool is to blame.

use dropstorm::analysis::{Analysis, Cause, How, Through};
use dropstorm::engine::{self, Probe, Seed, Who};
use dropstorm::measure::Scope;
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::units::Time;
use dropstorm::vocabulary::{Column, Happening};

use super::{behind, figures, total};

fn analysis(text: &str) -> Analysis {
    let scenario = Scenario::parse("calls.toml", text).unwrap_or_else(|errors| panic!("{errors}"));
    Analysis::of(&engine::run(&Model::compile(&scenario), Seed { seed: 1, replication: 0 }))
}

/// How the gateway suffers from calls, and the causes that gateway and database have by themselves.
fn blame(gateway: &str, database: &str) -> (Option<Through>, [Option<Cause>; 2]) {
    let why = analysis(&behind(gateway, database)).why;
    (why.pools[0].through, [why.pools[0].cause, why.pools[1].cause])
}

#[test]
fn a_gateway_that_is_full_because_its_database_is_blames_the_database() {
    let (through, [_, database]) = blame(
        "timeout = '20 s'\non_timeout = 'abort'\ncalls = [{ pool = 'database' }]",
        "service = '200 ms'\nqueue = { shared = { limit = 100_000 } }\non_abandon = 'keep'",
    );
    let through = through.expect("the gateway suffers from the database");
    assert_eq!(through.pool, 1);
    assert!(matches!(through.how, How::Holds(share) if share > 0.99), "{through:?}");
    assert!(matches!(database, Some(Cause::Full { .. })), "{database:?}");
}

#[test]
fn a_gateway_whose_calls_fail_passes_the_failures_on() {
    let failing = "service = '1 ms'\nfailure = 0.5";
    let (through, [own, database]) = blame("calls = [{ pool = 'database' }]", failing);
    assert_eq!(through, Some(Through { pool: 1, how: How::Passes(1.0), is_slower: false }));
    assert_eq!((own, database), (Some(Cause::Errors), Some(Cause::Errors)));
    // Where the call is optional, its failures are not those of the gateway.
    let (through, [own, database]) = blame("failure = 0.5\ncalls = [{ pool = 'database', optional = true }]", failing);
    assert_eq!((through, own, database), (None, Some(Cause::Errors), None));
}

#[test]
fn a_gateway_with_too_few_slots_is_itself_to_blame() {
    let few = "concurrency = 1\nqueue = { shared = { limit = 0 } }\ncalls = [{ pool = 'database' }]";
    let text = behind(few, "concurrency = 'unlimited'\nservice = '1 s'").replace("servers = 100", "servers = 2");
    let why = analysis(&text).why;
    assert!(why.pools[0].through.is_none(), "{:?}", why.pools[0]);
    assert!(why.pools[0].cause.is_some() && why.pools[1].cause.is_none(), "{:?}", why.pools);
}

/// Ten a second at a gateway of 20 slots, whose calls take 0.1 s at first, and the pool that is to blame for what goes wrong
/// after a change.
fn blamed_after(change: &str) -> (Option<Through>, Option<Cause>) {
    let gateway =
        "concurrency = 4\nqueue = { shared = { limit = 10 } }\ncalls = [{ pool = 'database', client = 'calls' }]";
    let database = "service = '100 ms'\nconcurrency = 1_000\n\
                    [client.calls]\nretry = { attempts = 3, backoff = { exponential = { base = '30 s' } } }";
    let text = behind(gateway, database).replace("servers = 100", "servers = 5");
    let why = analysis(&format!("{text}[[change]]\nat = '5 min'\nset = {{ {change} }}")).why;
    (why.pools[0].through, why.pools[1].cause)
}

#[test]
fn a_gateway_whose_calls_have_become_slower_blames_the_pool_it_calls() {
    for (change, least_s) in [
        ("'pool.database.service' = '5 s'", 4.9),
        ("'pool.gateway.calls.0.latency' = '6 s'", 5.9),
        ("'pool.database.failure' = 0.1", 1.0),
    ] {
        let (through, database) = blamed_after(change);
        let through = through.unwrap_or_else(|| panic!("{change}: the gateway suffers from nothing"));
        assert!(through.pool == 1 && through.is_slower && matches!(through.how, How::Holds(share) if share > 0.9));
        assert!(matches!(database, Some(Cause::Slower { call_s }) if call_s >= least_s), "{change}: {database:?}");
    }
}

#[test]
fn a_gateway_whose_calls_take_what_they_took_before_is_itself_to_blame() {
    let (through, database) = blamed_after("'audience.open.rate' = '1000/s'");
    assert_eq!((through, database), (None, None));
}

#[test]
fn the_last_of_a_chain_is_to_blame() {
    let text = behind(
        "calls = [{ pool = 'database' }]",
        "concurrency = 'unlimited'\nservice = '1 ms'\ncalls = [{ pool = 'disk' }]\n[pool.disk]\nservers = 1\nservice = '1 ms'\n\
         failure = 0.9",
    );
    let why = analysis(&text).why;
    assert_eq!(why.pools[0].through.map(|through| through.pool), Some(2), "{:?}", why.pools);
    assert!(why.pools[1].through.is_none() && why.pools[1].cause.is_none(), "it loses nothing of people");
    assert_eq!(why.pools[2].cause, Some(Cause::Errors));
}

/// Ten a second, each of which waits 200 ms for three calls of a pool with room for all.
#[test]
fn slots_that_wait_for_calls_and_the_attempts_of_calls_are_counted() {
    let calls = "calls = [{ pool = 'database', times = 4 }]";
    let figures = figures(&behind(calls, "concurrency = 'unlimited'\nservice = '50 ms'"));
    let row = figures.scope(Scope::pool(0)).unwrap();
    let mean = |column| figures.series(row, column).sum::<f64>() / 60.0;
    let (calling, held) = (mean(Column::CallingMean), mean(Column::InServiceMean));
    assert!((calling - 2.0).abs() < 0.1, "{calling}");
    assert!((held - calling - 0.01).abs() < 2e-3, "own service holds a slot for 1 ms: {held} and {calling}");
    let row = figures.scope(Scope::request(1)).unwrap();
    let times: Vec<f64> = figures.series(row, Column::CallTimeMean).filter(|time| !time.is_nan()).collect();
    assert!(times.iter().all(|time| (time - 50.0).abs() < 1e-3), "each call takes 50 ms: {times:?}");
    let (calls, attempts) = (total(&figures, "amplification.calls"), total(&figures, "attempts.total"));
    assert!((calls / attempts - 4.0).abs() < 0.01, "{calls} calls of {attempts}");
}

/// One person asks the database, which takes all that the person's bucket holds. A gateway that the person asks then calls the
/// database, and leaves before the call is there.
#[test]
fn a_call_that_arrives_after_its_caller_has_left_meets_no_limit_of_a_viewer() {
    let text = "title = 'Late'\nstart = 2026-01-09T09:00:00Z\ndrop = 2026-01-09T09:00:00Z\nend = 2026-01-09T09:01:00Z\n\
        [audience.one]\nviewers = 1\narrival = '1 s'\njourney = 'ask'\n[journey.ask]\n\
        steps = [{ request = 'database' }, { request = 'gateway', optional = true }, { stream = '50 s' }]\n\
        [pool.gateway]\nservers = 1\nservice = '10 ms'\n\
        calls = [{ pool = 'database', latency = '5 s', client = 'app' }]\n[client.app]\ntimeout = '1 s'\n\
        [pool.database]\nservers = 1\nservice = '2 s'\n\
        rate_limit = { token_bucket = { rate = '1/min', burst = 1, per = 'viewer' } }\n";
    let figures = figures(text);
    let database = figures.scope(Scope::pool(1)).unwrap();
    let busy_s = 10.0 * figures.series(database, Column::InServiceMean).sum::<f64>();
    assert!((busy_s - 4.0).abs() < 1e-6, "both the request and the call are served for 2 s: {busy_s} s");
}

/// How the attempts of viewers end in a trace.
struct Ends(std::collections::BTreeSet<String>);

impl Probe for Ends {
    const ENABLED: bool = true;

    fn happened(&mut self, _: Time, _: Who, what: Happening) {
        if matches!(what, Happening::Ended { .. }) {
            self.0.insert(what.note());
        }
    }
}

#[test]
fn a_trace_tells_attempts_that_fail_by_a_call_from_those_that_their_own_pool_ends() {
    for (gateway, database, end) in [
        ("", "service = '1 ms'\ndown = '100%'\nqueue = { shared = { limit = 0 } }", "503: a call failed"),
        ("", "service = '1 ms'\ndown = '100%'\nqueue_timeout = '1 s'", "504: a call failed"),
        ("", "service = '1 ms'\nfailure = 1.0", "500: a call failed"),
        ("timeout = '50 ms'\n", "service = '1 s'\nfailure = 1.0", "504: a timer of the pool expired"),
        ("failure = 1.0\n", "service = '1 ms'", "500"),
    ] {
        let text = behind(&format!("{gateway}calls = [{{ pool = 'database' }}]"), database);
        let scenario = Scenario::parse("ends.toml", &text).unwrap_or_else(|errors| panic!("{errors}"));
        let mut ends = Ends(Default::default());
        engine::run_with(&Model::compile(&scenario), Seed { seed: 1, replication: 0 }, &mut ends);
        assert_eq!(ends.0.into_iter().collect::<Vec<_>>(), [end], "{gateway}{database}");
    }
}
