//! The replications of all scenarios of a command.

use std::ops::Range;

use dropstorm::engine::{self, Limits};
use dropstorm::experiment::{Arm, Progress, Trace, Watch, replicate_each};
use dropstorm::measure::Pooled;

use super::super::interrupt::Interrupt;
use super::super::progress::Intervals;
use super::super::size::BATCH;
use super::outcome::{One, Outcome};
use super::{Prepared, Run};

impl Run {
    /// Runs all replications of all scenarios on the threads of the current pool, and then their ordinary days, if some are
    /// wanted; `None` if a signal ended a run.
    pub(super) fn simulate(
        &self,
        prepared: &[Prepared],
        limits: Limits,
        interrupt: &Interrupt,
    ) -> Option<(Vec<Outcome>, Vec<Option<Outcome>>)> {
        let arms: Vec<Arm<'_>> = prepared.iter().map(|ready| Arm { model: &ready.model, seed: ready.seed() }).collect();
        let outcomes = self.simulate_arms(&arms, limits, self.trace, interrupt)?;
        Some((outcomes, self.simulate_ordinary_days(prepared, limits, interrupt)?))
    }

    /// Runs the ordinary day of each scenario for which there is one, on the crowds of the scenario, and untraced.
    fn simulate_ordinary_days(
        &self,
        prepared: &[Prepared],
        limits: Limits,
        interrupt: &Interrupt,
    ) -> Option<Vec<Option<Outcome>>> {
        let days =
            prepared.iter().filter_map(|ready| Some(Arm { model: ready.ordinary.as_ref()?, seed: ready.seed() }));
        let days: Vec<Arm<'_>> = days.collect();
        let outcomes = if days.is_empty() { Vec::new() } else { self.simulate_arms(&days, limits, None, interrupt)? };
        let mut outcomes = outcomes.into_iter();
        Some(prepared.iter().map(|ready| ready.ordinary.as_ref().and_then(|_| outcomes.next())).collect())
    }

    fn simulate_arms(
        &self,
        arms: &[Arm<'_>],
        limits: Limits,
        trace: Option<u32>,
        interrupt: &Interrupt,
    ) -> Option<Vec<Outcome>> {
        let intervals: u64 = arms.iter().map(|arm| arm.model.intervals() as u64 * self.replications).sum();
        let (shown, until) = (self.output.is_for_people(), self.limits.until());
        let progress = Intervals::new(intervals, shown, interrupt.clone(), limits, until);
        let mut outcomes: Vec<Outcome> = arms.iter().map(|_| Outcome::default()).collect();
        let largest = arms.iter().map(|arm| Pooled::bytes_of_run(&engine::layout(arm.model))).max().unwrap_or(0);
        // Runs are added in their order, so that sums are the same bytes; the runs of one batch wait for each other.
        let (most_bytes, most_runs) = BATCH;
        let batch = (most_bytes / (largest * arms.len()).max(1)).clamp(1, most_runs).max(rayon::current_num_threads());
        let mut from = 0;
        while from < self.replications {
            let until = self.replications.min(from + batch as u64);
            let Some(each) = self.replicate(arms, from..until, &progress, trace) else {
                progress.finish();
                return None;
            };
            for (outcome, ones) in outcomes.iter_mut().zip(each) {
                ones.into_iter().for_each(|one| outcome.add(one));
            }
            from = until;
        }
        progress.finish();
        Some(outcomes)
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
