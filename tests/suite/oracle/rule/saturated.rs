//! Saturated: a pool of which every slot is busy while somebody waits, or that has no server.

use crate::oracle::table::{Range, Scope, Table};

/// The intervals in which a pool is saturated.
#[derive(Clone, Debug, Default)]
pub struct Saturation {
    /// Whether each interval is full: all slots busy, and somebody waits or is turned away.
    pub full: Vec<bool>,
    /// Whether the pool has no server in the interval while something is asked of it.
    pub no_server: Vec<bool>,
    /// Whether the pool has no server in the interval, whoever asks.
    pub without: Vec<bool>,
}

/// The saturation of a pool; `None` where the table has no such pool.
pub fn saturation(table: &Table, pool: &str) -> Option<Saturation> {
    let scope = Scope::pool(pool);
    let column = |name: &str| table.column(&scope, name);
    let (busy, queue, servers) = (column("utilization")?, column("queue_mean")?, column("servers")?);
    let asked = column("attempts")?;
    let turned_away: Vec<Vec<f64>> = ["rejected", "shed", "limited"].iter().filter_map(|name| column(name)).collect();
    let wants = |index: usize| queue[index] > 0.0 || turned_away.iter().any(|column| column[index] > 0.0);
    Some(Saturation {
        full: (0..busy.len()).map(|index| busy[index] >= 0.98 - 1e-6 && wants(index)).collect(),
        no_server: (0..busy.len())
            .map(|index| servers[index] == 0.0 && (asked[index] > 0.0 || queue[index] > 0.0))
            .collect(),
        without: servers.iter().map(|servers| *servers == 0.0).collect(),
    })
}

impl Saturation {
    /// Intervals in a range in which the pool is full or has no server.
    pub fn intervals(&self, range: &Range) -> usize {
        range.clone().filter(|index| self.full[*index] || self.no_server[*index]).count()
    }
}
