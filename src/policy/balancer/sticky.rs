//! Sticky sessions: each viewer has a server, and few viewers change theirs when servers come and go.
//!
//! J. Lamping, E. Veach, A Fast, Minimal Memory, Consistent Hash Algorithm, arXiv:1406.2294, 2014.

use super::members::Members;
use crate::random::Key;

/// Number of probes after which the next eligible number is taken.
const MOST_PROBES: u64 = 64;

/// The server of a viewer among those numbered below `servers`: the first of a sequence of hashes that is eligible.
pub fn choose(viewer: Key, servers: u32, eligible: &Members) -> Option<u32> {
    if eligible.count() == 0 {
        return None;
    }
    let mut probes = (0..MOST_PROBES).map(|probe| jump(viewer.with(probe).number(), servers));
    let found = probes.find(|server| eligible.contains(*server));
    found.or_else(|| eligible.next_from(jump(viewer.number(), servers)))
}

/// The jump consistent hash of a key: a number below `buckets`. With one bucket more a share 1/`buckets` of the keys moves, all
/// of them to the new one.
fn jump(mut key: u64, buckets: u32) -> u32 {
    let (mut bucket, mut next) = (0, 0.0);
    while next < f64::from(buckets) {
        bucket = next as u32;
        key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        let quotient = (1_u64 << 31) as f64 / ((key >> 33) + 1) as f64;
        next = ((f64::from(bucket) + 1.0) * quotient).floor();
    }
    bucket
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewers() -> impl Iterator<Item = Key> {
        (0..20_000).map(|viewer| Key::root(5, 0).with(viewer))
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // The test vectors of Guava's `Hashing.consistentHash`, which is this algorithm.
        let hundred = [0, 55, 62, 8, 45, 59, 86, 97, 82, 59, 73, 37, 17, 56, 86, 21, 90, 37, 38, 83];
        assert!((0..20).map(|key| jump(key, 100)).eq(hundred));
        for (key, buckets, bucket) in
            [(10_863_919_174_838_991, 11, 6), (2_016_238_256_797_177_309, 11, 3), (1_673_758_223_894_951_030, 11, 5)]
        {
            assert_eq!(jump(key, buckets), bucket);
        }
    }

    #[test]
    fn a_server_that_comes_or_goes_moves_its_own_viewers_only() {
        let ten = Members::all(10);
        let eleven = Members::all(11);
        let mut without_four = Members::all(10);
        without_four.set(4, false);
        let mut moved = [0; 2];
        for viewer in viewers() {
            let server = choose(viewer, 10, &ten).unwrap();
            let with_one_more = choose(viewer, 11, &eleven).unwrap();
            assert!(with_one_more == server || with_one_more == 10);
            moved[0] += u32::from(with_one_more != server);
            let with_one_less = choose(viewer, 10, &without_four).unwrap();
            assert!(with_one_less != 4 && (with_one_less == server || server == 4));
            moved[1] += u32::from(with_one_less != server);
        }
        // A share of 1/11 and of 1/10; five standard deviations of a binomial number.
        assert!(moved[0].abs_diff(1_818) < 205 && moved[1].abs_diff(2_000) < 215, "{moved:?}");
    }

    #[test]
    fn the_last_server_gets_everybody() {
        let mut one = Members::all(5_000);
        (0..5_000).filter(|server| *server != 77).for_each(|server| one.set(server, false));
        assert!(viewers().take(50).all(|viewer| choose(viewer, 5_000, &one) == Some(77)));
        one.set(77, false);
        assert_eq!(choose(Key::root(5, 0), 5_000, &one), None);
    }
}
