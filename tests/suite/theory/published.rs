//! What others published or ran: storms that stick, and what budgets, throttles and shedding let through.

use std::path::Path;

use dropstorm::analysis::share_of;
use dropstorm::experiment;
use dropstorm::measure::{Figures, Measurements, Scope};
use dropstorm::model::Model;
use dropstorm::random::{Draw, Key, Purpose};
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::{Column, Outcome};

use super::intervals::{SEED, check, column, each, figure, open, open_by_apps, window};

/// A published case, with settings.
fn case(name: &str, settings: &[(&str, &str)]) -> Model {
    let file = format!("{}/tests/cases/published/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let settings: Vec<(String, String)> =
        settings.iter().map(|(path, value)| (path.to_string(), value.to_string())).collect();
    let scenario = Scenario::read(Path::new(&file)).and_then(|scenario| scenario.with_all(&settings));
    Model::compile(&scenario.unwrap_or_else(|errors| panic!("{errors}")))
}

/// Requests served a second from 50 to 59 s, and whether most of those that ended then failed, in each of some replications.
fn last_ten_seconds(model: &Model, replications: u64) -> Vec<(f64, bool)> {
    experiment::replicate(model, SEED, 0..replications, |run| {
        let figures = Figures::of(std::slice::from_ref(&run));
        let sum = |column| (50..60).map(|second| figures.value(second, 0, column)).sum::<f64>();
        let (ended, failed) = (sum(Column::RequestsEnded), sum(Column::RequestsFailed));
        ((ended - failed) / 10.0, 2.0 * failed > ended)
    })
}

fn as_number(is_so: &bool) -> f64 {
    f64::from(u8::from(*is_so))
}

/// One run of ten servers, first come, first served, whose service takes three times as long from 8 s to 16 s. Clients leave after
/// a second, and what they left is served all the same. Returns whether most of the requests that end from 50 to 59 s fail.
fn collapses(draw: &mut Draw) -> bool {
    let (mut now, mut free, mut ended, mut failed) = (0.0, [0.0_f64; 10], 0, 0);
    let mut exponential = |mean: f64| -mean * (1.0 - draw.uniform()).ln();
    while now < 60.0 {
        now += exponential(1.0 / 90.0);
        let first = (0..10).min_by(|a, b| free[*a].total_cmp(&free[*b])).unwrap_or(0);
        let begins = free[first].max(now);
        free[first] = begins + exponential(if (8.0..16.0).contains(&begins) { 0.3 } else { 0.1 });
        let takes = free[first] - now;
        if (50.0..60.0).contains(&(now + takes.min(1.0))) {
            ended += 1;
            failed += u32::from(takes > 1.0);
        }
    }
    2 * failed > ended
}

/// A backlog of which all has been left by its clients keeps goodput at nothing. M. Brooker's stability-sim, example
/// goodput-collapse, run with 200 seeds: 110 runs are still in it at the end, at 42.9 requests served a second, and none without
/// the slow seconds. Of two hundred runs that is a share of 0.48 to 0.62; a plain program of the same model says it more narrowly.
#[test]
fn goodput_stays_collapsed_in_as_many_runs_as_published() {
    let twin: Vec<f64> =
        (0..3_000).map(|run| as_number(&collapses(&mut Key::root(SEED, run).draw(Purpose::Probe)))).collect();
    let exact = twin.iter().sum::<f64>() / twin.len() as f64;
    let published = [vec![1.0; 110], vec![0.0; 90]].concat();
    check("share of runs that stay collapsed, as published", exact, &published, 0.4);
    let interval = share_of(&published).unwrap();
    assert!(interval.low < exact && exact < interval.high, "{exact} is not within {interval:?}");
    // A run serves nearly all or nearly nothing at its end, so that even 300 of them leave a wide interval.
    let runs = last_ten_seconds(&case("goodput-collapse", &[]), 300);
    let shares: Vec<f64> = runs.iter().map(|(_, fails)| as_number(fails)).collect();
    check("share of runs that stay collapsed", exact, &shares, 0.35);
    let served: Vec<f64> = runs.iter().map(|(served, _)| *served).collect();
    check("served a second at the end", 42.9, &served, 0.35);
    let never = "{ 'pool.srv.on_abandon' = 'keep' }";
    let calm = case("goodput-collapse", &[("change.0.set", never), ("change.1.set", never)]);
    assert!(last_ten_seconds(&calm, 20).iter().all(|(_, fails)| !fails));
}

/// One of two servers is down for five seconds, clients ask four times at once, and what they left is served all the same.
/// M. Brooker's stability-sim, example metastable-retry, run with 200 seeds: 196 runs never recover, none without the crash, and none
/// without retries.
#[test]
fn a_retry_storm_sticks_in_as_many_runs_as_published() {
    let sticks = |settings: &[(&str, &str)], replications| {
        // A run serves nearly all or nearly nothing at its end, so that even 300 of them leave a wide interval.
        let runs = last_ten_seconds(&case("metastable-retry", settings), replications);
        let share = share_of(&runs.iter().map(|(_, fails)| as_number(fails)).collect::<Vec<_>>()).unwrap();
        (share, runs.iter().map(|(served, _)| *served).sum::<f64>() / replications as f64)
    };
    let (share, served) = sticks(&[], 60);
    assert!(share.low < 0.98 && share.high > 0.98 && share.low > 0.9, "{share:?}");
    assert!(served < 5.0, "{served} served a second");
    for (settings, published) in
        [([("change.0.set", "{ 'pool.srv.down' = '0%' }")], 69.7), ([("client.app.retry.attempts", "1")], 69.9)]
    {
        let (share, served) = sticks(&settings, 12);
        assert!(
            share.mean == 0.0 && (served - published).abs() < 2.0,
            "{settings:?}: {share:?}, {served} served a second"
        );
    }
}

/// A database of 300 requests a second under 280, which each client sends twice: after ten seconds without it nothing is served,
/// and 560 attempts come a second (N. Bronson and others, Metastable Failures in Distributed Systems, HotOS 2021, section 2).
#[test]
fn a_database_that_was_away_serves_nobody_at_twice_its_load() {
    let model = case("bronson", &[("end", "2026-01-01T00:02:00Z"), ("measure.from", "+90 s")]);
    let runs = experiment::replicate(&model, SEED, 0..24, |run| {
        ["attempts.total", "attempts.served"].map(|name| figure(&run, name) / 30.0)
    });
    assert!(runs.iter().all(|[_, served]| *served == 0.0), "{runs:?}");
    check("attempts a second", 560.0, &runs.iter().map(|[sent, _]| *sent).collect::<Vec<_>>(), 0.02);
}

/// Everything fails, and clients try three times: three times the load, or 1.1 times with a budget of a tenth (B. Beyer and others,
/// Site Reliability Engineering, 2016, chapter 21).
#[test]
fn a_budget_of_a_tenth_makes_three_times_the_load_a_tenth_more() {
    let budget = "scope = 'region'\nbudget = { ratio = { share = '10%', at_least = '0/s' } }";
    for (budget, load) in [("", 3.0), (budget, 1.1)] {
        let pool = "servers = 1\nconcurrency = 'unlimited'\nservice = '10 us'\nfailure = '100%'";
        let rest = open_by_apps(100, &format!("retry = {{ attempts = 3 }}\n{budget}"), pool);
        let loads =
            each(&window(200, 10, &rest), 10, |run| figure(run, "attempts.total") / figure(run, "viewers.arrived"));
        assert!(loads.iter().all(|found| (found / load - 1.0).abs() < 0.005), "{loads:?} is not {load}");
    }
}

/// Five layers that try three times each send 3⁵ attempts to what lies below them (Amazon Builders' Library, Timeouts,
/// retries and backoff with jitter).
#[test]
fn five_layers_of_three_tries_multiply_a_failure_by_243() {
    let pools: String = (1..=5)
        .map(|layer| {
            let below = match layer {
                5 => "failure = 1.0".to_owned(),
                _ => format!("calls = [{{ pool = \"layer{}\", client = \"tries\" }}]", layer + 1),
            };
            format!("[pool.layer{layer}]\nservers = 1\nconcurrency = \"unlimited\"\nservice = \"1 us\"\n{below}\n")
        })
        .collect();
    let rest = format!(
        "[audience.crowd]\nviewers = 20\narrival = {{ uniform = {{ low = \"0 s\", high = \"10 s\" }} }}\njourney = \"ask\"\nclient = \"tries\"\n\
         [journey.ask]\nsteps = [{{ request = \"layer1\" }}]\n[client.tries]\nretry = {{ attempts = 3 }}\n{pools}"
    );
    let last = Scope::pool(4);
    let sent = each(&window(20, 20, &rest), 1, |run: &Measurements| column(run, Column::Attempts, last));
    assert_eq!(sent, [20.0 * 243.0]);
}

/// A pool whose slots stay busy to some share keeps the share of all ranks that lies below 1 − x³: 95.71, 48.8 and 14.26% of the
/// priorities from 1 to 100 at loads of 35, 80 and 95% (Netflix TechBlog, Keeping Netflix Reliable Using Prioritized Load
/// Shedding, 2020). Those who hold the slots came in the first second; the others leave theirs after a millisecond.
#[test]
fn the_share_of_ranks_that_a_busy_pool_keeps_falls_with_the_cube_of_its_load() {
    for (load, published) in [(35, 0.957_125), (80, 0.488), (95, 0.142_625)] {
        let classes: String = ["critical", "normal", "low", "bulk"]
            .map(|class| {
                format!(
                    "[audience.{class}]\nrate = \"100/s\"\njourney = \"{class}\"\nclient = \"brief\"\n\
                     [journey.{class}]\nsteps = [{{ request = \"api\", name = \"{class}\", priority = \"{class}\" }}]\n"
                )
            })
            .concat();
        let rest = format!(
            r#"
            {classes}
            [audience.holders]
            viewers = {}
            arrival = "1 ms"
            journey = "hold"
            [journey.hold]
            steps = [{{ request = "api" }}]
            [client.brief]
            timeout = "100 us"
            [pool.api]
            servers = 1
            concurrency = 10_000
            service = "1 h"
            on_abandon = "abort"
            shed = {{ cubic = {{ from = "0%", to = "100%" }} }}"#,
            load * 100
        );
        let text = format!("measure = {{ from = \"3 s\" }}\n{}", window(43, 1, &rest));
        let kept = each(&text, 20, |run| 1.0 - figure(run, "attempts.shed") / figure(run, "attempts.total"));
        check(&format!("ranks kept at a load of {load}%"), published, &kept, 0.03);
    }
}

/// What people asked for takes what it needs, and what is fetched ahead, at twelve times its usual rate, what is left: 20% of it is
/// served, and of the rest more than 99.4% (Netflix TechBlog, Enhancing Netflix Reliability with Service-Level Prioritized
/// Load Shedding, 2024). The pool serves 100/s and is asked 52/s by people, and 240/s ahead instead of 20/s.
#[test]
fn twelve_times_the_prefetch_leaves_people_alone() {
    let class = |name: &str, rate: u32, class: &str| {
        format!(
            "[audience.{name}]\nrate = \"{rate}/s\"\njourney = \"{name}\"\n\
             [journey.{name}]\nsteps = [{{ request = \"play\", name = \"{name}\", priority = \"{class}\" }}]\n"
        )
    };
    let pool = "[pool.play]\nservers = 10\nservice = { exponential = { mean = \"100 ms\" } }\n\
                queue = { shared = { limit = 20, priority = \"strict\" } }";
    let rest = format!("{}{}{pool}", class("people", 52, "critical"), class("ahead", 240, "bulk"));
    let text = format!("measure = {{ from = \"10 s\" }}\n{}", window(410, 10, &rest));
    let served = |run: &Measurements, request| {
        let of = Scope::request(request);
        column(run, Outcome::Served.column(), of) / column(run, Column::Attempts, of)
    };
    let runs = each(&text, 20, |run| [0, 1].map(|request| served(run, request)));
    let [people, ahead] = [0, 1].map(|of| runs.iter().map(|run| run[of]).collect::<Vec<f64>>());
    assert!(people.iter().all(|share| *share > 0.994), "{people:?}");
    check("served of what is fetched ahead", (100.0 - 52.0) / 240.0, &ahead, 0.03);
}

/// Copies that are sent once an attempt is older than 95% of all add 5% of load (J. Dean and L. A. Barroso, The Tail at Scale, CACM
/// 56(2), 2013).
#[test]
fn copies_after_the_95th_percentile_add_a_twentieth_of_the_load() {
    let after = 100.0 * 20.0_f64.ln();
    let pool = "servers = 1\nconcurrency = 'unlimited'\nservice = { exponential = { mean = '100 ms' } }";
    let rest = open_by_apps(100, &format!("hedge = {{ after = '{after} ms' }}"), pool);
    let added = each(&window(300, 10, &rest), 20, |run| {
        column(run, Column::Hedges, Scope::default()) / figure(run, "viewers.arrived")
    });
    check("load added by copies", 0.05, &added, 0.05);
}

/// In a queue that is never empty nobody who is served has waited longer than the target: 5 ms of 100 ms (B. Maurer, Fail at
/// Scale, ACM Queue 13(8), 2015).
#[test]
fn in_a_standing_queue_nobody_is_served_after_the_target() {
    let timeout = "queue_timeout = { controlled_delay = { target = '5 ms', interval = '100 ms' } }";
    let rest = open(5_000, &format!("servers = 1\nservice = '1 ms'\n{timeout}"));
    let text = format!("measure = {{ from = \"1 s\" }}\n{}", window(6, 1, &rest));
    let waits = each(&text, 2, |run| figure(run, "time_ms.p99"));
    assert!(waits.iter().all(|wait| (4.0..=6.0 * 1.01).contains(wait)), "{waits:?}");
}
