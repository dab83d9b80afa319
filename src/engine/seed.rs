//! The seed of a run.

/// What the random numbers of a run depend on, beside the names in its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    /// The scenario's seed.
    pub seed: u64,
    /// The number of the replication; any two replications are independent.
    pub replication: u64,
}
