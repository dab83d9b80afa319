//! Bytes that mechanisms keep beside the rows of viewers and attempts, for estimates of the size of runs.

use super::callers::Callers;
use super::deadlines::Deadlines;
use super::hedges::Hedges;
use super::request::Request;
use super::rounds::{Round, Rounds};
use crate::model::Model;
use crate::units::Time;

/// Bytes beside each row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Beside a viewer's row.
    pub viewer: usize,
    /// Beside an attempt's row.
    pub attempt: usize,
    /// Beside an attempt that a call sends.
    pub called: usize,
}

impl Beside {
    /// The bytes beside each row in runs of a model.
    pub fn of(model: &Model) -> Beside {
        let (hedges, [of_try, of_member]) = (Hedges::new(model).used, Hedges::BYTES);
        let of = |used: bool, bytes: usize| if used { bytes } else { 0 };
        Beside {
            viewer: Callers::bytes_of_viewer(model)
                + of(hedges, of_try)
                + of(Rounds::new(model).used, size_of::<Round>()),
            attempt: of(hedges, of_member) + of(Deadlines::new(model).used, size_of::<Time>()),
            called: size_of::<Request>() + of(hedges, of_try),
        }
    }
}
