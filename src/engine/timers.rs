//! Timers of constant length: their ends come in the order of their beginnings, so a plain queue holds them.
//!
//! Each pool's two timers and each client's app timer have a list. A list has at most one event in
//! the calendar, for the first timer in it that may still matter; most timers are stale before they
//! come to the front and never cost an event. When a setting changes, a new list begins and the old
//! one runs out, so running timers keep their ends.

use std::collections::VecDeque;

use crate::units::{Span, Time};

/// Whose timer a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A pool's `timeout`.
    PoolTimeout,
    /// A pool's `queue_timeout`.
    QueueTimeout,
    /// A client's `timeout`.
    App,
}

/// One running timer.
#[derive(Clone, Copy)]
pub struct Timer {
    /// When it ends.
    pub end: Time,
    /// The attempt's row.
    pub job: u32,
    /// The row's generation.
    pub generation: u32,
}

/// Running timers of one length.
pub struct TimerList {
    /// Whose they are.
    pub source: Source,
    length: Span,
    running: VecDeque<Timer>,
    /// Whether an event of this list is in the calendar.
    pub armed: bool,
}

/// All lists.
#[derive(Default)]
pub struct Timers {
    lists: Vec<TimerList>,
    /// The list of each pool's timeout, each pool's queue timeout, each client's timeout.
    current: Vec<Option<u32>>,
}

impl Timers {
    /// Makes room for the timers of so many pools and clients.
    pub fn new(sources: usize) -> Timers {
        Timers { lists: Vec::new(), current: vec![None; sources] }
    }

    /// States the length of a source's timers from now on.
    pub fn set(&mut self, index: usize, source: Source, length: Option<Span>) {
        let unchanged = match (self.current[index], length) {
            (None, None) => true,
            (Some(list), Some(length)) => self.lists[list as usize].length == length,
            _ => false,
        };
        if !unchanged {
            self.current[index] = length.map(|length| {
                self.lists.push(TimerList { source, length, running: VecDeque::new(), armed: false });
                (self.lists.len() - 1) as u32
            });
        }
    }

    /// Starts a timer. If its list has no event in the calendar, the list and the time for one are given back.
    #[inline]
    pub fn start(&mut self, index: usize, now: Time, job: u32, generation: u32) -> Option<(usize, Time)> {
        let index = self.current[index]? as usize;
        let list = &mut self.lists[index];
        let end = now.after(list.length);
        list.running.push_back(Timer { end, job, generation });
        if list.armed {
            return None;
        }
        list.armed = true;
        Some((index, end))
    }

    /// A list.
    #[inline]
    pub fn list(&mut self, index: usize) -> &mut TimerList {
        &mut self.lists[index]
    }

    /// The first timer of a list, stale or not.
    #[inline]
    pub fn first(&self, index: usize) -> Option<Timer> {
        self.lists[index].running.front().copied()
    }
}

impl TimerList {
    /// Takes the first timer out.
    #[inline]
    pub fn pop(&mut self) {
        self.running.pop_front();
    }
}
