//! What was left out: a trouble, a place in trouble, people who are harmed, a limit that fails, a scale that bends the run.

use serde_json::Value as Json;

use super::check::{at_path, median, same, unmeasured};
use super::cold_caches;
use super::evidence::Evidence;
use super::left_by_causes;
use super::omitted_in_runs;
use super::rule::{Course, Trouble, worst};
use super::table::Scope;

/// Kinds of claims that tell of a trouble.
const OF_TROUBLE: &[&str] =
    &["begins", "over", "not_over", "few_after", "worst", "plateau", "steady", "late", "count", "sum", "rate"];

/// The kinds of harm.
const HARM: &[&str] = &["saw_error", "gave_up", "waited", "stalled", "degraded"];

/// Everything that the verdict and the further findings leave out.
pub fn omissions(evidence: &Evidence) -> Vec<String> {
    let said = evidence.verdict_and_findings();
    let verdict: Vec<&Json> = said.flat_map(|it| it["claims"].as_array()).flatten().collect();
    let mut found = Vec::new();
    if evidence.runs.is_empty() {
        found.extend(troubles(evidence, &verdict));
        found.extend(places(evidence, &verdict));
        found.extend(regions_of_troubles(evidence, &verdict));
        found.extend(left_by_causes::omissions(evidence, &verdict));
        found.extend(at_other_times(evidence, &verdict));
        found.extend(calls(evidence, &verdict));
        found.extend(waits_of_calls(evidence, &verdict));
        found.extend(stalls(evidence, &verdict));
        found.extend(cold_caches::omissions(evidence, &verdict));
    } else {
        found.extend(replications(evidence, &verdict));
        found.extend(omitted_in_runs::omissions(evidence, &verdict));
    }
    found.extend(again(evidence, &verdict));
    found.extend(rooms(evidence, &verdict));
    found.extend(harm(evidence, &verdict));
    found.extend(thresholds(evidence, &verdict));
    found.extend(scale(evidence, &verdict));
    found
}

/// The claims of the verdict without those of the further findings.
pub fn verdict_alone(evidence: &Evidence) -> impl Iterator<Item = &Json> {
    let sentences = evidence.summary["verdict"].as_array().into_iter().flatten();
    sentences.flat_map(|sentence| sentence["claims"].as_array().into_iter().flatten())
}

fn tells(verdict: &[&Json], kinds: &[&str], scope: &Scope, what: impl Fn(&Json) -> bool) -> bool {
    verdict.iter().any(|claim| {
        let of_kind = kinds.contains(&claim["kind"].as_str().unwrap_or_default());
        of_kind && claim["scope"].is_object() && Scope::of(&claim["scope"]) == *scope && what(claim)
    })
}

/// Troubles of everything: when the first begins, whether the last is over, how many there are.
fn troubles(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let all = Scope::default();
    let Some(course) = evidence.course(&all) else { return Vec::new() };
    let mut found = Vec::new();
    let steady = course.steady.as_ref().filter(|steady| steady.level.word() != "within");
    if steady.is_some() && !tells(verdict, &["steady"], &all, |_| true) {
        found.push("failures at a steady rate are not told".to_owned());
    }
    let of = |rule: &'static str| move |claim: &Json| claim["of"] == rule;
    for (rule, count) in [("errors", course.troubles.len()), ("waiting", course.waiting.len())] {
        if count == 0 {
            continue;
        }
        let late = rule == "waiting" && tells(verdict, &["late"], &all, |_| true);
        if !late && !tells(verdict, &["begins", "over", "not_over", "few_after"], &all, of(rule)) {
            found.push(format!("trouble of {rule} is not told"));
        }
        if !tells(verdict, &["over", "not_over", "few_after"], &all, of(rule)) {
            found.push(format!("whether trouble of {rule} is over is not told"));
        }
        let counted = |claim: &Json| claim["value"].as_f64() == Some(count as f64);
        if count > 1 && !tells(verdict, &["count"], &all, counted) {
            found.push(format!("that there are {count} troubles of {rule} is not told"));
        }
    }
    // A trouble that is as bad from begin to end is told whole, and one of few attempts by their numbers.
    let is_whole = |claim: &Json| {
        let of = |trouble: &Trouble| [trouble.range.start, trouble.range.end].map(|at| evidence.table.time(at));
        let edges = [&claim["from_s"], &claim["to_s"]].map(|edge| edge.as_f64().unwrap_or(f64::NAN));
        (claim["num"] == "errors" || claim["column"] == "errors")
            && course.troubles.iter().any(|trouble| of(trouble) == edges)
    };
    let is_told =
        tells(verdict, &["worst", "plateau"], &all, |_| true) || tells(verdict, &["rate", "sum"], &all, is_whole);
    if !course.troubles.is_empty() && !is_told {
        found.push("how bad it is is not told".to_owned());
    }
    found
}

/// The regions of some troubles of which nearly all failures lie in one region each, and not all in the same.
fn regions_of_troubles(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let (table, regions) = (&evidence.table, evidence.table.names("region"));
    let Some(course) = evidence.course(&Scope::default()) else { return Vec::new() };
    let most = |trouble: &Trouble| {
        let failed = |region: &str| table.sum(&Scope::region(region), "errors", &trouble.range).unwrap_or(0.0);
        let all: f64 = regions.iter().map(|region| failed(region)).sum();
        let each = regions.iter().map(|region| (*region, failed(region) / all));
        each.reduce(|most, next| if next.1 > most.1 { next } else { most })
    };
    let parts: Vec<(&str, f64)> = course.troubles.iter().filter_map(most).collect();
    let differ = parts.iter().any(|(region, _)| *region != parts[0].0);
    let due = (2..=5).contains(&parts.len()) && differ && parts.iter().all(|(_, share)| *share >= 0.9 * (1.0 + 1e-4));
    if !due {
        return Vec::new();
    }
    let told = |region: &str, trouble: &Trouble| {
        let edges = [trouble.range.start, trouble.range.end].map(|at| table.time(at));
        verdict.iter().any(|claim| {
            let of_regions = claim["kind"] == "part" && claim["whole"] == "regions" && claim["column"] == "errors";
            let at = [&claim["from_s"], &claim["to_s"]].map(|edge| edge.as_f64().unwrap_or(f64::NAN));
            of_regions && at == edges && claim["scope"]["region"].as_str() == Some(region)
        })
    };
    let troubles = parts.iter().zip(&course.troubles);
    let missing = troubles.filter(|((region, _), trouble)| !told(region, trouble));
    missing.map(|((region, _), _)| format!("that a trouble is in `{region}` is not told")).collect()
}

/// Trouble before the measured time, and after it.
fn at_other_times(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let told = |from_s: f64| {
        verdict.iter().any(|claim| {
            claim["kind"] == "unmeasured" && claim["from_s"].as_f64().is_some_and(|from| same(from, from_s))
        })
    };
    let troubles = unmeasured(evidence).into_iter().map(|(_, range, _)| evidence.table.time(range.start));
    troubles.filter(|from_s| !told(*from_s)).map(|from_s| format!("trouble from {from_s} s on is not told")).collect()
}

/// Calls between pools that are repeated: how many a first try leads to.
fn calls(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let first = evidence.table.sum(&Scope::default(), "first_tries", &evidence.frame.range);
    let due = first > Some(0.0) && evidence.tries_of_calls().is_some_and(|tries| tries >= 1.2 + 1e-6);
    let told = |claim: &&Json| claim["kind"] == "factor" && claim["path"] == "amplification.calls";
    match due && !verdict.iter().any(told) {
        true => vec!["that calls between pools are repeated is not told".to_owned()],
        false => Vec::new(),
    }
}

/// Attempts that are repeated: how many a first try leads to.
fn again(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    const PATH: &str = "amplification.total";
    let total = match evidence.runs.is_empty() {
        true => at_path(&evidence.summary, PATH),
        false => evidence.over_replications(PATH).ok().filter(|totals| !totals.is_empty()).map(|mut totals| {
            totals.sort_by(f64::total_cmp);
            median(&totals)
        }),
    };
    let due = total.is_some_and(|total| total >= 1.2 * (1.0 + 1e-3));
    match due && !verdict.iter().any(|claim| claim["path"] == PATH) {
        true => vec![format!("that a first try leads to {total:?} attempts is not told")],
        false => Vec::new(),
    }
}

/// Streams that stall for a hundredth of their time or more in an interval with enough of them.
fn stalls(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let (table, frame) = (&evidence.table, &evidence.frame);
    let worst = |region: &str| {
        let of = |column| table.column(&Scope::region(region), column).unwrap_or_default();
        let (stalled, streams) = (of("stalled_share"), of("streams_mean"));
        let enough = |index: &usize| streams.get(*index).is_some_and(|mean| mean * frame.scale >= 30.0 * (1.0 + 1e-3));
        let shares = frame.range.clone().filter(enough).filter_map(|index| stalled.get(index).copied());
        shares.filter(|share| !share.is_nan()).fold(0.0, f64::max)
    };
    let worst = table.names("region").into_iter().map(worst).fold(0.0, f64::max);
    let told = |claim: &&Json| claim["kind"] == "highest" && claim["column"] == "stalled_share";
    match worst >= 0.01 * (1.0 + 1e-3) && !verdict.iter().any(told) {
        true => vec![format!("that streams stall for {worst} of their time is not told")],
        false => Vec::new(),
    }
}

/// Waits of calls, in the mean of an interval a tenth of a person's late answer or more, at a pool that only pools ask: they are no
/// waits of people, who are harmed all the same.
fn waits_of_calls(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let (table, range) = (&evidence.table, &evidence.frame.range);
    let is_called_alone = |pool: &&str| {
        let calls = table.calls(None, Some(pool)).into_iter();
        let called: f64 = calls.filter_map(|call| table.sum(&Scope::request(call), "attempts", range)).sum();
        called > 0.0 && table.sum(&Scope::pool(pool), "attempts", range).is_some_and(|sent| same(sent, called))
    };
    let longest = |pool: &str| {
        let waits = table.column(&Scope::pool(pool), "wait_mean_ms").unwrap_or_default();
        range.clone().filter_map(|index| waits.get(index).copied()).filter(|wait| !wait.is_nan()).fold(0.0, f64::max)
    };
    let longest = table.names("pool").into_iter().filter(is_called_alone).map(longest).fold(0.0, f64::max);
    let due = longest >= 100.0 * evidence.frame.wait_s * (1.0 + 1e-6);
    let told = |claim: &&Json| {
        claim["kind"] == "highest"
            && claim["column"] == "wait_mean_ms"
            && claim["value"].as_f64() >= Some(longest * 0.999)
    };
    match due && !verdict.iter().any(told) {
        true => vec![format!("that calls wait {longest} ms is not told")],
        false => Vec::new(),
    }
}

/// Regions and requests that are in trouble while the whole is not, or of which the worst is over twice that of the whole.
fn places(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let highest = |course: &Course| {
        let rates = course.troubles.iter().filter_map(|trouble| worst(&course.counts, &evidence.frame, &trouble.range));
        rates.map(|worst| worst.rate).fold(course.steady.as_ref().map_or(0.0, |steady| steady.rate), f64::max)
    };
    let Some(whole) = evidence.course(&Scope::default()) else { return Vec::new() };
    // Without trouble the worst of the whole is that of all its windows.
    let of_all = || worst(&whole.counts, &evidence.frame, &evidence.frame.range).map_or(0.0, |worst| worst.rate);
    let of_whole = if whole.troubles.is_empty() && whole.steady.is_none() { of_all() } else { highest(&whole) };
    let names = |kind: &str| evidence.table.names(kind).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let regions = names("region").into_iter().map(|name| Scope::region(&name));
    let scopes = regions.chain(names("request").into_iter().map(|name| Scope::request(&name)));
    let mut due: Vec<Scope> = Vec::new();
    for scope in scopes {
        let Some(course) = evidence.course(&scope) else { continue };
        let alone = course.is_in_trouble() && !whole.is_in_trouble() && whole.steady.is_none();
        let worse = highest(&course) > 2.0 * of_whole * (1.0 + 1e-3) && !course.troubles.is_empty();
        if alone || worse {
            due.push(scope);
        }
    }
    let told =
        due.iter().filter(|scope| tells(verdict, OF_TROUBLE, scope, |_| true) || is_named(verdict, scope)).count();
    // Where there are many, some are named and the others are counted.
    let counted = verdict
        .iter()
        .any(|claim| claim["kind"] == "count" && claim["of"].as_str().is_some_and(|of| of.contains("in_trouble")));
    if told == due.len() || (told > 0 && counted) {
        return Vec::new();
    }
    let missing = due.iter().filter(|scope| !tells(verdict, OF_TROUBLE, scope, |_| true) && !is_named(verdict, scope));
    missing.map(|scope| format!("trouble of {} is not told", scope.json())).collect()
}

fn is_named(verdict: &[&Json], scope: &Scope) -> bool {
    let name = scope.region.as_deref().or(scope.request.as_deref());
    verdict.iter().any(|claim| {
        ["name", "most"].contains(&claim["kind"].as_str().unwrap_or_default()) && claim["name"].as_str() == name
    })
}

/// With replications: how many are in each state that occurs.
fn replications(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let states = evidence.summary["trouble"]["state"].as_object().into_iter().flatten();
    let due = states.filter(|(_, count)| count.as_f64().unwrap_or(0.0) > 0.0);
    let told = |state: &str| verdict.iter().any(|claim| claim["kind"] == "runs" && claim["state"] == state);
    due.filter(|(state, _)| !told(state))
        .map(|(state, count)| format!("that {count} replications are {state} is not told"))
        .collect()
}

/// How long people wait in rooms, from a second in the median on, and those of whom over a hundredth is in a room at the end.
fn rooms(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let figure = |path: &str| at_path(&evidence.summary, path).unwrap_or(0.0);
    // Over replications the summary has means, and sentences tell medians: what is near the bound may be told or not.
    let near = if evidence.runs.is_empty() { 1.0 } else { 1.5 };
    let (wait, at_end) = ("waiting_room.wait_ms.p50", "waiting_room.at_end");
    let held = figure("waiting_room.most") >= near;
    let waits = held && figure(wait) >= 1_000.0 * near;
    let stays = held && figure(at_end) > near && figure(at_end) > 0.01 * near * figure("viewers.arrived");
    let told = |path: &str| verdict.iter().any(|claim| claim["path"] == path);
    [(wait, waits), (at_end, stays)]
        .into_iter()
        .filter(|(path, due)| *due && !told(path))
        .map(|(path, _)| format!("{path} is not told"))
        .collect()
}

/// People who are harmed and of whom no sentence tells, by kinds of a hundredth or more of the kind that most come to.
fn harm(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let path = |kind: &str| format!("harm.{kind}");
    let told = |path: &str| verdict.iter().any(|claim| claim["path"] == path);
    let people = |kind: &str| at_path(&evidence.summary, &path(kind)).unwrap_or(0.0);
    let most = HARM.iter().map(|kind| people(kind)).fold(0.0, f64::max);
    let harmed = |kind: &&&str| people(kind) > 0.0 && people(kind) >= 0.01 * most * (1.0 + 1e-6);
    HARM.iter()
        .filter(harmed)
        .filter(|kind| !told(&path(kind)))
        .map(|kind| format!("harm.{kind} is not told"))
        .collect()
}

/// Limits that fail; of many, two are told.
fn thresholds(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let all = evidence.summary["thresholds"].as_array().into_iter().flatten();
    let failed: Vec<&Json> =
        all.filter(|it| it["held_in"].as_f64() < it["judged_in"].as_f64() || it["held"] == false).collect();
    let told = |it: &&&Json| {
        verdict.iter().any(|claim| {
            claim["kind"] == "bound"
                && claim["of"] == it["metric"]
                && claim["value"].as_f64().zip(it["bound"].as_f64()).is_some_and(|(one, other)| same(one, other))
        })
    };
    let count = failed.iter().filter(told).count();
    if count >= failed.len().min(2) {
        return Vec::new();
    }
    failed
        .iter()
        .filter(|it| !told(it))
        .map(|it| format!("that `{}` misses its limit is not told", it["metric"]))
        .collect()
}

/// Pools whose capacity at this scale is another, beyond 2%.
fn scale(evidence: &Evidence, verdict: &[&Json]) -> Vec<String> {
    let pools: Vec<&str> = evidence.table.names("pool");
    let factor = |pool: &&&str| {
        let figure = |end: &str| at_path(&evidence.summary, &format!("pools.{pool}.{end}"));
        figure("capacity_at_scale")
            .zip(figure("capacity_at_full"))
            .is_some_and(|(at, full)| full > 0.0 && (at / full - 1.0).abs() > 0.0201)
    };
    let due: Vec<&&str> = pools.iter().filter(factor).collect();
    let told = |pool: &&&&str| {
        verdict
            .iter()
            .any(|claim| claim["kind"] == "factor" && claim["path"] == format!("pools.{pool}.capacity_at_scale"))
    };
    let count = due.iter().filter(told).count();
    if count >= due.len().min(2) {
        Vec::new()
    } else {
        vec![format!("of {due:?} the scale changes the capacity, which is not told")]
    }
}
