//! A plain program for one server with constant service and a queue under CoDel, whose rule is tested against RFC 8289 in the
//! module that holds it.

use std::collections::VecDeque;

use dropstorm::policy::queue::codel::{CoDel, State};
use dropstorm::units::{Span, Time};

/// The fate of each arrival, by its index.
#[derive(Default)]
pub struct Fates {
    /// Arrivals that were served, and the start of each service.
    pub began: Vec<(usize, Time)>,
    /// Arrivals that were dropped, and the time of each drop.
    pub dropped: Vec<(usize, Time)>,
}

/// One server and its queue.
struct Server<'a> {
    set: &'a CoDel,
    state: State,
    queue: VecDeque<(usize, Time)>,
    fates: Fates,
}

impl Server<'_> {
    /// Takes attempts off the queue until one passes. Returns whether one did.
    fn take(&mut self, now: Time) -> bool {
        while let Some((index, arrived)) = self.queue.pop_front() {
            if !self.state.drops(self.set, now, now.since(arrived), self.queue.len() as u64) {
                self.fates.began.push((index, now));
                return true;
            }
            self.fates.dropped.push((index, now));
        }
        self.state.found_empty();
        false
    }
}

/// Serves arrivals in order until the last of them has come.
pub fn single_server(arrivals: &[Time], service: Span, set: &CoDel) -> Fates {
    let mut server = Server { set, state: State::default(), queue: VecDeque::new(), fates: Fates::default() };
    let mut busy_until: Option<Time> = None;
    for (index, now) in arrivals.iter().enumerate() {
        // At one instant completions come before arrivals.
        while let Some(end) = busy_until.filter(|end| *end <= *now) {
            busy_until = server.take(end).then(|| end.after(service));
        }
        server.queue.push_back((index, *now));
        if busy_until.is_none() && server.take(*now) {
            busy_until = Some(now.after(service));
        }
    }
    server.fates
}

/// `count` arrivals, each `gap` milliseconds after the one before it.
fn even(count: u64, gap: u64) -> Vec<Time> {
    (0..count).map(|n| Time(n * gap * 1_000_000)).collect()
}

#[test]
fn below_the_target_nothing_is_dropped_and_waits_are_lindleys() {
    let arrivals: Vec<Time> = (0..1_000_u64).map(|n| Time(n * 11_000_000 + n * n % 7 * 3_000_000)).collect();
    let service = Span(10_000_000);
    let fates = single_server(&arrivals, service, &CoDel { target: Span::LONGEST, interval: Span(100_000_000) });
    assert!(fates.dropped.is_empty());
    let mut free = Time(0);
    for (index, began) in fates.began {
        assert_eq!(began, arrivals[index].max(free));
        free = began.after(service);
    }
}

/// Twice as many come as can be served: drops follow the square-root law, each at the first look of the server after its
/// time, until half of the arrivals are dropped.
#[test]
fn in_overload_drops_come_by_the_law_until_they_are_as_many_as_are_too_many() {
    let (arrivals, service) = (even(40_000, 5), Span(10_000_000));
    let fates = single_server(&arrivals, service, &CoDel::default());
    let millis = |at: Time| at.0 as f64 / 1e6;
    let first = millis(fates.dropped[0].1);
    // A completion comes before an arrival of its instant. So the attempt looked at after 20 ms has waited 10 ms with one
    // behind it, and the one after 30 ms has waited 15 ms with two behind it; 100 ms later drops begin.
    assert_eq!(first, 130.0);
    let mut planned = first;
    for (n, (_, at)) in fates.dropped.iter().enumerate().skip(1).take(50) {
        planned += 100.0 / (n as f64).sqrt();
        let late = millis(*at) - planned;
        assert!((0.0..10.0).contains(&late), "drop {n} comes {late} ms after its time");
    }
    let late = |list: &[(usize, Time)]| list.iter().filter(|(index, _)| *index >= 20_000).count() as f64;
    let share = late(&fates.dropped) / (late(&fates.dropped) + late(&fates.began));
    assert!((share - 0.5).abs() < 0.01, "{share}");
}
