//! The request in trouble, where others that people make are not: figures of everything are diluted by those.

use super::called;
use super::course::Course;
use super::frame::Frame;
use super::peaks::{FOR_A_MEDIAN, Peak, highest};
use crate::measure::{Measurements, Row, Scope};
use crate::vocabulary::{Column, Outcome};

/// The attempts of a request in trouble over the measured intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Troubled {
    /// Index of the request.
    pub request: usize,
    /// Highest median latency of an interval in milliseconds, among intervals with enough served attempts.
    pub median: Option<Peak>,
}

impl Troubled {
    /// The request in trouble with most failures, of those that people make; `None` unless some of them keep out of trouble.
    pub fn of(run: &Measurements, frame: &Frame, requests: &[&Course]) -> Option<Troubled> {
        let in_trouble = requests.iter().filter(|course| course.is_in_trouble());
        let course = in_trouble.reduce(|most, next| if next.failed > most.failed { next } else { most })?;
        if requests.iter().all(|course| course.is_in_trouble()) {
            return None;
        }
        let row = run.layout.row_of(course.scope)?;
        let median = |row: &Row| {
            if row.count(Outcome::Served.column()) >= FOR_A_MEDIAN { row.value(Column::LatencyP50) } else { f64::NAN }
        };
        Some(Troubled { request: course.scope.request?, median: highest(run, row, frame, &median) })
    }
}

/// Attempts sent of a request over first tries; `None` without first tries.
pub fn per_first_try(run: &Measurements, frame: &Frame, scope: Scope) -> Option<f64> {
    let row = run.layout.row_of(scope)?;
    let sum = |column: Column| called::sum(run, frame, row, column);
    let first_tries = sum(Column::FirstTries);
    (first_tries > 0.0).then(|| sum(Column::Attempts) / first_tries)
}
