//! The rule step by step, against plain programs written from the documentation of the systems whose rule it is.

use proptest::prelude::*;

use super::*;

/// No limits at all: every advice is followed.
const FREE: Limits = Limits { tolerance: 0.0, sustained: 1, stabilization: 1, cooldown: 0, pace: None };

fn target(value: f64) -> Rule {
    Rule { aim: Aim::Target(value), out: FREE, inward: Some(FREE) }
}

/// Servers that are all up, with a metric of their sum.
fn seen(up: u64, total: f64) -> Seen {
    let mean = (up > 0).then(|| total / up as f64);
    Seen { up, booting: 0, wanted: up, total: Some(total), mean, waiting: false, at_least: 0, at_most: 1_000 }
}

/// The horizontal pod autoscaler of Kubernetes as its documentation and `horizontal.go` state it, in lists and loops:
/// sync period 15 s, tolerance 10%, ceil(ratio × pods), pods that are not ready count as 0% on the way up and are left out
/// on the way down, an advice that would turn round is dropped, the greatest advice of 300 s holds on the way down, at most
/// 4 pods or 100% more in 15 s.
struct Hpa {
    target: f64,
    least: u64,
    most: u64,
    now_s: f64,
    /// Advice with its time.
    advice: Vec<(f64, u64)>,
    /// Pods added, with the time.
    added: Vec<(f64, u64)>,
}

impl Hpa {
    fn sync(&mut self, ready: &[f64], unready: usize, replicas: u64) -> u64 {
        self.now_s += 15.0;
        let desired = self.advise(ready, unready, replicas);
        let recent = self.advice.iter().filter(|(at, _)| *at > self.now_s - 300.0).map(|(_, pods)| *pods);
        let highest = recent.chain([desired]).max().unwrap();
        // On the way up only the present advice counts.
        let mut stable = replicas;
        if stable < desired {
            stable = desired;
        }
        if stable > highest {
            stable = highest;
        }
        self.advice.push((self.now_s, desired));
        if stable > replicas {
            let added: u64 = self.added.iter().filter(|(at, _)| *at > self.now_s - 15.0).map(|(_, pods)| *pods).sum();
            let start = replicas - added;
            stable = stable.min((start + 4).max(start * 2));
        }
        let wanted = stable.clamp(self.least, self.most);
        if wanted > replicas {
            self.added.push((self.now_s, wanted - replicas));
        }
        wanted
    }

    fn advise(&self, ready: &[f64], unready: usize, replicas: u64) -> u64 {
        if ready.is_empty() {
            return replicas;
        }
        let ratio = |count: usize| ready.iter().sum::<f64>() / count as f64 / self.target;
        let first = ratio(ready.len());
        if unready == 0 || first <= 1.0 {
            if (first - 1.0).abs() <= 0.1 {
                return replicas;
            }
            return (first * ready.len() as f64 - 1e-9).ceil() as u64;
        }
        let with_unready = ratio(ready.len() + unready);
        if (with_unready - 1.0).abs() <= 0.1 || with_unready < 1.0 {
            return replicas;
        }
        let pods = (with_unready * (ready.len() + unready) as f64 - 1e-9).ceil() as u64;
        if pods < replicas { replicas } else { pods }
    }
}

proptest! {
    /// Load goes up and down at random, pods take some syncs to become ready.
    #[test]
    fn with_its_defaults_it_is_the_horizontal_pod_autoscaler(
        loads in prop::collection::vec((0.0_f64..30.0, 0_u64..3), 1..120),
        start in 1_u64..12,
        boot in 0_usize..6,
    ) {
        let pace = Pace { servers: 4, share: 1.0, per: 1 };
        let out = Limits { tolerance: 0.1, pace: Some(pace), ..FREE };
        let rule = Rule { aim: Aim::Target(0.6), out, inward: Some(Limits { tolerance: 0.1, stabilization: 20, ..FREE }) };
        let mut state = State::new(&rule, start);
        let mut hpa = Hpa { target: 0.6, least: 2, most: 40, now_s: 0.0, advice: vec![], added: vec![] };
        // The pods by the syncs until they are ready.
        let mut pods = vec![0; start as usize];
        let mut load = 1.0;
        for (next, change) in loads {
            load = if change == 0 { next } else { load };
            let ready = pods.iter().filter(|left| **left == 0).count();
            let booting = pods.len() - ready;
            // Each ready pod has an equal part of the load, and no more than all of its processors.
            let each = if ready == 0 { 0.0 } else { (load / ready as f64).min(1.0) };
            let metric = vec![each; ready];
            let wanted = hpa.sync(&metric, booting, pods.len() as u64);
            let total: f64 = metric.iter().sum();
            let seen = Seen {
                up: ready as u64,
                booting: booting as u64,
                wanted: pods.len() as u64,
                total: (ready > 0).then_some(total),
                mean: (ready > 0).then_some(each),
                waiting: false,
                at_least: 2,
                at_most: 40,
            };
            prop_assert_eq!(state.evaluate(&rule, &seen), wanted);
            pods.iter_mut().for_each(|left: &mut usize| *left = left.saturating_sub(1));
            // Pods that are not ready go first.
            pods.sort_unstable();
            pods.truncate(wanted as usize);
            pods.resize(wanted as usize, boot);
        }
    }
}

/// Target tracking of AWS: an alarm at 3 of 3 minutes above the target sets `ceil(capacity × metric ÷ target)` at once; an
/// alarm at 15 of 15 minutes below 70% of it takes servers away; nothing happens between.
#[test]
fn with_alarms_of_3_and_15_minutes_it_is_target_tracking_of_aws() {
    let out = Limits { sustained: 3, ..FREE };
    let rule = Rule { aim: Aim::Target(0.6), out, inward: Some(Limits { tolerance: 0.3, sustained: 15, ..FREE }) };
    let mut state = State::new(&rule, 10);
    let mut capacity = 10;
    let (mut high, mut low) = (0, 0);
    let mut moves = Vec::new();
    // Minutes at a mean utilization, each held for some minutes.
    for (minutes, metric) in [(2, 0.9), (1, 0.6), (5, 0.75), (14, 0.41), (1, 0.43), (20, 0.4), (10, 0.5), (4, 1.0)] {
        for _ in 0..minutes {
            high = if metric > 0.6 { high + 1 } else { 0 };
            low = if metric < 0.42 { low + 1 } else { 0 };
            let moved = f64::ceil(f64::from(capacity) * metric / 0.6 - 1e-9) as u32;
            let before = capacity;
            if high >= 3 || low >= 15 {
                capacity = moved;
            }
            if capacity != before {
                moves.push(capacity);
            }
            let wanted = state.evaluate(&rule, &seen(u64::from(before), f64::from(before) * metric));
            assert_eq!(wanted, u64::from(capacity), "at {metric}");
        }
    }
    assert_eq!(moves, [13, 17, 22, 15, 10, 7, 5, 4, 3, 5, 9]);
}

#[test]
fn what_boots_counts_as_servers_without_load_on_the_way_up() {
    let rule = Rule { out: Limits { tolerance: 0.1, ..FREE }, ..target(0.5) };
    let evaluate = |up: u64, booting: u64, total: f64| {
        let seen = Seen { booting, wanted: up + booting, ..seen(up, total) };
        State::new(&rule, up + booting).evaluate(&rule, &seen)
    };
    // Ten at 100% want twenty; with ten that boot this is what is coming, with fifteen more than enough.
    assert_eq!(evaluate(10, 0, 10.0), 20);
    assert_eq!(evaluate(10, 10, 10.0), 20);
    assert_eq!(evaluate(10, 15, 10.0), 25, "what is more than enough is not taken back while the servers are hot");
    assert_eq!(evaluate(10, 5, 10.0), 20);
    // Within the tolerance once those that boot are counted.
    assert_eq!(evaluate(10, 9, 10.0), 19);
    // Cool servers let those that boot go.
    assert_eq!(evaluate(10, 10, 2.0), 4);
}

#[test]
fn crashed_servers_are_wanted_until_they_are_repaired() {
    let rule = target(0.5);
    // Six of ten are up and hot: they want twelve. At 70% they want nine, which is less than what is wanted already.
    let six = |total: f64| Seen { wanted: 10, ..seen(6, total) };
    assert_eq!(State::new(&rule, 10).evaluate(&rule, &six(6.0)), 12);
    assert_eq!(State::new(&rule, 10).evaluate(&rule, &six(4.2)), 10);
}

#[test]
fn out_takes_the_least_advice_and_in_the_greatest() {
    let slow = Limits { stabilization: 3, ..FREE };
    let rule = Rule { aim: Aim::Target(1.0), out: slow, inward: Some(slow) };
    let mut state = State::new(&rule, 10);
    let mut wanted = 10;
    let mut all = Vec::new();
    for total in [20.0, 15.0, 30.0, 40.0, 5.0, 5.0, 6.0, 5.0, 5.0] {
        wanted = state.evaluate(&rule, &seen(wanted, total));
        all.push(wanted);
    }
    // The first advice, 20, holds at once, since there is none before it; later ones on the way up are held by the 15, and
    // the way down begins when the 40 is three evaluations old.
    assert_eq!(all, [20, 20, 20, 20, 20, 20, 6, 6, 6]);
}

#[test]
fn a_direction_rests_after_its_action() {
    let rule = Rule { out: Limits { cooldown: 3, ..FREE }, ..target(1.0) };
    let mut state = State::new(&rule, 1);
    let mut wanted = 1;
    let all: Vec<u64> = [2.0, 3.0, 4.0, 5.0, 1.0, 6.0, 6.0]
        .into_iter()
        .map(|total| {
            wanted = state.evaluate(&rule, &seen(wanted, total));
            wanted
        })
        .collect();
    assert_eq!(all, [2, 2, 2, 5, 1, 1, 6], "in goes on while out rests");
}

#[test]
fn a_pace_is_the_larger_of_a_number_and_a_share_of_what_was_wanted_at_its_begin() {
    let grow = |pace: Pace, evaluations: usize| {
        let rule = Rule { out: Limits { pace: Some(pace), ..FREE }, ..target(1.0) };
        let mut state = State::new(&rule, 3);
        let mut wanted = 3;
        (0..evaluations)
            .map(|_| {
                wanted = state.evaluate(&rule, &seen(wanted, 900.0));
                wanted
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(grow(Pace { servers: 4, share: 1.0, per: 1 }, 4), [7, 14, 28, 56]);
    assert_eq!(grow(Pace { servers: 1, share: 0.5, per: 1 }, 4), [5, 8, 12, 18], "rounded up");
    // Within two evaluations no more than twice what was wanted before them.
    assert_eq!(grow(Pace { servers: 0, share: 1.0, per: 2 }, 5), [6, 6, 12, 12, 24]);
    assert_eq!(grow(Pace { servers: 0, share: 0.0, per: 1 }, 2), [3, 3]);
    let rule = Rule { out: Limits { pace: Some(Pace { servers: 0, share: 0.5, per: 1 }), ..FREE }, ..target(1.0) };
    assert_eq!(State::new(&rule, 0).evaluate(&rule, &seen(0, 900.0)), 1, "half of none is one");
}

#[test]
fn somebody_who_sets_the_number_uses_up_no_pace() {
    let pace = Pace { servers: 2, share: 0.0, per: 2 };
    let rule = Rule { out: Limits { pace: Some(pace), ..FREE }, ..target(1.0) };
    let mut state = State::new(&rule, 3);
    assert_eq!(state.evaluate(&rule, &seen(3, 900.0)), 5);
    state.set(20);
    assert_eq!(state.evaluate(&rule, &seen(20, 900.0)), 22);
}

#[test]
fn the_furthest_bound_that_is_passed_holds_and_a_step_is_at_least_one_server() {
    let above = vec![(0.7, Amount::Share(0.2)), (0.9, Amount::Servers(40))];
    let below = vec![(0.3, Amount::Share(0.1)), (0.1, Amount::Share(0.5))];
    let rule = Rule { aim: Aim::Steps { above, below }, ..target(1.0) };
    let step = |up: u64, booting: u64, mean: f64| {
        let seen = Seen { booting, wanted: up + booting, ..seen(up, mean * up as f64) };
        State::new(&rule, up + booting).evaluate(&rule, &seen)
    };
    assert_eq!([step(10, 0, 0.7), step(10, 0, 0.8), step(10, 0, 0.95)], [10, 12, 50]);
    assert_eq!([step(3, 0, 0.8), step(19, 0, 0.8)], [4, 22], "toward zero, and at least one");
    // What boots counts towards the step.
    assert_eq!([step(10, 1, 0.8), step(10, 2, 0.8), step(10, 5, 0.8), step(10, 5, 0.95)], [12, 12, 15, 50]);
    assert_eq!([step(10, 0, 0.29), step(10, 0, 0.05), step(1, 0, 0.05)], [9, 5, 0]);
}

#[test]
fn nothing_is_known_at_first_and_whoever_waits_without_any_server_is_a_reason_to_boot_one() {
    let rule = target(0.5);
    let nothing = Seen { total: None, mean: None, ..seen(0, 0.0) };
    assert_eq!(State::new(&rule, 0).evaluate(&rule, &nothing), 0);
    assert_eq!(State::new(&rule, 0).evaluate(&rule, &Seen { waiting: true, ..nothing }), 1);
    let slow = Rule { out: Limits { sustained: 9, ..FREE }, ..target(0.5) };
    assert_eq!(State::new(&slow, 0).evaluate(&slow, &Seen { waiting: true, ..nothing }), 1);
    // One that boots is enough.
    let boots = Seen { waiting: true, booting: 1, wanted: 1, ..nothing };
    assert_eq!(State::new(&rule, 1).evaluate(&rule, &boots), 1);
}

#[test]
fn bounds_hold_whatever_the_pace() {
    let rule = Rule { out: Limits { pace: Some(Pace { servers: 1, share: 0.0, per: 1 }), ..FREE }, ..target(0.5) };
    let bounded = |at_least, at_most| Seen { at_least, at_most, ..seen(10, 5.0) };
    assert_eq!(State::new(&rule, 10).evaluate(&rule, &bounded(30, 100)), 30);
    assert_eq!(State::new(&rule, 10).evaluate(&rule, &bounded(0, 8)), 8);
    let never = Rule { inward: None, ..target(0.5) };
    assert_eq!(State::new(&never, 10).evaluate(&never, &seen(10, 0.0)), 10, "what was added stays");
}
