//! Balancers: the choice of the server that an attempt is sent to.

mod least;
mod loads;
mod members;

pub use least::{ABSENT, Least};
pub use loads::Loads;
pub use members::Members;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use loads::pick;

/// The rule that chooses a server for an attempt among the eligible servers: up as far as is known, not ejected, not draining.
///
/// Servers are numbered from 0. The load of a server is the number of attempts that it has in service and queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Balancer {
    /// Any eligible server, all equally likely.
    Random,
    /// One server after the other in order of number, the first one first.
    RoundRobin,
    /// The server with the least load; among equals, all equally likely. The balancer knows all loads at every moment.
    LeastLoaded,
    /// The server with the least load out of a few different ones drawn at random, the first one drawn among equals: the
    /// power of two choices (M. Mitzenmacher, IEEE TPDS 12, 2001).
    LeastOf(LeastOf),
}

/// Parameters of the choice among a few servers drawn at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LeastOf {
    /// Number of servers drawn, or all servers if there are fewer; 2 in Envoy (`choice_count`), HAProxy (`random`) and
    /// Finagle. These draw with replacement or not, here the servers drawn are different ones.
    #[schemars(range(min = 1, max = 32), extend("x-change" = true))]
    pub choices: u32,
}

impl LeastOf {
    /// The most servers that are drawn for one attempt.
    pub const MOST: usize = 32;
}

impl Default for LeastOf {
    fn default() -> LeastOf {
        LeastOf { choices: 2 }
    }
}

/// State of a balancer between two attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The number from which `round_robin` seeks the next server.
    next: u32,
}

impl Balancer {
    /// Whether the rule asks for the least loaded of all servers, so that [`Loads::index_least`] is worth its cost.
    pub fn wants_least(&self) -> bool {
        matches!(self, Balancer::LeastLoaded)
    }

    /// The server that an attempt goes to; `None` if no server is eligible.
    ///
    /// `draw(j)` is the attempt's draw number j, from [0, 1). A rule takes as many as it needs, from 0 on.
    #[inline]
    pub fn choose(&self, state: &mut State, loads: &Loads, mut draw: impl FnMut(u32) -> f64) -> Option<u32> {
        let eligible = loads.eligible();
        match self {
            Balancer::Random => eligible.nth(pick(draw(0), eligible.count())),
            Balancer::RoundRobin => {
                let server = eligible.next_from(state.next)?;
                state.next = server + 1;
                Some(server)
            }
            Balancer::LeastLoaded => loads.least(draw(0)),
            Balancer::LeastOf(LeastOf { choices }) => least_of(*choices, loads, draw),
        }
    }
}

/// The least loaded of `choices` different eligible servers. Draw j chooses among the servers not drawn before, in order of
/// number.
fn least_of(choices: u32, loads: &Loads, mut draw: impl FnMut(u32) -> f64) -> Option<u32> {
    let eligible = loads.eligible();
    let choices = choices.min(eligible.count()).min(LeastOf::MOST as u32);
    // Ranks of the servers drawn so far among the eligible servers, in ascending order.
    let mut taken = [0; LeastOf::MOST];
    let mut best: Option<(u32, u32)> = None;
    for j in 0..choices {
        let mut rank = pick(draw(j), eligible.count() - j);
        let mut index = 0;
        while index < j as usize && taken[index] <= rank {
            rank += 1;
            index += 1;
        }
        taken.copy_within(index..j as usize, index + 1);
        taken[index] = rank;
        let server = eligible.nth(rank)?;
        let load = loads.load(server);
        if best.is_none_or(|(least, _)| load < least) {
            best = Some((load, server));
        }
    }
    best.map(|(_, server)| server)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    /// Servers with these loads, of which some are not eligible.
    fn servers(loads: &[i32], ineligible: &[u32]) -> Loads {
        let mut servers = Loads::new(loads.len() as u32);
        loads.iter().enumerate().for_each(|(server, load)| servers.add(server as u32, *load));
        ineligible.iter().for_each(|server| servers.set_eligible(*server, false));
        servers
    }

    /// Number of times that each server is chosen when the first draw runs through `first` equal parts and each following one through
    /// one part fewer: all outcomes of draws without replacement, each exactly once.
    fn chosen(balancer: Balancer, loads: &Loads, first: u32, draws: u32) -> Vec<u32> {
        let mut counts = vec![0; 8];
        let outcomes: u32 = (0..draws).map(|j| first - j).product();
        for outcome in 0..outcomes {
            let part = |j: u32| outcome / (0..j).map(|i| first - i).product::<u32>() % (first - j);
            let draw = |j| (f64::from(part(j)) + 0.5) / f64::from(first - j);
            counts[balancer.choose(&mut State::default(), loads, draw).unwrap() as usize] += 1;
        }
        counts
    }

    #[test]
    fn random_takes_every_eligible_server_equally_often() {
        let loads = servers(&[9, 0, 5, 0, 0, 0, 0, 0], &[1, 6]);
        assert_eq!(chosen(Balancer::Random, &loads, 6, 1), [1, 0, 1, 1, 1, 1, 0, 1]);
    }

    #[test]
    fn round_robin_goes_from_one_eligible_server_to_the_next() {
        let mut loads = servers(&[0; 8], &[0, 3]);
        let mut state = State::default();
        let mut next = |loads: &Loads| Balancer::RoundRobin.choose(&mut state, loads, |_| unreachable!()).unwrap();
        let first: Vec<u32> = (0..8).map(|_| next(&loads)).collect();
        assert_eq!(first, [1, 2, 4, 5, 6, 7, 1, 2]);
        loads.set_eligible(3, true);
        assert_eq!((next(&loads), next(&loads)), (3, 4));
        loads.resize(4);
        assert_eq!((next(&loads), next(&loads)), (1, 2));
    }

    #[test]
    fn least_loaded_takes_equals_equally_often() {
        let mut loads = servers(&[3, 1, 2, 1, 0, 1, 1, 4], &[4, 5]);
        for index in [false, true] {
            loads.index_least(index);
            assert_eq!(chosen(Balancer::LeastLoaded, &loads, 3, 1), [0, 1, 0, 1, 0, 0, 1, 0]);
        }
    }

    #[test]
    fn two_choices_are_all_pairs_of_different_servers() {
        // Each of the 56 ordered pairs once: the lowest of eight is in 14 of them, the next in 12 without it, the last in none.
        let loads = servers(&[7, 6, 5, 4, 3, 2, 1, 0], &[]);
        let pair = Balancer::LeastOf(LeastOf { choices: 2 });
        assert_eq!(chosen(pair, &loads, 8, 2), [0, 2, 4, 6, 8, 10, 12, 14]);
        let loads = servers(&[7, 6, 5, 4, 3, 2, 1, 0], &[2, 7]);
        assert_eq!(chosen(pair, &loads, 6, 2), [0, 2, 0, 4, 6, 8, 10, 0]);
        // Every server is drawn first in seven of the pairs.
        assert_eq!(chosen(pair, &servers(&[4; 8], &[]), 8, 2), [7; 8]);
    }

    #[test]
    fn among_equals_the_first_drawn_is_taken() {
        let loads = servers(&[4, 4, 4, 3], &[]);
        let choose = |choices: u32, draws: &[f64]| {
            let balancer = Balancer::LeastOf(LeastOf { choices });
            balancer.choose(&mut State::default(), &loads, |j| draws[j as usize])
        };
        assert_eq!(choose(2, &[0.6, 0.0]), Some(2));
        assert_eq!(choose(2, &[0.0, 0.0]), Some(0));
        assert_eq!(choose(3, &[0.6, 0.0, 0.0]), Some(2));
        // The third draw takes the second of the two that are left, which are servers 1 and 3.
        assert_eq!(choose(3, &[0.6, 0.0, 0.9]), Some(3));
    }

    #[test]
    fn more_choices_are_all_sets_of_that_size() {
        let loads = servers(&[0, 1, 2, 3, 4, 5, 6, 7], &[]);
        let three = Balancer::LeastOf(LeastOf { choices: 3 });
        // 6 orders of each set of three: the least of 8 is in C(7, 2) = 21 of them, the next in C(6, 2) = 15, …
        assert_eq!(chosen(three, &loads, 8, 3), [126, 90, 60, 36, 18, 6, 0, 0]);
        let all = Balancer::LeastOf(LeastOf { choices: 32 });
        assert_eq!(chosen(all, &servers(&[3, 2, 1, 2, 0, 0, 0, 0], &[4, 5, 6, 7]), 4, 4)[2], 24);
        let one = Balancer::LeastOf(LeastOf { choices: 1 });
        assert_eq!(chosen(one, &loads, 8, 1), [1; 8]);
    }

    #[test]
    fn no_eligible_server_no_choice() {
        let loads = servers(&[0, 0], &[0, 1]);
        for balancer in
            [Balancer::Random, Balancer::RoundRobin, Balancer::LeastLoaded, Balancer::LeastOf(LeastOf::default())]
        {
            assert_eq!(balancer.choose(&mut State::default(), &loads, |_| 0.5), None);
        }
    }

    #[test]
    fn a_balancer_is_a_name_or_a_table_with_its_parameters() {
        #[derive(Deserialize, JsonSchema)]
        struct File {
            balancer: Balancer,
        }
        let read = |text: &str| read::<File>(&format!("balancer = {text}")).unwrap().balancer;
        assert_eq!(read("'random'"), Balancer::Random);
        assert_eq!(read("'round_robin'"), Balancer::RoundRobin);
        assert_eq!(read("'least_loaded'"), Balancer::LeastLoaded);
        assert_eq!(read("'least_of'"), Balancer::LeastOf(LeastOf { choices: 2 }));
        assert_eq!(read("{ least_of = { choices = 3 } }"), Balancer::LeastOf(LeastOf { choices: 3 }));
        assert_eq!(serde_json::to_string(&read("'least_of'")).unwrap(), r#"{"least_of":{"choices":2}}"#);
    }
}
