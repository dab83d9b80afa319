//! The loads of the servers of a pool, and the servers that a balancer may choose.

use super::least::{ABSENT, Least};
use super::members::Members;

/// The load of each server, in attempts in service and queued, and which servers are eligible.
#[derive(Clone, Debug)]
pub struct Loads {
    loads: Vec<u32>,
    eligible: Members,
    /// An index of the least load among the eligible servers; `None` if no balancer asks for the least of all.
    least: Option<Least>,
}

impl Loads {
    /// Idle servers, all of them eligible.
    pub fn new(servers: u32) -> Loads {
        Loads { loads: vec![0; servers as usize], eligible: Members::all(servers), least: None }
    }

    /// Creates or drops an index of the least loaded servers. The index makes [`Loads::least`] fast and costs time at each
    /// change of a load.
    pub fn index_least(&mut self, wanted: bool) {
        self.least = wanted.then(|| Least::new((0..self.loads.len() as u32).map(|server| self.key(server))));
    }

    /// Servers that may be chosen.
    #[inline]
    pub fn eligible(&self) -> &Members {
        &self.eligible
    }

    /// Attempts in service and queued at a server.
    #[inline]
    pub fn load(&self, server: u32) -> u32 {
        self.loads[server as usize]
    }

    /// Changes the load of a server by a number of attempts.
    #[inline]
    pub fn add(&mut self, server: u32, change: i32) {
        let load = &mut self.loads[server as usize];
        debug_assert!(load.checked_add_signed(change).is_some(), "server {server} has {load} attempts");
        *load = load.saturating_add_signed(change);
        if let Some(least) = &mut self.least
            && self.eligible.contains(server)
        {
            least.set(server, *load);
        }
    }

    /// Makes a server eligible, or not eligible because it is down, ejected or draining.
    pub fn set_eligible(&mut self, server: u32, eligible: bool) {
        self.eligible.set(server, eligible);
        let key = self.key(server);
        if let Some(least) = &mut self.least {
            least.set(server, key);
        }
    }

    /// Changes the number of servers. Added servers are idle and eligible; removed servers must be idle.
    pub fn resize(&mut self, servers: u32) {
        self.loads.resize(servers as usize, 0);
        self.eligible.resize(servers);
        self.index_least(self.least.is_some());
    }

    /// One of the eligible servers with the least load, chosen by the draw `u` from [0, 1); `None` if no server is eligible.
    ///
    /// Without an index ([`Loads::index_least`]) the method looks at every server.
    pub fn least(&self, u: f64) -> Option<u32> {
        if let Some(least) = &self.least {
            return least.nth(pick(u, least.ties()));
        }
        let keys = || (0..self.loads.len() as u32).map(|server| (server, self.key(server)));
        let least = keys().map(|(_, key)| key).min().filter(|key| *key != ABSENT)?;
        let ties = || keys().filter(|(_, key)| *key == least).map(|(server, _)| server);
        ties().nth(pick(u, ties().count() as u32) as usize)
    }

    /// The key of a server in the index.
    fn key(&self, server: u32) -> u32 {
        // A load equal to `ABSENT` is beyond any limit of a queue.
        if self.eligible.contains(server) { self.loads[server as usize] } else { ABSENT }
    }
}

/// The number that a draw `u` from [0, 1) takes among `count` numbers from 0: ⌊u·count⌋.
///
/// A draw below 1 has at most 53 binary digits, so that the rounded product stays below `count`.
#[inline]
pub fn pick(u: f64, count: u32) -> u32 {
    (u * f64::from(count)) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Servers come, go, fail and recover while attempts arrive at the least loaded and leave.
        #[test]
        fn the_index_of_least_loads_agrees_with_a_look_at_every_server(
            servers in 1_u32..90,
            steps in prop::collection::vec((0_u8..12, 0_u32..90, 0.0_f64..1.0), 0..300),
        ) {
            let (mut fast, mut slow) = (Loads::new(servers), Loads::new(servers));
            let mut size = servers;
            fast.index_least(true);
            for (what, server, u) in steps {
                let chosen = slow.least(u);
                prop_assert_eq!(fast.least(u), chosen);
                let (add, eligible) = match what {
                    0 => {
                        size = server + 1;
                        fast.resize(size);
                        slow.resize(size);
                        (None, None)
                    }
                    1 => (None, Some((server, false))),
                    2 => (None, Some((server, true))),
                    3..8 => (chosen.map(|server| (server, 1)), None),
                    _ => ((server < size && slow.load(server) > 0).then_some((server, -1)), None),
                };
                for loads in [&mut fast, &mut slow] {
                    if let Some((server, change)) = add {
                        loads.add(server, change);
                    }
                    if let Some((server, eligible)) = eligible.filter(|(server, _)| *server < size) {
                        loads.set_eligible(server, eligible);
                    }
                }
            }
        }
    }

    #[test]
    fn equals_are_equally_likely() {
        let mut loads = Loads::new(10);
        loads.index_least(true);
        for busy in [0, 3, 4, 9] {
            loads.add(busy, 2);
        }
        loads.set_eligible(7, false);
        // Draws from the middles of as many equal parts as there are equals.
        let chosen: Vec<_> = (0..5).map(|k| loads.least((f64::from(k) + 0.5) / 5.0)).collect();
        assert_eq!(chosen, [1, 2, 5, 6, 8].map(Some));
    }

    #[test]
    fn the_highest_draw_takes_the_last_number() {
        let below_one = 1.0 - f64::EPSILON / 2.0;
        assert!(below_one < 1.0);
        for count in (1..100_000).chain([u32::MAX - 1, u32::MAX]) {
            assert_eq!(pick(below_one, count), count - 1);
            assert_eq!(pick(0.0, count), 0);
        }
    }

    #[test]
    fn nobody_is_chosen_where_nobody_is_eligible() {
        let mut loads = Loads::new(3);
        for index in [false, true] {
            loads.index_least(index);
            (0..3).for_each(|server| loads.set_eligible(server, false));
            assert_eq!(loads.least(0.5), None);
            assert_eq!(loads.eligible().count(), 0);
        }
        loads.set_eligible(1, true);
        assert_eq!(loads.least(0.99), Some(1));
        loads.resize(0);
        assert_eq!(loads.least(0.0), None);
    }
}
