//! The attempts under way in order of sending, so that the oldest is found without a search.

use super::attempt::{Attempt, flags};
use super::slab::Slab;
use crate::units::Time;

/// Entries for which a log has room from the start.
const LEAST: usize = 1 << 10;

/// The row of an attempt and the generation of the row.
type Entry = (u32, u32);

/// A log of the attempts that were sent in a region, in order of sending.
///
/// An attempt that ends leaves a stale entry behind. Stale entries are passed over at the front, and swept out of the
/// whole log when it is full; it then grows if more than half of it is left. So the cost per entry is constant on
/// average, and the log is at most four times as long as the number of attempts under way.
pub struct Log {
    entries: Vec<Entry>,
    /// Number of entries at the front that are known to be stale.
    passed: usize,
}

impl Log {
    /// An empty log.
    pub fn new() -> Log {
        Log { entries: Vec::with_capacity(LEAST), passed: 0 }
    }

    /// Notes an attempt that is sent.
    #[inline(always)]
    pub fn push(&mut self, entry: Entry, attempts: &Slab<Attempt>) {
        if self.entries.len() == self.entries.capacity() {
            self.sweep(attempts);
        }
        self.entries.push(entry);
    }

    /// The time at which the oldest attempt under way was sent; `None` if no attempt is under way.
    pub fn oldest(&mut self, attempts: &Slab<Attempt>) -> Option<Time> {
        let stale = self.entries[self.passed..].iter().take_while(|entry| !is_under_way(attempts, **entry)).count();
        self.passed += stale;
        match self.entries.get(self.passed) {
            Some((row, _)) => Some(attempts[*row].sent),
            None => {
                self.entries.clear();
                self.passed = 0;
                None
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn sweep(&mut self, attempts: &Slab<Attempt>) {
        self.entries.retain(|entry| is_under_way(attempts, *entry));
        self.passed = 0;
        if self.entries.len() > self.entries.capacity() / 2 {
            self.entries.reserve_exact(self.entries.capacity());
        }
    }
}

fn is_under_way(attempts: &Slab<Attempt>, (row, generation): Entry) -> bool {
    let attempt = &attempts[row];
    attempt.generation == generation && !attempt.has(flags::CLIENT_DONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    /// The slow twin is a list that is searched.
    #[test]
    fn the_oldest_attempt_is_found_whoever_ended_before() {
        let mut draw = Key::root(5, 0).draw(Purpose::Service);
        let mut attempts = Slab::<Attempt>::with_capacity(0);
        let (mut log, mut twin) = (Log::new(), Vec::new());
        for step in 0..100_000_u64 {
            let most = if step % 20_000 < 10_000 { 3_000 } else { 5 };
            if draw.bits().is_multiple_of(2) && twin.len() < most {
                let row = attempts.take();
                let generation = attempts[row].generation;
                attempts[row] = Attempt { sent: Time(step), generation, ..super::super::slab::Row::VACANT };
                log.push((row, generation), &attempts);
                twin.push((step, row));
            } else if !twin.is_empty() {
                // The row of an attempt whose client left may stay in use for a while; it is leaked here.
                let (_, row) = twin.remove(draw.bits() as usize % twin.len());
                if draw.bits().is_multiple_of(4) {
                    attempts[row].mark(flags::CLIENT_DONE)
                } else {
                    attempts.remove(row)
                }
            }
            if draw.bits().is_multiple_of(8) {
                let oldest = twin.iter().map(|(sent, _)| Time(*sent)).min();
                assert_eq!(log.oldest(&attempts), oldest, "step {step}");
            }
        }
        assert!(log.entries.capacity() <= 4 * 3_000);
    }
}
