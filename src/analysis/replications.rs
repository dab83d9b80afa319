//! The analyses of all replications of a scenario: the first in full, of the others the values that sentences over
//! several replications need.

mod left_out;

use super::figures::{paths, summary};
use super::groups::Spread;
use super::state::State;
use super::why::Part;
use super::wilson::{NINETY_FIVE, wilson};
use super::{Analysis, Cold, Course, Unmeasured};
use crate::measure::{Layout, Measurements, Scope};
use crate::vocabulary::{Figure, Outcome, Path};

/// The analyses of the replications of a scenario, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replications {
    /// The analysis of the first replication.
    first: Option<Analysis>,
    /// Paths of the figures of the summaries.
    paths: Vec<Path>,
    /// The values kept of each replication.
    runs: Vec<Kept>,
}

/// The values kept of one replication.
#[derive(Clone, Debug, Default, PartialEq)]
struct Kept {
    /// Values of the figures of its summary.
    summary: Box<[f64]>,
    /// Highest error rate that is told; NaN if nothing ended.
    highest: f64,
    /// The outcomes of the courses of everything, of each region and of each request.
    courses: Box<[Became]>,
    /// The state of each pool.
    pools: Box<[Did]>,
    /// Positions among the courses of those that are named.
    named: Box<[u16]>,
    /// Attempts sent to a pool, as calls to another, if they are more than the other can serve and is sent itself.
    offered: Option<Box<Asked>>,
    /// Attempts sent to each pool in a window over what its slots can serve in it, at the peak; NaN where there is no peak.
    sent: Box<[f64]>,
    /// Attempts sent to each pool in intervals in which it has no server; NaN where there are none.
    unserved: Box<[f64]>,
    /// Index of the request in trouble, where others are not.
    troubled: Option<usize>,
    /// Attempts sent of each request over its first tries; NaN without first tries.
    tries: Box<[f64]>,
    /// Share of the failures that clients kept back; NaN unless attempts fail beyond the bound.
    kept_back: f64,
    /// Trouble before and after the measured intervals.
    unmeasured: Box<[Unmeasured]>,
    /// A cache that answers much less than it could.
    cold: Option<Box<Cold>>,
}

/// Attempts sent to the first pool of a chain of calls over what the last can serve, at the peak.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    chain: Vec<usize>,
    times: f64,
}

/// The outcome of the course of a scope in one replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Became {
    state: State,
    is_in_trouble: bool,
}

/// The state of a pool in one replication.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Did {
    cause: Option<&'static str>,
    is_named: bool,
    /// Index of the called pool that it suffers from.
    behind: Option<u16>,
    /// The most frequent error at times when neither pool is saturated, as a share of all errors of the pool; `None` unless attempts
    /// fail beyond the bound.
    elsewhen: Option<(Outcome, f64)>,
}

/// The replications with one outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Replications with the outcome.
    pub k: usize,
    /// Replications.
    pub n: usize,
    /// Lower end of the 95% interval of the probability of the outcome.
    pub low: f64,
    /// Upper end of that interval.
    pub high: f64,
}

impl Kept {
    fn of(analysis: &Analysis, summary: Vec<f64>) -> Kept {
        let everything = &analysis.everything;
        let became = |course: &Course| Became { state: course.state, is_in_trouble: course.is_in_trouble() };
        let did = |pool: usize| Did {
            cause: analysis.why.pools.get(pool).and_then(Part::word),
            is_named: analysis.why.named.contains(&pool),
            behind: analysis.why.pools.get(pool).and_then(|part| u16::try_from(part.through?.pool).ok()),
            elsewhen: analysis.why.pools.get(pool).filter(|_| everything.fails()).and_then(|part| part.elsewhen),
        };
        let position = |scope: Scope| courses(analysis).position(|course| course.scope == scope);
        let named = analysis.named.iter().filter_map(|named| u16::try_from(position(named.scope)?).ok());
        Kept {
            summary: summary.into(),
            highest: if everything.ended > 0.0 { everything.highest() } else { f64::NAN },
            courses: courses(analysis).map(became).collect(),
            pools: (0..analysis.pools.len()).map(did).collect(),
            named: named.collect(),
            sent: analysis.peaks.demand.iter().map(|peak| or_nan(peak.map(|peak| peak.value))).collect(),
            unserved: analysis
                .pools
                .iter()
                .map(|pool| Some(pool.unserved).filter(|sent| *sent > 0.0))
                .map(or_nan)
                .collect(),
            troubled: analysis.troubled.map(|troubled| troubled.request),
            tries: analysis.requests.iter().map(|request| or_nan(request.per_first_try)).collect(),
            kept_back: if everything.fails() { everything.kept_back().unwrap_or(0.0) } else { f64::NAN },
            unmeasured: analysis.unmeasured.clone().into(),
            cold: analysis.cold.map(Box::new),
            offered: analysis
                .offered
                .as_ref()
                .map(|it| Box::new(Asked { chain: it.chain.clone(), times: it.peak.value })),
        }
    }
}

/// A value; NaN where there is none.
fn or_nan(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

/// The value that occurs most often, of equals the first. Each of a few different values is counted in one pass over all.
fn most_frequent<T: Copy + PartialEq>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for value in values {
        match counts.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None => counts.push((value, 1)),
        }
    }
    counts.into_iter().reduce(|most, next| if next.1 > most.1 { next } else { most }).map(|(value, _)| value)
}

/// The courses of everything, of each region and of each request.
fn courses(analysis: &Analysis) -> impl Iterator<Item = &Course> {
    let requests = analysis.requests.iter().map(|request| &request.course);
    std::iter::once(&analysis.everything).chain(&analysis.regions).chain(requests)
}

impl Replications {
    /// The analyses of some runs of one model.
    pub fn of(runs: &[Measurements]) -> Replications {
        let mut all = Replications::default();
        for run in runs {
            let analysis = Analysis::of(run);
            let summary = summary(run, &analysis);
            all.add(&run.layout, analysis, summary);
        }
        all
    }

    /// Adds the analysis of a run and the values of its summary.
    pub fn add(&mut self, layout: &Layout, analysis: Analysis, summary: Vec<f64>) {
        self.runs.push(Kept::of(&analysis, summary));
        if self.first.is_none() {
            self.paths = paths(layout);
            self.first = Some(analysis);
        }
    }

    /// Number of replications.
    pub fn count(&self) -> usize {
        self.runs.len()
    }

    /// The analysis of the first replication; `None` if there is none.
    pub fn first(&self) -> Option<&Analysis> {
        self.first.as_ref()
    }

    /// The analysis of the only replication; `None` if there are several.
    pub fn only(&self) -> Option<&Analysis> {
        self.first.as_ref().filter(|_| self.runs.len() == 1)
    }

    /// The values of the figures of the summary of each replication.
    pub fn summaries(&self) -> impl Iterator<Item = &[f64]> {
        self.runs.iter().map(|run| &*run.summary)
    }

    /// The replications in which something is so.
    fn share(&self, is_so: impl Fn(&Kept) -> bool) -> Share {
        let (k, n) = (self.runs.iter().filter(|run| is_so(run)).count(), self.runs.len());
        let (low, high) = wilson(k as f64, n as f64, NINETY_FIVE);
        Share { k, n, low, high }
    }

    /// Position of the course of a scope; `None` for scopes without one.
    fn position(&self, scope: Scope) -> Option<usize> {
        courses(self.first.as_ref()?).position(|course| course.scope == scope)
    }

    /// The replications with each state of a scope; a scope without a course is silent.
    pub fn states(&self, scope: Scope) -> [(State, Share); 6] {
        State::ALL.map(|state| (state, self.in_state(scope, state)))
    }

    /// The replications with one state of a scope.
    pub fn in_state(&self, scope: Scope, wanted: State) -> Share {
        let at = self.position(scope);
        let of = |run: &Kept| at.and_then(|at| run.courses.get(at)).map_or(State::Silent, |course| course.state);
        self.share(|run| of(run) == wanted)
    }

    /// The replications that are stuck.
    pub fn stuck(&self) -> Share {
        let at = self.paths.iter().position(|known| *known == Path::all(Figure::Stuck));
        self.share(|run| at.and_then(|at| run.summary.get(at)) == Some(&1.0))
    }

    /// The replications in which a scope is in trouble.
    pub fn in_trouble(&self, scope: Scope) -> Share {
        let at = self.position(scope);
        self.share(|run| at.and_then(|at| run.courses.get(at)).is_some_and(|course| course.is_in_trouble))
    }

    /// The word for why a pool loses attempts or makes them wait, in each replication in which it does.
    pub fn causes(&self, pool: usize) -> impl Iterator<Item = &'static str> {
        self.runs.iter().filter_map(move |run| run.pools.get(pool)?.cause)
    }

    /// The replications in trouble in which a pool is named.
    pub fn blamed(&self, pool: usize) -> usize {
        let is_blamed = |run: &Kept| {
            run.courses.first().is_some_and(|everything| everything.is_in_trouble)
                && run.pools.get(pool).is_some_and(|did| did.is_named)
        };
        self.runs.iter().filter(|run| is_blamed(run)).count()
    }

    /// The most frequent reason why a pool loses attempts or makes them wait in replications in trouble, of equals the first, and
    /// the replications with it.
    pub fn main_cause(&self, pool: usize) -> Option<(&'static str, Share)> {
        let is_troubled = |run: &Kept| run.courses.first().is_some_and(|everything| everything.is_in_trouble);
        let cause = |run: &Kept| run.pools.get(pool).and_then(|did| did.cause).filter(|_| is_troubled(run));
        let most = most_frequent(self.runs.iter().filter_map(cause))?;
        Some((most, self.share(|run| cause(run) == Some(most))))
    }

    /// The called pool that a pool suffers from in the first replication in which it suffers from one.
    pub fn behind(&self, pool: usize) -> Option<usize> {
        self.runs.iter().find_map(|run| run.pools.get(pool)?.behind).map(usize::from)
    }

    /// Attempts sent to a pool over what one that it calls can serve, at the peak: the pools of the first replication in which that
    /// is more than the called pool is sent itself, with median and range over those in which it is so of the same pools.
    pub fn offered(&self) -> Option<(&[usize], Spread)> {
        let chain = &self.runs.iter().find_map(|run| run.offered.as_deref())?.chain;
        let times = |run: &Kept| run.offered.as_deref().filter(|it| it.chain == *chain).map_or(f64::NAN, |it| it.times);
        Some((chain, Spread::of(self.runs.iter().map(times))?))
    }

    /// Attempts sent to a pool in a window over what its slots can serve in it, at the peak of each replication that has one.
    pub fn sent(&self, pool: usize) -> Option<Spread> {
        Spread::of(self.runs.iter().map(|run| run.sent.get(pool).copied().unwrap_or(f64::NAN)))
    }

    /// Attempts sent to a pool in intervals in which it has no server, over the replications in which there are some.
    pub fn unserved(&self, pool: usize) -> Option<Spread> {
        Spread::of(self.runs.iter().map(|run| or_nan(run.unserved.get(pool).copied())))
    }

    /// The request that is in trouble, while others are not, in at least half of the replications in trouble, of equals the first.
    pub fn troubled(&self) -> Option<usize> {
        let runs_of = |request: usize| self.runs.iter().filter(|run| run.troubled == Some(request)).count();
        let known = self.runs.iter().filter_map(|run| run.troubled).map(|request| (request, runs_of(request)));
        let (request, runs) = known.reduce(|most, next| if next.1 > most.1 { next } else { most })?;
        (2 * runs >= self.in_trouble(Scope::default()).k).then_some(request)
    }

    /// Attempts sent of a request over its first tries, over the replications in which somebody makes one.
    pub fn tries(&self, request: usize) -> Option<Spread> {
        Spread::of(self.runs.iter().map(|run| run.tries.get(request).copied().unwrap_or(f64::NAN)))
    }

    /// The regions and requests that fare worse than everything together in some replication, and in how many; those in most of
    /// them first.
    pub fn named(&self) -> Vec<(Scope, usize)> {
        let mut scopes: Vec<(u16, usize)> = Vec::new();
        for at in self.runs.iter().flat_map(|run| run.named.iter()) {
            match scopes.iter_mut().find(|(known, _)| known == at) {
                Some((_, runs)) => *runs += 1,
                None => scopes.push((*at, 1)),
            }
        }
        scopes.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
        let scope = |at: u16| self.first.as_ref().and_then(|first| courses(first).nth(usize::from(at)));
        scopes.into_iter().filter_map(|(at, runs)| Some((scope(at)?.scope, runs))).collect()
    }

    /// Median and range of a figure of the summary over the replications that have it; `None` if none has.
    pub fn spread_of(&self, path: Path) -> Option<Spread> {
        let at = self.paths.iter().position(|known| *known == path)?;
        Spread::of(self.summaries().map(|summary| summary.get(at).copied().unwrap_or(f64::NAN)))
    }

    /// Median and range of the highest error rate that is told, over the replications in which anything ended.
    pub fn highest(&self) -> Option<Spread> {
        Spread::of(self.runs.iter().map(|run| run.highest))
    }
}
