//! `viewers.csv`: each event of the traced viewers, with its clock time and its particulars.

use super::field::Field;
use super::tables;
use crate::experiment::TraceEvent;
use crate::model::Model;
use crate::scenario::spec::Spec;
use crate::units::Time;
use crate::vocabulary::Happening;

/// Name of the file.
pub const FILE: &str = "viewers.csv";

/// The columns of the file.
pub const FIELDS: [Field; 7] = [
    Field::whole("viewer", "number of the viewer, from 1 in the order of arrival"),
    Field::text("audience", "audience of the viewer"),
    Field::text("region", "region of the viewer"),
    Field::number("time_s", "s", "moment of the event, from the drop"),
    Field::text("clock", "time of day where the drop is stated"),
    Field::text("event", "what happens"),
    Field::text("detail", "particulars of the event, in words"),
];

/// The events of the traced viewers, and the model that they ran through.
#[derive(Clone, Copy, Debug)]
pub struct Traced<'a> {
    /// The events, in the order in which they happened.
    pub events: &'a [TraceEvent],
    /// The compiled scenario, whose names the file states.
    pub model: &'a Model,
}

/// The bytes of the file: one row for each event, in the order in which they happened.
///
/// # Errors
/// Only if the table cannot be put together.
pub fn csv(traced: Traced<'_>, spec: &Spec) -> Result<Vec<u8>, csv::Error> {
    let Traced { events, model } = traced;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(FIELDS.map(|field| field.name))?;
    let cohorts = model.cohort_names(spec);
    for TraceEvent { time, viewer, who, what } in events {
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
            tables::text(&detail),
        ])?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn seconds_from_drop(time: Time, model: &Model) -> f64 {
    time.seconds() - model.drop.seconds()
}

/// The time of day in the zone of the scenario's drop, with milliseconds.
fn clock(spec: &Spec, from_drop_s: f64) -> String {
    let at = spec.drop.timestamp + jiff::SignedDuration::from_nanos((from_drop_s * 1e9).round() as i64);
    spec.drop.offset.to_datetime(at).strftime("%H:%M:%S%.3f").to_string()
}

/// The name of an event and its particulars.
fn words(what: Happening, spec: &Spec, model: &Model) -> (&'static str, String) {
    let until = |time: Time| format!("until {}", clock(spec, seconds_from_drop(time, model)));
    let at = |time: Time| format!("at {}", clock(spec, seconds_from_drop(time, model)));
    let detail = match what {
        Happening::RequestBegan { request } => model.requests[request].clone(),
        Happening::Sent { pool, attempt } => {
            let name = spec.pool.get_index(pool).map_or("", |(name, _)| name.as_str());
            format!("attempt {attempt} to {name}")
        }
        Happening::EnteredRoom { room } => {
            let name = spec.waiting_room.get_index(room).map_or("", |(name, _)| name.as_str());
            format!("waiting room {name}")
        }
        Happening::CallSent { from, to, attempt } => {
            let [from, to] = [from, to].map(|pool| spec.pool.get_index(pool).map_or("", |(name, _)| name.as_str()));
            format!("attempt {attempt} of {from} to {to}")
        }
        Happening::CacheHit { from, to } => {
            let [from, to] = [from, to].map(|pool| spec.pool.get_index(pool).map_or("", |(name, _)| name.as_str()));
            format!("{from} need not ask {to}")
        }
        Happening::CallEnded { at, outcome, by_call } => {
            let name = spec.pool.get_index(at).map_or("", |(name, _)| name.as_str());
            format!("{} at {name}", outcome.note(by_call))
        }
        Happening::CallRetryAt { at: time } => at(time),
        Happening::RetryAt { at: time } | Happening::RefreshAt { at: time } => at(time),
        Happening::Waits { until: time } | Happening::Thinks { until: time } => until(time),
        Happening::StreamBegan { until: time } => until(time),
        Happening::Queued { server: Some(number) } | Happening::ServiceBegan { server: Some(number) } => {
            format!("at server {number}")
        }
        _ => what.note(),
    };
    (what.name(), detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_says_what_each_column_means() {
        let reference = crate::scenario::reference();
        let (_, told) = reference.split_once("`viewers.csv`").unwrap();
        assert!(FIELDS.iter().all(|field| told.contains(&format!("`{}`", field.name))));
    }
}
