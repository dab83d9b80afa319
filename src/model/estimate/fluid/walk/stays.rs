//! Stays of people, and streams that links stall.

use std::ops::Range;

use super::{Passing, Walker};
use crate::model::estimate::fluid::place::{Place, Stay};

impl Walker<'_> {
    /// Sets the share of the time in which streams play from now on.
    pub fn play_at(&mut self, speed: f64) {
        self.speed = speed;
    }

    /// People in streams after the step of time.
    pub fn streaming(&self) -> f64 {
        let is_stream = |step: &usize| matches!(self.places[*step], Place::Stay(Stay { is_stream: true, .. }));
        let stages = (0..self.places.len()).filter(is_stream).flat_map(|step| self.first[step]..self.first[step + 1]);
        stages.map(|stage| self.after[stage]).sum()
    }

    /// Streams for which links keep the time that they have stalled.
    pub fn noted(&self) -> f64 {
        let of_patience = f64::from(u8::from(self.caller.stall_patience().is_finite()));
        // A stream is past its planned end for as long as it has stalled.
        self.streaming() * (of_patience + 1.0 - self.speed)
    }

    /// People in streams with heartbeats.
    pub fn beating(&self) -> f64 {
        let beats = |step: &usize| matches!(self.places[*step], Place::Stay(Stay { every: Some(_), .. }));
        (0..self.places.len()).filter(beats).map(|step| self.people_in(step)).sum()
    }

    /// Passes a stay of random length; returns how many go on to the next step.
    pub(super) fn stay(&mut self, step: usize, coming: f64, stay: Stay, on: &mut Passing<'_>) -> f64 {
        let stages = self.first[step]..self.first[step + 1];
        let dt = on.tick.dt;
        let is_over = on.tick.until() > stay.until;
        let hold = if is_over { stay.hold.stretched(0.0) } else { stay.at(self.speed) };
        let flow = hold.pass(&self.inside[stages.clone()], &mut self.after[stages.clone()], coming, dt);
        on.events += flow;
        if stay.is_stream && self.speed < 1.0 {
            self.stall(stages.clone(), flow, on);
        }
        if let (Some(every), Some(sums)) = (stay.every, &mut on.sums) {
            let beats = self.after[stages].iter().sum::<f64>() * dt / every;
            on.events += beats;
            sums.send(on.tick, step, beats, None);
        }
        flow
    }

    /// Lets people leave streams that stall, of which `ended` have ended: each of these ends by an event of its link, after the
    /// one at which it would have ended.
    fn stall(&mut self, stages: Range<usize>, ended: f64, on: &mut Passing<'_>) {
        let stay = 1.0 / (1.0 + on.tick.dt * (1.0 - self.speed) / self.caller.stall_patience());
        let mut left = 0.0;
        for people in &mut self.after[stages] {
            left += *people * (1.0 - stay);
            *people *= stay;
        }
        on.gave_up += left;
        on.events += ended + left;
    }
}
