//! Control loops in their steady state: the lag of an autoscaler, and the limits at which Vegas and Gradient2 rest.

use dropstorm::measure::{Measurements, Scope, over_window};
use dropstorm::vocabulary::Column;

use super::intervals::{check_controlled, column, each, open, window};

/// Length of an interval, and time between two evaluations, in seconds.
const EVERY: u64 = 30;
/// Length of the ramp, in seconds; the second half is measured.
const RAMP: u64 = 300;
/// People who arrive on the ramp.
const PEOPLE: u64 = 9_000;
/// Attempts per second that the autoscaler aims at for each server.
const TARGET: f64 = 0.5;

/// Delay of the metric, boot time and window of the metric, in seconds.
struct Lags {
    delay: u64,
    boot: u64,
    window: u64,
}

impl Lags {
    /// Moments of the evaluations that decide on the servers of the measured time, in seconds.
    fn evaluations(&self) -> impl Iterator<Item = u64> {
        (RAMP / 2 - self.boot..RAMP - self.boot).step_by(EVERY as usize)
    }

    /// The ramp: a rate of arrivals that rises by the same step in each interval.
    fn scenario(&self) -> String {
        let steps = (0..RAMP / EVERY).map(|step| {
            let (weight, low) = (2 * step + 1, step * EVERY);
            let high = low + EVERY;
            format!("{{ weight = {weight}, of = {{ uniform = {{ low = '{low} s', high = '{high} s' }} }} }}")
        });
        let Lags { delay, boot, window: of_metric } = self;
        let rest = format!(
            "[audience.ramp]\nviewers = {PEOPLE}\narrival = {{ mixture = [{}] }}\njourney = 'ask'\n\
             [journey.ask]\nsteps = [{{ request = 'api' }}]\n\
             [pool.api]\nservers = 1\nconcurrency = 'unlimited'\nservice = '1 ms'\n\
             [pool.api.autoscale]\nat_most = 10_000\nevery = '{EVERY} s'\n\
             policy = {{ target = {{ metric = 'attempts_per_server', value = '{TARGET}/s' }} }}\n\
             delay = '{delay} s'\nwindow = '{of_metric} s'\nboot = '{boot} s'\n\
             scale_out = {{ tolerance = 0.0, at_most = {{ servers = 1_000 }} }}",
            steps.collect::<Vec<_>>().join(", ")
        );
        format!("measure = {{ from = '{} s' }}\n{}", RAMP / 2, window(RAMP, EVERY, &rest))
    }

    /// The mean number of servers that the evaluations ask for if they see the counts of this run, before rounding up.
    fn asked(&self, run: &Measurements) -> f64 {
        let row = run.layout.row_of(Scope::pool(0)).expect("the pool has a row");
        let counted = |at: u64| {
            let from = (at - self.delay - self.window) / EVERY;
            let rows: Vec<_> = (from..from + self.window / EVERY).filter_map(|k| run.row(k as usize, row)).collect();
            over_window(&rows, Column::Attempts, 1.0)
        };
        let evaluations = self.evaluations().count() as f64;
        self.evaluations().map(counted).sum::<f64>() / (self.window as f64 * TARGET * evaluations)
    }
}

/// On a ramp of slope a, target tracking runs behind by a constant time. An evaluation sees the rate in the middle of its window,
/// so late as the window is half long and the metric delayed; its servers come after their boot, and stand until those of the next
/// evaluation come, so that they are half of `every` old on average: lag = delay + window/2 + boot + every/2, and servers =
/// a (t − lag) / target. Counts over a window are whole numbers n, and ⌈n / (target · window)⌉ is higher by
/// (1 − 1/(target · window)) / 2 on average. The rule is that of the Kubernetes autoscaler (`replica_calculator.go`) without tolerance.
#[test]
fn on_a_ramp_an_autoscaler_lags_by_delay_half_a_window_boot_and_half_a_period() {
    for (delay, boot, window) in [(0, 30, 30), (30, 60, 30), (30, 30, 60)] {
        let lags = Lags { delay, boot, window };
        let lag = (delay + boot) as f64 + (window + EVERY) as f64 / 2.0;
        let slope = 2.0 * PEOPLE as f64 / (RAMP * RAMP) as f64;
        let asked = slope * (0.75 * RAMP as f64 - lag) / TARGET;
        let rounded_up = (1.0 - 1.0 / (TARGET * window as f64)) / 2.0;
        let runs =
            each(&lags.scenario(), 12, |run| (column(run, Column::Servers, Scope::pool(0)), lags.asked(run) - asked));
        let (servers, chance): (Vec<f64>, Vec<f64>) = runs.into_iter().unzip();
        check_controlled(&format!("servers {lag} s behind a ramp"), asked + rounded_up, &servers, &[chance], 0.015);
    }
}

/// The mean limit of a pool, the mean number of attempts that wait, and the mean service time in milliseconds.
fn at_rest(run: &Measurements) -> [f64; 3] {
    [Column::ConcurrencyLimit, Column::QueueMean, Column::ServiceMean].map(|of| column(run, of, Scope::pool(0)))
}

/// A pool of one server in more demand than it can serve, measured after `from` seconds.
fn overloaded(rate: u64, pool: &str, from: u64, seconds: u64) -> String {
    let rest = open(rate, &format!("servers = 1\n{pool}"));
    format!("measure = {{ from = '{from} s' }}\n{}", window(seconds, 10, &rest))
}

/// Vegas rests where its estimate of the queue is between α = 3 l and β = 6 l, l being the logarithm of the limit (S. H. Low, L. L.
/// Peterson and L. Wang, Understanding Vegas: A Duality Model, Journal of the ACM 49, 2002). A slot that is never idle and serves for
/// the constant time S answers the attempt that is admitted as the L-th after L·S, less the short time for which its place was free, so
/// that the estimate is L − 1, rounded up. Whatever the first limit is, the last one is 1 + α to 1 + β.
///
/// Probes are put off, since one that is made in an overload takes the standing queue for none.
#[test]
fn vegas_rests_with_a_queue_between_alpha_and_beta() {
    for initial in [1, 2, 4, 20, 50] {
        let limit =
            format!("concurrency_limit = {{ vegas = {{ initial = {initial}, probe_multiplier = 1_000_000 }} }}");
        let pool = format!("service = '100 ms'\n{limit}");
        for [limit, queue, _] in each(&overloaded(50, &pool, 60, 90), 4, at_rest) {
            assert!((4.0..=7.0).contains(&limit) && limit.fract() == 0.0, "from {initial}: a limit of {limit}");
            assert!(limit - 1.0 - queue < 0.3, "from {initial}: {queue} wait below a limit of {limit}");
        }
    }
    // From 100 attempts on the logarithm is 2, and a small step keeps the limit from swinging within a response time.
    for initial in [20, 150] {
        let limit = format!("initial = {initial}, smoothing = '1%', probe_multiplier = 1_000_000");
        let pool = format!("concurrency = 100\nservice = '1 s'\nconcurrency_limit = {{ vegas = {{ {limit} }} }}");
        for [_, queue, _] in each(&overloaded(120, &pool, 200, 300), 2, at_rest) {
            assert!((6.0..=12.0).contains(&queue), "from {initial}: {queue} wait");
        }
    }
}

/// Gradient2 changes its limit L by (L g + Q − L) · smoothing at each answer, so that it rests where L · E[1 − g] = Q, with g = min(1,
/// tolerance · long ÷ X) for the response time X and its long-term mean. Where every attempt finds a slot, X is the service time: of
/// a seconds, or of b with the probability p. The long-term mean has taken X in, with the weight w = 2/(window + 1), before it is
/// compared, so that long is m + w (b − m) when the time is b, for m = E[X]. With tolerance 1, a time of a gives g = 1. Small steps
/// leave no correlation between the limit and the next time, and make the mean over answers that over time. The column has the limit
/// in whole attempts, half an attempt less on average.
#[test]
fn gradient2_rests_where_its_allowed_queue_makes_up_for_slow_answers() {
    for (p, allowed, rate) in [(0.5, 4, 80), (0.25, 2, 60)] {
        let (a, b, w) = (1.0, 1.5, 2.0 / 601.0);
        let mean = a + p * (b - a);
        let slow = (mean + w * (b - mean)) / b;
        let exact = f64::from(allowed) / (p * (1.0 - slow)) - 0.5;
        let law = format!("mixture = [{{ weight = {}, of = '{a} s' }}, {{ weight = {p}, of = '{b} s' }}]", 1.0 - p);
        let limit = format!("initial = 40, min = 1, max = 1_000, smoothing = '1%', tolerance = 1.0, queue = {allowed}");
        let pool = format!(
            "concurrency = 'unlimited'\nservice = {{ {law} }}\nconcurrency_limit = {{ gradient2 = {{ {limit} }} }}"
        );
        let runs = each(&overloaded(rate, &pool, 300, 600), 12, at_rest);
        let limits: Vec<f64> = runs.iter().map(|[limit, ..]| *limit).collect();
        let slower: Vec<f64> = runs.iter().map(|[.., service]| service / 1e3 - mean).collect();
        check_controlled(&format!("limit of Gradient2, p = {p}, Q = {allowed}"), exact, &limits, &[slower], 0.02);
    }
}
