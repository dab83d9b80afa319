//! Which lane of the future event list each constant delay has.

use crate::model::Model;

/// The lanes of a model, numbered one after the other.
#[derive(Clone, Copy)]
pub struct Lanes {
    travel: usize,
    pools: usize,
    clients: usize,
    journeys: usize,
    /// How many there are.
    pub count: usize,
}

impl Lanes {
    /// One lane for each cohort's arrivals, each region's way to its pools and back, each pool's two timeouts and
    /// its answers to those turned away, each client's timeout, each journey's heartbeats.
    pub fn new(model: &Model) -> Lanes {
        let settings = &model.epochs[0].settings;
        let travel = model.cohorts.len();
        let pools = travel + model.regions;
        let clients = pools + 3 * model.pools;
        let journeys = clients + settings.clients.len();
        Lanes { travel, pools, clients, journeys, count: journeys + settings.journeys.len() }
    }

    /// Arrivals of a cohort.
    #[inline]
    pub fn arrivals(&self, cohort: usize) -> usize {
        cohort
    }

    /// Half a round trip of a region.
    #[inline]
    pub fn travel(&self, region: usize) -> usize {
        self.travel + region
    }

    /// A pool's `turn_away`.
    #[inline]
    pub fn turn_away(&self, pool: usize) -> usize {
        self.pools + 3 * pool
    }

    /// A pool's `timeout`.
    #[inline]
    pub fn pool_timeout(&self, pool: usize) -> usize {
        self.pools + 3 * pool + 1
    }

    /// A pool's `queue_timeout`.
    #[inline]
    pub fn queue_timeout(&self, pool: usize) -> usize {
        self.pools + 3 * pool + 2
    }

    /// A client's `timeout`.
    #[inline]
    pub fn app_timeout(&self, client: usize) -> usize {
        self.clients + client
    }

    /// The heartbeats of a journey's streams.
    #[inline]
    pub fn heartbeats(&self, journey: usize) -> usize {
        self.journeys + journey
    }
}
