//! The earliest of a few moving times.

use crate::units::Time;

/// A tree of matches of four between times: after a change of one time, the matches from its leaf to the root are replayed
/// (D. E. Knuth, The Art of Computer Programming 3, 5.4.1).
pub struct Tournament {
    /// The four players of each match, time and number in one value. Match 0 is the final; the winners of matches
    /// 4m + 1 to 4m + 4 meet in match m. A single player needs no match.
    matches: Box<[[u64; 4]]>,
    /// Index of the first match of the first round.
    first: usize,
    /// The winner of the final.
    earliest: u64,
}

impl Tournament {
    /// A time later than every event: a window of thirty days takes 52 bits.
    pub const NOTHING: Time = Time((1 << (u64::BITS - Tournament::PLAYER_BITS)) - 1);
    /// Bits of a player's number: a scenario has at most 64 audiences in 64 regions.
    const PLAYER_BITS: u32 = 12;
    const MOST_PLAYERS: usize = 1 << Tournament::PLAYER_BITS;

    /// A tournament in which every time is [`Tournament::NOTHING`].
    pub fn new(players: usize) -> Tournament {
        debug_assert!(players <= Tournament::MOST_PLAYERS);
        let (mut matches, mut first, mut winners) = (0, 0, 1);
        while winners < players {
            first = matches;
            matches += winners;
            winners *= 4;
        }
        let nobody = Tournament::pack(Tournament::NOTHING, 0);
        Tournament { matches: vec![[nobody; 4]; matches].into(), first, earliest: nobody }
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

    /// The earliest time of two tournaments.
    #[inline]
    pub fn earliest_of_both(&self, other: &Tournament) -> Time {
        Time(self.earliest.min(other.earliest) >> Tournament::PLAYER_BITS)
    }

    /// Sets the time of a player.
    #[inline]
    pub fn set(&mut self, player: usize, time: Time) {
        let mut winner = Tournament::pack(time, player);
        let mut place = 4 * self.first + player;
        // The final has no place in a further match: its number less one lies beyond all matches.
        while let Some(four) = self.matches.get_mut(place / 4) {
            four[place % 4] = winner;
            winner = four[0].min(four[1]).min(four[2].min(four[3]));
            place = (place / 4).wrapping_sub(1);
        }
        self.earliest = winner;
    }
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
