//! The layout of a run's measurements, from the model.

use crate::measure::Layout;
use crate::model::{Model, Step};
use crate::units::Span;

/// The layout of the measurements of a model's runs.
pub fn layout(model: &Model) -> Layout {
    let mut layout = Layout {
        regions: model.regions,
        pools: model.pools,
        requests: model.requests.len(),
        cells: model
            .cells
            .iter()
            .map(|cell| ([cell.region, cell.pool, cell.request], !(cell.heartbeat || cell.call)))
            .collect(),
        scopes: Vec::new(),
        intervals: model.intervals(),
        first: Span(-model.drop.0),
        width: model.interval,
        measured: model.measured.clone(),
        scale: model.scale,
        harm_wait: model.harm.wait,
        harm_requests: model.harm.requests.clone(),
        thresholds: model.thresholds.clone(),
        calls: model.requests_of_calls(),
        optional: (0..model.requests.len()).map(|request| is_optional(model, request)).collect(),
    };
    layout.lay_out_rows();
    layout
}

/// Whether viewers go on after a request fails, in each step that makes the request.
fn is_optional(model: &Model, request: usize) -> bool {
    let steps = model.epochs.iter().flat_map(|epoch| &epoch.settings.journeys).flat_map(|journey| &journey.steps);
    let mut of_request = steps.filter_map(|step| match step {
        Step::Request { request: of, optional, .. } if *of == request => Some(*optional),
        _ => None,
    });
    of_request.next().is_some_and(|first| first && of_request.all(|optional| optional))
}
