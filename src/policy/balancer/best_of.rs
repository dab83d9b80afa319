//! The choice among a few servers drawn at random.

use super::loads::pick;
use super::members::Members;

/// Largest number of servers that are drawn for one attempt.
const MOST_CHOICES: usize = 32;

/// The server of the least cost out of `choices` different eligible ones, the first one drawn among equals. Draw j chooses among
/// the servers not drawn before, in order of number.
#[inline]
pub fn best_of<C: PartialOrd>(
    choices: u32,
    eligible: &Members,
    draw: impl FnMut(u32) -> f64,
    cost: impl FnMut(u32) -> C,
) -> Option<u32> {
    match choices.min(eligible.count()).min(MOST_CHOICES as u32) {
        2 => best_of_two(eligible, draw, cost),
        choices => best_of_several(choices, eligible, draw, cost),
    }
}

/// [`best_of`] for two servers, the usual number.
#[inline]
fn best_of_two<C: PartialOrd>(
    eligible: &Members,
    mut draw: impl FnMut(u32) -> f64,
    mut cost: impl FnMut(u32) -> C,
) -> Option<u32> {
    let first = pick(draw(0), eligible.count());
    let among_others = pick(draw(1), eligible.count() - 1);
    let second = among_others + u32::from(first <= among_others);
    let (first, second) = eligible.both(first, second)?;
    let cost_of_first = cost(first);
    Some(if cost(second) < cost_of_first { second } else { first })
}

/// [`best_of`] for any number of servers.
#[inline(never)]
fn best_of_several<C: PartialOrd>(
    choices: u32,
    eligible: &Members,
    mut draw: impl FnMut(u32) -> f64,
    mut cost: impl FnMut(u32) -> C,
) -> Option<u32> {
    // Ranks of the servers drawn so far among the eligible servers, in ascending order.
    let mut taken = [0; MOST_CHOICES];
    let mut best: Option<(C, u32)> = None;
    for j in 0..choices {
        let mut rank = pick(draw(j), eligible.count() - j);
        let mut index = 0;
        while index < j as usize && taken[index] <= rank {
            rank += 1;
            index += 1;
        }
        // A loop, since `copy_within` would be a call for a handful of ranks.
        for at in (index..j as usize).rev() {
            taken[at + 1] = taken[at];
        }
        taken[index] = rank;
        let server = eligible.nth(rank)?;
        let cost = cost(server);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, server));
        }
    }
    best.map(|(_, server)| server)
}
