//! The replications of all scenarios of a command.

use std::ops::Range;

use dropstorm::engine::{self, Limits};
use dropstorm::experiment::{Arm, Progress, Trace, Watch, replicate_each};
use dropstorm::measure::Pooled;

use super::super::progress::Intervals;
use super::super::size::BATCH;
use super::outcome::{One, Outcome};
use super::{Prepared, Run};

impl Run {
    /// Runs all replications of all scenarios on the threads of the current pool.
    pub(super) fn simulate(&self, prepared: &[Prepared], limits: Limits) -> Vec<Outcome> {
        let arms: Vec<Arm<'_>> = prepared.iter().map(|ready| Arm { model: &ready.model, seed: ready.seed() }).collect();
        self.simulate_arms(&arms, limits, self.trace)
    }

    /// Runs the ordinary day of each scenario for which there is one, on the crowds of the scenario, and untraced.
    pub(super) fn simulate_ordinary_days(&self, prepared: &[Prepared], limits: Limits) -> Vec<Option<Outcome>> {
        let days =
            prepared.iter().filter_map(|ready| Some(Arm { model: ready.ordinary.as_ref()?, seed: ready.seed() }));
        let days: Vec<Arm<'_>> = days.collect();
        let mut outcomes =
            if days.is_empty() { Vec::new() } else { self.simulate_arms(&days, limits, None) }.into_iter();
        prepared.iter().map(|ready| ready.ordinary.as_ref().and_then(|_| outcomes.next())).collect()
    }

    fn simulate_arms(&self, arms: &[Arm<'_>], limits: Limits, trace: Option<u32>) -> Vec<Outcome> {
        let intervals: u64 = arms.iter().map(|arm| arm.model.intervals() as u64 * self.replications).sum();
        let progress = Intervals::new(intervals, self.output.is_for_people(), limits, self.limits.until());
        let mut outcomes: Vec<Outcome> = arms.iter().map(|_| Outcome::default()).collect();
        let largest = arms.iter().map(|arm| Pooled::bytes_of_run(&engine::layout(arm.model))).max().unwrap_or(0);
        // Runs are added in their order, so that sums are the same bytes; the runs of one batch wait for each other.
        let (most_bytes, most_runs) = BATCH;
        let batch = (most_bytes / (largest * arms.len()).max(1)).clamp(1, most_runs).max(rayon::current_num_threads());
        let mut from = 0;
        while from < self.replications {
            let until = self.replications.min(from + batch as u64);
            // Nothing asks these runs to end, so none of them is missing.
            let each = self.replicate(arms, from..until, &progress, trace).unwrap_or_default();
            for (outcome, ones) in outcomes.iter_mut().zip(each) {
                ones.into_iter().for_each(|one| outcome.add(one));
            }
            from = until;
        }
        progress.finish();
        outcomes
    }

    /// Some replications of each arm; the first one of each is traced if the command asks for a trace.
    fn replicate(
        &self,
        arms: &[Arm<'_>],
        which: Range<u64>,
        progress: &dyn Progress,
        trace: Option<u32>,
    ) -> Option<Vec<Vec<One>>> {
        let watch = |_, _| Watch::new(progress);
        let Some(most) = trace.filter(|_| which.start == 0) else {
            return replicate_each(arms, which, watch, One::of);
        };
        let probe = |_, _| Trace::new(most as usize, Watch::new(progress));
        let untraced = || replicate_each(arms, 1..which.end, watch, One::of);
        let (traced, others) = rayon::join(|| replicate_each(arms, 0..1, probe, One::with_trace), untraced);
        let each = traced?.into_iter().zip(others?);
        Some(each.map(|(first, others)| first.into_iter().chain(others).collect()).collect())
    }
}
