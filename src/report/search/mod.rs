//! The results of searches as values, tables and words. One search looks for the cheapest combination of levers, the other for the
//! edge of a condition in the range of one setting.

mod searched;
mod sought;
mod table;

pub use searched::{Searched, State, amount, sure};
pub use sought::{FIELDS as FIELDS_OF_FIND, Sought, csv as csv_of_find, figure, folder};
pub use table::{FIELDS as FIELDS_OF_SEARCH, POINT, bytes as csv};
