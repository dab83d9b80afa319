//! Vocabularies of a run: outcomes, columns, figures, levels, happenings, kinds of harm and of rows, units, ends of runs.
//!
//! Each vocabulary is one table with one row for each entry. A row states every attribute of its entry: for example the
//! name in files, the unit, the rule of aggregation, and the words on charts. The doc comment of an entry is its text in the
//! reference. Lengths of arrays, lists in messages, headers of files and the reference are derived from the tables, so a new
//! entry is one new row.
//!
//! Each outcome has a column, a figure and a happening without rows in the tables of these: [`Column::Ended`],
//! [`Figure::Attempts`] and [`Happening::Ended`] hold the outcome.

#[macro_use]
mod table;

mod column;
mod distribution;
mod figure;
mod happening;
mod harm;
mod level;
mod outcome;
mod path;
mod run_end;
mod scope;
mod source;
mod threshold;
mod tiles;
mod unit;

pub use column::{Aggregation, Column};
pub use distribution::Distribution;
pub use figure::Figure;
pub use happening::{Happening, Subject};
pub use harm::Harm;
pub use level::{Level, LevelRow, PoolLevel, PoolLevels, RegionLevel, RegionLevels};
pub use outcome::{Class, Outcome};
pub use path::{Names, Path};
pub use run_end::Ended;
pub use scope::{RowKind, Scope};
pub use source::{Account, Found, Source};
pub use threshold::{Metric, Threshold};
pub use tiles::{COLUMNS, ROWS, TILES, Tile};
pub use unit::Unit;
