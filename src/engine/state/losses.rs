//! What a pool loses when servers go down.

use super::attempt::Attempt;
use super::pool::Pool;
use super::slab::Slab;
use crate::random::Key;

/// The rows of attempts that the servers of a pool which are down lose, in the order of the viewers, with their generations.
pub fn of(pool: &Pool<'_>, index: usize, attempts: &Slab<Attempt>) -> Vec<(u32, u32)> {
    let held = |row: &u32| usize::from(attempts[*row].pool) == index && pool.loses(&attempts[*row]);
    let rank = |row: &u32| {
        let attempt = &attempts[*row];
        (attempt.cohort, attempt.ordinal, Key::number(attempt.key))
    };
    let mut lost: Vec<u32> = (0..attempts.len() as u32).filter(held).collect();
    lost.sort_by_key(rank);
    lost.into_iter().map(|row| (row, attempts.generation(row))).collect()
}
