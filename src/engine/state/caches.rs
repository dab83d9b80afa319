//! The caches of calls, each filled by a number of served calls.

use crate::model::Model;
use crate::policy::cache::{Per, Settings};
use crate::policy::pool;
use crate::units::Time;

/// A cache at work.
#[derive(Clone, Copy, Debug)]
struct Cache {
    /// Calls served since the cache was empty; infinite where the cache was full at the start.
    served: f64,
    /// Number of servers that had the number of its server before.
    incarnation: u32,
}

/// The server that makes a call.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// Index of the calling pool.
    pub pool: usize,
    /// Number of the server.
    pub server: u32,
    /// Number of servers that had this number before.
    pub incarnation: u32,
}

/// All caches: by calling pool, then by call, then by server or one for all. A pool without caches has no calls here.
pub struct Caches(Vec<Vec<Vec<Cache>>>);

impl Caches {
    /// The caches at the start of the window.
    pub fn new(model: &Model) -> Caches {
        Caches(model.epochs[0].settings.pools.iter().map(of_pool).collect())
    }

    /// The probability that the cache of a call knows the answer.
    pub fn knows(&mut self, set: &Settings, by: By, call: u16) -> f64 {
        set.knows(self.of(set, by, call).served)
    }

    /// Notes a served call.
    pub fn fill(&mut self, set: &Settings, by: By, call: u16) {
        self.of(set, by, call).served += 1.0;
    }

    /// The cache of a call. The cache of a server that was added during the run is made at its first use.
    fn of(&mut self, set: &Settings, by: By, call: u16) -> &mut Cache {
        let holders = &mut self.0[by.pool][usize::from(call)];
        let (number, incarnation) = match set.per {
            Per::Pool => (0, 0),
            Per::Server => (by.server as usize, by.incarnation),
        };
        let empty = Cache { served: 0.0, incarnation };
        if holders.len() <= number {
            holders.resize(number + 1, Cache { incarnation: 0, ..empty });
        }
        let cache = &mut holders[number];
        if cache.incarnation != incarnation {
            *cache = empty;
        }
        cache
    }

    /// Empties the caches of a call.
    pub fn empty(&mut self, pool: usize, call: usize) {
        self.0[pool][call].iter_mut().for_each(|cache| cache.served = 0.0);
    }

    /// Bytes of the caches.
    pub fn bytes(&self) -> usize {
        self.0.iter().flatten().map(|holders| holders.capacity() * size_of::<Cache>()).sum()
    }
}

/// The caches of the calls of a pool.
fn of_pool(pool: &pool::Settings) -> Vec<Vec<Cache>> {
    let calls = &pool.calls.calls;
    if calls.iter().all(|call| call.cache.is_none()) {
        return Vec::new();
    }
    let full = pool.servers_within_bounds(Time::START);
    let servers = pool.fleet.as_ref().map_or(1, |fleet| fleet.servers.number(full) as usize);
    let holders = |set: &Settings| {
        let count = if set.per == Per::Server { servers } else { 1 };
        vec![Cache { served: set.starts.served(), incarnation: 0 }; count]
    };
    calls.iter().map(|call| call.cache.as_ref().map_or_else(Vec::new, holders)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn caches(per: &str, pool: &str) -> (Caches, Settings) {
        let text = format!(
            "title = \"Cached\"\nstart = 2020-04-03T09:00:00Z\ndrop = 2020-04-03T09:00:00Z\nend = 2020-04-03T09:01:00Z\n[pool.api]\nservers = 2\nservice = \"1 ms\"\n\
             calls = [{{ pool = \"db\" }}, {{ pool = \"db\", cache = {{ hit = 1.0, fill = 10, per = \"{per}\" }} }}]\n\
             [pool.db]\nservers = 1\nservice = \"1 ms\"\n[audience.fans]\nviewers = 1\narrival = {{ exponential = {{ mean = \"1 s\" }} }}\njourney = \"ask\"\n\
             [journey.ask]\nsteps = [{{ request = \"api\" }}]\n"
        );
        let text = text.replacen("[pool.db]", &format!("{pool}\n[pool.db]"), 1);
        let model = Model::compile(&Scenario::parse("cached.toml", &text).unwrap());
        let set = model.epochs[0].settings.pools[0].calls.calls[1].cache.unwrap();
        (Caches::new(&model), set)
    }

    #[test]
    fn a_new_server_and_one_that_takes_the_number_of_another_begin_empty() {
        let (mut caches, set) = caches("server", "");
        let mut knows = |server, incarnation| caches.knows(&set, By { pool: 0, server, incarnation }, 1);
        assert_eq!([knows(0, 0), knows(1, 0)], [1.0; 2], "those of the start are full");
        assert_eq!([knows(2, 0), knows(5, 1)], [0.0; 2], "those that come are empty");
        assert_eq!([knows(1, 1), knows(0, 0)], [0.0, 1.0]);
    }

    #[test]
    fn all_servers_of_the_start_are_full_where_an_autoscaler_wants_more_than_the_file_states() {
        let autoscale = "[pool.api.autoscale]\nat_least = 3\nat_most = 9\nboot = '1 min'\n\
                         policy = { target = { metric = 'utilization', value = '60%' } }";
        let (mut caches, set) = caches("server", autoscale);
        let knows = [2, 3].map(|server| caches.knows(&set, By { pool: 0, server, incarnation: 0 }, 1));
        assert_eq!(knows, [1.0, 0.0]);
    }

    #[test]
    fn the_servers_of_a_pool_fill_one_cache_or_each_its_own() {
        let by = |server| By { pool: 0, server, incarnation: 0 };
        for (per, of_other) in [("pool", 1.0 - 1.0 / std::f64::consts::E), ("server", 0.0)] {
            let (mut caches, set) = caches(per, "");
            caches.empty(0, 1);
            (0..10).for_each(|_| caches.fill(&set, by(0), 1));
            assert!((caches.knows(&set, by(0), 1) - 0.632_120_558_8).abs() < 1e-9, "{per}");
            assert!((caches.knows(&set, by(1), 1) - of_other).abs() < 1e-9, "{per}");
        }
    }
}
