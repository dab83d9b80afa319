//! What a good engineer writes in an afternoon for W4: one loop around a binary heap, and for each server the number of its
//! customers. Nobody times out, so no queue needs to know who waits in it.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use peers::{Counts, Random, Workload, exponential, uniform};

#[derive(Clone, Copy)]
enum What {
    NextOfStream,
    Served,
}

/// An event, in 24 bytes. Those of one instant happen in the order in which they were scheduled.
struct Event {
    time: f64,
    number: u64,
    what: What,
    server: u32,
}

impl Ord for Event {
    /// The heap has its greatest element on top, so the earliest event is the greatest.
    fn cmp(&self, other: &Event) -> Ordering {
        other.time.total_cmp(&self.time).then(other.number.cmp(&self.number))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Event) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Event) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Event {}

struct Simulation {
    workload: Workload,
    random: Random,
    now: f64,
    events: BinaryHeap<Event>,
    numbers: u64,
    /// By server, the customers in service and in the queue.
    customers: Vec<u32>,
    counts: Counts,
}

impl Simulation {
    fn new(workload: Workload, random: Random) -> Simulation {
        let customers = vec![0; workload.servers];
        Simulation {
            workload,
            random,
            now: 0.0,
            events: BinaryHeap::new(),
            numbers: 0,
            customers,
            counts: Counts::default(),
        }
    }

    fn run(&mut self) {
        self.expect_stream();
        while let Some(event) = self.events.pop() {
            self.now = event.time;
            match event.what {
                What::NextOfStream => {
                    self.expect_stream();
                    self.arrive();
                }
                What::Served => self.served(event.server),
            }
        }
    }

    fn schedule(&mut self, time: f64, what: What, server: u32) {
        self.events.push(Event { time, number: self.numbers, what, server });
        self.numbers += 1;
    }

    fn expect_stream(&mut self) {
        if let Some(time) = self.workload.next_of_stream(self.now, &mut self.random) {
            self.schedule(time, What::NextOfStream, 0);
        }
    }

    fn arrive(&mut self) {
        self.counts.requests += 1;
        self.counts.attempts += 1;
        let server = self.shorter_of_two();
        let customers = &mut self.customers[server];
        *customers += 1;
        if *customers > 1 {
            self.counts.waited += 1;
            self.counts.waiting_s -= self.now;
        } else {
            self.serve(server);
        }
    }

    /// The server with fewer customers of two different ones drawn at random; among equals the first drawn.
    fn shorter_of_two(&mut self) -> usize {
        let servers = self.customers.len();
        let first = (uniform(&mut self.random) * servers as f64) as usize;
        let other = (uniform(&mut self.random) * (servers - 1) as f64) as usize;
        let second = if other < first { other } else { other + 1 };
        if self.customers[second] < self.customers[first] { second } else { first }
    }

    fn serve(&mut self, server: usize) {
        let time = self.now + exponential(&mut self.random) * self.workload.service;
        self.schedule(time, What::Served, server as u32);
    }

    fn served(&mut self, server: u32) {
        self.counts.served += 1;
        let server = server as usize;
        self.customers[server] -= 1;
        if self.customers[server] > 0 {
            self.counts.waiting_s += self.now;
            self.serve(server);
        }
    }
}

fn main() -> Result<(), String> {
    let (workload, random) = Workload::from_arguments()?;
    let mut simulation = Simulation::new(workload, random);
    simulation.run();
    simulation.counts.print(&simulation.workload);
    Ok(())
}
