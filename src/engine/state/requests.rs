//! The calls under way: their rows, and the list of those that each calling attempt waits for.

use super::attempt::Attempt;
use super::request::Request;
use super::slab::{NO_ROW, Slab};

/// All calls under way.
pub struct Requests {
    /// The rows.
    pub rows: Slab<Request>,
    /// Number of calls under way.
    pub live: u64,
    /// Number of their attempts under way.
    pub attempts: u64,
}

impl Requests {
    /// No calls.
    pub fn new() -> Requests {
        Requests { rows: Slab::with_capacity(0), live: 0, attempts: 0 }
    }

    /// Begins a call for an attempt and returns its row.
    #[inline]
    pub fn begin(&mut self, caller: u32, call: u16, repetition: u16, attempts: &mut Slab<Attempt>) -> u32 {
        let row = self.rows.take();
        let generation = self.rows[row].generation;
        let first = attempts[caller].first_call();
        self.rows[row] = Request::new(generation, caller, call, repetition, first);
        if first != NO_ROW {
            self.rows[first].before = row;
        }
        attempts[caller].set_first_call(row);
        self.live += 1;
        row
    }

    /// Ends a call; its caller waits for it no more.
    #[inline]
    pub fn end(&mut self, row: u32, attempts: &mut Slab<Attempt>) {
        let Request { caller, before, after, .. } = self.rows[row];
        match before {
            NO_ROW => attempts[caller].set_first_call(after),
            before => self.rows[before].after = after,
        }
        if after != NO_ROW {
            self.rows[after].before = before;
        }
        self.rows.remove(row);
        self.live -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    /// The slow twin is a list that is searched.
    #[test]
    fn a_caller_waits_for_those_of_its_calls_that_have_not_ended() {
        let mut draw = Key::root(4, 0).draw(Purpose::Service);
        let mut attempts = Slab::<Attempt>::with_capacity(0);
        let callers = [(); 3].map(|()| attempts.take());
        callers.iter().for_each(|caller| attempts[*caller].begin_calls());
        let (mut requests, mut twins) = (Requests::new(), [const { Vec::new() }; 3]);
        for step in 0..20_000 {
            let which = draw.bits() as usize % 3;
            let (caller, twin) = (callers[which], &mut twins[which]);
            if draw.bits().is_multiple_of(2) && twin.len() < 8 {
                twin.push(requests.begin(caller, 0, step, &mut attempts));
            } else if !twin.is_empty() {
                let row = twin.remove(draw.bits() as usize % twin.len());
                requests.end(row, &mut attempts);
            }
            let mut found = Vec::new();
            let mut next = attempts[caller].first_call();
            while next != NO_ROW {
                found.push(next);
                next = requests.rows[next].after;
            }
            found.reverse();
            assert_eq!(found, *twin, "step {step}");
        }
        assert_eq!(requests.live as usize, twins.iter().map(Vec::len).sum::<usize>());
    }
}
