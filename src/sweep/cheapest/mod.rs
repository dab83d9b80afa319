//! The cheapest combination of levers for which the thresholds of a scenario hold.
//!
//! ```text
//! Plan, Prices ─▶ halving: rounds of ever more runs of ever fewer combinations ─▶ Found: winner, runner-up, chances
//! ```
//!
//! 1. Every combination is run a few times. All combinations face the same crowds (common random numbers).
//! 2. The number of runs in which its thresholds held gives the probability that they hold in enough of all runs
//!    (`belief.rs`). Multiplied by the probability that no cheaper combination does, this is its chance of being the cheapest.
//! 3. The half with the better chances is run twice as often, and so on (successive halving: Z. Karnin, T. Koren and O. Somekh,
//!    Almost Optimal Exploration in Multi-Armed Bandits, ICML 2013), until one chance, or that of none, is as large as asked
//!    for. A combination that was dropped comes back when the cheaper ones fail.
//! 4. The same search among the combinations that save on at least one lever of the winner finds the runner-up.
//!
//! Beliefs about combinations are taken as independent. Common crowds make their errors alike, so that the chance of the winner
//! is, if anything, larger than stated.

mod belief;
mod found;
mod halving;

pub use found::{Choice, Combination, Effort, Found, SearchError};

use super::plan::Plan;
use super::prices::Prices;
use super::store::Store;
use crate::experiment::Progress;
use halving::Halving;

/// Looks for the cheapest combination of a plan's levers and for the runner-up, on all threads of the current rayon pool; the
/// answer does not depend on their number. Runs that the store holds are not made again. `None` if [`Progress::stop`] ended it.
///
/// # Errors
/// If a run cannot be made or kept, or has no figures.
pub fn cheapest(
    plan: &Plan,
    prices: &Prices,
    store: &Store,
    effort: &Effort,
    progress: &dyn Progress,
) -> Result<Option<Found>, SearchError> {
    let mut halving = Halving::new(plan, prices, store, effort, progress);
    let every: Vec<usize> = halving.order().to_vec();
    let Some(winner) = halving.best(&every)? else { return Ok(None) };
    let runner_up = match winner {
        Some(winner) => {
            let paid: Vec<f64> = prices.costs(halving.digits(winner.index)).collect();
            let saves =
                |point: &usize| prices.costs(halving.digits(*point)).zip(&paid).any(|(cost, paid)| cost < *paid);
            let others: Vec<usize> = every.iter().copied().filter(saves).collect();
            match halving.best(&others)? {
                Some(found) => found,
                None => return Ok(None),
            }
        }
        None => None,
    };
    Ok(Some(halving.found(winner, runner_up)))
}
