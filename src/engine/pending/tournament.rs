//! The earliest of a few moving times.

use crate::units::Time;

/// Players of a match.
const FOUR: usize = 4;

/// Matches of four between times: after a change of one time, the matches from that player on to the final are replayed
/// (D. E. Knuth, The Art of Computer Programming 3, 5.4.1).
///
/// The last two rounds have a place in the value itself, without an index to check; they are all that a usual scenario needs.
pub struct Tournament {
    /// The rounds before the last two, from the first on: the four players of each match, time and number in one value.
    early: Box<[Box<[Match]>]>,
    /// The matches of the last round but one, whose winners meet in the final.
    semifinals: [Match; FOUR],
    last: Match,
    /// Number of rounds; none for a single player.
    rounds: usize,
    /// The winner of the final.
    earliest: u64,
}

/// The players of a match.
type Match = [u64; FOUR];

impl Tournament {
    /// A time later than every event: a window of thirty days takes 52 bits.
    pub const NOTHING: Time = Time((1 << (u64::BITS - Tournament::PLAYER_BITS)) - 1);
    /// Bits of a player's number: a scenario has at most 64 audiences in 64 regions.
    const PLAYER_BITS: u32 = 12;
    const MOST_PLAYERS: usize = 1 << Tournament::PLAYER_BITS;

    /// A tournament in which every time is [`Tournament::NOTHING`].
    pub fn new(players: usize) -> Tournament {
        debug_assert!(players <= Tournament::MOST_PLAYERS);
        let nobody = [Tournament::pack(Tournament::NOTHING, 0); FOUR];
        let (mut early, mut entrants) = (Vec::new(), players);
        while entrants > FOUR * FOUR {
            entrants = entrants.div_ceil(FOUR);
            early.push(vec![nobody; entrants].into());
        }
        let last_rounds = usize::from(players > 1) + usize::from(players > FOUR);
        Tournament {
            rounds: early.len() + last_rounds,
            early: early.into(),
            semifinals: [nobody; FOUR],
            last: nobody,
            earliest: nobody[0],
        }
    }

    #[inline]
    fn pack(time: Time, player: usize) -> u64 {
        time.0.min(Tournament::NOTHING.0) << Tournament::PLAYER_BITS | player as u64
    }

    /// The earliest time and its player.
    #[inline]
    pub fn earliest(&self) -> (Time, usize) {
        (Time(self.earliest >> Tournament::PLAYER_BITS), self.earliest as usize % Tournament::MOST_PLAYERS)
    }

    /// Whether the earliest time is before that of another tournament.
    #[inline]
    pub fn is_before(&self, other: &Tournament) -> bool {
        // With the highest number of a player in its low bits, the left side is lower only by an earlier time.
        (self.earliest | (Tournament::MOST_PLAYERS as u64 - 1)) < other.earliest
    }

    /// The earliest time of two tournaments.
    #[inline]
    pub fn earliest_of_both(&self, other: &Tournament) -> Time {
        Time(self.earliest.min(other.earliest) >> Tournament::PLAYER_BITS)
    }

    /// Sets the time of a player.
    #[inline]
    pub fn set(&mut self, player: usize, time: Time) {
        let (mut winner, mut place) = (Tournament::pack(time, player), player);
        if self.rounds > 2 {
            (winner, place) = self.replay_early(winner, place);
        }
        if self.rounds > 1 {
            winner = replay(&mut self.semifinals[place / FOUR % FOUR], winner, place);
            place /= FOUR;
        }
        if self.rounds > 0 {
            winner = replay(&mut self.last, winner, place);
        }
        self.earliest = winner;
    }

    /// Replays the matches of the rounds before the semifinals. Returns the winner and its place in the semifinals.
    #[inline(never)]
    fn replay_early(&mut self, mut winner: u64, mut place: usize) -> (u64, usize) {
        for round in &mut self.early {
            winner = replay(&mut round[place / FOUR], winner, place);
            place /= FOUR;
        }
        (winner, place)
    }
}

/// Replays a match after a change of the player at a place. Returns the winner.
#[inline(always)]
fn replay(players: &mut Match, player: u64, place: usize) -> u64 {
    players[place % FOUR] = player;
    players[0].min(players[1]).min(players[2].min(players[3]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    /// The slow twin is an array that is searched.
    #[test]
    fn the_earliest_time_wins_among_any_number_of_players() {
        let mut draw = Key::root(29, 0).draw(Purpose::Service);
        for players in [1, 2, 3, 4, 5, 16, 17, 64, 65, 448, 4_096] {
            let mut tournament = Tournament::new(players);
            let mut times = vec![Tournament::NOTHING; players];
            assert_eq!(tournament.earliest().0, Tournament::NOTHING);
            for _ in 0..300 {
                let player = draw.bits() as usize % players;
                times[player] = if draw.bits().is_multiple_of(4) { Time(u64::MAX) } else { Time(draw.bits() % 100) };
                tournament.set(player, times[player]);
                let (time, winner) = tournament.earliest();
                let earliest = times.iter().min().map(|time| time.0.min(Tournament::NOTHING.0));
                assert_eq!((Some(time.0), times[winner].0.min(Tournament::NOTHING.0)), (earliest, time.0));
            }
        }
    }
}
