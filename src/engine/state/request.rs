//! The row of a request that an attempt makes to another pool, from its first attempt to its end through all retries.

use super::asked::Asked;
use super::slab::{NO_ROW, Row};
use crate::engine::pending::event::GENERATION_BITS;

/// A call in progress in 32 bytes.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub struct Request {
    /// Row of the attempt that calls; in a free row, the next free row.
    pub caller: u32,
    /// Row of the call before this one among those that the caller waits for.
    pub before: u32,
    /// Row of the call after this one among those that the caller waits for.
    pub after: u32,
    /// Row of the attempt under way; in a pause, the elapsed time of the request.
    pub attempt_row: u32,
    /// Generation of the row.
    pub generation: u32,
    /// In a pause, the time of the request that was no wait.
    busy: u16,
    /// Number of the present attempt, from 1.
    pub attempt: u16,
    /// Index of the call among those of the caller's pool.
    pub call: u16,
    /// Number of the repetition, from 0.
    pub repetition: u16,
    /// Whether the request is in the pause before a retry.
    pub pauses: bool,
    /// Whether the caller's breaker or throttle kept the present attempt back, which ends at this instant.
    pub refused: bool,
    /// Whether a breaker sent the present attempt on trial.
    pub on_trial: bool,
    /// Whether the caller's timer ended the attempt before the present one.
    pub timed_out: bool,
}

const _: () = assert!(size_of::<Request>() == 32);

impl Request {
    /// A request for a repetition of a call, before its first attempt, at the head of the calls that the caller waits for.
    pub fn new(generation: u32, caller: u32, call: u16, repetition: u16, first: u32) -> Request {
        Request { generation, caller, call, repetition, attempt: 1, after: first, ..Request::VACANT }
    }

    /// Begins a pause, at the end of which the request has taken `asked`.
    pub fn pause(&mut self, asked: Asked) {
        (self.attempt_row, self.busy) = asked.pack();
        self.pauses = true;
    }

    /// Ends the pause; returns what the request has taken by its end.
    pub fn resume(&mut self) -> Asked {
        self.pauses = false;
        Asked::unpack((std::mem::replace(&mut self.attempt_row, NO_ROW), self.busy))
    }
}

impl Row for Request {
    const VACANT: Request = Request {
        caller: NO_ROW,
        before: NO_ROW,
        after: NO_ROW,
        attempt_row: NO_ROW,
        generation: 0,
        busy: 0,
        attempt: 0,
        call: 0,
        repetition: 0,
        pauses: false,
        refused: false,
        on_trial: false,
        timed_out: false,
    };
    const GENERATION_BITS: u32 = GENERATION_BITS;

    #[inline]
    fn generation(&self) -> u32 {
        self.generation
    }

    #[inline]
    fn set_generation(&mut self, generation: u32) {
        self.generation = generation;
    }

    #[inline]
    fn next_free(&self) -> u32 {
        self.caller
    }

    #[inline]
    fn set_next_free(&mut self, row: u32) {
        self.caller = row;
    }
}
