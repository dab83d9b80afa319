//! Reports of people to an outage tracker.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Chance;
use crate::document::distribution::Distribution;
use crate::policy::Visit;
use crate::random::{Key, Purpose};
use crate::units::{Probability, Span};

/// A report to an outage tracker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Probability that a viewer who saw a request fail reports the outage.
    probability: Probability,
    /// Delay of the report after the first failure.
    delay: Distribution,
}

impl Report {
    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        visit("delay", &mut self.delay);
    }

    /// The table as the engine reads it.
    pub fn compile(&self) -> Settings {
        Settings(Chance::new(self.probability, &self.delay))
    }
}

/// Reports as the engine reads them.
#[derive(Clone, Debug)]
pub struct Settings(Chance);

impl Settings {
    /// Probability of a report, and its mean delay in nanoseconds.
    pub fn expected(&self) -> (f64, f64) {
        (self.0.probability, self.0.delay.mean())
    }

    /// The delay after the first error page at which the viewer of this key reports the outage; `None` if the viewer does not.
    #[inline]
    pub fn delay(&self, viewer: Key) -> Option<Span> {
        self.0.taken(viewer.draw(Purpose::Report), viewer.draw(Purpose::ReportDelay))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_reports_with_the_stated_probability_after_the_delay() {
        let delay = Distribution::String(Span::from_seconds(300.0));
        let settings = Report { probability: Probability(0.1), delay }.compile();
        let reports = (0..10_000).filter_map(|n| settings.delay(Key::root(1, 0).with(n))).collect::<Vec<_>>();
        // Five standard deviations of a binomial number.
        assert!(reports.len().abs_diff(1_000) < 150, "{}", reports.len());
        assert!(reports.iter().all(|delay| delay.seconds() == 300.0));
    }
}
