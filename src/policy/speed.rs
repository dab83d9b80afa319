//! Speed: the progress of attempts that a server works on at once.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;
use super::individuals::Individuals;

/// Effect of attempts in service at one server on each other's speed. Without either key each attempt runs at full
/// speed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sharing {
    /// Cores of one server, which the attempts in service share equally (processor sharing): each of n runs at the
    /// speed min(1, cores ÷ n). Answers to attempts that were turned away count among the n. An attempt that waits for
    /// a call holds a slot and no core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub cores: Option<u32>,
    /// Universal scalability law: each of n attempts in service at one server runs at the speed 1 ÷ (1 + contention ×
    /// (n − 1) + coherency × n × (n − 1)) (N. Gunther, Guerrilla Capacity Planning, 2007). Not allowed beside `cores`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub slowdown: Option<Slowdown>,
}

/// Parameters of the universal scalability law.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Slowdown {
    /// Contention σ: share of the work that is serialized.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub contention: f64,
    /// Coherency κ: cost of agreement between each pair of attempts, as a share of the work.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub coherency: f64,
}

/// The speed of attempts that a server works on at once.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Speed {
    /// Each works as if it were alone.
    #[default]
    Alone,
    /// All share this number of cores equally.
    Cores(u32),
    /// Each slows down all others.
    Slowdown(Slowdown),
}

impl Speed {
    /// The speed of each of `n` attempts, from 0 to 1.
    #[inline]
    pub fn of_each(&self, n: u32) -> f64 {
        match self {
            Speed::Alone => 1.0,
            Speed::Cores(cores) if n <= *cores => 1.0,
            Speed::Cores(cores) => f64::from(*cores) / f64::from(n),
            Speed::Slowdown(Slowdown { contention, coherency }) => {
                let (n, others) = (f64::from(n), f64::from(n.saturating_sub(1)));
                1.0 / (1.0 + contention * others + coherency * n * others)
            }
        }
    }

    /// Cores that `n` attempts keep busy; 0 where cores are not stated.
    #[inline]
    pub fn busy_cores(&self, n: u32) -> u32 {
        if let Speed::Cores(cores) = self { n.min(*cores) } else { 0 }
    }

    /// Cores of a server; 0 where they are not stated.
    pub fn cores(&self) -> u32 {
        if let Speed::Cores(cores) = self { *cores } else { 0 }
    }

    /// The largest work rate of a server, over that of one attempt alone: at the best number of attempts up to `slots`,
    /// which may be unlimited. Infinite if nothing limits it.
    pub fn most_work(&self, slots: u64) -> f64 {
        let work = |n: f64| n * self.of_each(n.min(f64::from(u32::MAX)) as u32);
        let slots = if slots == u64::MAX { f64::INFINITY } else { slots as f64 };
        match self {
            Speed::Alone => slots,
            Speed::Cores(cores) => slots.min(f64::from(*cores)),
            Speed::Slowdown(Slowdown { contention, coherency }) if *coherency > 0.0 => {
                // The derivative of the law is zero at √((1 − σ) ÷ κ).
                let best = ((1.0 - contention).max(0.0) / coherency).sqrt();
                let [low, high] = [best.floor(), best.ceil()].map(|n| n.max(1.0).min(slots));
                work(low).max(work(high))
            }
            // Without coherency the work rate grows with the number of attempts, towards 1 ÷ σ.
            Speed::Slowdown(Slowdown { contention, .. }) if slots.is_infinite() => 1.0 / contention,
            Speed::Slowdown(_) => work(slots),
        }
    }
}

impl Sharing {
    /// Whether a key is stated.
    pub fn is_stated(&self) -> bool {
        self.cores.is_some() || self.slowdown.is_some()
    }

    /// The rule, if a key is stated.
    pub fn compile(&self) -> Option<Speed> {
        self.cores.map(Speed::Cores).or(self.slowdown.map(Speed::Slowdown))
    }

    /// The errors that no schema can state, for the servers of the pool at a scale.
    pub fn problems(&self, servers: &Individuals, full: u64, scale: f64) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.cores.is_some() && self.slowdown.is_some() {
            let title = "`slowdown` cannot stand beside `cores`";
            found.push(Problem::new("slowdown", title, "one too many", "write one of cores, slowdown"));
        }
        if servers.factor < 1.0 && self.is_stated() {
            let key = if self.cores.is_some() { "cores" } else { "slowdown" };
            // From the fewest servers that may be left on, each simulated server is one of the file.
            let least = (full.min(4) as f64 - 0.5) / full.max(1) as f64;
            let title = format!("at scale {scale} fewer than four servers are left");
            let help = format!("write a scale of {least:.3} or more");
            found.push(Problem::new(key, title, "attempts share the cores of whole servers", help));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    #[test]
    fn cores_are_shared_equally_once_attempts_outnumber_them() {
        let speed = Speed::Cores(4);
        assert_eq!([1, 4, 5, 8, 16].map(|n| speed.of_each(n)), [1.0, 1.0, 0.8, 0.5, 0.25]);
        assert_eq!([0, 3, 4, 9].map(|n| speed.busy_cores(n)), [0, 3, 4, 4]);
        assert_eq!([2, 4, 64, u64::MAX].map(|slots| speed.most_work(slots)), [2.0, 4.0, 4.0, 4.0]);
    }

    #[test]
    fn a_slowdown_is_the_universal_scalability_law() {
        let speed = Speed::Slowdown(Slowdown { contention: 0.02, coherency: 0.0005 });
        let law = |n: f64| n / (1.0 + 0.02 * (n - 1.0) + 0.0005 * n * (n - 1.0));
        for n in [1_u32, 2, 16, 44, 100] {
            assert!((f64::from(n) * speed.of_each(n) - law(f64::from(n))).abs() < 1e-9);
        }
        // The best number is √(0.98 ÷ 0.0005) = 44.3.
        let best = (1..=1_000).map(|n| law(f64::from(n))).fold(0.0, f64::max);
        assert!((speed.most_work(u64::MAX) - best).abs() < 1e-9 && (speed.most_work(1_000) - best).abs() < 1e-9);
        assert!((speed.most_work(16) - law(16.0)).abs() < 1e-9);
        let amdahl = Speed::Slowdown(Slowdown { contention: 0.05, coherency: 0.0 });
        assert!((amdahl.most_work(u64::MAX) - 20.0).abs() < 1e-9 && amdahl.most_work(10) < 7.0);
        assert_eq!(Speed::Slowdown(Slowdown::default()).most_work(10), 10.0);
        assert_eq!([Speed::Alone.of_each(9), Speed::Alone.most_work(9)], [1.0, 9.0]);
    }

    #[test]
    fn only_one_of_the_rules_is_stated_and_servers_are_whole() {
        use crate::policy::slots::{Concurrency, Slots};
        let servers = Slots { servers: 8, concurrency: Concurrency::Limited(16) };
        let keys = |text: &str, scale: f64| {
            let sharing = read::<Sharing>(text).unwrap_or_else(|error| panic!("{error}"));
            let problems = sharing.problems(&Individuals::of(&servers, 8, scale), 8, scale);
            problems.into_iter().map(|problem| problem.key).collect::<Vec<_>>()
        };
        assert_eq!(keys("cores = 4", 1.0), [""; 0]);
        assert_eq!(keys("cores = 4\nslowdown = { contention = 0.1 }", 1.0), ["slowdown"]);
        assert_eq!(keys("cores = 4", 0.125), ["cores"]);
        assert_eq!(keys("slowdown = {}", 0.4), ["slowdown"]);
        assert_eq!(keys("cores = 4", 0.5), [""; 0]);
        for (text, error) in
            [("cores = 0", "from 1"), ("slowdown = { contention = -1 }", "from 0"), ("cores = 1.5", "whole")]
        {
            let found = read::<Sharing>(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
    }
}
