//! `--trace N`: each event of the first N viewers, with clock and cause.

use std::collections::HashMap;

use dropstorm::engine::{Happening, Probe, Who};
use dropstorm::model::Model;
use dropstorm::scenario::spec::Spec;
use dropstorm::units::Time;

use super::progress::ProgressProbe;

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

/// What happened, and the particulars, in words.
fn words(what: Happening, spec: &Spec, model: &Model) -> (&'static str, String) {
    let until = |time: Time| format!("until {}", clock(spec, seconds_from_drop(time, model)));
    let at = |time: Time| format!("at {}", clock(spec, seconds_from_drop(time, model)));
    match what {
        Happening::Arrived => ("arrived", String::new()),
        Happening::AlreadyInside => ("already inside", "in mid-stream when the window opened".to_owned()),
        Happening::RequestBegan { request } => ("request", model.requests[request].clone()),
        Happening::Sent { pool, attempt } => {
            let name = spec.pool.get_index(pool).map_or("", |(name, _)| name.as_str());
            ("sent", format!("attempt {attempt} to {name}"))
        }
        Happening::Queued => ("queued", String::new()),
        Happening::ServiceBegan => ("in service", String::new()),
        Happening::Served => ("served", "200".to_owned()),
        Happening::Rejected => ("rejected", "503: the queue was full".to_owned()),
        Happening::TimedOut => ("timed out", "504: a timer of the pool expired".to_owned()),
        Happening::Failed => ("failed", "500".to_owned()),
        Happening::AppTimerEnded => ("abandoned", "499: the app's timer ended".to_owned()),
        Happening::PatienceEnded => ("abandoned", "499: the human's patience ended".to_owned()),
        Happening::ErrorPage => ("error page", String::new()),
        Happening::Skipped => ("skipped", "the request is optional".to_owned()),
        Happening::RetryAt { at: time } => ("will retry", at(time)),
        Happening::RefreshAt { at: time } => ("will refresh", at(time)),
        Happening::Waits { until: time } => ("waits", until(time)),
        Happening::Thinks { until: time } => ("thinks", until(time)),
        Happening::StreamBegan { until: time } => ("stream began", until(time)),
        Happening::StreamEnded => ("stream ended", String::new()),
        Happening::StallLeft => ("left the stream", "too much stalling".to_owned()),
        Happening::GaveUp => ("gave up", String::new()),
        Happening::CameBack => ("came back", String::new()),
        Happening::Watched => ("watched", "the last step is done".to_owned()),
    }
}
