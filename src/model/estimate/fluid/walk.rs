//! One group on its way through its journey, in one step of time.

mod stays;

use super::place::{Place, Room, Stay};
use super::sums::Sums;
use super::tick::Tick;
use crate::model::estimate::caller::{Caller, Fate};
use crate::model::estimate::group::Group;
use crate::model::estimate::guard::{Guard, Heard, Share};
use crate::model::estimate::hold::Hold;

/// Most rounds in which the flow of returns settles.
const RETURNS: usize = 3;

/// One pass of a group through its journey.
struct Passing<'a> {
    tick: Tick<'a>,
    /// Sums that the pass adds to; `None` while the flow of returns is sought.
    sums: Option<&'a mut Sums>,
    /// People who go back to each step.
    back: Vec<f64>,
    gave_up: f64,
    events: f64,
}

/// A group and where its people are.
pub struct Walker<'m> {
    caller: Caller<'m>,
    places: Vec<Place>,
    /// For each place, the place to which people go on instead of the next, and the share of them.
    turns: Vec<Option<(usize, f64)>>,
    /// Index in `inside` of the first stage of each step; the last entry is that of people who are away.
    first: Vec<usize>,
    /// People by stage.
    inside: Vec<f64>,
    /// People by stage after the step of time.
    after: Vec<f64>,
    /// People who return to each step, in the step of time before.
    returns: Vec<f64>,
    away: Option<Hold>,
    /// People between two attempts.
    pausing: f64,
    /// Most people who may be in one place in the step of time.
    crowd: f64,
    /// The client's protections, where the people of a region share them.
    guard: Guard,
    /// Actions of the apps in the step of time.
    heard: Heard,
    /// Requests of one person per second, in a journey that repeats or turns back.
    pace: f64,
    /// Share of the time in which streams play.
    speed: f64,
}

impl<'m> Walker<'m> {
    /// A group whose people are where they were before, or where they are at the start.
    pub fn new(
        group: &Group,
        caller: Caller<'m>,
        (places, turns): (Vec<Place>, Vec<Option<(usize, f64)>>),
        before: Option<&Walker<'m>>,
        (regions, horizon): (f64, f64),
    ) -> Walker<'m> {
        let mut first = vec![0];
        for place in &places {
            let stages = if let Place::Stay(stay) = place { stay.hold.stages } else { 1 };
            first.push(first[first.len() - 1] + stages);
        }
        let come_back = caller.settings().come_back.as_ref().map(|come_back| come_back.expected().delay / 1e9);
        let away = come_back.map(|delay| Hold { mean: delay.clamp(1e-9, horizon), stages: 1 });
        let stages = first[first.len() - 1] + 1;
        let mut inside = before.map_or_else(|| vec![0.0; stages], |before| before.inside.clone());
        // A change keeps the number of stages unless it changes a law.
        inside.resize(stages, 0.0);
        if before.is_none() {
            for (step, people) in group.inside.iter().enumerate() {
                let of_step = first[step]..first[step + 1];
                let each = people / of_step.len() as f64;
                inside[of_step].fill(each);
            }
        }
        let returns = vec![0.0; places.len() + 1];
        let guard = before.map_or_else(|| Guard::new(regions), |before| before.guard);
        let (after, pace) = (inside.clone(), before.map_or(0.0, |before| before.pace));
        Walker {
            caller,
            places,
            turns,
            first,
            after,
            inside,
            returns,
            away,
            pausing: 0.0,
            crowd: 0.0,
            guard,
            heard: Heard::default(),
            pace,
            speed: 1.0,
        }
    }

    /// People inside or away.
    pub fn people(&self) -> f64 {
        self.inside.iter().sum()
    }

    /// People with an event of their own: in a stay, a wait, a pause, or away.
    pub fn moving(&self) -> f64 {
        let asking = |step: &usize| matches!(self.places.get(*step), Some(Place::Ask { .. }));
        let asks: f64 = (0..self.places.len()).filter(asking).map(|step| self.inside[self.first[step]]).sum();
        self.people() - asks + self.pausing
    }

    /// The app's timeout in seconds.
    pub fn timeout(&self) -> Option<f64> {
        self.caller.settings().timeout.span().map(|span| span.seconds())
    }

    /// Mean patience in seconds, and the share of requests whose patience may end within `bound` seconds.
    pub fn patience_watched(&self, bound: f64) -> (f64, f64) {
        match &self.caller.settings().patience {
            None => (0.0, 0.0),
            Some(patience) => (self.caller.patience(), patience.law().cdf(bound.min(1e18) * 1e9)),
        }
    }

    /// Mean delay of a report in seconds.
    pub fn report_delay(&self) -> f64 {
        self.caller.settings().report.as_ref().map_or(0.0, |report| (report.expected().1 / 1e9).min(1e9))
    }

    fn people_in(&self, step: usize) -> f64 {
        self.inside[self.first[step]..self.first[step + 1]].iter().sum()
    }

    /// Ends a step of `dt` seconds in which `coming` people came. The number of people is bounded by those who came,
    /// also in a loop that takes no time.
    pub fn commit(&mut self, coming: f64, dt: f64) {
        let (most, now) = (self.people() + coming.max(0.0), self.after.iter().sum::<f64>());
        let part = if now > most * (1.0 + 1e-9) { most / now } else { 1.0 };
        self.inside.iter_mut().zip(&self.after).for_each(|(inside, after)| *inside = after * part);
        if self.caller.shares_protections() {
            self.guard.learn(self.caller.settings(), self.heard, dt);
        }
        // Whoever comes back finds what protections remember.
        let goes_round = self.away.is_some() || self.turns.iter().any(Option::is_some);
        self.pace = if goes_round && most > 0.0 { self.heard.first / (dt * most) } else { 0.0 };
    }

    /// Walks for a step of time and adds to the sums.
    pub fn walk(&mut self, tick: Tick<'_>, sums: &mut Sums) {
        let loops = self.turns.iter().any(Option::is_some);
        if loops {
            self.settle(tick);
        }
        let returns = std::mem::take(&mut self.returns);
        self.returns = self.pass(tick, &returns, Some(sums));
        if loops {
            self.returns = returns;
        }
    }

    /// Finds the fixed point of the flow of returns. Every flow of the step of time is linear in it.
    fn settle(&mut self, tick: Tick<'_>) {
        let nothing = vec![0.0; self.returns.len()];
        let base = self.pass(tick, &nothing, None);
        let mut flow: Vec<f64> = base.iter().map(|flow| flow.max(1e-12)).collect();
        for _ in 0..RETURNS {
            let brought = self.pass(tick, &flow, None);
            for ((flow, brought), base) in flow.iter_mut().zip(&brought).zip(&base) {
                let again = ((brought - base) / *flow).clamp(0.0, 1.0 - 1e-12);
                *flow = if *brought > 0.0 { (base / (1.0 - again)).max(1e-12) } else { 0.0 };
            }
        }
        self.returns = flow;
    }

    /// Lets everybody go on for the step of time; returns how many go back to each step by `then`.
    fn pass(&mut self, tick: Tick<'_>, returns: &[f64], sums: Option<&mut Sums>) -> Vec<f64> {
        let mut on = Passing { tick, sums, back: vec![0.0; returns.len()], gave_up: 0.0, events: 0.0 };
        let last = self.inside.len() - 1;
        let mut flow = tick.coming;
        self.pausing = 0.0;
        self.heard = Heard::default();
        self.crowd = self.people() + tick.coming;
        if let Some(away) = self.away {
            let home = away.pass(&self.inside[last..], &mut self.after[last..], 0.0, tick.dt);
            flow += home;
            on.events += home;
        }
        for (step, returning) in returns.iter().enumerate().take(self.places.len()) {
            // A waiting room does not hold those whom it has admitted before.
            let admitted = if matches!(self.places[step], Place::Enter(_)) { *returning } else { 0.0 };
            flow += returning - admitted;
            flow = admitted
                + match self.places[step] {
                    Place::Stay(stay) => self.stay(step, flow, stay, &mut on),
                    Place::Wait { drop, spread } => self.wait(step, flow, (drop, spread), &mut on),
                    Place::Enter(room) => self.room(step, flow, room, &mut on),
                    Place::Pause(pause) => self.stay(step, flow, Stay::of(pause.at(tick.until())), &mut on),
                    Place::Ask { calls, optional } => self.ask(step, flow, (calls, optional), &mut on),
                };
            if let Some((target, share)) = self.turns[step] {
                on.back[target] += flow * share;
                flow *= 1.0 - share;
            }
        }
        let again = self.caller.settings().come_back.as_ref().map_or(0.0, |come_back| come_back.expected().again(1.0));
        self.after[last] += if self.away.is_some() { on.gave_up * again } else { 0.0 };
        if let Some(sums) = on.sums {
            sums.events += on.events;
        }
        on.back
    }

    /// Passes a wait for the drop; returns how many go on to the next step.
    fn wait(&mut self, step: usize, coming: f64, (drop, spread): (f64, f64), on: &mut Passing<'_>) -> f64 {
        let stage = self.first[step];
        let before = self.inside[stage];
        let released = on.tick.until() > drop;
        let stays = if released { before / (1.0 + on.tick.dt / spread) } else { before + coming };
        self.after[stage] = stays;
        on.events += (before - stays).max(0.0);
        if released { coming + before - stays } else { 0.0 }
    }

    /// Passes a waiting room; returns how many go on to the next step.
    fn room(&mut self, step: usize, coming: f64, room: Room, on: &mut Passing<'_>) -> f64 {
        let (dt, stage) = (on.tick.dt, self.first[step]);
        let waiting = self.inside[stage] + coming;
        let most = if room.inside.is_finite() {
            // Whoever leaves makes room for the next one.
            let within = self.inside[self.first[step + 1]..self.first[self.places.len()]].iter().sum::<f64>();
            (room.inside - within).max(0.0) + room.inside * dt / self.passage(step + 1, on.tick)
        } else {
            f64::INFINITY
        };
        let admitted = if on.tick.until() > room.opens { waiting.min(room.rate * dt).min(most) } else { 0.0 };
        let stay = (waiting - admitted) / (1.0 + dt / room.patience);
        let left = waiting - admitted - stay;
        self.after[stage] = stay;
        on.gave_up += left;
        on.events += admitted + left;
        if let (Some(every), Some(sums)) = (room.every, &mut on.sums) {
            let polls = stay * dt / every;
            on.events += polls;
            sums.send(on.tick, step, polls, None);
        }
        admitted
    }

    /// Seconds that the places from one on take in the mean.
    fn passage(&self, from: usize, tick: Tick<'_>) -> f64 {
        let now = tick.from;
        let (mut seconds, mut rounds) = (0.0, 1.0);
        for (step, place) in self.places.iter().enumerate().skip(from) {
            seconds += match place {
                Place::Stay(stay) => stay.at(self.speed).whole().min(((stay.until - now) / 1e9).max(0.0)),
                Place::Wait { drop, spread } => ((drop - now) / 1e9).max(0.0) + spread,
                Place::Ask { calls, .. } => {
                    let fate = self.fate(step, tick);
                    self.caller.request(&fate, self.share(&fate, *calls)).seconds * calls
                }
                Place::Enter(_) => 0.0,
                Place::Pause(pause) => {
                    rounds = 1.0 / (1.0 - self.turns[step].map_or(0.0, |(_, again)| again)).max(1e-9);
                    pause.at(now).mean
                }
            };
        }
        (seconds * rounds).max(1e-9)
    }

    /// Passes the calls of a step; returns how many go on to the next step.
    fn ask(&mut self, step: usize, coming: f64, (calls, optional): (f64, bool), on: &mut Passing<'_>) -> f64 {
        let stage = self.first[step];
        let fate = self.fate(step, on.tick);
        let share = self.share(&fate, calls);
        let request = self.caller.request(&fate, share);
        let seconds = (request.seconds * calls).max(1e-9);
        let asks = (self.inside[stage] + coming) / (1.0 + on.tick.dt / seconds);
        let done = self.inside[stage] + coming - asks;
        self.after[stage] = asks;
        let flow = if optional { done } else { done * libm::pow(request.success, calls) };
        on.gave_up += done - flow;
        let under_way = (request.attempts * fate.sojourn / request.seconds.max(1e-12)).min(1.0);
        self.pausing += asks * (1.0 - under_way);
        // Each attempt after the first follows a pause of the app or a delay of its person.
        on.events += done * calls * (request.tries - 1.0).max(0.0);
        self.heard.add(request.heard(done * calls, &fate, self.caller.timeout()));
        if let Some(sums) = &mut on.sums {
            let index = on.tick.index;
            // The first attempt goes out as people come, all others on the way.
            let sent = (coming * share.sent + done * (calls * request.attempts - share.sent)).max(0.0);
            // However often people go round, none of them is in a queue twice.
            sums.send(on.tick, step, sent, Some((asks + done).min(self.crowd)));
            sums.requests_of[index] += done * calls * (1.0 + request.refreshes);
            let report = self.caller.settings().report.as_ref().map_or(0.0, |report| report.expected().0);
            let reports = done * (1.0 - libm::pow(1.0 - request.error, calls)) * report;
            sums.reports_of[index] += reports;
            on.events += reports;
        }
        flow
    }

    /// The share that the client's protections let through of `calls` requests in a row.
    fn share(&self, fate: &Fate, calls: f64) -> Share {
        if self.caller.shares_protections() { self.guard.share() } else { self.caller.alone(fate, calls, self.pace) }
    }

    /// The mean fate of an attempt of a step, at the present state of the pools.
    fn fate(&self, step: usize, Tick { group, states, .. }: Tick<'_>) -> Fate {
        let (mut success, mut last, mut sojourn) = (0.0, 0.0, 0.0);
        for (share, pool) in &group.routes[step] {
            success += share * states[*pool].success;
            last += share * self.caller.last(&states[*pool]);
            sojourn += share * states[*pool].sojourn;
        }
        // Of an attempt that is lost only the timer of the app knows.
        let timeout = self.caller.timeout();
        let sojourn = (sojourn + group.rtt).min(timeout);
        let lost = if group.loss > 0.0 { group.loss * (timeout - sojourn) } else { 0.0 };
        let arrives = 1.0 - group.loss;
        Fate { success: (success * arrives).clamp(0.0, 1.0), last: last * arrives, sojourn: sojourn + lost }
    }
}
