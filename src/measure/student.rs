//! Quantiles of Student's t, for confidence intervals of means of few values.

/// The 97.5% quantile of Student's t: from a table to four decimals for up to ten degrees of freedom, by the expansion of R.
/// A. Fisher and E. A. Cornish (Technometrics 2, 1960) for more, where its error is under 0.0001.
pub(super) fn student_975(degrees: usize) -> f64 {
    const TABLE: [f64; 10] = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281];
    if let Some(value) = TABLE.get(degrees.wrapping_sub(1)) {
        return *value;
    }
    let (z, n) = (1.959_963_984_540_054_f64, degrees as f64);
    let z3 = z * z * z;
    let (z5, z7) = (z3 * z * z, z3 * z3 * z);
    z + (z3 + z) / (4.0 * n)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * n * n)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * n * n * n)
}

/// The quantile of Student's t that a share `tail` below one half exceeds.
///
/// Bisection on the exact tail finds the quantile. The many intervals of a report use the faster `student_975`.
pub fn student(degrees: usize, tail: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while share_above(degrees, high) > tail && high < 1e15 {
        (low, high) = (high, high * 2.0);
    }
    while high - low > 1e-10 * high {
        let middle = (low + high) / 2.0;
        if share_above(degrees, middle) > tail { low = middle } else { high = middle }
    }
    high
}

/// The share of Student's t above `t` (M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, 26.7.3 and 4).
fn share_above(degrees: usize, t: f64) -> f64 {
    let angle = libm::atan(t / (degrees as f64).sqrt());
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    // The terms are cos, 2/3 cos³, … for odd degrees, and 1, 1/2 cos², … for even ones.
    let odd = degrees % 2 == 1;
    let (mut term, mut sum) = (if odd { cosine } else { 1.0 }, 0.0);
    for n in ((if odd { 3 } else { 2 })..=degrees).step_by(2) {
        sum += term;
        term *= cosine * cosine * (n - 1) as f64 / n as f64;
    }
    let within = if odd { (angle + sine * sum) * std::f64::consts::FRAC_2_PI } else { sine * sum };
    (1.0 - within) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_agree_with_published_tables() {
        assert!((student_975(11) - 2.2010).abs() < 2e-4 && (student_975(100) - 1.9840).abs() < 1e-4);
        for (degrees, tail, t) in
            [(1, 0.025, 12.7062), (2, 0.005, 9.9248), (9, 0.0005, 4.7809), (10, 0.0005, 4.5869), (120, 0.01, 2.3578)]
        {
            assert!((student(degrees, tail) - t).abs() < 1e-4, "{degrees} {tail}: {}", student(degrees, tail));
        }
        for degrees in 1..200 {
            assert!((student(degrees, 0.025) - student_975(degrees)).abs() < 1e-3, "{degrees}");
        }
    }
}
