//! Rounds of viewers whose journeys repeat, and the detection of loops in which no time passes.

use crate::model::Model;
use crate::units::{Span, Time};

use super::viewer::NEVER;

/// Number of turns of one viewer at one instant that ends a run.
const MOST_AT_ONCE: u32 = 1_000;

/// The rounds of one viewer.
#[derive(Clone, Copy, Default)]
pub struct Round {
    /// Begin of the present round, from the start of the window; negative if it was before.
    pub began: Span,
    /// Number of rounds that have ended.
    pub ended: u32,
}

/// Rounds by viewer's row. No memory is used where no journey repeats.
pub struct Rounds {
    /// Whether some journey repeats.
    pub used: bool,
    rows: Vec<Round>,
}

impl Rounds {
    /// No rounds.
    pub fn new(model: &Model) -> Rounds {
        let mut journeys = model.epochs.iter().flat_map(|epoch| &epoch.settings.journeys);
        Rounds { used: journeys.any(|journey| journey.repeat.is_some()), rows: Vec::new() }
    }

    /// A new viewer begins the first round.
    #[cold]
    pub fn arrive(&mut self, row: u32, now: Time) {
        let index = row as usize;
        if index >= self.rows.len() {
            self.rows.resize(index + 1, Round::default());
        }
        self.rows[index] = Round { began: now.since(Time::START), ended: 0 };
    }

    /// A viewer who is inside when the window opens has ended some rounds, and began the present one so long ago.
    #[cold]
    pub fn place(&mut self, row: u32, ended: u32, ago: Span) {
        if let Some(round) = self.rows.get_mut(row as usize) {
            *round = Round { began: Span::ZERO - ago, ended };
        }
    }

    /// A viewer begins the journey again, in another round or after coming back.
    pub fn begin(&mut self, row: u32, now: Time) {
        if let Some(round) = self.rows.get_mut(row as usize) {
            round.began = now.since(Time::START);
        }
    }

    /// A viewer ends a round.
    pub fn end(&mut self, row: u32) -> Round {
        let Some(round) = self.rows.get_mut(row as usize) else { return Round::default() };
        round.ended = round.ended.saturating_add(1);
        *round
    }

    /// Bytes of all rounds.
    pub fn bytes(&self) -> usize {
        self.rows.len() * size_of::<Round>()
    }
}

/// Turns of viewers, who go to another step by `then` or begin another round, at the instant of the last turn.
///
/// A viewer in a loop without delays turns at one instant again and again, so it suffices to count the turns at the
/// instant of the last one.
pub struct Turns {
    last: Time,
    /// By viewer's row, the instant of turns that were counted and their number.
    rows: Vec<(Time, u32)>,
}

impl Turns {
    /// No turns.
    pub fn new() -> Turns {
        Turns { last: NEVER, rows: Vec::new() }
    }

    /// Counts a turn of a viewer at `now`. True if the viewer has reached [`MOST_AT_ONCE`] turns at this instant.
    #[inline]
    pub fn is_endless(&mut self, row: u32, now: Time) -> bool {
        if self.last != now {
            self.last = now;
            return false;
        }
        self.count(row, now)
    }

    #[cold]
    #[inline(never)]
    fn count(&mut self, row: u32, now: Time) -> bool {
        let index = row as usize;
        if index >= self.rows.len() {
            self.rows.resize(index + 1, (NEVER, 0));
        }
        let (at, count) = &mut self.rows[index];
        if *at != now {
            (*at, *count) = (now, 0);
        }
        *count += 1;
        *count >= MOST_AT_ONCE
    }

    /// Bytes of all counts.
    pub fn bytes(&self) -> usize {
        self.rows.len() * size_of::<(Time, u32)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_turns_of_one_viewer_at_one_instant_are_endless() {
        let mut turns = Turns::new();
        // Many viewers at one instant, and one viewer at many instants.
        assert!((0..5_000).all(|row| !turns.is_endless(row, Time(7))));
        assert!((0..5_000).all(|at| !turns.is_endless(3, Time(100 + at))));
        let first = (0..5_000).position(|_| turns.is_endless(4, Time(9_000)));
        assert_eq!(first, Some(MOST_AT_ONCE as usize));
        assert!(!turns.is_endless(4, Time(9_001)));
    }

    #[test]
    fn rounds_are_those_of_the_viewer_who_has_the_row() {
        let mut rounds = Rounds { used: true, rows: Vec::new() };
        rounds.arrive(2, Time(5));
        assert_eq!((rounds.end(2).ended, rounds.end(2).ended), (1, 2));
        rounds.begin(2, Time(9));
        assert_eq!((rounds.end(2).began, rounds.end(2).ended), (Span(9), 4));
        rounds.arrive(2, Time(11));
        let round = rounds.end(2);
        rounds.place(2, 6, Span(8));
        let placed = rounds.end(2);
        assert_eq!((placed.began, placed.ended), (Span(-8), 7));
        assert_eq!((round.began, round.ended), (Span(11), 1));
    }
}
