//! The layout of a run's measurements, from the model.

use crate::measure::{Call, Layout};
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
        calls: (0..model.requests.len()).map(|request| call(model, request)).collect(),
        optional: (0..model.requests.len()).map(|request| is_optional(model, request)).collect(),
    };
    layout.lay_out_rows();
    layout
}

/// The call between pools that is counted as a request.
fn call(model: &Model, request: usize) -> Option<Call> {
    let pools = model.epochs.iter().flat_map(|epoch| epoch.settings.pools.iter().enumerate());
    let calls = pools.flat_map(|(caller, pool)| pool.calls.calls.iter().map(move |call| (caller, call)));
    let of_request = calls.filter(|(_, call)| usize::from(call.request) == request);
    of_request.fold(None, |known: Option<Call>, (caller, call)| {
        let is_optional = call.optional && known.is_none_or(|known| known.is_optional);
        // Of calls with several caches the least is known for certain.
        let hit = call.cache.map_or(0.0, |cache| cache.hit).min(known.map_or(1.0, |known| known.hit));
        Some(Call { caller, callee: usize::from(call.pool), is_optional, hit })
    })
}

/// Whether every step that makes a request is optional, so that viewers go on after the request fails.
fn is_optional(model: &Model, request: usize) -> bool {
    let steps = model.epochs.iter().flat_map(|epoch| &epoch.settings.journeys).flat_map(|journey| &journey.steps);
    let mut of_request = steps.filter_map(|step| match step {
        Step::Request { request: of, optional, .. } if *of == request => Some(*optional),
        _ => None,
    });
    of_request.next().is_some_and(|first| first && of_request.all(|optional| optional))
}
