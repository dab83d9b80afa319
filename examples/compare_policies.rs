//! Which retry policy serves the most people? The same crowd meets five policies, and differences are told with intervals.
//!
//! `cargo run --release --example compare_policies`
//!
//! Draws are keyed by who draws and what for, so every policy faces the same people with the same needs (common random
//! numbers), and the difference between two policies is far sharper than either figure alone.

use dropstorm::engine::{self, Seed};
use dropstorm::measure::{estimate, summary_of};
use dropstorm::model::Model;
use dropstorm::scenario::{Diagnostics, Scenario};
use rayon::prelude::*;

const DROP: &str = r#"
title = "A drop that is too much for its servers"
start = 2020-04-03T08:55:00Z
drop  = 2020-04-03T09:00:00Z
end   = 2020-04-03T09:20:00Z

[audience.fans]
viewers = 60_000
arrival = { exponential = { mean = "3 min" }, shift = "-1 min" }
journey = "watch"
client  = "app"

[journey.watch]
steps = [{ wait = "drop" }, { request = "play", times = 3 }]

[pool.play]
servers = 20
service = { lognormal = { median = "50 ms", sigma = 0.5 } }
queue = { shared = { limit = 2_000 } }
queue_timeout = "3 s"

[client.app]
timeout = "5 s"
retry = { attempts = 1, backoff = { exponential = { base = "1 s", cap = "60 s" } } }
"#;

/// A name, and the settings that make the policy.
const POLICIES: [(&str, &[(&str, &str)]); 5] = [
    ("no retry", &[]),
    ("4 attempts, no pause", &[("client.app.retry.attempts", "4"), ("client.app.retry.backoff", "{}")]),
    ("4 attempts, backoff", &[("client.app.retry.attempts", "4")]),
    ("4, backoff, jitter", &[("client.app.retry.attempts", "4"), ("client.app.retry.jitter", "full")]),
    ("10, backoff, jitter", &[("client.app.retry.attempts", "10"), ("client.app.retry.jitter", "full")]),
];

const REPLICATIONS: u64 = 10;

fn main() -> Result<(), Diagnostics> {
    let base = Scenario::parse("drop.toml", DROP)?;
    let mut reference: Option<Vec<f64>> = None;
    println!("{:<22} {:>9} {:>18} {:>26}", "policy", "watched", "95% interval", "against the first");
    for (name, settings) in POLICIES {
        let settings: Vec<_> = settings.iter().map(|(path, value)| (path.to_string(), value.to_string())).collect();
        let scenario = base.with_all(&settings)?;
        let model = Model::compile(&scenario);
        let watched: Vec<f64> = (0..REPLICATIONS)
            .into_par_iter()
            .map(|replication| {
                let run = engine::run(&model, Seed { seed: 7, replication });
                let summary = summary_of(&run);
                summary
                    .iter()
                    .find(|(figure, _)| figure.name() == "viewers.watched")
                    .map_or(f64::NAN, |(_, value)| *value)
            })
            .collect();
        let reference = reference.get_or_insert_with(|| watched.clone());
        let paired: Vec<f64> = watched.iter().zip(reference.iter()).map(|(a, b)| a - b).collect();
        if let (Some(mean), Some(difference)) = (estimate(&watched), estimate(&paired)) {
            println!(
                "{name:<22} {:>9.0} {:>8.0} – {:<7.0} {:>+9.0} ({:+.0} to {:+.0})",
                mean.mean, mean.low, mean.high, difference.mean, difference.low, difference.high
            );
        }
    }
    Ok(())
}
