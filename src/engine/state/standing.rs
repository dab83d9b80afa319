//! Standing of an individual server: the reasons why it takes no new attempts or does not work.

/// A reason why a server takes no new attempts, as one bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// The server has been removed. It finishes what it holds.
    Draining = 1,
    /// The pool states that the server is down, and the balancer knows.
    Down = 2,
    /// The server has been ejected, since its attempts failed.
    Ejected = 4,
    /// The server has crashed. The balancer may not know yet.
    Crashed = 8,
    /// The balancer knows that the server has crashed.
    Noticed = 16,
}

/// The reasons that hold for a server; none for most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing(u8);

impl Standing {
    /// Whether a reason holds.
    #[inline]
    pub fn has(self, reason: Reason) -> bool {
        self.0 & reason as u8 != 0
    }

    /// Sets whether a reason holds.
    pub fn set(&mut self, reason: Reason, holds: bool) {
        if holds { self.0 |= reason as u8 } else { self.0 &= !(reason as u8) }
    }

    /// Whether the server may get new attempts, as far as the balancer knows.
    #[inline]
    pub fn is_eligible(self) -> bool {
        self.0 & !(Reason::Crashed as u8) == 0
    }

    /// Whether the server belongs to its pool: it has not been removed.
    #[inline]
    pub fn belongs(self) -> bool {
        !self.has(Reason::Draining)
    }

    /// Whether the server counts as a server of its pool: it works and has not been removed.
    #[inline]
    pub fn counts(self) -> bool {
        self.belongs() && self.is_up()
    }

    /// Whether the server works.
    #[inline]
    pub fn is_up(self) -> bool {
        self.0 & (Reason::Down as u8 | Reason::Crashed as u8) == 0
    }
}

/// Numbers of servers of a pool by standing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standings {
    /// Servers that belong to the pool.
    pub belonging: u32,
    /// Servers of these that may get new attempts, as far as the balancer knows.
    pub eligible: u32,
    /// Servers of these that work.
    pub up: u32,
}

impl Standings {
    /// The numbers for some servers.
    pub fn of(servers: impl Iterator<Item = Standing>) -> Standings {
        let mut standings = Standings::default();
        servers.for_each(|standing| standings.add(standing));
        standings
    }

    fn ones(standing: Standing) -> [u32; 3] {
        let belongs = standing.belongs();
        [belongs, belongs && standing.is_eligible(), standing.counts()].map(u32::from)
    }

    /// Counts a server.
    pub fn add(&mut self, standing: Standing) {
        let [belonging, eligible, up] = Standings::ones(standing);
        self.belonging += belonging;
        self.eligible += eligible;
        self.up += up;
    }

    /// Counts a server no more.
    pub fn remove(&mut self, standing: Standing) {
        let [belonging, eligible, up] = Standings::ones(standing);
        self.belonging -= belonging;
        self.eligible -= eligible;
        self.up -= up;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    #[test]
    fn the_numbers_of_servers_follow_each_change_of_a_standing() {
        use Reason::{Crashed, Down, Draining, Ejected, Noticed};
        let mut servers = [Standing::default(); 20];
        let mut standings = Standings::of(servers.iter().copied());
        assert_eq!(standings, Standings { belonging: 20, eligible: 20, up: 20 });
        let mut draw = Key::root(7, 0).draw(Purpose::Crash);
        for step in 0..2_000 {
            let reason = [Draining, Down, Ejected, Crashed, Noticed][draw.bits() as usize % 5];
            let server = &mut servers[draw.bits() as usize % 20];
            standings.remove(*server);
            server.set(reason, draw.bits().is_multiple_of(2));
            standings.add(*server);
            assert_eq!(standings, Standings::of(servers.iter().copied()), "step {step}");
        }
    }
}
