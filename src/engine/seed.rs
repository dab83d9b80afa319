//! The seed of a run.

/// Seed and replication: the random numbers of a run depend on these and on the names in its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    /// The scenario's seed.
    pub seed: u64,
    /// The number of the replication; any two replications are independent.
    pub replication: u64,
}
