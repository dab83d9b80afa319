//! The ordinary day: the same people without a release, multipliers or changes.

use super::Scenario;
use super::spec::{Audience, Spec};
use crate::document::moments::When;

impl Scenario {
    /// The scenario on an ordinary day: without multipliers, changes, crowds, and streams and recorded curves that begin
    /// with the drop. A stream whose rate follows the drop keeps its initial factor. `None` if no audience is left.
    pub fn ordinary_day(&self) -> Option<Scenario> {
        let mut spec = Spec { change: Vec::new(), threshold: Vec::new(), ..self.spec.clone() };
        spec.multiplier.clear();
        spec.audience.retain(|_, audience| comes_anyway(audience));
        spec.audience.values_mut().for_each(level);
        let anybody = !spec.audience.is_empty();
        anybody.then(|| Scenario { spec, timeline: Vec::new(), ..self.clone() })
    }
}

/// Whether an audience comes without a drop too.
fn comes_anyway(audience: &Audience) -> bool {
    match &audience.trace {
        Some(trace) => !trace.moves_with_drop,
        None => audience.viewers.is_none() && !matches!(audience.from, Some(When::Offset(_))),
    }
}

/// Removes the factors and the end that follow the drop from a stream's rate.
fn level(audience: &mut Audience) {
    audience.until = audience.until.filter(|until| matches!(until, When::Clock(_)));
    let Some(profile) = &mut audience.profile else { return };
    if profile.iter().any(|(when, _)| matches!(when, When::Offset(_))) {
        profile.truncate(1);
        audience.repeat = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::trigger::tests::STORM;

    const CURIOUS: &str = "audience.curious = { rate = '1/s', profile = [['-10 min', 0.5], ['0 min', 9]], repeat = '30 min', journey = 'watch' }";
    const THRESHOLD: &str = "[[threshold]]\nmetric = 'error_rate'\nat_most = '1%'\n";

    #[test]
    fn those_who_come_for_the_drop_stay_away_and_rates_are_those_before_it() {
        let day = STORM.replace("rate = \"2/s\"", "rate = \"2/s\", profile = [['08:00', 1.0], ['12:00', 2.0]]");
        let text = format!("{CURIOUS}{day}{THRESHOLD}");
        let scenario = Scenario::parse("a.toml", &text).unwrap_or_else(|errors| panic!("{errors}"));
        let ordinary = scenario.ordinary_day().unwrap();
        let spec = ordinary.spec();
        assert_eq!(spec.audience.keys().collect::<Vec<_>>(), ["curious", "everyday"]);
        assert!(spec.multiplier.is_empty() && spec.threshold.is_empty() && ordinary.timeline().is_empty());
        assert_eq!(spec.audience["everyday"], scenario.spec().audience["everyday"]);
        let curious = &spec.audience["curious"];
        assert_eq!((curious.profile.as_ref().unwrap().len(), curious.repeat), (1, None));
        assert_eq!(curious.profile.as_ref().unwrap()[0].1, 0.5);
        assert_eq!(ordinary.name(), scenario.name());
        let crowd = Scenario::parse("a.toml", crate::scenario::starter()).unwrap();
        let streams = crowd.spec().audience.values().any(|audience| audience.rate.is_some());
        assert_eq!(crowd.ordinary_day().is_some(), streams);
    }
}
