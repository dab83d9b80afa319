//! Demand that is not a Poisson stream: even spacing.

use super::intervals::{after_warm_up, check_controlled, each, figure};

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
