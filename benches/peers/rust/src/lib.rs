//! What the programs of the comparison share: the workloads, how arrivals are drawn, and the line of counts that each
//! program prints.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_distr::Exp1;
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

/// The generator of all programs in Rust.
pub type Random = Xoshiro256PlusPlus;

/// A draw from the exponential law of mean 1.
#[inline]
pub fn exponential(random: &mut Random) -> f64 {
    random.sample(Exp1)
}

/// A draw from the uniform law on (0, 1).
#[inline]
pub fn uniform(random: &mut Random) -> f64 {
    random.random()
}

/// One of the workloads in `benches/workloads`, at some size.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Workload {
    /// Its name: `w1`, `w2`, `w2b` or `w4`.
    pub name: String,
    /// The share of the full size.
    pub size: f64,
    /// How many servers; each works on one attempt at a time. Those of `w4` have queues of their own.
    pub servers: usize,
    /// Mean of the exponential service time, in seconds.
    pub service: f64,
    /// How many attempts may wait.
    pub queue_limit: usize,
    /// How long an attempt waits, in seconds.
    pub queue_timeout: Option<f64>,
    /// How many attempts a request has.
    pub attempts: u32,
    /// Upper end of the first pause, in seconds; it doubles with each further one.
    pub backoff: f64,
    /// Rate of the Poisson stream, in requests a second.
    pub rate: f64,
    /// How many people of the crowd come before the doors close.
    pub crowd: u64,
    /// Mean of the exponential law of the crowd's arrivals, in seconds.
    pub crowd_mean: f64,
    /// When the doors close, in seconds.
    pub close: f64,
}

impl Workload {
    /// A workload by its name. A smaller W1 or W4 is shorter; a smaller W2 or W2b has fewer of everything, as dropstorm's
    /// `scale` has it.
    pub fn new(name: &str, size: f64) -> Option<Workload> {
        let w1 = Workload {
            name: name.to_owned(),
            size,
            servers: 100,
            service: 0.09,
            queue_limit: usize::MAX,
            queue_timeout: None,
            attempts: 1,
            backoff: 0.0,
            rate: 1000.0,
            crowd: 0,
            crowd_mean: 1.0,
            close: 10_000.0 * size,
        };
        let queue_limit = match name {
            "w1" => return Some(w1),
            "w4" => {
                let close = 100.0 * size;
                return Some(Workload { servers: 10_000, service: 0.095, rate: 100_000.0, close, ..w1 });
            }
            "w2" => 5_000.0,
            "w2b" => 50_000.0,
            _ => return None,
        };
        let (close, crowd_mean) = (600.0, 120.0);
        let share_before_close = 1.0 - f64::exp(-close / crowd_mean);
        Some(Workload {
            servers: (1_000.0 * size).round() as usize,
            service: 0.1,
            queue_limit: (queue_limit * size).round() as usize,
            queue_timeout: Some(2.0),
            attempts: 5,
            backoff: 1.0,
            rate: 5_000.0 * size,
            crowd: (4_800_000.0 * size * share_before_close).round() as u64,
            crowd_mean,
            close,
            ..w1
        })
    }

    /// The workload and the generator that the arguments of the process ask for: NAME [SIZE [SEED]].
    ///
    /// # Errors
    /// Says how the program is used.
    pub fn from_arguments() -> Result<(Workload, Random), String> {
        let usage = || "usage: PROGRAM w1|w2|w2b|w4 [SIZE [SEED]]".to_owned();
        let mut arguments = std::env::args().skip(1);
        let name = arguments.next().ok_or_else(usage)?;
        let size = arguments.next().map_or(Ok(1.0), |text| text.parse()).map_err(|_| usage())?;
        let seed = arguments.next().map_or(Ok(1), |text| text.parse()).map_err(|_| usage())?;
        let workload = Workload::new(&name, size).ok_or_else(usage)?;
        Ok((workload, Random::seed_from_u64(seed)))
    }

    /// When the next request of the stream comes after one at `now`, if it comes at all.
    #[inline]
    pub fn next_of_stream(&self, now: f64, random: &mut Random) -> Option<f64> {
        let time = now + exponential(random) / self.rate;
        (time < self.close).then_some(time)
    }
}

/// The arrivals of a crowd in order, one at a time: what is left of a sample's order statistics, given those passed, is
/// a sample again, so the logarithm of the uniform variable moves by an exponential over the number of those left.
#[derive(Debug, Serialize, Deserialize)]
pub struct Crowd {
    left: u64,
    sum: f64,
    after_close: f64,
    mean: f64,
}

impl Crowd {
    /// The crowd of a workload, nobody of whom has come yet.
    pub fn new(workload: &Workload) -> Crowd {
        let after_close = f64::exp(-workload.close / workload.crowd_mean);
        Crowd { left: workload.crowd, sum: 0.0, after_close, mean: workload.crowd_mean }
    }

    /// When the next one comes, in seconds.
    #[inline]
    pub fn next(&mut self, random: &mut Random) -> Option<f64> {
        if self.left == 0 {
            return None;
        }
        self.sum += exponential(random) / self.left as f64;
        self.left -= 1;
        Some(-self.mean * f64::ln(self.after_close + (1.0 - self.after_close) * f64::exp(-self.sum)))
    }
}

/// What a program counts.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Requests begun.
    pub requests: u64,
    /// Attempts made.
    pub attempts: u64,
    /// Attempts served; each of them ends its request.
    pub served: u64,
    /// Attempts that met a full queue.
    pub rejected_503: u64,
    /// Attempts whose wait was too long.
    pub timed_out_504: u64,
    /// Requests whose attempts were used up.
    pub gave_up: u64,
    /// Attempts that were queued.
    pub waited: u64,
    /// Seconds that they waited, in all: the instants at which they left the queue less those at which they joined it.
    pub waiting_s: f64,
}

/// The line that a program prints.
#[derive(Serialize)]
struct Line<'a> {
    workload: &'a str,
    size: f64,
    #[serde(flatten)]
    counts: Counts,
    events: u64,
}

impl Counts {
    /// What happened, however a program brings it about: attempts that arrive, service that ends, waits that time out.
    pub fn events(&self) -> u64 {
        self.attempts + self.served + self.timed_out_504
    }

    /// Prints the line of counts of a workload at some size.
    pub fn print(self, workload: &str, size: f64) {
        let line = Line { workload, size, counts: self, events: self.events() };
        println!("{}", serde_json::json!(line));
    }
}

/// An event, in 24 bytes. Those of one instant happen in the order in which they were scheduled.
pub struct Event<W> {
    /// When it happens, in seconds.
    pub time: f64,
    /// Its place among all that were scheduled.
    pub number: u64,
    /// What happens.
    pub what: W,
    /// Number of the request, attempt or server that it is about.
    pub row: u32,
}

impl<W> Ord for Event<W> {
    /// The heap has its greatest element on top, so the earliest event is the greatest.
    fn cmp(&self, other: &Event<W>) -> Ordering {
        other.time.total_cmp(&self.time).then(other.number.cmp(&self.number))
    }
}

impl<W> PartialOrd for Event<W> {
    fn partial_cmp(&self, other: &Event<W>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<W> PartialEq for Event<W> {
    fn eq(&self, other: &Event<W>) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<W> Eq for Event<W> {}

/// The events that are to come, in a binary heap.
pub struct Agenda<W> {
    events: BinaryHeap<Event<W>>,
    numbers: u64,
}

impl<W> Default for Agenda<W> {
    fn default() -> Agenda<W> {
        Agenda { events: BinaryHeap::new(), numbers: 0 }
    }
}

impl<W> Agenda<W> {
    /// Schedules an event, and returns its number.
    #[inline]
    pub fn schedule(&mut self, time: f64, what: W, row: u32) -> u64 {
        let number = self.numbers;
        self.numbers += 1;
        self.events.push(Event { time, number, what, row });
        number
    }

    /// Takes the earliest event.
    #[inline]
    pub fn next(&mut self) -> Option<Event<W>> {
        self.events.pop()
    }
}
