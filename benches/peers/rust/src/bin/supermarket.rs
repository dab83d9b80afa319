//! What a good engineer writes in an afternoon for W4: one loop around a binary heap, and for each server the number of its
//! customers. Nobody times out, so no queue needs to know who waits in it.

use peers::{Agenda, Counts, Random, Workload, exponential, uniform};

#[derive(Clone, Copy)]
enum What {
    NextOfStream,
    Served,
}

struct Simulation {
    workload: Workload,
    random: Random,
    now: f64,
    agenda: Agenda<What>,
    /// By server, the customers in service and in the queue.
    customers: Vec<u32>,
    counts: Counts,
}

impl Simulation {
    fn new(workload: Workload, random: Random) -> Simulation {
        let customers = vec![0; workload.servers];
        Simulation { workload, random, now: 0.0, agenda: Agenda::default(), customers, counts: Counts::default() }
    }

    fn run(&mut self) {
        self.expect_stream();
        while let Some(event) = self.agenda.next() {
            self.now = event.time;
            match event.what {
                What::NextOfStream => {
                    self.expect_stream();
                    self.arrive();
                }
                What::Served => self.served(event.row),
            }
        }
    }

    fn expect_stream(&mut self) {
        if let Some(time) = self.workload.next_of_stream(self.now, &mut self.random) {
            self.agenda.schedule(time, What::NextOfStream, 0);
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
        self.agenda.schedule(time, What::Served, server as u32);
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
    simulation.counts.print(&simulation.workload.name, simulation.workload.size);
    Ok(())
}
