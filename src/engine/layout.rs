//! The layout of a run's measurements, from the model.

use crate::measure::{Layout, Scope, Threshold};
use crate::model::Model;
use crate::units::Span;

/// The layout of the measurements of a model's runs.
pub fn layout(model: &Model) -> Layout {
    let mut layout = Layout {
        regions: model.regions,
        pools: model.pools,
        requests: model.requests.len(),
        cells: model.cells.iter().map(|cell| ([cell.region, cell.pool, cell.request], !cell.heartbeat)).collect(),
        scopes: Vec::new(),
        intervals: model.intervals(),
        first: Span(-model.drop.0),
        width: model.interval,
        measured: model.measured.clone(),
        scale: model.scale,
        thresholds: model.thresholds.iter().map(threshold).collect(),
    };
    layout.lay_out_rows();
    layout
}

fn threshold(threshold: &crate::model::Threshold) -> Threshold {
    Threshold {
        column: threshold.column,
        scope: Scope { region: threshold.region, pool: threshold.pool, request: threshold.request },
        bound: threshold.bound,
        at_most: threshold.at_most,
        window: threshold.window,
        range: threshold.range.clone(),
        least: threshold.least,
        after: threshold.after,
        before: threshold.before,
        passes_when_empty: threshold.passes_when_empty,
        text: threshold.text.clone(),
    }
}
