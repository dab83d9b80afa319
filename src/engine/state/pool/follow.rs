//! The number of servers follows the autoscaler, from one boot to the next.

use super::{Pool, Servers};
use crate::units::Time;

/// What an autoscaler has changed at the servers of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// Interchangeable servers have other slots.
    Slots,
    /// No individual server has come or gone.
    Nothing,
    /// The individual server of this number has been added.
    One(u32),
    /// More than one server comes, or some go, which [`Pool::configure`] does.
    Many,
}

impl Pool<'_> {
    /// Brings the number of servers in line with the autoscaler, whose settings have not changed since. A server more costs no look
    /// at the others.
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
