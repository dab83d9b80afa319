//! Points of a sweep that are the same simulation at a scale, because rounding leaves no difference between them.

use std::collections::HashMap;

use rayon::prelude::*;

use super::outline::Outline;
use crate::model::Model;
use crate::scenario::Scenario;

/// Largest number of points that are compared; a larger sweep is not searched.
const MOST_POINTS: u64 = 10_000;

/// The points that are the same simulation as an earlier point at the scale but not at full size, each with the first
/// such point; in order.
pub(super) fn points(outline: &Outline, scenario: &Scenario) -> Vec<(u64, u64)> {
    let varies = outline.parameters().any(|parameter| parameter.paths.iter().any(|path| path == "scale"));
    if outline.points() > MOST_POINTS || (scenario.spec().scale >= 1.0 && !varies) {
        return Vec::new();
    }
    let points: Vec<u64> = (0..outline.points()).collect();
    let at_scale: Vec<Option<u64>> = points.par_iter().map(|point| identity(outline, scenario, *point, None)).collect();
    let mut first: HashMap<u64, u64> = HashMap::new();
    let mut candidates = Vec::new();
    for (point, identity) in points.iter().zip(at_scale) {
        let Some(identity) = identity else { continue };
        match first.get(&identity) {
            Some(earlier) => candidates.push((*point, *earlier)),
            None => drop(first.insert(identity, *point)),
        }
    }
    // Points that are the same simulation at full size too differ only in settings that are not simulated.
    let by_scale = |(point, earlier): &(u64, u64)| {
        identity(outline, scenario, *point, Some("1")) != identity(outline, scenario, *earlier, Some("1"))
    };
    candidates.into_par_iter().filter(by_scale).collect()
}

/// The identity of the model of a point, at its own scale or at another; `None` if the point is not valid there.
fn identity(outline: &Outline, scenario: &Scenario, point: u64, scale: Option<&str>) -> Option<u64> {
    let mut settings = outline.settings_to_set(point);
    if let Some(scale) = scale {
        settings.retain(|(path, _)| path != "scale");
        settings.push(("scale".to_owned(), scale.to_owned()));
    }
    Some(Model::compile(&scenario.with_all(&settings).ok()?).identity())
}
