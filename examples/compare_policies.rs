//! Compares five retry policies on the same crowds: how many people watch, and paired differences with intervals.
//!
//! `cargo run --release --example compare_policies`
//!
//! A random number depends on the person who needs it and on its purpose. So every policy faces the same people with the
//! same needs (common random numbers), and the interval of a difference is far narrower than that of either figure.

use std::error::Error;

use dropstorm::experiment::{self, Arm};
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;

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

/// The name of each policy, and its settings.
const POLICIES: [(&str, &[(&str, &str)]); 5] = [
    ("no retry", &[]),
    ("4 attempts, no pause", &[("client.app.retry.attempts", "4"), ("client.app.retry.backoff", "{}")]),
    ("4 attempts, backoff", &[("client.app.retry.attempts", "4")]),
    ("4, backoff, jitter", &[("client.app.retry.attempts", "4"), ("client.app.retry.jitter", "full")]),
    ("10, backoff, jitter", &[("client.app.retry.attempts", "10"), ("client.app.retry.jitter", "full")]),
];

const SEED: u64 = 7;
const REPLICATIONS: u64 = 10;
const FIGURE: &str = "viewers.watched";

fn main() -> Result<(), Box<dyn Error>> {
    let base = Scenario::parse("drop.toml", DROP)?;
    let mut models = Vec::new();
    for (_, settings) in POLICIES {
        let settings: Vec<_> = settings.iter().map(|(path, value)| (path.to_string(), value.to_string())).collect();
        models.push(Model::compile(&base.with_all(&settings)?));
    }
    let arms: Vec<Arm<'_>> = models.iter().map(|model| Arm { model, seed: SEED }).collect();
    // The unit value ignores all progress and never stops the experiment.
    let comparison = experiment::pair(&arms, 0..REPLICATIONS, &()).ok_or("stopped")?;
    println!("{:<22} {:>9} {:>18} {:>26}", "policy", "watched", "95% interval", "against the first");
    for (arm, (name, _)) in POLICIES.iter().enumerate() {
        let (Some(mean), Some(difference)) = (comparison.figure(arm, FIGURE), comparison.difference(arm, FIGURE))
        else {
            continue;
        };
        println!(
            "{name:<22} {:>9.0} {:>8.0} – {:<7.0} {:>+9.0} ({:+.0} to {:+.0})",
            mean.mean, mean.low, mean.high, difference.mean, difference.low, difference.high
        );
    }
    Ok(())
}
