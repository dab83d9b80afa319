//! `cubic`: the share of attempts that are kept falls with the cube of the overload.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::Problem;
use crate::policy::queue::priority::Class;
use crate::units::Probability;

/// Keeps the share 1 − x³ of attempts with the lowest ranks, where x grows from 0 at the load `from` to 1 at the load
/// `to`, by the load of the last whole second (Netflix TechBlog, Keeping Netflix Reliable Using Prioritized Load
/// Shedding, 2020).
///
/// The rank of an attempt is (class + U) / 4: class 0 is critical, 1 normal, 2 low, 3 bulk. U is drawn once for each
/// viewer, so the same people are shed throughout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cubic {
    /// Load at which shedding begins.
    #[schemars(extend("x-change" = true))]
    from: Probability,
    /// Load at which all attempts are shed.
    #[schemars(extend("x-change" = true))]
    to: Probability,
    /// Load that decides.
    #[schemars(extend("x-change" = true))]
    of: Load,
}

/// A load of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Load {
    /// The share of busy slots.
    #[default]
    Utilization,
    /// The share of busy cores; without `cores`, of the slots that are busy and do not wait for calls.
    Cpu,
}

/// The loads of a pool in the last whole second, as shares.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loads {
    /// Busy slots over slots.
    pub utilization: f64,
    /// Busy cores over cores.
    pub cpu: f64,
}

impl Default for Cubic {
    fn default() -> Cubic {
        Cubic { from: Probability(0.8), to: Probability(1.0), of: Load::Utilization }
    }
}

impl Cubic {
    /// The error of a range that is empty.
    pub fn check(&self) -> Option<Problem> {
        (self.to.0 <= self.from.0).then(|| {
            let help = "shedding begins at `from` and is complete at `to`, a higher load";
            Problem::new("to", "the range of the load is empty", "not above `from`", help)
        })
    }

    /// Whether an attempt is kept under the loads of the last second. `rank` is uniform on (0, 1).
    pub fn keeps(&self, loads: Loads, class: Class, rank: f64) -> bool {
        let u = match self.of {
            Load::Utilization => loads.utilization,
            Load::Cpu => loads.cpu,
        };
        let overload = ((u - self.from.0) / (self.to.0 - self.from.0)).max(0.0);
        overload < 1.0 && (f64::from(class as u8) + rank) / 4.0 <= 1.0 - overload * overload * overload
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slots of which so large a share is busy, with idle cores.
    fn busy(utilization: f64) -> Loads {
        Loads { utilization, cpu: 0.0 }
    }

    #[test]
    fn the_load_that_counts_is_the_one_that_is_stated() {
        let keeps = |of, loads| Cubic { of, ..Cubic::default() }.keeps(loads, Class::Normal, 0.5);
        let slots_alone = Loads { utilization: 1.0, cpu: 0.1 };
        assert_eq!([Load::Utilization, Load::Cpu].map(|of| keeps(of, slots_alone)), [false, true]);
        let cores_alone = Loads { utilization: 0.1, cpu: 1.0 };
        assert_eq!([Load::Utilization, Load::Cpu].map(|of| keeps(of, cores_alone)), [true, false]);
    }

    /// The largest priority, of 1 to 100, that is let through at an overload, as Netflix published it.
    #[test]
    fn the_shares_kept_are_those_that_netflix_published() {
        let cubic = Cubic { from: Probability(0.0), ..Cubic::default() };
        for (overload, largest) in [(0.35, 95.71), (0.80, 48.8), (0.95, 14.26)] {
            let kept = (0..40_000).filter(|n| {
                let p = (f64::from(*n) + 0.5) / 10_000.0;
                cubic.keeps(busy(overload), Class::of_number(p as u8), p.fract())
            });
            let share = kept.count() as f64 / 400.0;
            assert!((share - largest).abs() < 0.01, "{share}% at {overload}, not {largest}%");
        }
    }

    #[test]
    fn nothing_is_shed_up_to_its_begin_and_everything_from_its_end_on() {
        let cubic = Cubic::default();
        for (u, kept) in [(0.0, 1_000), (0.8, 1_000), (0.9, 875), (1.0, 0), (1.3, 0)] {
            let all = (0..1_000)
                .filter(|n| cubic.keeps(busy(u), Class::of_number((n / 250) as u8), f64::from(n % 250) / 250.0 + 1e-9));
            assert_eq!(all.count(), kept, "at {u}");
        }
    }

    #[test]
    fn an_empty_range_is_an_error() {
        assert_eq!(Cubic::default().check(), None);
        let empty = Cubic { to: Probability(0.8), ..Cubic::default() };
        assert_eq!(empty.check().map(|problem| problem.key).as_deref(), Some("to"));
    }
}
