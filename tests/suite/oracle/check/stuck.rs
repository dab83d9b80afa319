//! Whether a run is stuck, as far as its table decides it: what a run without the trigger does is known from the summary alone.

use dropstorm::scenario::Scenario;

use super::{Case, Decided, agree, figure, same};
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
    for kind in ["first_tries", "can_serve"] {
        if !case.beside.iter().any(|claim| claim["kind"] == kind) {
            return Err(format!("no `{kind}` says why"));
        }
    }
    may_be(&case.evidence.table, frame, &case.evidence.scenario)
}

/// First tries per second at a pool in the last window, if nothing were turned away on the way to it.
pub fn first_tries(case: &Case<'_>) -> Decided {
    let (pool, last) = (fullest(case)?, last_window(&case.evidence.frame));
    let seconds = last.len() as f64 * case.evidence.frame.interval_s;
    let offered = Ahead::of(&case.evidence.table, &case.evidence.scenario, last).offered(&pool);
    agree("what first tries would come to", case.number("value")?, offered / seconds)
}

/// Attempts per second that a pool can serve in the last window.
pub fn can_serve(case: &Case<'_>) -> Decided {
    let (pool, last) = (fullest(case)?, last_window(&case.evidence.frame));
    let capacity = case.evidence.table.sum(&Scope::pool(&pool), "capacity_per_s", &last).unwrap_or(0.0);
    agree("what the pool can serve", case.number("value")?, capacity / last.len() as f64)
}

/// The pool that the claim names, which must be the one whose capacity first tries would fill most, of those that are saturated in the
/// last window.
fn fullest(case: &Case<'_>) -> Result<String, String> {
    let (table, frame, scenario) = (&case.evidence.table, &case.evidence.frame, &case.evidence.scenario);
    let last = last_window(frame);
    if case.range()? != last {
        return Err(format!("the last window is {}", case.spell(&last)));
    }
    let ahead = Ahead::of(table, scenario, last.clone());
    let filled = |pool: &str| {
        let capacity = table.sum(&Scope::pool(pool), "capacity_per_s", &last).unwrap_or(0.0) * frame.interval_s;
        ahead.offered(pool) / capacity
    };
    let named = case.text("pool")?;
    let saturated: Vec<&String> = scenario.spec().pool.keys().filter(|pool| is_saturated(table, pool, &last)).collect();
    let most = saturated.iter().map(|pool| filled(pool)).fold(0.0, f64::max);
    let is_it = saturated.iter().any(|pool| *pool == named) && same(filled(named), most);
    if is_it { Ok(named.to_owned()) } else { Err(format!("first tries fill {most} of another pool than {named}")) }
}

fn is_saturated(table: &Table, pool: &str, range: &Range) -> bool {
    saturation(table, pool).is_some_and(|pool| pool.intervals(range) > 0)
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
        if !is_saturated(table, pool, &last) {
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
