//! A waiting room: people are admitted at a rate, or while few enough are inside, by arrival or by lottery.

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::{Problem, Visit};
use crate::document::distribution::Distribution;
use crate::document::law;
use crate::policy::queue::priority::Class;
use crate::random::Law;
use crate::units::{Rate, Span, Time};

/// Waiting room: people who enter it in a step of their journey wait until they are admitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitingRoom {
    /// Limits of admissions.
    pub admit: Admit,
    /// Order of admissions.
    #[serde(default)]
    pub order: Order,
    /// Moment from which people are admitted, as an offset from the drop; the start of the window if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Span>,
    /// Time that people wait in the room before they give up; no limit if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub patience: Option<Distribution>,
    /// Requests by which the page of the room polls whether the viewer is admitted; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
}

/// Limits of admissions, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Admit {
    /// Rate of admissions, which are at least 1/`rate` apart; unused admissions are not saved up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = positive, extend("x-change" = true))]
    pub rate: Option<Rate>,
    /// Largest number of people inside at once: those admitted who have neither ended their journey nor given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 4_000_000_000_u64), extend("x-change" = true))]
    pub inside: Option<u64>,
}

/// A rate of zero would admit nobody ever.
fn positive(schema: &mut Schema) {
    schema.insert("x-above".to_owned(), "0/s".into());
}

/// Orders in which people are admitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// In order of arrival.
    #[default]
    Arrival,
    /// People who came before the room opened in random order, then all others in order of arrival.
    Lottery,
}

/// Polls of the page of a waiting room: one attempt each, without retry, error page and report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Poll {
    /// Tier that the request goes to.
    pub request: String,
    /// Name of the request in tables; the tier if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Time from entering the room to the first request, and from one to the next.
    #[schemars(extend("x-above" = "0 s"))]
    pub every: Span,
    /// Class of the attempts, in pools whose queue has a priority.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub priority: Class,
}

impl WaitingRoom {
    /// The errors that no schema can state.
    pub fn problems(&self) -> Vec<Problem> {
        let unlimited = self.admit.rate.is_none() && self.admit.inside.is_none();
        let problem =
            || Problem::new("admit", "the room has no limit", "nobody ever waits", "state `rate`, `inside` or both");
        unlimited.then(problem).into_iter().collect()
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        if let Some(patience) = &mut self.patience {
            visit("patience", patience);
        }
    }

    /// The room at a scale; `drop` is the scenario's drop from the start of the window.
    pub fn compile(&self, scale: f64, drop: Span) -> Settings {
        Settings {
            gap: self.admit.rate.map_or(Span::ZERO, |rate| Span::from_seconds(1.0 / (rate.0 * scale)).max(Span(1))),
            inside: self.admit.inside.map_or(f64::INFINITY, |inside| inside as f64 * scale),
            order: self.order,
            opens: self.opens.map_or(Time::START, |opens| Time((drop + opens).0.max(0) as u64)),
            patience: self.patience.as_ref().map(law::compile_span),
        }
    }
}

/// A waiting room, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Least time from one admission to the next.
    pub gap: Span,
    /// Largest number of people inside, at simulated size.
    pub inside: f64,
    /// Who is admitted first.
    pub order: Order,
    /// When the room opens.
    pub opens: Time,
    /// Law of the time for which people wait.
    pub patience: Option<Law>,
}

/// Time of the next admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Now.
    Now,
    /// Not before a moment.
    At(Time),
    /// Once somebody leaves.
    WhenSomebodyLeaves,
}

/// The state of a waiting room.
#[derive(Clone, Copy, Debug, Default)]
pub struct State {
    /// Moment of the last admission.
    last: Option<Time>,
    /// People inside.
    inside: u64,
}

impl State {
    /// When the next person may be admitted.
    pub fn turn(&self, set: &Settings, now: Time) -> Turn {
        let earliest = self.last.map_or(set.opens, |last| last.after(set.gap).max(set.opens));
        // A limit below one person at simulated size still admits one at a time.
        if (self.inside as f64 + 1.0) > set.inside.max(1.0) {
            return Turn::WhenSomebodyLeaves;
        }
        if earliest <= now { Turn::Now } else { Turn::At(earliest) }
    }

    /// Somebody is admitted.
    pub fn admit(&mut self, now: Time) {
        self.last = Some(now);
        self.inside += 1;
    }

    /// Somebody who was admitted leaves.
    pub fn leave(&mut self) {
        self.inside = self.inside.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    fn room(text: &str, scale: f64) -> Settings {
        read::<WaitingRoom>(text).unwrap_or_else(|error| panic!("{error}")).compile(scale, Span(60_000_000_000))
    }

    #[test]
    fn admissions_are_a_gap_apart_and_unused_ones_are_lost() {
        let set = room("admit = { rate = '10/s' }\nopens = '-50 s'", 0.5);
        assert_eq!((set.gap, set.opens), (Span(200_000_000), Time(10_000_000_000)));
        let (mut state, ms) = (State::default(), |ms: u64| Time(10_000_000_000 + ms * 1_000_000));
        assert_eq!(state.turn(&set, Time(3)), Turn::At(ms(0)));
        assert_eq!(state.turn(&set, ms(0)), Turn::Now);
        state.admit(ms(0));
        assert_eq!(state.turn(&set, ms(1)), Turn::At(ms(200)));
        // Nobody comes for a long time; then one person is admitted and not many.
        assert_eq!(state.turn(&set, ms(5_000)), Turn::Now);
        state.admit(ms(5_000));
        assert_eq!(state.turn(&set, ms(5_000)), Turn::At(ms(5_200)));
    }

    #[test]
    fn nobody_is_admitted_while_enough_are_inside() {
        let set = room("admit = { inside = 5 }", 0.5);
        let (mut state, now) = (State::default(), Time(7));
        for _ in 0..2 {
            assert_eq!(state.turn(&set, now), Turn::Now);
            state.admit(now);
        }
        assert_eq!(state.turn(&set, now), Turn::WhenSomebodyLeaves);
        state.leave();
        assert_eq!(state.turn(&set, now), Turn::Now);
        let tiny = room("admit = { inside = 5 }", 0.01);
        assert_eq!(State::default().turn(&tiny, now), Turn::Now);
    }

    #[test]
    fn nonsense_is_refused() {
        for (text, error) in [
            ("admit = { rate = '0/s' }", "above zero"),
            ("admit = { inside = 0 }", "from 1"),
            ("admit = { inside = 5 }\norder = 'luck'", "lottery"),
            ("admit = { inside = 5 }\npoll = { request = 'lobby' }", "`every` is missing"),
            ("order = 'lottery'", "`admit` is missing"),
        ] {
            let found = read::<WaitingRoom>(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
        assert_eq!(read::<WaitingRoom>("admit = {}").unwrap().problems().len(), 1);
    }
}
