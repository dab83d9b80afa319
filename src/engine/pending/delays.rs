//! The constant delays of a model, each with its queue in the future event list.

use crate::engine::few::Few;
use crate::model::{Model, Region, Settings, Step};
use crate::units::Span;

/// The kind of events in a queue, which decides which rows are prefetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Attempts, replies and cancellations in transit, whose rows are still in the cache.
    InTransit,
    /// Timers, most of which are stale when they become due, and whose rows have left the cache.
    Timers,
    /// Events without a row.
    Answers,
}

/// The number of a queue of the future event list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueId(pub u16);

impl QueueId {
    /// No queue; an event that is pushed to it goes to the calendar.
    const NONE: QueueId = QueueId(u16::MAX);
}

/// The way of an attempt from a region to its pool, or back.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub struct Way {
    /// Half a round trip under the settings in force; `None` if each attempt has one of its own.
    pub half: Option<Span>,
    /// The queue of half a round trip; regions at one distance share a queue.
    pub queue: QueueId,
}

/// The queues of a model. A delay that no settings use has no queue, since a tournament of few players is short.
pub struct Delays {
    /// Whether some way takes time under the settings in force.
    pub ways_take_time: bool,
    /// By region.
    ways: Few<Way>,
    pools: Few<PoolDelays>,
    /// The app's `timeout`, by client.
    app_timeout: Few<QueueId>,
    /// The time from one hedged copy to the next, by client.
    hedge: Few<QueueId>,
    /// The period of heartbeats and polls, by journey.
    heartbeat: Few<QueueId>,
    /// The kind of events in each queue.
    pub holds: Vec<Holds>,
}

/// The constant delays of a pool.
#[derive(Clone, Copy)]
struct PoolDelays {
    turn_away: QueueId,
    timeout: QueueId,
    queue_timeout: QueueId,
}

impl Delays {
    /// Gives every delay that some settings of the timeline use a queue.
    pub fn new(model: &Model) -> Delays {
        let settings = &model.epochs[0].settings;
        let mut holds = Vec::new();
        let mut queue_if = |used: bool, what: Holds| {
            if !used {
                return QueueId::NONE;
            }
            holds.push(what);
            // A scenario has at most 64 regions, pools, clients and journeys, so the number fits.
            QueueId((holds.len() - 1) as u16)
        };
        let mut distances: Vec<(Span, bool, QueueId)> = Vec::new();
        for (index, region) in settings.regions.iter().enumerate() {
            let far = ever(model, |settings| half(&settings.regions[index]) > Span::ZERO);
            let known = distances.iter().find(|known| (known.0, known.1) == (half(region), far));
            let queue = known.map_or_else(|| queue_if(far, Holds::InTransit), |known| known.2);
            distances.push((half(region), far, queue));
        }
        let none = PoolDelays { turn_away: QueueId::NONE, timeout: QueueId::NONE, queue_timeout: QueueId::NONE };
        let pools = (0..model.pools).map(|pool| PoolDelays {
            turn_away: queue_if(ever(model, |s| s.pools[pool].turn_away.takes_a_slot()), Holds::Answers),
            timeout: queue_if(ever(model, |s| s.pools[pool].timers.timeout.is_some()), Holds::Timers),
            queue_timeout: queue_if(ever(model, |s| s.pools[pool].timers.queue_timeout.is_some()), Holds::Timers),
        });
        let pools = Few::new(pools, none);

        let has_timeout = |client: usize| ever(model, |s| s.clients[client].timeout.span().is_some());
        let app_timeout = (0..settings.clients.len()).map(|client| queue_if(has_timeout(client), Holds::Timers));
        let app_timeout = Few::new(app_timeout, QueueId::NONE);

        let hedges = |client: usize| ever(model, |s| s.clients[client].hedge.is_some());
        let hedge = (0..settings.clients.len()).map(|client| queue_if(hedges(client), Holds::Timers));
        let hedge = Few::new(hedge, QueueId::NONE);
        let beats = |journey: usize| ever(model, |s| s.journeys[journey].steps.iter().any(has_heartbeat));
        let heartbeat = (0..settings.journeys.len()).map(|journey| queue_if(beats(journey), Holds::Timers));
        let heartbeat = Few::new(heartbeat, QueueId::NONE);

        let way = |queue| Way { half: None, queue };
        let ways = Few::new(distances.into_iter().map(|(.., queue)| way(queue)), way(QueueId::NONE));
        let mut delays = Delays { ways_take_time: false, ways, pools, app_timeout, hedge, heartbeat, holds };
        delays.put_into_force(settings);
        delays
    }

    /// Puts the round trips of new settings into force.
    pub fn put_into_force(&mut self, settings: &Settings) {
        for (way, region) in self.ways.iter_mut().zip(&settings.regions) {
            way.half = region.distance.constant_half();
        }
        self.ways_take_time = settings.regions.iter().any(|region| region.distance.constant_half() != Some(Span::ZERO));
    }

    /// The way between a region and its pools.
    #[inline(always)]
    pub fn way(&self, region: u8) -> Way {
        self.ways.of(usize::from(region))
    }

    /// The queue of the `turn_away` of a pool.
    #[inline]
    pub fn turn_away(&self, pool: usize) -> QueueId {
        self.pools.of(pool).turn_away
    }

    /// The queue of the `timeout` of a pool.
    #[inline]
    pub fn pool_timeout(&self, pool: usize) -> QueueId {
        self.pools.of(pool).timeout
    }

    /// The queue of the `queue_timeout` of a pool.
    #[inline]
    pub fn queue_timeout(&self, pool: usize) -> QueueId {
        self.pools.of(pool).queue_timeout
    }

    /// The queue of the `timeout` of a client.
    #[inline]
    pub fn app_timeout(&self, client: usize) -> QueueId {
        self.app_timeout.of(client)
    }

    /// The queue of the time from one hedged copy of a client to the next.
    pub fn hedge(&self, client: usize) -> QueueId {
        self.hedge.of(client)
    }

    /// The queue of the period of heartbeats in a journey's streams.
    #[inline]
    pub fn heartbeat(&self, journey: usize) -> QueueId {
        self.heartbeat.of(journey)
    }
}

fn has_heartbeat(step: &Step) -> bool {
    matches!(step, Step::Stream { heartbeat: Some(_), .. } | Step::Enter { poll: Some(_), .. })
}

/// Half the round trip of a region; zero where each attempt has a round trip of its own, which needs no queue.
fn half(region: &Region) -> Span {
    region.distance.constant_half().unwrap_or(Span::ZERO)
}

/// Whether a predicate is true of some settings of the timeline.
fn ever(model: &Model, uses: impl Fn(&Settings) -> bool) -> bool {
    model.epochs.iter().any(|epoch| uses(&epoch.settings))
}
