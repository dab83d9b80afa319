//! CoDel, controlled delay: a queue whose attempts have all waited too long drops attempts at its head, at a growing rate.
//!
//! K. Nichols, V. Jacobson, A. McGregor and J. Iyengar, Controlled Delay Active Queue Management, RFC 8289, 2018. The
//! rule measures the wait of each attempt that leaves the queue. The shortest wait of an interval decides: a burst that
//! drains passes, a standing queue does not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Span, Time};

/// Drops attempts at the head of a first-come-first-served queue while every attempt waits longer than a target (RFC
/// 8289).
///
/// A drop ends its attempt as `shed` (503). While the queue stays above the target, drops follow each other by
/// `interval` / √n, n the number of drops so far. Nothing is dropped while at most one attempt is left behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CoDel {
    /// Acceptable wait in a standing queue; 5 ms in RFC 8289 (section 5.3).
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub target: Span,
    /// Time for which waits must stay above the target before the first drop; 100 ms in RFC 8289 (section 5.3).
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub interval: Span,
}

impl Default for CoDel {
    fn default() -> CoDel {
        CoDel { target: Span(5_000_000), interval: Span(100_000_000) }
    }
}

/// Number of intervals after a drop phase within which a new phase takes up the rate of drops of the last one (RFC 8289,
/// section 5.5).
const MEMORY_INTERVALS: i64 = 16;

/// The state of CoDel, one for each queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The time at which waits will have been above the target for an interval; `None` while waits are below
    /// (`first_above_time_` in RFC 8289).
    ripe: Option<Time>,
    /// The time of the next drop, or of the last one planned (`drop_next_` in RFC 8289).
    next: Time,
    /// Drops of this phase, inherited ones included (`count_`).
    count: u32,
    /// Drops inherited from the phase before this one (`lastcount_`).
    inherited: u32,
    phase: Phase,
}

/// The phase of a queue: passing everything on, or dropping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    /// Everything passes.
    #[default]
    Passing,
    /// The first drop was just made; RFC 8289 passes on the attempt behind without a second look.
    Entered,
    /// The next drop is planned.
    Dropping,
    /// A drop was just made; the next drop is planned if the attempt behind has waited too long as well.
    Dropped,
}

impl State {
    /// Decides about the attempt at the head of the queue: dropped (true), or passed on to a slot (false).
    ///
    /// Called for each attempt that leaves the queue for a slot, in order. `waited` is the time that the attempt was
    /// queued, `left` is the number of attempts behind it.
    pub fn drops(&mut self, set: &CoDel, now: Time, waited: Span, left: u64) -> bool {
        let above = self.stays_above(set, now, waited, left);
        match self.phase {
            Phase::Passing if above => {
                self.enter(set, now);
                true
            }
            Phase::Passing => false,
            Phase::Entered => {
                self.phase = Phase::Dropping;
                false
            }
            Phase::Dropping | Phase::Dropped if !above => {
                self.phase = Phase::Passing;
                false
            }
            Phase::Dropping => self.drops_if_due(now),
            Phase::Dropped => {
                self.next = self.next.after(pause(set, self.count));
                self.phase = Phase::Dropping;
                self.drops_if_due(now)
            }
        }
    }

    /// Records that a slot asked for an attempt and the queue was empty.
    pub fn found_empty(&mut self) {
        self.ripe = None;
        self.phase = Phase::Passing;
    }

    /// Whether waits have been above the target for an interval (`ok_to_drop` in RFC 8289).
    fn stays_above(&mut self, set: &CoDel, now: Time, waited: Span, left: u64) -> bool {
        if waited < set.target || left <= 1 {
            self.ripe = None;
            return false;
        }
        let ripe = *self.ripe.get_or_insert(now.after(set.interval));
        // An interval is never empty, so what was above for the first time just now is not ripe.
        now >= ripe
    }

    /// Begins a drop phase with its first drop.
    ///
    /// Soon after the last phase, the number of drops made in it is a good start, since it is what controlled the queue.
    fn enter(&mut self, set: &CoDel, now: Time) {
        let made = self.count - self.inherited;
        let recent = now.since(self.next).0 < set.interval.0.saturating_mul(MEMORY_INTERVALS);
        self.count = if made > 1 && recent { made } else { 1 };
        self.inherited = self.count;
        self.next = now.after(pause(set, self.count));
        self.phase = Phase::Entered;
    }

    /// Drops if the time of the next drop has come.
    fn drops_if_due(&mut self, now: Time) -> bool {
        let due = now >= self.next;
        if due {
            self.count = self.count.saturating_add(1);
            self.phase = Phase::Dropped;
        }
        due
    }
}

/// The span between two drops: `interval` / √`count`. Square root and quotient are exact in IEEE 754, so all machines agree.
fn pause(set: &CoDel, count: u32) -> Span {
    Span::from_nanos(set.interval.0 as f64 / f64::from(count).sqrt())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    const MS: u64 = 1_000_000;

    /// RFC 8289, section 5, as it is printed there: one call takes attempts off the queue until one passes.
    #[derive(Default)]
    struct Rfc {
        queue: VecDeque<Time>,
        first_above_time: u64,
        drop_next: u64,
        count: u32,
        lastcount: u32,
        dropping: bool,
        dropped: Vec<Time>,
    }

    impl Rfc {
        fn dodequeue(&mut self, set: &CoDel, now: u64) -> (Option<Time>, bool) {
            let Some(packet) = self.queue.pop_front() else {
                self.first_above_time = 0;
                return (None, false);
            };
            let mut ok_to_drop = false;
            let sojourn_time = now - packet.0;
            if sojourn_time < set.target.0 as u64 || self.queue.len() <= 1 {
                self.first_above_time = 0;
            } else if self.first_above_time == 0 {
                self.first_above_time = now + set.interval.0 as u64;
            } else if now >= self.first_above_time {
                ok_to_drop = true;
            }
            (Some(packet), ok_to_drop)
        }

        fn control_law(set: &CoDel, t: u64, count: u32) -> u64 {
            t + (set.interval.0 as f64 / f64::from(count).sqrt()).round() as u64
        }

        fn dequeue(&mut self, set: &CoDel, now: u64) -> Option<Time> {
            let (mut packet, mut ok_to_drop) = self.dodequeue(set, now);
            if self.dropping {
                if !ok_to_drop {
                    self.dropping = false;
                }
                while now >= self.drop_next && self.dropping {
                    self.dropped.extend(packet);
                    self.count += 1;
                    (packet, ok_to_drop) = self.dodequeue(set, now);
                    if !ok_to_drop {
                        self.dropping = false;
                    } else {
                        self.drop_next = Rfc::control_law(set, self.drop_next, self.count);
                    }
                }
            } else if ok_to_drop {
                self.dropped.extend(packet);
                (packet, _) = self.dodequeue(set, now);
                self.dropping = true;
                let delta = self.count - self.lastcount;
                self.count = 1;
                if delta > 1 && (now as i64 - self.drop_next as i64) < 16 * set.interval.0 {
                    self.count = delta;
                }
                self.drop_next = Rfc::control_law(set, now, self.count);
                self.lastcount = self.count;
            }
            packet
        }
    }

    /// The same queue under the rule of this module.
    #[derive(Default)]
    struct Ours {
        queue: VecDeque<Time>,
        state: State,
        dropped: Vec<Time>,
    }

    impl Ours {
        fn dequeue(&mut self, set: &CoDel, now: u64) -> Option<Time> {
            while let Some(head) = self.queue.pop_front() {
                let left = self.queue.len() as u64;
                if !self.state.drops(set, Time(now), Time(now).since(head), left) {
                    return Some(head);
                }
                self.dropped.push(head);
            }
            self.state.found_empty();
            None
        }
    }

    fn agree(ours: &Ours, rfc: &Rfc) {
        assert_eq!(ours.dropped, rfc.dropped);
        assert_eq!((ours.state.count, ours.state.inherited), (rfc.count, rfc.lastcount));
        assert_eq!(ours.state.ripe.map_or(0, |at| at.0), rfc.first_above_time);
        // The plan of the drop after this one is made when the next attempt is looked at.
        assert_eq!(ours.state.next.0, rfc.drop_next);
        let dropping = matches!(ours.state.phase, Phase::Entered | Phase::Dropping);
        assert!(ours.state.phase != Phase::Dropped && (dropping == rfc.dropping), "{:?}", ours.state);
    }

    proptest! {
        /// Bursts, droughts and people who leave the queue by themselves, with gaps from a tenth of the target to many intervals.
        #[test]
        fn every_step_is_that_of_rfc_8289(
            target in 1_u64..20,
            interval in 20_u64..200,
            steps in prop::collection::vec((0_u8..8, 0_u64..60, 1_usize..12), 1..400),
        ) {
            let set = CoDel { target: Span((target * MS) as i64), interval: Span((interval * MS) as i64) };
            let (mut ours, mut rfc, mut now) = (Ours::default(), Rfc::default(), 0);
            for (what, gap, number) in steps {
                now += gap * gap * gap * MS / 500;
                match what {
                    0..3 => for _ in 0..number {
                        ours.queue.push_back(Time(now));
                        rfc.queue.push_back(Time(now));
                    },
                    3 => {
                        let kept = ours.queue.len() / number;
                        ours.queue.truncate(kept);
                        rfc.queue.truncate(kept);
                    }
                    _ => prop_assert_eq!(ours.dequeue(&set, now), rfc.dequeue(&set, now)),
                }
                if what > 3 {
                    agree(&ours, &rfc);
                }
            }
        }
    }

    /// Times at which a queue above the target for ever drops, asked every 10 µs from `from` on.
    fn drops_of_a_standing_queue(state: &mut State, set: &CoDel, from: u64, until: u64) -> Vec<u64> {
        (from..until).step_by(10_000).filter(|now| state.drops(set, Time(*now), Span::LONGEST, 1_000)).collect()
    }

    #[test]
    fn drops_follow_each_other_by_the_interval_over_the_root_of_their_number() {
        let set = CoDel::default();
        let drops = drops_of_a_standing_queue(&mut State::default(), &set, 0, 1_000 * MS);
        assert_eq!(drops[0], 100 * MS, "the first drop is made after one interval above the target");
        // The gaps that follow from section 5.5 of RFC 8289 for a target of 5 ms and an interval of 100 ms.
        for (pair, gap) in drops.windows(2).zip([100.0, 70.71, 57.74, 50.0, 44.72, 40.82]) {
            let measured = (pair[1] - pair[0]) as f64 / 1e6;
            assert!((measured - gap).abs() < 0.011, "{measured} ms is not {gap} ms");
        }
    }

    #[test]
    fn a_queue_that_passes_the_target_again_soon_takes_up_its_old_rate() {
        let set = CoDel::default();
        let below = |state: &mut State, now| assert!(!state.drops(&set, Time(now), Span::ZERO, 1_000));
        for (pause, first_gap) in [(200 * MS, 100.0 / 5.0_f64.sqrt()), (1_700 * MS, 100.0)] {
            let mut state = State::default();
            // Six drops: the first of the phase, and five after it.
            let drops = drops_of_a_standing_queue(&mut state, &set, 0, 440 * MS);
            assert_eq!(drops.len(), 6);
            below(&mut state, 440 * MS);
            let drops = drops_of_a_standing_queue(&mut state, &set, 440 * MS + pause, 5_000 * MS);
            assert_eq!(drops[0], 540 * MS + pause);
            let gap = (drops[1] - drops[0]) as f64 / 1e6;
            assert!((gap - first_gap).abs() < 0.011, "{gap} ms after a pause of {} ms", pause / MS);
        }
    }

    #[test]
    fn a_queue_that_is_nearly_empty_drops_nothing() {
        let set = CoDel::default();
        let mut state = State::default();
        for now in (0..1_000).map(|n| Time(n * MS)) {
            assert!(!state.drops(&set, now, Span::LONGEST, 1));
        }
        assert_eq!(state, State::default());
    }

    #[test]
    fn a_queue_that_was_found_empty_starts_from_the_beginning() {
        let set = CoDel::default();
        let mut state = State::default();
        assert_eq!(drops_of_a_standing_queue(&mut state, &set, 0, 190 * MS), [100 * MS]);
        state.found_empty();
        assert_eq!((state.ripe, state.phase), (None, Phase::Passing));
        // Only the rate of drops is remembered; a whole interval above the target must pass before the next.
        assert_eq!(drops_of_a_standing_queue(&mut state, &set, 190 * MS, 300 * MS), [290 * MS]);
    }

    #[test]
    fn one_drop_makes_no_rate_to_remember() {
        let set = CoDel::default();
        let mut state = State::default();
        drops_of_a_standing_queue(&mut state, &set, 0, 110 * MS);
        assert_eq!(state.count, 1);
        state.found_empty();
        drops_of_a_standing_queue(&mut state, &set, 110 * MS, 211 * MS);
        assert_eq!((state.count, state.inherited), (1, 1));
    }
}
