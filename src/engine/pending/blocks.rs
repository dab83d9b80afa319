//! Where the calendar keeps its buckets: chains of small blocks.
//!
//! All blocks stand in one vector, which grows as that of a [`super::slab`] does. A block that becomes idle is the next to
//! be used, while it is still in the cache, and once most of them are idle they are given back.

/// Time in the high half, what happens in the low half: one comparison orders both.
pub type Entry = u128;

/// Entries of a block.
const BLOCK: usize = 128;
/// So many idle blocks, a mebibyte of them, are not worth giving back.
const KEEP: usize = 512;
const NONE: u32 = u32::MAX;

/// Entries in the order in which they were added.
#[derive(Clone, Copy)]
pub struct Chain {
    /// The first block.
    head: u32,
    len: u32,
    /// Where the next entry goes, among the entries of all blocks; at the end of a block there is no room for it.
    end: usize,
}

impl Chain {
    /// No entries.
    pub const EMPTY: Chain = Chain { head: NONE, len: 0, end: 0 };

    /// How many entries there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether there is no room for another entry, as in every empty chain.
    #[inline]
    pub fn needs_block(&self) -> bool {
        self.end.is_multiple_of(BLOCK)
    }

    /// The last block.
    fn last(&self) -> usize {
        self.end.saturating_sub(1) / BLOCK
    }
}

/// Blocks for chains.
pub struct Blocks {
    entries: Vec<Entry>,
    /// For each block the next one of its chain, or the next idle one.
    next: Vec<u32>,
    first_idle: u32,
    idle: usize,
}

impl Blocks {
    /// No blocks.
    pub fn new() -> Blocks {
        Blocks { entries: Vec::new(), next: Vec::new(), first_idle: NONE, idle: 0 }
    }

    /// Adds an entry to a chain that needs no block for it.
    #[inline(always)]
    pub fn push(&mut self, chain: &mut Chain, entry: Entry) {
        self.entries[chain.end] = entry;
        chain.end += 1;
        chain.len += 1;
    }

    /// Adds a block to a chain.
    #[cold]
    pub fn extend(&mut self, chain: &mut Chain) {
        let block = self.take();
        if chain.head == NONE {
            chain.head = block;
        } else {
            self.next[chain.last()] = block;
        }
        chain.end = block as usize * BLOCK;
    }

    fn take(&mut self) -> u32 {
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
    pub fn of(&self, chain: Chain) -> impl Iterator<Item = &[Entry]> {
        let Chain { head: mut block, mut len, .. } = chain;
        std::iter::from_fn(move || {
            let next = *self.next.get(block as usize)?;
            let here = &self.block(block)[..BLOCK.min(len as usize)];
            (block, len) = (next, len - here.len() as u32);
            Some(here)
        })
    }

    /// The places of the entries in a chain's first block.
    pub fn first(&self, chain: &Chain) -> Option<std::ops::Range<usize>> {
        let start = chain.head as usize * BLOCK;
        (chain.len > 0).then(|| start..start + BLOCK.min(chain.len()))
    }

    /// The entry at a place.
    #[inline(always)]
    pub fn at(&self, place: usize) -> Entry {
        self.entries[place]
    }

    /// Makes a chain's first block idle.
    pub fn release_first(&mut self, chain: &mut Chain) {
        let block = chain.head;
        chain.head = std::mem::replace(&mut self.next[block as usize], self.first_idle);
        self.first_idle = block;
        self.idle += 1;
        chain.len -= BLOCK.min(chain.len()) as u32;
    }

    /// Makes all blocks of a chain idle.
    pub fn release(&mut self, chain: Chain) {
        if chain.len > 0 {
            self.next[chain.last()] = std::mem::replace(&mut self.first_idle, chain.head);
            self.idle += chain.len().div_ceil(BLOCK);
        }
    }

    /// Whether so many blocks are idle that they should be given back.
    #[inline]
    pub fn mostly_idle(&self) -> bool {
        self.idle > KEEP && self.idle > self.next.len() / 4 * 3
    }

    /// Moves the blocks of these chains, which are all, to the front and gives back the rest; never held twice.
    #[cold]
    pub fn give_back<'c>(&mut self, chains: impl Iterator<Item = &'c mut Chain>) {
        let kept = self.next.len() - self.idle;
        let mut is_idle = vec![false; self.next.len()];
        let mut block = self.first_idle;
        while let Some(next) = self.next.get(block as usize) {
            is_idle[block as usize] = true;
            block = *next;
        }
        // There are as many idle blocks in front as there are blocks in use behind them.
        let mut moved: Vec<u32> = (0..self.next.len() as u32).collect();
        let in_use = (kept..self.next.len()).filter(|block| !is_idle[*block]);
        for (block, hole) in in_use.zip((0..kept).filter(|block| is_idle[*block])) {
            self.entries.copy_within(block * BLOCK..(block + 1) * BLOCK, hole * BLOCK);
            self.next[hole] = self.next[block];
            moved[block] = hole as u32;
        }
        let follow = |block: &mut u32| {
            if let Some(new) = moved.get(*block as usize) {
                *block = *new;
            }
        };
        self.next[..kept].iter_mut().for_each(follow);
        for chain in chains.filter(|chain| chain.len > 0) {
            let last = chain.last();
            follow(&mut chain.head);
            chain.end = chain.end - last * BLOCK + moved[last] as usize * BLOCK;
        }
        (self.first_idle, self.idle) = (NONE, 0);
        self.entries.truncate(kept * BLOCK);
        self.entries.shrink_to_fit();
        self.next.truncate(kept);
        self.next.shrink_to_fit();
    }

    /// Bytes that all blocks take, idle ones included.
    pub fn held(&self) -> usize {
        self.entries.len() * size_of::<Entry>() + self.next.len() * size_of::<u32>()
    }
}
