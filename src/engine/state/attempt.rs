//! The row of an attempt, from its sending until neither its client nor its pool has anything more to do with it.

use super::asked::Asked;
use super::slab::{NO_ROW, Row};
use crate::engine::pending::event::{GENERATION_BITS, Kind};
use crate::policy::queue::priority::Class;
use crate::random::Key;
use crate::units::{Span, Time};
use crate::vocabulary::Outcome;

/// Stage of an attempt, as seen from its pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// On its way to the pool.
    Outbound,
    /// In the pool's queue.
    Queued,
    /// In service.
    InService,
    /// In a slot, its own service done, waiting for calls to other pools.
    Calling,
    /// No longer at the pool; a reply may be on its way.
    Gone,
}

/// Who waits for the reply to an attempt, in 32 bits: a viewer, or the request that another attempt makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin(u32);

impl Origin {
    /// Nobody: the attempt is a heartbeat, or its client has left.
    pub const NOBODY: Origin = Origin(NO_ROW);
    /// Number of viewers' rows that an origin can tell apart.
    pub const VIEWERS: u32 = 1 << 30;

    /// The viewer of a row, which is below [`Origin::VIEWERS`].
    #[inline(always)]
    pub fn viewer(row: u32) -> Origin {
        debug_assert!(row < Origin::VIEWERS);
        Origin(row)
    }

    /// The request of a row, which is below [`Origin::VIEWERS`] too.
    pub fn request(row: u32) -> Origin {
        debug_assert!(row < Origin::VIEWERS);
        Origin(Origin::VIEWERS | row)
    }

    /// The row of the request, if a request waits.
    #[inline(always)]
    pub fn as_request(self) -> Option<u32> {
        (self.0 & !(Origin::VIEWERS - 1) == Origin::VIEWERS).then_some(self.0 & (Origin::VIEWERS - 1))
    }

    /// The row of the viewer, if a viewer waits.
    #[inline(always)]
    pub fn as_viewer(self) -> Option<u32> {
        (self.0 < Origin::VIEWERS).then_some(self.0)
    }

    /// The number to prefetch a viewer's row by. In a free row of an attempt it is any number.
    #[inline(always)]
    pub fn number(self) -> u32 {
        self.0
    }
}

/// Flags of an attempt, one bit each.
pub mod flags {
    /// The client has seen the end of the attempt, or has left.
    pub const CLIENT_DONE: u8 = 1;
    /// The waiting time of the attempt has been recorded.
    pub const WAIT_RECORDED: u8 = 2;
    /// The cancellation reached the pool before the attempt did.
    pub const CANCELLED_EARLY: u8 = 4;
    /// The reply will be lost on its way.
    pub const REPLY_LOST: u8 = 8;
    /// The attempt is a call, made by an attempt that is a retry or a hedged copy.
    pub const AGAIN: u8 = 16;
    /// A call that the attempt made failed, and the attempt with it.
    pub const CALL_FAILED: u8 = 32;
    /// Position of the class, which takes two bits.
    pub const CLASS: u32 = 6;
}

/// An attempt in 64 bytes, one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Attempt {
    /// Key of the draws of this attempt.
    pub key: Key,
    /// Time of sending.
    pub sent: Time,
    /// Time of arrival at the pool; from the start of service on, that start.
    pub reached: Time,
    /// While queued at a server, the neighbours in the queue; while calling, the calls under way; after service, the
    /// time in service.
    pub service: Span,
    /// Time that the request had taken when the attempt was sent, and since then the wait at the pool once it has ended.
    pub asked: Asked,
    /// Viewer who waits for the reply; in a free row, the next free row.
    pub origin: Origin,
    /// Arrival index of the viewer within the cohort.
    pub ordinal: u32,
    /// Generation of the row.
    pub generation: u32,
    /// Number of the server within the pool; 0 where servers are interchangeable.
    pub server: u32,
    /// Index of the viewer's cohort.
    pub cohort: u16,
    /// Index of the cell in which the attempt is counted.
    pub cell: u16,
    /// Index of the pool.
    pub pool: u8,
    /// Stage at the pool.
    pub stage: Stage,
    /// The end of the attempt as the pool states it; `TimedOut` from the expiry of a timer of the pool on.
    pub outcome: Outcome,
    /// See [`flags`].
    pub flags: u8,
}

const _: () = assert!(size_of::<Attempt>() == 64 && Attempt::GENERATION_BITS <= GENERATION_BITS);

impl Attempt {
    /// Whether a flag is set.
    #[inline(always)]
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// The flags of an attempt of a class that has just been sent.
    #[inline(always)]
    pub fn flags_of(class: Class) -> u8 {
        (class as u8) << flags::CLASS
    }

    /// The class of the attempt.
    #[inline(always)]
    pub fn class(&self) -> Class {
        Class::of_number(self.flags >> flags::CLASS)
    }

    /// Whether the attempt is a retry or a hedged copy, or a call that such an attempt makes.
    pub fn is_again(&self) -> bool {
        self.asked.elapsed > 0.0 || self.has(flags::AGAIN)
    }

    /// Sets a flag.
    #[inline(always)]
    pub fn mark(&mut self, flag: u8) {
        self.flags |= flag;
    }

    /// The rows before and after this one in the queue of a server.
    #[inline]
    pub fn neighbours(&self) -> (u32, u32) {
        (self.service.0 as u32, (self.service.0 >> 32) as u32)
    }

    /// Sets the rows before and after this one in the queue of a server.
    #[inline]
    pub fn set_neighbours(&mut self, before: u32, after: u32) {
        self.service = Span((u64::from(after) << 32 | u64::from(before)) as i64);
    }

    /// Begins to call other pools: no call is under way, and none has failed.
    pub fn begin_calls(&mut self) {
        self.service = Span(i64::from(NO_ROW));
    }

    /// The row of the first of the calls that a calling attempt waits for; [`NO_ROW`] if it waits for none.
    pub fn first_call(&self) -> u32 {
        self.service.0 as u32
    }

    /// Sets the row of the first of the calls that a calling attempt waits for.
    pub fn set_first_call(&mut self, row: u32) {
        self.service = Span(self.service.0 >> 32 << 32 | i64::from(row));
    }

    /// Notes how a call failed, unless another failed before.
    pub fn note_failed_call(&mut self, outcome: Outcome) {
        if self.failed_call().is_none() {
            self.service.0 |= (outcome as i64 + 1) << 32;
        }
    }

    /// Outcome of the first call that failed.
    pub fn failed_call(&self) -> Option<Outcome> {
        Outcome::ALL.get(((self.service.0 >> 32) as usize).wrapping_sub(1)).copied()
    }

    /// Whether an event of this kind and generation of the row is not stale.
    #[inline]
    pub fn awaits(&self, kind: Kind, generation: u32) -> bool {
        self.generation == generation
            && match kind {
                Kind::AppTimeout => !self.has(flags::CLIENT_DONE),
                Kind::QueueTimeout => self.stage == Stage::Queued && self.outcome != Outcome::TimedOut,
                Kind::PoolTimeout => {
                    matches!(self.stage, Stage::Queued | Stage::InService | Stage::Calling)
                        && self.outcome != Outcome::TimedOut
                }
                // Service may have been aborted while the row is kept for a 504 on its way.
                Kind::Complete => self.stage == Stage::InService,
                _ => true,
            }
    }
}

impl Row for Attempt {
    const VACANT: Attempt = Attempt {
        key: Key::from_number(0),
        sent: Time::START,
        reached: Time::START,
        service: Span::ZERO,
        asked: Asked { elapsed: 0.0, waited: 0.0 },
        origin: Origin::NOBODY,
        ordinal: 0,
        generation: 0,
        server: 0,
        cohort: 0,
        cell: 0,
        pool: 0,
        stage: Stage::Outbound,
        outcome: Outcome::Served,
        flags: 0,
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
        self.origin.0
    }

    #[inline]
    fn set_next_free(&mut self, row: u32) {
        self.origin = Origin(row);
    }
}
