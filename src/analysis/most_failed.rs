//! The region in which most of the attempts of each trouble fail.

use super::series::Series;
use super::trouble::Trouble;
use crate::measure::{Measurements, Scope};

/// The region with most failures of a trouble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MostFailed {
    /// Index of the region, of equals the first.
    pub region: usize,
    /// Share of the failures of the trouble in that region.
    pub share: f64,
}

impl MostFailed {
    /// The regions with most failures of some troubles of everything, in their order; none where there is one region.
    pub fn of(run: &Measurements, troubles: &[Trouble]) -> Vec<MostFailed> {
        let regions = 0..run.layout.regions;
        let rows = regions.filter_map(|region| Some((region, run.layout.row_of(Scope::region(region))?)));
        let regions: Vec<(usize, Series)> = rows.map(|(region, row)| (region, Series::of(run, row))).collect();
        if regions.len() < 2 {
            return Vec::new();
        }
        let most = |trouble: &Trouble| {
            let failed = |series: &Series| series.failed(trouble.at.clone());
            let all: f64 = regions.iter().map(|(_, series)| failed(series)).sum();
            let each = regions.iter().map(|(region, series)| (*region, failed(series)));
            let most = each.reduce(|most, next| if next.1 > most.1 { next } else { most });
            most.map(|(region, failed)| MostFailed { region, share: failed / all })
        };
        troubles.iter().filter_map(most).collect()
    }
}
