//! The deadlines that attempts carry to their pools.

use super::viewer::NEVER;
use crate::model::Model;
use crate::units::Time;

/// The deadline of each attempt. No memory is used where no client propagates deadlines.
pub struct Deadlines {
    /// Whether some settings propagate deadlines; if not, the methods are not called.
    pub used: bool,
    /// By attempt's row.
    times: Vec<Time>,
}

impl Deadlines {
    /// No deadlines.
    pub fn new(model: &Model) -> Deadlines {
        let mut clients = model.epochs.iter().flat_map(|epoch| &epoch.settings.clients);
        Deadlines { used: clients.any(|client| client.propagates_deadline), times: Vec::new() }
    }

    /// Bytes of the deadlines.
    pub fn bytes(&self) -> usize {
        self.times.capacity() * size_of::<Time>()
    }

    /// The deadline of an attempt; [`NEVER`] if it carries none.
    pub fn of(&self, attempt: u32) -> Time {
        self.times.get(attempt as usize).copied().unwrap_or(NEVER)
    }

    /// Sets the deadline of an attempt that is sent.
    pub fn set(&mut self, attempt: u32, deadline: Time) {
        let index = attempt as usize;
        if index >= self.times.len() {
            self.times.resize(index + 1, NEVER);
        }
        self.times[index] = deadline;
    }
}
