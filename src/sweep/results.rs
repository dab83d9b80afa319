//! From units to figures: one point at a time, so that reading a sweep of any size takes constant memory.

use super::outline::Outline;
use super::store::{Store, StoreError};
use super::table::{Point, Table};
use super::unit::Unit;
use crate::analysis::{Spread, share_of};
use crate::experiment;
use crate::measure::{Estimate, estimate_within};
use crate::vocabulary::Path;

/// The results of a sweep, read from its store.
#[derive(Debug)]
pub struct Results<'a> {
    outline: &'a Outline,
    store: &'a Store,
    /// Units of the baseline.
    baseline: Vec<Unit>,
}

impl<'a> Results<'a> {
    /// Reads the results of a sweep from a store that holds all its units.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn new(outline: &'a Outline, store: &'a Store) -> Result<Results<'a>, StoreError> {
        let baseline = units_of(outline, store, outline.baseline().0)?;
        Ok(Results { outline, store, baseline })
    }

    /// The plan of the sweep.
    pub fn outline(&self) -> &Outline {
        self.outline
    }

    /// Reads the units of a point, in the order of their replications.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn units(&self, point: u64) -> Result<Vec<Unit>, StoreError> {
        units_of(self.outline, self.store, point)
    }

    /// Estimates all figures of a point.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn point(&self, point: u64) -> Result<Point, StoreError> {
        let all: Vec<usize> = (0..self.outline.metrics().len()).collect();
        self.figures(point, &all)
    }

    /// Estimates some metrics at all points; unknown metrics are left out.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn table(&self, metrics: &[&str]) -> Result<Table, StoreError> {
        let known: Vec<usize> = metrics
            .iter()
            .filter_map(|wanted| self.outline.metrics().iter().position(|known| known == wanted))
            .collect();
        let points = (0..self.outline.points()).map(|point| self.figures(point, &known));
        Ok(Table {
            title: self.outline.title().to_owned(),
            parameters: self.outline.parameters().cloned().collect(),
            metrics: known.iter().map(|index| self.outline.metrics()[*index].clone()).collect(),
            points: points.collect::<Result<_, _>>()?,
            baseline: self.outline.baseline().0 as usize,
            grid: self.outline.is_grid(),
        })
    }

    fn figures(&self, point: u64, metrics: &[usize]) -> Result<Point, StoreError> {
        let units = self.units(point)?;
        Ok(Point {
            settings: self.outline.settings(point),
            replications: units.len(),
            figures: metrics.iter().map(|metric| self.over(&units, *metric)).collect(),
            spreads: metrics.iter().map(|metric| self.spread(&units, *metric)).collect(),
            paired: metrics.iter().map(|metric| self.paired(&units, *metric)).collect(),
        })
    }

    /// The mean of a figure over the units that have it, with an interval within what is possible.
    fn over(&self, units: &[Unit], metric: usize) -> Option<Estimate> {
        let possible = Path::read(&self.outline.metrics()[metric]).map(|(figure, ..)| figure.possible());
        let values: Vec<f64> = units.iter().map(|unit| unit.figures[metric]).filter(|value| !value.is_nan()).collect();
        if Path::read(&self.outline.metrics()[metric]).is_some_and(|(figure, ..)| figure.is_of_yes_or_no()) {
            return share_of(&values);
        }
        estimate_within(&values, possible.unwrap_or((f64::NEG_INFINITY, f64::INFINITY)))
    }

    /// Median and range of a figure that only some runs have.
    fn spread(&self, units: &[Unit], metric: usize) -> Option<Spread> {
        let (figure, ..) = Path::read(&self.outline.metrics()[metric])?;
        figure.is_of_some_runs().then(|| Spread::of(units.iter().map(|unit| unit.figures[metric])))?
    }

    /// The difference of a figure to that of the baseline, replication by replication; both points faced the same crowds.
    fn paired(&self, units: &[Unit], metric: usize) -> Option<Estimate> {
        let figure = |unit: &Unit| unit.figures[metric];
        experiment::difference(units.iter().map(figure), self.baseline.iter().map(figure))
    }
}

/// Reads the units of a point, from its first replication to the first that is missing.
fn units_of(outline: &Outline, store: &Store, point: u64) -> Result<Vec<Unit>, StoreError> {
    let mut units = Vec::new();
    for replication in 0..outline.replications().most() {
        match store.read(point, replication)? {
            Some(unit) => units.push(unit),
            None => break,
        }
    }
    Ok(units)
}
