//! Individual servers: each with slots and a queue of its own, and a balancer in front of them.

use super::line::Line;
use super::server::Server;
use crate::policy::balancer::{self, Loads};
use crate::policy::queue;
use crate::random::{Key, Purpose};

/// The individual servers of a pool, by number.
pub struct Fleet {
    servers: Vec<Server<Line>>,
    /// By server: attempts queued and in service. Servers that have been removed take no new ones and are not eligible.
    loads: Loads,
    balancer: balancer::State,
}

impl Fleet {
    /// The servers of a pool, idle.
    pub fn new(settings: &queue::Fleet) -> Fleet {
        let mut fleet = Fleet { servers: Vec::new(), loads: Loads::new(0), balancer: balancer::State::default() };
        fleet.configure(settings);
        fleet
    }

    /// Puts new settings into force.
    ///
    /// Servers that go are those of the highest numbers: they take nothing new and finish what they hold. A server that
    /// comes has the lowest number that no server has, those that still finish included.
    pub fn configure(&mut self, settings: &queue::Fleet) {
        let serving = self.loads.eligible().count();
        let mut surplus = serving.saturating_sub(settings.servers.servers);
        for number in (0..self.len()).rev() {
            if surplus > 0 && self.loads.eligible().contains(number) {
                self.loads.set_eligible(number, false);
                surplus -= 1;
            }
        }
        let mut missing = settings.servers.servers.saturating_sub(serving);
        for number in 0..self.len() {
            if missing > 0 && !self.loads.eligible().contains(number) && self.servers[number as usize].is_idle() {
                self.servers[number as usize] = Server::default();
                self.loads.set_eligible(number, true);
                missing -= 1;
            }
        }
        self.servers.resize(self.servers.len() + missing as usize, Server::default());
        self.loads.resize(self.len());
        self.loads.index_least(settings.balancer.wants_least());
    }

    /// Bytes of the servers.
    pub fn bytes(&self) -> usize {
        self.servers.capacity() * size_of::<Server<Line>>()
    }

    /// Number of servers, those that only finish what they hold included.
    pub fn len(&self) -> u32 {
        self.servers.len() as u32
    }

    /// The server that an attempt with this key is sent to; `None` if no server takes new attempts.
    #[inline]
    pub fn choose(&mut self, settings: &queue::Fleet, key: Key) -> Option<u32> {
        let mut draws = key.draw(Purpose::Balance);
        settings.balancer.choose(&mut self.balancer, &self.loads, |_| draws.uniform())
    }

    /// A server by its number.
    #[inline]
    pub fn server(&mut self, number: u32) -> &mut Server<Line> {
        &mut self.servers[number as usize]
    }

    /// Notes that an attempt joined a server (`change` 1) or left it (`change` −1).
    #[inline]
    pub fn add_load(&mut self, number: u32, change: i32) {
        self.loads.add(number, change);
    }

    /// Attempts queued, attempts in service, and slots that answer, of all servers together.
    pub fn levels(&self) -> [u64; 3] {
        self.servers.iter().fold([0; 3], |sum, server| {
            let levels = server.levels();
            std::array::from_fn(|level| sum[level] + levels[level])
        })
    }
}
