//! Strict priority: the mean wait of each class.

use dropstorm::engine::{self, Probe, Who};
use dropstorm::units::Time;
use dropstorm::vocabulary::Happening;
use rayon::prelude::*;

use super::erlang::erlang_c;
use super::intervals::{check, each, figure, model, seed, window};

const SECONDS: u64 = 150_000;
const WARM_UP: u64 = SECONDS / 20;

/// Arrivals per second of each class, by server whose service has mean 1 s.
const RATES: [f64; 3] = [0.2, 0.3, 0.3];

/// Open streams of three classes to a pool whose queue has a priority.
fn classes(servers: u64, rates: [f64; 3], queue: &str) -> String {
    let class = |(rate, class): (f64, &str)| {
        format!(
            "[audience.{class}]\nrate = \"{}/s\"\njourney = \"{class}\"\n\
             [journey.{class}]\nsteps = [{{ request = \"api\", name = \"{class}\", priority = \"{class}\" }}]\n",
            rate * servers as f64
        )
    };
    let some = rates.into_iter().zip(["critical", "normal", "bulk"]).filter(|(rate, _)| *rate > 0.0);
    let classes: String = some.map(class).collect();
    let pool = format!(
        "[pool.api]\nservers = {servers}\nservice = {{ exponential = {{ mean = \"1 s\" }} }}\nqueue = {{ {queue} }}"
    );
    window(SECONDS, WARM_UP, &format!("{classes}{pool}"))
}

/// A probe that adds up waits by cohort, which is a class here, of those who came after the warm-up.
#[derive(Default)]
struct Waits {
    sent: [Vec<Time>; 3],
    count: [f64; 3],
    sum: [f64; 3],
}

impl Probe for Waits {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        let class = usize::from(who.cohort);
        match what {
            Happening::Sent { .. } => self.sent[class].push(now),
            Happening::ServiceBegan { .. } => {
                let sent = self.sent[class][who.ordinal as usize];
                if sent.seconds() > WARM_UP as f64 {
                    self.count[class] += 1.0;
                    self.sum[class] += now.since(sent).seconds();
                }
            }
            _ => {}
        }
    }
}

/// One queue: A. Cobham, Priority Assignment in Waiting Line Problems, Operations Research 2, 1954, and with several servers O. Kella
/// and U. Yechiali, Waiting Times in the Non-Preemptive Priority M/M/c Queue, Stochastic Models 1, 1985: the mean wait of class k
/// is W ÷ ((1 − σ of the classes above) (1 − σ of those and its own)), W the mean wait for a first slot of whoever comes.
fn check_classes(servers: u64, replications: u64, half_width: f64) {
    let total: f64 = RATES.iter().sum();
    let first = erlang_c(servers, total * servers as f64) / servers as f64;
    let model = model(&classes(servers, RATES, "shared = { priority = \"strict\" }"));
    let runs: Vec<Waits> = (0..replications)
        .into_par_iter()
        .map(|replication| {
            let mut waits = Waits::default();
            engine::run_with(&model, seed(replication), &mut waits);
            waits
        })
        .collect();
    let mut above = 0.0;
    for (class, rate) in RATES.into_iter().enumerate() {
        let exact = first / ((1.0 - above) * (1.0 - above - rate));
        above += rate;
        let means: Vec<f64> = runs.iter().map(|waits| waits.sum[class] / waits.count[class]).collect();
        check(&format!("M/M/{servers} with priorities, class {class}"), exact, &means, half_width);
    }
}

#[test]
fn each_class_waits_as_cobham_says() {
    check_classes(1, 100, 0.02);
}

mod long {
    use super::check_classes;
    use crate::long_tests::in_full;

    #[test]
    fn each_class_of_several_servers_waits_as_kella_and_yechiali_say() {
        let (replications, half_width) = if in_full() { (100, 0.02) } else { (8, 0.2) };
        check_classes(4, replications, half_width);
    }
}

/// A loss system of one class below another: with one place to wait the higher class takes it from the lower one. The chain of
/// (in service or not, who waits) is small enough to be solved by hand.
#[test]
fn a_full_queue_makes_room_for_a_higher_class() {
    // One server, one place. Rates: critical a, bulk b, service 1. States: idle, busy, critical waits, bulk waits.
    let (a, b) = (RATES[0], RATES[2]);
    let text = classes(1, [a, 0.0, b], "shared = { priority = \"strict\", limit = 1 }");
    // Balance: π1 = (a + b) π0; bulk waits: π3 (1 + a) = b π1; critical waits: π2 = a π1 + a π3.
    let busy = a + b;
    let bulk = b * busy / (1.0 + a);
    let critical = a * busy + a * bulk;
    let all = 1.0 + busy + bulk + critical;
    // Critical ones are rejected by a waiting critical one only; bulk ones by either, and they are pushed out.
    let (rejected, shed) = ((a * critical + b * (critical + bulk)) / all, a * bulk / all);
    let seconds = SECONDS as f64 * 0.95;
    let text = format!("measure = {{ from = \"{WARM_UP} s\" }}\n{text}");
    let rates = each(&text, 64, |run| ["attempts.rejected", "attempts.shed"].map(|name| figure(run, name) / seconds));
    check("rejected of two classes", rejected, &rates.iter().map(|rate| rate[0]).collect::<Vec<_>>(), 0.02);
    check("pushed out of two classes", shed, &rates.iter().map(|rate| rate[1]).collect::<Vec<_>>(), 0.02);
}
