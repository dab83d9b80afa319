//! The forecast of the cost of a run, in bytes and seconds, from the estimated load of its model.
//!
//! The constants were measured on the development machine (2 cores, AMD EPYC). [`speed`] compares another machine with it.

use std::time::{Duration, Instant};

use super::progress::{Progress, Watch};
use crate::engine::{self, Beside, Seed, layout};
use crate::measure::{Pooled, Recorder, Row};
use crate::model::{Load, Model, estimate};
use crate::vocabulary::Column;

/// Bytes of a process before it simulates anything.
pub const BASE_BYTES: f64 = 10e6;
/// Bytes of a viewer's row, of an attempt's row, and of a pending event.
const VIEWER: f64 = 48.0;
const ATTEMPT: f64 = 64.0;
const EVENT: f64 = 16.0;
/// Bytes of an attempt's entry in a shared queue.
const QUEUED: f64 = 8.0;
/// Bytes of a stream of which a link keeps the time that it has stalled.
const NOTED: f64 = 24.0;
/// Mean share in use of a list that grows by doubling.
const IN_USE: f64 = 0.7;

/// Number of figures of the summary for each scope.
const FIGURES_OF_SCOPE: usize = 40;
/// Bytes of the analysis of a run.
const ANALYSIS: f64 = 3e3;
/// Nanoseconds of an event whose rows are in the cache.
const EVENT_NANOS: f64 = 42.0;
/// Nanoseconds more for each doubling of the rows beyond [`CACHE_BYTES`].
const MISS_NANOS: f64 = 14.0;
/// Bytes of rows that fit into the cache.
const CACHE_BYTES: f64 = 4e6;
/// Nanoseconds of closing one row of one interval, and of adding one cell of measurement to a row.
const ROW_NANOS: f64 = 2_000.0;
const MEMBER_NANOS: f64 = 400.0;
/// Nanoseconds of writing one cell of a table.
const CELL_NANOS: f64 = 60.0;
/// Bytes of a cell in a table.
const CELL_BYTES: f64 = 3.0;
/// Seconds of drawing the charts and the page of a run, bytes while they are drawn, and bytes of their files.
pub const CHARTS: (f64, f64, f64) = (0.6, 18e6, 1.6e6);

/// Events of the built-in workload on the development machine in a second.
const EVENTS_PER_SECOND: f64 = 19e6;
/// Longest time that the built-in workload runs.
const CALIBRATION: Duration = Duration::from_millis(150);
/// Least time of the built-in workload that tells anything: systems count processor time in steps of some milliseconds.
const LEAST_MEASURED: Duration = Duration::from_millis(25);

/// The cost of one run of a model.
#[derive(Clone, Copy, Debug)]
pub struct Forecast {
    /// The size of the run.
    pub load: Load,
    /// Bytes while it runs.
    pub running: f64,
    /// Bytes of `running` that grow during the run.
    pub growing: f64,
    /// Bytes of the measurements of the run, which wait for those of earlier replications.
    pub measured: f64,
    /// Bytes that all replications together are reduced to, without their summaries.
    pub kept: f64,
    /// Bytes of the summary of one replication.
    pub summary: f64,
    /// Bytes while its tables are written.
    pub writing: f64,
    /// Bytes of its tables.
    pub results: f64,
    /// Seconds of the simulation on the development machine.
    pub seconds: f64,
    /// Seconds of writing the tables on the development machine.
    pub seconds_of_writing: f64,
    /// Bytes of the rows of all intervals.
    pub rows: f64,
}

impl Forecast {
    /// The cost of one run of a model.
    pub fn of(model: &Model) -> Forecast {
        let load = estimate(model);
        let layout = layout(model);
        let rows = (layout.intervals * layout.scopes.len()) as f64;
        let members: usize = layout.scopes.iter().map(|scope| layout.members(*scope).len()).sum();
        let histograms = Recorder::bytes_of_bins(&layout);
        let row_bytes = rows * size_of::<Row>() as f64;
        let beside = Beside::of(model);
        let called = load.attempts * load.called / load.sent.max(1.0);
        let state = load.people * (VIEWER + beside.viewer as f64 / IN_USE)
            + load.attempts * (ATTEMPT + beside.attempt as f64 / IN_USE)
            + called * beside.called as f64
            + (load.pending + load.timers / IN_USE) * EVENT
            + load.queued * QUEUED / IN_USE
            + load.noted * NOTED / IN_USE;
        let cells = rows * Column::COUNT as f64;
        let missed = libm::log2((state / CACHE_BYTES).max(1.0));
        let nanos = load.events * (EVENT_NANOS + MISS_NANOS * missed)
            + rows * load.share * ROW_NANOS
            + (members * layout.intervals) as f64 * load.share * MEMBER_NANOS;
        Forecast {
            load,
            running: state + row_bytes + histograms as f64,
            growing: state + row_bytes,
            measured: Pooled::bytes_of_run(&layout) as f64,
            kept: Pooled::bytes(&layout) as f64,
            summary: (layout.scopes.len() * FIGURES_OF_SCOPE * size_of::<f64>()) as f64 + ANALYSIS,
            writing: cells * (size_of::<f64>() as f64 + 2.0 * CELL_BYTES),
            results: cells * CELL_BYTES,
            seconds: nanos / 1e9,
            seconds_of_writing: cells * CELL_NANOS / 1e9,
            rows: row_bytes,
        }
    }
}

/// The speed of this machine as a multiple of that of the development machine, measured by a run of the built-in
/// workload `model` of at most 150 ms; `None` if the run was too short.
///
/// `used` returns the processor time of this thread, where the system has it. Processor time does not count the load of
/// other programs, which may end soon.
pub fn speed(model: &Model, used: impl Fn() -> Option<Duration>) -> Option<f64> {
    let timer = Timer { until: Instant::now() + CALIBRATION };
    let (begun, used_before) = (Instant::now(), used());
    let run = engine::run_with(model, Seed { seed: 1, replication: 0 }, &mut Watch::new(&timer));
    let taken = used().zip(used_before).map_or_else(|| begun.elapsed(), |(after, before)| after.saturating_sub(before));
    (run.events > 0 && taken >= LEAST_MEASURED).then(|| run.events as f64 / taken.as_secs_f64() / EVENTS_PER_SECOND)
}

/// Ends a run when its time is up.
struct Timer {
    until: Instant,
}

impl Progress for Timer {
    fn time_is_up(&self) -> bool {
        Instant::now() >= self.until
    }
}
