//! The transient of a queue after a step in its arrival rate, second by second.

use dropstorm::measure::Figures;
use dropstorm::vocabulary::{Column, Outcome};

use super::intervals::{check, each, open, window};

const SERVERS: usize = 50;
/// Slots and queue limit together, the K of M/M/c/K.
const MOST_INSIDE: usize = 60;
const STEP_S: usize = 5;
const END_S: usize = 15;

fn rate(second: usize) -> f64 {
    if second < STEP_S { 25.0 } else { 60.0 }
}

/// Kolmogorov's forward equations of M/M/c/K from empty, integrated with steps far shorter than any rate (midpoint
/// rule): the mean number inside and the number turned away in each second.
fn forward() -> Vec<(f64, f64)> {
    const STEPS: usize = 4_000;
    let h = 1.0 / STEPS as f64;
    let death = |n: usize| n.min(SERVERS) as f64;
    let mut p = vec![0.0; MOST_INSIDE + 1];
    p[0] = 1.0;
    let slope = |p: &[f64], rate: f64| -> Vec<f64> {
        (0..=MOST_INSIDE)
            .map(|n| {
                let up = if n > 0 { rate * p[n - 1] } else { 0.0 };
                let down = if n < MOST_INSIDE { death(n + 1) * p[n + 1] } else { 0.0 };
                let out = if n < MOST_INSIDE { rate } else { 0.0 } + death(n);
                up + down - out * p[n]
            })
            .collect()
    };
    let moved =
        |p: &[f64], slope: &[f64], h: f64| -> Vec<f64> { p.iter().zip(slope).map(|(p, s)| p + h * s).collect() };
    (0..END_S)
        .map(|second| {
            let (mut inside, mut lost) = (0.0, 0.0);
            for _ in 0..STEPS {
                let middle = moved(&p, &slope(&p, rate(second)), h / 2.0);
                p = moved(&p, &slope(&middle, rate(second)), h);
                inside += h * middle.iter().enumerate().map(|(n, p)| n as f64 * p).sum::<f64>();
                lost += h * rate(second) * middle[MOST_INSIDE];
            }
            (inside, lost)
        })
        .collect()
}

#[test]
fn a_step_in_the_rate_is_followed_as_kolmogorov_says() {
    let pool = format!(
        "servers = {SERVERS}\nservice = {{ exponential = {{ mean = '1 s' }} }}\nqueue = {{ shared = {{ limit = {} }} }}",
        MOST_INSIDE - SERVERS
    );
    let step = format!("[[change]]\nat = '+{STEP_S} s'\nset = {{ 'audience.open.rate' = '60/s' }}");
    let rest = format!("{}\n{step}", open(25, &pool));
    let runs = each(&window(END_S as u64, 1, &rest), 20_000, |run| {
        let figures = Figures::of(std::slice::from_ref(run));
        let inside = |i| figures.value(i, 0, Column::QueueMean) + figures.value(i, 0, Column::InServiceMean);
        (0..END_S).map(|i| (inside(i), figures.value(i, 0, Outcome::Rejected.column()))).collect::<Vec<_>>()
    });
    for (second, (inside, lost)) in forward().into_iter().enumerate() {
        let samples: Vec<f64> = runs.iter().map(|run| run[second].0).collect();
        check(&format!("M/M/c/K, second {second}, inside"), inside, &samples, 0.01);
        if second >= END_S - 3 {
            let samples: Vec<f64> = runs.iter().map(|run| run[second].1).collect();
            check(&format!("M/M/c/K, second {second}, turned away"), lost, &samples, 0.03);
        }
    }
}
