//! The layout of measurements: scopes, cells and intervals.

use std::ops::Range;

use crate::units::Span;
use crate::vocabulary::{RowKind, Scope, Threshold};

/// The scopes, cells and intervals of a run.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Number of regions.
    pub regions: usize,
    /// Number of pools.
    pub pools: usize,
    /// Number of requests.
    pub requests: usize,
    /// Region, pool and request of each cell, and whether the cell counts in `all`.
    pub cells: Vec<([usize; 3], bool)>,
    /// The scopes of the rows of each interval, in the order of the file.
    pub scopes: Vec<Scope>,
    /// Number of intervals.
    pub intervals: usize,
    /// Start of the first interval, from the drop.
    pub first: Span,
    /// Width of an interval.
    pub width: Span,
    /// The intervals that the summary covers.
    pub measured: Range<usize>,
    /// The fraction of the real size that was simulated.
    pub scale: f64,
    /// Wait that counts as harm.
    pub harm_wait: Span,
    /// Indices of the requests in which people who come to harm are counted.
    pub harm_requests: Vec<usize>,
    /// The thresholds of the scenario.
    pub thresholds: Vec<Threshold>,
    /// By index of the request, the call between pools; `None` for a request of people.
    pub calls: Vec<Option<Call>>,
    /// By index of the request, whether viewers go on after the request fails.
    pub optional: Vec<bool>,
}

/// A call of one pool to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Call {
    /// Index of the pool that calls.
    pub caller: usize,
    /// Index of the pool that is called.
    pub callee: usize,
    /// Whether the caller goes on after the call fails.
    pub is_optional: bool,
    /// Share of the calls that a full cache makes needless; 0 without a cache.
    pub hit: f64,
}

impl Layout {
    /// Whether a request is a call between pools.
    pub fn is_call(&self, request: usize) -> bool {
        self.calls.get(request).is_some_and(Option::is_some)
    }

    /// Lays out the rows of an interval, kind by kind. A pair of scopes without cells has no row.
    pub fn lay_out_rows(&mut self) {
        let each = |separate: bool, count: usize| if separate { (0..count).map(Some).collect() } else { vec![None] };
        let mut scopes = Vec::new();
        for kind in RowKind::ALL {
            let is_pair = kind.has_pool() && (kind.has_region() || kind.has_request());
            for region in each(kind.has_region(), self.regions) {
                for pool in each(kind.has_pool(), self.pools) {
                    let requests = each(kind.has_request(), self.requests);
                    let rows = requests.into_iter().map(|request| Scope { region, pool, request });
                    scopes.extend(rows.filter(|scope| !is_pair || !self.members(*scope).is_empty()));
                }
            }
        }
        self.scopes = scopes;
    }

    /// The row of a scope in each interval; `None` if the scope has none.
    pub fn row_of(&self, scope: Scope) -> Option<usize> {
        self.scopes.iter().position(|known| *known == scope)
    }

    /// Number of the scopes of a kind: of regions, of pools or of requests; 0 for other kinds.
    pub fn count(&self, kind: RowKind) -> usize {
        match kind {
            RowKind::Region => self.regions,
            RowKind::Pool => self.pools,
            RowKind::Request => self.requests,
            RowKind::All | RowKind::PoolRequest | RowKind::RegionPool => 0,
        }
    }

    /// Number of scopes of at most one dimension: everything, each region, each pool and each request. These scopes
    /// come first.
    pub fn single_scopes(&self) -> usize {
        1 + self.regions + self.pools + self.requests
    }

    /// The cells that a row sums up. The cells of heartbeats and of calls count only in rows of their request or pool.
    pub fn members(&self, scope: Scope) -> Vec<u16> {
        let own_name_or_pool = scope.pool.is_some() || scope.request.is_some();
        (0..self.cells.len())
            .filter(|index| {
                let ([region, pool, request], in_all) = self.cells[*index];
                scope.region.is_none_or(|wanted| wanted == region)
                    && scope.pool.is_none_or(|wanted| wanted == pool)
                    && scope.request.is_none_or(|wanted| wanted == request)
                    && (in_all || own_name_or_pool)
            })
            .map(|index| index as u16)
            .collect()
    }

    /// Start of an interval in seconds from the drop.
    pub fn time_s(&self, interval: usize) -> f64 {
        self.first.seconds() + interval as f64 * self.width.seconds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_laid_out_kind_by_kind_and_only_for_pairs_that_occur() {
        let cells = vec![([0, 0, 0], true), ([0, 1, 1], true), ([1, 0, 0], false)];
        let mut layout = Layout { regions: 2, pools: 2, requests: 2, cells, ..Layout::default() };
        layout.lay_out_rows();
        let kinds: Vec<RowKind> = layout.scopes.iter().filter_map(Scope::kind).collect();
        assert!(kinds.is_sorted() && kinds.len() == layout.scopes.len());
        let of = |kind| kinds.iter().filter(|known| **known == kind).count();
        assert_eq!(RowKind::ALL.iter().map(|kind| of(*kind)).collect::<Vec<_>>(), [1, 2, 2, 2, 2, 3]);
        // The third cell is of heartbeats, so it counts for its pool and request, not for everything or its region.
        assert_eq!(layout.members(Scope::default()), [0, 1]);
        assert_eq!(layout.members(Scope::pool(0)), [0, 2]);
        assert_eq!(layout.members(Scope::region(1)), [] as [u16; 0]);
    }
}
