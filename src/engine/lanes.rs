//! Which lane of the future event list each constant delay has.

use super::future::Holds;
use crate::model::{Model, Settings, Step};
use crate::units::Span;

/// The lanes of a model. Only what some settings use has a lane of its own; few lanes make a short tournament.
pub struct Lanes {
    /// By region; regions at one distance share a lane.
    travel: Vec<u16>,
    /// By pool: `turn_away`, `timeout`, `queue_timeout`.
    pools: Vec<[u16; 3]>,
    /// By client: `timeout`.
    clients: Vec<u16>,
    /// By journey: the heartbeats of its streams.
    journeys: Vec<u16>,
    /// What they hold.
    pub holds: Vec<Holds>,
}

/// The lane of what is never used; were it used all the same, the calendar would take it.
const UNUSED: u16 = u16::MAX;

impl Lanes {
    /// Hands out the lanes.
    pub fn new(model: &Model) -> Lanes {
        let settings = &model.epochs[0].settings;
        let mut lanes = Lanes {
            travel: Vec::new(),
            pools: Vec::new(),
            clients: Vec::new(),
            journeys: Vec::new(),
            holds: Vec::new(),
        };
        let mut distances: Vec<(Span, bool, u16)> = Vec::new();
        for (index, region) in settings.regions.iter().enumerate() {
            let far = ever(model, |settings| settings.regions[index].half_rtt > Span::ZERO);
            let known = distances.iter().find(|known| (known.0, known.1) == (region.half_rtt, far));
            let lane = known.map(|known| known.2).unwrap_or_else(|| lanes.if_used(far, Holds::Travellers));
            distances.push((region.half_rtt, far, lane));
            lanes.travel.push(lane);
        }
        for pool in 0..model.pools {
            let turn_away = ever(model, |settings| settings.pools[pool].turn_away.takes_a_slot());
            let timeout = ever(model, |settings| settings.pools[pool].timers.timeout.is_some());
            let queue_timeout = ever(model, |settings| settings.pools[pool].timers.queue_timeout.is_some());
            let three = [
                lanes.if_used(turn_away, Holds::Answers),
                lanes.if_used(timeout, Holds::Timers),
                lanes.if_used(queue_timeout, Holds::Timers),
            ];
            lanes.pools.push(three);
        }
        for client in 0..settings.clients.len() {
            let lane =
                lanes.if_used(ever(model, |settings| settings.clients[client].timeout.span().is_some()), Holds::Timers);
            lanes.clients.push(lane);
        }
        for journey in 0..settings.journeys.len() {
            let beats = |step: &Step| matches!(step, Step::Stream { heartbeat: Some(_), .. });
            let beat = ever(model, |settings| settings.journeys[journey].steps.iter().any(beats));
            let lane = lanes.if_used(beat, Holds::Timers);
            lanes.journeys.push(lane);
        }
        lanes
    }

    /// A new lane for what is used.
    fn if_used(&mut self, used: bool, holds: Holds) -> u16 {
        if !used {
            return UNUSED;
        }
        self.holds.push(holds);
        // A scenario has at most 64 regions, pools, clients and journeys.
        (self.holds.len() - 1) as u16
    }

    /// Half a round trip of a region.
    #[inline]
    pub fn travel(&self, region: usize) -> usize {
        usize::from(self.travel[region])
    }

    /// A pool's `turn_away`.
    #[inline]
    pub fn turn_away(&self, pool: usize) -> usize {
        usize::from(self.pools[pool][0])
    }

    /// A pool's `timeout`.
    #[inline]
    pub fn pool_timeout(&self, pool: usize) -> usize {
        usize::from(self.pools[pool][1])
    }

    /// A pool's `queue_timeout`.
    #[inline]
    pub fn queue_timeout(&self, pool: usize) -> usize {
        usize::from(self.pools[pool][2])
    }

    /// A client's `timeout`.
    #[inline]
    pub fn app_timeout(&self, client: usize) -> usize {
        usize::from(self.clients[client])
    }

    /// The heartbeats of a journey's streams.
    #[inline]
    pub fn heartbeats(&self, journey: usize) -> usize {
        usize::from(self.journeys[journey])
    }
}

/// Whether some settings of the timeline use something.
fn ever(model: &Model, uses: impl Fn(&Settings) -> bool) -> bool {
    model.epochs.iter().any(|epoch| uses(&epoch.settings))
}
