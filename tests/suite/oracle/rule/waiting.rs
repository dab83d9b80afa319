//! Waiting is trouble too: many attempts that are not answered for long.

use super::trouble::joined;
use super::{Counts, Frame, WHOLE};
use crate::oracle::table::Range;

/// The attempts that are unanswered for longer than the bound at the end of each interval: as many at least.
pub fn unanswered(counts: &Counts, frame: &Frame) -> Vec<f64> {
    let back = (frame.wait_s / frame.interval_s - 1e-9).ceil() as usize;
    let summed = |column: &[f64]| {
        let mut sum = 0.0;
        column
            .iter()
            .map(|value| {
                sum += value;
                sum
            })
            .collect::<Vec<f64>>()
    };
    let (sent, mut ended) = (summed(&counts.sent), summed(&counts.ended));
    // What was cancelled waits no more either.
    ended.iter_mut().zip(summed(&counts.cancelled)).for_each(|(ended, cancelled)| *ended += cancelled);
    let before = |index: usize| if index >= back { sent[index - back] } else { 0.0 };
    (0..ended.len()).map(|index| (before(index) - ended[index]).max(0.0)).collect()
}

/// The stretches in which more than one in a hundred of the last minute's attempts wait for too long.
pub fn waiting(counts: &Counts, frame: &Frame) -> Vec<Range> {
    let minute = (60.0 / frame.interval_s).round().max(1.0) as usize;
    let unanswered = unanswered(counts, frame);
    let waits = |index: &usize| {
        let asked = counts.sent(&(index.saturating_sub(minute - 1)..index + 1));
        unanswered[*index] > 0.01 * asked && unanswered[*index] * frame.scale >= 10.0 - WHOLE
    };
    let mut found: Vec<Range> = Vec::new();
    for index in frame.range.clone().filter(waits) {
        match found.last_mut() {
            Some(last) if last.end == index => last.end += 1,
            _ => found.push(index..index + 1),
        }
    }
    joined(found, frame)
}

#[test]
fn who_waits_is_known_from_what_was_sent_and_what_ended() {
    let mut ended = vec![50.0; 120];
    ended[30..].fill(0.0);
    let counts = Counts { sent: vec![50.0; 120], failed: vec![0.0; 120], ended, ..Counts::default() };
    let frame = Frame { window: 4, bound: 0.01, scale: 1.0, range: 0..120, wait_s: 10.0, interval_s: 5.0, run: 120 };
    assert_eq!(unanswered(&counts, &frame)[119], 50.0 * 88.0);
    assert_eq!(waiting(&counts, &frame), [Range { start: 32, end: 120 }]);
}
