//! The earliest of a few moving times.

use crate::units::Time;

/// A tree of matches between times: after a change of one time, the matches from its leaf to the root are replayed
/// (D. E. Knuth, The Art of Computer Programming 3, 5.4.1).
pub struct Tournament {
    /// The winner of each match, time and player in one number; the root is at 1, the leaves are in the second half.
    winners: Box<[u64]>,
    /// The winner at the root.
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
        let leaves = players.next_power_of_two();
        let player = |node: usize| Tournament::pack(Tournament::NOTHING, node % leaves);
        Tournament { winners: (0..2 * leaves).map(player).collect(), earliest: player(0) }
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

    /// Sets the time of a player.
    #[inline]
    pub fn set(&mut self, player: usize, time: Time) {
        let mut node = self.winners.len() / 2 + player;
        let mut winner = Tournament::pack(time, player);
        self.winners[node] = winner;
        while node > 1 {
            winner = winner.min(self.winners[node ^ 1]);
            node /= 2;
            self.winners[node] = winner;
        }
        self.earliest = winner;
    }
}
