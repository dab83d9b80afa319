//! W5 as one loop around a binary heap, with counters only: a gateway that asks a service, which asks a database.

use std::collections::VecDeque;

use peers::{Agenda, Counts, Random, exponential, uniform};
use rand::SeedableRng as _;

/// Layers: gateway, service, database.
const LAYERS: usize = 3;
const SERVERS: [f64; LAYERS] = [2_000.0, 2_000.0, 270.0];
const SERVICE: [f64; LAYERS] = [0.001, 0.005, 0.020];
/// Probability that an attempt at the database fails.
const FAILURE: f64 = 0.2;
/// Attempts of a call, and the upper end of the first pause between them.
const ATTEMPTS: u32 = 3;
const BACKOFF: f64 = 0.010;
/// Requests a second, and when the doors close.
const RATE: f64 = 10_000.0;
const CLOSE: f64 = 1_000.0;
/// The budget of a layer: thousandths of a token that a first attempt earns, that a retry costs, and that each server has.
const EARN: u64 = 100;
const RETRY: u64 = 1_000;
const MOST: f64 = 5_000.0;

#[derive(Clone, Copy)]
enum What {
    Arrival,
    Served,
    Retry,
}

/// An attempt that is not over yet.
#[derive(Clone, Copy)]
struct Attempt {
    /// The attempt that made it; of no meaning at the gateway.
    caller: u32,
    layer: u32,
    /// Attempts of its own call so far.
    tries: u32,
}

/// A layer at work.
struct Layer {
    servers: usize,
    busy: usize,
    queue: VecDeque<u32>,
    /// Tokens in the budget, in thousandths.
    tokens: u64,
    most: u64,
}

struct Simulation {
    rate: f64,
    random: Random,
    now: f64,
    agenda: Agenda<What>,
    attempts: Vec<Attempt>,
    free: Vec<u32>,
    layers: [Layer; LAYERS],
    counts: Counts,
}

impl Simulation {
    fn new(size: f64, random: Random) -> Simulation {
        let layer = |servers: f64| {
            let most = (MOST * servers * size) as u64;
            let servers = (servers * size).round() as usize;
            Layer { servers, busy: 0, queue: VecDeque::new(), tokens: most, most }
        };
        Simulation {
            rate: RATE * size,
            random,
            now: 0.0,
            agenda: Agenda::default(),
            attempts: Vec::new(),
            free: Vec::new(),
            layers: SERVERS.map(layer),
            counts: Counts::default(),
        }
    }

    fn run(&mut self) {
        self.expect();
        while let Some(event) = self.agenda.next() {
            self.now = event.time;
            match event.what {
                What::Arrival => {
                    self.expect();
                    self.counts.requests += 1;
                    self.send(0, u32::MAX);
                }
                What::Served => self.served(event.row),
                What::Retry => self.send(self.attempts[event.row as usize].layer + 1, event.row),
            }
        }
    }

    fn expect(&mut self) {
        let time = self.now + exponential(&mut self.random) / self.rate;
        if time < CLOSE {
            self.agenda.schedule(time, What::Arrival, 0);
        }
    }

    fn send(&mut self, layer: u32, caller: u32) {
        self.counts.attempts += 1;
        let new = Attempt { caller, layer, tries: 0 };
        let attempt = match self.free.pop() {
            Some(free) => {
                self.attempts[free as usize] = new;
                free
            }
            None => {
                self.attempts.push(new);
                self.attempts.len() as u32 - 1
            }
        };
        let at = &mut self.layers[layer as usize];
        if at.busy < at.servers {
            at.busy += 1;
            self.serve(attempt);
        } else {
            at.queue.push_back(attempt);
            self.counts.waited += 1;
            self.counts.waiting_s -= self.now;
        }
    }

    fn serve(&mut self, attempt: u32) {
        let layer = self.attempts[attempt as usize].layer as usize;
        let time = self.now + exponential(&mut self.random) * SERVICE[layer];
        self.agenda.schedule(time, What::Served, attempt);
    }

    /// The own service of an attempt ends: it calls the next layer, or fails by chance at the last.
    fn served(&mut self, attempt: u32) {
        let row = &mut self.attempts[attempt as usize];
        let layer = row.layer as usize;
        if layer + 1 == LAYERS {
            let failed = uniform(&mut self.random) < FAILURE;
            return self.finish(attempt, failed);
        }
        row.tries = 1;
        let budget = &mut self.layers[layer];
        budget.tokens = (budget.tokens + EARN).min(budget.most);
        self.send(layer as u32 + 1, attempt);
    }

    /// An attempt leaves its slot to the next, and its caller learns of its end.
    fn finish(&mut self, attempt: u32, failed: bool) {
        let Attempt { caller, layer, .. } = self.attempts[attempt as usize];
        self.counts.served += u64::from(!failed);
        self.free.push(attempt);
        match self.layers[layer as usize].queue.pop_front() {
            Some(next) => {
                self.counts.waiting_s += self.now;
                self.serve(next);
            }
            None => self.layers[layer as usize].busy -= 1,
        }
        if layer > 0 {
            self.answered(caller, failed);
        } else {
            self.counts.gave_up += u64::from(failed);
        }
    }

    fn answered(&mut self, caller: u32, failed: bool) {
        let row = &mut self.attempts[caller as usize];
        if !failed {
            return self.finish(caller, false);
        }
        let budget = &mut self.layers[row.layer as usize];
        if row.tries == ATTEMPTS || budget.tokens < RETRY {
            return self.finish(caller, true);
        }
        budget.tokens -= RETRY;
        let longest = BACKOFF * f64::from(1_u32 << (row.tries - 1));
        row.tries += 1;
        let pause = uniform(&mut self.random) * longest;
        self.agenda.schedule(self.now + pause, What::Retry, caller);
    }
}

fn main() -> Result<(), String> {
    let usage = || "usage: cascade w5 [SIZE [SEED]]".to_owned();
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some("w5") {
        return Err(usage());
    }
    let size = arguments.next().map_or(Ok(1.0), |text| text.parse()).map_err(|_| usage())?;
    let seed = arguments.next().map_or(Ok(1), |text| text.parse()).map_err(|_| usage())?;
    let mut simulation = Simulation::new(size, Random::seed_from_u64(seed));
    simulation.run();
    simulation.counts.print("w5", size);
    Ok(())
}
