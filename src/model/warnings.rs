//! Warnings: settings that are allowed but hardly intended, found by arithmetic on the model and shown with their numbers.

mod load;
mod unused;

use super::arrivals::CrowdPiece;
use super::{Arrivals, Model};
use crate::scenario::spec::Spec;
use crate::scenario::{Diagnostic, Diagnostics, Level, Scenario};
use crate::units::Span;

/// Share of a crowd before `start` above which the loss is worth a warning.
const LOST_BEFORE: f64 = 0.001;

/// The warnings about a scenario and its model.
pub fn of(scenario: &Scenario, model: &Model) -> Diagnostics {
    let mut found = Found { scenario, list: Vec::new() };
    load::timers(model, &mut found);
    crowds(model, &mut found);
    load::everyday_load(model, &mut found);
    load::small_pools(model, &mut found);
    load::rounded_servers(model, &mut found);
    unused::tables(scenario.spec(), &mut found);
    unused::windows(scenario.spec(), &mut found);
    unused::heartbeats(scenario.spec(), model, &mut found);
    Diagnostics::new(found.list)
}

/// The warnings found so far.
struct Found<'a> {
    scenario: &'a Scenario,
    list: Vec<Diagnostic>,
}

impl Found<'_> {
    /// Adds a warning at a path of the scenario.
    fn add(&mut self, path: &str, title: String, label: String, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.list.push(self.scenario.diagnostic(Level::Warning, path, title, label, help));
    }

    fn spec(&self) -> &Spec {
        self.scenario.spec()
    }

    /// The name of a pool by its index.
    fn pool(&self, index: usize) -> String {
        self.spec().pool.get_index(index).map_or_else(String::new, |(name, _)| name.clone())
    }
}

/// A span as text, in three digits.
fn span(seconds: f64) -> String {
    let nanos = Span::from_seconds(seconds);
    let digits = 10_i64.pow((nanos.0.max(1).ilog10()).saturating_sub(2));
    Span(nanos.0 / digits * digits).to_string()
}

/// A share as a percentage.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 10.0 { format!("{percent:.0}%") } else { format!("{percent:.2}%") }
}

/// Warns of a crowd, over all regions, of which too large a share arrives before the window and is not simulated. Arrivals
/// after the window are the usual long tail and need no warning.
fn crowds(model: &Model, found: &mut Found<'_>) {
    // For each audience the simulated people in all and before `start`; the cohorts of one audience are adjacent.
    let mut crowds: Vec<(String, [f64; 2])> = Vec::new();
    for ((audience, _), cohort) in model.cohort_names(found.scenario.spec()).into_iter().zip(&model.cohorts) {
        let Arrivals::Crowd { count, law, origin, pieces } = &cohort.arrivals else { continue };
        let before = share_below(pieces, law.cdf((Span(0) - *origin).0 as f64));
        if crowds.last().is_none_or(|(name, _)| name != audience) {
            crowds.push((audience.to_owned(), [0.0; 2]));
        }
        if let Some((_, [all, lost])) = crowds.last_mut() {
            *all += *count as f64;
            *lost += before * *count as f64;
        }
    }
    for (audience, [all, before]) in crowds {
        if before > LOST_BEFORE * all {
            found.add(
                &format!("audience.{audience}.arrival"),
                format!("{} of `{audience}` would come before `start`", percent(before / all)),
                format!("{:.0} people who are not simulated", before / model.scale),
                "an earlier `start` or a smaller negative `shift` brings them in",
            );
        }
    }
}

/// The share of a crowd below a value of its law's distribution function, with the factors of multipliers.
fn share_below(pieces: &[CrowdPiece], p: f64) -> f64 {
    let share = |piece: &CrowdPiece| piece.mass * ((p - piece.law.0) / (piece.law.1 - piece.law.0)).clamp(0.0, 1.0);
    pieces.iter().map(share).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = r#"
title = "Base"
start = 2026-01-09T08:50:00Z
drop = 2026-01-09T09:00:00Z
end = 2026-01-09T10:00:00Z
[audience.fans]
viewers = 10_000
arrival = { exponential = { mean = "10 min" }, shift = "-9 min" }
journey = "watch"
client = "tv"
[audience.everyday]
rate = "8/s"
profile = [["08:00", 0.5], ["09:30", 2.0]]
journey = "watch"
[multiplier.lockdown]
factor = 1.5
audiences = ["everyday"]
from = "-5 min"
[journey.watch]
steps = [
  { request = "api", name = "browse", times = 2 },
  { stream = { exponential = { mean = "10 min" } }, then = { name = "browse", probability = 0.5 }, heartbeat = { request = "api", name = "beat", every = "5 min" } },
]
[pool.api]
servers = 100
service = { exponential = { mean = "500 ms" } }
queue = { shared = { limit = 1_000 } }
timeout = "5 s"
[client.tv]
timeout = "9 s"
"#;

    /// The warnings of the base with one text replaced by another.
    fn warnings(from: &str, to: &str) -> Diagnostics {
        assert_eq!(BASE.matches(from).count(), 1, "`{from}` must stand once in the base");
        let text = BASE.replace(from, to);
        let scenario = Scenario::parse("base.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
        of(&scenario, &Model::compile(&scenario))
    }

    #[test]
    fn settings_that_make_sense_give_no_warning() {
        for (from, to) in [
            ("title", "title"),
            // A full queue takes 5 s to serve, so a timer of 5 s can expire; in a queue without a limit any timer can.
            ("timeout = \"5 s\"", "queue_timeout = \"5 s\""),
            ("queue = { shared = { limit = 1_000 } }\n", ""),
            // Without the everyday audience any pool is large enough.
            ("rate = \"8/s\"", "rate = \"0/s\""),
            // A client that only a change refers to is used.
            (
                "client = \"tv\"\n",
                "client = \"tv\"\n[client.web]\n[[change]]\nat = \"1 min\"\nset = { \"audience.fans.client\" = \"web\" }\n",
            ),
            ("title", "scale = 0.5\ntitle"),
        ] {
            let found = warnings(from, to);
            assert!(found.is_empty(), "`{to}` gives\n{found}");
        }
    }

    #[test]
    fn a_warning_is_shown_at_its_value_with_its_numbers() {
        for (from, to, expected) in [
            ("timeout = \"5 s\"", "queue_timeout = \"6 s\"", "1000 waiting × 500 ms mean service ÷ 100 slots = 5 s"),
            ("timeout = \"5 s\"", "timeout = \"20 s\"", "and 999 of 1000 are then served within 3.45 s"),
            ("limit = 1_000", "limit = 0", "`timeout` of pool `api` can hardly expire"),
            ("shift = \"-9 min\"", "shift = \"-11 min\"", "9.52% of `fans` would come before `start`"),
            // 8/s × 2.0 × 1.5 × 2 visits × (2 calls + 1.54 beats) × 0.5 s.
            ("servers = 100", "servers = 80", "pool `api` cannot carry its everyday load"),
            ("title", "scale = 0.2\ntitle", "pool `api` has only 20 slots at this scale"),
            ("[client.tv]", "[client.web]\n[client.tv]", "client `web` is not used"),
            ("[pool.api]", "[pool.spare]\nservers = 1\nservice = \"1 s\"\n[pool.api]", "pool `spare` is not used"),
            ("[pool.api]", "[journey.j]\nsteps = [{ think = \"1 s\" }]\n[pool.api]", "journey `j` is not used"),
            ("from = \"-5 min\"", "from = \"2 h\"", "multiplier `lockdown` does nothing"),
            ("every = \"5 min\"", "every = \"4 h\"", "this heartbeat never goes out"),
        ] {
            let found = warnings(from, to);
            let shown = found.to_string();
            assert!(shown.contains(expected), "`{to}` should say `{expected}`, but says\n{shown}");
            assert_eq!(found.len(), 1, "`{to}` gives\n{shown}");
            assert!(found.iter().all(|w| w.level == Level::Warning && w.location().is_some()), "{shown}");
        }
    }
}
