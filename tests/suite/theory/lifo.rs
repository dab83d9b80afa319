//! Last come, first served: the same mean wait as first come, first served, and the waits of busy periods.

use dropstorm::engine::{self, Probe, Who};
use dropstorm::units::Time;
use dropstorm::vocabulary::Happening;
use rayon::prelude::*;

use super::intervals::{check, check_controlled, figure, model, open, seed, window};

const LOAD: f64 = 0.5;
const SECONDS: u64 = 400_000;

fn one_server(queue: &str) -> String {
    let pool =
        format!("servers = 1\nservice = {{ exponential = {{ mean = '1 s' }} }}\nqueue = {{ shared = {{ {queue} }} }}");
    window(SECONDS, SECONDS / 20, &open(LOAD, &pool))
}

/// A probe that adds up waits of attempts whose service began.
#[derive(Default)]
struct Waits {
    sent: Vec<Time>,
    count: f64,
    squares: f64,
    /// Waits longer than each of [`LONGER`].
    longer: [f64; LONGER.len()],
}

const LONGER: [f64; 3] = [1.0, 3.0, 6.0];

impl Probe for Waits {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        match what {
            Happening::Sent { .. } => self.sent.push(now),
            Happening::ServiceBegan { .. } => {
                let wait = now.since(self.sent[who.ordinal as usize]).seconds();
                self.count += 1.0;
                self.squares += wait * wait;
                LONGER.iter().zip(&mut self.longer).for_each(|(t, n)| *n += f64::from(u8::from(wait > *t)));
            }
            _ => {}
        }
    }
}

/// Probability that a busy period of M/M/1 with service of mean 1 is longer than `t`: the integral of its density
/// e^(−(1+ρ)t) I₁(2t√ρ) ÷ (t√ρ) (L. Kleinrock, Queueing Systems I, 1975, equation 5.145), by Simpson's rule.
fn busy_period_exceeds(t: f64, load: f64) -> f64 {
    let density = |x: f64| {
        let z = x * load.sqrt();
        // I₁(2z) ÷ z as a power series.
        let mut term = 1.0;
        let mut sum = 1.0;
        for k in 1..400 {
            term *= z * z / (f64::from(k) * f64::from(k + 1));
            sum += term;
        }
        (-(1.0 + load) * x).exp() * sum
    };
    let steps = 2_000;
    let h = t / f64::from(steps);
    let weight = |i: i32| if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
    1.0 - (0..=steps).map(|i| weight(i) * density(f64::from(i) * h)).sum::<f64>() * h / 3.0
}

/// Whoever waits, waits for a busy period that begins with the service under way, and the second moment is that of first
/// come, first served over 1 − ρ.
#[test]
fn whoever_waits_under_lifo_waits_for_a_busy_period() {
    let model = model(&one_server("discipline = \"lifo\""));
    let runs: Vec<(f64, Waits)> = (0..64)
        .into_par_iter()
        .map(|replication| {
            let mut waits = Waits::default();
            let run = engine::run_with(&model, seed(replication), &mut waits);
            (figure(&run, "wait_ms.mean"), waits)
        })
        .collect();
    let each = |value: &dyn Fn(&(f64, Waits)) -> f64| runs.iter().map(value).collect::<Vec<f64>>();
    let mean = 1e3 * LOAD / (1.0 - LOAD);
    check("M/M/1 LIFO, mean wait", mean, &each(&|run| run.0), 0.02);
    let second = 2.0 * LOAD / (1.0 - LOAD).powi(2) / (1.0 - LOAD);
    // Runs in which people wait long have the larger squares.
    let (squares, controls) = (each(&|(_, waits)| waits.squares / waits.count), [each(&|run| run.0 - mean)]);
    check_controlled("M/M/1 LIFO, mean square of the wait", second, &squares, &controls, 0.02);
    for (index, t) in LONGER.into_iter().enumerate() {
        let exact = LOAD * busy_period_exceeds(t, LOAD);
        let shares = each(&|(_, waits)| waits.longer[index] / waits.count);
        check(&format!("M/M/1 LIFO, P(wait > {t} s)"), exact, &shares, 0.02);
    }
}

/// A queue that is never empty for long is served newest first, one that empties at once in order of arrival.
#[test]
fn adaptive_lifo_is_fifo_in_calm_and_lifo_under_a_standing_queue() {
    let mean_square = |queue: &str| {
        let mut waits = Waits::default();
        engine::run_with(&model(&one_server(queue)), seed(0), &mut waits);
        waits.squares
    };
    let after = |span: &str| mean_square(&format!("discipline = {{ adaptive_lifo = {{ after = \"{span}\" }} }}"));
    assert_eq!(after("0 s"), mean_square("discipline = \"lifo\""));
    assert_eq!(after("9 d"), mean_square("discipline = \"fifo\""));
    let between = after("5 s");
    assert!(after("9 d") < between && between < after("0 s"), "{between}");
}
