//! CoDel in the engine: one server in overload, attempt by attempt against a plain program.

use std::collections::HashMap;

use dropstorm::engine::{self, Probe, Who};
use dropstorm::policy::queue::codel::CoDel;
use dropstorm::units::{Span, Time};
use dropstorm::vocabulary::Happening;

use super::codel_exact::single_server;
use super::intervals::{figure, model, open, seed, window};

/// A probe that records the time at which each viewer's attempt reached the pool, in order, and the start of each service.
#[derive(Default)]
struct Log {
    arrived: Vec<Time>,
    index: HashMap<Who, usize>,
    began: Vec<(usize, Time)>,
}

impl Probe for Log {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        match what {
            Happening::Sent { .. } => {
                self.index.insert(who, self.arrived.len());
                self.arrived.push(now);
            }
            Happening::ServiceBegan { .. } => self.began.push((self.index[&who], now)),
            _ => {}
        }
    }
}

#[test]
fn one_server_drops_as_a_plain_program_does() {
    for (rate, target, interval) in [(90, 5, 100), (130, 5, 100), (130, 50, 20), (300, 5, 100)] {
        let codel = format!("codel = {{ target = '{target} ms', interval = '{interval} ms' }}");
        let queue = format!("queue = {{ shared = {{ discipline = {{ {codel} }} }} }}");
        let rest = open(rate, &format!("servers = 1\nservice = '10 ms'\n{queue}"));
        let mut log = Log::default();
        let run = engine::run_with(&model(&window(120, 10, &rest)), seed(0), &mut log);
        let set = CoDel { target: Span(target * 1_000_000), interval: Span(interval * 1_000_000) };
        let fates = single_server(&log.arrived, Span(10_000_000), &set);
        // The plain program ends with the last arrival, and the run with its window.
        let last = log.arrived[log.arrived.len() - 1];
        let until_then: Vec<(usize, Time)> = log.began.into_iter().filter(|(_, at)| *at <= last).collect();
        assert!(until_then.len() > 9_000 && fates.dropped.len() > 10, "{} dropped", fates.dropped.len());
        assert_eq!(until_then, fates.began);
        let shed = figure(&run, "attempts.shed");
        let after_that = shed - fates.dropped.len() as f64;
        assert!((0.0..20.0).contains(&after_that), "{shed} shed, {} predicted", fates.dropped.len());
    }
}
