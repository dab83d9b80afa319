//! Bottleneck and cause: which pools lost the attempts, and why.

use super::saturated::saturation;
use super::{Frame, LEAST, WHOLE};
use crate::oracle::table::{Range, Scope, Table};

/// Why a pool loses attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    NoServer,
    Full,
    Limited,
    Sheds,
    Rejects,
    Errors,
    Slow,
}

impl Cause {
    pub fn word(self) -> &'static str {
        match self {
            Cause::NoServer => "no_server",
            Cause::Full => "full",
            Cause::Limited => "limited",
            Cause::Sheds => "sheds",
            Cause::Rejects => "rejects",
            Cause::Errors => "errors",
            Cause::Slow => "slow",
        }
    }
}

/// Each pool's part of the attempts that are lost in a range.
pub fn parts_of_the_lost(table: &Table, range: &Range) -> Vec<(String, f64)> {
    let pools = table.names("pool");
    let total: f64 = pools.iter().map(|pool| lost(table, pool, range)).sum();
    let part = |pool: &str| if total > 0.0 { lost(table, pool, range) / total } else { 0.0 };
    pools.iter().map(|pool| ((*pool).to_owned(), part(pool))).collect()
}

/// The attempts that are lost at a pool in a range: not calls by other pools, whose callers' attempts are lost with them.
fn lost(table: &Table, pool: &str, range: &Range) -> f64 {
    let sum = |scope: &Scope, column: &str| table.sum(scope, column, range).unwrap_or(0.0);
    // A call that its client kept back was never sent to the pool.
    let errors = |scope: &Scope| sum(scope, "errors") - if scope.pool.is_none() { sum(scope, "refused") } else { 0.0 };
    let is_call = |request: &&&str| request.split_once('/').is_some_and(|(_, callee)| callee == pool);
    let calls: f64 = table.names("request").iter().filter(is_call).map(|call| errors(&Scope::request(call))).sum();
    errors(&Scope::pool(pool)) - calls
}

/// The causes that may be told of a pool in a range: the first that holds, or those that hold equally.
pub fn causes(table: &Table, frame: &Frame, pool: &str, range: &Range) -> Vec<Cause> {
    let Some(saturation) = saturation(table, pool) else { return Vec::new() };
    let enough = |count: usize| count > 0 && (count >= frame.window || 2 * count >= range.len());
    let none = range.clone().filter(|index| saturation.no_server[*index]).count();
    let full = range.clone().filter(|index| saturation.full[*index]).count();
    let mut found = Vec::new();
    if none > 0 {
        found.push(Cause::NoServer);
    }
    // A protection that turns most of the lost attempts away is the cause, also where the pool is full.
    let (protections, alone) = protections(table, pool, range);
    if enough(full) && !alone {
        found.push(Cause::Full);
    }
    if alone || !found.is_empty() {
        found.extend(protections);
        return found;
    }
    let sum = |outcomes: &[&str]| -> f64 {
        outcomes.iter().map(|outcome| table.sum(&Scope::pool(pool), outcome, range).unwrap_or(0.0)).sum()
    };
    let ways = [
        (Cause::Rejects, sum(&["rejected"])),
        (Cause::Errors, sum(&["failed"])),
        (Cause::Slow, sum(&["timed_out", "abandoned"])),
    ];
    let most = ways.iter().map(|(_, count)| *count).fold(0.0, f64::max);
    let ways = ways.into_iter().filter(|(_, count)| *count > 0.0 && *count >= 0.999 * most).map(|(cause, _)| cause);
    ways.chain(protections).collect()
}

/// The ways in which a pool suffers from one that it calls, directly or through others, each with the share that decides: its
/// attempts that wait for calls hold at least half of its busy slots, or calls that fail make at least half of its errors. For the
/// slots that are held, the called pool must be saturated for a window or half of the range, or a fifth of the calls to it fail, in
/// all and in half of the intervals in which any end, or calls to it have become slower.
pub fn through(table: &Table, frame: &Frame, pool: &str, to: &str, range: &Range) -> Vec<(&'static str, f64)> {
    let sum = |scope: &Scope, column: &str| table.sum(scope, column, range).unwrap_or(0.0);
    let of_pool = Scope::pool(pool);
    let mut found = Vec::new();
    for name in table.calls(Some(pool), None) {
        let callee = name.split_once('/').map_or("", |(_, callee)| callee);
        if callee != to && through(table, frame, callee, to, range).is_empty() {
            continue;
        }
        let of_calls = Scope::request(name);
        let passed = sum(&of_calls, "requests_failed") / sum(&of_pool, "errors");
        if passed >= 0.5 - 1e-6 {
            found.push(("passes", passed.min(1.0)));
        }
        let held = sum(&of_pool, "calling_mean") / sum(&of_pool, "in_service_mean");
        let saturated = saturation(table, callee).map_or(0, |saturation| {
            let count = |of: &[bool]| range.clone().filter(|index| of[*index]).count();
            count(&saturation.full).max(count(&saturation.no_server))
        });
        let long = saturated > 0 && (saturated >= frame.window || 2 * saturated >= range.len());
        let fails = fails_many(table, name, range);
        if held >= 0.5 - 1e-6 && (long || fails || has_slowed(table, frame, pool, callee, range)) {
            found.push(("holds", held));
        }
    }
    found
}

/// The share of the errors of a pool that its failed calls to another make.
pub fn passed_on(table: &Table, pool: &str, to: &str, range: &Range) -> f64 {
    let failed = table.sum(&Scope::request(&format!("{pool}/{to}")), "requests_failed", range).unwrap_or(0.0);
    failed / table.sum(&Scope::pool(pool), "errors", range).unwrap_or(0.0)
}

/// Whether a fifth of the attempts of a request end as errors, in all and in half of the intervals in which any end.
fn fails_many(table: &Table, request: &str, range: &Range) -> bool {
    let column = |column: &str| table.column(&Scope::request(request), column).unwrap_or_default();
    let (errors, ended) = (column("errors"), column("ended"));
    let some = |index: &usize| ended.get(*index).is_some_and(|ended| *ended > 0.0);
    let pairs: Vec<(f64, f64)> = range.clone().filter(some).map(|index| (errors[index], ended[index])).collect();
    let many = |(errors, ended): (f64, f64)| errors >= (0.2 - 1e-6) * ended;
    let all = pairs.iter().fold((0.0, 0.0), |all, pair| (all.0 + pair.0, all.1 + pair.1));
    !pairs.is_empty() && many(all) && 2 * pairs.iter().filter(|pair| many(**pair)).count() >= pairs.len()
}

/// Whether calls of a pool to another have become slower: half of the time in calls of the pool is spent in them, and in the mean
/// they take at least one and a half times as long as those, at least a hundred, that ended before.
pub fn has_slowed(table: &Table, frame: &Frame, pool: &str, callee: &str, range: &Range) -> bool {
    let before = frame.range.start..range.start;
    let here = call_times(table, Some(pool), callee, range);
    let whole: f64 = table
        .calls(Some(pool), None)
        .iter()
        .map(|name| call_times(table, Some(pool), name.split_once('/').map_or("", |(_, callee)| callee), range)[0])
        .sum();
    let earlier = call_times(table, Some(pool), callee, &before);
    let enough = here[1] > 0.0 && earlier[1] * frame.scale >= LEAST - WHOLE;
    enough && here[0] >= (0.5 - 1e-6) * whole && here[0] / here[1] >= (1.5 - 1e-4) * earlier[0] / earlier[1]
}

/// The time that the calls to a pool took which ended in a range, in milliseconds, and their number; of one caller or of all.
pub fn call_times(table: &Table, caller: Option<&str>, callee: &str, range: &Range) -> [f64; 2] {
    let mut sums = [0.0; 2];
    for name in table.calls(caller, Some(callee)) {
        let column = |column: &str| table.column(&Scope::request(name), column).unwrap_or_default();
        let (mean, ended) = (column("call_time_mean_ms"), column("requests_ended"));
        for (mean, ended) in range.clone().filter_map(|index| mean.get(index).zip(ended.get(index))) {
            if !mean.is_nan() && !ended.is_nan() {
                sums = [sums[0] + mean * ended, sums[1] + ended];
            }
        }
    }
    sums
}

/// The protections by which a pool turns attempts away, if no other error of the pool is more frequent, and whether none is as
/// frequent.
fn protections(table: &Table, pool: &str, range: &Range) -> (Vec<Cause>, bool) {
    let count = |outcome: &str| table.sum(&Scope::pool(pool), outcome, range).unwrap_or(0.0);
    let timers = count("timed_out") + count("abandoned");
    let others = timers.max(count("rejected")).max(count("failed"));
    let ways = [(Cause::Limited, count("limited")), (Cause::Sheds, count("shed"))];
    let most = ways.iter().map(|(_, count)| *count).fold(others, f64::max);
    let found = ways.iter().filter(|(_, count)| *count > 0.0 && *count >= 0.999 * most).map(|(cause, _)| *cause);
    let found: Vec<Cause> = found.collect();
    let alone = !found.is_empty() && others < 0.999 * most;
    (found, alone)
}
