//! Why a pool loses attempts, or makes them wait.

use super::runs::stretch;
use super::{Case, Course, Decided, agree, same};
use crate::oracle::rule::{Level, call_times, causes, has_slowed, parts_of_the_lost, passed_on, saturation, through};
use crate::oracle::table::{Range, Scope};

/// The part of the lost attempts from which a pool is named.
const NAMED: f64 = 0.2;

pub fn decide(case: &Case<'_>) -> Decided {
    let (pool, range, is) = (case.text("name")?, case.range()?, case.text("is")?);
    let table = &case.evidence.table;
    if !table.has(&Scope::pool(pool)) {
        return Err(format!("there is no pool `{pool}`"));
    }
    if is == "passes_in_part" {
        let to = case.text("through")?;
        let right = passed_on(table, pool, to, &range);
        agree("the part that is passed on", case.number("value")?, right)?;
        return if right >= NAMED - 1e-6 { Ok(()) } else { Err(format!("`{pool}` passes on only {right}")) };
    }
    if case.claim["through"].is_string() {
        return suffers(case, pool, is, &range);
    }
    if is == "slower" {
        return slower(case, pool, &range);
    }
    value(case, pool, is, &range)?;
    // Time without a server is told whole; its pool is judged as the others are.
    let judged = stretch(table, &case.evidence.frame).unwrap_or_else(|| case.evidence.frame.range.clone());
    let range = if is == "no_server" { judged } else { range };
    let course = case.evidence.course(&Scope::default()).ok_or("there is no course of everything")?;
    if let Some(decided) = fails(&course).then(|| loses(case, pool, is, &range)).flatten() {
        return decided;
    }
    // Where everything is calm, pools are judged by what fails in a region or at a request; else by the time that attempts wait.
    let places = if course.is_in_trouble() { Vec::new() } else { failing_places(case) };
    let decided: Vec<Decided> = places.iter().filter_map(|place| loses(case, pool, is, place)).collect();
    match decided.iter().find(|decided| decided.is_ok()).or(decided.first()) {
        Some(decided) => decided.clone(),
        None => waits(case, pool, is, &range),
    }
}

/// Whether attempts fail beyond the bound. Where they fail within it, pools are judged by the time that attempts wait.
fn fails(course: &Course) -> bool {
    !course.troubles.is_empty() || course.steady.as_ref().is_some_and(|steady| steady.level == Level::Above)
}

/// The time in which attempts fail in each region and at each request that fails.
fn failing_places(case: &Case<'_>) -> Vec<Range> {
    let (table, measured) = (&case.evidence.table, &case.evidence.frame.range);
    let regions = table.names("region").into_iter().map(Scope::region);
    let requests = table.names("request").into_iter().filter(|name| !name.contains('/')).map(Scope::request);
    let courses = regions.chain(requests).filter_map(|scope| case.evidence.course(&scope)).filter(fails);
    let range = |course: Course| match (course.troubles.first(), course.troubles.last()) {
        (Some(first), Some(last)) => first.range.start..last.range.end,
        _ => measured.clone(),
    };
    courses.map(range).collect()
}

/// Whether a pool loses a part of the failed attempts of a range that is worth its name, for a reason; `None` where none fails, or
/// where it is told to make attempts wait.
fn loses(case: &Case<'_>, pool: &str, is: &str, range: &Range) -> Option<Decided> {
    let (table, frame) = (&case.evidence.table, &case.evidence.frame);
    let parts = parts_of_the_lost(table, range);
    let lost: f64 = parts.iter().map(|(_, part)| part).sum();
    if lost <= 0.0 || is == "waits" {
        return None;
    }
    let own = parts.iter().find(|(name, _)| name == pool).map_or(0.0, |(_, part)| *part);
    // A pool that another one suffers from loses no attempts of people itself.
    let caused = parts.iter().filter(|(_, part)| *part >= NAMED - 1e-6).filter(|(name, _)| {
        let suffers = !through(table, frame, name, pool, range).is_empty();
        suffers || passed_on(table, name, pool, range) >= NAMED - 1e-6
    });
    if own < NAMED - 1e-6 && caused.count() == 0 {
        return Some(Err(format!("`{pool}` loses {own} of the failed attempts")));
    }
    let words: Vec<&str> = causes(table, frame, pool, range).iter().map(|cause| cause.word()).collect();
    Some(if words.contains(&is) { Ok(()) } else { Err(format!("`{pool}` is {words:?}")) })
}

/// A pool suffers from another one that it calls.
fn suffers(case: &Case<'_>, pool: &str, is: &str, range: &Range) -> Decided {
    let (table, to) = (&case.evidence.table, case.text("through")?);
    let ways = through(table, &case.evidence.frame, pool, to, range);
    let stated = case.number("value")?;
    if ways.iter().any(|(way, share)| *way == is && same(stated, *share)) {
        Ok(())
    } else {
        Err(format!("`{pool}` suffers from `{to}` as {ways:?}"))
    }
}

/// Calls to a pool take longer than before, and a pool that makes them suffers from it; the pool itself is not full for long.
fn slower(case: &Case<'_>, pool: &str, range: &Range) -> Decided {
    let (table, frame) = (&case.evidence.table, &case.evidence.frame);
    let [millis, calls] = call_times(table, None, pool, range);
    agree("the time of a call in seconds", case.number("value")?, millis / calls / 1e3)?;
    let callers = table.names("pool");
    let mut slowed = callers.iter().filter(|caller| has_slowed(table, frame, caller, pool, range));
    if slowed.next().is_none() {
        return Err(format!("no pool makes calls to `{pool}` that have become slower"));
    }
    let parts = parts_of_the_lost(table, range);
    if parts.iter().any(|(name, part)| name == pool && *part >= NAMED + 1e-6) {
        return Err(format!("`{pool}` loses attempts itself"));
    }
    let suffers =
        |(name, part): &(String, f64)| *part >= NAMED - 1e-6 && !through(table, frame, name, pool, range).is_empty();
    // Where nothing fails, the pools that suffer are those at which attempts wait.
    let waits = parts.iter().all(|(_, part)| *part == 0.0);
    if !waits && !parts.iter().any(suffers) {
        return Err(format!("no pool that is named suffers from `{pool}`"));
    }
    let saturation = saturation(table, pool).ok_or("there is no such pool")?;
    let full = range.clone().filter(|index| saturation.full[*index] || saturation.no_server[*index]).count();
    if full > 0 && (full >= frame.window || 2 * full >= range.len()) {
        return Err(format!("`{pool}` is full in {full} intervals"));
    }
    Ok(())
}

/// Where nothing is lost, the same by the time that attempts wait.
fn waits(case: &Case<'_>, pool: &str, is: &str, range: &Range) -> Decided {
    let table = &case.evidence.table;
    let waited = |pool: &str| table.sum(&Scope::pool(pool), "queue_mean", range).unwrap_or(0.0);
    let all: f64 = table.names("pool").iter().map(|pool| waited(pool)).sum();
    let is_named = |pool: &str| all > 0.0 && waited(pool) >= (NAMED - 1e-6) * all;
    // A pool that another one suffers from need not be where attempts of people wait.
    let suffers = |other: &&str| !through(table, &case.evidence.frame, other, pool, range).is_empty();
    let caused = table.names("pool").into_iter().filter(|other| is_named(other)).any(|other| suffers(&other));
    if !is_named(pool) && !caused {
        return Err(format!("`{pool}` has {} of {all} of what waits", waited(pool)));
    }
    let saturation = saturation(table, pool).ok_or("there is no such pool")?;
    let enough = |count: usize| count > 0 && (count >= case.evidence.frame.window || 2 * count >= range.len());
    let none = range.clone().any(|index| saturation.no_server[index]);
    let full = enough(range.clone().filter(|index| saturation.full[*index]).count());
    let right = match is {
        "no_server" => none,
        "full" => full,
        "waits" => !none && !full,
        _ => false,
    };
    if right { Ok(()) } else { Err(format!("`{pool}` is without a server: {none}, full: {full}")) }
}

/// Seconds without a server or full, or how busy the pool is.
fn value(case: &Case<'_>, pool: &str, is: &str, range: &Range) -> Decided {
    let Some(stated) = case.claim["value"].as_f64() else { return Ok(()) };
    let table = &case.evidence.table;
    let rule = saturation(table, pool).ok_or("there is no such pool")?;
    let seconds =
        |saturated: &[bool]| range.clone().filter(|index| saturated[*index]).count() as f64 * table.interval_s;
    // The time itself; of a pool that is full also that of the intervals for which the rule holds.
    let right = match is {
        "no_server" if is_cut(&rule.without, range, &case.evidence.frame.range) => {
            return Err(format!("`{pool}` is without a server for longer than {range:?}"));
        }
        "full" if is_cut(&rule.full, range, &case.evidence.frame.range) => {
            return Err(format!("`{pool}` is full for longer than {range:?}"));
        }
        "no_server" => vec![share(case, pool, "no_server_share", range)?],
        "full" => vec![share(case, pool, "full_share", range)?, seconds(&rule.full)],
        "rejects" => {
            let rejected = table.column(&Scope::pool(pool), "rejected").ok_or("no column `rejected`")?;
            vec![busy(case, pool, range.clone().filter(|index| rejected[*index] > 0.0))?]
        }
        "waits" => vec![busy(case, pool, range.clone())?],
        _ => return Err(format!("`{is}` has no value")),
    };
    if right.iter().any(|right| same(stated, *right)) {
        Ok(())
    } else {
        Err(format!("the value is {right:?}, not {stated}"))
    }
}

/// Whether something goes on before or after a range that is so at its edge.
fn is_cut(is_so: &[bool], range: &Range, all: &Range) -> bool {
    let both = |inside: usize, outside: usize| is_so[inside] && is_so[outside];
    (range.start > all.start && both(range.start, range.start - 1))
        || (range.end < all.end && both(range.end - 1, range.end))
}

/// The sum of a share of each interval, in seconds.
pub fn share(case: &Case<'_>, pool: &str, column: &str, range: &Range) -> Result<f64, String> {
    Ok(case.total(&Scope::pool(pool), column, range)? * case.evidence.table.interval_s)
}

/// The mean utilization, by the slots of each interval.
fn busy(case: &Case<'_>, pool: &str, intervals: impl Iterator<Item = usize>) -> Result<f64, String> {
    let column = |name: &str| case.evidence.table.column(&Scope::pool(pool), name).ok_or(format!("no column `{name}`"));
    let (busy, servers) = (column("utilization")?, column("servers")?);
    let (mut sum, mut of) = (0.0, 0.0);
    for index in intervals.filter(|index| !busy[*index].is_nan()) {
        sum += busy[index] * servers[index];
        of += servers[index];
    }
    if of > 0.0 { Ok(sum / of) } else { Err("no server was there".to_owned()) }
}
