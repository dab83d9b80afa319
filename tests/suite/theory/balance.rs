//! Little's law, exactly: in a run that ends empty, the integral of each level is the sum of the times of all viewers in it.

use std::collections::HashMap;

use dropstorm::analysis::{figure, figures_of};
use dropstorm::engine::{self, Probe, Who};
use dropstorm::measure::Scope;
use dropstorm::units::Time;
use dropstorm::vocabulary::{Column, Figure, Happening, Outcome, Path, RowKind};

use super::intervals::{model, seed, window};

/// A probe that adds up the times of all viewers in the queue of each pool, in service of each pool, and in streams.
#[derive(Default)]
struct Sums {
    pool: HashMap<Who, usize>,
    since: HashMap<Who, (Doing, Time)>,
    waiting_s: [f64; 2],
    serving_s: [f64; 2],
    streaming_s: [f64; 2],
}

#[derive(Clone, Copy, PartialEq)]
enum Doing {
    Waiting,
    Served,
    Streaming,
}

impl Sums {
    /// Ends the present activity of a viewer.
    fn close(&mut self, now: Time, who: Who) {
        if let Some((doing, since)) = self.since.remove(&who) {
            let seconds = (now.0 - since.0) as f64 / 1e9;
            match doing {
                Doing::Waiting => self.waiting_s[self.pool[&who]] += seconds,
                Doing::Served => self.serving_s[self.pool[&who]] += seconds,
                Doing::Streaming => self.streaming_s[usize::from(who.cohort)] += seconds,
            }
        }
    }
}

impl Probe for Sums {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        let doing = match what {
            Happening::Sent { pool, .. } => {
                self.pool.insert(who, pool);
                return;
            }
            Happening::Queued { .. } => Some(Doing::Waiting),
            Happening::ServiceBegan { .. } => Some(Doing::Served),
            Happening::StreamBegan { .. } => Some(Doing::Streaming),
            Happening::Ended { outcome: Outcome::Served | Outcome::TimedOut | Outcome::Failed, .. }
            | Happening::AppTimerEnded
            | Happening::PatienceEnded
            | Happening::StreamEnded
            | Happening::StallLeft => None,
            _ => return,
        };
        self.close(now, who);
        if let Some(doing) = doing {
            self.since.insert(who, (doing, now));
        }
    }
}

/// Asserts that an integral is a sum, but for the rounding of floating-point numbers.
#[track_caller]
fn close(what: &str, integral: f64, sum: f64) {
    println!("{what}: {integral} {sum}");
    assert!(sum > 0.0 && (integral / sum - 1.0).abs() < 1e-9, "{what}: {integral} is not {sum}");
}

/// Two pools in overload with all kinds of failure and two regions with stalls; everyone has left at the end.
#[test]
fn what_is_inside_is_the_sum_of_the_time_spent_there() {
    let rest = r#"
        [region.north]
        link = { capacity = "400 Mbps" }
        [region.south]
        link = { capacity = "200 Mbps" }
        [delivery]
        ladder = ["500 kbps", "1 Mbps", "2 Mbps"]
        devices = { phone = { peak = "1 Mbps", share = 0.5 }, tv = { peak = "2 Mbps", share = 0.5 } }
        [audience.crowd]
        viewers = { north = 3000, south = 2000 }
        arrival = { exponential = { mean = "3 min" } }
        journey = "watch"
        client = "app"
        [journey.watch]
        steps = [
          { request = "front" },
          { request = "back", times = 2 },
          { stream = { exponential = { mean = "4 min" } }, then = { name = "back", probability = 0.3 } },
        ]
        [client.app]
        timeout = "4 s"
        patience = { until_reply = { exponential = { mean = "20 s" } } }
        retry = { attempts = 3, backoff = { exponential = { base = "1 s" } }, jitter = "full" }
        refresh = { probability = 0.7, delay = { exponential = { mean = "5 s" } }, attempts = 5 }
        come_back = { probability = 0.3, delay = { exponential = { mean = "1 min" } }, attempts = 2 }
        stall_patience = { exponential = { mean = "3 min" } }
        [pool.front]
        servers = 10
        service = { lognormal = { mean = "600 ms", cv = 1.0 } }
        queue = { shared = { limit = 200 } }
        timeout = "5 s"
        on_timeout = "abort"
        on_abandon = "abort"
        failure = "2%"
        [pool.back]
        servers = 4
        concurrency = 5
        service = { exponential = { mean = "500 ms" } }
        queue_timeout = "3 s"
        on_abandon = "abort"
        failure = "1%"
    "#;
    let mut sums = Sums::default();
    let run = engine::run_with(&model(&window(14_400, 60, rest)), seed(0), &mut sums);
    assert_eq!((run.ledger.inside(), run.ledger.in_flight), (0, 0), "the run must end empty");
    let figures = figures_of(&[run]);
    let integral = |scope, column| {
        let index = figures.scope(scope).unwrap();
        figures.series(index, column).sum::<f64>() * figures.width_s
    };
    for pool in 0..2 {
        let scope = Scope::pool(pool);
        close("time in a queue", integral(scope, Column::QueueMean), sums.waiting_s[pool]);
        close("time in service", integral(scope, Column::InServiceMean), sums.serving_s[pool]);
    }
    for region in 0..2 {
        let scope = Scope::region(region);
        close("time in streams", integral(scope, Column::StreamsMean), sums.streaming_s[region]);
    }
    let stalled = figures.summary("stalled_share").unwrap().mean;
    assert!(stalled > 0.01, "streams must stall for the test to mean anything: {stalled}");
}

/// A database in overload at first, which a gateway calls; everybody is served, so that each attempt inside has a latency
/// (J. D. C. Little, Operations Research 9, 1961).
#[test]
fn the_mean_latency_of_all_who_are_served_is_the_mean_time_inside() {
    let (seconds, slots) = (3_600.0, 4.0 * 16.0);
    let rest = r#"
        [audience.crowd]
        viewers = 9000
        arrival = { exponential = { mean = "3 min" } }
        journey = "ask"
        [journey.ask]
        steps = [{ request = "gateway" }]
        [pool.gateway]
        servers = 4
        concurrency = 16
        service = { exponential = { mean = "200 ms" } }
        calls = [{ pool = "database" }]
        [pool.database]
        servers = 2
        cores = 2
        concurrency = 8
        service = { exponential = { mean = "100 ms" } }
    "#;
    let run = engine::run(&model(&window(3_600, 60, rest)), seed(0));
    assert_eq!((run.ledger.inside(), run.ledger.in_flight), (0, 0), "the run must end empty");
    let of = |pool: usize, of: Figure| figure(&run, Path { figure: of, kind: RowKind::Pool, index: pool });
    let spent = [0, 1].map(|pool| of(pool, Figure::LatencyMean) / 1e3 * of(pool, Figure::Attempts(Outcome::Served)));
    for (pool, spent) in spent.into_iter().enumerate() {
        assert!(of(pool, Figure::QueueMean) > 0.1, "nobody waits at pool {pool}");
        close("time inside", (of(pool, Figure::QueueMean) + of(pool, Figure::InServiceMean)) * seconds, spent);
    }
    // A slot of the gateway works unless its attempt is inside the database.
    close("time at work", of(0, Figure::Cpu) * slots * seconds, of(0, Figure::InServiceMean) * seconds - spent[1]);
    assert_eq!(figure(&run, Figure::TimeMean), of(0, Figure::LatencyMean), "nobody retries");
}
