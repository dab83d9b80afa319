//! Refreshes of error pages by a person.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Repeated, Repeats, check_repeated, unbounded};
use crate::document::distribution::Distribution;
use crate::policy::{Problem, Visit};
use crate::random::{Key, Purpose};
use crate::units::{Probability, Span};

/// Refreshes of error pages by the human.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// Probability of a refresh.
    probability: Probability,
    /// Delay of a refresh.
    delay: Distribution,
    /// Largest number of refreshes in one visit.
    #[serde(default = "unbounded")]
    #[schemars(range(min = 0, max = 1_000_000))]
    attempts: u64,
    /// Point from which the viewer goes on: the failed request, or the start of the journey.
    #[serde(default)]
    from: RefreshFrom,
}

/// The point from which a viewer goes on after a refresh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum RefreshFrom {
    /// The viewer makes the failed request again.
    #[default]
    Request,
    /// The viewer begins the journey again.
    Start,
}

impl Refresh {
    /// The error of many refreshes without a pause.
    pub fn check(&self) -> Option<Problem> {
        check_repeated(&self.delay, self.attempts)
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        visit("delay", &mut self.delay);
    }

    /// The table as the engine reads it.
    pub fn compile(&self) -> Settings {
        Settings {
            repeated: Repeated::new(self.probability, &self.delay, self.attempts),
            from_start: self.from == RefreshFrom::Start,
        }
    }
}

/// Refreshes as the engine reads them.
#[derive(Clone, Debug)]
pub struct Settings {
    repeated: Repeated,
    /// Whether a refresh begins the journey again.
    pub from_start: bool,
}

impl Settings {
    /// The mean of the refreshes of a person.
    pub fn expected(&self) -> Repeats {
        self.repeated.expected()
    }

    /// The delay of a refresh after an error page of the request of this key, `so_far` refreshes into the visit; `None`
    /// if the person does not refresh.
    #[inline]
    pub fn delay(&self, so_far: u16, request: Key) -> Option<Span> {
        self.repeated.taken(so_far, request.draw(Purpose::Refresh), request.draw(Purpose::RefreshDelay))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refresh(text: &str) -> Refresh {
        toml::from_str(text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_person_refreshes_with_a_probability_and_up_to_the_limit() {
        let settings = refresh("probability = 0.8\ndelay = \"6 s\"\nattempts = 2").compile();
        let taken = |so_far| (0..10_000).filter_map(|n| settings.delay(so_far, Key::root(1, 0).with(n))).collect();
        let first: Vec<Span> = taken(1);
        // Five standard deviations of a binomial number.
        assert!(first.len().abs_diff(8_000) < 200, "{}", first.len());
        assert!(first.iter().all(|delay| delay.seconds() == 6.0));
        assert_eq!(taken(2), []);
    }

    #[test]
    fn refreshes_without_a_stated_limit_end_at_the_largest_count() {
        let settings = refresh("probability = 1\ndelay = \"6 s\"\nfrom = \"start\"").compile();
        assert!(settings.from_start);
        assert!(settings.delay(u16::MAX - 1, Key::root(1, 0)).is_some());
        assert!(settings.delay(u16::MAX, Key::root(1, 0)).is_none());
    }

    #[test]
    fn many_refreshes_need_a_delay() {
        assert_eq!(refresh("probability = 1\ndelay = \"0 s\"\nattempts = 100").check(), None);
        assert_eq!(refresh("probability = 1\ndelay = \"1 ms\"").check(), None);
        let problem = refresh("probability = 1\ndelay = \"0 s\"").check();
        assert_eq!(problem.map(|problem| problem.key).as_deref(), Some("delay"));
    }
}
