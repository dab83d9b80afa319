//! The roster of an autoscaled pool: which servers are up and which boot, by number, at full size.

use crate::policy::fleet::autoscale::{Integrals, Samples, Settings, State};

/// Phase in the life of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Absent,
    Booting,
    Up,
}

/// A server by its number.
#[derive(Clone, Copy, Debug)]
struct Member {
    phase: Phase,
    /// Number of times that the server has begun to boot.
    incarnation: u32,
}

/// A server that begins to boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boot {
    /// Number of the server within its pool.
    pub number: u32,
    /// Number of times that the server has begun to boot.
    pub incarnation: u32,
}

/// The servers of an autoscaled pool, and what its autoscaler remembers.
pub struct Roster {
    members: Vec<Member>,
    up: u64,
    booting: u64,
    /// State of the rule.
    pub state: State,
    /// Integrals of the metric at the last evaluations.
    pub samples: Samples,
    /// Number of restarts of the evaluations; an evaluation of an earlier version is stale.
    pub version: u32,
}

impl Roster {
    /// A pool with this number of servers, all of them up.
    pub fn of(settings: &Settings, servers: u64, present: Integrals) -> Box<Roster> {
        Box::new(Roster {
            members: vec![Member { phase: Phase::Up, incarnation: 0 }; servers as usize],
            up: servers,
            booting: 0,
            state: State::new(&settings.rule, servers),
            samples: Samples::new(settings.window, settings.delay, present),
            version: 0,
        })
    }

    /// Restarts the evaluations, under new settings.
    pub fn restart(&mut self, settings: &Settings, present: Integrals) {
        self.state = State::new(&settings.rule, self.wanted());
        self.samples = Samples::new(settings.window, settings.delay, present);
        self.version += 1;
    }

    /// Servers that are up, or being repaired.
    pub fn up(&self) -> u64 {
        self.up
    }

    /// Servers that boot.
    pub fn booting(&self) -> u64 {
        self.booting
    }

    /// Servers wanted.
    pub fn wanted(&self) -> u64 {
        self.up + self.booting
    }

    /// Removes servers until no more than `wanted` are left: booting servers first, then those of the highest numbers.
    pub fn shrink(&mut self, wanted: u64) {
        for phase in [Phase::Booting, Phase::Up] {
            for member in self.members.iter_mut().rev() {
                if self.up + self.booting <= wanted {
                    return;
                }
                if member.phase == phase {
                    member.phase = Phase::Absent;
                    *if phase == Phase::Up { &mut self.up } else { &mut self.booting } -= 1;
                }
            }
        }
    }

    /// Boots servers until there are `wanted`, each with the lowest unused number.
    pub fn grow(&mut self, wanted: u64, mut begins: impl FnMut(Boot)) {
        let mut number = 0;
        while self.up + self.booting < wanted {
            if self.members.len() == number {
                self.members.push(Member { phase: Phase::Absent, incarnation: 0 });
            }
            let member = &mut self.members[number];
            if member.phase == Phase::Absent {
                *member = Member { phase: Phase::Booting, incarnation: member.incarnation + 1 };
                self.booting += 1;
                begins(Boot { number: number as u32, incarnation: member.incarnation });
            }
            number += 1;
        }
    }

    /// Notes that a server has booted. False if the server was taken away in the meantime.
    pub fn booted(&mut self, Boot { number, incarnation }: Boot) -> bool {
        let member = &mut self.members[number as usize];
        let boots = member.phase == Phase::Booting && member.incarnation == incarnation;
        if boots {
            member.phase = Phase::Up;
            self.booting -= 1;
            self.up += 1;
        }
        boots
    }

    /// Bytes of the roster.
    pub fn bytes(&self) -> usize {
        self.members.capacity() * size_of::<Member>()
    }
}
