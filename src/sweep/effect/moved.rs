//! Effect of a parameter on a figure, in the figure's own unit.

use super::moments::mean;
use crate::sweep::{Point, Table};

/// Difference of the figure between the upper and the lower quarter of a parameter's values.
pub fn moved(table: &Table, parameter: usize, metric: usize) -> Option<f64> {
    if !table.parameters.get(parameter)?.numeric {
        return None;
    }
    let known = |point: &Point| Some((point.setting(parameter).number?, point.middle(metric)?));
    let mut points: Vec<(f64, f64)> = table.points.iter().filter_map(known).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let last = points.len().checked_sub(1)?;
    // Points that share the value at the edge of a quarter belong to it.
    let (low, high) = (points[last / 4].0, points[last - last / 4].0);
    if low >= high {
        return None;
    }
    let mean_of = |quarter: &dyn Fn(f64) -> bool| {
        mean(&points.iter().filter(|point| quarter(point.0)).map(|point| point.1).collect::<Vec<f64>>())
    };
    Some(mean_of(&|value| value >= high) - mean_of(&|value| value <= low))
}
