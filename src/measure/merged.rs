//! The distributions of one row, merged from the cells or regions that the row sums up.

use std::ops::{Index, IndexMut};

use super::histogram::Histogram;
use crate::vocabulary::{Column, Distribution};

/// The distributions of one row.
pub(super) struct Merged([Spread; Distribution::COUNT]);

/// A distribution, and the columns that are percentiles of it.
pub(super) struct Spread {
    /// The distribution.
    pub histogram: Histogram,
    /// Each column with its share; the shares ascend.
    pub columns: Vec<(Column, f64)>,
}

impl Merged {
    /// Empty distributions.
    pub fn new() -> Merged {
        let spread = |of: Distribution| Spread { histogram: Histogram::default(), columns: of.percentiles().collect() };
        Merged(Distribution::ALL.map(spread))
    }

    /// Empties all distributions.
    pub fn clear(&mut self) {
        self.0.iter_mut().for_each(|spread| spread.histogram.clear());
    }
}

impl Index<Distribution> for Merged {
    type Output = Spread;

    fn index(&self, kind: Distribution) -> &Spread {
        &self.0[kind as usize]
    }
}

impl IndexMut<Distribution> for Merged {
    fn index_mut(&mut self, kind: Distribution) -> &mut Spread {
        &mut self.0[kind as usize]
    }
}
