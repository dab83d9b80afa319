//! What was told before a run beside what the run took.

use std::fmt;
use std::time::Duration;

use dropstorm::experiment::forecast::{BASE_BYTES, Forecast};
use dropstorm::measure::Measurements;
use dropstorm::model::Model;

/// How far an estimate is off, as a factor of one or more, where a few more or less do not matter.
pub fn off(estimated: f64, taken: f64, few: f64) -> f64 {
    let ratio = (estimated + few) / (taken + few);
    ratio.max(1.0 / ratio)
}

/// The factors by which events and memory are off, and the line of a table.
pub fn compared(name: &str, model: &Model, run: &Measurements) -> (f64, f64, Row) {
    let row = Row::of(name, model, run, None);
    (row.events.off(1_000.0), row.memory.off(0.0), row)
}

/// A figure as it was told, and as it was measured.
#[derive(Clone, Copy)]
pub struct Pair {
    pub told: f64,
    pub measured: f64,
}

impl Pair {
    pub fn off(&self, few: f64) -> f64 {
        off(self.told, self.measured, few)
    }
}

/// The line of a table.
pub struct Row {
    name: String,
    pub events: Pair,
    /// Bytes.
    pub memory: Pair,
    /// Seconds of processor time.
    pub seconds: Option<Pair>,
    people: Pair,
    attempts: Pair,
}

impl Row {
    /// The row of a run, which took `time` of the processor where a machine has so many times the speed of the usual one.
    pub fn of(name: &str, model: &Model, run: &Measurements, time: Option<(Duration, f64)>) -> Row {
        let forecast = Forecast::of(model);
        let histograms = forecast.running - forecast.growing;
        let pair = |told: f64, measured: f64| Pair { told, measured };
        Row {
            name: name.to_owned(),
            events: pair(forecast.load.events, run.events as f64),
            memory: pair(forecast.running + BASE_BYTES, run.size.bytes as f64 + histograms + BASE_BYTES),
            seconds: time.map(|(taken, speed)| pair(forecast.seconds / speed, taken.as_secs_f64())),
            people: pair(forecast.load.people, run.size.viewers as f64),
            attempts: pair(forecast.load.attempts, run.size.attempts as f64),
        }
    }

    /// The names of the columns.
    pub fn header() -> String {
        let of = |what: &str| format!("{what:>12} {:>12} {:>5}", "measured", "ratio");
        let seconds = format!("{:>8} {:>8} {:>5}", "seconds", "measured", "ratio");
        let rows = format!("{:>10} {:>10} {:>10} {:>10}", "people", "rows", "attempts", "rows");
        format!("{:40} {} {} {seconds} {rows}", "told and measured", of("events"), of("memory, kB"))
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ratio = |pair: &Pair, few: f64| (pair.told + few) / (pair.measured + few);
        let Row { name, events, memory, people, attempts, .. } = self;
        write!(f, "{name:40} {:>12.0} {:>12.0} {:>5.2}", events.told, events.measured, ratio(events, 1_000.0))?;
        write!(f, " {:>12.0} {:>12.0} {:>5.2}", memory.told / 1e3, memory.measured / 1e3, ratio(memory, 0.0))?;
        match &self.seconds {
            Some(seconds) => {
                write!(f, " {:>8.3} {:>8.3} {:>5.2}", seconds.told, seconds.measured, ratio(seconds, FEW_SECONDS))?;
            }
            None => write!(f, "{:24}", "")?,
        }
        write!(f, " {:>10.0} {:>10} {:>10.0} {:>10}", people.told, people.measured, attempts.told, attempts.measured)
    }
}

/// Seconds that do not matter.
const FEW_SECONDS: f64 = 0.05;
