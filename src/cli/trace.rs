//! `--trace N`: each event of the first N viewers, with clock and cause.

use std::collections::HashMap;

use dropstorm::engine::{Probe, Who};
use dropstorm::model::Model;
use dropstorm::scenario::spec::Spec;
use dropstorm::units::Time;
use dropstorm::vocabulary::Happening;

use super::progress::ProgressProbe;

/// The file that the trace goes to.
pub const FILE: &str = "viewers.csv";

/// Listens to the first viewers of a run.
pub struct TraceProbe<'a> {
    progress: ProgressProbe<'a>,
    most: usize,
    /// Number of each traced viewer, by who they are.
    known: HashMap<Who, usize>,
    events: Vec<(Time, usize, Who, Happening)>,
}

impl<'a> TraceProbe<'a> {
    /// Listens to the first `most` viewers.
    pub fn new(most: usize, progress: ProgressProbe<'a>) -> TraceProbe<'a> {
        TraceProbe { progress, most, known: HashMap::new(), events: Vec::new() }
    }

    /// The trace as CSV: one row for each thing that happened, in order.
    pub fn csv(&self, spec: &Spec, model: &Model) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["viewer", "audience", "region", "time_s", "clock", "event", "detail"])?;
        let cohorts = model.cohort_names(spec);
        for (time, viewer, who, what) in &self.events {
            let (audience, region) = cohorts[usize::from(who.cohort)];
            let at = seconds_from_drop(*time, model);
            let (event, detail) = words(*what, spec, model);
            writer.write_record([
                (viewer + 1).to_string(),
                audience.to_owned(),
                region.to_owned(),
                format!("{at:.6}"),
                clock(spec, at),
                event.to_owned(),
                detail,
            ])?;
        }
        writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

impl Probe for TraceProbe<'_> {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        let next = self.known.len();
        if matches!(what, Happening::Arrived | Happening::AlreadyInside) && next < self.most {
            self.known.insert(who, next);
        }
        if let Some(viewer) = self.known.get(&who) {
            self.events.push((now, *viewer, who, what));
        }
    }

    fn interval_closed(&mut self, now: Time, events: u64) {
        self.progress.interval_closed(now, events);
    }
}

fn seconds_from_drop(time: Time, model: &Model) -> f64 {
    time.seconds() - model.drop.seconds()
}

/// The clock of the scenario's drop, with milliseconds.
fn clock(spec: &Spec, from_drop_s: f64) -> String {
    let at = spec.drop.timestamp + jiff::SignedDuration::from_nanos((from_drop_s * 1e9).round() as i64);
    spec.drop.offset.to_datetime(at).strftime("%H:%M:%S%.3f").to_string()
}

/// The name of what happened, and its particulars.
fn words(what: Happening, spec: &Spec, model: &Model) -> (&'static str, String) {
    let until = |time: Time| format!("until {}", clock(spec, seconds_from_drop(time, model)));
    let at = |time: Time| format!("at {}", clock(spec, seconds_from_drop(time, model)));
    let detail = match what {
        Happening::RequestBegan { request } => model.requests[request].clone(),
        Happening::Sent { pool, attempt } => {
            let name = spec.pool.get_index(pool).map_or("", |(name, _)| name.as_str());
            format!("attempt {attempt} to {name}")
        }
        Happening::RetryAt { at: time } | Happening::RefreshAt { at: time } => at(time),
        Happening::Waits { until: time } | Happening::Thinks { until: time } => until(time),
        Happening::StreamBegan { until: time } => until(time),
        _ => what.note(),
    };
    (what.name(), detail)
}
