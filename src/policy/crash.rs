//! Crashes of servers, which lose the attempts that they hold, and repairs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problem, Visit};
use crate::document::distribution::Distribution;
use crate::document::law;
use crate::random::{Draw, Law};
use crate::units::{Span, Time};

/// The shortest time from the beginning of a server to its crash.
const SHORTEST: Span = Span(1_000_000_000);

/// Crashes of single servers. Attempts at a crashed server, queued or in service, end as `failed`. A repaired server is
/// empty and begins its `warm_up` anew. The column `servers` counts the servers that are up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Crash {
    /// Time to failure: from the start or the repair of a server to its crash, at least 1 s, drawn for each server. If
    /// absent, servers crash by `when_full` alone. A change draws anew for every server that is up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Distribution>,
    /// Time to repair, drawn for each crash.
    pub repair: Distribution,
    /// Time after which a server crashes if its queue has been full without interruption; an attempt taken out of the
    /// queue is an interruption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above" = "0 s"))]
    pub when_full: Option<Span>,
    /// Time from a crash until the balancer notices it. Until then attempts sent to the server end as `failed` at once.
    /// A repair is noticed at once.
    #[serde(default)]
    #[schemars(extend("x-at-least" = "0 s"))]
    pub notice: Span,
}

impl Crash {
    /// The errors that no schema can state, for a pool that may have a queue at each server.
    pub fn problems(&self, per_server: bool) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.every.is_none() && self.when_full.is_none() {
            let help = "state `every`, `when_full`, or both";
            let title = "nothing makes a server of this pool crash";
            found.push(Problem::new("crash", title, "neither `every` nor `when_full`", help));
        }
        if self.when_full.is_some() && !per_server {
            let title = "the servers of this pool have no queue of their own that could be full";
            let help =
                "state a queue for each server: queue = { per_server = { limit = 50, balancer = \"round_robin\" } }";
            found.push(Problem::new("crash.when_full", title, "one queue for all", help));
        }
        found
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        if let Some(every) = &mut self.every {
            visit("every", every);
        }
        visit("repair", &mut self.repair);
    }

    /// The crashes as the engine reads them.
    pub fn compile(&self) -> Settings {
        Settings {
            every: self.every.as_ref().map(law::compile_span),
            repair: law::compile_span(&self.repair),
            when_full: self.when_full,
            notice: self.notice,
        }
    }
}

/// Crashes as the engine reads them.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Law of the time from the beginning of a server to its crash.
    pub every: Option<Law>,
    /// Law of the time from the crash to the repair.
    pub repair: Law,
    /// Time for which the queue must be full before the server crashes.
    pub when_full: Option<Span>,
    /// Time until the balancer learns of a crash.
    pub notice: Span,
}

impl Settings {
    /// The time from the beginning of a server to its crash; `None` if that is no reason for a crash.
    pub fn works_for(&self, draw: Draw) -> Option<Span> {
        self.every.as_ref().map(|every| every.span(draw).max(SHORTEST))
    }

    /// Long-run share of the time in which a server is up, without crashes by `when_full`.
    pub fn availability(&self) -> f64 {
        self.means().map_or(1.0, |(up, down)| up / (up + down))
    }

    /// Long-run number of events per second of a server, without crashes by `when_full`: crashes, repairs and notices.
    pub fn events_per_second(&self) -> f64 {
        let events = if self.notice > Span::ZERO { 3.0 } else { 2.0 };
        self.means().map_or(0.0, |(up, down)| events / ((up + down) / 1e9))
    }

    /// Mean times from the beginning of a server to its crash and from there to its repair, in nanoseconds; `None` without end.
    fn means(&self) -> Option<(f64, f64)> {
        let up = self.every.as_ref()?.mean().max(SHORTEST.0 as f64);
        up.is_finite().then(|| (up, self.repair.mean().max(0.0)))
    }
}

/// Tracks the time for which the queue of a server has been full without interruption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fullness {
    /// Time since which the queue is full, or was until the break.
    since: Time,
    /// Time since which the queue has room; `None` while it is full.
    break_at: Option<Time>,
}

impl Default for Fullness {
    /// A queue that has never been full.
    fn default() -> Fullness {
        Fullness { since: Time::START, break_at: Some(Time::START) }
    }
}

impl Fullness {
    /// Notes that the queue is full. An interruption of zero length does not count.
    pub fn note_full(&mut self, now: Time) {
        if self.break_at.is_some_and(|at| at != now) {
            self.since = now;
        }
        self.break_at = None;
    }

    /// Notes that the queue has room.
    pub fn note_room(&mut self, now: Time) {
        self.break_at.get_or_insert(now);
    }

    /// The time at which a server crashes whose queue stays full; `None` while the queue has room.
    pub fn crashes_at(&self, when_full: Span) -> Option<Time> {
        self.break_at.is_none().then(|| self.since.after(when_full))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;
    use crate::random::{Key, Purpose};

    #[test]
    fn something_makes_a_server_crash() {
        let set = |text: &str| read::<Crash>(text).unwrap_or_else(|error| panic!("{error}"));
        let titles = |text: &str, per_server| {
            set(text).problems(per_server).into_iter().map(|problem| problem.key).collect::<Vec<_>>()
        };
        assert_eq!(titles("repair = '1 min'", true), ["crash"]);
        assert_eq!(titles("repair = '1 min'\nwhen_full = '20 s'", false), ["crash.when_full"]);
        assert_eq!(titles("repair = '1 min'\nwhen_full = '20 s'", true), [""; 0]);
        let exponential = "every = { exponential = { mean = '30 d' } }\nrepair = '1 min'\nnotice = '5 s'";
        assert_eq!(titles(exponential, false), [""; 0]);
        assert_eq!(read(&toml::to_string(&set(exponential)).unwrap()), Ok(set(exponential)));
        for (text, error) in [
            ("every = '1 h'", "`repair` is missing"),
            ("repair = '1 min'\nwhen_full = '0 s'", "above zero"),
            ("repair = '1 min'\nnotice = '-1 s'", "notice"),
        ] {
            let found = read::<Crash>(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
    }

    #[test]
    fn a_server_works_for_a_second_at_least() {
        let works = |text: &str| {
            let set = read::<Crash>(text).unwrap().compile();
            set.works_for(Key::root(1, 0).draw(Purpose::Crash)).map(|span| span.0)
        };
        assert_eq!(works("every = '2 s'\nrepair = '0 s'"), Some(2_000_000_000));
        assert_eq!(works("every = '1 ms'\nrepair = '0 s'"), Some(1_000_000_000));
        assert_eq!(works("when_full = '1 s'\nrepair = '0 s'"), None);
    }

    #[test]
    fn the_availability_is_the_mean_time_up_over_that_of_a_crash_and_its_repair() {
        let of = |text: &str| read::<Crash>(text).unwrap().compile().availability();
        assert_eq!(of("every = { exponential = { mean = '15 min' } }\nrepair = '5 min'"), 0.75);
        assert_eq!(of("every = '1 ms'\nrepair = '1 s'"), 0.5);
        assert_eq!(of("when_full = '1 s'\nrepair = '1 h'"), 1.0);
    }

    #[test]
    fn a_queue_is_full_without_a_break_until_an_attempt_leaves_it() {
        let mut fullness = Fullness::default();
        let span = Span(20);
        assert_eq!(fullness.crashes_at(span), None);
        fullness.note_full(Time(5));
        fullness.note_full(Time(6));
        assert_eq!(fullness.crashes_at(span), Some(Time(25)));
        fullness.note_room(Time(10));
        fullness.note_room(Time(12));
        assert_eq!(fullness.crashes_at(span), None);
        fullness.note_full(Time(12));
        assert_eq!(fullness.crashes_at(span), Some(Time(32)), "the break lasted from 10 to 12");
        fullness.note_room(Time(15));
        fullness.note_full(Time(15));
        assert_eq!(fullness.crashes_at(span), Some(Time(32)), "an attempt that makes room for another is no break");
    }
}
