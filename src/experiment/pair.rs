//! Several arms on the same replications, compared replication by replication.
//!
//! Arms with the same seed face the same people with the same needs (common random numbers). Chance that both arms share
//! cancels in their difference, so the interval of the paired difference is far narrower than those of the two figures.
//! Pairing is also valid for arms with different seeds, but narrows no interval there.

use std::ops::Range;

use super::compare::{Comparison, Sample};
use super::progress::{Progress, Watch};
use super::replicate::{Arm, replicate_each};

/// Runs the same replications of several arms and compares each arm with the first; `None` if `progress` stopped it.
///
/// Of each run only its summary is kept.
pub fn pair(arms: &[Arm<'_>], replications: Range<u64>, progress: &dyn Progress) -> Option<Comparison> {
    let watch = |_, _| Watch::new(progress);
    let summaries = replicate_each(arms, replications, watch, |run| Sample::summary(&run.measurements))?;
    let samples: Vec<Sample> =
        arms.iter().zip(summaries).map(|(arm, summaries)| Sample { seed: arm.seed, summaries }).collect();
    Some(Comparison::of(&samples.iter().collect::<Vec<_>>()))
}
