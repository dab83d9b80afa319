//! Experiments: replications in order on any number of threads, arms on the same crowds, and stopping on request.

use std::sync::atomic::{AtomicU64, Ordering};

use dropstorm::analysis::{self, Analysis};
use dropstorm::experiment::{Arm, Progress, Trace, Watch, pair, replicate, replicate_each, replicate_with};
use dropstorm::measure::{Measurements, estimate};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::{Figure, Happening};

use super::desk::RETRIED;

fn model(servers: u64) -> Model {
    model_with("pool.api.servers", &servers.to_string())
}

/// A drop that overloads two servers but hardly four, with a setting changed.
fn model_with(path: &str, value: &str) -> Model {
    Model::compile(
        &Scenario::parse("drop.toml", &RETRIED.replace("viewers = 300", "viewers = 600"))
            .unwrap()
            .with(path, value)
            .unwrap(),
    )
}

/// The result of `work` in a rayon pool of `threads` threads.
fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// The bits of each figure, so that missing values (NaN) are equal too.
fn bits(values: impl IntoIterator<Item = f64>) -> Vec<u64> {
    values.into_iter().map(f64::to_bits).collect()
}

#[test]
fn replications_come_in_order_with_the_same_bytes_on_any_number_of_threads() {
    let model = model(2);
    let summary = |run: Measurements| bits(analysis::summary(&run, &Analysis::of(&run)));
    let all = on_threads(1, || replicate(&model, 3, 0..12, summary));
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "two replications are the same");
    for threads in [2, 5] {
        assert_eq!(on_threads(threads, || replicate(&model, 3, 0..12, summary)), all);
    }
    // A replication gives the same result in any range.
    assert_eq!(replicate(&model, 3, 5..8, summary), all[5..8]);
    assert_eq!(replicate(&model, 3, 4..4, summary).len(), 0);
}

#[test]
fn several_arms_come_by_arm_and_in_order() {
    let (two, four) = (model(2), model(4));
    let arms = [Arm { model: &two, seed: 3 }, Arm { model: &four, seed: 9 }];
    let watch = |_, _| Watch::new(&());
    let sent = on_threads(3, || replicate_each(&arms, 2..6, watch, |run| (run.replication, run.measurements.events)));
    let alone = |arm: &Arm<'_>| {
        let events = replicate(arm.model, arm.seed, 2..6, |run| run.events);
        (2..6).zip(events).collect::<Vec<_>>()
    };
    assert_eq!(sent.unwrap(), [alone(&arms[0]), alone(&arms[1])]);
}

#[test]
fn a_difference_is_taken_crowd_by_crowd_and_its_interval_is_narrow() {
    let (two, four) = (model(2), model(4));
    let arms = [Arm { model: &two, seed: 3 }, Arm { model: &four, seed: 3 }, Arm { model: &two, seed: 3 }];
    let compared = pair(&arms, 0..10, &()).unwrap();
    let figure = |model: &Model| {
        let of = |run: Measurements| analysis::figure(&run, Figure::AttemptsTotal);
        replicate(model, 3, 0..10, of)
    };
    let (attempts, fewer) = (figure(&two), figure(&four));
    let by_hand = estimate(&fewer.iter().zip(&attempts).map(|(four, two)| four - two).collect::<Vec<_>>());
    let paired = compared.difference(1, "attempts.total").unwrap();
    assert_eq!(Some(paired), by_hand);
    assert_eq!(compared.figure(1, "attempts.total"), estimate(&fewer));
    assert!(paired.high < 0.0 && paired.n == 10, "{paired:?}");
    // The same system on the same crowds gives the same bits, however wide the intervals of its figures are.
    let same = compared.difference(2, "attempts.total").unwrap();
    assert_eq!((same.low, same.high), (0.0, 0.0));
    // All arms face the same people, so the numbers of arrivals do not differ.
    let came = compared.difference(1, "viewers.arrived").unwrap();
    assert_eq!((came.low, came.high), (0.0, 0.0));
    assert!(compared.arms.iter().all(|arm| arm.same_crowds));
}

#[test]
fn common_crowds_narrow_the_difference_of_close_systems() {
    let (fast, slower) = (model(2), model_with("pool.api.service.exponential.mean", "505 ms"));
    let width = |seeds: [u64; 2]| {
        let arms = [Arm { model: &fast, seed: seeds[0] }, Arm { model: &slower, seed: seeds[1] }];
        let compared = pair(&arms, 0..40, &()).unwrap();
        assert_eq!(compared.arms[1].same_crowds, seeds[0] == seeds[1]);
        let difference = compared.difference(1, "utilization").unwrap();
        difference.high - difference.low
    };
    let (common, independent) = (width([3, 3]), width([3, 4]));
    assert!(common < 0.5 * independent, "{common} is not much narrower than {independent}");
}

/// Stops the experiment after a number of intervals of all runs together.
struct Until {
    intervals: AtomicU64,
    at_most: u64,
}

impl Progress for Until {
    fn advanced(&self, _: u64) {
        self.intervals.fetch_add(1, Ordering::Relaxed);
    }

    fn stop(&self) -> bool {
        self.intervals.load(Ordering::Relaxed) >= self.at_most
    }
}

#[test]
fn an_experiment_ends_on_request_and_leaves_nothing_half_done() {
    let model = model(2);
    let arms = [Arm { model: &model, seed: 1 }];
    let each = model.intervals() as u64;
    let until = |at_most| Until { intervals: AtomicU64::new(0), at_most };
    for at_most in [0, 1, each / 2, 3 * each + 1] {
        let progress = until(at_most);
        let kept = AtomicU64::new(0);
        let take = |_| kept.fetch_add(1, Ordering::Relaxed);
        let ended = on_threads(2, || replicate_each(&arms, 0..50, |_, _| Watch::new(&progress), take));
        assert_eq!(ended, None);
        // Each of two threads may finish the interval that it has begun.
        let ran = progress.intervals.into_inner();
        assert!(ran <= at_most + 2 && kept.into_inner() <= ran / each, "{ran} intervals after {at_most}");
    }
    assert!(pair(&arms, 0..2, &until(2 * each + 1)).is_some());
    assert!(pair(&arms, 0..2, &until(each)).is_none());
}

#[test]
fn a_trace_hears_of_the_first_viewers_and_changes_nothing() {
    let model = model(2);
    let progress = Until { intervals: AtomicU64::new(0), at_most: u64::MAX };
    let probe = |_| Trace::new(3, Watch::new(&progress));
    let traced = replicate_with(&model, 1, 0..1, probe, |run| (run.measurements.events, run.probe.into_events()));
    let (events, trace) = traced.unwrap().remove(0);
    assert_eq!(vec![events], replicate(&model, 1, 0..1, |run| run.events));
    assert_eq!(progress.intervals.into_inner(), model.intervals() as u64);
    let arrived: Vec<usize> =
        trace.iter().filter(|event| event.what == Happening::Arrived).map(|event| event.viewer).collect();
    assert_eq!(arrived, [0, 1, 2]);
    assert!(trace.is_sorted_by_key(|event| event.time) && trace.iter().all(|event| event.viewer < 3));
}
