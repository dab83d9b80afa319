//! Returns of people who gave up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Repeated, Repeats, check_repeated, unbounded};
use crate::document::distribution::Distribution;
use crate::policy::{Problem, Visit};
use crate::random::{Key, Purpose};
use crate::units::{Probability, Span};

/// Returns of viewers who gave up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComeBack {
    /// Probability of a return each time that a viewer gives up.
    probability: Probability,
    /// Delay of a return.
    delay: Distribution,
    /// Largest number of returns; no limit above 255.
    #[serde(default = "unbounded")]
    #[schemars(range(min = 0, max = 1_000_000))]
    attempts: u64,
}

impl ComeBack {
    /// The error of many returns without a pause.
    pub fn check(&self) -> Option<Problem> {
        check_repeated(&self.delay, self.attempts)
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        visit("delay", &mut self.delay);
    }

    /// The table as the engine reads it.
    pub fn compile(&self) -> Settings {
        Settings(Repeated::new(self.probability, &self.delay, self.attempts))
    }
}

/// Returns as the engine reads them.
#[derive(Clone, Debug)]
pub struct Settings(Repeated);

impl Settings {
    /// The mean of the returns of a person.
    pub fn expected(&self) -> Repeats {
        self.0.expected()
    }

    /// The delay of the return of a person who gave up in visit `number` (from 0), whose key is `visit`; `None` if the person
    /// does not come back.
    #[inline]
    pub fn delay(&self, number: u16, visit: Key) -> Option<Span> {
        self.0.taken(number, visit.draw(Purpose::ComeBack), visit.draw(Purpose::ComeBackDelay))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_come_back_after_their_delay_up_to_the_limit() {
        let table = ComeBack {
            probability: Probability(1.0),
            delay: Distribution::String(Span::from_seconds(60.0)),
            attempts: 2,
        };
        let delays = (0..3).map(|visit| table.compile().delay(visit, Key::root(1, 0)).map(Span::seconds));
        assert_eq!(delays.collect::<Vec<_>>(), [Some(60.0), Some(60.0), None]);
        assert_eq!(table.check(), None);
        let at_once = ComeBack { delay: Distribution::String(Span::ZERO), attempts: 1_000, ..table };
        assert_eq!(at_once.check().map(|problem| problem.key).as_deref(), Some("delay"));
    }
}
