//! Individual servers: the number of servers that are told apart at a scale, and the slots of each server.

use super::Problem;
use super::slots::{Concurrency, Servers};

/// Number of individual servers below which their number no longer shrinks with the scale.
const FEWEST: u64 = 4;
/// Largest number of individual servers of a pool, as simulated.
const MOST: u64 = 100_000;

/// The individual servers of a pool, as simulated.
///
/// The number of servers is rounded to the scale. If fewer than four servers would be left, there are four (or the number in
/// the file if that is less), and the slots and the queue limit of each server shrink instead, so that a balancer still has
/// a choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Individuals {
    /// Number of servers.
    pub servers: u32,
    /// Slots of each server; `u64::MAX` where they are unlimited.
    pub slots: u64,
    /// Factor on the parameters of each server: 1, or less where slots shrink instead of servers.
    pub factor: f64,
}

impl Individuals {
    /// The individual servers of a pool at a scale.
    pub fn of(servers: &Servers, scale: f64) -> Individuals {
        let scaled = servers.servers as f64 * scale;
        let fewest = servers.servers.min(FEWEST);
        let rounded = scaled.round() as u64;
        let (count, factor) = if rounded < fewest { (fewest, scaled / fewest as f64) } else { (rounded, 1.0) };
        let slots = match servers.concurrency {
            Concurrency::Unlimited => u64::MAX,
            Concurrency::Limited(each) => super::scaled(each, factor),
        };
        // The check rejects a larger number of servers before a run.
        Individuals { servers: count.min(u64::from(u32::MAX)) as u32, slots, factor }
    }

    /// Slots of all servers together; `u64::MAX` where they are unlimited.
    pub fn all_slots(&self) -> u64 {
        self.slots.saturating_mul(u64::from(self.servers))
    }

    /// The error of more servers than a run can tell apart.
    pub fn check(&self) -> Option<Problem> {
        (u64::from(self.servers) > MOST).then(|| Problem {
            key: "servers".to_owned(),
            title: format!("the pool has {} individual servers", self.servers),
            label: "too many".to_owned(),
            help: format!("at most {MOST} can be simulated; a smaller scale helps, or a shared queue of servers that are all alike"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(servers: u64, each: u64, scale: f64) -> (u32, u64) {
        let servers = Servers { servers, concurrency: Concurrency::Limited(each) };
        let Individuals { servers, slots, .. } = Individuals::of(&servers, scale);
        (servers, slots)
    }

    #[test]
    fn servers_shrink_first_and_their_slots_below_four() {
        assert_eq!(at(100, 16, 1.0), (100, 16));
        assert_eq!(at(100, 16, 0.1), (10, 16));
        assert_eq!(at(32, 16, 0.125), (4, 16));
        assert_eq!(at(8, 16, 0.125), (4, 4));
        assert_eq!(at(2, 16, 0.5), (2, 8));
        assert_eq!(at(3, 1, 1.0), (3, 1), "at scale 1 any number is simulated");
        assert_eq!(at(0, 16, 0.5), (0, 16));
    }
}
