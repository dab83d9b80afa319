//! Replications of a scenario, and the confidence intervals that exact values must lie in.
//!
//! An interval is wide enough to make all tests together give a false alarm less than once in 10,000 runs with fresh
//! seeds (Bonferroni), and each test bounds its half-width, so that a wide interval cannot pass for agreement.

use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};

use dropstorm::analysis;
use dropstorm::engine::Seed;
use dropstorm::experiment;
use dropstorm::measure::{Measurements, Scope, over_window};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::{Column, Figure};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Chance that some comparison fails although every one of them holds.
const FALSE_ALARM: f64 = 1e-4;
/// The comparisons that share it; those made are counted, and may not be more.
const COMPARISONS: usize = 400;
static MADE: AtomicUsize = AtomicUsize::new(0);

/// The seed of all theory tests.
pub const SEED: u64 = 20_200_403;

/// Probability of a false alarm of one comparison.
pub fn level() -> f64 {
    assert!(MADE.fetch_add(1, Ordering::Relaxed) < COMPARISONS, "raise COMPARISONS: more of them are made");
    FALSE_ALARM / COMPARISONS as f64
}

/// A scenario that starts at its drop: `seconds` long, in intervals of `interval` seconds, figures without the first
/// one.
pub fn after_warm_up(seconds: u64, interval: u64, rest: &str) -> String {
    format!("measure = {{ from = \"{interval} s\" }}\n{}", window(seconds, interval, rest))
}

/// A scenario that starts at its drop: `seconds` long, in intervals of `interval` seconds.
pub fn window(seconds: u64, interval: u64, rest: &str) -> String {
    let start = jiff::Timestamp::constant(1_577_836_800, 0);
    let end = start + jiff::SignedDuration::from_secs(seconds as i64);
    format!("title = \"Theory\"\nstart = {start}\ndrop = {start}\nend = {end}\ninterval = \"{interval} s\"\n{rest}")
}

/// An open stream of `rate` requests a second to a pool with these keys.
pub fn open(rate: impl Display, pool: &str) -> String {
    let ask = "journey = 'ask'\n[journey.ask]\nsteps = [{ request = 'api' }]\n";
    format!("[audience.open]\nrate = '{rate}/s'\n{ask}[pool.api]\n{pool}")
}

/// An open stream of `rate` requests a second, by apps with some keys, to a pool with others.
pub fn open_by_apps(rate: impl Display, app: &str, pool: &str) -> String {
    let open = open(rate, pool).replace("journey = 'ask'", "journey = 'ask'\nclient = 'app'");
    format!("{open}\n[client.app]\n{app}")
}

/// A crowd of `viewers` that comes evenly within some seconds, by apps with some keys, to an unlimited pool with others.
pub fn crowd_by_apps(viewers: u64, seconds: f64, app: &str, pool: &str) -> String {
    format!(
        "[audience.crowd]\nviewers = {viewers}\narrival = {{ uniform = {{ low = '0 s', high = '{seconds} s' }} }}\n\
         journey = 'ask'\nclient = 'app'\n[journey.ask]\nsteps = [{{ request = 'api' }}]\n[client.app]\n{app}\n\
         [pool.api]\nservers = 1\nconcurrency = 'unlimited'\n{pool}"
    )
}

/// The model of a scenario.
pub fn model(text: &str) -> Model {
    let scenario = Scenario::parse("theory.toml", text).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
    Model::compile(&scenario)
}

/// The seed of one replication.
pub fn seed(replication: u64) -> Seed {
    Seed { seed: SEED, replication }
}

/// Runs independent replications of a scenario and keeps what `take` makes of each.
pub fn each<T: Send>(text: &str, replications: u64, take: impl Fn(&Measurements) -> T + Sync) -> Vec<T> {
    experiment::replicate(&model(text), SEED, 0..replications, |run| {
        assert_eq!(run.stopped, None);
        take(&run)
    })
}

/// One figure of a run's summary.
pub fn figure(run: &Measurements, name: &str) -> f64 {
    analysis::figure(run, Figure::named(name).unwrap_or_else(|| panic!("no figure {name}")))
}

/// A column over the measured intervals of the rows of a scope.
pub fn column(run: &Measurements, column: Column, scope: Scope) -> f64 {
    let row = run.layout.row_of(scope).expect("the scope has a row");
    let rows: Vec<_> = run.layout.measured.clone().filter_map(|interval| run.row(interval, row)).collect();
    over_window(&rows, column, 1.0)
}

/// Asserts that the exact value lies in the confidence interval of the samples' mean, and that the interval reaches no
/// further than `half_width` of the exact value to each side.
#[track_caller]
pub fn check(name: &str, exact: f64, samples: &[f64], half_width: f64) {
    check_controlled(name, exact, samples, &[], half_width);
}

/// The same with control variates, each given by its deviations from its known mean, one for each replication.
///
/// Linear regression on the controls removes the variance that they explain, which shortens runs by a factor of two to twenty
/// where chance in arrivals and service times dominates (S. S. Lavenberg and P. D.
/// Welch, A Perspective on the Use of Control Variables, Management Science 27, 1981).
#[track_caller]
pub fn check_controlled(name: &str, exact: f64, samples: &[f64], controls: &[Vec<f64>], half_width: f64) {
    check_within(name, exact, samples, controls, half_width * exact.abs());
}

/// The same with an absolute half-width.
#[track_caller]
pub fn check_within(name: &str, exact: f64, samples: &[f64], controls: &[Vec<f64>], half_width: f64) {
    let (mean, error, degrees) = intercept(samples, controls);
    let student = StudentsT::new(0.0, 1.0, degrees).unwrap();
    let half = student.inverse_cdf(1.0 - level() / 2.0) * error;
    println!("{name}: exact {exact:.6}, simulated {mean:.6} ± {half:.6}, of {half_width:.6} allowed");
    assert!(half <= half_width, "{name}: ± {half} is wider than ± {half_width}");
    assert!((mean - exact).abs() <= half, "{name}: exact {exact} is not within {mean} ± {half}");
}

/// Least squares of the samples on the controls: the value where all controls are zero, its standard error, and the
/// degrees of freedom of that error.
fn intercept(samples: &[f64], controls: &[Vec<f64>]) -> (f64, f64, f64) {
    let (n, k) = (samples.len(), controls.len() + 1);
    let column = |j: usize, row: usize| if j == 0 { 1.0 } else { controls[j - 1][row] };
    // The normal equations, with the unit matrix and the right-hand side beside them, by Gauss–Jordan elimination.
    let sum = |term: &dyn Fn(usize) -> f64| (0..n).map(term).sum::<f64>();
    let mut table: Vec<Vec<f64>> = (0..k)
        .map(|i| {
            let products = (0..k).map(|j| sum(&|row| column(i, row) * column(j, row)));
            let unit = (0..k).map(|j| f64::from(u8::from(i == j)));
            products.chain(unit).chain([sum(&|row| column(i, row) * samples[row])]).collect()
        })
        .collect();
    for pivot in 0..k {
        let scale = table[pivot][pivot];
        table[pivot].iter_mut().for_each(|value| *value /= scale);
        let line = table[pivot].clone();
        for (_, other) in table.iter_mut().enumerate().filter(|(row, _)| *row != pivot) {
            let factor = other[pivot];
            other.iter_mut().zip(&line).for_each(|(value, pivot)| *value -= factor * pivot);
        }
    }
    let fitted = |row: usize| (0..k).map(|j| table[j][2 * k] * column(j, row)).sum::<f64>();
    let degrees = (n - k) as f64;
    let variance = sum(&|row| (samples[row] - fitted(row)).powi(2)) / degrees;
    (table[0][2 * k], (variance * table[0][k]).sqrt(), degrees)
}

#[test]
fn the_interval_is_students_and_controls_take_out_what_they_explain() {
    // By hand: mean 2.5, standard deviation √(5/3), three degrees of freedom.
    let samples = [1.0, 2.0, 3.0, 4.0];
    let (mean, error, degrees) = intercept(&samples, &[]);
    assert!((mean - 2.5).abs() < 1e-12 && (error - (5.0_f64 / 12.0).sqrt()).abs() < 1e-12 && degrees == 3.0);
    // On the line 7 + 2x there is no residual variance.
    let control = vec![-3.0, -1.0, 0.5, 2.0];
    let line: Vec<f64> = control.iter().map(|x| 7.0 + 2.0 * x).collect();
    let (value, error, degrees) = intercept(&line, &[control]);
    assert!((value - 7.0).abs() < 1e-12 && error < 1e-12 && degrees == 2.0);
    // The quantile far in the tail, against z = 5.19934 and three terms of the expansion of Cornish and Fisher.
    let quantile = StudentsT::new(0.0, 1.0, 60.0).unwrap().inverse_cdf(1.0 - 1e-7);
    assert!((quantile - 5.872).abs() < 0.005, "{quantile}");
}
