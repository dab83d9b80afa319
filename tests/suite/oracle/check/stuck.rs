//! Whether a run is stuck, as far as its table decides it: what a run without the trigger does is known from the summary alone.

use dropstorm::scenario::Scenario;

use super::{Case, Decided, agree, figure};
use crate::oracle::rule::{Ahead, Frame, course, saturation};
use crate::oracle::table::{Range, Scope, Table};

pub fn decide(case: &Case<'_>) -> Decided {
    agree("the figure", figure::figure(case, "trouble.stuck")?, 1.0)?;
    let frame = &case.evidence.frame;
    agree("the bound", case.number("bound")?, frame.bound)?;
    let last = last_window(frame);
    let stated = case.index("from_s")?..case.index("to_s")?;
    if stated != last {
        return Err(format!("the last window is {}, not {}", case.spell(&last), case.spell(&stated)));
    }
    may_be(&case.evidence.table, frame, &case.evidence.scenario)
}

pub fn last_window(frame: &Frame) -> Range {
    frame.range.end - frame.window.min(frame.range.len())..frame.range.end
}

/// Whether a run ends in trouble though first tries would fit into each pool that is saturated then.
///
/// # Errors
/// Why not.
pub fn may_be(table: &Table, frame: &Frame, scenario: &Scenario) -> Decided {
    let last = last_window(frame);
    let course = course(table, &Scope::default(), frame).ok_or("there is no course of everything")?;
    let (failed, ended) = course.counts.over(&last);
    let waits = course.waiting.iter().any(|range| range.end == last.end);
    if failed <= frame.bound * ended && !waits {
        return Err(format!("{failed} of {ended} attempts fail in the last window"));
    }
    let mut saturated = 0;
    let ahead = Ahead::of(table, scenario, last.clone());
    for pool in scenario.spec().pool.keys() {
        if saturation(table, pool).is_none_or(|pool| pool.intervals(&last) == 0) {
            continue;
        }
        saturated += 1;
        let per_s = table.sum(&Scope::pool(pool), "capacity_per_s", &last).unwrap_or(0.0);
        let (offered, capacity) = (ahead.offered(pool), per_s * frame.interval_s);
        // A closed loop offers a full pool what it serves, give or take chance, which is told in counts as simulated.
        let chance = 3.0 * (offered * frame.scale).sqrt() / frame.scale;
        if offered + chance >= capacity * (1.0 + 1e-9) {
            return Err(format!(
                "first tries would offer {pool} {offered}, no less than the {capacity} that it can serve"
            ));
        }
    }
    if saturated == 0 { Err("no pool is saturated in the last window".to_owned()) } else { Ok(()) }
}
