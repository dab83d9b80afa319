//! What a good engineer writes in an afternoon: the workloads as one loop around a binary heap, with counters only.

use std::collections::VecDeque;

use peers::{Agenda, Counts, Crowd, Random, Workload, exponential, uniform};

#[derive(Clone, Copy)]
enum What {
    NextOfStream,
    NextOfCrowd,
    Retry,
    Served,
    TimedOut,
}

/// A request that is not over yet.
#[derive(Clone, Copy)]
struct Request {
    /// Number of its timer while it waits, else [`NOT_WAITING`]; a timer or a queue entry with another number is void.
    ticket: u64,
    attempts: u32,
}

const NOT_WAITING: u64 = u64::MAX;

struct Simulation {
    workload: Workload,
    random: Random,
    crowd: Crowd,
    now: f64,
    agenda: Agenda<What>,
    requests: Vec<Request>,
    free: Vec<u32>,
    queue: VecDeque<(u32, u64)>,
    waiting: usize,
    busy: usize,
    counts: Counts,
}

impl Simulation {
    fn new(workload: Workload, random: Random) -> Simulation {
        Simulation {
            crowd: Crowd::new(&workload),
            workload,
            random,
            now: 0.0,
            agenda: Agenda::default(),
            requests: Vec::new(),
            free: Vec::new(),
            queue: VecDeque::new(),
            waiting: 0,
            busy: 0,
            counts: Counts::default(),
        }
    }

    fn run(&mut self) {
        self.expect_stream();
        self.expect_crowd();
        while let Some(event) = self.agenda.next() {
            self.now = event.time;
            match event.what {
                What::NextOfStream => {
                    self.expect_stream();
                    self.arrive();
                }
                What::NextOfCrowd => {
                    self.expect_crowd();
                    self.arrive();
                }
                What::Retry => self.attempt(event.row),
                What::Served => self.served(event.row),
                What::TimedOut => self.timed_out(event.row, event.number),
            }
        }
    }

    fn expect_stream(&mut self) {
        if let Some(time) = self.workload.next_of_stream(self.now, &mut self.random) {
            self.agenda.schedule(time, What::NextOfStream, 0);
        }
    }

    fn expect_crowd(&mut self) {
        if let Some(time) = self.crowd.next(&mut self.random) {
            self.agenda.schedule(time, What::NextOfCrowd, 0);
        }
    }

    fn arrive(&mut self) {
        self.counts.requests += 1;
        let new = Request { ticket: NOT_WAITING, attempts: 0 };
        let request = match self.free.pop() {
            Some(free) => {
                self.requests[free as usize] = new;
                free
            }
            None => {
                self.requests.push(new);
                self.requests.len() as u32 - 1
            }
        };
        self.attempt(request);
    }

    fn attempt(&mut self, request: u32) {
        self.counts.attempts += 1;
        self.requests[request as usize].attempts += 1;
        if self.busy < self.workload.servers {
            self.busy += 1;
            self.serve(request);
        } else if self.waiting < self.workload.queue_limit {
            self.wait(request);
        } else {
            self.counts.rejected_503 += 1;
            self.failed(request);
        }
    }

    fn wait(&mut self, request: u32) {
        self.counts.waited += 1;
        self.counts.waiting_s -= self.now;
        self.waiting += 1;
        let ticket = match self.workload.queue_timeout {
            Some(timeout) => self.agenda.schedule(self.now + timeout, What::TimedOut, request),
            None => 0,
        };
        self.requests[request as usize].ticket = ticket;
        self.queue.push_back((request, ticket));
    }

    fn leave_queue(&mut self, request: u32) {
        self.counts.waiting_s += self.now;
        self.waiting -= 1;
        self.requests[request as usize].ticket = NOT_WAITING;
    }

    fn serve(&mut self, request: u32) {
        let time = self.now + exponential(&mut self.random) * self.workload.service;
        self.agenda.schedule(time, What::Served, request);
    }

    fn served(&mut self, request: u32) {
        self.counts.served += 1;
        self.free.push(request);
        while let Some((next, ticket)) = self.queue.pop_front() {
            if self.requests[next as usize].ticket == ticket {
                self.leave_queue(next);
                self.serve(next);
                return;
            }
        }
        self.busy -= 1;
    }

    fn timed_out(&mut self, request: u32, ticket: u64) {
        if self.requests[request as usize].ticket == ticket {
            self.leave_queue(request);
            self.counts.timed_out_504 += 1;
            self.failed(request);
        }
    }

    fn failed(&mut self, request: u32) {
        let attempts = self.requests[request as usize].attempts;
        if attempts == self.workload.attempts {
            self.counts.gave_up += 1;
            self.free.push(request);
        } else {
            let longest = self.workload.backoff * f64::from(1_u32 << (attempts - 1));
            let pause = uniform(&mut self.random) * longest;
            self.agenda.schedule(self.now + pause, What::Retry, request);
        }
    }
}

fn main() -> Result<(), String> {
    let (workload, random) = Workload::from_arguments()?;
    let mut simulation = Simulation::new(workload, random);
    simulation.run();
    simulation.counts.print(&simulation.workload.name, simulation.workload.size);
    Ok(())
}
