//! Recovery: a second run without the trigger decides whether a run is stuck.

use super::onward;
use crate::analysis::{
    ends_in_trouble, ends_within_the_bound, first_tries_at_the_saturated, first_tries_that_would_fit,
};
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

/// Judges whether a run is stuck, and by which first tries; it is not judged if its scenario has no trigger, if a run ended early, or if
/// the crowds are the trigger and nobody else makes first tries at the saturated pools.
///
/// The second run has the same crowds. It is made only if the first run ends in trouble although first tries alone
/// would be within capacity.
pub fn judge<P: Probe>(model: &Model, seed: Seed, run: &mut Measurements, probe: &P) {
    if model.without_trigger.is_none() || run.stopped.is_some() {
        return;
    }
    let first_tries = if ends_in_trouble(run) { first_tries_that_would_fit(run, &onward::of(model)) } else { None };
    run.stuck = match first_tries {
        Some(_) => is_calm_without_the_trigger(model, seed, run, probe),
        None => Some(false),
    };
    run.first_tries = first_tries.filter(|_| run.stuck == Some(true));
}

/// Whether a second run, without the trigger, is within the bound where the first ends in trouble; `None` if it is no evidence.
fn is_calm_without_the_trigger<P: Probe>(model: &Model, seed: Seed, run: &Measurements, probe: &P) -> Option<bool> {
    let without = model.without_trigger.as_ref()?;
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
