//! Words beside the rows of viewers: what judges harm to people and what tells a repeated request from a new one.
//!
//! A row of a viewer has no room for these words. All words of one viewer lie in one line of the cache, since a line that is
//! fetched at random takes as long as several events.

use crate::engine::memory::{prefetch_row, reserve_rows};

/// Place of a word among those of a viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The wait for the first stream so far, in nanoseconds.
    Wait,
    /// The furthest point of a journey that began again.
    Point,
    /// Nanoseconds for which streams stalled, less those that are no harm.
    Stalled,
    /// Nanoseconds for which streams were degraded, less those that are no harm.
    Degraded,
}

/// The words beside the rows of all viewers. Words that are not used take no memory.
pub struct Words {
    words: Vec<u32>,
    /// Binary logarithm of the number of words of a viewer.
    shift: u32,
    /// Whether any word is used, so that the words of a new viewer must be cleared.
    pub used: bool,
}

impl Words {
    /// Words up to the last place that is used, all of them zero, with memory reserved for this number of viewers.
    pub fn new(last: Option<Place>, viewers: usize) -> Words {
        let shift = match last {
            None | Some(Place::Wait) => 0,
            Some(Place::Point) => 1,
            Some(Place::Stalled | Place::Degraded) => 2,
        };
        let used = last.is_some();
        Words { words: reserve_rows(if used { viewers << shift } else { 0 }), shift, used }
    }

    /// Index of the first word of a viewer.
    #[inline(always)]
    fn first(&self, row: u32) -> usize {
        (row as usize) << self.shift
    }

    /// Prefetches the words of a viewer.
    #[inline(always)]
    pub fn prefetch(&self, row: u32) {
        prefetch_row(&self.words, self.first(row));
    }

    /// Clears the words of a row for a new viewer.
    #[inline]
    pub fn clear(&mut self, row: u32) {
        let first = self.first(row);
        if let Some(words) = self.words.get_mut(first..first + (1 << self.shift)) {
            words.fill(0);
        }
    }

    /// A word of a viewer; `None` if none of the viewer's words has been set yet.
    #[inline]
    pub fn get(&mut self, row: u32, place: Place) -> Option<&mut u32> {
        let index = self.first(row) + place as usize;
        self.words.get_mut(index)
    }

    /// A word of a viewer, to set. The words of the row are made if there are none yet.
    #[inline]
    pub fn at(&mut self, row: u32, place: Place) -> &mut u32 {
        debug_assert!((place as usize) < 1 << self.shift, "{place:?} is beyond the words of a viewer");
        let first = self.first(row);
        if first >= self.words.len() {
            self.words.resize(first + (1 << self.shift), 0);
        }
        &mut self.words[first + place as usize]
    }

    /// Adds to a word that holds a number of single precision, and returns the sum.
    #[inline]
    pub fn add(&mut self, row: u32, place: Place, number: f32) -> f32 {
        let word = self.at(row, place);
        let sum = f32::from_bits(*word) + number;
        *word = sum.to_bits();
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_belong_to_one_viewer_and_place_whichever_row_is_set_first() {
        let mut words = Words::new(Some(Place::Degraded), 0);
        assert_eq!(words.get(7, Place::Point), None);
        for (row, place) in [(7, Place::Point), (7, Place::Degraded), (2, Place::Wait), (6, Place::Stalled)] {
            assert_eq!(words.add(row, place, 2.5), 2.5);
        }
        assert_eq!(words.add(7, Place::Degraded, 0.5), 3.0);
        words.clear(6);
        let set =
            (0..8).flat_map(|row| [Place::Wait, Place::Point, Place::Stalled, Place::Degraded].map(|at| (row, at)));
        let set: Vec<_> = set.filter(|(row, at)| words.get(*row, *at).is_some_and(|word| *word != 0)).collect();
        assert_eq!(set, [(2, Place::Wait), (7, Place::Point), (7, Place::Degraded)]);
    }
}
