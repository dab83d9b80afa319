//! `report.html`: what a run, a comparison, a sweep or a search left, as one page; [`html`](super::render::html) draws it.

pub mod comparison;
pub mod find;
mod levers;
pub mod run;
pub mod search;
pub mod sweep;

use super::numbers::{grouped, in_unit};
use super::render::html::Cell;
use crate::measure::Estimate;
use crate::vocabulary::Unit;

/// Name of the file.
pub const FILE: &str = "report.html";

/// A figure in a cell: its mean, and the ends of its 95% interval where there is one.
fn figure(unit: Unit, estimate: Option<Estimate>) -> Cell {
    number(estimate, |value| shown(unit, value))
}

/// A difference of two figures in a cell, with its sign.
fn difference(unit: Unit, estimate: Option<Estimate>) -> Cell {
    number(estimate, |value| {
        let sign = if value < 0.0 { "\u{2212}" } else { "+" };
        if value == 0.0 { "0".to_owned() } else { format!("{sign}{}", shown(unit, value.abs())) }
    })
}

fn number(estimate: Option<Estimate>, shown: impl Fn(f64) -> String) -> Cell {
    match estimate {
        Some(Estimate { mean, low, high, n }) if mean.is_finite() => {
            let ends = n > 1 && low.is_finite() && high.is_finite() && low < high;
            Cell::Number(shown(mean), mean, ends.then(|| (shown(low), shown(high))))
        }
        _ => Cell::Empty,
    }
}

/// A value as a table shows it: counts in full, others as their unit wants it.
fn shown(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Count if value.abs() >= 100.0 || value.fract() == 0.0 => grouped(value),
        unit => in_unit(unit, value),
    }
}
