//! Properties that every run has, whatever the scenario: checked over generated ones that use every key at random.

use std::collections::HashMap;

use dropstorm::engine::{self, Probe, Seed, Who};
use dropstorm::measure::{Figures, Measurements, Scope};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::units::Time;
use dropstorm::vocabulary::{Column, Figure, Happening, Outcome};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRng, TestRunner};

const CASES: u32 = 300;

/// Runs a property over as many generated values as `PROPTEST_CASES` says, the same ones each time.
fn for_all<S: Strategy>(values: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    if let Err(failure) = TestRunner::new_with_rng(config, rng).run(&values, property) {
        panic!("{failure}");
    }
}

// ---- Scenarios ----------------------------------------------------------------------------------------------------

/// Nothing, or the text; a failing case shrinks towards nothing.
fn maybe(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), text.prop_map(|text| text)]
}

/// A law of spans whose typical value lies between the two, in milliseconds.
fn law(low: u32, high: u32) -> impl Strategy<Value = String> {
    // Only a constant may be zero.
    (low..=high, 0..8).prop_map(|(ms, kind)| (if kind == 0 { ms } else { ms.max(1) }, kind)).prop_map(|(ms, kind)| {
        match kind {
            0 => format!("\"{ms} ms\""),
            1 => format!("{{ exponential = {{ mean = \"{ms} ms\" }} }}"),
            2 => format!("{{ lognormal = {{ median = \"{ms} ms\", sigma = 0.7 }} }}"),
            3 => format!("{{ gamma = {{ mean = \"{ms} ms\", cv = 1.6 }} }}"),
            4 => format!("{{ weibull = {{ mean = \"{ms} ms\", shape = 0.8 }} }}"),
            5 => format!("{{ normal = {{ mean = \"{ms} ms\", sd = \"{ms} ms\" }} }}"),
            6 => format!("{{ pareto = {{ minimum = \"{ms} ms\", shape = 1.5 }} }}"),
            _ => format!(
                "{{ mixture = [{{ weight = 2, of = \"{ms} ms\" }}, {{ weight = 1, of = {{ uniform = {{ low = \"0 ms\", \
             high = \"{ms} ms\" }} }} }}] }}"
            ),
        }
    })
}

fn pool(name: &'static str) -> impl Strategy<Value = String> {
    let mode = || prop_oneof![Just("drop-queued"), Just("keep"), Just("abort")];
    let concurrency = prop_oneof![4 => (1..4_u32).prop_map(|n| n.to_string()), 1 => Just("\"unlimited\"".to_owned())];
    let queue = maybe((0..60).prop_map(|limit| format!("queue = {{ shared = {{ limit = {limit} }} }}\n")));
    let timeout = maybe((50..4_000).prop_map(|ms| format!("timeout = \"{ms} ms\"\n")));
    let queue_timeout = maybe((50..4_000).prop_map(|ms| format!("queue_timeout = \"{ms} ms\"\n")));
    let turn_away = prop_oneof![Just(0), 1..300];
    let failure = prop_oneof![Just(0), 1..60];
    let rest = (queue, timeout, queue_timeout, mode(), mode(), turn_away, failure);
    (0..6, concurrency, law(0, 2_000), rest).prop_map(move |(servers, concurrency, service, rest)| {
        let (queue, timeout, queue_timeout, on_timeout, on_abandon, turn_away, failure) = rest;
        format!(
            "[pool.{name}]\nservers = {servers}\nconcurrency = {concurrency}\nservice = {service}\n\
             {queue}{timeout}{queue_timeout}on_timeout = \"{on_timeout}\"\non_abandon = \"{on_abandon}\"\n\
             turn_away = \"{turn_away} ms\"\nfailure = \"{failure}%\"\n"
        )
    })
}

fn client(name: &'static str) -> impl Strategy<Value = String> {
    let timeout = maybe((20..5_000).prop_map(|ms| format!("timeout = \"{ms} ms\"\n")));
    let patience = maybe((any::<bool>(), law(50, 8_000)).prop_map(|(service, law)| {
        format!("patience = {{ {} = {law} }}\n", if service { "until_service" } else { "until_reply" })
    }));
    let retry = maybe((1..6, 0..1_500, 0..3_usize, 1..=10).prop_map(|(attempts, base, jitter, tenths)| {
        let jitter = ["none", "full", "equal"][jitter];
        format!(
            "retry = {{ attempts = {attempts}, backoff = {{ exponential = {{ base = \"{base} ms\", cap = \"4 s\" }} }}, \
             jitter = \"{jitter}\", probability = {} }}\n",
            f64::from(tenths) / 10.0
        )
    }));
    let refresh = maybe((law(1, 5_000), 0..9, any::<bool>()).prop_map(|(delay, attempts, start)| {
        let from = if start { "start" } else { "request" };
        format!("refresh = {{ probability = 0.8, delay = {delay}, attempts = {attempts}, from = \"{from}\" }}\n")
    }));
    let come_back = maybe(
        law(1, 60_000)
            .prop_map(|delay| format!("come_back = {{ probability = 0.7, delay = {delay}, attempts = 3 }}\n")),
    );
    let report = maybe(law(1, 20_000).prop_map(|delay| format!("report = {{ probability = 0.5, delay = {delay} }}\n")));
    let stall = maybe(law(1, 30_000).prop_map(|law| format!("stall_patience = {law}\n")));
    (timeout, patience, retry, refresh, come_back, report, stall)
        .prop_map(move |(a, b, c, d, e, f, g)| format!("[client.{name}]\n{a}{b}{c}{d}{e}{f}{g}"))
}

fn journey() -> impl Strategy<Value = String> {
    let then = maybe(
        (0..=6).prop_map(|tenths| format!(", then = {{ name = \"ask\", probability = {} }}", f64::from(tenths) / 10.0)),
    );
    let beat = maybe(
        (200..30_000)
            .prop_map(|ms| format!(", heartbeat = {{ request = \"q\", name = \"beat\", every = \"{ms} ms\" }}")),
    );
    let spread = maybe(law(0, 8_000).prop_map(|law| format!(", spread = {law}")));
    (any::<(bool, bool)>(), 1..4, law(0, 9_000), spread, law(1_000, 120_000), then, beat).prop_map(
        |(optional, times, think, spread, stream, then, beat)| {
            format!(
                "[journey.j]\nsteps = [\n  {{ request = \"p\", name = \"open\", optional = {} }},\n  {{ think = {think} }},\n  \
                 {{ wait = \"drop\"{spread} }},\n  {{ request = \"q\", name = \"ask\", times = {times}, optional = {} }},\n  \
                 {{ stream = {stream}{then}{beat} }},\n]\n",
                optional.0, optional.1
            )
        },
    )
}

fn region(name: &'static str) -> impl Strategy<Value = String> {
    let link = maybe((20..60_000).prop_map(|kbps| format!("link = {{ capacity = \"{kbps} kbps\" }}\n")));
    let route = maybe(Just("route = { q = { p = 0.3, q = 0.7 } }\n".to_owned()));
    let rtt = prop_oneof![Just(0), 1..400];
    (rtt, prop_oneof![Just(0), 1..60], link, route).prop_map(move |(rtt, delay, link, route)| {
        format!("[region.{name}]\nrtt = \"{rtt} ms\"\ndrop_delay = \"{delay} s\"\n{link}{route}")
    })
}

/// What may be set on the way, each valid in every scenario that is generated here.
fn change() -> impl Strategy<Value = String> {
    let set = prop_oneof![
        (0..9).prop_map(|servers| format!("\"pool.p.servers\" = {servers}")),
        law(0, 900).prop_map(|law| format!("\"pool.q.service\" = {law}")),
        (0..40).prop_map(|limit| format!("\"pool.q.queue.shared.limit\" = {limit}")),
        (10..3_000).prop_map(|ms| format!("\"pool.p.timeout\" = \"{ms} ms\", \"client.c.timeout\" = \"{ms} ms\"")),
        (0..300).prop_map(|ms| format!("\"region.a.rtt\" = \"{ms} ms\"")),
        (10..9_000).prop_map(|kbps| format!("\"region.a.link.capacity\" = \"{kbps} kbps\"")),
        Just("\"region.a.route.q\" = { q = 1.0 }".to_owned()),
        Just("\"delivery.cap\" = \"500 kbps\"".to_owned()),
        Just("\"delivery.devices\" = { tv = { peak = \"1 Mbps\", share = 1.0 } }".to_owned()),
        Just(
            "\"delivery.devices\" = { a = { peak = \"2 Mbps\", share = 0.5 }, b = { peak = \"1 Mbps\", share = 0.2 }, \
             c = { peak = \"400 kbps\", share = 0.3 } }"
                .to_owned()
        ),
        Just("\"delivery.ladder\" = [\"600 kbps\", \"2 Mbps\"]".to_owned()),
        (0..3).prop_map(|rate| format!("\"audience.everyday.rate.a\" = \"{rate}/s\"")),
        Just("\"audience.fans.client\" = \"d\"".to_owned()),
        (0..3).prop_map(|factor| format!("\"multiplier.m.factor\" = {factor}")),
        law(100, 50_000).prop_map(|law| format!("\"journey.j.steps.4.stream\" = {law}")),
        Just("\"client.c.patience\" = { until_service = \"700 ms\" }".to_owned()),
        Just("\"client.c.retry\" = { attempts = 2 }".to_owned()),
        Just("\"reports.usual.a\" = \"40/min\"".to_owned()),
    ];
    (-60..299, set).prop_map(|(at, set)| format!("[[change]]\nat = \"{at} s\"\nset = {{ {set} }}\n"))
}

fn people(regions: usize) -> impl Strategy<Value = String> {
    let client = || prop_oneof![Just(""), Just("client = \"c\"\n"), Just("client = { c = 0.6, d = 0.4 }\n")];
    let crowd = proptest::collection::vec(0..120, regions);
    let rates = proptest::collection::vec(0..12, regions);
    let arrival =
        prop_oneof![Just("exponential = { mean = \"50 s\" }"), Just("uniform = { low = \"0 s\", high = \"2 min\" }")];
    let profile = maybe(Just("profile = [[\"-90 s\", 0.2], [\"0 s\", 1.0], [\"2 min\", 0.1]]\n".to_owned()));
    let steady = prop_oneof![Just("none"), Just("steady")];
    let trace = (0..=20).prop_map(|percent| f64::from(percent) / 100.0);
    let factor = prop_oneof![Just((1.0, 1.0)), Just((0.0, 1.0)), Just((2.5, 0.5))];
    let clients = (client(), client(), client());
    (clients, crowd, rates, arrival, profile, steady, trace, factor).prop_map(
        |(clients, crowd, rates, arrival, profile, steady, trace, (factor, watch_time))| {
            let names = ["a", "b", "c"];
            let viewers: Vec<String> = names.iter().zip(&crowd).map(|(name, n)| format!("{name} = {n}")).collect();
            let rates: Vec<String> =
                names.iter().zip(&rates).map(|(name, n)| format!("{name} = \"{n}0/min\"")).collect();
            format!(
                "[audience.fans]\nviewers = {{ {} }}\narrival = {{ {arrival}, shift = \"-20 s\" }}\njourney = \"j\"\n{}\
                 [audience.everyday]\nrate = {{ {} }}\n{profile}already = \"{steady}\"\njourney = \"j\"\n{}\
                 [audience.replayed]\ntrace = {{ file = \"tests/scenarios/arrivals.csv\", time = \"minute\", unit = \"min\", \
                 count = \"people\", scale = {trace} }}\nregion = \"a\"\njourney = \"j\"\n{}\
                 [multiplier.m]\nfactor = {factor}\nwatch_time = {watch_time}\nfrom = \"10 s\"\nuntil = \"40 s\"\n",
                viewers.join(", "),
                clients.0,
                rates.join(", "),
                clients.1,
                clients.2,
            )
        },
    )
}

const HEAD: &str = "title = \"Generated\"\nstart = 2026-01-09T08:59:00Z\ndrop = 2026-01-09T09:00:00Z\n\
                    end = 2026-01-09T09:05:00Z\ninterval = \"20 s\"\n";

/// The tables of a scenario of six minutes with a few hundred viewers.
fn tables() -> impl Strategy<Value = String> {
    let place = (1..=3_usize).prop_flat_map(|n| {
        let regions = (region("a"), region("b"), region("c"))
            .prop_map(move |(a, b, c)| [a, b, c].into_iter().take(n).collect::<String>());
        (regions, people(n))
    });
    let delivery = prop_oneof![
        Just("devices = { phone = { peak = \"750 kbps\", share = 0.4 }, tv = { peak = \"3 Mbps\", share = 0.6 } }\n"),
        Just("")
    ];
    let usual = maybe(Just("[reports]\nusual = { a = \"6/min\" }\n".to_owned()));
    let rest = (pool("p"), pool("q"), client("c"), client("d"), journey());
    (place, rest, delivery, usual, proptest::collection::vec(change(), 0..3)).prop_map(
        |((regions, people), (p, q, c, d, journey), devices, usual, changes)| {
            let ladder = "[delivery]\nladder = [\"235 kbps\", \"750 kbps\", \"3 Mbps\"]\n";
            [regions, people, journey, p, q, c, d, usual, ladder.to_owned(), devices.to_owned(), changes.concat()]
                .concat()
        },
    )
}

fn model(tables: &str) -> Result<Model, TestCaseError> {
    let text = format!("{HEAD}{tables}");
    let scenario = Scenario::parse("generated.toml", &text)
        .map_err(|problems| TestCaseError::fail(format!("{problems}\n{text}")))?;
    Ok(Model::compile(&scenario))
}

const SEED: Seed = Seed { seed: 7, replication: 0 };

// ---- Properties ---------------------------------------------------------------------------------------------------

/// Keeps books of its own: who has an attempt on its way, and how attempts ended.
#[derive(Default)]
struct Bookkeeper {
    now: Time,
    on_its_way: HashMap<Who, bool>,
    sent: u64,
    /// By outcome.
    ended: [u64; Outcome::COUNT],
    arrived: u64,
    watched: u64,
    gave_up: u64,
}

impl Probe for Bookkeeper {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        assert!(now >= self.now, "time runs backwards");
        self.now = now;
        let on_its_way = self.on_its_way.entry(who).or_default();
        let outcome = match what {
            Happening::Ended(outcome) => outcome,
            Happening::AppTimerEnded => Outcome::Abandoned,
            // Patience may also end in the pause before a retry, when no attempt is on its way.
            Happening::PatienceEnded if *on_its_way => Outcome::Abandoned,
            _ => {
                match what {
                    Happening::Sent { .. } => {
                        assert!(!std::mem::replace(on_its_way, true), "{who:?} sends before the last attempt ended");
                        self.sent += 1;
                    }
                    Happening::Arrived | Happening::AlreadyInside => self.arrived += 1,
                    Happening::Watched => self.watched += 1,
                    Happening::GaveUp => self.gave_up += 1,
                    Happening::CameBack => self.gave_up -= 1,
                    _ => {}
                }
                return;
            }
        };
        assert!(std::mem::replace(on_its_way, false), "{who:?}: {what:?}, but no attempt is on its way");
        self.ended[outcome as usize] += 1;
    }
}

/// The columns of the outcomes.
fn outcomes() -> impl Iterator<Item = Column> {
    Outcome::ALL.iter().map(|outcome| outcome.column())
}

/// Sum over all intervals of one column of all scopes that are wanted.
fn total(figures: &Figures, column: Column, wanted: impl Fn(&Scope) -> bool) -> f64 {
    let scopes = (0..figures.scopes.len()).filter(|scope| wanted(&figures.scopes[*scope]));
    scopes.flat_map(|scope| figures.series(scope, column)).filter(|value| !value.is_nan()).sum()
}

fn is_all(scope: &Scope) -> bool {
    *scope == Scope::default()
}

fn is_region(scope: &Scope) -> bool {
    scope.region.is_some() && scope.pool.is_none()
}

fn is_pool(scope: &Scope) -> bool {
    scope.pool.is_some() && scope.region.is_none() && scope.request.is_none()
}

#[test]
fn the_books_of_the_engine_are_those_of_an_observer() {
    for_all(tables(), |tables| {
        let model = model(&tables)?;
        let mut observer = Bookkeeper::default();
        let run = engine::run_with(&model, SEED, &mut observer);
        let figures = Figures::of(std::slice::from_ref(&run));
        let books = run.ledger;
        prop_assert_eq!(run.stopped, None);
        prop_assert_eq!(run.rows.len(), model.intervals() * run.layout.scopes.len());
        prop_assert_eq!(
            [books.arrived, books.watched, books.gave_up],
            [observer.arrived, observer.watched, observer.gave_up]
        );
        prop_assert_eq!(total(&figures, Column::Attempts, is_all), observer.sent as f64);
        for (column, ended) in outcomes().zip(observer.ended) {
            prop_assert_eq!(total(&figures, column, is_all), ended as f64, "{}", column.name());
        }
        // The observer does not hear of heartbeats; the rows of pools hold them too.
        prop_assert_eq!(total(&figures, Column::Attempts, is_pool), books.sent as f64);
        let ended: f64 = outcomes().map(|column| total(&figures, column, is_pool)).sum();
        prop_assert_eq!(ended, books.ended as f64);
        prop_assert!(books.in_flight >= observer.on_its_way.values().filter(|way| **way).count() as u64);
        prop_assert_eq!(total(&figures, Column::Arrivals, is_all), (books.arrived - books.already) as f64);
        prop_assert_eq!(total(&figures, Column::Starts, is_all), books.started as f64);
        prop_assert!(run.requests as f64 <= total(&figures, Column::Attempts, is_all));
        Ok(())
    });
}

#[test]
fn the_parts_add_up_to_the_whole() {
    for_all(tables(), |tables| {
        let model = model(&tables)?;
        let figures = Figures::of(&[engine::run(&model, SEED)]);
        let beat = model.requests.iter().position(|name| name == "beat");
        let is_beat = |scope: &Scope| beat.is_some() && scope.request == beat && scope.pool.is_none();
        let is_request = |scope: &Scope| scope.request.is_some() && scope.pool.is_none() && !is_beat(scope);
        for column in outcomes().chain([Column::Attempts]) {
            let of = |wanted: &dyn Fn(&Scope) -> bool| total(&figures, column, wanted);
            let (all, beats) = (of(&is_all), of(&is_beat));
            prop_assert_eq!(of(&is_region), all, "regions: {}", column.name());
            prop_assert_eq!(of(&is_request), all, "requests: {}", column.name());
            prop_assert_eq!(of(&is_pool) - beats, all, "pools: {}", column.name());
            prop_assert_eq!(of(&|s| s.pool.is_some() && s.request.is_some()) - beats, all, "{}", column.name());
            prop_assert_eq!(of(&|s| s.pool.is_some() && s.region.is_some()) - beats, all, "{}", column.name());
        }
        for column in [
            Column::Arrivals,
            Column::Starts,
            Column::Reports,
            Column::ViewersActive,
            Column::ViewersError,
            Column::StreamsMean,
        ] {
            let (all, regions) = (total(&figures, column, is_all), total(&figures, column, is_region));
            prop_assert!((all - regions).abs() <= 1e-9 * all, "{}: {} is not {}", column.name(), regions, all);
        }
        Ok(())
    });
}

#[test]
fn every_figure_is_possible() {
    for_all(tables(), |tables| {
        let model = model(&tables)?;
        let run = engine::run(&model, SEED);
        let figures = Figures::of(std::slice::from_ref(&run));
        // Servers that are taken away finish what they hold, so for a while more places are busy than there are.
        let fewer_servers = tables.contains("\"pool.p.servers\"");
        for (index, value) in figures.values.iter().enumerate() {
            let column = Column::ALL[index % Column::COUNT];
            prop_assert!(value.is_nan() || (*value >= 0.0 && value.is_finite()), "{} is {}", column.name(), value);
            let share = match column {
                Column::Utilization => !fewer_servers,
                Column::ErrorRate | Column::WastedShare | Column::LinkUtilization => true,
                Column::StalledShare | Column::WaitedShare => true,
                _ => false,
            };
            prop_assert!(!share || value.is_nan() || *value <= 1.0 + 1e-9, "{} is {}", column.name(), value);
        }
        for scope in 0..figures.scopes.len() {
            for interval in 0..figures.intervals {
                let of = |column| figures.value(interval, scope, column);
                let (p50, p95, p99) = (of(Column::LatencyP50), of(Column::LatencyP95), of(Column::LatencyP99));
                prop_assert!(p50.is_nan() || (p50 <= p95 && p95 <= p99));
                prop_assert!(
                    of(Column::ViewersError).is_nan() || of(Column::ViewersError) <= run.ledger.arrived as f64
                );
                prop_assert!(
                    of(Column::ViewersActive).is_nan() || of(Column::ViewersActive) <= run.ledger.arrived as f64
                );
            }
        }
        for (figure, value) in &figures.summary {
            let value = value.map_or(0.0, |estimate| estimate.mean);
            let may_be_before_the_drop = matches!(figure, Figure::ErrorRatePeakAt | Figure::ReportsPeakAt);
            prop_assert!(
                may_be_before_the_drop || (value >= 0.0 && value.is_finite()),
                "{} is {}",
                figure.name(),
                value
            );
        }
        Ok(())
    });
}

/// The bits of all figures: NaN where a cell is empty compares equal too.
fn bits(run: Measurements) -> Vec<u64> {
    Figures::of(&[run]).values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_replication_others() {
    for_all(tables(), |tables| {
        let model = model(&tables)?;
        let run = engine::run(&model, SEED);
        let enough = run.ledger.sent >= 50;
        let first = bits(run);
        prop_assert_eq!(&first, &bits(engine::run(&model, SEED)));
        let other = bits(engine::run(&model, Seed { replication: 1, ..SEED }));
        prop_assert!(!enough || first != other, "two replications are the same");
        Ok(())
    });
}

/// People of their own, at a place of their own, who share no pool with anyone.
const STRANGERS: &str = "[region.strangeland]\n[audience.strangers]\nviewers = { strangeland = 40 }\n\
    arrival = { exponential = { mean = \"30 s\" } }\njourney = \"strange\"\nclient = \"stranger\"\n\
    [journey.strange]\nsteps = [{ request = \"elsewhere\" }, { stream = \"20 s\" }]\n\
    [pool.elsewhere]\nservers = 1\nservice = \"600 ms\"\nqueue = { shared = { limit = 9 } }\n\
    [client.stranger]\nretry = { attempts = 3 }\n";

/// Whether all figures of a scenario stay as they are when the strangers are there too, before and after all others.
fn unmoved_by_strangers(tables: &str) -> Result<(), TestCaseError> {
    let alone = Figures::of(&[engine::run(&model(tables)?, SEED)]);
    for (together, index) in
        [(format!("{STRANGERS}{tables}"), 1), (tables.replacen("[delivery]", &format!("{STRANGERS}[delivery]"), 1), 0)]
    {
        let together = Figures::of(&[engine::run(&model(&together)?, SEED)]);
        for (scope, at) in alone.scopes.iter().zip(0..) {
            if scope.request.is_some() || is_all(scope) {
                continue;
            }
            let moved = |place: Option<usize>| place.map(|place| place + index);
            let same = Scope { region: moved(scope.region), pool: moved(scope.pool), request: None };
            let there = together.scope(same).ok_or_else(|| TestCaseError::fail("a row is missing"))?;
            for column in Column::ALL {
                let values = |figures: &Figures, at| figures.series(at, *column).map(f64::to_bits).collect::<Vec<_>>();
                prop_assert_eq!(values(&alone, at), values(&together, there), "{} of {:?}", column.name(), scope);
            }
        }
    }
    Ok(())
}

#[test]
fn strangers_shift_nobodys_draws() {
    for_all(tables(), |tables| unmoved_by_strangers(&tables));
}

/// All come at once, into rows that strangers have left in their own order; their streams stall on the same narrow link, end
/// together, and ask of a pool that cannot serve all.
#[test]
fn strangers_shift_nobodys_turn_when_stalled_streams_end_together() {
    let tables = "[region.a]\nlink = { capacity = \"900 kbps\" }\n\
        [audience.fans]\nviewers = { a = 60 }\narrival = \"90 s\"\njourney = \"j\"\n\
        [journey.j]\nsteps = [{ stream = \"1 s\" }, { request = \"q\" }]\n\
        [pool.q]\nservers = 3\nservice = { exponential = { mean = \"20 s\" } }\nqueue = { shared = { limit = 0 } }\n\
        [delivery]\nladder = [\"235 kbps\", \"3 Mbps\"]\n\
        devices = { phone = { peak = \"750 kbps\", share = 0.4 }, tv = { peak = \"3 Mbps\", share = 0.6 } }\n";
    unmoved_by_strangers(tables).unwrap();
}
