//! What is sent to a pool, as calls to another, over what the other can serve.

use super::median::spread;
use super::{Case, Decided, agree};
use crate::oracle::evidence::Evidence;
use crate::oracle::rule::Frame;
use crate::oracle::table::{Range, Scope, Table};

pub fn decide(case: &Case<'_>) -> Decided {
    case.window()?;
    let stated = case.number("value")?;
    let (table, frame) = (&case.evidence.table, &case.evidence.frame);
    let chain = Chain::of(case)?;
    let calls = chain.calls(table, &case.between("before_from_s", "before_to_s")?)?;
    agree("the calls for each attempt", case.number("calls")?, calls)?;
    let at = case.range()?;
    if at.len() != frame.window {
        return Err(format!("{} is no window", case.spell(&at)));
    }
    agree("the multiple", stated, chain.times(table, calls, &at)?)?;
    let (most, range) = chain.most(table, frame, calls)?;
    if most > stated * (1.0 + 2e-4) {
        return Err(format!("it is {most} times in {}", case.spell(&range)));
    }
    Ok(())
}

/// The same over those replications in which it is more than the called pool is sent itself.
pub fn in_runs(case: &Case<'_>) -> Decided {
    case.window()?;
    let chain = Chain::of(case)?;
    let (mut sure, mut known) = (Vec::new(), Vec::new());
    for (value, is_sure) in case.evidence.runs.iter().filter_map(|run| chain.of_run(case.evidence, run)) {
        known.push(value);
        sure.extend(is_sure.then_some(value));
    }
    let k = case.number("k")?;
    let of = [&sure, &known].into_iter().find(|values| values.len() as f64 == k);
    let values = of.ok_or_else(|| format!("it is so in {} to {} replications", sure.len(), known.len()))?;
    spread(case, values.clone())
}

/// Pools of which each calls the next.
struct Chain<'a>(Vec<&'a str>);

impl<'a> Chain<'a> {
    fn of(case: &'a Case<'_>) -> Result<Chain<'a>, String> {
        let between = case.claim["through"].as_array().into_iter().flatten().filter_map(|name| name.as_str());
        let ends = [case.text("caller")?, case.text("callee")?];
        Ok(Chain([ends[0]].into_iter().chain(between).chain([ends[1]]).collect()))
    }

    fn caller(&self) -> Scope {
        Scope::pool(self.0[0])
    }

    fn callee(&self) -> &str {
        self.0[self.0.len() - 1]
    }

    /// Calls that reach the last pool for each attempt at the first, by what each pool of the chain makes of an attempt.
    fn calls(&self, table: &Table, before: &Range) -> Result<f64, String> {
        let mut calls = 1.0;
        for step in self.0.windows(2) {
            let request = Scope::request(&format!("{}/{}", step[0], step[1]));
            let made = table.sum(&request, "requests_ended", before);
            let sent = table.sum(&Scope::pool(step[0]), "attempts", before);
            calls *= made.ok_or("there are no such calls")? / sent.ok_or("there is no such pool")?;
        }
        Ok(calls)
    }

    /// Attempts at the first pool in a range, as calls, over what the last can serve.
    fn times(&self, table: &Table, calls: f64, range: &Range) -> Result<f64, String> {
        let sent = table.sum(&self.caller(), "attempts", range).ok_or("there is no such pool")?;
        Ok(sent * calls / room(table, self.callee(), range).ok_or("the pool has no capacity")?)
    }

    /// The window in which that is most.
    fn most(&self, table: &Table, frame: &Frame, calls: f64) -> Result<(f64, Range), String> {
        let windows = windows(frame).filter_map(|range| Some((self.times(table, calls, &range).ok()?, range)));
        let finite = windows.filter(|(times, _)| times.is_finite());
        finite.max_by(|one, other| one.0.total_cmp(&other.0)).ok_or_else(|| "there is no window".to_owned())
    }

    /// The multiple of a replication, and whether it is sure that it is told; `None` if it is not.
    fn of_run(&self, evidence: &Evidence, run: &Table) -> Option<(f64, bool)> {
        let frame = &evidence.frame;
        let range = super::runs::stretch(run, frame)?;
        let before = frame.range.start..range.start;
        let full = run.column(&Scope::pool(self.callee()), "full_share")?;
        let before = before.start..before.clone().find(|index| full[*index] >= 0.5).unwrap_or(before.end);
        let calls = self.calls(run, &before).ok().filter(|calls| *calls > 0.0)?;
        let simulated = run.sum(&self.caller(), "attempts", &before)? * evidence.scenario.spec().scale;
        let (most, _) = self.most(run, frame, calls).ok()?;
        let of_callee = |range: Range| {
            let sent = run.sum(&Scope::pool(self.callee()), "attempts", &range)?;
            Some(sent / room(run, self.callee(), &range)?).filter(|times| times.is_finite())
        };
        let sent = windows(frame).filter_map(of_callee).fold(1.0, f64::max);
        (simulated >= 99.5 && most >= 1.2 * sent * (1.0 - 1e-3)).then(|| {
            let (words, is_sure) = super::runs::reasons(run, frame, self.0[0]).unwrap_or_default();
            let suffers = |word: &&str| ["holds", "passes"].contains(word);
            // Where a rate limit bounds what the called pool serves, its slots do not tell.
            let of_callee = super::runs::reasons(run, frame, self.callee()).unwrap_or_default().0;
            let is_sure = is_sure && !of_callee.contains(&"limited");
            (most, is_sure && words.iter().all(suffers) && most >= 1.2 * sent * (1.0 + 1e-3))
        })
    }
}

/// The windows of the measured time.
pub fn windows(frame: &Frame) -> impl Iterator<Item = Range> + '_ {
    let last = (frame.range.end + 1).saturating_sub(frame.window);
    (frame.range.start..last).map(|start| start..start + frame.window)
}

/// What a pool can serve in a range; `None` where it can serve nothing in some interval of it.
pub fn room(table: &Table, pool: &str, range: &Range) -> Option<f64> {
    let cells = table.column(&Scope::pool(pool), "capacity_per_s")?;
    let always = range.clone().all(|index| cells[index] > 0.0);
    always.then(|| cells[range.clone()].iter().sum::<f64>() * table.interval_s)
}
