//! Demand that is not a Poisson stream, closed loops, and distances that are drawn or lose attempts.

use dropstorm::measure::{Measurements, Scope};
use dropstorm::vocabulary::Column;

use super::erlang::birth_death;
use super::intervals::{after_warm_up, check, check_controlled, crowd_by_apps, each, figure, window};

/// The root below 1 of x = f(x), by iteration from 0.
fn root(f: impl Fn(f64) -> f64) -> f64 {
    (0..10_000).fold(0.0, |x, _| f(x))
}

/// D/M/1: an arrival waits with probability σ = exp(−μ(1 − σ)/λ), and for σ/(μ(1 − σ)) in the mean (D. G. Kendall, Annals
/// of Mathematical Statistics 24, 1953).
#[test]
fn waits_of_an_even_stream_are_kendalls() {
    const RATE: f64 = 0.8;
    let rest = format!(
        r#"
        [audience.open]
        rate = "{RATE}/s"
        spacing = "even"
        journey = "ask"
        [journey.ask]
        steps = [{{ request = "api" }}]
        [pool.api]
        servers = 1
        service = {{ exponential = {{ mean = "1 s" }} }}"#
    );
    let rows = each(&after_warm_up(200_000, 10_000, &rest), 100, |run| {
        // Between two arrivals there are 1.25 s, so that the measured window has the same number in each replication.
        assert_eq!(figure(run, "viewers.arrived"), 159_999.0);
        let service = figure(run, "utilization") / RATE - 1.0;
        [figure(run, "waited_share"), figure(run, "wait_ms.mean"), service]
    });
    let [waits, wait, service] = [0, 1, 2].map(|i| rows.iter().map(|row| row[i]).collect::<Vec<f64>>());
    let sigma = root(|x| libm::exp(-(1.0 - x) / RATE));
    check_controlled("D/M/1, share that waits", sigma, &waits, std::slice::from_ref(&service), 0.01);
    check_controlled("D/M/1, wait", 1e3 * sigma / (1.0 - sigma), &wait, &[service], 0.01);
}

/// With losses of probability p and n attempts, a request is served with probability 1 − pⁿ after 1 + p + … + pⁿ⁻¹ attempts.
/// A lost reply wastes the work of its attempt, a lost attempt does not; latencies of those that are served are the round
/// trip, of exponential law, and the service, which is constant.
#[test]
fn losses_multiply_load_and_only_lost_replies_waste_work() {
    for loss in [0.1_f64, 0.4] {
        let region = format!("[region.far]\nrtt = {{ exponential = {{ mean = '50 ms' }} }}\nloss = {loss}");
        let crowd = crowd_by_apps(20_000, 60.0, "timeout = '4 s'\nretry = { attempts = 3 }", "service = '10 ms'");
        let rest = format!("{region}\n{crowd}");
        let rows = each(&window(180, 10, &rest), 100, |run| {
            let (arrived, sent) = (figure(run, "viewers.arrived"), figure(run, "attempts.total"));
            assert_eq!(figure(run, "attempts.served") + figure(run, "attempts.abandoned"), sent);
            let served = figure(run, "viewers.watched") / arrived;
            [sent / arrived, served, figure(run, "latency_ms.p50"), figure(run, "wasted_share")]
        });
        let [load, success, median, wasted] = [0, 1, 2, 3].map(|i| rows.iter().map(|row| row[i]).collect::<Vec<_>>());
        check(&format!("load at loss {loss}"), (0..3).map(|k| loss.powi(k)).sum(), &load, 0.005);
        check(&format!("success at loss {loss}"), 1.0 - loss.powi(3), &success, 0.005);
        // Percentiles are those of a histogram, whose bins are 1% wide.
        check(&format!("median at loss {loss}"), 10.0 + 50.0 * std::f64::consts::LN_2, &median, 0.01);
        check(&format!("waste at loss {loss}"), loss / 2.0 / (1.0 - loss / 2.0), &wasted, 0.02);
    }
}

/// A closed loop of N users whose rounds begin P apart makes N/P requests a second; of a pool that answers within P no chance is
/// left in that number.
#[test]
fn users_with_a_pacing_ask_at_its_rate() {
    let rest = r#"
        [audience.users]
        viewers = 50
        arrival = { uniform = { low = "0 s", high = "2 s" } }
        journey = "iterate"
        [journey.iterate]
        steps = [{ request = "api" }, { think = "100 ms" }]
        repeat = { pacing = "2 s" }
        [pool.api]
        servers = 10
        service = { gamma = { mean = "20 ms", cv = 0.5 } }"#;
    for requests in each(&after_warm_up(600, 10, rest), 4, |run| figure(run, "attempts.total")) {
        assert_eq!(requests, 50.0 / 2.0 * 590.0);
    }
}

/// Machine repair: N users think for Z in the mean and are then served by c servers, first come first served. The number at
/// the servers is a birth-death process, and by Little's law the response time is R = N/X - Z (L. Kleinrock, Queueing Systems 2,
/// 1976, 4.11).
#[test]
fn response_times_of_a_closed_loop_are_those_of_machine_repair() {
    for (users, servers, think) in [(20_usize, 1_usize, 10.0), (30, 3, 4.0)] {
        let rest = format!(
            r#"
            [audience.users]
            viewers = {users}
            arrival = "0 s"
            journey = "iterate"
            [journey.iterate]
            steps = [{{ think = {{ exponential = {{ mean = "{think} s" }} }} }}, {{ request = "api" }}]
            repeat = {{ times = "forever" }}
            [pool.api]
            servers = {servers}
            service = {{ exponential = {{ mean = "500 ms" }} }}"#
        );
        let law = birth_death(users, |n| (users - n) as f64 / think, |n| 2.0 * n.min(servers) as f64);
        let served: f64 = law.iter().enumerate().map(|(n, p)| p * 2.0 * n.min(servers) as f64).sum();
        let seconds = 40_000;
        let rows = each(&after_warm_up(seconds, seconds / 20, &rest), 180, |run| {
            let window = seconds as f64 * 0.95;
            let served = figure(run, "attempts.served");
            let service = figure(run, "utilization") * servers as f64 * window / served;
            (served / window, figure(run, "wait_ms.mean") + 1e3 * service)
        });
        let (throughput, response): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        check(&format!("throughput of {users} users"), served, &throughput, 0.005);
        check(&format!("response of {users} users"), 1e3 * (users as f64 / served - think), &response, 0.005);
    }
}

/// Attempts of a request.
fn attempts(run: &Measurements, request: usize) -> f64 {
    let wanted = Scope::request(request);
    let scope = run.layout.row_of(wanted).unwrap();
    let rows = (0..run.layout.intervals).filter_map(|interval| run.row(interval, scope));
    rows.map(|row| row.count(Column::Attempts)).sum()
}

/// A session as a Markov chain: from its step a viewer goes back with probability p, also where the request failed and was
/// skipped, so that the number of requests is geometric; the last step is reached by 1 - q past another.
#[test]
fn a_session_is_a_markov_chain() {
    let rest = r#"
        [audience.crowd]
        viewers = 20_000
        arrival = { uniform = { low = "0 s", high = "60 s" } }
        journey = "shop"
        [journey.shop]
        steps = [
          { request = "api", name = "page", optional = true, then = { name = "page", probability = 0.8 } },
          { think = "1 s", then = { name = "pay", probability = 0.25 } },
          { request = "api", name = "cart" },
          { request = "api", name = "pay" },
        ]
        [pool.api]
        servers = 1
        concurrency = "unlimited"
        service = "10 ms"
        failure = 0.0"#;
    for failure in ["0%", "100%"] {
        let text = rest.replace("failure = 0.0", &format!("failure = \"{failure}\""));
        // Whoever's cart fails has given up; whoever skips the cart pays, or fails to.
        let rows = each(&window(300, 10, &text), 60, |run| {
            // In the order in which the journey mentions them.
            [0, 1, 2].map(|request| attempts(run, request) / 20_000.0)
        });
        let [page, cart, pay] = [0, 1, 2].map(|i| rows.iter().map(|row| row[i]).collect::<Vec<_>>());
        check(&format!("pages at failure {failure}"), 5.0, &page, 0.005);
        check(&format!("carts at failure {failure}"), 0.75, &cart, 0.005);
        match failure {
            "0%" => assert!(pay.iter().all(|payments| *payments == 1.0)),
            _ => check("payments of those who skip the cart", 0.25, &pay, 0.015),
        }
    }
}
