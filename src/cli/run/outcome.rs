//! The reduced replications of one scenario, of a size that does not depend on their number.

use dropstorm::analysis::{self, Analysis, Replications};
use dropstorm::experiment::{Run, Trace, TraceEvent};
use dropstorm::measure::{Figures, Measurements, Pooled, Stopped};

/// The replications of one scenario.
#[derive(Default)]
pub struct Outcome {
    pooled: Option<Pooled>,
    analyses: Replications,
    /// The first run that a limit ended after its first interval.
    cut_short: Option<One>,
    /// The reason of the first run that ended early.
    pub stopped: Option<Stopped>,
    /// End of the results in seconds from the drop, if a limit of the command ended a run.
    pub partial_until_s: Option<f64>,
    /// Events of the traced viewers of the first replication, if any are traced.
    pub trace: Option<Vec<TraceEvent>>,
    /// Wall-clock time of all replications together, in seconds.
    pub wall_s: f64,
}

/// One replication, until it is added.
pub struct One {
    measurements: Measurements,
    /// Analysis and summary; `None` where no interval was closed.
    reduced: Option<(Analysis, Vec<f64>)>,
    trace: Option<Vec<TraceEvent>>,
    seconds: f64,
}

impl One {
    /// A replication without a trace.
    pub fn of<P>(run: Run<P>) -> One {
        One::new(run.measurements, None, run.seconds)
    }

    /// A replication with the events of its trace.
    pub fn with_trace<P>(run: Run<Trace<P>>) -> One {
        let trace = Some(run.probe.into_events());
        One::new(run.measurements, trace, run.seconds)
    }

    fn new(measurements: Measurements, trace: Option<Vec<TraceEvent>>, seconds: f64) -> One {
        let is_measured = measurements.reached() > measurements.layout.measured.start;
        let reduced = is_measured.then(|| {
            let analysis = Analysis::of(&measurements);
            let summary = analysis::summary(&measurements, &analysis);
            (analysis, summary)
        });
        One { measurements, reduced, trace, seconds }
    }
}

impl Outcome {
    /// Adds a replication. Of runs that a limit ended, only the first is kept, for the case that no run is whole.
    pub fn add(&mut self, one: One) {
        self.wall_s += one.seconds;
        if let Some(stopped) = one.measurements.stopped {
            self.stopped = self.stopped.or(Some(stopped));
            if self.cut_short.is_none() && one.reduced.is_some() {
                self.cut_short = Some(one);
            }
            return;
        }
        self.pool(one);
    }

    fn pool(&mut self, one: One) {
        let Some((analysis, summary)) = one.reduced else { return };
        let layout = &one.measurements.layout;
        self.pooled.get_or_insert_with(|| Pooled::new(layout)).add(&one.measurements);
        self.analyses.add(layout, analysis, summary);
        self.trace = self.trace.take().or(one.trace);
    }

    /// Accepts that a limit of the command ended a run: whole runs are kept, or the first partial one if there are
    /// none.
    pub fn accept_partial(&mut self) {
        if !matches!(self.stopped, Some(Stopped::TimeLimit | Stopped::EventLimit)) {
            return;
        }
        let cut = self.cut_short.take();
        let until_s = cut.as_ref().map(|one| one.measurements.until_s());
        if let Some(pooled) = &self.pooled {
            let layout = pooled.layout();
            self.partial_until_s = Some(layout.time_s(layout.intervals));
        } else if let Some(cut) = cut {
            self.partial_until_s = until_s;
            self.pool(cut);
        }
        if self.partial_until_s.is_some() {
            self.stopped = None;
        }
    }

    /// Figures and analyses; `None` without a replication.
    pub fn reduced(&mut self) -> Option<(Figures, Replications)> {
        let (pooled, analyses) = (self.pooled.take()?, std::mem::take(&mut self.analyses));
        Some((analysis::figures(&pooled, &analyses), analyses))
    }
}
