//! Individual servers: the number of servers that are told apart at a scale, and the slots of each server.

use super::Problem;
use super::slots::{Concurrency, Slots};

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
    /// Simulated servers for one server of the file.
    each: f64,
}

impl Individuals {
    /// The individual servers of a pool at a scale, of which there are never fewer than `least` at full size.
    pub fn of(slots: &Slots, least: u64, scale: f64) -> Individuals {
        let scaled = least as f64 * scale;
        let fewest = least.min(FEWEST);
        let factor = if (scaled.round() as u64) < fewest { scaled / fewest as f64 } else { 1.0 };
        let slots_each = match slots.concurrency {
            Concurrency::Unlimited => u64::MAX,
            Concurrency::Limited(each) => super::scaled(each, factor),
        };
        let mut individuals = Individuals { servers: 0, slots: slots_each, factor, each: scale / factor };
        individuals.servers = individuals.number(slots.servers);
        individuals
    }

    /// The simulated servers for a number of servers of the file.
    pub fn number(&self, full: u64) -> u32 {
        // The check rejects a larger number of servers before a run.
        ((full as f64 * self.each).round() as u64).min(u64::from(u32::MAX)) as u32
    }

    /// Simulated servers for one server of the file.
    pub fn each(&self) -> f64 {
        self.each
    }

    /// Slots of the simulated servers for a number of servers of the file; `u64::MAX` where they are unlimited.
    pub fn all_slots(&self, full: u64) -> u64 {
        self.slots.saturating_mul(u64::from(self.number(full)))
    }

    /// The error, shown under a key, of more servers than a run can tell apart if the file states up to `most`.
    pub fn check(&self, key: &str, most: u64) -> Option<Problem> {
        let simulated = self.number(most);
        (u64::from(simulated) > MOST).then(|| {
            let title = format!("the pool has {simulated} individual servers");
            let help = format!("at most {MOST}; take a smaller scale, or a shared queue of servers that are all alike");
            Problem::new(key, title, "too many", help)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(servers: u64, each: u64, scale: f64) -> (u32, u64) {
        let stated = Slots { servers, concurrency: Concurrency::Limited(each) };
        let Individuals { servers, slots, .. } = Individuals::of(&stated, stated.servers, scale);
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

    #[test]
    fn a_fleet_that_grows_keeps_the_slots_of_its_smallest_size() {
        let stated = Slots { servers: 40, concurrency: Concurrency::Limited(16) };
        // The smallest fleet, 8 servers at 1:8, is four servers of four slots, so every server of the file is half of one.
        let individuals = Individuals::of(&stated, 8, 0.125);
        assert_eq!((individuals.servers, individuals.slots), (20, 4));
        assert_eq!([0, 1, 8, 200].map(|full| individuals.number(full)), [0, 1, 4, 100]);
    }
}
