//! Finds how many servers a drop needs: the smallest number with which the error rate stays below 1%.
//!
//! `cargo run --release --example how_many_servers`
//!
//! Each number of servers faces the same crowds, and is run until the interval of the figure excludes the bound.

use std::error::Error;

use dropstorm::scenario::Scenario;
use dropstorm::sweep::{self, Answer, Search};

const DROP: &str = r#"
title = "Sixty thousand people within minutes"
start = 2020-04-03T09:00:00Z
drop  = 2020-04-03T09:00:00Z
end   = 2020-04-03T09:20:00Z

[audience.fans]
viewers = 60_000
arrival = { exponential = { mean = "3 min" } }
journey = "watch"
client  = "app"

[journey.watch]
steps = [{ request = "play" }]

[pool.play]
servers = 20
service = { lognormal = { median = "50 ms", sigma = 0.5 } }
queue = { shared = { limit = 200 } }

[client.app]
timeout = "5 s"
retry = { attempts = 3, backoff = { exponential = { base = "1 s" } }, jitter = "full" }
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::parse("drop.toml", DROP)?;
    let search = Search::new(&scenario, "pool.play.servers=4..100", "error_rate.peak<1%")?.replications(5, 40);
    // The unit value ignores all progress and never stops the search.
    let finding = sweep::find(&search, &())?.ok_or("stopped")?;
    if let Answer::Smallest(edge) = &finding.answer {
        println!("{} servers keep the peak below 1%", edge.value.text);
        if let (Some(fails), Some(holds)) = (&edge.fails, &edge.holds) {
            println!("{} are certainly too few, {} certainly enough", fails.text, holds.text);
        }
    }
    for trial in &finding.trials {
        println!("{:>4} servers: {:.4} after {} runs, {:?}", trial.setting.text, trial.mean, trial.n, trial.verdict);
    }
    Ok(())
}
