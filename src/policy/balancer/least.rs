//! An index of the least key among numbered keys: the number of ties for it, and the k-th of them.
//!
//! The index is a tree in which sixteen children share a parent. A node holds the least key below it and the number of keys
//! equal to it. A change or a query takes one step for each level, five for 100,000 keys, at any values of the keys. Lists of
//! servers by load would need a list for every load that occurs.

/// The key of an absent entry; all other keys are less.
pub const ABSENT: u32 = u32::MAX;

/// Children of a node.
const WIDTH: usize = 16;

/// An index of the least key among numbered keys.
#[derive(Clone, Debug)]
pub struct Least {
    /// The keys in order of number, filled up with [`ABSENT`] to whole blocks.
    keys: Vec<u32>,
    /// Nodes above the keys, level by level, the root alone on the last one; levels below it are filled up to whole blocks.
    levels: Vec<Vec<Node>>,
}

/// The least key below a node, and its count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    /// The least key.
    least: u32,
    /// Number of keys equal to it.
    ties: u32,
}

impl Node {
    const EMPTY: Node = Node { least: ABSENT, ties: 0 };

    /// The node of one key.
    #[inline]
    fn of(key: u32) -> Node {
        Node { least: key, ties: u32::from(key != ABSENT) }
    }

    /// The node above two nodes.
    #[inline]
    fn with(self, other: Node) -> Node {
        match self.least.cmp(&other.least) {
            std::cmp::Ordering::Less => self,
            std::cmp::Ordering::Greater => other,
            std::cmp::Ordering::Equal => Node { ties: self.ties + other.ties, ..self },
        }
    }

    /// This node after one child has changed; `None` if the node must be computed from all children.
    #[inline]
    fn after(self, old: Node, new: Node) -> Option<Node> {
        if new.least < self.least {
            return Some(new);
        }
        let gone = if old.least == self.least { old.ties } else { 0 };
        let come = if new.least == self.least { new.ties } else { 0 };
        let ties = self.ties - gone + come;
        (ties > 0).then_some(Node { ties, ..self })
    }
}

impl Least {
    /// The index of some keys.
    pub fn new(keys: impl Iterator<Item = u32>) -> Least {
        let mut index = Least { keys: keys.collect(), levels: Vec::new() };
        fill(&mut index.keys, ABSENT);
        let mut level: Vec<Node> = index.keys.chunks(WIDTH).map(of_keys).collect();
        while level.len() > 1 {
            fill(&mut level, Node::EMPTY);
            let above = level.chunks(WIDTH).map(of_nodes).collect();
            index.levels.push(std::mem::replace(&mut level, above));
        }
        index.levels.push(level);
        index
    }

    /// Makes room for so many entries; those that are added are absent. The room doubles, so that each entry costs a few steps.
    pub fn grow(&mut self, entries: u32) {
        if entries as usize > self.keys.len() {
            let mut keys = std::mem::take(&mut self.keys);
            keys.resize((entries as usize).next_power_of_two(), ABSENT);
            *self = Least::new(keys.into_iter());
        }
    }

    /// The least key; [`ABSENT`] if there is none.
    #[inline]
    pub fn least(&self) -> u32 {
        self.root().least
    }

    /// The number of entries with the least key.
    #[inline]
    pub fn ties(&self) -> u32 {
        self.root().ties
    }

    /// The number of the `rank`-th entry with the least key, in order of number, from 0; `None` if there are fewer ties.
    pub fn nth(&self, mut rank: u32) -> Option<u32> {
        let Node { least, ties } = self.root();
        if rank >= ties {
            return None;
        }
        let mut index = 0;
        for level in self.levels.iter().rev().skip(1) {
            index *= WIDTH;
            while level[index].least != least || rank >= level[index].ties {
                rank -= if level[index].least == least { level[index].ties } else { 0 };
                index += 1;
            }
        }
        index *= WIDTH;
        while self.keys[index] != least || rank > 0 {
            rank -= u32::from(self.keys[index] == least);
            index += 1;
        }
        Some(index as u32)
    }

    /// Changes the key of an entry of the index.
    pub fn set(&mut self, number: u32, key: u32) {
        let mut index = number as usize;
        let (mut old, mut new) = (Node::of(self.keys[index]), Node::of(key));
        self.keys[index] = key;
        for level in 0..self.levels.len() {
            let (below, from) = self.levels.split_at_mut(level);
            index /= WIDTH;
            let children = index * WIDTH..(index + 1) * WIDTH;
            let node = &mut from[0][index];
            let before = *node;
            *node = before.after(old, new).unwrap_or_else(|| match below.last() {
                Some(nodes) => of_nodes(&nodes[children]),
                None => of_keys(&self.keys[children]),
            });
            if *node == before {
                break;
            }
            (old, new) = (before, *node);
        }
    }

    /// Bytes of the index.
    pub fn bytes(&self) -> usize {
        let nodes: usize = self.levels.iter().map(Vec::capacity).sum();
        self.keys.capacity() * size_of::<u32>() + nodes * size_of::<Node>()
    }

    #[inline]
    fn root(&self) -> Node {
        self.levels.last().and_then(|level| level.first()).copied().unwrap_or(Node::EMPTY)
    }
}

/// Fills a level up to whole blocks.
fn fill<T: Clone>(level: &mut Vec<T>, with: T) {
    level.resize(level.len().next_multiple_of(WIDTH), with);
}

fn of_keys(keys: &[u32]) -> Node {
    keys.iter().fold(Node::EMPTY, |node, key| node.with(Node::of(*key)))
}

fn of_nodes(nodes: &[Node]) -> Node {
    nodes.iter().fold(Node::EMPTY, |node, other| node.with(*other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Checks every answer against a look at all keys.
    fn agrees(index: &Least, keys: &[u32]) {
        let least = keys.iter().copied().min().unwrap_or(ABSENT);
        let ties = (0..keys.len() as u32).filter(|number| least != ABSENT && keys[*number as usize] == least);
        let ties: Vec<u32> = ties.collect();
        assert_eq!((index.least(), index.ties()), (least, ties.len() as u32));
        for (rank, number) in ties.iter().enumerate() {
            assert_eq!(index.nth(rank as u32), Some(*number));
        }
        assert_eq!(index.nth(ties.len() as u32), None);
    }

    proptest! {
        #[test]
        fn the_index_is_what_a_look_at_all_keys_is(
            first in prop::collection::vec(0_u32..4, 0..600),
            steps in prop::collection::vec((0_usize..600, 0_u32..6), 0..200),
        ) {
            let mut keys = first;
            let mut index = Least::new(keys.iter().copied());
            agrees(&index, &keys);
            for (number, key) in steps {
                if key == 5 {
                    keys.resize(keys.len() + number % 40, ABSENT);
                    index.grow(keys.len() as u32);
                    agrees(&index, &keys);
                } else if number < keys.len() {
                    keys[number] = if key == 4 { ABSENT } else { key };
                    index.set(number as u32, keys[number]);
                    agrees(&index, &keys);
                }
            }
        }
    }

    #[test]
    fn a_hundred_thousand_keys_make_five_levels() {
        let index = Least::new((0..100_000).map(|number| number % 7));
        assert_eq!(index.levels.iter().map(Vec::len).collect::<Vec<_>>(), [6_256, 400, 32, 16, 1]);
        assert_eq!(index.ties(), 14_286);
        assert_eq!(index.nth(14_285), Some(99_995));
    }
}
