//! Lanes: a queue for all attempts or for each class, with the time since which it is not empty and the state of its
//! discipline.

use super::attempt::{Attempt, Stage};
use super::slab::Slab;
use crate::policy::queue::codel;
use crate::policy::queue::discipline::Discipline;
use crate::policy::queue::priority::Class;
use crate::units::Time;

/// Queued attempts in order of arrival.
pub trait Queue: Default {
    /// The length of the queue.
    fn len(&self) -> u64;
    /// Appends an attempt.
    fn push(&mut self, row: u32, attempts: &mut Slab<Attempt>);
    /// Takes the attempt that has waited longest out of the queue.
    fn pop_oldest(&mut self, attempts: &mut Slab<Attempt>) -> Option<u32>;
    /// Takes the attempt that came last out of the queue.
    fn pop_newest(&mut self, attempts: &mut Slab<Attempt>) -> Option<u32>;
    /// The attempt that has waited longest.
    fn oldest(&mut self, attempts: &Slab<Attempt>) -> Option<u32>;
    /// Takes an attempt out of the queue before its turn. The attempt is no longer [`Stage::Queued`].
    fn leave(&mut self, row: u32, attempts: &mut Slab<Attempt>);
}

/// The fate of an attempt that a lane gives up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The attempt of this row is to be served.
    Serve(u32),
    /// The attempt of this row is dropped.
    Drop(u32),
}

/// A queue with its discipline's state.
#[derive(Clone, Copy, Default)]
pub struct Lane<Q> {
    queue: Q,
    /// The time since which the queue has not been empty; undefined for an empty queue.
    pub stands_since: Time,
    codel: codel::State,
}

impl<Q: Queue> Lane<Q> {
    /// The length of the queue.
    #[inline(always)]
    pub fn len(&self) -> u64 {
        self.queue.len()
    }

    /// The queue.
    pub fn queue(&self) -> &Q {
        &self.queue
    }

    /// Time of arrival of the attempt that has waited longest; `None` if none waits.
    pub fn oldest(&mut self, attempts: &Slab<Attempt>) -> Option<Time> {
        self.queue.oldest(attempts).map(|row| attempts[row].reached)
    }

    /// Puts an attempt into the queue.
    #[inline(always)]
    pub fn push(&mut self, row: u32, attempts: &mut Slab<Attempt>, now: Time) {
        attempts[row].stage = Stage::Queued;
        if self.queue.len() == 0 {
            self.stands_since = now;
        }
        self.queue.push(row, attempts);
    }

    /// Takes the next attempt by the discipline out of the queue for a free slot; `None` if the queue is empty.
    #[inline(always)]
    pub fn take(&mut self, discipline: &Discipline, attempts: &mut Slab<Attempt>, now: Time) -> Option<Turn> {
        let popped = match discipline {
            Discipline::Fifo | Discipline::CoDel(_) => self.queue.pop_oldest(attempts),
            Discipline::Lifo => self.queue.pop_newest(attempts),
            Discipline::AdaptiveLifo(set) if set.takes_newest(now, self.stands_since) => {
                self.queue.pop_newest(attempts)
            }
            Discipline::AdaptiveLifo(_) => self.queue.pop_oldest(attempts),
        };
        let Some(row) = popped else {
            self.codel.found_empty();
            return None;
        };
        if let Discipline::CoDel(set) = discipline
            && self.codel.drops(set, now, now.since(attempts[row].reached), self.queue.len())
        {
            attempts[row].stage = Stage::Gone;
            return Some(Turn::Drop(row));
        }
        Some(Turn::Serve(row))
    }

    /// Takes an attempt out of the queue before its turn.
    pub fn leave(&mut self, row: u32, attempts: &mut Slab<Attempt>) {
        attempts[row].stage = Stage::Gone;
        self.queue.leave(row, attempts);
    }
}

/// The lanes in which attempts wait for the same slots: one for all attempts, or one for each class.
#[derive(Clone)]
pub struct Lanes<Q> {
    all: Lane<Q>,
    /// By class, where higher classes come first.
    classes: Option<Box<[Lane<Q>; Class::COUNT]>>,
}

impl<Q: Queue> Lanes<Q> {
    /// Empty lanes, one for each class if higher classes come first.
    pub fn new(strict: bool) -> Lanes<Q> {
        Lanes { all: Lane::default(), classes: strict.then(Box::default) }
    }

    /// The lane of all attempts; `None` if each class has a lane.
    #[inline]
    pub fn only(&self) -> Option<&Q> {
        self.classes.is_none().then_some(&self.all.queue)
    }

    /// Number of attempts in all lanes.
    #[inline(always)]
    pub fn len(&self) -> u64 {
        match &self.classes {
            None => self.all.len(),
            Some(classes) => classes.iter().map(Lane::len).sum(),
        }
    }

    /// The queues.
    pub fn queues(&self) -> impl Iterator<Item = &Q> {
        let classes = self.classes.iter().flat_map(|classes| classes.iter());
        classes.chain([&self.all]).map(Lane::queue)
    }

    /// The lane of a class.
    #[inline(always)]
    fn lane(&mut self, class: Class) -> &mut Lane<Q> {
        match &mut self.classes {
            None => &mut self.all,
            Some(classes) => &mut classes[class as usize],
        }
    }

    /// The time since which the queue of a class has not been empty; undefined for an empty queue.
    #[inline(always)]
    pub fn stands_since(&self, class: Class) -> Time {
        match &self.classes {
            None => self.all.stands_since,
            Some(classes) => classes[class as usize].stands_since,
        }
    }

    /// Time of arrival of the attempt that has waited longest, of whatever class; `None` if none waits.
    pub fn oldest(&mut self, attempts: &Slab<Attempt>) -> Option<Time> {
        match &mut self.classes {
            None => self.all.oldest(attempts),
            Some(classes) => classes.iter_mut().filter_map(|lane| lane.oldest(attempts)).min(),
        }
    }

    /// Puts an attempt into the queue of its class.
    #[inline(always)]
    pub fn push(&mut self, row: u32, attempts: &mut Slab<Attempt>, now: Time) {
        let class = attempts[row].class();
        self.lane(class).push(row, attempts, now);
    }

    /// Takes the next attempt for a free slot, higher classes first, then by the discipline; `None` if all queues are
    /// empty.
    #[inline(always)]
    pub fn take(&mut self, discipline: &Discipline, attempts: &mut Slab<Attempt>, now: Time) -> Option<Turn> {
        match &mut self.classes {
            None => self.all.take(discipline, attempts, now),
            Some(classes) => classes.iter_mut().find_map(|lane| lane.take(discipline, attempts, now)),
        }
    }

    /// Takes an attempt out of the queue of its class before its turn.
    pub fn leave(&mut self, row: u32, attempts: &mut Slab<Attempt>) {
        let class = attempts[row].class();
        self.lane(class).leave(row, attempts);
    }

    /// Whether an attempt of a class strictly below this one waits.
    #[cold]
    pub fn has_below(&self, class: Class) -> bool {
        self.classes.as_ref().is_some_and(|classes| classes[class as usize + 1..].iter().any(|lane| lane.len() > 0))
    }

    /// Takes out the newest attempt of the lowest class present strictly below this one.
    #[cold]
    pub fn evict(&mut self, class: Class, attempts: &mut Slab<Attempt>) -> Option<u32> {
        let classes = self.classes.as_mut()?;
        let lowest = classes[class as usize + 1..].iter_mut().rev().find(|lane| lane.len() > 0)?;
        let row = lowest.queue.pop_newest(attempts)?;
        attempts[row].stage = Stage::Gone;
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::Line;
    use super::super::slab::Row;
    use super::*;
    use crate::random::{Key, Purpose};

    /// The slow twin is a list of classes and rows that is searched.
    #[test]
    fn classes_leave_and_are_pushed_out_as_from_a_list() {
        let mut draw = Key::root(4, 0).draw(Purpose::Service);
        let mut attempts = Slab::with_capacity(0);
        let (mut lanes, mut twin) = (Lanes::<Line>::new(true), Vec::new());
        for step in 0..50_000 {
            let class = Class::of_number((draw.bits() % 4) as u8);
            match draw.bits() % 5 {
                0 | 1 if twin.len() < 20 => {
                    let row = attempts.take();
                    let generation = attempts.generation(row);
                    attempts[row] = Attempt { flags: Attempt::flags_of(class), generation, ..Attempt::VACANT };
                    lanes.push(row, &mut attempts, Time(step));
                    twin.push((class, row));
                }
                2 => {
                    let first = (0..twin.len()).min_by_key(|index| twin[*index].0);
                    let expected = first.map(|index| Turn::Serve(twin.remove(index).1));
                    let turn = lanes.take(&Discipline::Fifo, &mut attempts, Time(step));
                    assert_eq!(turn, expected, "step {step}");
                    if let Some(Turn::Serve(row)) = turn {
                        attempts.remove(row);
                    }
                }
                3 => {
                    let below = (0..twin.len()).filter(|index| twin[*index].0 > class);
                    let last = below.max_by_key(|index| (twin[*index].0, *index));
                    assert_eq!(lanes.has_below(class), last.is_some(), "step {step}");
                    let expected = last.map(|index| twin.remove(index).1);
                    assert_eq!(lanes.evict(class, &mut attempts), expected, "step {step}");
                    expected.into_iter().for_each(|row| attempts.remove(row));
                }
                _ if !twin.is_empty() => {
                    let (_, row) = twin.remove(draw.bits() as usize % twin.len());
                    lanes.leave(row, &mut attempts);
                    attempts.remove(row);
                }
                _ => {}
            }
            assert_eq!(lanes.len() as usize, twin.len());
        }
    }
}
