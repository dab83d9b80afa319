//! Failures that the causes of several replications leave out: attempts that clients kept back, failures of a pool that is fine,
//! caches that are cold, and trouble at times that are not measured.

use super::{Kept, Replications, Spread, most_frequent};
use crate::analysis::{Cold, ColdInRuns, Fate};
use crate::vocabulary::Outcome;

impl Replications {
    /// Share of the failures that clients kept back, over the replications in which attempts fail beyond the bound.
    pub fn kept_back(&self) -> Option<Spread> {
        Spread::of(self.runs.iter().map(|run| run.kept_back))
    }

    /// The error of a pool that is in most replications the most frequent while neither the pool nor the one `behind` it is saturated,
    /// of equals the first, and its share of the pool's errors over these replications.
    pub fn elsewhen(&self, pool: usize, behind: Option<usize>) -> Option<(Outcome, Spread)> {
        let of = |run: &Kept| {
            let did = run.pools.get(pool).filter(|did| did.behind.map(usize::from) == behind)?;
            did.elsewhen
        };
        let most = most_frequent(self.runs.iter().filter_map(of).map(|(outcome, _)| outcome))?;
        let share = |run: &Kept| of(run).filter(|(outcome, _)| *outcome == most).map_or(f64::NAN, |(_, share)| share);
        Some((most, Spread::of(self.runs.iter().map(share))?))
    }

    /// The cache that answers much less than it could in most replications, of equals the first.
    pub fn cold(&self) -> Option<ColdInRuns> {
        let pools = |cold: &Cold| (cold.caller, cold.callee);
        let (caller, callee) = most_frequent(self.runs.iter().filter_map(|run| run.cold.as_deref().map(pools)))?;
        let of = |run: &'_ Kept| run.cold.as_deref().filter(|cold| pools(cold) == (caller, callee)).copied();
        let spread = |share: fn(&Cold) -> f64| {
            Spread::of(self.runs.iter().map(|run| of(run).map_or(f64::NAN, |cold| share(&cold))))
        };
        let full = self.runs.iter().filter_map(of).map(|cold| cold.full).reduce(|all, next| all.and(next));
        let (lowest, highest) = (spread(|cold| cold.lowest.value)?, spread(|cold| cold.highest.value)?);
        Some(ColdInRuns { caller, callee, lowest, highest, full: full.flatten() })
    }

    /// Height, length and begin of the largest trouble before or after the measured time, the latter two in seconds, over the
    /// replications in which it is one of waiting, or of failures.
    pub fn unmeasured(&self, is_before: bool, is_wait: bool) -> Option<[Spread; 3]> {
        let of = |run: &Kept| {
            let side = run.unmeasured.iter().find(|trouble| trouble.is_before == is_before)?;
            let worst = match side.fate {
                Fate::Fail(rate) => Some(rate).filter(|_| !is_wait),
                Fate::Wait(most) => Some(most).filter(|_| is_wait),
            };
            Some([worst?, side.to_s - side.from_s, side.from_s])
        };
        let spread = |at: usize| Spread::of(self.runs.iter().map(|run| of(run).map_or(f64::NAN, |values| values[at])));
        Some([spread(0)?, spread(1)?, spread(2)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::replications::Did;
    use crate::analysis::{Peak, Unmeasured};

    /// Outcome of most failures at other times, with their share.
    type Elsewhen = Option<(Outcome, f64)>;

    /// Replications in which the first pool suffers from one behind it or not, and fails at other times or not.
    fn of_pools(pools: &[(Option<u16>, Elsewhen)]) -> Replications {
        let did = |(behind, elsewhen)| Did { cause: None, is_named: true, behind, elsewhen };
        let runs = pools.iter().map(|pool| Kept { pools: [did(*pool)].into(), ..Kept::default() });
        Replications { runs: runs.collect(), ..Replications::default() }
    }

    #[test]
    fn the_error_of_most_replications_is_that_of_other_times() {
        let (failed, slow) = (Some((Outcome::Failed, 0.5)), Some((Outcome::TimedOut, 0.9)));
        let all = of_pools(&[(None, slow), (None, failed), (None, Some((Outcome::Failed, 0.3))), (Some(1), failed)]);
        let (outcome, spread) = all.elsewhen(0, None).unwrap();
        assert_eq!((outcome, spread.k, spread.n, spread.low, spread.high), (Outcome::Failed, 2, 4, 0.3, 0.5));
        assert_eq!(all.elsewhen(0, Some(1)).map(|(_, spread)| spread.k), Some(1), "it suffers from the other in one");
        assert_eq!((all.elsewhen(0, Some(2)), all.elsewhen(1, None)), (None, None));
    }

    #[test]
    fn the_cache_that_is_cold_in_most_replications_is_told_with_how_many() {
        let cold = |callee, low, full| {
            let peak = |value| Peak { value, from_s: 0.0, to_s: 60.0 };
            Some(Box::new(Cold { caller: 0, callee, lowest: peak(low), highest: peak(0.6), full }))
        };
        let runs = [cold(2, 0.1, None), cold(1, 0.2, Some(0.9)), None, cold(1, 0.4, Some(0.9))];
        let runs = runs.map(|cold| Kept { cold, ..Kept::default() });
        let mut all = Replications { runs: runs.into(), ..Replications::default() };
        let found = all.cold().unwrap();
        assert_eq!((found.callee, found.lowest.k, found.lowest.n, found.full), (1, 2, 4, Some(0.9)));
        assert_eq!((found.lowest.low, found.lowest.high, found.highest.median), (0.2, 0.4, 0.6));
        all.runs[3].cold = cold(1, 0.4, None);
        assert_eq!(all.cold().and_then(|found| found.full), None, "it is nearly full in one");
        all.runs.truncate(0);
        assert_eq!(all.cold(), None);
    }

    #[test]
    fn trouble_that_is_not_measured_is_of_its_side_and_of_its_kind() {
        let trouble = |is_before, from_s, fate| Unmeasured { is_before, from_s, to_s: from_s + 60.0, fate };
        let sides = [
            vec![trouble(true, -600.0, Fate::Fail(0.4))],
            vec![trouble(true, -540.0, Fate::Fail(0.6)), trouble(false, 900.0, Fate::Wait(30.0))],
            vec![trouble(true, -300.0, Fate::Wait(50.0))],
        ];
        let runs = sides.into_iter().map(|sides| Kept { unmeasured: sides.into(), ..Kept::default() });
        let all = Replications { runs: runs.collect(), ..Replications::default() };
        let [worst, lasts, from] = all.unmeasured(true, false).unwrap();
        assert_eq!([worst.median, lasts.median, from.median], [0.5, 60.0, -570.0]);
        assert_eq!([worst.k, worst.n], [2, 3]);
        assert_eq!(all.unmeasured(true, true).map(|[worst, ..]| worst.median), Some(50.0));
        assert_eq!(all.unmeasured(false, false), None);
    }
}
