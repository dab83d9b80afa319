//! Warnings: settings that are allowed but hardly intended, found by arithmetic on the model and shown with their numbers.

mod bounds;
mod breakers;
mod budgets;
mod everyday;
mod few;
mod fleets;
mod found;
mod gates;
mod load;
mod rooms;
mod trigger;
mod unused;

use super::arrivals::share_below;
use super::{Arrivals, Model};
use crate::scenario::{Diagnostics, Scenario};
use crate::units::Span;
use found::Found;

pub use everyday::requests_per_viewer;

/// Share of a crowd before `start` above which the loss is worth a warning.
const LOST_BEFORE: f64 = 0.001;

/// Share of a crowd after `end` above which it is no long tail.
const LOST_AFTER: f64 = 0.9;

/// The warnings about a scenario and its model.
pub fn of(scenario: &Scenario, model: &Model) -> Diagnostics {
    let mut found = Found { scenario, list: Vec::new() };
    load::timers(model, &mut found);
    crowds(model, &mut found);
    everyday::load(model, &mut found);
    load::small_pools(model, &mut found);
    load::rounded_servers(model, &mut found);
    load::ejections(model, &mut found);
    fleets::idle_cores(&mut found);
    fleets::beyond_bounds(model, &mut found);
    fleets::without_return(&mut found);
    fleets::long_lists(model, &mut found);
    rooms::near_their_limits(model, &mut found);
    gates::latencies(model, &mut found);
    bounds::of_all(&mut found);
    few::shared_counts(scenario.spec(), &mut found);
    budgets::idle(model, &mut found);
    breakers::idle(model, &mut found);
    trigger::lacking(&mut found);
    unused::tables(scenario.spec(), &mut found);
    unused::windows(scenario.spec(), &mut found);
    unused::rooms(scenario.spec(), &mut found);
    unused::moments(scenario.spec(), &mut found);
    unused::waits(scenario.spec(), &mut found);
    unused::thresholds(scenario.spec(), &mut found);
    unused::heartbeats(scenario.spec(), model, &mut found);
    Diagnostics::new(found.list)
}

/// A share as a percentage.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 10.0 { format!("{percent:.0}%") } else { format!("{percent:.2}%") }
}

/// Warns of a crowd, over all regions, of which too large a share arrives before the window, or nearly all behind it, and is not
/// simulated. Fewer arrivals behind the window are the usual long tail and need no warning.
fn crowds(model: &Model, found: &mut Found<'_>) {
    // For each audience the simulated people in all, before `start` and after `end`; the cohorts of one audience are adjacent.
    let mut crowds: Vec<(String, [f64; 3])> = Vec::new();
    for ((audience, _), cohort) in model.cohort_names(found.scenario.spec()).into_iter().zip(&model.cohorts) {
        let Arrivals::Crowd { count, law, origin, pieces } = &cohort.arrivals else { continue };
        let below = |moment: Span| share_below(pieces, law.cdf_below((moment - *origin).0 as f64));
        if crowds.last().is_none_or(|(name, _)| name != audience) {
            crowds.push((audience.to_owned(), [0.0; 3]));
        }
        if let Some((_, [all, before, after])) = crowds.last_mut() {
            *all += *count as f64;
            *before += below(Span(0)) * *count as f64;
            *after += (share_below(pieces, 1.0) - below(Span(model.end.0 as i64))) * *count as f64;
        }
    }
    for (audience, [all, before, after]) in crowds {
        let (lost, when, help) = if before > LOST_BEFORE * all {
            (before, "before `start`", "an earlier `start` or a smaller negative `shift` brings them in")
        } else if after > LOST_AFTER * all {
            (after, "after `end`", "a later `end` or an earlier arrival brings them in")
        } else {
            continue;
        };
        found.add(
            &format!("audience.{audience}.arrival"),
            format!("{} of `{audience}` would come {when}", percent(lost / all)),
            format!("{:.0} people who are not simulated", lost / model.scale),
            help,
        );
    }
}

#[cfg(test)]
mod tests;
