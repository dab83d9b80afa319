//! Events: a kind, a row, and the generation of that row. One table describes every kind.

/// The rank of a kind in the total order of one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    Change,
    Autoscaler,
    ServerUp,
    Completion,
    Reply,
    Arrival,
    Timer,
    Crash,
}

/// Subject of an event, which the row number refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An attempt.
    Attempt,
    /// A viewer.
    Viewer,
    /// A call between pools.
    Request,
    /// A cohort.
    Cohort,
    /// A pool.
    Pool,
    /// A server of a pool, or all of one queue: the row number holds both, as [`SERVER_BITS`] says.
    Server,
    /// A waiting room.
    Room,
    /// A region, a device class or a change.
    Other,
}

/// The rows that are prefetched before an event is handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefetch {
    /// The viewer: the event has been pending for long, so the row has left the cache.
    Viewer,
    /// The attempt, for the same reason, and then the viewer behind it.
    Attempt,
    /// Only the viewer behind the attempt, whose own row was used within half a round trip.
    ViewerBehind,
    /// No row, since the event needs none or its row is still in the cache.
    Nothing,
}

/// Declares the kinds once, in the order in which kinds of one class run for one viewer.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $class:ident, $subject:ident, $prefetch:ident, lapses: $lapses:literal;)*) => {
        /// Kind of an event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        impl Kind {
            /// Every kind, by its number.
            const ALL: &'static [Kind] = &[$(Kind::$kind,)*];

            /// The kind of a number. The last kind stands for every number without one, so the compiler needs no check.
            #[inline(always)]
            const fn from_number(number: u8) -> Kind {
                $(if number == Kind::$kind as u8 { return Kind::$kind; })*
                Kind::ALL[Kind::ALL.len() - 1]
            }

            /// The class of the kind in the total order.
            #[inline(always)]
            pub const fn class(self) -> Class {
                match self { $(Kind::$kind => Class::$class,)* }
            }

            /// The subject that the row number of the event refers to.
            #[inline(always)]
            pub const fn subject(self) -> Subject {
                match self { $(Kind::$kind => Subject::$subject,)* }
            }

            /// Which rows are asked for ahead of the event.
            const fn prefetch(self) -> Prefetch {
                match self { $(Kind::$kind => Prefetch::$prefetch,)* }
            }

            /// Whether most events of the kind are stale long before their time, as timers are, so that a queue of them
            /// is worth cleaning ahead.
            #[inline(always)]
            pub const fn lapses(self) -> bool {
                match self { $(Kind::$kind => $lapses,)* }
            }
        }
    };
}

kinds! {
    /// A second ends for a pool that sheds by its load.
    Second:       Change,     Pool,    Nothing,    lapses: false;
    /// The settings change.
    Change:       Change,     Other,   Nothing,    lapses: false;
    /// The autoscaler of a pool looks at its metric.
    Autoscale:    Autoscaler, Pool,    Nothing,    lapses: false;
    /// A server has booted.
    ServerUp:     ServerUp,   Server,  Nothing,    lapses: false;
    /// A crashed server has been repaired.
    Repaired:     ServerUp,   Server,  Nothing,    lapses: false;
    /// The balancer learns of the crash of a server.
    Notice:       ServerUp,   Server,  Nothing,    lapses: false;
    /// Ejected servers of a pool may come back.
    Ejection:     ServerUp,   Pool,    Nothing,    lapses: false;
    /// The service of an attempt ends.
    Complete:     Completion, Attempt, Attempt,    lapses: false;
    /// A server has answered an attempt that was turned away.
    Answered:     Completion, Server,  Nothing,    lapses: false;
    /// The next work of a server whose cores are shared is done.
    CoreDone:     Completion, Server,  Nothing,    lapses: false;
    /// A reply reaches the client.
    Reply:        Reply,      Attempt, ViewerBehind, lapses: false;
    /// The next viewer of a cohort arrives.
    Arrive:       Arrival,    Cohort,  Nothing,    lapses: false;
    /// An attempt reaches its pool.
    Reach:        Arrival,    Attempt, Nothing,    lapses: false;
    /// The cancellation of an attempt reaches its pool.
    Cancel:       Arrival,    Attempt, Nothing,    lapses: false;
    /// The pause, thought, wait, stream or absence of a viewer ends.
    Move:         Arrival,    Viewer,  Viewer,     lapses: false;
    /// A waiting room may admit somebody.
    Admit:        Arrival,    Room,    Nothing,    lapses: false;
    /// The pause before the retry of a call ends.
    CallRetry:    Arrival,    Request, Nothing,    lapses: false;
    /// The first stalled stream of a device class ends, or its viewer runs out of patience.
    Stall:        Arrival,    Other,   Nothing,    lapses: false;
    /// The `timeout` of a pool expires for an attempt.
    PoolTimeout:  Timer,      Attempt, Attempt,    lapses: true;
    /// The `queue_timeout` of a pool expires for an attempt.
    QueueTimeout: Timer,      Attempt, Attempt,    lapses: true;
    /// The app's `timeout` expires for an attempt.
    AppTimeout:   Timer,      Attempt, Attempt,    lapses: true;
    /// The deadline that an attempt carries passes.
    Deadline:     Timer,      Attempt, Attempt,    lapses: true;
    /// A hedged copy of a viewer's attempt is due.
    Hedge:        Timer,      Viewer,  Viewer,     lapses: true;
    /// A hedged copy of an attempt of a call is due.
    CallHedge:    Timer,      Request, Nothing,    lapses: false;
    /// The patience of a viewer with the present request ends.
    Patience:     Timer,      Viewer,  Viewer,     lapses: false;
    /// The next heartbeat of a stream is due.
    Heartbeat:    Timer,      Viewer,  Viewer,     lapses: true;
    /// A report by a viewer reaches the outage tracker.
    Report:       Timer,      Other,   Nothing,    lapses: false;
    /// A background report reaches the outage tracker.
    UsualReport:  Timer,      Other,   Nothing,    lapses: false;
    /// A server crashes.
    Crash:        Crash,      Server,  Nothing,    lapses: false;
    /// The queue of a server may have been full for so long that the server crashes.
    Overfull:     Crash,      Server,  Nothing,    lapses: true;
}

/// A set of kinds, one bit each, so that a packed event is tested without decoding its kind.
pub struct Ahead(u64);

impl Ahead {
    /// The kinds for which the viewer is prefetched.
    pub const VIEWER: Ahead = Ahead::of(&[Prefetch::Viewer]);
    /// The kinds for which the attempt is prefetched.
    pub const ATTEMPT: Ahead = Ahead::of(&[Prefetch::Attempt]);
    /// The kinds for which the viewer behind the attempt is prefetched.
    pub const VIEWER_BEHIND: Ahead = Ahead::of(&[Prefetch::Attempt, Prefetch::ViewerBehind]);

    /// The kinds with one of these rows to prefetch.
    const fn of(rows: &[Prefetch]) -> Ahead {
        let (mut bits, mut number) = (0, 0);
        while number < Kind::ALL.len() {
            let mut row = 0;
            while row < rows.len() {
                if Kind::ALL[number].prefetch() as u8 == rows[row] as u8 {
                    bits |= 1 << number;
                }
                row += 1;
            }
            number += 1;
        }
        Ahead(bits)
    }

    /// Whether the kind of a packed event belongs to the set.
    #[inline(always)]
    pub fn has(self, event: u64) -> bool {
        self.0 >> (event >> (u64::BITS - KIND_BITS)) & 1 != 0
    }
}

/// Bits of a row number that hold a server; those above hold its pool. A pool has at most a million servers that events are about.
pub const SERVER_BITS: u32 = 20;

/// The row number of a server of a pool.
pub fn server_row(pool: usize, server: u32) -> u32 {
    (pool as u32) << SERVER_BITS | server
}

/// The pool and the server of a row number.
pub fn server_of(row: u32) -> (usize, u32) {
    ((row >> SERVER_BITS) as usize, row & ((1 << SERVER_BITS) - 1))
}

/// Bits of an event that hold its kind.
const KIND_BITS: u32 = 6;
/// Bits of an event that hold the generation of its row.
pub const GENERATION_BITS: u32 = 26;
const _: () = assert!(KIND_BITS + GENERATION_BITS == 32 && Kind::ALL.len() <= 1 << KIND_BITS);

/// An event in 64 bits: 6 of its kind, 26 of the generation, 32 of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Kind of the event.
    pub kind: Kind,
    /// The generation of the row when the event was made; the event is stale once the row has another.
    pub generation: u32,
    /// The number of the row, or of what [`Subject::Other`] stands for.
    pub row: u32,
}

impl Event {
    /// An event that never becomes stale.
    #[inline]
    pub fn lasting(kind: Kind, number: usize) -> Event {
        Event { kind, generation: 0, row: number as u32 }
    }

    /// An event about one life, boot or pending end of a server of a pool; stale once the server has another.
    #[inline]
    pub fn of_server(kind: Kind, pool: usize, server: u32, generation: u32) -> Event {
        Event { kind, generation, row: server_row(pool, server) }
    }

    /// The event as one number; of two events at one instant about one row, the lower kind has the lower number.
    #[inline]
    pub fn pack(self) -> u64 {
        ((self.kind as u64) << (32 + GENERATION_BITS)) | (u64::from(self.generation) << 32) | u64::from(self.row)
    }

    /// The event that [`Event::pack`] made a number of.
    #[inline]
    pub fn unpack(bits: u64) -> Event {
        Event {
            kind: Kind::from_number((bits >> (32 + GENERATION_BITS)) as u8),
            generation: (bits >> 32) as u32 & ((1 << GENERATION_BITS) - 1),
            row: bits as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_packing_with_the_largest_row_and_generation() {
        for kind in Kind::ALL {
            let event = Event { kind: *kind, generation: (1 << GENERATION_BITS) - 1, row: u32::MAX };
            assert_eq!(Event::unpack(event.pack()), event);
        }
    }

    #[test]
    fn kinds_stand_in_the_order_of_their_classes() {
        assert!(Kind::ALL.is_sorted_by_key(|kind| kind.class()));
    }
}
