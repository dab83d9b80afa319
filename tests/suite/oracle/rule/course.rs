//! The course of a run in one scope: steady, calm, or in trouble, and how the last trouble ends.

use super::steady::{Level, Steady, steady};
use super::trouble::{Counts, Trouble, troubles};
use super::waiting::waiting;
use super::{Frame, LEAST, WHOLE};
use crate::oracle::table::{Range, Scope, Table};

/// What a run came to in one scope.
#[derive(Clone, Debug)]
pub struct Course {
    pub counts: Counts,
    pub steady: Option<Steady>,
    /// Troubles that are told, in the order of time.
    pub troubles: Vec<Trouble>,
    /// Troubles with under 2% of the failures, which are counted only.
    pub slight: Vec<Trouble>,
    /// Stretches in which attempts wait for too long.
    pub waiting: Vec<Range>,
}

/// How a trouble ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// Enough attempts after it kept to the bound.
    Over,
    /// Enough were sent after it to tell, but they do not.
    NotOver,
    /// Too few were sent after it to tell.
    FewAfter,
    /// Nobody asked after it.
    NobodyAfter,
}

/// The course of a scope; `None` where the table has no such row.
pub fn course(table: &Table, scope: &Scope, frame: &Frame) -> Option<Course> {
    let counts = Counts::of(table, scope)?;
    let steady = steady(&counts, frame);
    let (mut told, mut slight) = (Vec::new(), Vec::new());
    if steady.is_none() {
        let all = troubles(&counts, frame);
        let failed: f64 = all.iter().map(|trouble| trouble.failed).sum();
        (told, slight) = all.into_iter().partition(|trouble| trouble.failed >= 0.02 * failed);
    }
    let waiting = waiting(&counts, frame);
    Some(Course { counts, steady, troubles: told, slight, waiting })
}

impl Course {
    pub fn is_in_trouble(&self) -> bool {
        !self.troubles.is_empty() || !self.waiting.is_empty()
    }

    /// How a trouble ends.
    pub fn end(&self, trouble: &Trouble, frame: &Frame) -> End {
        let after = trouble.range.end..frame.range.end;
        if after.is_empty() {
            return End::NotOver;
        }
        let need = self.needed(trouble, frame);
        if self.settled(after.clone(), need, frame) {
            return End::Over;
        }
        let sent = self.counts.sent(&after) * frame.scale;
        let (failed, ended) = self.counts.over(&after);
        // Some thirty are answered and do not fail, and no thirty are left without an answer.
        let ended = ended * frame.scale;
        let none_fails = failed * frame.scale <= frame.bound * ended * (1.0 + 1e-12);
        let is_calm = ended >= 30.0 - WHOLE && sent - ended < 30.0 - WHOLE && none_fails;
        match sent {
            sent if sent <= 1e-9 => End::NobodyAfter,
            sent if sent < 30.0 - WHOLE || is_calm => End::FewAfter,
            _ => End::NotOver,
        }
    }

    /// How a stretch of waiting ends: with the run, or as enough attempts end after it, or before that many do.
    pub fn end_of_waiting(&self, range: &Range, frame: &Frame) -> End {
        let after = range.end..frame.range.end;
        if after.is_empty() {
            return End::NotOver;
        }
        let own = Trouble { range: range.clone(), ended: self.counts.over(range).1, failed: 0.0 };
        let next = self.waiting.iter().map(|other| other.start).find(|start| *start >= range.end);
        let until = range.end..next.unwrap_or(frame.range.end);
        let enough = self.counts.over(&until).1 * frame.scale >= self.needed(&own, frame) - WHOLE;
        match enough {
            true => End::Over,
            false if self.counts.sent(&until) <= 1e-9 => End::NobodyAfter,
            false => End::FewAfter,
        }
    }

    /// The attempts after a trouble that tell that it is over: 100, or as many as a window of it had, but at least 30.
    fn needed(&self, trouble: &Trouble, frame: &Frame) -> f64 {
        let windows = (trouble.range.len() as f64 / frame.window as f64).max(1.0);
        (trouble.ended * frame.scale / windows).clamp(30.0, LEAST)
    }

    /// Whether enough attempts ended after a trouble, and kept to the bound.
    fn settled(&self, after: Range, need: f64, frame: &Frame) -> bool {
        let (mut failed, mut ended) = (0.0, 0.0);
        for index in after {
            failed += self.counts.failed[index];
            ended += self.counts.ended[index];
            if ended * frame.scale >= need - WHOLE && failed <= frame.bound * ended * (1.0 + 1e-12) {
                return true;
            }
        }
        false
    }

    /// The states that may be told: two where waiting and failing end differently.
    pub fn states(&self, frame: &Frame) -> Vec<&'static str> {
        let sent = self.counts.sent(&frame.range) * frame.scale;
        let (_, ended) = self.counts.over(&frame.range);
        // Who asked before and still waits is in trouble, though nothing is sent.
        if sent <= 0.0 && ended <= 0.0 && self.waiting.is_empty() {
            return vec!["silent"];
        }
        if let Some(steady) = self.steady.as_ref().filter(|_| self.waiting.is_empty()) {
            // A few failures within the bound, which only chance makes steady, are calm as well.
            return if steady.level == Level::Within { vec!["steady", "calm"] } else { vec!["steady"] };
        }
        let waits = self.waiting.last().map(|range| match self.end_of_waiting(range, frame) {
            End::NotOver => "not_over",
            End::Over => "over",
            _ => "too_few",
        });
        let fails = self.troubles.last().map(|trouble| match self.end(trouble, frame) {
            End::Over => "over",
            End::NotOver => "not_over",
            End::FewAfter => "too_few",
            End::NobodyAfter => "silent",
        });
        match (fails, waits) {
            (Some("not_over"), _) | (_, Some("not_over")) => vec!["not_over"],
            // That nobody asks any more is one way of too few asking.
            (Some("silent"), _) => vec!["silent", "too_few"],
            (_, Some("too_few")) => vec!["too_few"],
            (Some(fails), _) => vec![fails],
            (None, Some(waits)) => vec![waits],
            (None, None) if ended * frame.scale < LEAST => vec!["calm", "too_few"],
            (None, None) => vec!["calm"],
        }
    }
}
