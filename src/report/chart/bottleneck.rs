//! The pool that a chart is about, and what it is asked and serves.

use super::View;
use super::limits::{Limit, Verdict};
use super::windows::Window;
use crate::analysis::work::{Work, per_second};
use crate::analysis::{Offered, finite};
use crate::measure::{Figures, Scope};
use crate::report::words::claim::{Claim, Fact};
use crate::vocabulary::Column;

/// The word of claims for the cause of a pool without servers.
const NO_SERVER: &str = "no_server";

/// A pool, and what it is asked and serves.
pub struct Bottleneck {
    /// Row of the pool.
    pub row: usize,
    /// Index of the pool.
    pub index: usize,
    /// Attempts sent to the pool, attempts it serves, and its capacity.
    pub work: Work,
    /// Name of the pool that makes the calls, where what the pool is asked is what is sent to that one, as calls.
    pub caller: Option<String>,
    /// Row of what is sent, and how many attempts at the pool each attempt of that row leads to.
    sent: (usize, f64),
    /// Whether the pool has no server all through.
    pub without_servers: bool,
}

impl Bottleneck {
    /// The pool that the titles speak of, else one without servers that is asked for something, else the busiest; none if
    /// nothing is asked of it.
    pub fn of(view: &View<'_>) -> Option<Bottleneck> {
        let (row, index) = called(view).or_else(|| titled(view)).or_else(|| without(view)).or_else(|| busiest(view))?;
        let mut pool = Bottleneck::at(view, row, index);
        if let Some(offered) = offered(view).filter(|offered| offered.chain.last() == Some(&index)) {
            let caller = *offered.chain.first()?;
            let row = view.figures.scope(Scope::pool(caller))?;
            pool.sent = (row, offered.calls);
            pool.work.sent = pool.sent_of(&view.figures);
            pool.caller = Some(view.context.pool(caller).to_owned());
        }
        pool.work.sent.iter().any(|sent| *sent > 0.0).then_some(pool)
    }

    /// A pool by its row and its index.
    pub fn at(view: &View<'_>, row: usize, index: usize) -> Bottleneck {
        let servers = view.series(Some(row), Column::Servers);
        let without_servers = !servers.is_empty() && servers.iter().all(|servers| *servers == 0.0);
        Bottleneck { row, index, work: Work::of(&view.figures, row), caller: None, sent: (row, 1.0), without_servers }
    }

    /// Attempts per second in each interval or bin: those at the pool, or the calls that a caller's attempts lead to.
    fn sent_of(&self, figures: &Figures) -> Vec<f64> {
        let (row, calls) = self.sent;
        per_second(figures, row, Column::Attempts).into_iter().map(|sent| sent * calls).collect()
    }

    /// The window of the mean of several runs in which most is asked of what the pool can serve.
    pub fn window_of_mean(&self, view: &View<'_>) -> Option<Window> {
        let known = |value: f64| if value.is_finite() { value } else { 0.0 };
        let sent = self.sent_of(view.whole).into_iter().map(known);
        let capacity = view.whole.series(self.row, Column::CapacityPerSecond).map(known);
        view.highest_window(&sent.zip(capacity).collect::<Vec<_>>(), 0.0)
    }

    /// The window that a title speaks of: start, end, and what is asked in it over what the pool can serve.
    pub fn titled_window(&self, view: &View<'_>) -> Option<Window> {
        let run = view.subject.analyses.only()?;
        claims(view).find_map(|claim| match &claim.fact {
            Fact::Offered(offered) => Some((offered.at.from_s, offered.at.to_s, offered.value)),
            Fact::Worst { ratio, .. } if ratio.scope.pool.is_some() => {
                let windows = [&run.peaks.demand, &run.peaks.in_trouble];
                let peaks = windows.into_iter().filter_map(|peaks| peaks.get(self.index).copied().flatten());
                let mut told = peaks.filter(|peak| peak.value == ratio.value);
                told.next().map(|peak| (peak.from_s, peak.to_s, peak.value))
            }
            _ => None,
        })
    }

    /// Whether what the pool can serve is known and has an end.
    pub fn is_measured(&self) -> bool {
        self.work.capacity.iter().any(|capacity| capacity.is_finite() && *capacity > 0.0)
    }

    /// The attempts that may wait at full size; `None` where that is not stated, is of each server, or changes.
    pub fn queue_limit(&self, view: &View<'_>) -> Option<f64> {
        let (name, pool) = view.context.spec.pool.get_index(self.index)?;
        let queue = format!("{} queue", crate::report::settings::words(name));
        let changes =
            view.context.changes.iter().flat_map(|mark| &mark.steps).any(|step| step.name.starts_with(&queue));
        pool.queue.shared_limit().filter(|_| !changes).map(|limit| limit as f64)
    }

    /// A bound that holds all through.
    pub fn bound(&self, view: &View<'_>, bound: f64) -> Limit {
        let (from_s, until_s) = view.span();
        Limit { from_s, until_s, bound, at_most: true, verdict: Verdict::Held, window_s: 0.0, broken: Vec::new() }
    }
}

/// The claims of the titles that speak of a pool.
fn claims<'v>(view: &View<'v>) -> impl Iterator<Item = &'v Claim> {
    let of_pools = ["overview", "demand"];
    view.words.titles.iter().filter(move |(name, _)| of_pools.contains(name)).flat_map(|(_, title)| &title.claims)
}

/// The demand that reaches a pool as calls of another pool: of one run if a title tells it, of several if at least half of them
/// have it.
fn offered<'v>(view: &View<'v>) -> Option<&'v Offered> {
    let runs = view.subject.analyses;
    let is_told = match runs.only() {
        Some(_) => claims(view).any(|claim| matches!(claim.fact, Fact::Offered(_))),
        None => runs.offered().is_some_and(|(_, times)| 2 * times.k >= times.n),
    };
    runs.first()?.offered.as_ref().filter(|_| is_told)
}

/// The pool that several runs find to be asked for more than it can serve by way of a caller.
fn called(view: &View<'_>) -> Option<(usize, usize)> {
    let pool = *offered(view).filter(|_| view.subject.analyses.only().is_none())?.chain.last()?;
    Some((view.figures.scope(Scope::pool(pool))?, pool))
}

/// The pool that a title compares with its capacity, or else says to be without a server.
fn titled(view: &View<'_>) -> Option<(usize, usize)> {
    let compared = claims(view).find_map(|claim| match &claim.fact {
        Fact::Offered(offered) => Some(offered.chain.callee.as_str()),
        Fact::Worst { ratio, .. } => ratio.scope.pool.as_deref(),
        _ => None,
    });
    let without = || {
        claims(view).find_map(|claim| match &claim.fact {
            Fact::Cause(reason) if reason.is == NO_SERVER => Some(reason.name.as_str()),
            _ => None,
        })
    };
    let name = compared.or_else(without)?;
    let pool = view.context.spec.pool.get_index_of(name)?;
    Some((view.figures.scope(Scope::pool(pool))?, pool))
}

/// The pool that is asked for most while it has no server; none if there is none.
fn without(view: &View<'_>) -> Option<(usize, usize)> {
    let asked = |row: usize| {
        let servers = view.whole.series(row, Column::Servers);
        let asked = view.whole.series(row, Column::Attempts);
        finite(servers.zip(asked).map(|(servers, asked)| if servers == 0.0 { asked } else { 0.0 })).sum::<f64>()
    };
    let pools = view.pool_rows().map(|(row, pool)| (asked(row), row, pool)).filter(|(asked, ..)| *asked > 0.0);
    pools.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, row, pool)| (row, pool))
}

/// The pool with the highest mean utilization, of equals the first; among pools without slots that with most attempts.
fn busiest(view: &View<'_>) -> Option<(usize, usize)> {
    let mean = |row: usize, column: Column| {
        let values: Vec<f64> = finite(view.whole.series(row, column)).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let most = |column: Column| {
        let pools = view.pool_rows().filter_map(|(row, pool)| Some((mean(row, column)?, row, pool)));
        pools.reduce(|most, next| if next.0 > most.0 { next } else { most })
    };
    let found = most(Column::Utilization).or_else(|| most(Column::Attempts));
    found.map(|(_, row, pool)| (row, pool))
}
