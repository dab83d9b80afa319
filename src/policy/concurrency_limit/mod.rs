//! Adaptive concurrency limits: a server admits as many attempts as it can hold without slowing down.
//!
//! The rules and defaults are those of Netflix's library concurrency-limits. The limiter of a server gets a sample at
//! the end of each attempt. Interchangeable servers share one limiter, which gets as many samples as a single server
//! would.

mod aimd;
mod gradient2;
mod limiter;
mod vegas;

pub use aimd::Aimd;
pub use gradient2::Gradient2;
pub use limiter::{Sample, State};
pub use vegas::Vegas;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;

/// Adaptive limit of the attempts that a server holds, queued and in service. An attempt above the limit ends as `shed`
/// (503). Abandoned attempts that the server still holds count.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConcurrencyLimit {
    /// Additive increase while the limit is in use, multiplicative decrease after a timeout.
    Aimd(Aimd),
    /// By an estimate of the queue from the least response time, as in TCP Vegas.
    Vegas(Vegas),
    /// By the ratio of the long-term mean of response times to the latest one.
    Gradient2(Gradient2),
}

/// The limiters of a pool, as simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    limit: ConcurrencyLimit,
    /// Number of servers that share a limiter.
    servers: f64,
}

impl ConcurrencyLimit {
    /// The limiters, each shared by `servers` servers, with limits multiplied by `factor`.
    pub fn compile(&self, servers: f64, factor: f64) -> Rule {
        let limit = match *self {
            ConcurrencyLimit::Aimd(set) => ConcurrencyLimit::Aimd(set.shrunk(factor)),
            ConcurrencyLimit::Vegas(set) => ConcurrencyLimit::Vegas(set.shrunk(factor)),
            ConcurrencyLimit::Gradient2(set) => ConcurrencyLimit::Gradient2(set.shrunk(factor)),
        };
        Rule { limit, servers }
    }

    /// The errors that no schema can state, for a limiter shared by `servers` servers.
    pub fn check(&self, servers: f64) -> Option<Problem> {
        if servers > 0.0 && servers < 1.0 {
            let title = format!("the pool has {servers:.3} simulated servers");
            let help = "a larger scale, or queue = { per_server = … }, leaves at least one";
            return Some(Problem::new("concurrency_limit", title, "each server has a limit of its own", help));
        }
        let (name, [least, first, most]) = match self {
            ConcurrencyLimit::Aimd(set) => ("aimd", [set.min, set.initial, set.max]),
            ConcurrencyLimit::Vegas(set) => ("vegas", [1, set.initial, set.max]),
            ConcurrencyLimit::Gradient2(set) => ("gradient2", [set.min, set.initial, set.max]),
        };
        let wrong = if least > most { "min" } else { "initial" };
        (least > first || first > most).then(|| {
            let key = format!("concurrency_limit.{name}.{wrong}");
            let label = format!("the least limit is {least}, the first {first}, the highest {most}");
            let help = "`min` is at most `initial`, and `initial` at most `max`";
            Problem::new(key, "the limits are not in order", label, help)
        })
    }
}

impl Rule {
    /// The limit of a limiter, which may be a fraction.
    fn limit_of(&self, state: &State) -> f64 {
        if state.limit > 0.0 {
            return state.limit;
        }
        match self.limit {
            ConcurrencyLimit::Aimd(set) => set.initial as f64,
            ConcurrencyLimit::Vegas(set) => set.initial as f64,
            ConcurrencyLimit::Gradient2(set) => set.initial as f64,
        }
    }

    /// Attempts that the servers of a limiter hold together in an overload in which they serve `capacity` attempts a second: a
    /// limit by time lets no more in than are served in time, any other grows to its largest value.
    pub fn held(&self, capacity: f64) -> f64 {
        let of_servers = |limit: u64| limit as f64 * self.servers;
        match self.limit {
            ConcurrencyLimit::Aimd(set) => {
                (capacity * set.timeout().seconds()).clamp(of_servers(set.min), of_servers(set.max.max(set.min)))
            }
            ConcurrencyLimit::Vegas(set) => of_servers(set.max),
            ConcurrencyLimit::Gradient2(set) => of_servers(set.max),
        }
    }

    /// Attempts that the servers of a limiter may hold together.
    pub fn most(&self, state: &State) -> f64 {
        self.limit_of(state).floor() * self.servers
    }

    /// Attempts that each server of a limiter holds on average, if all together hold `held`.
    pub fn each(&self, held: u64) -> f64 {
        held as f64 / self.servers
    }

    /// Records the end of an attempt at the servers of a limiter.
    pub fn ended(&self, state: &mut State, sample: Sample) {
        state.ends += 1.0;
        if state.ends < self.servers {
            return;
        }
        state.ends -= self.servers;
        state.limit = self.limit_of(state);
        match self.limit {
            ConcurrencyLimit::Aimd(set) => set.feed(state, sample),
            ConcurrencyLimit::Vegas(set) => set.feed(state, sample),
            ConcurrencyLimit::Gradient2(set) => set.feed(state, sample),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;
    use crate::random::Key;
    use crate::units::Span;

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    struct Pool {
        concurrency_limit: ConcurrencyLimit,
    }

    fn limit(text: &str) -> ConcurrencyLimit {
        read::<Pool>(&format!("concurrency_limit = {text}")).unwrap_or_else(|error| panic!("{error}")).concurrency_limit
    }

    /// A sample that finds a server busy.
    fn sample(ms: i64, inflight: f64) -> Sample {
        Sample { rtt: Span(ms * 1_000_000), inflight, dropped: false, key: Key::root(1, 0) }
    }

    #[test]
    fn the_defaults_are_those_of_the_library() {
        for (text, [least, first, most]) in
            [("'aimd'", [20, 20, 200]), ("'vegas'", [1, 20, 1_000]), ("'gradient2'", [20, 20, 200])]
        {
            let limits = match limit(text) {
                ConcurrencyLimit::Aimd(set) => [set.min, set.initial, set.max],
                ConcurrencyLimit::Vegas(set) => [1, set.initial, set.max],
                ConcurrencyLimit::Gradient2(set) => [set.min, set.initial, set.max],
            };
            assert_eq!(limits, [least, first, most], "{text}");
            assert_eq!(limit(text).check(1.0), None);
            assert_eq!(limit(text).compile(1.0, 1.0).most(&State::default()), first as f64, "{text}");
        }
    }

    #[test]
    fn a_limiter_of_several_servers_is_fed_as_one_of_them_would_be() {
        let aimd = limit("'aimd'");
        let (one, three) = (aimd.compile(1.0, 1.0), aimd.compile(3.0, 1.0));
        let (mut single, mut shared) = (State::default(), State::default());
        for end in 1..=90 {
            three.ended(&mut shared, sample(100, three.each(120)));
            if end % 3 == 0 {
                one.ended(&mut single, sample(100, 40.0));
            }
        }
        assert_eq!((one.most(&single), three.most(&shared)), (50.0, 150.0));
    }

    #[test]
    fn a_limit_by_time_holds_what_is_served_in_time() {
        let held = |text: &str| [10.0, 100.0, 10_000.0].map(|capacity| limit(text).compile(2.0, 1.0).held(capacity));
        assert_eq!(held("{ aimd = { timeout = '500 ms', max = 100 } }"), [40.0, 50.0, 200.0]);
        assert_eq!(held("{ gradient2 = { max = 100 } }"), [200.0; 3]);
    }

    #[test]
    fn limits_out_of_order_and_fractions_of_a_server_are_errors() {
        let key = |text: &str, servers| limit(text).check(servers).map(|problem| problem.key);
        assert_eq!(key("'aimd'", 0.4).as_deref(), Some("concurrency_limit"));
        assert_eq!(key("{ aimd = { max = 10 } }", 1.0).as_deref(), Some("concurrency_limit.aimd.min"));
        assert_eq!(
            key("{ gradient2 = { initial = 10 } }", 1.0).as_deref(),
            Some("concurrency_limit.gradient2.initial")
        );
        assert_eq!(key("{ vegas = { max = 10 } }", 1.0).as_deref(), Some("concurrency_limit.vegas.initial"));
    }

    #[test]
    fn limits_shrink_where_slots_shrink_instead_of_servers() {
        let most = |factor| limit("{ aimd = { initial = 40 } }").compile(1.0, factor).most(&State::default());
        assert_eq!([1.0, 0.5, 0.001].map(most), [40.0, 20.0, 1.0]);
    }
}
