//! Differences: individual servers that work faster or slower than others, or that fail more often.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Probability;

/// Speeds and failures of individual servers. Each list is repeated over the servers in order of number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Differences {
    /// Speeds of the servers, repeated over the servers in order of number; 1 for all if absent. The service time is
    /// divided by the speed of the server when service begins. Balancers do not know speeds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100_000), inner(range(min = 0.001, max = 1000.0)), extend("x-change" = true))]
    pub speeds: Vec<f64>,
    /// Probabilities that an attempt fails because of its server, repeated over the servers in order of number; 0 for all if absent.
    /// An attempt fails with probability 1 − (1 − `failure`) × (1 − that of its server).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100_000), extend("x-change" = true))]
    pub failures: Vec<Probability>,
}

impl Differences {
    /// Whether servers are told apart at all.
    pub fn are_stated(&self) -> bool {
        !self.speeds.is_empty() || !self.failures.is_empty()
    }

    /// The speed of a server.
    #[inline]
    pub fn speed(&self, server: u32) -> f64 {
        repeated(&self.speeds, server).copied().unwrap_or(1.0)
    }

    /// The sum of the speeds of some servers.
    pub fn speeds_of(&self, servers: impl Iterator<Item = u32>) -> SpeedSum {
        let mut sum = SpeedSum::default();
        servers.for_each(|server| sum.add(self.speed(server)));
        sum
    }

    /// The probability that an attempt fails because of its server.
    #[inline]
    pub fn failure(&self, server: u32) -> f64 {
        repeated(&self.failures, server).map_or(0.0, |failure| failure.0)
    }
}

/// A sum of speeds that is exact, in whatever order servers come and go.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpeedSum(i128);

impl SpeedSum {
    /// Steps of a speed of 1: a speed from 0.001 on is a whole number of steps.
    const STEPS: f64 = (1_u64 << 62) as f64;

    /// Adds the speed of a server.
    pub fn add(&mut self, speed: f64) {
        self.0 += (speed * SpeedSum::STEPS) as i128;
    }

    /// Subtracts the speed of a server.
    pub fn remove(&mut self, speed: f64) {
        self.0 -= (speed * SpeedSum::STEPS) as i128;
    }

    /// The sum.
    pub fn value(self) -> f64 {
        self.0 as f64 / SpeedSum::STEPS
    }
}

/// The entry of a server in a list that is repeated over the servers.
#[inline]
fn repeated<T>(list: &[T], server: u32) -> Option<&T> {
    if list.is_empty() { None } else { list.get(server as usize % list.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    #[test]
    fn a_list_is_repeated_over_the_servers() {
        let set = read::<Differences>("speeds = [1.0, 1, 0.5]\nfailures = [0, '30%']").unwrap();
        assert_eq!([0, 1, 2, 3, 5, 99_998].map(|server| set.speed(server)), [1.0, 1.0, 0.5, 1.0, 0.5, 0.5]);
        assert_eq!([0, 1, 2, 3].map(|server| set.failure(server)), [0.0, 0.3, 0.0, 0.3]);
        let alike = Differences::default();
        assert_eq!((alike.are_stated(), alike.speed(7), alike.failure(7)), (false, 1.0, 0.0));
    }

    #[test]
    fn a_sum_of_speeds_is_the_same_after_servers_have_come_and_gone() {
        let set = Differences { speeds: vec![0.1, 0.001, 999.7, 1.0 / 3.0], ..Differences::default() };
        let sum = set.speeds_of(0..100_000);
        assert!((sum.value() / 25e3 / (0.1 + 0.001 + 999.7 + 1.0 / 3.0) - 1.0).abs() < 1e-15);
        let mut other = set.speeds_of((0..100_005).rev());
        (100_000..100_005).for_each(|server| other.remove(set.speed(server)));
        assert_eq!(other, sum);
        assert_eq!(set.speeds_of([1].into_iter()).value(), 0.001);
    }

    #[test]
    fn a_speed_is_above_zero_and_a_failure_a_share() {
        for (text, error) in [
            ("speeds = [1.0, 0]", "from 0.001 to 1000"),
            ("speeds = [-1]", "from 0.001 to 1000"),
            ("speeds = 0.5", "expected a list"),
            ("failures = [1.2]", "above 1"),
            ("failures = ['no']", "expected a share"),
        ] {
            let found = read::<Differences>(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
    }
}
