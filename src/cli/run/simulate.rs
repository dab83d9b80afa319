//! The replications of all scenarios of a command.

use dropstorm::engine::Limits;
use dropstorm::experiment::{self, Arm, Progress, Trace, TraceEvent, Watch, replicate_each};
use dropstorm::measure::Measurements;

use super::super::progress::Intervals;
use super::{Prepared, Run};

/// The replications of one scenario.
#[derive(Default)]
pub struct Outcome {
    pub runs: Vec<Measurements>,
    /// Events of the traced viewers of the first replication, if any are traced.
    pub trace: Option<Vec<TraceEvent>>,
    /// Wall-clock time of all replications together, in seconds.
    pub wall_s: f64,
}

impl Run {
    /// Runs all replications of all scenarios on the threads of the current pool.
    pub(super) fn simulate(&self, prepared: &[Prepared], limits: Limits) -> Vec<Outcome> {
        let arms: Vec<Arm<'_>> = prepared.iter().map(|ready| Arm { model: &ready.model, seed: ready.seed() }).collect();
        let intervals: u64 = prepared.iter().map(|ready| ready.model.intervals() as u64 * self.replications).sum();
        let progress = Intervals::new(intervals, self.output.is_for_people(), limits, self.limits.until());
        let outcomes = self.replicate(&arms, &progress);
        progress.finish();
        // Nothing asks these runs to end, so none of them is missing.
        outcomes.unwrap_or_default()
    }

    /// The replications of each arm; the first one of each is traced if the command asks for a trace.
    fn replicate(&self, arms: &[Arm<'_>], progress: &dyn Progress) -> Option<Vec<Outcome>> {
        let watch = |_, _| Watch::new(progress);
        let untraced = |from| replicate_each(arms, from..self.replications, watch, Outcome::of);
        let Some(most) = self.trace else { return Some(untraced(0)?.into_iter().map(Outcome::add_up).collect()) };
        let probe = |_, _| Trace::new(most as usize, Watch::new(progress));
        let (traced, others) = rayon::join(|| replicate_each(arms, 0..1, probe, Outcome::with_trace), || untraced(1));
        let each = traced?.into_iter().zip(others?);
        Some(each.map(|(first, others)| Outcome::add_up(first.into_iter().chain(others))).collect())
    }
}

impl Outcome {
    fn of<P>(run: experiment::Run<P>) -> Outcome {
        Outcome { runs: vec![run.measurements], trace: None, wall_s: run.seconds }
    }

    fn with_trace<P>(run: experiment::Run<Trace<P>>) -> Outcome {
        Outcome { trace: Some(run.probe.into_events()), runs: vec![run.measurements], wall_s: run.seconds }
    }

    fn add_up(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
        outcomes.into_iter().fold(Outcome::default(), |mut sum, one| {
            sum.runs.extend(one.runs);
            sum.trace = sum.trace.or(one.trace);
            sum.wall_s += one.wall_s;
            sum
        })
    }
}
