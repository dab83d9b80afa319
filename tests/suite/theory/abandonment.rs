//! Queues with abandonment: M/M/c+D, Erlang A, and Mt/M/s+M.

use dropstorm::analysis::figures_of;
use dropstorm::engine::{self, Probe, Who};
use dropstorm::experiment::replicate_with;
use dropstorm::measure::{Figures, Measurements};
use dropstorm::units::Time;
use dropstorm::vocabulary::{Column, Happening};
use statrs::distribution::{DiscreteCDF, Poisson};

use super::erlang::{ErlangA, baccelli_hebuterne_timeout};
use super::intervals::{
    SEED, after_warm_up, check, check_controlled, check_within, each, figure, model, open, seed, window,
};

#[test]
fn timeouts_of_a_constant_timer_are_those_of_baccelli_and_hebuterne() {
    let pool = "servers = 10\nservice = { exponential = { mean = '1 s' } }\nqueue_timeout = '0.4 s'";
    let share = each(&after_warm_up(40_000, 2_000, &open(9, pool)), 24, |run| {
        figure(run, "attempts.timed_out") / figure(run, "attempts.total")
    });
    check("M/M/10+D, P(timeout)", baccelli_hebuterne_timeout(10, 9.0, 1.0, 0.4), &share, 0.02);
}

/// A call centre as a scenario: service of mean 1 min, and patience while waiting.
fn erlang_a(minutes: u64, exact: &ErlangA) -> String {
    let rest = format!(
        r#"
        [audience.callers]
        rate = "{}/min"
        journey = "call"
        client = "caller"
        [journey.call]
        steps = [{{ request = "agents" }}]
        [client.caller]
        patience = {{ until_service = {{ exponential = {{ mean = "{} min" }} }} }}
        [pool.agents]
        servers = {}
        service = {{ exponential = {{ mean = "1 min" }} }}"#,
        exact.rate,
        1.0 / exact.abandon,
        exact.servers
    );
    after_warm_up(60 * minutes, 60 * minutes / 100, &rest)
}

/// Controls: deviations of the arrivals and of the mean service time of the served from their expectations.
fn controls(run: &Measurements, exact: &ErlangA) -> [f64; 2] {
    let minutes = run.layout.measured.len() as f64 * run.layout.width.seconds() / 60.0;
    let busy = figure(run, "utilization") * exact.servers as f64 * minutes;
    [figure(run, "attempts.total") / (exact.rate * minutes) - 1.0, busy / figure(run, "attempts.served") - 1.0]
}

#[test]
fn waits_and_abandonment_in_a_call_centre_follow_erlang_a() {
    let exact = ErlangA { rate: 48.0, service: 1.0, abandon: 0.5, servers: 50 };
    let figures = [
        ("waited_share", exact.waits()),
        ("wait_ms.mean", exact.mean_wait() * 60e3),
        ("wait_ms.p90", exact.wait_percentile(0.9, 1e-4) * 60e3),
        ("queue_mean", exact.queue()),
        ("utilization", exact.utilization()),
        ("error_rate.overall", exact.abandons()),
    ];
    let rows =
        each(&erlang_a(12_500, &exact), 64, |run| (figures.map(|(name, _)| figure(run, name)), controls(run, &exact)));
    let controls = [0, 1].map(|i| rows.iter().map(|row| row.1[i]).collect::<Vec<f64>>());
    for (i, (name, exact)) in figures.into_iter().enumerate() {
        let samples: Vec<f64> = rows.iter().map(|row| row.0[i]).collect();
        check_controlled(&format!("Erlang A, {name}"), exact, &samples, &controls, 0.01);
    }
}

#[test]
fn in_overload_those_leave_who_are_too_many() {
    for (rate, known) in [(120.0, 0.167693), (150.0, 0.333333)] {
        let exact = ErlangA { rate, service: 1.0, abandon: 1.0, servers: 100 };
        assert!((exact.abandons() - known).abs() < 1e-6);
        let rows = each(&erlang_a(1_000, &exact), 16, |run| (figure(run, "error_rate.overall"), controls(run, &exact)));
        let shares: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let controls = [0, 1].map(|i| rows.iter().map(|row| row.1[i]).collect::<Vec<f64>>());
        check_controlled(&format!("Erlang A at {rate}, P(abandon)"), exact.abandons(), &shares, &controls, 0.005);
    }
}

/// In the textbook's form patience runs while no attempt is in service, also when it is the app that leaves the
/// service: attempts run from 0, 6 and 12 s for 5 s each, and 2.5 s of pauses between them are over at 17.5 s.
#[test]
fn patience_runs_on_after_the_app_has_left_a_service() {
    for (rtt, gives_up_s) in [("0 s", 17), ("200 ms", 17)] {
        let rest = format!(
            r#"
            [region.here]
            rtt = "{rtt}"
            [audience.one]
            viewers = 1
            arrival = "0 s"
            journey = "ask"
            client = "app"
            [journey.ask]
            steps = [{{ request = "api" }}]
            [client.app]
            timeout = "5 s"
            patience = {{ until_service = "2.5 s" }}
            retry = {{ attempts = 100, backoff = {{ exponential = {{ base = "1 s", factor = 1.0 }} }} }}
            [pool.api]
            servers = 9
            service = "100 s""#
        );
        let figures = figures_of(&[engine::run(&model(&window(60, 1, &rest)), seed(0))]);
        let errors: Vec<f64> = figures.series(0, Column::ViewersError).collect();
        assert_eq!(errors.iter().position(|errors| *errors > 0.0), Some(gives_up_s), "at a round trip of {rtt}");
        assert_eq!(figures.summary("attempts.total").unwrap().mean, 3.0);
    }
}

/// A probe that counts arrivals and waits by the phase of a period.
struct Phases {
    width: u64,
    skip: u64,
    sent: [f64; 16],
    queued: [f64; 16],
}

impl Probe for Phases {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, _: Who, what: Happening) {
        let phase = (now.0 / self.width % 16) as usize;
        match what {
            Happening::Sent { .. } if now.0 >= self.skip => self.sent[phase] += 1.0,
            Happening::Queued { .. } if now.0 >= self.skip => self.queued[phase] += 1.0,
            _ => {}
        }
    }
}

/// With patience as short as service in the mean, everyone leaves at rate 1, waiting or not, so that the number inside
/// is that of Mt/M/∞: Poisson with mean m(t), m' = λ(t) − m (S. G. Eick, W. A. Massey and W. Whitt, Management Science
/// 39, 1993).
fn check_periodic(replications: u64, half_width: f64, half_width_of_delays: f64) {
    const PERIOD_S: f64 = 64.0;
    let unit = PERIOD_S / std::f64::consts::TAU;
    // The sine by 32 straight pieces; the exact value is worked out for these.
    let factor = |k: usize| 1.0 + 0.2 * (std::f64::consts::TAU * k as f64 / 32.0).sin();
    let points: Vec<String> = (0..32).map(|k| format!("[\"{} s\", {}]", 2 * k, factor(k))).collect();
    let rest = format!(
        r#"
        [audience.tide]
        rate = "{:.9}/s"
        profile = [{}]
        repeat = "64 s"
        journey = "call"
        client = "caller"
        [journey.call]
        steps = [{{ request = "agents" }}]
        [client.caller]
        patience = {{ until_service = {{ exponential = {{ mean = "{unit:.9} s" }} }} }}
        [pool.agents]
        servers = 110
        service = {{ exponential = {{ mean = "{unit:.9} s" }} }}"#,
        100.0 / unit,
        points.join(", ")
    );
    const CYCLES: usize = 202;
    let model = model(&window(64 * CYCLES as u64, 4, &rest));
    let nanos = 1_000_000_000;
    let phases = |_| Phases { width: 4 * nanos, skip: 128 * nanos, sent: [0.0; 16], queued: [0.0; 16] };
    let runs: Vec<(Phases, Vec<f64>)> = replicate_with(&model, SEED, 0..replications, phases, |run| {
        let figures = Figures::of(&[run.measurements]);
        let inside = |i: usize| figures.value(i, 0, Column::QueueMean) + figures.value(i, 0, Column::InServiceMean);
        let cycles = 2..CYCLES;
        let mean = |phase| cycles.clone().map(|cycle| inside(16 * cycle + phase)).sum::<f64>() / cycles.len() as f64;
        (run.probe, (0..16).map(mean).collect())
    })
    .unwrap();

    // m(t) over three periods from empty, of which the last counts: by then the start is forgotten to e^−12.
    let (steps, rate) = (3_200, |t: f64| {
        let at = (t * 32.0 / PERIOD_S).rem_euclid(32.0);
        let (k, share) = (at as usize, at.fract());
        100.0 * (factor(k) * (1.0 - share) + factor(k + 1) * share)
    });
    let h = PERIOD_S / steps as f64;
    let (mut m, mut mean, mut came, mut delayed) = (100.0, [0.0; 16], [0.0; 16], [0.0; 16]);
    for step in 0..3 * steps {
        let middle = rate((step as f64 + 0.5) * h);
        let next = middle + (m - middle) * (-h / unit).exp();
        if step >= 2 * steps {
            let phase = (step - 2 * steps) * 16 / steps;
            mean[phase] += (m + next) / 2.0 * 16.0 / steps as f64;
            came[phase] += middle * h / unit;
            delayed[phase] += middle * h / unit * Poisson::new((m + next) / 2.0).unwrap().sf(109);
        }
        m = next;
    }
    // The controls remove the chance in the arrivals of this phase and of the three before.
    let luck = |phase: usize| -> Vec<f64> {
        let expected = came[phase] * (CYCLES - 2) as f64;
        runs.iter().map(|run| run.0.sent[phase] / expected - 1.0).collect()
    };
    for phase in 0..16 {
        let controls = [0, 1, 2, 3].map(|before| luck((phase + 16 - before) % 16));
        let inside: Vec<f64> = runs.iter().map(|run| run.1[phase]).collect();
        check_controlled(&format!("Mt/M/s+M, phase {phase}, inside"), mean[phase], &inside, &controls, half_width);
        let shares: Vec<f64> = runs.iter().map(|run| run.0.queued[phase] / run.0.sent[phase]).collect();
        let exact = delayed[phase] / came[phase];
        check_within(&format!("Mt/M/s+M, phase {phase}, P(delay)"), exact, &shares, &controls, half_width_of_delays);
    }
}

#[test]
fn under_a_periodic_rate_the_number_inside_is_poisson_at_every_phase() {
    check_periodic(30, 0.01, 0.05);
}

mod long {
    use super::check_periodic;
    use crate::long_tests::in_full;

    #[test]
    fn under_a_periodic_rate_delays_are_those_of_poisson_numbers_at_every_phase() {
        let (replications, half_width, of_delays) = if in_full() { (1_200, 0.002, 0.005) } else { (20, 0.03, 0.1) };
        check_periodic(replications, half_width, of_delays);
    }
}
