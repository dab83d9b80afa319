//! The spans whose distributions are recorded.

/// A kind of span whose distribution is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// Latency of served attempts, from send to reply.
    Latency,
    /// Waiting time of attempts at their pool.
    Wait,
    /// Time from a viewer's first request after the release to the first stream, pauses of the journey included.
    StartTime,
    /// Time from the begin of a request to the reply that served the request, through all its retries.
    RequestTime,
    /// Time from entering a waiting room to being admitted.
    RoomWait,
}

impl Distribution {
    /// Every kind, by its index.
    pub const ALL: [Distribution; 5] = [Self::Latency, Self::Wait, Self::StartTime, Self::RequestTime, Self::RoomWait];

    /// Number of kinds.
    pub const COUNT: usize = Self::ALL.len();
}
