//! Streams on links without overload: Mt/G/∞.

use dropstorm::measure::{Figures, Scope};
use dropstorm::vocabulary::Column;
use statrs::distribution::{ContinuousCDF, Exp, Gamma, LogNormal, Weibull};

use super::intervals::{check, each, window};

/// The mean number of streams in each interval of each replication.
fn streams(text: &str, replications: u64) -> Vec<Vec<f64>> {
    each(text, replications, |run| Figures::of(std::slice::from_ref(run)).series(0, Column::StreamsMean).collect())
}

/// The mean number inside at t is ∫ λ(u) P(S > t − u) du (A. Prékopa, 1958; Eick, Massey and Whitt, 1993), here
/// averaged over intervals of `width` grid steps. `came` is the expected number of arrivals up to a time in seconds.
fn mean_inside(seconds: usize, width: usize, came: impl Fn(f64) -> f64, lasts: impl Fn(f64) -> f64) -> Vec<f64> {
    // Steps of 1 s: arrivals in a step are taken to come in its middle, and t runs over the middles too; between equal
    // steps half stay.
    let arrivals: Vec<f64> = (0..seconds).map(|k| came(k as f64 + 1.0) - came(k as f64)).collect();
    let stay: Vec<f64> =
        (0..seconds).map(|k| if k == 0 { (1.0 + lasts(0.5)) / 4.0 } else { lasts(k as f64) }).collect();
    let at = |k: usize| (0..=k).map(|j| arrivals[j] * stay[k - j]).sum::<f64>();
    let inside: Vec<f64> = (0..seconds).map(at).collect();
    inside.chunks(width).map(|chunk| chunk.iter().sum::<f64>() / width as f64).collect()
}

#[test]
fn streams_of_a_crowd_are_as_many_as_the_integral_says() {
    let rest = r#"
        [audience.crowd]
        viewers = 50_000
        arrival = { lognormal = { median = "10 min", sigma = 0.8 } }
        journey = "watch"
        [journey.watch]
        steps = [{ stream = { gamma = { mean = "20 min", cv = 0.5 } } }]
    "#;
    let arrival = LogNormal::new(600.0_f64.ln(), 0.8).unwrap();
    let length = Gamma::new(4.0, 4.0 / 1_200.0).unwrap();
    let exact = mean_inside(3_000, 600, |t| 50_000.0 * arrival.cdf(t), |s| length.sf(s));
    let sampled = streams(&window(3_000, 600, rest), 130);
    for (interval, exact) in exact.into_iter().enumerate() {
        let samples: Vec<f64> = sampled.iter().map(|run| run[interval]).collect();
        check(&format!("streams of a crowd, interval {interval}"), exact, &samples, 0.005);
    }
}

#[test]
fn streams_of_an_open_stream_are_as_many_as_the_integral_says() {
    let rest = r#"
        [audience.open]
        rate = "40/s"
        profile = [["0 s", 0.5], ["1800 s", 1.5], ["3600 s", 0.25]]
        journey = "watch"
        [journey.watch]
        steps = [{ stream = { weibull = { mean = "15 min", shape = 2.0 } } }]
    "#;
    let length = Weibull::new(2.0, 1_800.0 / std::f64::consts::PI.sqrt()).unwrap();
    // The integral of the profile: slopes of 1/1800 up and 1.25/1800 down.
    let came = |t: f64| {
        let (up, down) = (t.min(1_800.0), (t - 1_800.0).max(0.0));
        40.0 * (0.5 * up + up * up / 3_600.0 + 1.5 * down - 1.25 * down * down / 3_600.0)
    };
    let exact = mean_inside(3_600, 600, came, |s| length.sf(s));
    let sampled = streams(&window(3_600, 600, rest), 110);
    for (interval, exact) in exact.into_iter().enumerate() {
        let samples: Vec<f64> = sampled.iter().map(|run| run[interval]).collect();
        check(&format!("streams of an open stream, interval {interval}"), exact, &samples, 0.005);
    }
}

/// Checks that with `already = "steady"` the first interval is like any other (M/G/∞).
fn check_steady(lengths: &[&str]) {
    for length in lengths {
        let rest = format!(
            r#"
            [audience.everyday]
            rate = "10/s"
            already = "steady"
            journey = "watch"
            [journey.watch]
            steps = [
              {{ request = "api", name = "again" }},
              {{ stream = {length}, then = {{ name = "again", probability = 0.5 }} }},
            ]
            [pool.api]
            servers = 1
            concurrency = "unlimited"
            service = "0 s""#
        );
        let sampled = streams(&window(1_800, 180, &rest), 128);
        // A viewer watches twice on average.
        for interval in [0, 1, 3, 9] {
            let samples: Vec<f64> = sampled.iter().map(|run| run[interval]).collect();
            check(&format!("steady, {length}, interval {interval}"), 2.0 * 10.0 * 600.0, &samples, 0.005);
        }
    }
}

#[test]
fn a_steady_audience_is_stationary_from_the_first_interval_on() {
    check_steady(&[
        r#"{ exponential = { mean = "10 min" } }"#,
        r#""10 min""#,
        r#"{ hyperexponential = [{ weight = 0.5, mean = "2 min" }, { weight = 0.5, mean = "18 min" }] }"#,
    ]);
}

/// Who is inside at the start is in any of the rounds, so that as many end their last one as others begin their first.
#[test]
fn a_steady_audience_that_goes_round_is_stationary_too() {
    let rest = r#"
        [audience.everyday]
        rate = "5/s"
        already = "steady"
        journey = "watch"
        [journey.watch]
        steps = [{ stream = { uniform = { low = "30 s", high = "90 s" } } }]
        repeat = { times = 3 }"#;
    let sampled = streams(&window(300, 30, rest), 64);
    for interval in [0, 2, 3, 5, 9] {
        let samples: Vec<f64> = sampled.iter().map(|run| run[interval]).collect();
        check(&format!("steady rounds, interval {interval}"), 3.0 * 5.0 * 60.0, &samples, 0.03);
    }
}

mod long {
    use super::check_steady;
    use crate::long_tests::in_full;

    #[test]
    fn a_steady_audience_is_stationary_whatever_the_law() {
        let lengths = [
            r#"{ lognormal = { mean = "10 min", cv = 1.0 } }"#,
            r#"{ uniform = { low = "0 min", high = "20 min" } }"#,
            r#"{ gamma = { mean = "10 min", cv = 0.5 } }"#,
            r#"{ weibull = { mean = "10 min", shape = 0.8 } }"#,
        ];
        check_steady(if in_full() { &lengths } else { &lengths[3..] });
    }
}

/// Streams that run when the window opens have heartbeats at full periods since their own start. With the period e, a stream
/// of an exponential length of mean m sends ∑ P(S > ke) = 1 / (exp(e/m) − 1) heartbeats on average, at a constant rate.
#[test]
fn heartbeats_of_a_steady_audience_are_steady_too() {
    let rest = r#"
        [audience.everyday]
        rate = "10/s"
        already = "steady"
        journey = "watch"
        [journey.watch]
        steps = [{ stream = { exponential = { mean = "10 min" } }, heartbeat = { request = "telemetry", every = "5 min" } }]
        [pool.telemetry]
        servers = 1
        concurrency = "unlimited"
        service = "1 ms"
    "#;
    let sampled = each(&window(900, 60, rest), 64, |run| {
        let figures = Figures::of(std::slice::from_ref(run));
        let pool = figures.scope(Scope::pool(0)).unwrap();
        figures.series(pool, Column::Attempts).collect::<Vec<f64>>()
    });
    let exact = 60.0 * 10.0 / (0.5_f64.exp() - 1.0);
    for interval in [0, 4, 5, 14] {
        let samples: Vec<f64> = sampled.iter().map(|run| run[interval]).collect();
        check(&format!("heartbeats, interval {interval}"), exact, &samples, 0.03);
    }
}

#[test]
fn the_integral_of_a_constant_rate_is_known() {
    let length = Exp::new(0.01).unwrap();
    let exact = mean_inside(1_000, 100, |t| 5.0 * t, |s| length.sf(s));
    // ∫ of 500 (1 − e^(−t/100)) over the last hundred seconds.
    let by_hand = 500.0 - 500.0 * ((-9.0_f64).exp() - (-10.0_f64).exp());
    assert!((exact[9] / by_hand - 1.0).abs() < 1e-5, "{} is not {by_hand}", exact[9]);
}
