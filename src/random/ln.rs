//! The natural logarithm of a uniform draw, with the same bits on every machine and without a division.

/// Number of intervals of [1, 2), each with its centre; with 2^7 intervals the remainder |r| is at most 2^-8.
const CENTRES: usize = 128;

/// 1/c and ln c for the centre c of each interval.
static TABLE: [(f64, f64); CENTRES] = table();

/// −ln x for x in (0, 1) that is a normal floating-point number.
///
/// With x = 2^e·z, z in [1, 2), c the centre of the interval of z and r = (z − c)/c, ln x is e·ln 2 + ln c + ln(1 + r). The
/// difference z − c is exact, |r| ≤ 2^-8, and the series for ln(1 + r) is cut off after r^7, below the last bit (P. T. P.
/// Tang, Table-driven implementation of the logarithm function in IEEE floating-point arithmetic, ACM TOMS 16 (1990)). A
/// test holds the relative error below 4·10^-16 for results above 1 and the absolute error below 4·10^-16 for smaller
/// ones: in half an hour, a thousandth of a nanosecond.
#[inline]
pub const fn minus_ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i64 - 1023;
    let z = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    let (inverse, log) = TABLE[(bits >> 45) as usize % CENTRES];
    let centre = f64::from_bits((z.to_bits() & !((1 << 45) - 1)) | 1 << 44);
    let r = (z - centre) * inverse;
    let square = r * r;
    let odd = square * r * (1.0 / 3.0 + square * (0.2 + square * (1.0 / 7.0)));
    let even = square * (0.5 + square * (0.25 + square * (1.0 / 6.0)));
    let rest = r + (odd - even);
    (-(exponent as f64) * std::f64::consts::LN_2 - (log + rest)).max(0.0)
}

/// The table of 1/c and ln c = 2·artanh((c − 1)/(c + 1)), computed from the series of artanh to the last bit.
const fn table() -> [(f64, f64); CENTRES] {
    let mut table = [(0.0, 0.0); CENTRES];
    let mut i = 0;
    while i < CENTRES {
        let centre = 1.0 + (i as f64 + 0.5) / CENTRES as f64;
        let t = (centre - 1.0) / (centre + 1.0);
        // Terms are added from the smallest to the largest; t is below 1/3, so forty terms are more than enough.
        let (mut sum, mut k) = (0.0, 40);
        while k > 0 {
            k -= 1;
            sum = sum * t * t + 1.0 / (2 * k + 1) as f64;
        }
        table[i] = (1.0 / centre, 2.0 * t * sum);
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Purpose};

    /// The slow twin is libm.
    #[test]
    fn minus_ln_agrees_with_libm() {
        let mut draw = Key::root(1, 0).draw(Purpose::Service);
        let ends = [f64::EPSILON / 4.0, 0.5, 0.25, 1.0 - f64::EPSILON / 2.0, 0.999, 0.503_906_25];
        for x in (0..200_000).map(|_| draw.uniform()).chain(ends) {
            let exact = -libm::log(x);
            assert!((minus_ln(x) - exact).abs() < 4e-16 * exact.max(1.0), "{x}: {} {exact}", minus_ln(x));
        }
    }

    #[test]
    fn minus_ln_is_never_negative() {
        for step in 1..100_000_u64 {
            assert!(minus_ln(f64::from_bits(1.0_f64.to_bits() - step)) >= 0.0, "{step}");
        }
    }
}
