//! The protections of a pool at work: a rate limit, and shedding by the load of the last second.

use super::ask::Ask;
use super::slab::NO_ROW;
use crate::model::Model;
use crate::policy::concurrency_limit;
use crate::policy::pool::Settings;
use crate::policy::rate_limit::{self, Bucket, Per};
use crate::policy::shed::{Loads, Shed};
use crate::units::{Span, Time};
use crate::vocabulary::Outcome;

/// The admission of an attempt by a server whose concurrency is limited.
#[derive(Clone, Copy, Debug, Default)]
pub struct Admission {
    /// When the server took the attempt.
    pub at: Time,
    /// Attempts that the server held then, this one included; 0 if nothing limited them.
    pub inflight: f64,
}

/// A server with a limiter of its own; the number 0 stands for all servers that share one limiter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limited {
    /// Number of the server.
    pub number: u32,
    /// Number of servers that had the number before, and of repairs since; each begins with a new limiter.
    pub incarnation: u32,
}

/// The mechanisms of pools that some settings of the timeline use.
#[derive(Clone, Copy, Debug)]
pub struct Uses {
    /// Answers to attempts that are turned away, which take a slot.
    pub answers: bool,
    /// Calls to other pools.
    pub calls: bool,
    /// Calls that take time on their way.
    pub call_latency: bool,
    /// Ejection of servers that fail.
    pub ejection: bool,
    /// A bucket of tokens for each viewer.
    pub viewers_buckets: bool,
    /// A limit of concurrency.
    pub concurrency_limit: bool,
    /// `retry_after` of pools.
    pub retry_after: bool,
    /// Crashes of servers with a full queue.
    pub when_full: bool,
    /// Mechanisms that look at each attempt that is turned away: ejection, and answers.
    pub notes_rejections: bool,
    /// Mechanisms that look at each end of work: ejection, and limits of concurrency.
    pub samples_ends: bool,
}

impl Uses {
    /// The mechanisms that the settings of a model's timeline use.
    pub fn of(model: &Model) -> Uses {
        let any = |uses: fn(&Settings) -> bool| model.epochs.iter().flat_map(|epoch| &epoch.settings.pools).any(uses);
        let answers = any(|pool| pool.turn_away.takes_a_slot());
        let ejection = any(|pool| pool.fleet.as_ref().is_some_and(|fleet| fleet.eject.is_some()));
        let concurrency_limit = any(|pool| pool.concurrency_limit.is_some());
        Uses {
            answers,
            calls: any(|pool| pool.calls.is_used()),
            call_latency: any(|pool| pool.calls.calls.iter().any(|to| to.latency.is_some())),
            ejection,
            viewers_buckets: any(|pool| pool.rate_limit.is_some_and(|rule| rule.per == Per::Viewer)),
            concurrency_limit,
            retry_after: any(|pool| pool.retry_after.is_some()),
            when_full: any(|pool| pool.fleet.as_ref().is_some_and(|fleet| fleet.when_full().is_some())),
            notes_rejections: ejection || answers,
            samples_ends: ejection || concurrency_limit,
        }
    }
}

/// The states of the protections of a pool.
pub struct Guard {
    pool: Bucket,
    /// By region.
    regions: Vec<Bucket>,
    /// By viewer's row.
    viewers: Vec<Bucket>,
    /// By number of the server, or one for all: the incarnation of the server, and its limiter.
    limiters: Vec<(u32, concurrency_limit::State)>,
    /// Integrals of the busy slots and of all slots at the last whole second, and those of the cores.
    before: [[i128; 2]; 2],
    /// Loads of the last whole second.
    loads: Loads,
}

impl Guard {
    /// The time from one look at the load to the next.
    pub const LOOKS_EVERY: Span = Span(1_000_000_000);

    /// The guard of a pool, if some settings of the timeline use one.
    pub fn of(model: &Model, pool: usize) -> Option<Box<Guard>> {
        let uses = model.epochs.iter().any(|epoch| epoch.settings.pools[pool].is_protected());
        uses.then(|| {
            Box::new(Guard {
                pool: Bucket::default(),
                regions: vec![Bucket::default(); model.regions],
                viewers: Vec::new(),
                limiters: Vec::new(),
                before: [[0; 2]; 2],
                loads: Loads::default(),
            })
        })
    }

    /// Bytes of the buckets of viewers.
    pub fn bytes(&self) -> usize {
        self.viewers.capacity() * size_of::<Bucket>()
    }

    /// Begins the bucket of a viewer who arrives.
    pub fn begin(&mut self, viewer: u32) {
        if let Some(bucket) = self.viewers.get_mut(viewer as usize) {
            *bucket = Bucket::default();
        }
    }

    /// The outcome of an attempt that is turned away before any server is chosen; `None` if it passes.
    pub fn turns_away(&mut self, set: &Settings, ask: &Ask) -> Option<Outcome> {
        if let Some(rule) = &set.rate_limit
            && let Some(bucket) = self.bucket(rule.per, ask)
            && !rule.takes(bucket, ask.now)
        {
            return Some(Outcome::Limited);
        }
        match &set.shed {
            Some(Shed::Cubic(cubic)) if !cubic.keeps(self.loads, ask.class, ask.rank()) => Some(Outcome::Shed),
            _ => None,
        }
    }

    fn bucket(&mut self, per: Per, ask: &Ask) -> Option<&mut Bucket> {
        match per {
            Per::Pool => Some(&mut self.pool),
            Per::Region => Some(&mut self.regions[usize::from(ask.region)]),
            Per::Viewer if ask.row == NO_ROW => None,
            Per::Viewer => {
                let row = ask.row as usize;
                if row >= self.viewers.len() {
                    self.viewers.resize(row + 1, Bucket::default());
                }
                Some(&mut self.viewers[row])
            }
        }
    }

    /// The limiter of a server; a new one if no attempt has ended at the server.
    pub fn limiter(&self, of: Limited) -> concurrency_limit::State {
        let kept = self.limiters.get(of.number as usize).filter(|(incarnation, _)| *incarnation == of.incarnation);
        kept.map_or_else(concurrency_limit::State::default, |(_, limiter)| *limiter)
    }

    /// Keeps the limiter of a server.
    pub fn set_limiter(&mut self, of: Limited, limiter: concurrency_limit::State) {
        let number = of.number as usize;
        if number >= self.limiters.len() {
            self.limiters.resize(number + 1, (0, concurrency_limit::State::default()));
        }
        self.limiters[number] = (of.incarnation, limiter);
    }

    /// Refills all buckets by the rule that was in force until now; without one, every bucket begins full.
    pub fn settle(&mut self, before: Option<&rate_limit::Rule>, now: Time) {
        for bucket in std::iter::once(&mut self.pool).chain(&mut self.regions).chain(&mut self.viewers) {
            match before {
                Some(rule) => rule.fill(bucket, now),
                None => *bucket = Bucket::default(),
            }
        }
    }

    /// Takes the loads of the second that ends, from the integrals of the busy slots and of all slots, and from those of the cores.
    pub fn second_ends(&mut self, integrals: [[i128; 2]; 2]) {
        let [utilization, cpu] = [0, 1].map(|of| {
            let [busy, all] = [0, 1].map(|level| (integrals[of][level] - self.before[of][level]) as f64);
            if all > 0.0 { busy / all } else { 0.0 }
        });
        self.before = integrals;
        self.loads = Loads { utilization, cpu };
    }
}
