//! Brings the servers of a pool in line with its autoscaler.

use super::{Pool, Servers};
use crate::units::Time;

/// The change of a pool's servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// The number of slots of interchangeable servers has changed.
    Slots,
    /// No individual server has come or gone.
    Nothing,
    /// The individual server of this number has been added.
    One(u32),
    /// Several servers come or some go; [`Pool::configure`] is needed.
    Many,
}

impl Pool<'_> {
    /// Brings the number of servers in line with the autoscaler, under unchanged settings. The cost of one added server
    /// does not depend on the number of servers.
    pub fn follow_roster(&mut self, now: Time) -> Followed {
        self.full = self.roster.as_ref().map_or(self.settings.servers(), |roster| roster.up());
        self.slots = self.settings.slots_of(self.full).count;
        let (Servers::Individual(fleet), Some(of)) = (&mut self.servers, &self.settings.fleet) else {
            return Followed::Slots;
        };
        let wanted = of.servers.number(self.full);
        if fleet.has(wanted) {
            return Followed::Nothing;
        }
        if !fleet.lacks_one(of, wanted) {
            return Followed::Many;
        }
        let server = fleet.add(self.settings, of, now);
        if let Some(cores) = &mut self.cores {
            cores.grow(fleet.len());
        }
        Followed::One(server)
    }
}
