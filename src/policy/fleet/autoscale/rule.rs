//! The rule of an autoscaler: the number of servers that it wants, evaluation by evaluation.
//!
//! With a target the steps are those of the Kubernetes horizontal pod autoscaler (v2, `horizontal.go`): advice from the
//! ratio of the metric to its target, tolerance, stabilization, rate limits, bounds.

use std::collections::VecDeque;

/// Rounding error of a quotient that should be a whole number.
const ROUNDING: f64 = 1e-9;

/// The aim of an autoscaler: a target, or bounds with steps.
#[derive(Clone, Debug, PartialEq)]
pub enum Aim {
    /// The target of the metric per server.
    Target(f64),
    /// Bounds with steps, each list from the nearest bound to the furthest.
    Steps {
        /// Bounds that are passed from below, each with the servers to add.
        above: Vec<(f64, Amount)>,
        /// Bounds that are passed from above, each with the servers to remove.
        below: Vec<(f64, Amount)>,
    },
}

/// A number of servers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// A number of servers.
    Servers(u64),
    /// A share of the servers.
    Share(f64),
}

impl Amount {
    /// The number of servers of a step: a share of `servers` is rounded toward zero, and is at least one server.
    fn of(self, servers: u64) -> u64 {
        match self {
            Amount::Servers(count) => count,
            Amount::Share(share) => ((servers as f64 * share * (1.0 + ROUNDING)).floor() as u64).max(1),
        }
    }
}

/// Limits of one direction, in which spans are numbers of evaluations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Distance of the metric from its target, as a share of the target, up to which nothing is done.
    pub tolerance: f64,
    /// Evaluations in a row that must find the metric beyond the tolerance.
    pub sustained: u64,
    /// Evaluations whose advice counts, the present one included.
    pub stabilization: usize,
    /// Evaluations after an action in which none follows in this direction.
    pub cooldown: u64,
    /// The largest change.
    pub pace: Option<Pace>,
}

/// The largest change of the number of servers in a time: the larger of a number and a share of the servers at its begin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Servers.
    pub servers: u64,
    /// Share of the servers, rounded up to at least one.
    pub share: f64,
    /// The time, in evaluations.
    pub per: usize,
}

impl Pace {
    /// The largest change of a number of servers. A share is at least one server, so that a fleet comes back from none.
    fn most(&self, servers: u64) -> u64 {
        let share = (servers as f64 * self.share * (1.0 - ROUNDING)).ceil() as u64;
        self.servers.max(share).max(u64::from(self.share > 0.0))
    }
}

/// The rule of an autoscaler.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Aim that decides the number of servers.
    pub aim: Aim,
    /// Limits of adding servers.
    pub out: Limits,
    /// Limits of removing servers; `None` where servers are never removed.
    pub inward: Option<Limits>,
}

/// The input of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Servers that are up.
    pub up: u64,
    /// Servers that boot.
    pub booting: u64,
    /// Servers wanted so far: those that are up, boot or are being repaired.
    pub wanted: u64,
    /// The metric summed over the servers; `None` while it is not known.
    pub total: Option<f64>,
    /// The mean of the metric over the servers that were up; `None` if it is not known or none were.
    pub mean: Option<f64>,
    /// Whether an attempt waits.
    pub waiting: bool,
    /// The fewest servers.
    pub at_least: u64,
    /// The most servers.
    pub at_most: u64,
}

/// Advice of one evaluation, before it is stabilized and limited.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Advice {
    /// Servers wanted.
    servers: u64,
    /// Whether the metric itself is beyond the tolerance, upwards and downwards.
    beyond: [bool; 2],
}

/// The state of an autoscaler.
#[derive(Clone, Debug)]
pub struct State {
    /// Number of evaluations.
    evaluations: u64,
    /// Evaluations in a row with the metric beyond the tolerance, upwards and downwards.
    beyond: [u64; 2],
    /// The evaluation of the last action, out and in.
    acted: [Option<u64>; 2],
    /// Advice of the last evaluations, the newest last.
    advice: VecDeque<u64>,
    /// Servers wanted after the last evaluations, the newest last.
    wanted: VecDeque<u64>,
}

impl State {
    /// The state before the first evaluation, with `wanted` servers.
    pub fn new(rule: &Rule, wanted: u64) -> State {
        let both = || [Some(&rule.out), rule.inward.as_ref()].into_iter().flatten();
        let advice = both().map(|limits| limits.stabilization).max().unwrap_or(1);
        let counts = both().filter_map(|limits| limits.pace).map(|pace| pace.per).max().unwrap_or(1);
        let mut state = State {
            evaluations: 0,
            beyond: [0; 2],
            acted: [None; 2],
            advice: VecDeque::with_capacity(advice.max(1) + 1),
            wanted: VecDeque::with_capacity(counts.max(1) + 1),
        };
        state.wanted.push_back(wanted);
        state
    }

    /// Notes that a `[[change]]` set the number of servers, which is no action of the autoscaler and uses up no limit.
    pub fn set(&mut self, wanted: u64) {
        self.wanted.clear();
        self.wanted.push_back(wanted);
    }

    /// The number of servers that are wanted from this evaluation on.
    pub fn evaluate(&mut self, rule: &Rule, seen: &Seen) -> u64 {
        self.evaluations += 1;
        let advice = rule.advice(seen);
        for (run, beyond) in self.beyond.iter_mut().zip(advice.beyond) {
            *run = if beyond { *run + 1 } else { 0 };
        }
        let sustained = |limits: Option<&Limits>, run: u64| limits.is_some_and(|limits| run >= limits.sustained);
        let advised = match advice.servers.cmp(&seen.wanted) {
            std::cmp::Ordering::Greater if sustained(Some(&rule.out), self.beyond[0]) || seen.is_awaited() => {
                advice.servers
            }
            std::cmp::Ordering::Less if sustained(rule.inward.as_ref(), self.beyond[1]) => advice.servers,
            _ => seen.wanted,
        };
        let wanted = self.limited(rule, seen, self.stabilized(rule, seen, advised));
        self.remember(rule, advised, wanted, seen.wanted);
        wanted
    }

    /// Stabilizes the advice: the least advice of its window counts for adding servers, the greatest for removing them.
    fn stabilized(&self, rule: &Rule, seen: &Seen, advised: u64) -> u64 {
        let recent = |limits: &Limits| self.advice.iter().rev().take(limits.stabilization.saturating_sub(1)).copied();
        let least = recent(&rule.out).fold(advised, u64::min);
        let greatest = rule.inward.as_ref().map_or(u64::MAX, |limits| recent(limits).fold(advised, u64::max));
        seen.wanted.max(least).min(greatest)
    }

    /// A number of servers within the limits of rate, the pauses after actions, and the bounds.
    fn limited(&self, rule: &Rule, seen: &Seen, servers: u64) -> u64 {
        let rests = |limits: &Limits, acted: Option<u64>| {
            acted.is_some_and(|acted| self.evaluations < acted.saturating_add(limits.cooldown))
        };
        let before = |pace: Pace| self.wanted[self.wanted.len().saturating_sub(pace.per.max(1))];
        let servers = match (servers.cmp(&seen.wanted), &rule.inward) {
            (std::cmp::Ordering::Greater, _) if rests(&rule.out, self.acted[0]) => seen.wanted,
            (std::cmp::Ordering::Greater, _) => rule.out.pace.map_or(servers, |pace| {
                let start = before(pace);
                servers.min(start.saturating_add(pace.most(start)).max(seen.wanted))
            }),
            (std::cmp::Ordering::Less, Some(limits)) if rests(limits, self.acted[1]) => seen.wanted,
            (std::cmp::Ordering::Less, Some(Limits { pace: Some(pace), .. })) => {
                let start = before(*pace);
                servers.max(start.saturating_sub(pace.most(start)).min(seen.wanted))
            }
            _ => servers,
        };
        servers.max(seen.at_least).min(seen.at_most)
    }

    fn remember(&mut self, rule: &Rule, advised: u64, wanted: u64, before: u64) {
        push(&mut self.advice, advised, rule.longest(|limits| limits.stabilization));
        push(&mut self.wanted, wanted, rule.longest(|limits| limits.pace.map_or(1, |pace| pace.per)));
        match wanted.cmp(&before) {
            std::cmp::Ordering::Greater => self.acted[0] = Some(self.evaluations),
            std::cmp::Ordering::Less => self.acted[1] = Some(self.evaluations),
            std::cmp::Ordering::Equal => {}
        }
    }
}

/// Appends to a list of which the last `most` count.
fn push(list: &mut VecDeque<u64>, value: u64, most: usize) {
    if list.len() >= most.max(1) {
        list.pop_front();
    }
    list.push_back(value);
}

impl Seen {
    /// Whether an attempt waits while no server is up or boots, which needs a server whatever the metric says.
    fn is_awaited(&self) -> bool {
        self.waiting && self.up + self.booting == 0
    }
}

impl Rule {
    /// The longest of a number of evaluations over both directions.
    fn longest(&self, of: impl Fn(&Limits) -> usize) -> usize {
        [Some(&self.out), self.inward.as_ref()].into_iter().flatten().map(of).max().unwrap_or(1)
    }

    fn advice(&self, seen: &Seen) -> Advice {
        let mut advice = match &self.aim {
            Aim::Target(target) => self.towards(*target, seen),
            Aim::Steps { above, below } => stepped(above, below, seen),
        };
        if seen.is_awaited() {
            advice.servers = advice.servers.max(1);
        }
        advice
    }

    /// Advice by the ratio of the metric to its target.
    fn towards(&self, target: f64, seen: &Seen) -> Advice {
        let hold = Advice { servers: seen.wanted, beyond: [false; 2] };
        let Some(total) = seen.total else { return hold };
        let servers = total / target;
        let [out, inward] =
            [Some(&self.out), self.inward.as_ref()].map(|limits| limits.map_or(f64::INFINITY, |l| l.tolerance));
        let is_beyond = |ratio: f64| [ratio - 1.0 > out + ROUNDING, 1.0 - ratio > inward + ROUNDING];
        // Without a server there is no mean: any load is above the target, no load is below it.
        let ratio = |count: u64| match count {
            0 if servers > 0.0 => f64::INFINITY,
            0 => 1.0,
            count => servers / count as f64,
        };
        let raw = ratio(seen.up);
        let acts = if raw > 1.0 && seen.booting > 0 {
            is_beyond(ratio(seen.up + seen.booting)) == [true, false]
        } else {
            is_beyond(raw) != [false; 2]
        };
        let wanted = (servers * (1.0 - ROUNDING)).ceil() as u64;
        Advice { servers: if acts { wanted } else { seen.wanted }, beyond: is_beyond(raw) }
    }
}

/// Advice by bounds, of which the furthest that is passed holds.
fn stepped(above: &[(f64, Amount)], below: &[(f64, Amount)], seen: &Seen) -> Advice {
    let Some(mean) = seen.mean else { return Advice { servers: seen.wanted, beyond: [false; 2] } };
    let up = above.iter().rev().find(|(bound, _)| mean > *bound);
    let down = below.iter().rev().find(|(bound, _)| mean < *bound);
    let servers = match (up, down) {
        // Booting servers count towards the step.
        (Some((_, add)), _) => {
            let in_place = seen.wanted.saturating_sub(seen.booting);
            seen.wanted.max(in_place.saturating_add(add.of(in_place)))
        }
        (None, Some((_, remove))) => seen.wanted.saturating_sub(remove.of(seen.wanted)),
        (None, None) => seen.wanted,
    };
    Advice { servers, beyond: [up.is_some(), down.is_some()] }
}

#[cfg(test)]
mod tests;
