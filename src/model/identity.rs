//! The identity of a model: equal numbers for models that are the same simulation.

use std::collections::hash_map::DefaultHasher;
use std::fmt::{self, Write};
use std::hash::Hasher;

use super::{Arrivals, Model};

/// A writer that keeps the hash of what was written.
struct Hashed(DefaultHasher);

impl Write for Hashed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

impl Model {
    /// A hash of the simulation: equal for two models whose runs are the same event by event, and different for others
    /// except with probability 2^−64. The number of servers at full size, which only reports state, is left out unless
    /// the pool is autoscaled.
    pub fn identity(&self) -> u64 {
        let mut hashed = Hashed(DefaultHasher::new());
        // Writing to a hasher cannot fail.
        let _ = self.write_identity(&mut hashed);
        hashed.0.finish()
    }

    fn write_identity(&self, into: &mut Hashed) -> fmt::Result {
        write!(into, "{:?}{:?}{:?}{:?}{:?}", self.end, self.drop, self.interval, self.measured, self.scale)?;
        write!(into, "{:?}{:?}{:?}{:?}", self.cells, self.requests, self.drops, self.region_names)?;
        write!(into, "{:?}{:?}", self.thresholds, self.pool_names)?;
        for cohort in &self.cohorts {
            write!(into, "{:?}{:?}{:?}{:?}", cohort.region, cohort.journey, cohort.names, cohort.already)?;
            into.0.write_u8(u8::from(cohort.even));
            match &cohort.arrivals {
                // A trace may have millions of bins, which are hashed as numbers, not as text.
                Arrivals::Trace(bins) => {
                    for bin in bins {
                        into.0.write_i64(bin.from.0);
                        into.0.write_i64(bin.width.0);
                        into.0.write_u64(bin.count.to_bits());
                    }
                }
                other => write!(into, "{other:?}")?,
            }
        }
        for epoch in &self.epochs {
            let settings = &epoch.settings;
            write!(into, "{:?}{:?}{:?}{:?}", epoch.at, settings.clients, settings.journeys, settings.regions)?;
            write!(into, "{:?}{:?}{:?}", settings.mixes, self.waiting_rooms, settings.waiting_rooms)?;
            for pool in &settings.pools {
                write!(into, "{:?}{:?}{:?}{:?}", pool.slots.count, pool.service, pool.queue, pool.fleet)?;
                write!(into, "{:?}{:?}{:?}{:?}", pool.timers, pool.abandoned, pool.turn_away, pool.failure)?;
                write!(into, "{:?}", pool.calls)?;
                if let Some(autoscale) = &pool.autoscale {
                    write!(into, "{autoscale:?}{}", pool.servers())?;
                }
            }
        }
        Ok(())
    }
}
