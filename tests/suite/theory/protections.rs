//! Protections of pools and callers: what passes, in closed form or step by step.

use dropstorm::engine::{self, Probe, Who};
use dropstorm::measure::Figures;
use dropstorm::units::{Span, Time};
use dropstorm::vocabulary::{Column, Happening, Outcome};

use super::intervals::{check, each, figure, model, open_by_apps, seed, window};

/// A probe that keeps everything that happens.
#[derive(Default)]
struct Log(Vec<(Time, Who, Happening)>);

impl Probe for Log {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        self.0.push((now, who, what));
    }
}

fn log_of(text: &str) -> Vec<(Time, Who, Happening)> {
    let mut log = Log::default();
    engine::run_with(&model(text), seed(0), &mut log);
    log.0
}

/// One viewer asks every eighth of a second, whatever the answer: half a round trip each way and a stream between.
#[test]
fn of_an_even_stream_a_bucket_passes_its_rate_and_its_burst() {
    for (rate, burst) in [(2, 10), (4, 1), (0, 100)] {
        let rest = format!(
            r#"
            [region.here]
            rtt = "25 ms"
            [audience.one]
            viewers = 1
            arrival = "0 s"
            journey = "ask"
            [journey.ask]
            steps = [{{ request = "api", optional = true }}, {{ stream = "100 ms", then = {{ name = "api", probability = 1.0 }} }}]
            [pool.api]
            servers = 1
            service = "0 s"
            rate_limit = {{ token_bucket = {{ rate = "{rate}/s", burst = {burst} }} }}"#
        );
        let run = each(&window(1_000, 10, &rest), 1, |run| {
            ["attempts.total", "attempts.served", "attempts.limited"].map(|name| figure(run, name))
        });
        let [sent, served, limited] = run[0];
        assert_eq!(sent, 8_000.0);
        let passed = f64::from(burst) + f64::from(rate) * 1_000.0;
        assert!((served - passed).abs() <= 1.0, "{served} of {sent} passed, not {passed}");
        assert!((limited - (sent - passed)).abs() <= 2.0, "{limited} of {sent} limited");
    }
}

/// The limit of K attempts at a server of one slot makes it an M/M/1/K; where the queue is shared, n servers are an M/M/n/nK.
#[test]
fn a_limit_that_never_moves_is_a_loss_system() {
    /// P(full) of an M/M/c/K.
    fn full(erlangs: f64, servers: u32, most: u32) -> f64 {
        let weights = (0..=most).scan(1.0, |weight, n| {
            let now = *weight;
            *weight *= erlangs / f64::from((n + 1).min(servers));
            Some(now)
        });
        let weights: Vec<f64> = weights.collect();
        weights[most as usize] / weights.iter().sum::<f64>()
    }
    let limit = "service = { exponential = { mean = '100 ms' } }\n\
                 concurrency_limit = { aimd = { initial = 2, min = 2, max = 2 } }";
    for (name, rate, queue, exact) in [
        ("shared queue", 20.0, "servers = 2", full(2.0, 2, 4)),
        ("per server", 40.0, "servers = 5\nqueue = { per_server = { balancer = 'random' } }", full(0.8, 1, 2)),
    ] {
        let text = window(8_000, 10, &open_by_apps(rate, "", &format!("{queue}\n{limit}")));
        let shares = each(&text, 20, |run| figure(run, "attempts.shed") / figure(run, "attempts.total"));
        check(name, exact, &shares, 0.02);
    }
}

/// Every slot is busy from the first arrival on, so from the third second on the load of the last one is 1.
#[test]
fn a_pool_that_is_full_sheds_everything_by_the_cube_of_its_load() {
    let text = window(30, 1, &open_by_apps(50.0, "", "servers = 1\nservice = '100 s'\nshed = 'cubic'"));
    let counts = each(&text, 1, |run| {
        let figures = Figures::of(std::slice::from_ref(run));
        let value = |second, column| figures.value(second, 0, column);
        (0..30).map(|s| (value(s, Column::Attempts), value(s, Outcome::Shed.column()))).collect::<Vec<_>>()
    });
    for (second, (sent, shed)) in counts[0].iter().enumerate() {
        match second {
            0 => assert_eq!(*shed, 0.0),
            1 => {}
            _ => assert_eq!((shed, *sent > 10.0), (sent, true), "second {second}"),
        }
    }
}

#[test]
fn nobody_joins_a_queue_whose_oldest_has_waited_too_long() {
    let text = window(
        30,
        1,
        &open_by_apps(50.0, "", "servers = 1\nservice = '100 s'\nshed = { wait = { above = '500 ms' } }"),
    );
    let log = log_of(&text);
    let queued = log.iter().find(|(_, _, what)| matches!(what, Happening::Queued { .. })).map(|(at, ..)| *at).unwrap();
    let until = queued.after(Span::from_seconds(0.5));
    let (mut joined, mut shed) = (0, 0);
    for (at, _, what) in &log {
        match what {
            Happening::Queued { .. } => assert!(*at <= until),
            Happening::Ended { outcome, .. } => assert!(*outcome == Outcome::Shed && *at > until, "{at:?} {outcome:?}"),
            _ => continue,
        }
        *if matches!(what, Happening::Queued { .. }) { &mut joined } else { &mut shed } += 1;
    }
    assert!(joined > 10 && shed > 1_000, "{joined} joined, {shed} shed");
}

#[test]
fn who_honours_a_retry_after_comes_back_when_asked_to() {
    for (honour, pause) in [("false", 0.5), ("true", 7.0), ("{ at_most_added = '5 s' }", 5.5)] {
        let client = format!(
            "retry = {{ attempts = 2, backoff = {{ exponential = {{ base = '500 ms' }} }}, honour_retry_after = {honour} }}"
        );
        let pool = "servers = 1\nservice = '1 ms'\nretry_after = '7 s'\n\
                    rate_limit = { token_bucket = { rate = '0/s', burst = 1 } }";
        let log = log_of(&window(30, 1, &open_by_apps(5.0, &client, pool)));
        let retries = log.iter().filter_map(|(now, _, what)| match what {
            Happening::RetryAt { at } => Some(at.since(*now).seconds()),
            _ => None,
        });
        let retries: Vec<f64> = retries.collect();
        assert!(retries.len() > 50 && retries.iter().all(|found| *found == pause), "{honour}: {retries:?}");
    }
}

/// An app that asks for λ attempts a second, of which the backend accepts C, sends K·C: the equation of the SRE book.
#[test]
fn a_throttle_sends_its_multiple_of_what_is_accepted() {
    for k in [1.1, 1.5, 2.0] {
        let client = format!("scope = 'region'\nadaptive_throttle = {{ k = {k}, window = '20 s' }}");
        let pool = "servers = 1\nconcurrency = 'unlimited'\nservice = '1 ms'\n\
                    rate_limit = { token_bucket = { rate = '50/s', burst = 50 } }";
        let text =
            format!("measure = {{ from = \"1 min\" }}\n{}", window(660, 10, &open_by_apps(400.0, &client, pool)));
        let rates = each(&text, 20, |run| figure(run, "attempts.total") / 600.0);
        check("sent by a throttle", k * 50.0, &rates, 0.02);
    }
}

/// When everything fails a breaker sends the attempts that open it, and then one after each sleep: the first that comes.
#[test]
fn a_breaker_sends_one_attempt_in_each_sleep_when_everything_fails() {
    let client = "scope = 'region'\nbreaker = { window = '10 s', requests = 20, error_rate = '50%', sleep = '5 s' }";
    let pool = "servers = 1\nconcurrency = 'unlimited'\nservice = '1 us'\nfailure = '100%'";
    let runs = each(&window(10_000, 10, &open_by_apps(20.0, client, pool)), 20, |run| {
        let refused = figure(run, "attempts.refused");
        assert_eq!(refused + figure(run, "attempts.total"), figure(run, "viewers.arrived"));
        figure(run, "attempts.total")
    });
    // It opens with the twentieth attempt, after 20 gaps of 50 ms; a trial comes 50 ms after each sleep of 5 s.
    check("sent by a breaker", 20.0 + (10_000.0 - 1.0) / 5.05 - 0.5, &runs, 0.01);
}

/// Retries that a breaker keeps back come off its budget of attempts under way, which is whole again in the end.
#[test]
fn what_a_breaker_keeps_back_is_not_under_way() {
    let client = "scope = 'region'\nretry = { attempts = 3, on = ['failed', 'refused'], backoff = { exponential = { base = '1 s' } } }\n\
                  budget = { concurrent = { share = '0%', at_least = 2 } }\n\
                  breaker = { requests = 1, sleep = '10 s' }";
    let pool = "servers = 1\nconcurrency = 'unlimited'\nservice = '1 ms'\nfailure = '100%'";
    let runs = each(&window(1_000, 10, &open_by_apps(20.0, client, pool)), 1, |run| {
        ["attempts.total", "attempts.refused", "retries_denied"].map(|name| figure(run, name))
    });
    let [sent, refused, denied] = runs[0];
    // Two retries pause at a time, each for a second or two, throughout: were places lost, everything would be denied at last.
    assert!(sent < 110.0 && refused > 21_000.0 && denied > 10_000.0, "{sent} sent, {refused} refused, {denied} denied");
}
