//! Events as the calendar holds them: what happens, to which row, at which generation of it.

use super::slab::GENERATION_BITS;

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
    /// The first timer of a list of equal timers ends.
    Timer,
    /// A human's patience ends.
    Patience,
    /// A stream's next heartbeat.
    Heartbeat,
    /// A report reaches the outage tracker.
    Report,
    /// So does one of its usual level.
    UsualReport,
}

const KINDS: [Kind; 16] = [
    Kind::Change,
    Kind::Complete,
    Kind::TurnedAway,
    Kind::Reply,
    Kind::Arrive,
    Kind::Reach,
    Kind::Leave,
    Kind::Move,
    Kind::Stall,
    Kind::Timer,
    Kind::Patience,
    Kind::Heartbeat,
    Kind::Report,
    Kind::UsualReport,
    // Never packed; they fill the table so that an index of four bits needs no check.
    Kind::UsualReport,
    Kind::UsualReport,
];

impl Kind {
    /// The class of the total order: change, completion, reply, arrival, timer.
    pub fn class(self) -> u8 {
        match self {
            Kind::Change => 0,
            Kind::Complete | Kind::TurnedAway => 1,
            Kind::Reply => 2,
            Kind::Arrive | Kind::Reach | Kind::Leave | Kind::Move | Kind::Stall => 3,
            Kind::Timer | Kind::Patience | Kind::Heartbeat | Kind::Report | Kind::UsualReport => 4,
        }
    }
}

/// An event in 64 bits: five of its kind, 27 of the generation, 32 of the row.
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
            kind: KINDS[(bits >> (32 + GENERATION_BITS)) as usize & 15],
            generation: (bits >> 32) as u32 & ((1 << GENERATION_BITS) - 1),
            slot: bits as u32,
        }
    }
}
