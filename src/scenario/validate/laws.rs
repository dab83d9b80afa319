//! Every distribution of a scenario.

use crate::document::distribution::Distribution;
use crate::scenario::spec::{Client, Spec, Step};

/// Calls `visit` with the path and the law of every distribution of a scenario.
pub(super) fn each(spec: &mut Spec, visit: &mut dyn FnMut(&str, &mut Distribution)) {
    for (name, audience) in &mut spec.audience {
        if let Some(law) = &mut audience.arrival {
            visit(&format!("audience.{name}.arrival"), law);
        }
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
    for (name, pool) in &mut spec.pool {
        visit(&format!("pool.{name}.service"), &mut pool.service);
    }
    for (name, client) in &mut spec.client {
        let Client { patience, refresh, come_back, report, stall_patience, .. } = client;
        let (reply, service) =
            patience.as_mut().map_or((None, None), |p| (p.until_reply.as_mut(), p.until_service.as_mut()));
        let laws = [
            ("patience.until_reply", reply),
            ("patience.until_service", service),
            ("refresh.delay", refresh.as_mut().map(|r| &mut r.delay)),
            ("come_back.delay", come_back.as_mut().map(|c| &mut c.delay)),
            ("report.delay", report.as_mut().map(|r| &mut r.delay)),
            ("stall_patience", stall_patience.as_mut()),
        ];
        for (key, law) in laws {
            if let Some(law) = law {
                visit(&format!("client.{name}.{key}"), law);
            }
        }
    }
}
