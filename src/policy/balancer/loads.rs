//! The loads of the servers of a pool, and the servers that a balancer may choose.

use super::least::{ABSENT, Least};
use super::members::Members;
use super::view::View;
use crate::units::{Span, Time};

/// The load of each server, in attempts in service and queued, and which servers are eligible.
#[derive(Clone, Debug)]
pub struct Loads {
    loads: Vec<u32>,
    eligible: Members,
    /// The stale loads that the balancer sees; `None` if the balancer sees the true loads.
    view: Option<View>,
    /// An index of the least load seen among the eligible servers; `None` where the balancer does not need it.
    least: Option<Least>,
    /// An index of the least true load among the eligible servers that have room; `None` without `redispatch`.
    roomy: Option<Least>,
}

impl Loads {
    /// Idle servers, all of them eligible.
    pub fn new(servers: u32) -> Loads {
        let eligible = Members::all(servers);
        Loads { loads: vec![0; servers as usize], eligible, view: None, least: None, roomy: None }
    }

    /// Creates or drops an index of the least loaded servers. The index makes [`Loads::least`] fast and costs time at each
    /// change of a load.
    pub fn index_least(&mut self, wanted: bool) {
        self.least = wanted.then(|| Least::new((0..self.loads.len() as u32).map(|server| self.key(server))));
    }

    /// Creates or drops an index of the least loaded servers that have room. [`Loads::note_room`] fills it.
    pub fn index_room(&mut self, wanted: bool) {
        self.roomy = wanted.then(|| Least::new(self.loads.iter().map(|_| ABSENT)));
    }

    /// Sets the age of the loads that the balancer sees: those at the last multiple of `age`, or the true loads if
    /// `age` is zero. A view of another age begins with the true loads.
    pub fn see_at_multiples_of(&mut self, age: Span) {
        if self.view.as_ref().map_or(Span::ZERO, View::age) != age {
            self.view = (age > Span::ZERO).then(|| View::new(age, self.loads.len() as u32));
            self.index_least(self.least.is_some());
        }
    }

    /// Servers that may be chosen.
    #[inline]
    pub fn eligible(&self) -> &Members {
        &self.eligible
    }

    /// Number of servers, eligible or not.
    #[cfg(test)]
    pub fn servers(&self) -> u32 {
        self.loads.len() as u32
    }

    /// Attempts in service and queued at a server.
    #[inline]
    pub fn load(&self, server: u32) -> u32 {
        self.loads[server as usize]
    }

    /// The load of a server as the balancer sees it.
    #[inline]
    pub fn seen(&self, server: u32) -> u32 {
        let load = self.loads[server as usize];
        self.view.as_ref().map_or(load, |view| view.of(server, load))
    }

    /// Refreshes the loads that the balancer sees, if a refresh is due at `now`.
    #[inline]
    pub fn look(&mut self, now: Time) {
        let Loads { view, least, loads, eligible, .. } = self;
        let Some(view) = view else { return };
        view.look(now, |server| {
            if let Some(least) = least.as_mut().filter(|_| eligible.contains(server)) {
                least.set(server, loads[server as usize]);
            }
        });
    }

    /// Changes the load of a server by a number of attempts.
    #[inline(always)]
    pub fn add(&mut self, server: u32, change: i32, now: Time) {
        if self.view.is_some() || self.least.is_some() {
            return self.add_where_seen(server, change, now);
        }
        let load = &mut self.loads[server as usize];
        debug_assert!(load.checked_add_signed(change).is_some(), "server {server} has {load} attempts");
        *load = load.saturating_add_signed(change);
    }

    /// [`Loads::add`] where the balancer has a stale view or an index of the loads.
    #[inline(never)]
    fn add_where_seen(&mut self, server: u32, change: i32, now: Time) {
        self.look(now);
        let load = &mut self.loads[server as usize];
        debug_assert!(load.checked_add_signed(change).is_some(), "server {server} has {load} attempts");
        let before = std::mem::replace(load, load.saturating_add_signed(change));
        if let Some(view) = &mut self.view {
            view.save(server, before);
        } else if let Some(least) = &mut self.least
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

    /// Notes whether a server has room for one more attempt, for the index of servers that have room.
    #[inline]
    pub fn note_room(&mut self, server: u32, has_room: bool) {
        if let Some(roomy) = &mut self.roomy {
            let is_open = has_room && self.eligible.contains(server);
            roomy.set(server, if is_open { self.loads[server as usize] } else { ABSENT });
        }
    }

    /// Changes the number of servers. Added servers are idle and eligible. Removed servers must be idle. The room of
    /// all servers must be noted anew.
    pub fn resize(&mut self, servers: u32) {
        let before = self.loads.len();
        self.loads.resize(servers as usize, 0);
        self.eligible.resize(servers);
        if let Some(view) = &mut self.view {
            view.resize(servers);
        }
        if (servers as usize) < before {
            self.index_least(self.least.is_some());
            return self.index_room(self.roomy.is_some());
        }
        for index in [&mut self.least, &mut self.roomy].into_iter().flatten() {
            index.grow(servers);
        }
        if let Some(least) = &mut self.least {
            (before as u32..servers).for_each(|server| least.set(server, 0));
        }
    }

    /// Resets a number for a new, idle server.
    pub fn renew(&mut self, server: u32) {
        debug_assert!(self.loads[server as usize] == 0, "server {server} is not idle");
        if let Some(view) = &mut self.view {
            view.renew(server);
        }
        let key = self.key(server);
        if let Some(least) = &mut self.least {
            least.set(server, key);
        }
    }

    /// One of the eligible servers with the least load seen, chosen by the draw `u` from [0, 1); `None` if no server is
    /// eligible.
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

    /// One of the servers with the least true load that are eligible and have room, chosen by the draw `u` from [0, 1); `None` if
    /// there is none.
    pub fn least_with_room(&self, u: f64) -> Option<u32> {
        self.roomy.as_ref().and_then(|roomy| roomy.nth(pick(u, roomy.ties())))
    }

    /// The key of a server in the index.
    fn key(&self, server: u32) -> u32 {
        // A load equal to `ABSENT` is beyond any limit of a queue.
        if self.eligible.contains(server) { self.seen(server) } else { ABSENT }
    }
}

/// One of the numbers from 0 to `count` − 1, chosen by a draw `u` from [0, 1): ⌊u·count⌋.
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

    /// The slow twin of stale loads: a copy of all loads at every look, and a look at every server for the least.
    struct Twin {
        age: u64,
        /// The number of the last look.
        look: u64,
        loads: Vec<u32>,
        seen: Vec<u32>,
        eligible: Vec<bool>,
        roomy: Vec<bool>,
    }

    impl Twin {
        fn advance(&mut self, now: u64) {
            let look = now.checked_div(self.age).unwrap_or(0);
            if self.age == 0 || look > self.look {
                self.seen.clone_from(&self.loads);
            }
            self.look = look;
        }

        /// The ⌊u·m⌋-th of the m servers with the least value among those that pass a test.
        fn least(&self, values: &[u32], passes: impl Fn(usize) -> bool, u: f64) -> Option<u32> {
            let open: Vec<usize> = (0..values.len()).filter(|server| passes(*server)).collect();
            let least = open.iter().map(|server| values[*server]).min()?;
            let ties: Vec<usize> = open.into_iter().filter(|server| values[*server] == least).collect();
            Some(ties[(u * ties.len() as f64) as usize] as u32)
        }
    }

    proptest! {
        /// Servers come, go, fail and recover while attempts arrive at the server that is seen least loaded and leave.
        #[test]
        fn indices_and_views_agree_with_a_look_at_every_server(
            servers in 1_u32..90,
            age in prop_oneof![Just(0_u64), 1_u64..40],
            steps in prop::collection::vec((0_u8..14, 0_u32..90, 0.0_f64..1.0, 0_u64..12), 0..300),
        ) {
            let count = servers as usize;
            let mut fast = Loads::new(servers);
            fast.index_least(true);
            fast.index_room(true);
            fast.see_at_multiples_of(Span(age as i64));
            let (loads, seen) = (vec![0; count], vec![0; count]);
            let mut slow = Twin { age, look: 0, loads, seen, eligible: vec![true; count], roomy: vec![false; count] };
            let mut now = 0;
            for (what, server, u, gap) in steps {
                now += gap;
                slow.advance(now);
                fast.look(Time(now));
                let chosen = slow.least(&slow.seen, |server| slow.eligible[server], u);
                prop_assert_eq!(fast.least(u), chosen);
                for server in 0..slow.loads.len() {
                    prop_assert_eq!(fast.seen(server as u32), slow.seen[server]);
                }
                let roomy = slow.least(&slow.loads, |server| slow.eligible[server] && slow.roomy[server], u);
                prop_assert_eq!(fast.least_with_room(u), roomy);
                let index = server as usize;
                let known = index < slow.loads.len();
                match what {
                    0 => {
                        fast.resize(server + 1);
                        for list in [&mut slow.loads, &mut slow.seen] {
                            list.resize(index + 1, 0);
                        }
                        slow.eligible.resize(index + 1, true);
                        if index + 1 < slow.roomy.len() {
                            slow.roomy.fill(false);
                        }
                        slow.roomy.resize(index + 1, false);
                    }
                    1 | 2 if known => {
                        fast.set_eligible(server, what == 2);
                        slow.eligible[index] = what == 2;
                        fast.note_room(server, slow.roomy[index]);
                    }
                    3 if known && slow.loads[index] == 0 => {
                        fast.renew(server);
                        // Whoever has not changed since the last look is seen as it is.
                        slow.seen[index] = 0;
                    }
                    4 | 5 if known => {
                        slow.roomy[index] = what == 5;
                        fast.note_room(server, slow.roomy[index]);
                    }
                    6..10 => if let Some(chosen) = chosen {
                        fast.add(chosen, 1, Time(now));
                        slow.loads[chosen as usize] += 1;
                        fast.note_room(chosen, slow.roomy[chosen as usize]);
                    },
                    _ if known && slow.loads[index] > 0 => {
                        fast.add(server, -1, Time(now));
                        slow.loads[index] -= 1;
                        fast.note_room(server, slow.roomy[index]);
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn equals_are_equally_likely() {
        let mut loads = Loads::new(10);
        loads.index_least(true);
        for busy in [0, 3, 4, 9] {
            loads.add(busy, 2, Time::START);
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
