//! Visits every distribution of a scenario.

use crate::document::distribution::Distribution;
use crate::scenario::spec::{Spec, Step};

/// Calls `visit` with the path and the law of every distribution of a scenario.
pub(super) fn each(spec: &mut Spec, visit: &mut dyn FnMut(&str, &mut Distribution)) {
    for (name, audience) in &mut spec.audience {
        if let Some(law) = &mut audience.arrival {
            visit(&format!("audience.{name}.arrival"), law);
        }
    }
    for (name, region) in &mut spec.region {
        region.distance.laws(&mut |key, law| visit(&format!("region.{name}.{key}"), law));
    }
    for (name, journey) in &mut spec.journey {
        for (index, step) in journey.steps.iter_mut().enumerate() {
            let Step { think, spread, stream, .. } = step;
            for (key, law) in [("think", think), ("spread", spread), ("stream", stream)] {
                if let Some(law) = law {
                    visit(&format!("journey.{name}.steps.{index}.{key}"), law);
                }
            }
        }
    }
    for (name, room) in &mut spec.waiting_room {
        room.laws(&mut |key, law| visit(&format!("waiting_room.{name}.{key}"), law));
    }
    for (name, pool) in &mut spec.pool {
        pool.laws(&mut |key, law| visit(&format!("pool.{name}.{key}"), law));
    }
    for (name, client) in &mut spec.client {
        client.laws(&mut |key, law| visit(&format!("client.{name}.{key}"), law));
    }
}
