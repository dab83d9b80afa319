//! The minute with most reports.

use super::measurements::Measurements;
use super::windows::{window_length, windows};
use crate::vocabulary::Column;

/// The measured minute with most reports, the first of equals: start in seconds from the drop, reports at simulated size.
pub fn most_reports(run: &Measurements) -> Option<(f64, f64)> {
    let layout = &run.layout;
    let length = window_length(layout.width.seconds(), layout.measured.len());
    windows(&layout.measured, length)
        .map(|window| {
            (layout.time_s(window.start), run.of_everything(window).map(|row| row.count(Column::Reports)).sum())
        })
        .reduce(|best: (f64, f64), next| if best.1 >= next.1 { best } else { next })
}
