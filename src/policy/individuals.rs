//! Individual servers: the number of servers with queues of their own at a scale, and the slots of each server.

use super::Problem;
use super::slots::{Concurrency, Servers};

/// Number of individual servers below which their number no longer shrinks with the scale.
const FEWEST: u64 = 4;
/// Largest number of individual servers of a pool, as simulated.
const MOST: u64 = 100_000;
/// Relative error of the simulated capacity above which a scenario is rejected.
const TOO_FAR_OFF: f64 = 0.2;

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

    /// Relative error of the simulated number of slots against the stated number at this scale.
    pub fn capacity_error(&self, servers: &Servers, scale: f64) -> f64 {
        let Concurrency::Limited(each) = servers.concurrency else { return 0.0 };
        let wanted = servers.servers as f64 * each as f64 * scale;
        if wanted == 0.0 { 0.0 } else { self.all_slots() as f64 / wanted - 1.0 }
    }

    /// The error of more servers than a run can tell apart, or of a scale that changes the capacity too much.
    pub fn check(&self, servers: &Servers, scale: f64) -> Option<Problem> {
        if u64::from(self.servers) > MOST {
            return Some(Problem {
                key: "servers".to_owned(),
                title: format!("the pool has {} servers with queues of their own", self.servers),
                label: "too many".to_owned(),
                help: format!("at most {MOST} can be simulated; a smaller scale or a shared queue helps"),
            });
        }
        let error = self.capacity_error(servers, scale);
        (error.abs() > TOO_FAR_OFF).then(|| Problem {
            key: "servers".to_owned(),
            title: format!("at scale {scale} the slots of this pool are {:+.0}% off", error * 100.0),
            label: format!("simulated as {} servers with {} slots each", self.servers, self.slots),
            help: "choose a scale at which servers × concurrency × scale is nearly a whole number of slots".to_owned(),
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

    #[test]
    fn a_scale_that_changes_the_capacity_by_a_fifth_is_an_error() {
        let servers = Servers { servers: 10, concurrency: Concurrency::Limited(1) };
        let error = |scale| Individuals::of(&servers, scale).check(&servers, scale).map(|problem| problem.title);
        assert_eq!(error(1.0), None);
        assert_eq!(error(0.5), None);
        assert!(error(0.02).is_some_and(|title| title.contains("-100% off")));
    }
}
