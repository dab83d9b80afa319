//! Events as the future event list holds them: what happens, to which row, at which generation of it.

use super::slab::Row;
use super::tables::{Job, Viewer};

/// An event has room for so many bits of a row's generation.
const GENERATION_BITS: u32 = 28;
const _: () = assert!(Viewer::GENERATION_BITS <= GENERATION_BITS && Job::GENERATION_BITS <= GENERATION_BITS);

/// What happens. The order of the kinds is the order in which events of one instant run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// The settings change.
    Change,
    /// Service of an attempt ends.
    Complete,
    /// A server has answered one that it turned away.
    TurnedAway,
    /// A reply reaches the viewer.
    Reply,
    /// The next viewer of a cohort arrives.
    Arrive,
    /// An attempt reaches its pool.
    Reach,
    /// Word that the client has left reaches the pool.
    Leave,
    /// A viewer's pause, thought, wait, stream or absence is over.
    Move,
    /// A stalled stream of a device class is over, or its viewer has had enough.
    Stall,
    /// A pool's timeout for an attempt.
    PoolTimeout,
    /// A pool's timeout for an attempt that waits.
    QueueTimeout,
    /// The app's timeout for an attempt.
    AppTimeout,
    /// A human's patience ends.
    Patience,
    /// A stream's next heartbeat.
    Heartbeat,
    /// A report reaches the outage tracker.
    Report,
    /// So does one of its usual level.
    UsualReport,
}

const _: () = {
    let mut number = 0;
    while number < 16 {
        assert!(Kind::from_number(number) as u8 == number);
        number += 1;
    }
};

/// What the slot of an event names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The row of an attempt.
    Job,
    /// The row of a viewer.
    Viewer,
    /// A pool, a region, a cohort or a change.
    Neither,
}

impl Kind {
    /// The kind of a number of four bits. Compiled, nothing is left of this but a mask.
    #[inline(always)]
    const fn from_number(number: u8) -> Kind {
        match number & 15 {
            0 => Kind::Change,
            1 => Kind::Complete,
            2 => Kind::TurnedAway,
            3 => Kind::Reply,
            4 => Kind::Arrive,
            5 => Kind::Reach,
            6 => Kind::Leave,
            7 => Kind::Move,
            8 => Kind::Stall,
            9 => Kind::PoolTimeout,
            10 => Kind::QueueTimeout,
            11 => Kind::AppTimeout,
            12 => Kind::Patience,
            13 => Kind::Heartbeat,
            14 => Kind::Report,
            _ => Kind::UsualReport,
        }
    }

    /// The class of the total order: change, completion, reply, arrival, timer.
    pub fn class(self) -> u8 {
        match self {
            Kind::Change => 0,
            Kind::Complete | Kind::TurnedAway => 1,
            Kind::Reply => 2,
            Kind::Arrive | Kind::Reach | Kind::Leave | Kind::Move | Kind::Stall => 3,
            Kind::PoolTimeout | Kind::QueueTimeout | Kind::AppTimeout => 4,
            Kind::Patience | Kind::Heartbeat | Kind::Report | Kind::UsualReport => 4,
        }
    }

    /// What its slot names.
    #[inline(always)]
    pub fn about(self) -> About {
        match self {
            Kind::Complete | Kind::Reply | Kind::Reach | Kind::Leave => About::Job,
            Kind::PoolTimeout | Kind::QueueTimeout | Kind::AppTimeout => About::Job,
            Kind::Move | Kind::Patience | Kind::Heartbeat => About::Viewer,
            Kind::Change | Kind::TurnedAway | Kind::Arrive | Kind::Stall => About::Neither,
            Kind::Report | Kind::UsualReport => About::Neither,
        }
    }
}

/// An event in 64 bits: four of its kind, 28 of the generation, 32 of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happens.
    pub kind: Kind,
    /// The generation of the row when the event was made.
    pub generation: u32,
    /// Which row.
    pub slot: u32,
}

impl Event {
    /// An event about a row that never goes stale.
    #[inline]
    pub fn about(kind: Kind, slot: usize) -> Event {
        Event { kind, generation: 0, slot: slot as u32 }
    }

    /// Packs the event.
    #[inline]
    pub fn pack(self) -> u64 {
        ((self.kind as u64) << (32 + GENERATION_BITS)) | (u64::from(self.generation) << 32) | u64::from(self.slot)
    }

    /// Unpacks what [`Event::pack`] packed.
    #[inline]
    pub fn unpack(bits: u64) -> Event {
        Event {
            kind: Kind::from_number((bits >> (32 + GENERATION_BITS)) as u8),
            generation: (bits >> 32) as u32 & ((1 << GENERATION_BITS) - 1),
            slot: bits as u32,
        }
    }
}
