//! The words of a run: outcomes, columns, figures, levels, happenings, kinds of rows, units, and how runs end.
//!
//! Each vocabulary is one table. A row is declared once, with every attribute of its entry: the name in files, the unit,
//! the rows of `intervals.csv` in which it is known, how it adds up, its words on charts and in sentences. The doc comment
//! of an entry is its text in the reference. Lengths of arrays, lists in messages, headers of files and the reference
//! are derived from the tables, so that a new entry is one new row.
//!
//! An outcome has a column, a figure and a happening without a row in those tables: [`Column::Ended`],
//! [`Figure::Attempts`] and [`Happening::Ended`] hold it.

#[macro_use]
mod table;

mod column;
mod ended;
mod figure;
mod happening;
mod level;
mod outcome;
mod scope;
mod unit;

pub use column::{Aggregation, Column, Distribution};
pub use ended::Ended;
pub use figure::{Account, Figure, Source};
pub use happening::{Happening, Subject};
pub use level::{Level, LevelRow, PoolLevel, PoolLevels, RegionLevel, RegionLevels};
pub use outcome::{Class, Outcome};
pub use scope::RowKind;
pub use unit::Unit;
