//! Wilson's interval of a share.

/// Standard errors by which a rate must lie off a bound: failures come in bursts, so they scatter more than independent ones.
pub const BEYOND_CHANCE: f64 = 7.0;

/// Standard errors of a 95% interval.
pub const NINETY_FIVE: f64 = 1.959_963_984_540_054;

/// The interval of the share of which `k` of `n` trials are a sample, `z` standard errors to both sides (E. B. Wilson, 1927).
/// Without trials the interval is that of every share.
pub fn wilson(k: f64, n: f64, z: f64) -> (f64, f64) {
    if n <= 0.0 {
        return (0.0, 1.0);
    }
    let share = k / n;
    let widened = 1.0 + z * z / n;
    let middle = share + z * z / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).max(0.0).sqrt();
    (((middle - half) / widened).clamp(0.0, share), ((middle + half) / widened).clamp(share, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_literature() {
        // 81 of 263: R. G. Newcombe, Statistics in Medicine 17 (1998), table I.
        let (low, high) = wilson(81.0, 263.0, NINETY_FIVE);
        assert!((low - 0.2553).abs() < 1e-4 && (high - 0.3662).abs() < 1e-4, "{low} {high}");
        let (low, high) = wilson(0.0, 20.0, NINETY_FIVE);
        assert!(low == 0.0 && (high - 0.1611).abs() < 1e-4, "{high}");
        assert_eq!(wilson(0.0, 0.0, NINETY_FIVE), (0.0, 1.0));
    }

    #[test]
    fn the_share_lies_within() {
        for n in 1..60 {
            for k in 0..=n {
                let share = f64::from(k) / f64::from(n);
                let (low, high) = wilson(f64::from(k), f64::from(n), BEYOND_CHANCE);
                assert!(0.0 <= low && low <= share && share <= high && high <= 1.0, "{k} of {n}");
            }
        }
    }
}
