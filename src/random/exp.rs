//! The exponential function for normal draws, with the same bits on every machine and without a division.

/// Number of equal steps of the exponent from 2^0 to 2^1; with 2^7 steps the remainder r is at most ln 2 / 256.
const STEPS: usize = 128;

/// 2^(i/128).
static TABLE: [f64; STEPS] = table();

/// Steps in 1: 128 / ln 2.
const STEPS_PER_UNIT: f64 = STEPS as f64 / std::f64::consts::LN_2;
/// ln 2 / 128 in two parts; the first part has few enough bits that its multiples are exact.
const STEP_HIGH: f64 = f64::from_bits(0x3f76_2e42_fee0_0000);
const STEP_LOW: f64 = 1.490_792_913_492_646_6e-12;

/// e^x for |x| up to 700; e^±700 beyond.
///
/// With x = (128·m + i)·(ln 2)/128 + r, e^x is 2^m·2^(i/128)·e^r. The series for e^r is cut off after r^5, below the last
/// bit (P. T. P. Tang, Table-driven implementation of the exponential function in IEEE floating-point arithmetic, ACM TOMS
/// 15 (1989)). A test holds the relative error below 7·10^-16.
#[inline]
pub const fn exp(x: f64) -> f64 {
    // Adding and subtracting 1.5·2^52 rounds to a whole number, in any mode of compilation.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let x = x.clamp(-700.0, 700.0);
    let shifted = x * STEPS_PER_UNIT + ROUND;
    let whole = shifted - ROUND;
    // The low 32 bits of the shifted number are the whole number in two's complement.
    let steps = shifted.to_bits() as i32 as i64;
    let r = (x - whole * STEP_HIGH) - whole * STEP_LOW;
    let square = r * r;
    let rest = r + square * (0.5 + r * (1.0 / 6.0) + square * (1.0 / 24.0 + r * (1.0 / 120.0)));
    let table = TABLE[steps as usize % STEPS];
    let value = table + table * rest;
    f64::from_bits(value.to_bits().wrapping_add(((steps >> 7) << 52) as u64))
}

/// The table of 2^(i/128) = e^(i·(ln 2)/128), computed from the series of the exponential function.
const fn table() -> [f64; STEPS] {
    let mut table = [1.0; STEPS];
    let mut i = 0;
    while i < STEPS {
        // y = i/128·ln 2 is below 0.7; terms are added from the smallest to the largest.
        let y = i as f64 / STEPS as f64 * std::f64::consts::LN_2;
        let (mut sum, mut k) = (1.0, 30);
        while k > 0 {
            sum = 1.0 + sum * y / k as f64;
            k -= 1;
        }
        table[i] = sum;
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
    fn exp_agrees_with_libm() {
        let mut draw = Key::root(2, 0).draw(Purpose::Service);
        for x in (0..200_000).map(|_| (draw.uniform() - 0.5) * 1_390.0).chain([0.0, 1.0, -1.0, 1e-300, 30.0]) {
            let exact = libm::exp(x);
            assert!((exp(x) / exact - 1.0).abs() < 7e-16, "{x}: {} {exact}", exp(x));
        }
    }
}
