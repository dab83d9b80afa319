//! Hedged copies: latency, load and server time in closed form, and the life of a try step by step.

use dropstorm::engine::{self, Probe, Who};
use dropstorm::measure::{Figures, Measurements, Scope};
use dropstorm::units::Time;
use dropstorm::vocabulary::{Column, Happening, Outcome};

use super::intervals::{after_warm_up, check, each, figure, model, seed, window};

/// Mean of the exponential service, in seconds.
const MEAN: f64 = 0.5;
/// Requests per second.
const RATE: f64 = 100.0;
/// Time after which a copy is sent.
const AFTER: f64 = 0.7;

/// P(S > t) of an attempt that takes a shift, its way there and back, and an exponential service.
fn alone(t: f64, shift: f64) -> f64 {
    if t <= shift { 1.0 } else { (-(t - shift) / MEAN).exp() }
}

/// P(L > t) of a request: the smaller of two shifted exponentials, the second shifted further by `AFTER`.
fn longer(t: f64, shift: f64) -> f64 {
    alone(t, shift) * alone(t - AFTER, shift)
}

/// The integral of P(L > t) from a time on, by Simpson's rule on a grid that all kinks lie on.
fn longer_from(from: f64, shift: f64) -> f64 {
    let steps = 20_000_usize;
    let h = 20.0 / steps as f64;
    let weight = |i: usize| if i == 0 || i == steps { 1.0 } else { 2.0 + 2.0 * (i % 2) as f64 };
    (0..=steps).map(|i| weight(i) * longer(from + h * i as f64, shift)).sum::<f64>() * h / 3.0
}

/// A pool of unlimited slots at a distance, which the app or a gateway asks with copies.
fn text(called: bool, shift: f64) -> String {
    let gateway = format!(
        "[client.app]\n[pool.gateway]\nservers = 1\nconcurrency = 'unlimited'\nservice = '0 s'\n\
         calls = [{{ pool = 'api', client = 'hedging', latency = '{shift} s' }}]\n"
    );
    let (first, by, rtt) = if called { ("gateway", "app", 0.0) } else { ("api", "hedging", shift) };
    let rest = format!(
        "[region.here]\nrtt = '{rtt} s'\n[audience.open]\nrate = '{RATE}/s'\njourney = 'ask'\nclient = '{by}'\n\
         [journey.ask]\nsteps = [{{ request = '{first}' }}]\n[client.hedging]\nhedge = {{ after = '{AFTER} s' }}\n\
         {}[pool.api]\nservers = 1\nconcurrency = 'unlimited'\non_abandon = 'abort'\n\
         service = {{ exponential = {{ mean = '{MEAN} s' }} }}\n",
        if called { &gateway } else { "" }
    );
    after_warm_up(420, 20, &rest)
}

/// A column over the measured intervals of a row.
fn of(run: &Measurements, column: Column, scope: Scope) -> f64 {
    let figures = Figures::of(std::slice::from_ref(run));
    let row = run.layout.row_of(scope).expect("the scope has a row");
    let measured = run.layout.measured.clone();
    let n = measured.len() as f64;
    measured.map(|interval| figures.value(interval, row, column)).sum::<f64>() / n
}

fn pool(pool: usize) -> Scope {
    Scope::pool(pool)
}

/// Where attempts never wait, E[L] = ∫ P(L > t) dt, and a copy is sent with probability P(S > d): so much load is added. Either
/// the copy or the attempt before it is cancelled.
#[test]
fn copies_shorten_the_latency_and_add_load_as_the_closed_form_says() {
    let shift = 0.2;
    let mean = longer_from(0.0, shift);
    let closed = shift + MEAN - MEAN * (-AFTER / MEAN).exp() / 2.0;
    assert!((mean - closed).abs() < 1e-6, "{mean} and {closed}");
    // P(L > t) is one in a hundred at this time, beyond the kinks.
    let p99 = shift + AFTER / 2.0 + MEAN * 100.0_f64.ln() / 2.0;
    assert!((longer(p99, shift) - 0.01).abs() < 1e-9);
    for called in [false, true] {
        let api = pool(usize::from(called));
        let rows = each(&text(called, shift), 40, |run| {
            let share = |column| of(run, column, api) / (RATE * 20.0);
            let held = if called { of(run, Column::InServiceMean, pool(0)) } else { RATE * mean };
            let p99 = figure(run, "time_ms.p99");
            [share(Column::Hedges), share(Outcome::Cancelled.column()), held, p99, figure(run, "error_rate.overall")]
        });
        let each_of = |index: usize| rows.iter().map(|row| row[index]).collect::<Vec<f64>>();
        let name = if called { "calls" } else { "apps" };
        check(&format!("load that copies of {name} add"), alone(AFTER, shift), &each_of(0), 0.01);
        check(&format!("cancelled attempts of {name}"), alone(AFTER, shift), &each_of(1), 0.01);
        match called {
            true => check("mean latency with copies of calls", RATE * mean, &each_of(2), 0.01),
            false => check("99th percentile with copies", p99 * 1e3, &each_of(3), 0.01),
        }
        assert!(each_of(4).iter().all(|rate| *rate == 0.0), "what is cancelled is no error");
    }
}

/// Without distance the loser is broken off at once: servers spend E[L] on the first attempt, and on its copy the integral of
/// P(L > t) from d on.
#[test]
fn servers_spend_on_both_attempts_until_one_is_served() {
    let exact = RATE * (longer_from(0.0, 0.0) + longer_from(AFTER, 0.0));
    let held = each(&text(false, 0.0), 40, |run| of(run, Column::InServiceMean, pool(0)));
    check("server time with copies", exact, &held, 0.01);
}

/// A probe that keeps everything that happens, in seconds.
#[derive(Default)]
struct Log(Vec<(f64, String)>);

impl Probe for Log {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, _: Who, what: Happening) {
        let name = match what {
            Happening::CallEnded { outcome, .. } => format!("call {}", outcome.name()),
            _ => what.name().to_owned(),
        };
        self.0.push((now.since(Time::START).seconds(), name));
    }
}

/// What happens to one viewer who asks a pool with these keys through an app with these keys.
fn life(client: &str, pool: &str) -> Vec<(f64, String)> {
    let rest = format!(
        "[audience.one]\nviewers = 1\narrival = '0 s'\njourney = 'ask'\nclient = 'app'\n\
         [journey.ask]\nsteps = [{{ request = 'api' }}]\n[client.app]\n{client}\n[pool.api]\n{pool}\n"
    );
    let mut log = Log::default();
    engine::run_with(&model(&window(60, 1, &rest)), seed(0), &mut log);
    let passed = ["arrived", "request", "in service", "queued", "gave up", "call left"];
    log.0.into_iter().filter(|(_, name)| !passed.contains(&name.as_str())).collect()
}

fn told(found: &[(f64, String)]) -> Vec<(f64, &str)> {
    found.iter().map(|(at, name)| (*at, name.as_str())).collect()
}

const UNLIMITED: &str = "servers = 1\nconcurrency = 'unlimited'\n";

#[test]
fn a_try_ends_with_the_last_of_its_attempts_and_only_then_the_app_retries() {
    let client = "hedge = { after = '1 s', at_most = 2 }\nretry = { attempts = 2, backoff = { exponential = { base = '5 s' } } }";
    let found = life(client, &format!("{UNLIMITED}service = '3500 ms'\nfailure = '100%'"));
    let tries = |at: f64| {
        [(0.0, "sent"), (1.0, "hedged"), (2.0, "hedged"), (3.5, "failed"), (4.5, "failed"), (5.5, "failed")]
            .map(|(after, name)| (at + after, name))
    };
    let mut expected = tries(0.0).to_vec();
    expected.push((5.5, "will retry"));
    expected.extend(tries(10.5));
    expected.push((16.0, "error page"));
    assert_eq!(told(&found), expected);
}

#[test]
fn no_copy_is_sent_once_all_have_ended_or_one_was_served() {
    let hedge = "hedge = { after = '1 s', at_most = 3 }";
    let failed = life(hedge, &format!("{UNLIMITED}service = '500 ms'\nfailure = '100%'"));
    assert_eq!(told(&failed), [(0.0, "sent"), (0.5, "failed"), (0.5, "error page")]);
    let served = life(hedge, &format!("{UNLIMITED}service = '2500 ms'"));
    let expected = [(0.0, "sent"), (1.0, "hedged"), (2.0, "hedged"), (2.5, "served")];
    let cancelled = [(2.5, "cancelled"), (2.5, "cancelled"), (2.5, "watched")];
    assert_eq!(told(&served), [expected.as_slice(), &cancelled].concat());
}

#[test]
fn each_copy_has_its_own_timer_and_the_human_leaves_all_of_them() {
    let pool = format!("{UNLIMITED}service = '30 s'");
    let timers = life("timeout = '4 s'\nhedge = { after = '1 s' }", &pool);
    let expected = [(0.0, "sent"), (1.0, "hedged"), (4.0, "abandoned"), (5.0, "abandoned"), (5.0, "error page")];
    assert_eq!(told(&timers), expected);
    let human = life("patience = { until_reply = '3 s' }\nhedge = { after = '1 s' }", &pool);
    let expected = [(0.0, "sent"), (1.0, "hedged"), (3.0, "abandoned"), (3.0, "abandoned"), (3.0, "error page")];
    assert_eq!(told(&human), expected);
}

/// The second server is four times as slow, and both fail. The first attempt fails after 4 s, when a patience of 2 s would be
/// at its end two seconds later; but the copy is in service until 17 s.
#[test]
fn patience_until_service_stands_still_while_a_copy_is_in_service() {
    let pool = "servers = 2\nspeeds = [1.0, 0.25]\nservice = '4 s'\nfailure = '100%'\n\
                queue = { per_server = { balancer = 'round_robin' } }";
    let found = life("patience = { until_service = '2 s' }\nhedge = { after = '1 s' }", pool);
    let expected = [(0.0, "sent"), (1.0, "hedged"), (4.0, "failed"), (17.0, "failed"), (17.0, "error page")];
    assert_eq!(told(&found), expected);
}

#[test]
fn a_copy_needs_the_budget_and_passes_the_breaker() {
    let pool = format!("{UNLIMITED}service = '3500 ms'");
    let hedge = "hedge = { after = '1 s', at_most = 2 }";
    let denied = life(&format!("{hedge}\nbudget = {{ bucket = {{ earn = 0.0, most = 1 }} }}"), &pool);
    let expected = [(0.0, "sent"), (1.0, "hedged"), (2.0, "retry denied"), (3.5, "served"), (3.5, "cancelled")];
    assert_eq!(told(&denied)[..5], expected);
    // The first attempt fails and opens the breaker, which keeps the second copy back.
    let slow = "servers = 2\nspeeds = [1.0, 0.25]\nservice = '1500 ms'\nfailure = '100%'\n\
                queue = { per_server = { balancer = 'round_robin' } }";
    let refused = life(&format!("{hedge}\nbreaker = {{ requests = 1 }}"), slow);
    let expected = [(0.0, "sent"), (1.0, "hedged"), (1.5, "failed"), (2.0, "refused"), (7.0, "failed")];
    assert_eq!(told(&refused)[..5], expected);
}

#[test]
fn a_call_sends_copies_as_an_app_does() {
    let client = "[client.inner]\nhedge = { after = '1 s' }\n[pool.api2]\nservers = 2\nspeeds = [1.0, 4.0]\nservice = '8 s'\n\
                  queue = { per_server = { balancer = 'round_robin' } }";
    let pool = format!("{UNLIMITED}service = '0 s'\ncalls = [{{ pool = 'api2', client = 'inner' }}]\n{client}");
    let expected = [
        (0.0, "sent"),
        (0.0, "call sent"),
        (1.0, "call hedged"),
        (3.0, "call served"),
        (3.0, "call cancelled"),
        (3.0, "served"),
        (3.0, "watched"),
    ];
    assert_eq!(told(&life("", &pool)), expected);
}
