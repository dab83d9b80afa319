//! Scopes of rows in `intervals.csv`, and their kinds.

/// Attributes of a kind of row.
struct RowKindRow {
    /// Name in `intervals.csv`.
    name: &'static str,
    /// Whether a row of the kind belongs to one region, one pool, one request.
    of: [bool; 3],
    /// Name of one row of the kind in messages.
    called: &'static str,
}

table! {
    /// Kind of a row of `intervals.csv`. A column applies to rows of some kinds.
    RowKind, RowKindRow;
    /// everything
    All { name: "all", of: [false, false, false], called: "everything" }
    /// each region
    Region { name: "region", of: [true, false, false], called: "a region" }
    /// each pool
    Pool { name: "pool", of: [false, true, false], called: "a pool" }
    /// each request
    Request { name: "request", of: [false, false, true], called: "a request" }
    /// each pool and request
    PoolRequest { name: "pool_request", of: [false, true, true], called: "one request's part of a pool" }
    /// each region and pool
    RegionPool { name: "region_pool", of: [true, true, false], called: "one region's part of a pool" }
}

/// Kinds of rows in which figures of attempts are known.
pub(super) const OF_ATTEMPTS: &[RowKind] = RowKind::ALL;
/// Kinds of rows in which figures of viewers, streams and links are known.
pub(super) const OF_VIEWERS: &[RowKind] = &[RowKind::All, RowKind::Region];
/// Kinds of rows in which first tries are known.
pub(super) const OF_FIRST_TRIES: &[RowKind] = &[RowKind::All, RowKind::Region, RowKind::Pool, RowKind::Request];
/// Kinds of rows in which figures of whole requests are known.
pub(super) const OF_REQUESTS: &[RowKind] = &[RowKind::All, RowKind::Region, RowKind::Request];
/// Kinds of rows in which figures of calls between pools are known.
pub(super) const OF_CALLS: &[RowKind] = &[RowKind::Pool, RowKind::Request, RowKind::PoolRequest, RowKind::RegionPool];
/// Kinds of rows in which figures of servers are known.
pub(super) const OF_SERVERS: &[RowKind] = &[RowKind::All, RowKind::Pool];
/// Kinds of rows in which figures of one pool that do not add up over pools are known.
pub(super) const OF_ONE_POOL: &[RowKind] = &[RowKind::Pool];

impl RowKind {
    /// The kind of the rows that belong to one region, to one pool and to one request or not; `None` if there are no such
    /// rows.
    pub fn of(region: bool, pool: bool, request: bool) -> Option<RowKind> {
        RowKind::ALL.iter().copied().find(|kind| kind.row().of == [region, pool, request])
    }

    /// The name in `intervals.csv`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether a row of the kind belongs to one region.
    pub fn has_region(self) -> bool {
        self.row().of[0]
    }

    /// Whether a row of the kind belongs to one pool.
    pub fn has_pool(self) -> bool {
        self.row().of[1]
    }

    /// Whether a row of the kind belongs to one request.
    pub fn has_request(self) -> bool {
        self.row().of[2]
    }

    /// The name of all rows of the kind: `each region`.
    pub fn each(self) -> &'static str {
        self.meaning()
    }

    /// The name of one row of the kind: `a region`.
    pub fn called(self) -> &'static str {
        self.row().called
    }

    /// The name of all rows of several kinds: `everything and each region`.
    pub fn list(kinds: &[RowKind]) -> String {
        let each: Vec<&str> = kinds.iter().map(|kind| kind.each()).collect();
        match each.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => String::new(),
        }
    }
}

/// The region, pool and request that the figures of a row belong to; `None` stands for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Index of a region, in the order of the scenario.
    pub region: Option<usize>,
    /// Index of a pool.
    pub pool: Option<usize>,
    /// Index of a request.
    pub request: Option<usize>,
}

impl Scope {
    /// The scope of a region.
    pub fn region(index: usize) -> Scope {
        Scope { region: Some(index), ..Scope::default() }
    }

    /// The scope of a pool.
    pub fn pool(index: usize) -> Scope {
        Scope { pool: Some(index), ..Scope::default() }
    }

    /// The scope of a request.
    pub fn request(index: usize) -> Scope {
        Scope { request: Some(index), ..Scope::default() }
    }

    /// The scope of the region, pool or request with an index; everything for other kinds of rows.
    pub fn of(kind: RowKind, index: usize) -> Scope {
        match kind {
            RowKind::Region => Scope::region(index),
            RowKind::Pool => Scope::pool(index),
            RowKind::Request => Scope::request(index),
            RowKind::All | RowKind::PoolRequest | RowKind::RegionPool => Scope::default(),
        }
    }

    /// The kind of a row of the scope; `None` if no kind has such rows.
    pub fn kind(&self) -> Option<RowKind> {
        RowKind::of(self.region.is_some(), self.pool.is_some(), self.request.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_the_scopes_it_has() {
        for kind in RowKind::ALL {
            assert_eq!(RowKind::of(kind.has_region(), kind.has_pool(), kind.has_request()), Some(*kind));
        }
        assert_eq!(RowKind::of(true, false, true), None);
        assert_eq!(RowKind::list(OF_VIEWERS), "everything and each region");
        assert_eq!(RowKind::list(OF_ONE_POOL), "each pool");
    }
}
