//! Paths: figures of everything, of one region, of one pool or of one request, by their dotted names.

use super::figure::Figure;
use super::scope::RowKind;

/// The names of the regions, pools and requests of a scenario, by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Names of the regions.
    pub regions: Vec<String>,
    /// Names of the pools.
    pub pools: Vec<String>,
    /// Names of the requests.
    pub requests: Vec<String>,
}

/// A figure of everything, of one region, of one pool or of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The figure.
    pub figure: Figure,
    /// Whether it is of everything, a region, a pool or a request.
    pub kind: RowKind,
    /// Index of the region, pool or request; 0 for everything.
    pub index: usize,
}

/// The kinds of scopes within a run, in the order of `summary.json`, and the object that holds each.
const WITHIN: [(RowKind, &str); 3] =
    [(RowKind::Pool, "pools"), (RowKind::Region, "regions"), (RowKind::Request, "requests")];

impl Names {
    /// The names of the scopes of a kind.
    pub fn of(&self, kind: RowKind) -> &[String] {
        match kind {
            RowKind::Region => &self.regions,
            RowKind::Pool => &self.pools,
            RowKind::Request => &self.requests,
            RowKind::All | RowKind::PoolRequest | RowKind::RegionPool => &[],
        }
    }
}

impl Path {
    /// A figure of everything.
    pub const fn all(figure: Figure) -> Path {
        Path { figure, kind: RowKind::All, index: 0 }
    }

    /// The paths of `summary.json`, in the order of the file: the figures of everything, of each pool, region and request.
    /// `count` says how many scopes of a kind there are.
    pub fn summary(count: &dyn Fn(RowKind) -> usize) -> Vec<Path> {
        let of = |kind: RowKind, index| {
            let known = Figure::summary().iter().filter(move |figure| figure.is_known_of(kind));
            known.map(move |figure| Path { figure: *figure, kind, index })
        };
        let within = WITHIN.iter().flat_map(|(kind, _)| (0..count(*kind)).flat_map(move |index| of(*kind, index)));
        of(RowKind::All, 0).chain(within).collect()
    }

    /// All paths: those of the summary, then the figures of sweeps and `find`.
    pub fn every(names: &Names) -> Vec<Path> {
        let of_sweeps = Figure::ALL[Figure::summary().len()..].iter().map(|figure| Path::all(*figure));
        Path::summary(&|kind| names.of(kind).len()).into_iter().chain(of_sweeps).collect()
    }

    /// The path with a dotted name: `error_rate.peak`, `pools.api.lost_share`; `None` if there is none.
    pub fn named(name: &str, names: &Names) -> Option<Path> {
        let (figure, kind, of) = Path::read(name)?;
        let index = of.map_or(Some(0), |of| names.of(kind).iter().position(|known| known == of))?;
        Some(Path { figure, kind, index })
    }

    /// The figure of a dotted name, the kind of the scope and the scope's name, whether there is such a scope or not.
    pub fn read(name: &str) -> Option<(Figure, RowKind, Option<&str>)> {
        let within = || {
            let (object, rest) = name.split_once('.')?;
            let (kind, _) = WITHIN.iter().find(|(_, known)| *known == object)?;
            let (of, figure) = rest.split_once('.')?;
            Some((Figure::named_within(*kind, figure)?, *kind, Some(of)))
        };
        Figure::named(name).map(|figure| (figure, RowKind::All, None)).or_else(within)
    }

    /// The dotted name; a scope without a name has its number.
    pub fn name(&self, names: &Names) -> String {
        match WITHIN.iter().find(|(kind, _)| *kind == self.kind) {
            None => self.figure.name().to_owned(),
            Some((kind, object)) => {
                let number = || self.index.to_string();
                let of = names.of(*kind).get(self.index).cloned().unwrap_or_else(number);
                format!("{object}.{of}.{}", self.figure.name_within())
            }
        }
    }
}

impl From<Figure> for Path {
    fn from(figure: Figure) -> Path {
        Path::all(figure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_by_its_name() {
        let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let names = Names { regions: of(&["fr", "es"]), pools: of(&["api"]), requests: of(&["browse", "pools"]) };
        let every = Path::every(&names);
        for path in &every {
            assert_eq!(Path::named(&path.name(&names), &names), Some(*path));
        }
        let mut unique: Vec<String> = every.iter().map(|path| path.name(&names)).collect();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), every.len());
        for known in ["pools.api.lost_share", "regions.es.saw_error", "requests.pools.time_ms.p99", "recovery_s"] {
            assert!(Path::named(known, &names).is_some(), "{known}");
        }
        for unknown in ["pools.web.lost_share", "regions.es.lost_share", "lost_share", "pools.api", "requests.browse."]
        {
            assert_eq!(Path::named(unknown, &names), None, "{unknown}");
        }
    }
}
