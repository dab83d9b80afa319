//! Policies: the rules by which queues, balancers and callers decide. One file for each mechanism.
//!
//! A file holds what the user writes, the state that the mechanism keeps, its rule, and their tests. A rule decides and
//! does nothing else: it knows neither the engine nor the recorder. What it needs to see (loads, waiting times, draws from
//! [0, 1), the time) is handed in, what happened is told to it, and what it decides is returned.

pub mod balancer;
pub mod caller;
pub mod choice;
pub mod queue;
pub mod virtual_clock;
