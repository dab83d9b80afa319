//! Recovery: a second run without the trigger decides whether a run is stuck.

use super::onward;
use crate::analysis::{ends_in_trouble, ends_within_the_bound, first_tries_at_the_saturated, first_tries_would_fit};
use crate::engine::{self, Limits, Probe, Seed};
use crate::measure::{Measurements, Stopped};
use crate::model::Model;

/// A probe that observes nothing and ends the second run when the probe of the first would.
struct Second<'p, P>(&'p P);

impl<P: Probe> Probe for Second<'_, P> {
    const ENABLED: bool = false;

    fn stop(&self) -> Option<Stopped> {
        self.0.stop()
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }
}

/// Whether a run is stuck; `None` if its scenario has no trigger, if a run ended early, or if the crowds are the trigger and
/// nobody else makes first tries at the saturated pools.
///
/// The second run has the same crowds. It is made only if the first run ends in trouble although first tries alone
/// would be within capacity.
pub fn stuck<P: Probe>(model: &Model, seed: Seed, run: &Measurements, probe: &P) -> Option<bool> {
    let without = model.without_trigger.as_ref().filter(|_| run.stopped.is_none())?;
    if !ends_in_trouble(run) || !first_tries_would_fit(run, &onward::of(model)) {
        return Some(false);
    }
    // Where the file names no trigger, the crowds are the trigger.
    let crowds_ask = without.spec().trigger.is_none() && first_tries_at_the_saturated(run, run) > 0.0;
    if without.spec().audience.is_empty() {
        // Without arrivals nothing fails.
        return (!crowds_ask).then_some(true);
    }
    let second = engine::run_with(&Model::compile(without), seed, &mut Second(probe));
    if second.stopped.is_some() || crowds_ask && first_tries_at_the_saturated(run, &second) <= 0.0 {
        return None;
    }
    Some(ends_within_the_bound(&second))
}
