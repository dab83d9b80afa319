//! The forecast of a sweep: time and memory from a short trial, disk space from the plan.

use std::fs;
use std::time::Duration;

use dropstorm::experiment::Progress;
use dropstorm::report::numbers::duration;
use dropstorm::sweep::{self, Outline, Plan, Replications};

/// Longest wall-clock time of the trial.
const TRIAL: Duration = Duration::from_secs(2);

/// The estimated cost of the units that are still to be run.
pub struct Forecast {
    /// Wall-clock time in seconds; `None` if the trial was stopped.
    pub seconds: Option<f64>,
    /// Peak memory in bytes; `None` where the system does not tell.
    pub memory: Option<u64>,
    /// Size of the store with all units in it, in bytes.
    pub disk: u64,
}

impl Forecast {
    /// Runs a few units and extrapolates.
    pub fn of(plan: &Plan, missing: u64, jobs: usize, progress: &dyn Progress) -> Forecast {
        let outline = plan.outline();
        let before = memory("VmRSS:");
        let per_unit = sweep::seconds_per_unit(plan, TRIAL, progress);
        let used = memory("VmHWM:").zip(before).map(|(after, before)| after.saturating_sub(before));
        let index = outline.most_units() * 4;
        Forecast {
            seconds: per_unit.map(|seconds| seconds * missing as f64 / jobs.min(missing.max(1) as usize) as f64),
            memory: before.zip(used).map(|(before, used)| before + used * jobs as u64 + index),
            disk: outline.most_units() * sweep::store::unit_bytes(outline.metrics().len()),
        }
    }

    /// In words: `about 3 minutes on 2 cores, 40 MiB of memory, 2 MiB on disk`.
    pub fn words(&self, jobs: usize, outline: &Outline) -> String {
        let most = if matches!(outline.replications(), Replications::Until(_)) { "at most " } else { "" };
        let cores = if jobs == 1 { "core" } else { "cores" };
        let time = self.seconds.map(|seconds| format!("{most}about {} on {jobs} {cores}", duration(seconds)));
        let memory = self.memory.map(|bytes| format!("{} of memory", size(bytes)));
        let disk = Some(format!("{most}{} on disk", size(self.disk)));
        [time, memory, disk].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// A size in bytes as text with few digits.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.0} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.0} MiB", bytes as f64 / 1_048_576.0),
    }
}

/// A memory figure of this process in bytes, from Linux's `/proc/self/status`.
fn memory(figure: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(figure))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024)
}
