//! A set of servers by number, with a fast look-up of the k-th member.

/// Servers of a set, out of those numbered from 0 up to a size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members {
    /// One bit for each server.
    words: Vec<u64>,
    /// Members in the words before each word.
    before: Vec<u32>,
    /// All numbers of members are below this one.
    size: u32,
    /// Members of the set.
    count: u32,
}

/// Servers in a word.
const WORD: u32 = u64::BITS;

impl Members {
    /// The set of all servers below `size`.
    pub fn all(size: u32) -> Members {
        let mut members = Members { words: Vec::new(), before: Vec::new(), size: 0, count: 0 };
        members.resize(size);
        members
    }

    /// Members of the set.
    #[inline]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Whether a server belongs to the set.
    #[inline]
    pub fn contains(&self, server: u32) -> bool {
        server < self.size && self.words[(server / WORD) as usize] >> (server % WORD) & 1 == 1
    }

    /// Adds a server to the set or removes it, in a time that grows with the number of words after the server's word.
    pub fn set(&mut self, server: u32, member: bool) {
        if server >= self.size || self.contains(server) == member {
            return;
        }
        let word = (server / WORD) as usize;
        self.words[word] ^= 1 << (server % WORD);
        let change = if member { 1 } else { u32::MAX };
        self.count = self.count.wrapping_add(change);
        self.before[word + 1..].iter_mut().for_each(|before| *before = before.wrapping_add(change));
    }

    /// The `rank`-th member in order of number, from 0; `None` if the set has no more than `rank` members.
    #[inline(always)]
    pub fn nth(&self, rank: u32) -> Option<u32> {
        // The usual case: every server is a member.
        if self.count == self.size { (rank < self.count).then_some(rank) } else { self.nth_of_some(rank) }
    }

    /// The members of two ranks; `None` if the set has no more than one of the ranks.
    #[inline(always)]
    pub fn both(&self, first: u32, second: u32) -> Option<(u32, u32)> {
        if self.count == self.size && first.max(second) < self.count {
            return Some((first, second));
        }
        Some((self.nth(first)?, self.nth(second)?))
    }

    /// [`Members::nth`] where some servers are no members.
    #[inline(never)]
    fn nth_of_some(&self, rank: u32) -> Option<u32> {
        if rank >= self.count {
            return None;
        }
        let word = self.before.partition_point(|before| *before <= rank) - 1;
        Some(word as u32 * WORD + nth_bit(self.words[word], rank - self.before[word]))
    }

    /// The first member from `from` on, or the first of all members if there is none; `None` in an empty set.
    #[inline]
    pub fn next_from(&self, from: u32) -> Option<u32> {
        if self.contains(from) {
            return Some(from);
        }
        self.nth(self.rank(from)).or_else(|| self.nth(0))
    }

    /// Changes the range of numbers. Added servers are members.
    pub fn resize(&mut self, size: u32) {
        self.count = self.rank(size);
        let words = size.div_ceil(WORD) as usize;
        self.words.truncate(words);
        self.before.truncate(words);
        if let Some(last) = self.words.get_mut((size / WORD) as usize) {
            *last &= (1 << (size % WORD)) - 1;
        }
        for server in self.size..size {
            if server % WORD == 0 {
                self.words.push(0);
                self.before.push(self.count);
            }
            self.words[(server / WORD) as usize] |= 1 << (server % WORD);
            self.count += 1;
        }
        self.size = size;
    }

    /// Members below a number.
    fn rank(&self, below: u32) -> u32 {
        let word = (below / WORD) as usize;
        match self.words.get(word) {
            Some(bits) => self.before[word] + (bits & ((1 << (below % WORD)) - 1)).count_ones(),
            None => self.count,
        }
    }
}

/// The position of the `rank`-th bit that is set, from 0; more than `rank` bits must be set.
fn nth_bit(mut word: u64, mut rank: u32) -> u32 {
    let mut position = 0;
    for width in [32, 16, 8, 4, 2, 1] {
        let low = (word & ((1 << width) - 1)).count_ones();
        if rank >= low {
            rank -= low;
            word >>= width;
            position += width;
        }
    }
    position
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Checks every answer against a list of truth values.
    fn agrees(members: &Members, list: &[bool]) {
        let numbers: Vec<u32> = (0..list.len() as u32).filter(|server| list[*server as usize]).collect();
        assert_eq!(members.count(), numbers.len() as u32);
        for (rank, server) in numbers.iter().enumerate() {
            assert_eq!(members.nth(rank as u32), Some(*server));
        }
        assert_eq!(members.nth(numbers.len() as u32), None);
        for from in 0..=list.len() as u32 + 70 {
            let next = numbers.iter().find(|server| **server >= from).or(numbers.first()).copied();
            assert_eq!(members.next_from(from), next, "from {from}");
            assert_eq!(members.contains(from), list.get(from as usize).copied().unwrap_or(false));
        }
    }

    proptest! {
        #[test]
        fn a_set_is_what_a_list_of_truth_values_is(
            size in 0_u32..300,
            steps in prop::collection::vec((0_u32..300, 0_u8..20), 0..60),
        ) {
            let mut members = Members::all(size);
            let mut list = vec![true; size as usize];
            agrees(&members, &list);
            for (server, what) in steps {
                if what == 0 {
                    members.resize(server);
                    list.resize(server as usize, true);
                } else {
                    members.set(server, what > 12);
                    if let Some(member) = list.get_mut(server as usize) {
                        *member = what > 12;
                    }
                }
                agrees(&members, &list);
            }
        }
    }

    #[test]
    fn the_nth_bit_is_found_in_any_word() {
        for word in [1, u64::MAX, 1 << 63, 0x8000_0001_0000_8001, 0x5555_5555_5555_5555] {
            let positions = (0..64).filter(|position| word >> position & 1 == 1);
            for (rank, position) in positions.enumerate() {
                assert_eq!(nth_bit(word, rank as u32), position);
            }
        }
    }
}
