//! The identity of a model: equal numbers for models that are the same simulation.

use std::collections::hash_map::DefaultHasher;
use std::fmt::{self, Write};
use std::hash::Hasher;

use super::{Arrivals, Cohort, Epoch, Model, Settings};

/// A writer that keeps the hash of what was written.
struct Hashed(DefaultHasher);

impl Write for Hashed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

impl Model {
    /// A hash of the simulation: equal for two models whose runs are the same event by event and are judged by the same bounds,
    /// and different for others except with probability 2^−64. The number of servers at full size, which only reports state,
    /// is left out unless the pool is autoscaled.
    pub fn identity(&self) -> u64 {
        let mut hashed = Hashed(DefaultHasher::new());
        // Writing to a hasher cannot fail.
        let _ = self.write_run(&mut hashed);
        if let Some(without) = &self.without_trigger {
            let _ = Model::compile(without).write_run(&mut hashed);
        }
        hashed.0.finish()
    }

    /// Writes everything that decides a run, without the run without its trigger. No pattern has `..`, so that a new field cannot
    /// be forgotten.
    fn write_run(&self, into: &mut Hashed) -> fmt::Result {
        let Model {
            end,
            drop,
            interval,
            measured,
            scale,
            cohorts,
            cells,
            regions: _,
            pools: _,
            requests,
            drops,
            releases,
            region_names,
            waiting_rooms,
            pool_names,
            pools_by_name: _,
            pool_ranks: _,
            room_ranks: _,
            epochs,
            harm,
            thresholds,
            without_trigger: _,
        } = self;
        write!(into, "{end:?}{drop:?}{interval:?}{measured:?}{scale:?}{cells:?}{requests:?}{drops:?}{releases:?}")?;
        write!(into, "{region_names:?}{waiting_rooms:?}{pool_names:?}{harm:?}{thresholds:?}")?;
        cohorts.iter().try_for_each(|cohort| write_cohort(cohort, into))?;
        epochs.iter().try_for_each(|epoch| write_epoch(epoch, into))
    }
}

fn write_cohort(cohort: &Cohort, into: &mut Hashed) -> fmt::Result {
    let Cohort { region, journey, names, arrivals, even, already } = cohort;
    write!(into, "{region:?}{journey:?}{names:?}{even:?}{already:?}")?;
    // A trace may have millions of bins, which are hashed as numbers, not as text.
    let Arrivals::Trace(bins) = arrivals else { return write!(into, "{arrivals:?}") };
    for bin in bins {
        into.0.write_i64(bin.from.0);
        into.0.write_i64(bin.width.0);
        into.0.write_u64(bin.count.to_bits());
    }
    Ok(())
}

fn write_epoch(epoch: &Epoch, into: &mut Hashed) -> fmt::Result {
    let Epoch { at, settings, empties } = epoch;
    let Settings { pools, clients, journeys, waiting_rooms, regions, mixes } = settings;
    write!(into, "{at:?}{empties:?}{clients:?}{journeys:?}{waiting_rooms:?}{regions:?}{mixes:?}")?;
    pools.iter().try_for_each(|pool| pool.write_identity(into))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    const BASE: &str = r#"
        title = "Identities"
        start = 2020-04-03T09:00:00Z
        drop = 2020-04-03T09:00:00Z
        end = 2020-04-03T09:10:00Z
        scale = 0.1
        force_scale = true
        trigger = ["audience.crowd"]
        [harm]
        wait = "30 s"
        [audience.crowd]
        viewers = 10_000
        arrival = { exponential = { mean = "1 min" } }
        journey = "watch"
        [audience.stream]
        rate = "1/s"
        journey = "watch"
        [journey.watch]
        steps = [{ request = "api" }]
        [pool.api]
        servers = 1_001
        service = "50 ms"
        failure = "1%"
        rate_limit = { token_bucket = { rate = "500/s", burst = 100 } }
        shed = { wait = { above = "500 ms" } }
        concurrency_limit = { aimd = { initial = 20, max = 200 } }
        retry_after = "5 s"
        "#;

    /// The identity of the base with one value set.
    fn identity(path: &str, value: &str) -> u64 {
        let scenario = Scenario::parse("identity.toml", BASE).unwrap_or_else(|errors| panic!("{errors}"));
        let changed = scenario.with_all(&[(path.to_owned(), value.to_owned())]);
        Model::compile(&changed.unwrap_or_else(|errors| panic!("{path}: {errors}"))).identity()
    }

    #[test]
    fn whatever_decides_a_run_or_its_figures_makes_it_another_simulation() {
        let settings = [
            ("pool.api.service", "\"51 ms\""),
            ("pool.api.failure", "0.02"),
            ("pool.api.rate_limit.token_bucket.rate", "\"501/s\""),
            ("pool.api.shed.wait.above", "\"600 ms\""),
            ("pool.api.concurrency_limit.aimd.max", "201"),
            ("pool.api.retry_after", "\"6 s\""),
            ("harm.wait", "\"31 s\""),
            ("trigger", "[\"audience.stream\"]"),
            ("audience.crowd.viewers", "10_010"),
            // The base itself.
            ("pool.api.servers", "1_001"),
        ];
        let identities = settings.map(|(path, value)| identity(path, value));
        for (index, one) in identities.iter().enumerate() {
            let twin = identities[index + 1..].iter().position(|other| other == one);
            assert_eq!(
                twin.map(|twin| settings[index + 1 + twin]),
                None,
                "the same simulation as {:?}",
                settings[index]
            );
        }
    }

    #[test]
    fn what_a_scale_rounds_to_the_same_is_the_same_simulation() {
        let text = BASE.replace("concurrency_limit = { aimd = { initial = 20, max = 200 } }", "");
        let of = |servers: &str| {
            let scenario = Scenario::parse("identity.toml", &text.replace("1_001", servers));
            Model::compile(&scenario.unwrap_or_else(|errors| panic!("{errors}"))).identity()
        };
        assert_eq!(of("1_001"), of("1_002"));
        assert_ne!(of("1_001"), of("1_010"));
    }
}
