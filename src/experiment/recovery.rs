//! Recovery: a second run without the trigger decides whether a run is stuck.

use crate::analysis::{ends_within_the_bound, may_be_stuck};
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

/// Whether a run is stuck; `None` if its scenario has no trigger, or if a run ended early.
///
/// The second run has the same crowds. It is made only if the first run ends in trouble although first tries alone are
/// within capacity.
pub fn stuck<P: Probe>(model: &Model, seed: Seed, run: &Measurements, probe: &P) -> Option<bool> {
    let without = model.without_trigger.as_ref().filter(|_| run.stopped.is_none())?;
    if !may_be_stuck(run) {
        return Some(false);
    }
    if without.spec().audience.is_empty() {
        // Without arrivals nothing fails.
        return Some(true);
    }
    let second = engine::run_with(&Model::compile(without), seed, &mut Second(probe));
    second.stopped.is_none().then(|| ends_within_the_bound(&second))
}
