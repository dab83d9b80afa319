//! Recovery: whether a storm sticks, as a second run without the trigger says, for cases that others published.

use dropstorm::analysis::share_of;
use dropstorm::experiment;
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::Figure;

use super::intervals::{SEED, figure, model};

/// The share of some replications that are stuck, with its 95% interval.
fn stuck(text: &str, replications: u64) -> (f64, f64, f64) {
    stuck_in(&model(text), replications)
}

/// The share of some replications of a model that are stuck, with its 95% interval.
fn stuck_in(model: &Model, replications: u64) -> (f64, f64, f64) {
    let name = Figure::Stuck.name();
    let runs = experiment::replicate(model, SEED, 0..replications, |run| figure(&run, name));
    let share = share_of(&runs).unwrap();
    assert_eq!(share.n as u64, replications, "the second run is asked for in each");
    (share.mean, share.low, share.high)
}

/// A database that serves 300 requests a second and is gone for 10 s; clients wait for a second and ask twice (N. Bronson and
/// others, Metastable Failures in Distributed Systems, HotOS 2021).
fn database(rate: u32, minutes: u32) -> String {
    format!(
        "title = 'Database'\nstart = 2026-01-01T00:00:00Z\ndrop = 2026-01-01T00:00:00Z\nend = 2026-01-01T00:{minutes:02}:00Z\n\
         interval = '1 s'\ntrigger = ['change.0', 'change.1']\n\
         [audience.crowd]\nrate = '{rate}/s'\njourney = 'j'\nclient = 'app'\n[journey.j]\nsteps = [{{ request = 'db' }}]\n\
         [client.app]\ntimeout = '1 s'\nretry = {{ attempts = 2 }}\n\
         [pool.db]\nservers = 1\nservice = '3.3333 ms'\non_abandon = 'keep'\n\
         [[change]]\nat = '+60 s'\nset = {{ 'pool.db.servers' = 0 }}\n\
         [[change]]\nat = '+70 s'\nset = {{ 'pool.db.servers' = 1 }}\n"
    )
}

/// With a retry each the clients keep up twice their load: beyond half of the capacity the failure keeps itself up.
#[test]
fn a_database_sticks_above_half_of_its_capacity_and_not_below() {
    for (rate, expected) in [(120, 0.0), (140, 0.0), (170, 1.0), (280, 1.0)] {
        assert_eq!(stuck(&database(rate, 5), 5).0, expected, "{rate}/s");
    }
}

/// "150 requests a second", half of the 300 that the database serves, since each request may be sent twice: the rate from which on
/// most failures stay lies within 2% of it. Below it the backlog shrinks by 300 less twice the rate, so that twenty minutes are
/// enough 2% below; the same over an hour finds none of six stuck at 149.5/s, and all at 150/s.
#[test]
fn the_boundary_of_the_database_lies_where_it_was_published() {
    // 2% below and 1% above the published rate.
    let (below, above) = (147, 151);
    let (share, _, high) = stuck(&database(below, 20), 5);
    assert!(share == 0.0 && high < 0.5, "{below}/s: stuck in {share}, at most {high}");
    let (share, low, _) = stuck(&database(above, 20), 5);
    assert!(share == 1.0 && low > 0.5, "{above}/s: stuck in {share}, at least {low}");
}

/// A database that loses a share of its processor for some seconds; clients wait for 3 s and ask five times at once, and what they
/// left is served all the same. A request comes every so many microseconds of the published experiment, and a hundred times as
/// seldom here, to a server that serves 2.7 times the published load.
fn mongo(lost: f64, seconds: u32, every: f64) -> String {
    let service = 7.5 / 2.7;
    format!(
        "title = 'MongoDB'\nstart = 2026-01-01T00:00:00Z\ndrop = 2026-01-01T00:01:00Z\nend = 2026-01-01T00:04:00Z\n\
         interval = '1 s'\ntrigger = ['change.0', 'change.1']\n\
         [audience.load]\nrate = '{}/s'\nspacing = 'even'\njourney = 'ask'\nclient = 'app'\n\
         [journey.ask]\nsteps = [{{ request = 'db' }}]\n\
         [client.app]\ntimeout = '3 s'\nretry = {{ attempts = 5 }}\n\
         [pool.db]\nservers = 1\nservice = '{service:.6} ms'\non_abandon = 'keep'\n\
         [[change]]\nat = '+0 s'\nset = {{ 'pool.db.service' = '{:.6} ms' }}\n\
         [[change]]\nat = '+{seconds} s'\nset = {{ 'pool.db.service' = '{service:.6} ms' }}\n",
        10_000.0 / every,
        service / (1.0 - lost)
    )
}

/// Three storms of four pass, and one stays: L. Huang and others, Metastable Failures in the Wild, OSDI 2022, retry storm of
/// MongoDB: 78% of the processor lost for 10 s, 80% for 10 s, 80% for 9 s, and 80% for 10 s at less load. The capacity of the
/// published machine is not known; with 2.6 to 2.75 times the load (found by trying steps of 0.05) all four end as published.
#[test]
fn of_four_storms_of_a_document_store_the_one_sticks_that_did() {
    let published = [(0.78, 10, 75.0, 0.0), (0.80, 10, 75.0, 1.0), (0.80, 9, 75.0, 0.0), (0.80, 10, 100.0, 0.0)];
    for (lost, seconds, every, sticks) in published {
        let found = stuck(&mongo(lost, seconds, every), 1).0;
        assert_eq!(found, sticks, "{lost} lost for {seconds} s, a request every {every} µs");
    }
}

/// Seven of ten servers are lost for three seconds at a load of 60%; the client has these keys.
fn storm(client: &str) -> String {
    format!(
        "title = 'Storm'\nstart = 2026-01-01T00:00:00Z\ndrop = 2026-01-01T00:01:00Z\nend = 2026-01-01T00:05:00Z\n\
         interval = '1 s'\ntrigger = ['change.0', 'change.1']\n\
         [audience.users]\nrate = '60/s'\njourney = 'ask'\nclient = 'app'\n[journey.ask]\nsteps = [{{ request = 'api' }}]\n\
         [client.app]\ntimeout = '1 s'\n{client}\n\
         [pool.api]\nservers = 10\nservice = {{ exponential = {{ mean = '100 ms' }} }}\non_abandon = 'keep'\n\
         queue = {{ shared = {{ limit = 1000 }} }}\n\
         [[change]]\nat = '+0 s'\nset = {{ 'pool.api.servers' = 3 }}\n\
         [[change]]\nat = '+3 s'\nset = {{ 'pool.api.servers' = 10 }}\n"
    )
}

#[test]
fn a_storm_without_backoff_sticks_and_with_backoff_and_jitter_or_a_budget_it_does_not() {
    let (share, low, _) = stuck(&storm("retry = { attempts = 4 }"), 12);
    assert!(share > 0.5 && low > 0.5, "stuck in {share}, at least {low}");
    let backoff = "retry = { attempts = 4, jitter = 'full', backoff = { exponential = { base = '10 s' } } }";
    let (share, _, high) = stuck(&storm(backoff), 12);
    assert!(share == 0.0 && high < 0.3, "stuck in {share} with backoff, at most {high}");
    let budget =
        "retry = { attempts = 4 }\nscope = 'region'\nbudget = { tokens = { capacity = 50, retry = 5, refund = 1 } }";
    let (share, _, high) = stuck(&storm(budget), 12);
    assert!(share == 0.0 && high < 0.3, "stuck in {share} with a budget, at most {high}");
}

/// The storms of the library that a slow service brings about, at a tenth of their size: a limit that acts before clients leave
/// comes down; one that lets attempts take longer than clients wait, or has no bound on time, is left without a sample.
#[test]
fn an_adaptive_limit_escapes_from_a_storm_only_if_it_acts_before_clients_leave() {
    let of = |file: &str, key: &str, value: &str| {
        let file = format!("{}/scenarios/textbook/{file}.toml", env!("CARGO_MANIFEST_DIR"));
        let scenario = Scenario::read(std::path::Path::new(&file)).and_then(|file| file.with("scale", "0.1"));
        let scenario = scenario.and_then(|file| if key.is_empty() { Ok(file) } else { file.with(key, value) });
        stuck_in(&Model::compile(&scenario.unwrap_or_else(|errors| panic!("{errors}"))), 12)
    };
    for (file, key, value) in [
        ("slow-storm", "", ""),
        ("slow-storm-with-gradient2", "", ""),
        ("slow-storm-with-gradient2", "pool.api.concurrency_limit.gradient2.min", "1"),
        ("slow-storm-with-a-limit-by-time", "pool.api.concurrency_limit.aimd.timeout", "5 s"),
    ] {
        let (share, low, _) = of(file, key, value);
        assert!(share == 1.0 && low > 0.7, "{file} {key} {value}: stuck in {share}, at least {low}");
    }
    for (file, key, value) in [
        ("slow-storm-with-a-limit-by-time", "", ""),
        ("slow-storm-with-gradient2", "pool.api.concurrency_limit.gradient2", "{ min = 1, initial = 5 }"),
    ] {
        let (share, _, high) = of(file, key, value);
        assert!(share == 0.0 && high < 0.3, "{file} {key} {value}: stuck in {share}, at most {high}");
    }
}

/// A gateway whose attempts call a database three times, which can serve 50 calls a second and is gone for ten seconds after the
/// first minute. What either turns away is asked for four times.
fn gateway(people: &str) -> String {
    format!(
        "title = 'Gateway'\nstart = 2026-01-01T00:00:00Z\ndrop = 2026-01-01T00:00:00Z\nend = 2026-01-01T00:05:00Z\n\
         interval = '1 s'\n{people}\n[journey.ask]\nsteps = [{{ request = 'gateway' }}]\n\
         [client.app]\ntimeout = '1 s'\nretry = {{ attempts = 4 }}\n\
         [pool.gateway]\nservers = 1\nconcurrency = 40\nservice = '10 ms'\non_abandon = 'keep'\n\
         queue = {{ shared = {{ limit = 100 }} }}\ncalls = [{{ pool = 'db', times = 3 }}]\n\
         [pool.db]\nservers = 1\nconcurrency = 5\nservice = '100 ms'\non_abandon = 'keep'\n\
         [[change]]\nat = '+60 s'\nset = {{ 'pool.db.servers' = 0 }}\n\
         [[change]]\nat = '+70 s'\nset = {{ 'pool.db.servers' = 1 }}\n"
    )
}

/// A stream of people who take the journey `ask`.
fn stream(name: &str, rate: u32) -> String {
    format!("[audience.{name}]\nrate = '{rate}/s'\njourney = 'ask'\nclient = 'app'\n")
}

/// A crowd that comes evenly over five minutes.
fn crowd(rate: u32) -> String {
    let people = rate * 300;
    format!(
        "[audience.crowd]\nviewers = {people}\narrival = {{ uniform = {{ low = '0 s', high = '5 min' }} }}\n\
         journey = 'ask'\nclient = 'app'\n"
    )
}

/// Ten people a second make 30 calls a second, and 20 make 60, though few of the first tries of 20 get as far as a call.
#[test]
fn first_tries_count_at_a_pool_behind_a_gateway_as_if_the_gateway_turned_none_away() {
    let trigger = "trigger = ['change.0', 'change.1']\n";
    for (rate, expected) in [(10, 1.0), (20, 0.0)] {
        let text = gateway(&format!("{trigger}{}", stream("users", rate)));
        assert_eq!(stuck(&text, 3).0, expected, "{rate}/s");
    }
    // Those who come for the drop are not stuck either where they are too many.
    assert_eq!(stuck(&gateway(&crowd(20)), 1).0, 0.0);
}

/// Each person makes two requests, the second once the first is served: 20 people a second are 40 first tries, and 30 are 60, though
/// few of the 30 come to the second.
#[test]
fn first_tries_count_at_a_later_step_as_if_all_came_to_it() {
    let steps = |rate: u32| {
        let text = gateway(&format!("trigger = ['change.0', 'change.1']\n{}", stream("users", rate)));
        let text = text.replace("calls = [{ pool = 'db', times = 3 }]", "");
        text.replace(
            "{ request = 'gateway' }",
            "{ request = 'db', name = 'first' }, { request = 'db', name = 'second' }",
        )
    };
    for (rate, expected) in [(20, 1.0), (30, 0.0)] {
        assert_eq!(stuck(&steps(rate), 3).0, expected, "{rate}/s");
    }
}

/// Where all people come for the drop a run without them is calm whatever happens, so it says nothing; where some others ask for the
/// same it does.
#[test]
fn a_run_without_anybody_says_nothing_about_a_crowd_that_goes_on() {
    let of = |text: &str| experiment::replicate(&model(text), SEED, 0..1, |run| run.stuck);
    assert_eq!(of(&gateway(&crowd(10))), [None]);
    assert_eq!(of(&gateway(&format!("{}{}", crowd(9), stream("everyday", 1)))), [Some(true)]);
}
