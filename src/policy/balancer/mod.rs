//! Balancers: the choice of the server that an attempt is sent to.

mod best_of;
mod least;
mod loads;
mod members;
pub mod peak_ewma;
mod sticky;
mod view;

pub use least::{ABSENT, Least};
pub use loads::Loads;
pub use members::Members;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::random::Key;
use crate::units::{Span, Time};
use best_of::best_of;
use loads::pick;
use peak_ewma::{Latency, PeakEwma};

/// Rule that chooses a server for an attempt among the eligible servers: not known to be down, not ejected, not
/// draining.
///
/// Servers are numbered from 0. The load of a server is the number of attempts that it has in service and queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Balancer {
    /// Any eligible server, all equally likely.
    Random,
    /// One server after the other in order of number, from the first one on.
    RoundRobin,
    /// The server with the least load; among equals, all equally likely.
    LeastLoaded(LeastLoaded),
    /// The least loaded of a few servers drawn at random, the first one drawn among equals: the power of two choices
    /// (M. Mitzenmacher, IEEE TPDS 12, 2001).
    LeastOf(LeastOf),
    /// Of a few servers drawn at random, the one with the least product of recent response time and load, the first one
    /// drawn among equals: Finagle's Peak EWMA.
    PeakEwma(PeakEwma),
    /// The same server for all attempts of a viewer, by a consistent hash over the servers that are not draining; while
    /// that server is not eligible, the next one in a sequence of hashes.
    Sticky,
}

/// Parameters of the choice of the least loaded server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LeastLoaded {
    /// Age of the loads that the balancer sees: loads as they stood at the last multiple of it since the start of the window,
    /// before the first event of that moment; at 0 it sees them as they are.
    #[schemars(extend("x-at-least" = "0 s", "x-change" = true))]
    pub view_age: Span,
}

/// Parameters of the choice among a few servers drawn at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LeastOf {
    /// Number of different servers drawn, or all servers if there are fewer; 2 in Envoy (`choice_count`), HAProxy (`random`)
    /// and Finagle.
    #[schemars(range(min = 1, max = 32), extend("x-change" = true))]
    pub choices: u32,
    /// Age of the loads that the balancer sees: loads as they stood at the last multiple of it since the start of the window,
    /// before the first event of that moment; at 0 it sees them as they are.
    #[schemars(extend("x-at-least" = "0 s", "x-change" = true))]
    pub view_age: Span,
}

impl Default for LeastOf {
    fn default() -> LeastOf {
        LeastOf { choices: 2, view_age: Span::ZERO }
    }
}

/// State of a balancer between two attempts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The number from which `round_robin` seeks the next server.
    next: u32,
    /// By server, the state of `peak_ewma`; empty for other balancers.
    latencies: Vec<Latency>,
    /// Numbers over which `sticky` hashes: all up to the highest one of a server that is not draining.
    numbers: u32,
}

impl State {
    /// Puts a balancer into force over `servers` servers, of which those numbered from `numbers` on are all draining.
    /// The state of `peak_ewma` is dropped when another balancer replaces it.
    pub fn configure(&mut self, balancer: &Balancer, servers: u32, numbers: u32) {
        self.numbers = numbers;
        let remembered = if balancer.remembers() { servers as usize } else { 0 };
        self.latencies.resize(remembered, Latency::default());
    }

    /// Adds a server, which has not been removed, to those that the balancer knows.
    pub fn add(&mut self, balancer: &Balancer, server: u32) {
        self.numbers = self.numbers.max(server + 1);
        if balancer.remembers() && self.latencies.len() <= server as usize {
            self.latencies.resize(server as usize + 1, Latency::default());
        }
    }

    /// Resets a number for a new server.
    pub fn renew(&mut self, server: u32) {
        if let Some(latency) = self.latencies.get_mut(server as usize) {
            *latency = Latency::default();
        }
    }

    /// Notes that an attempt has left a server, which it reached at `since`.
    pub fn left(&mut self, balancer: &Balancer, server: u32, since: Time, now: Time) {
        if let (Balancer::PeakEwma(set), Some(latency)) = (balancer, self.latencies.get_mut(server as usize)) {
            latency.observe(set, now, now.since(since).0 as f64);
        }
    }
}

impl Balancer {
    /// Whether the rule needs the least loaded of all servers, so that [`Loads::index_least`] is worth its cost.
    pub fn wants_least(&self) -> bool {
        matches!(self, Balancer::LeastLoaded(_))
    }

    /// Whether the rule uses the response times of each server.
    pub fn remembers(&self) -> bool {
        matches!(self, Balancer::PeakEwma(_))
    }

    /// Age of the loads that the balancer sees; zero for the true loads.
    pub fn view_age(&self) -> Span {
        match self {
            Balancer::LeastLoaded(set) => set.view_age,
            Balancer::LeastOf(set) => set.view_age,
            _ => Span::ZERO,
        }
    }

    /// The server that an attempt of a viewer goes to; `None` if no server is eligible.
    ///
    /// `draw(j)` is the attempt's draw number j, from [0, 1). A rule uses as many draws as it needs, from 0 on.
    #[inline]
    pub fn choose(
        &self,
        state: &mut State,
        loads: &mut Loads,
        now: Time,
        viewer: impl FnOnce() -> Key,
        mut draw: impl FnMut(u32) -> f64,
    ) -> Option<u32> {
        loads.look(now);
        let eligible = loads.eligible();
        match self {
            Balancer::Random => eligible.nth(pick(draw(0), eligible.count())),
            Balancer::RoundRobin => {
                let server = eligible.next_from(state.next)?;
                state.next = server + 1;
                Some(server)
            }
            Balancer::LeastLoaded(_) => loads.least(draw(0)),
            Balancer::LeastOf(set) => best_of(set.choices, eligible, draw, |server| loads.seen(server)),
            Balancer::PeakEwma(set) => best_of(set.choices, eligible, draw, |server| {
                state.latencies[server as usize].cost(set, now, loads.load(server))
            }),
            Balancer::Sticky => sticky::choose(viewer(), state.numbers, eligible),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    /// Servers with these loads, of which some are not eligible.
    fn servers(loads: &[i32], ineligible: &[u32]) -> Loads {
        let mut servers = Loads::new(loads.len() as u32);
        loads.iter().enumerate().for_each(|(server, load)| servers.add(server as u32, *load, Time::START));
        ineligible.iter().for_each(|server| servers.set_eligible(*server, false));
        servers
    }

    /// The server that a balancer chooses at the start.
    fn choose(balancer: Balancer, state: &mut State, loads: &mut Loads, draw: impl FnMut(u32) -> f64) -> Option<u32> {
        state.configure(&balancer, loads.servers(), loads.servers());
        balancer.choose(state, loads, Time::START, || Key::root(1, 0), draw)
    }

    /// Number of times that each server is chosen when the first draw runs through `first` equal parts and each following one through
    /// one part fewer: all outcomes of draws without replacement, each exactly once.
    fn chosen(balancer: Balancer, loads: &mut Loads, first: u32, draws: u32) -> Vec<u32> {
        let mut counts = vec![0; 8];
        let outcomes: u32 = (0..draws).map(|j| first - j).product();
        for outcome in 0..outcomes {
            let part = |j: u32| outcome / (0..j).map(|i| first - i).product::<u32>() % (first - j);
            let draw = |j| (f64::from(part(j)) + 0.5) / f64::from(first - j);
            counts[choose(balancer, &mut State::default(), loads, draw).unwrap() as usize] += 1;
        }
        counts
    }

    #[test]
    fn random_takes_every_eligible_server_equally_often() {
        let mut loads = servers(&[9, 0, 5, 0, 0, 0, 0, 0], &[1, 6]);
        assert_eq!(chosen(Balancer::Random, &mut loads, 6, 1), [1, 0, 1, 1, 1, 1, 0, 1]);
    }

    #[test]
    fn round_robin_goes_from_one_eligible_server_to_the_next() {
        let mut loads = servers(&[0; 8], &[0, 3]);
        let mut state = State::default();
        let mut next = |loads: &mut Loads| choose(Balancer::RoundRobin, &mut state, loads, |_| unreachable!()).unwrap();
        let first: Vec<u32> = (0..8).map(|_| next(&mut loads)).collect();
        assert_eq!(first, [1, 2, 4, 5, 6, 7, 1, 2]);
        loads.set_eligible(3, true);
        assert_eq!((next(&mut loads), next(&mut loads)), (3, 4));
        loads.resize(4);
        assert_eq!((next(&mut loads), next(&mut loads)), (1, 2));
    }

    #[test]
    fn least_loaded_takes_equals_equally_often() {
        let mut loads = servers(&[3, 1, 2, 1, 0, 1, 1, 4], &[4, 5]);
        for index in [false, true] {
            loads.index_least(index);
            assert_eq!(
                chosen(Balancer::LeastLoaded(LeastLoaded::default()), &mut loads, 3, 1),
                [0, 1, 0, 1, 0, 0, 1, 0]
            );
        }
    }

    #[test]
    fn two_choices_are_all_pairs_of_different_servers() {
        // Each of the 56 ordered pairs once: the lowest of eight is in 14 of them, the next in 12 without it, the last in none.
        let mut loads = servers(&[7, 6, 5, 4, 3, 2, 1, 0], &[]);
        let pair = least_of(2);
        assert_eq!(chosen(pair, &mut loads, 8, 2), [0, 2, 4, 6, 8, 10, 12, 14]);
        let mut loads = servers(&[7, 6, 5, 4, 3, 2, 1, 0], &[2, 7]);
        assert_eq!(chosen(pair, &mut loads, 6, 2), [0, 2, 0, 4, 6, 8, 10, 0]);
        // Every server is drawn first in seven of the pairs.
        assert_eq!(chosen(pair, &mut servers(&[4; 8], &[]), 8, 2), [7; 8]);
    }

    #[test]
    fn among_equals_the_first_drawn_is_taken() {
        let mut loads = servers(&[4, 4, 4, 3], &[]);
        let mut choose = |choices: u32, draws: &[f64]| {
            super::tests::choose(least_of(choices), &mut State::default(), &mut loads, |j| draws[j as usize])
        };
        assert_eq!(choose(2, &[0.6, 0.0]), Some(2));
        assert_eq!(choose(2, &[0.0, 0.0]), Some(0));
        assert_eq!(choose(3, &[0.6, 0.0, 0.0]), Some(2));
        // The third draw takes the second of the two that are left, which are servers 1 and 3.
        assert_eq!(choose(3, &[0.6, 0.0, 0.9]), Some(3));
    }

    #[test]
    fn more_choices_are_all_sets_of_that_size() {
        let mut loads = servers(&[0, 1, 2, 3, 4, 5, 6, 7], &[]);
        let three = least_of(3);
        // 6 orders of each set of three: the least of 8 is in C(7, 2) = 21 of them, the next in C(6, 2) = 15, …
        assert_eq!(chosen(three, &mut loads, 8, 3), [126, 90, 60, 36, 18, 6, 0, 0]);
        let all = least_of(32);
        assert_eq!(chosen(all, &mut servers(&[3, 2, 1, 2, 0, 0, 0, 0], &[4, 5, 6, 7]), 4, 4)[2], 24);
        let one = least_of(1);
        assert_eq!(chosen(one, &mut loads, 8, 1), [1; 8]);
    }

    /// A stale view: the pair is drawn as ever, and compared by loads of the last look.
    #[test]
    fn stale_loads_are_those_of_the_last_multiple_of_the_age() {
        let mut loads = servers(&[5, 1], &[]);
        let set = LeastOf { choices: 2, view_age: Span(100) };
        loads.see_at_multiples_of(set.view_age);
        let choose = |loads: &mut Loads, now: u64| {
            Balancer::LeastOf(set).choose(&mut State::default(), loads, Time(now), || Key::root(1, 0), |_| 0.0).unwrap()
        };
        assert_eq!(choose(&mut loads, 30), 1);
        loads.add(1, 9, Time(30));
        assert_eq!(choose(&mut loads, 99), 1, "the nine that came are not seen yet");
        assert_eq!(choose(&mut loads, 100), 0);
        // What happens at the moment of a look comes after it.
        loads.add(0, 9, Time(300));
        assert_eq!((choose(&mut loads, 300), choose(&mut loads, 399), choose(&mut loads, 400)), (0, 0, 1));
    }

    #[test]
    fn peak_ewma_takes_the_server_with_the_least_time_times_load() {
        let mut loads = servers(&[0, 0, 2, 0], &[3]);
        let mut state = State::default();
        let both = Balancer::PeakEwma(PeakEwma { choices: 3, ..PeakEwma::default() });
        let second = 1_000_000_000;
        state.configure(&both, 4, 4);
        state.left(&both, 0, Time(0), Time(6 * second));
        state.left(&both, 1, Time(4 * second), Time(6 * second));
        let choose = |state: &mut State, loads: &mut Loads| {
            both.choose(state, loads, Time(6 * second), || Key::root(1, 0), |_| 0.0)
        };
        assert_eq!(choose(&mut state, &mut loads), Some(1), "2 s against 6 s, and one that never answered");
        loads.add(1, 3, Time(6 * second));
        assert_eq!(choose(&mut state, &mut loads), Some(0), "4 × 2 s against 6 s");
        loads.add(2, -2, Time(6 * second));
        assert_eq!(choose(&mut state, &mut loads), Some(2), "an idle server without history costs nothing");
    }

    #[test]
    fn no_eligible_server_no_choice() {
        for name in ["'random'", "'round_robin'", "'least_loaded'", "'least_of'", "'peak_ewma'", "'sticky'"] {
            assert_eq!(choose(read_one(name), &mut State::default(), &mut servers(&[0, 0], &[0, 1]), |_| 0.5), None);
        }
    }

    fn least_of(choices: u32) -> Balancer {
        Balancer::LeastOf(LeastOf { choices, view_age: Span::ZERO })
    }

    fn read_one(text: &str) -> Balancer {
        #[derive(Deserialize, JsonSchema)]
        struct File {
            balancer: Balancer,
        }
        read::<File>(&format!("balancer = {text}")).unwrap_or_else(|error| panic!("{error}")).balancer
    }

    #[test]
    fn a_balancer_is_a_name_or_a_table_with_its_parameters() {
        assert_eq!(read_one("'random'"), Balancer::Random);
        assert_eq!(read_one("'round_robin'"), Balancer::RoundRobin);
        assert_eq!(read_one("'least_loaded'"), Balancer::LeastLoaded(LeastLoaded::default()));
        assert_eq!(read_one("'least_of'"), least_of(2));
        assert_eq!(read_one("{ least_of = { choices = 3 } }"), least_of(3));
        let stale = LeastLoaded { view_age: Span(100_000_000) };
        assert_eq!(read_one("{ least_loaded = { view_age = '100 ms' } }"), Balancer::LeastLoaded(stale));
        assert_eq!(read_one("'peak_ewma'"), Balancer::PeakEwma(PeakEwma::default()));
        assert_eq!(read_one("'sticky'"), Balancer::Sticky);
        let written = serde_json::to_string(&read_one("'least_of'")).unwrap();
        assert_eq!(written, r#"{"least_of":{"choices":2,"view_age":"0 s"}}"#);
    }
}
