//! Calls: the requests that an attempt makes to other pools after its own service.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Visit;
use super::cache::{self, Cache, Per};
use super::queue::priority::Class;
use crate::document::distribution::Distribution;
use crate::document::law;
use crate::random::{Key, Law, Part, Purpose};
use crate::units::{Probability, Span};
use crate::vocabulary::Outcome;

/// The calls of a pool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Calls {
    /// Calls that every attempt at the pool, whatever its request, makes to other pools after its own service, one
    /// after the other. The attempt holds its slot until the last call has ended, and is answered then. A call that
    /// fails and is not `optional` ends the attempt at once: as `timed_out` if the call timed out or was abandoned, as
    /// `failed` if it failed, else as `rejected`. The pool's `timeout` includes the calls. Tables count the calls of
    /// `gateway` to `database` as the request `gateway/database`.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub calls: Vec<Call>,
}

/// A call to another pool, or several calls at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-choice" = ["pool", "parallel"], "x-replace" = true))]
pub struct Call {
    /// Name of the pool that is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// Calls that are made at once, repetitions included. They end when all have ended, with the failure that came first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub parallel: Option<Vec<Call>>,
    /// Name of the client whose timer, retries and protections apply to the call; without a client, a call has no timer
    /// and is not retried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Number of repetitions of the call; 1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub times: Option<u64>,
    /// Probability that a repetition is made, drawn for each; 1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub probability: Option<Probability>,
    /// Whether the attempt goes on after the call has failed; it ends if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub optional: Option<bool>,
    /// Round trip between the two pools, half of it each way, drawn for each attempt of the call; 0 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub latency: Option<Distribution>,
    /// Class of the attempts of the call, in pools whose queue has a priority; the class of the calling attempt if
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub priority: Option<Class>,
    /// Cache that is asked before each repetition; a hit makes the call needless. `[[change]] empty` empties the cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<Cache>,
}

/// Separator between the names of caller and callee in the name of a request.
pub const SEPARATOR: char = '/';

/// The name under which the tables count the calls of one pool to another.
pub fn request(caller: &str, callee: &str) -> String {
    format!("{caller}{SEPARATOR}{callee}")
}

impl Call {
    /// The call itself, or the calls that are made at once, each with its path below that of the call.
    pub fn each(&self, path: &str) -> impl Iterator<Item = (String, &Call)> + use<'_> {
        let path = path.to_owned();
        let single = self.parallel.is_none().then(|| (path.clone(), self));
        let parallel = self.parallel.iter().flatten().enumerate();
        single.into_iter().chain(parallel.map(move |(index, call)| (format!("{path}.parallel.{index}"), call)))
    }

    /// Mean number of repetitions that are made where the cache is full.
    pub fn mean_times(&self) -> f64 {
        let (times, made) = (self.times.unwrap_or(1), self.probability.map_or(1.0, |probability| probability.0));
        times as f64 * made * (1.0 - self.cache.map_or(0.0, |cache| cache.hit.0))
    }
}

impl Calls {
    /// Every call, with its path below the table of the pool.
    pub fn each(&self) -> impl Iterator<Item = (String, &Call)> {
        self.calls.iter().enumerate().flat_map(|(index, call)| call.each(&format!("calls.{index}")))
    }

    /// Every pool that is called, as often as a call names it.
    pub fn callees(&self) -> impl Iterator<Item = &str> {
        self.calls
            .iter()
            .flat_map(|call| call.pool.iter().chain(call.parallel.iter().flatten().flat_map(|call| &call.pool)))
            .map(String::as_str)
    }

    /// Whether each server of the pool has a cache of its own.
    pub fn tell_servers_apart(&self) -> bool {
        self.each().any(|(_, call)| call.cache.is_some_and(|cache| cache.per == Per::Server))
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        for (index, call) in self.calls.iter_mut().enumerate() {
            if let Some(law) = &mut call.latency {
                visit(&format!("calls.{index}.latency"), law);
            }
            for (number, call) in call.parallel.iter_mut().flatten().enumerate() {
                if let Some(law) = &mut call.latency {
                    visit(&format!("calls.{index}.parallel.{number}.latency"), law);
                }
            }
        }
    }

    /// The calls at a scale; `find` looks up the names of a pool and a client.
    pub fn compile(&self, sizes: cache::Sizes, find: impl Fn(&str, Option<&str>) -> Found) -> Settings {
        let mut settings = Settings::default();
        for call in &self.calls {
            let start = settings.calls.len() as u16;
            for (_, call) in call.each("") {
                let pool = call.pool.as_deref().unwrap_or_default();
                let found = find(pool, call.client.as_deref());
                let earlier = settings.calls.iter().filter(|call| call.pool == found.pool).count();
                settings.calls.push(To {
                    pool: found.pool,
                    client: found.client,
                    request: found.request,
                    // The name alone decides, so that another pool in the scenario changes no draws.
                    key: Key::root(0, 0).named(pool).number(),
                    earlier: earlier as u16,
                    group: settings.groups.len() as u16,
                    times: call.times.unwrap_or(1).clamp(1, 1_000) as u16,
                    probability: call.probability.map_or(1.0, |probability| probability.0),
                    optional: call.optional.unwrap_or(false),
                    latency: call.latency.as_ref().map(law::compile_span),
                    class: call.priority,
                    cache: call.cache.map(|cache| cache.compile(sizes)),
                });
            }
            let calls = start..settings.calls.len() as u16;
            settings.groups.push(Group { calls, at_once: call.parallel.is_some() });
        }
        settings
    }
}

/// Indices of the names of a call.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Index of the pool.
    pub pool: u8,
    /// Index of the client.
    pub client: u16,
    /// Index of the request under which the call is counted.
    pub request: u16,
}

/// The calls in force of one pool.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Calls that are made one group after the other.
    pub groups: Vec<Group>,
    /// The calls of all groups.
    pub calls: Vec<To>,
    /// Mean time of all calls of an attempt in nanoseconds, if none waits or fails.
    pub mean: f64,
}

/// One call, or calls that are made at once.
#[derive(Clone, Debug)]
pub struct Group {
    /// The calls, by index in [`Settings::calls`].
    pub calls: Range<u16>,
    /// Whether all calls and repetitions are made at once.
    pub at_once: bool,
}

/// A call in force.
#[derive(Clone, Debug)]
pub struct To {
    /// Index of the pool.
    pub pool: u8,
    /// Index of the client.
    pub client: u16,
    /// Index of the request under which the call is counted.
    pub request: u16,
    /// A number that depends on the name of the pool alone.
    key: u64,
    /// Number of earlier calls of the list to the same pool.
    earlier: u16,
    /// Index of the group.
    pub group: u16,
    /// Number of repetitions.
    pub times: u16,
    /// Probability that a repetition is made.
    pub probability: f64,
    /// Whether the caller goes on after a failure.
    pub optional: bool,
    /// Law of the time between the pools, there and back.
    pub latency: Option<Law>,
    /// Class of the attempts; that of the caller if absent.
    pub class: Option<Class>,
    /// The cache that is asked first.
    pub cache: Option<cache::Settings>,
}

impl Settings {
    /// Whether the pool makes calls.
    #[inline(always)]
    pub fn is_used(&self) -> bool {
        !self.groups.is_empty()
    }
}

impl To {
    /// Key of the draws of a repetition, made by the attempt with the key `caller`. It depends on the callee's name and on
    /// nothing that stands beside the call, so that a call added to a list changes no draws of the others.
    pub fn key(&self, caller: Key, repetition: u16) -> Key {
        caller.with(self.key).part(Part::Call, u64::from(self.earlier) << 16 | u64::from(repetition))
    }

    /// Whether the repetition with this key is made.
    pub fn is_made(&self, key: Key) -> bool {
        self.probability >= 1.0 || key.draw(Purpose::Call).happens(self.probability)
    }

    /// Whether the repetition with this key is a hit in a cache, given the probability of a hit.
    pub fn is_known(&self, key: Key, probability: f64) -> bool {
        key.draw(Purpose::Cache).happens(probability)
    }

    /// Time in transit, each way, of the attempt with this key.
    pub fn half_latency(&self, attempt: Key) -> Span {
        self.latency.as_ref().map_or(Span::ZERO, |law| Span(law.span(attempt.draw(Purpose::CallLatency)).0 / 2))
    }

    /// Mean number of repetitions that are made where caches are full.
    pub fn mean_times(&self) -> f64 {
        f64::from(self.times) * self.probability * (1.0 - self.cache.map_or(0.0, |cache| cache.hit))
    }
}

/// The outcome of an attempt whose call ended with an outcome.
pub fn propagated(call: Outcome) -> Outcome {
    match call {
        Outcome::Served => Outcome::Served,
        Outcome::TimedOut | Outcome::Abandoned => Outcome::TimedOut,
        Outcome::Failed => Outcome::Failed,
        Outcome::Rejected | Outcome::Shed | Outcome::Limited | Outcome::Refused => Outcome::Rejected,
        // A call ends only once none of its copies is under way, so its last outcome is never this one.
        Outcome::Cancelled => Outcome::TimedOut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    fn calls(text: &str) -> Calls {
        read::<Calls>(text).unwrap_or_else(|error| panic!("{error}"))
    }

    fn compiled(text: &str) -> Settings {
        let index = |name: &str| name.bytes().next().map_or(0, |letter| letter - b'a');
        calls(text).compile(cache::Sizes { pool: 1.0, server: 1.0 }, |pool, client| Found {
            pool: index(pool),
            client: client.map_or(99, |name| u16::from(index(name))),
            request: 0,
        })
    }

    #[test]
    fn calls_are_groups_of_one_or_of_several_at_once() {
        let text = "calls = [{ pool = 'a', client = 'c' }, { parallel = [{ pool = 'b', times = 3 }, { pool = 'a' }] }]";
        let settings = compiled(text);
        let groups: Vec<_> = settings.groups.iter().map(|group| (group.calls.clone(), group.at_once)).collect();
        assert_eq!(groups, [(0..1, false), (1..3, true)]);
        let calls: Vec<_> =
            settings.calls.iter().map(|call| (call.pool, call.client, call.group, call.times)).collect();
        assert_eq!(calls, [(0, 2, 0, 1), (1, 99, 1, 3), (0, 99, 1, 1)]);
        let paths: Vec<String> = super::tests::calls(text).each().map(|(path, _)| path).collect();
        assert_eq!(paths, ["calls.0", "calls.1.parallel.0", "calls.1.parallel.1"]);
        assert_eq!(super::tests::calls(text).callees().collect::<Vec<_>>(), ["a", "b", "a"]);
    }

    #[test]
    fn another_call_in_the_list_changes_no_draws() {
        let caller = Key::root(7, 0);
        let alone = compiled("calls = [{ pool = 'a' }]").calls[0].key(caller, 2);
        let second = compiled("calls = [{ pool = 'b' }, { pool = 'a' }, { pool = 'a' }]");
        assert_eq!(second.calls[1].key(caller, 2), alone);
        let others = [second.calls[2].key(caller, 2), second.calls[1].key(caller, 1), second.calls[0].key(caller, 2)];
        assert!(!others.contains(&alone));
    }

    #[test]
    fn a_call_that_is_made_half_the_time_is_drawn_for_each_repetition() {
        let settings = compiled("calls = [{ pool = 'a', times = 2, probability = 0.5 }]");
        let call = &settings.calls[0];
        let made = (0..10_000).filter(|n| call.is_made(call.key(Key::root(1, 0), *n))).count();
        assert!(made.abs_diff(5_000) < 250, "{made}");
        assert_eq!(call.mean_times(), 1.0);
    }

    #[test]
    fn a_full_cache_spares_its_share_of_the_calls() {
        let settings = compiled("calls = [{ pool = 'a', times = 2, cache = { hit = 0.75, fill = 10 } }]");
        let call = &settings.calls[0];
        assert_eq!(call.mean_times(), 0.5);
        let known = (0..10_000).filter(|n| call.is_known(call.key(Key::root(1, 0), *n), 0.75)).count();
        assert!(known.abs_diff(7_500) < 220, "{known}");
    }

    #[test]
    fn failures_propagate_as_a_gateway_answers_them() {
        use Outcome::{Abandoned, Failed, Limited, Refused, Rejected, Shed, TimedOut};
        for (call, caller) in [(TimedOut, TimedOut), (Abandoned, TimedOut), (Failed, Failed)] {
            assert_eq!(propagated(call), caller);
        }
        assert!([Rejected, Shed, Limited, Refused].iter().all(|call| propagated(*call) == Rejected));
    }

    #[test]
    fn half_of_the_latency_is_spent_each_way() {
        let settings = compiled("calls = [{ pool = 'a', latency = '3 ms' }, { pool = 'a' }]");
        let half = |index: usize| settings.calls[index].half_latency(Key::root(1, 0));
        assert_eq!([half(0), half(1)], [Span(1_500_000), Span::ZERO]);
    }
}
