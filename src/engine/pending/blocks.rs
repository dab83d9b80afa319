//! The entries of the calendar's buckets, stored as chains of small blocks.
//!
//! All blocks stand in one vector, which grows as the vector of a slab does. The block that became idle last is the next
//! to be reused, while it is still in the cache. Once most blocks are idle, their memory is given back.

use std::ops::Range;

use crate::units::Time;

/// A pending event: its time in the high half, the packed event in the low half, so that one comparison orders both.
pub type Entry = u128;

/// The entry of an event at a time.
#[inline(always)]
pub fn entry(time: Time, event: u64) -> Entry {
    (u128::from(time.0) << 64) | u128::from(event)
}

/// The time of an entry, in nanoseconds.
#[inline(always)]
pub fn time_of(entry: Entry) -> u64 {
    (entry >> 64) as u64
}

/// Entries of a block.
const BLOCK: usize = 128;
/// Number of idle blocks up to which none is given back: one mebibyte.
const KEPT_IDLE: usize = 512;
/// No block.
const NONE: u32 = u32::MAX;

/// A list of entries in the order in which they were added.
#[derive(Clone, Copy)]
pub struct Chain {
    /// The first block.
    head: u32,
    /// Number of blocks.
    blocks: u32,
    /// Index of the next entry among the entries of all blocks; a multiple of [`BLOCK`] once the last block is full.
    end: usize,
}

impl Chain {
    /// A chain without entries.
    pub const EMPTY: Chain = Chain { head: NONE, blocks: 0, end: 0 };

    /// Number of entries.
    #[inline]
    pub fn len(&self) -> usize {
        let in_last = self.end.wrapping_sub(1) % BLOCK + 1;
        self.blocks.checked_sub(1).map_or(0, |before| before as usize * BLOCK + in_last)
    }

    /// Whether the next entry needs another block; so it is in an empty chain.
    #[inline]
    pub fn needs_block(&self) -> bool {
        self.end.is_multiple_of(BLOCK)
    }

    /// The last block of a chain that has entries.
    fn last_block(&self) -> usize {
        self.end.saturating_sub(1) / BLOCK
    }
}

/// The blocks of all chains.
pub struct Blocks {
    /// The entries of block 0, then those of block 1, and so on.
    entries: Vec<Entry>,
    /// The successor of each block: in its chain, or in the list of idle blocks.
    next: Vec<u32>,
    /// The head of the list of idle blocks.
    first_idle: u32,
    /// Number of idle blocks.
    idle: usize,
}

impl Blocks {
    /// A store without blocks.
    pub fn new() -> Blocks {
        Blocks { entries: Vec::new(), next: Vec::new(), first_idle: NONE, idle: 0 }
    }

    /// Adds an entry to a chain whose last block is not full.
    #[inline(always)]
    pub fn push(&mut self, chain: &mut Chain, entry: Entry) {
        self.entries[chain.end] = entry;
        chain.end += 1;
    }

    /// Adds a block to a chain.
    #[cold]
    pub fn extend(&mut self, chain: &mut Chain) {
        let block = self.take_block();
        if chain.head == NONE {
            chain.head = block;
        } else {
            self.next[chain.last_block()] = block;
        }
        chain.end = block as usize * BLOCK;
        chain.blocks += 1;
    }

    /// Takes the first idle block, or makes a new one.
    fn take_block(&mut self) -> u32 {
        let block = self.first_idle;
        if block == NONE {
            self.entries.resize(self.entries.len() + BLOCK, 0);
            self.next.push(NONE);
            return (self.next.len() - 1) as u32;
        }
        self.idle -= 1;
        self.first_idle = std::mem::replace(&mut self.next[block as usize], NONE);
        block
    }

    #[inline]
    fn block(&self, block: u32) -> &[Entry] {
        &self.entries[block as usize * BLOCK..][..BLOCK]
    }

    /// The entries of a chain, block by block.
    pub fn entries_of(&self, chain: Chain) -> impl Iterator<Item = &[Entry]> {
        let (mut block, mut len) = (chain.head, chain.len());
        std::iter::from_fn(move || {
            let next = *self.next.get(block as usize)?;
            let used = &self.block(block)[..BLOCK.min(len)];
            (block, len) = (next, len - used.len());
            Some(used)
        })
    }

    /// The indices of the entries in the first block of a chain; `None` for an empty chain.
    pub fn first_block(&self, chain: &Chain) -> Option<Range<usize>> {
        let start = chain.head as usize * BLOCK;
        (chain.blocks > 0).then(|| start..start + BLOCK.min(chain.len()))
    }

    /// The entry at an index among the entries of all blocks.
    #[inline(always)]
    pub fn entry_at(&self, index: usize) -> Entry {
        self.entries[index]
    }

    /// Makes the first block of a chain idle.
    pub fn release_first_block(&mut self, chain: &mut Chain) {
        let block = chain.head;
        chain.head = std::mem::replace(&mut self.next[block as usize], self.first_idle);
        self.first_idle = block;
        self.idle += 1;
        chain.blocks -= 1;
    }

    /// Makes all blocks of a chain idle.
    pub fn release(&mut self, chain: Chain) {
        if chain.blocks > 0 {
            self.next[chain.last_block()] = std::mem::replace(&mut self.first_idle, chain.head);
            self.idle += chain.blocks as usize;
        }
    }

    /// Whether more than three quarters of the blocks are idle and giving them back is worth its cost.
    #[inline]
    pub fn are_mostly_idle(&self) -> bool {
        self.idle > KEPT_IDLE && self.idle > self.next.len() / 4 * 3
    }

    /// Moves the used blocks to the front and gives the memory behind them back, without a second copy of the entries.
    ///
    /// `chains` must be all chains of the store.
    #[cold]
    pub fn give_back<'c>(&mut self, chains: impl Iterator<Item = &'c mut Chain>) {
        let used = self.next.len() - self.idle;
        let moved = self.move_used_blocks_to_front(used);
        let follow = |block: &mut u32| {
            if let Some(new) = moved.get(*block as usize) {
                *block = *new;
            }
        };
        self.next[..used].iter_mut().for_each(follow);
        for chain in chains.filter(|chain| chain.blocks > 0) {
            let last = chain.last_block();
            follow(&mut chain.head);
            chain.end = chain.end - last * BLOCK + moved[last] as usize * BLOCK;
        }
        (self.first_idle, self.idle) = (NONE, 0);
        self.entries.truncate(used * BLOCK);
        self.entries.shrink_to_fit();
        self.next.truncate(used);
        self.next.shrink_to_fit();
    }

    /// Moves each used block from `used` on into an idle block before `used`; returns the new number of each block.
    fn move_used_blocks_to_front(&mut self, used: usize) -> Vec<u32> {
        let mut is_idle = vec![false; self.next.len()];
        let mut block = self.first_idle;
        while let Some(next) = self.next.get(block as usize) {
            is_idle[block as usize] = true;
            block = *next;
        }
        let mut moved: Vec<u32> = (0..self.next.len() as u32).collect();
        // There are as many idle blocks before `used` as used blocks from there on.
        let behind = (used..self.next.len()).filter(|block| !is_idle[*block]);
        for (block, hole) in behind.zip((0..used).filter(|block| is_idle[*block])) {
            self.entries.copy_within(block * BLOCK..(block + 1) * BLOCK, hole * BLOCK);
            self.next[hole] = self.next[block];
            moved[block] = hole as u32;
        }
        moved
    }

    /// Bytes of all blocks, idle ones included.
    pub fn bytes(&self) -> usize {
        self.entries.len() * size_of::<Entry>() + self.next.len() * size_of::<u32>()
    }
}
