//! Rows: the values of one scope in one interval of one run, stored so that they can be aggregated.

use crate::vocabulary::{Aggregation, Class, Column, Outcome};

/// One interval of one scope in one run, at simulated size: for each column the cells that aggregate to its value.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    cells: [f64; WIDTH],
}

/// Number of cells of a column: two sums for a ratio, none for the error rate, which the counts of outcomes give.
const fn cells_of(aggregation: Aggregation) -> usize {
    match aggregation {
        Aggregation::Ratio => 2,
        Aggregation::ErrorRate => 0,
        _ => 1,
    }
}

/// Index of the first cell of each column.
static FIRST_CELL: [usize; Column::COUNT] = {
    let mut first = [0; Column::COUNT];
    let mut column = 1;
    while column < Column::COUNT {
        first[column] = first[column - 1] + cells_of(Column::ALL[column - 1].aggregation());
        column += 1;
    }
    first
};

/// Number of cells of a row.
const WIDTH: usize = {
    let last = Column::COUNT - 1;
    FIRST_CELL[last] + cells_of(Column::ALL[last].aggregation())
};

/// The cells of a row in which no column applies: zero sums for ratios, NaN for all others.
static EMPTY: [f64; WIDTH] = {
    let mut cells = [f64::NAN; WIDTH];
    let mut column = 0;
    while column < Column::COUNT {
        if let Aggregation::Ratio = Column::ALL[column].aggregation() {
            cells[FIRST_CELL[column]] = 0.0;
            cells[FIRST_CELL[column] + 1] = 0.0;
        }
        column += 1;
    }
    cells
};

impl Default for Row {
    fn default() -> Self {
        Row { cells: EMPTY }
    }
}

impl Row {
    /// Adds to a count.
    pub(crate) fn add(&mut self, column: Column, n: u64) {
        let sum = &mut self.cells[FIRST_CELL[column.index()]];
        *sum = if sum.is_nan() { n as f64 } else { *sum + n as f64 };
    }

    /// Sets the value of a column that is neither a count nor a ratio.
    pub(crate) fn set(&mut self, column: Column, value: f64) {
        self.cells[FIRST_CELL[column.index()]] = value;
    }

    /// Sets the two sums of a ratio.
    pub(crate) fn set_ratio(&mut self, column: Column, over: f64, under: f64) {
        let first = FIRST_CELL[column.index()];
        (self.cells[first], self.cells[first + 1]) = (over, under);
    }

    /// The value of a column that is no ratio; NaN if the column does not apply.
    #[inline]
    pub fn value(&self, column: Column) -> f64 {
        self.cells[FIRST_CELL[column.index()]]
    }

    /// The value of a count; zero if the column does not apply.
    pub fn count(&self, column: Column) -> f64 {
        let value = self.value(column);
        if value.is_nan() { 0.0 } else { value }
    }

    /// The two sums of a ratio, or of the error rate.
    pub fn ratio(&self, column: Column) -> (f64, f64) {
        match column.aggregation() {
            Aggregation::ErrorRate => {
                let (ended, failed) = self.ended_and_failed();
                (failed, ended)
            }
            _ => {
                let first = FIRST_CELL[column.index()];
                (self.cells[first], self.cells[first + 1])
            }
        }
    }

    /// The two numbers that add up over a window: of a count and a mean the value and 1, of a ratio its sums; zeros if the
    /// column does not apply.
    pub(super) fn summands(&self, column: Column) -> (f64, f64) {
        match column.aggregation() {
            Aggregation::Ratio | Aggregation::ErrorRate => self.ratio(column),
            _ => match self.value(column) {
                value if value.is_nan() => (0.0, 0.0),
                value => (value, 1.0),
            },
        }
    }

    /// Number of attempts that ended, and number of errors among them. Attempts that clients kept back count, except in
    /// rows of pools, to which they were never sent. Cancelled copies do not count.
    pub fn ended_and_failed(&self) -> (f64, f64) {
        let of_pools = self.value(Column::RequestsEnded).is_nan();
        Outcome::ALL.iter().fold((0.0, 0.0), |(ended, failed), outcome| {
            let counts = match outcome.class() {
                Class::Success | Class::Error => true,
                Class::NotSent => !of_pools,
                Class::Void => false,
            };
            let count = if counts { self.count(outcome.column()) } else { 0.0 };
            (ended + count, failed + if outcome.is_error() { count } else { 0.0 })
        })
    }
}

/// The sums of several rows, cell by cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Summed {
    cells: [f64; WIDTH],
    /// Number of rows in which each cell has a value.
    known: [u32; WIDTH],
}

impl Default for Summed {
    fn default() -> Self {
        Summed { cells: [0.0; WIDTH], known: [0; WIDTH] }
    }
}

impl Summed {
    /// Adds a row.
    pub fn add(&mut self, row: &Row) {
        for ((sum, known), cell) in self.cells.iter_mut().zip(&mut self.known).zip(row.cells) {
            if !cell.is_nan() {
                *sum += cell;
                *known += 1;
            }
        }
    }

    /// The mean of a column that is no ratio over the rows in which the column applies; NaN if there are none.
    pub fn mean(&self, column: Column) -> f64 {
        let first = FIRST_CELL[column.index()];
        self.cells[first] / f64::from(self.known[first])
    }

    /// The two sums of a ratio, or of the error rate.
    pub fn ratio(&self, column: Column) -> (f64, f64) {
        let mut row = Row { cells: self.cells };
        // Rows of pools have no columns of whole requests.
        let requests = FIRST_CELL[Column::RequestsEnded.index()];
        if self.known[requests] == 0 {
            row.cells[requests] = f64::NAN;
        }
        row.ratio(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_has_cells_of_its_own() {
        let mut row = Row::default();
        for (index, column) in Column::ALL.iter().enumerate() {
            match column.aggregation() {
                Aggregation::Count => row.add(*column, index as u64),
                Aggregation::Ratio => row.set_ratio(*column, index as f64, -(index as f64)),
                Aggregation::ErrorRate => {}
                _ => row.set(*column, index as f64),
            }
        }
        for (index, column) in Column::ALL.iter().enumerate() {
            match column.aggregation() {
                Aggregation::Ratio => assert_eq!(row.ratio(*column), (index as f64, -(index as f64))),
                Aggregation::ErrorRate => {}
                _ => assert_eq!(row.value(*column), index as f64),
            }
        }
        assert!(row.cells.iter().all(|cell| cell.is_finite()), "{row:?}");
    }

    #[test]
    fn the_counts_of_outcomes_add_up_to_the_ended_attempts() {
        let mut row = Row::default();
        assert_eq!(row.ended_and_failed(), (0.0, 0.0));
        for (n, outcome) in Outcome::ALL.iter().enumerate() {
            row.add(outcome.column(), n as u64 + 1);
        }
        let cancelled = Outcome::Cancelled as usize + 1;
        let all: usize = (1..=Outcome::COUNT).sum::<usize>() - cancelled;
        let refused = Outcome::Refused as usize + 1;
        let at_pool = (all - refused) as f64;
        assert_eq!(
            row.ended_and_failed(),
            (at_pool, at_pool - 1.0),
            "no rate knows of what was cancelled, nor a pool of what was not sent"
        );
        let mut sum = Summed::default();
        sum.add(&row);
        assert_eq!(sum.ratio(Column::ErrorRate), (at_pool - 1.0, at_pool));
        row.add(Column::RequestsEnded, 0);
        assert_eq!(row.ended_and_failed(), (all as f64, all as f64 - 1.0));
        assert_eq!(row.ratio(Column::ErrorRate), (all as f64 - 1.0, all as f64));
    }
}
