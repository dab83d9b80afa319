//! The second run of a scenario, without its trigger, which tells whether the first is stuck.

use crate::analysis::{ends_within_the_bound, may_be_stuck};
use crate::engine::{self, Limits, Probe, Seed};
use crate::measure::{Measurements, Stopped};
use crate::model::Model;

/// A probe that hears of nothing and ends the second run when that of the first would.
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

/// Whether a run is stuck. `None` if its scenario has no trigger, or if a run did not come to its end.
///
/// The model without the trigger is run on the same crowds, and only where the run ends in trouble though first tries alone
/// would fit.
pub fn stuck<P: Probe>(model: &Model, seed: Seed, run: &Measurements, probe: &P) -> Option<bool> {
    let without = model.without_trigger.as_ref().filter(|_| run.stopped.is_none())?;
    if !may_be_stuck(run) {
        return Some(false);
    }
    if without.spec().audience.is_empty() {
        // Where nobody comes, nothing fails.
        return Some(true);
    }
    let second = engine::run_with(&Model::compile(without), seed, &mut Second(probe));
    second.stopped.is_none().then(|| ends_within_the_bound(&second))
}
