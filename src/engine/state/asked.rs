//! The time that a request has taken so far, through all its attempts.

use crate::units::Span;

/// Bits of the mantissa of a short number, which holds the time at pools and in transit during a pause.
const SHORT_MANTISSA: u32 = 10;
/// Bits of the mantissa of a single-precision number that a short number leaves out.
const LEFT_OUT: u32 = f32::MANTISSA_DIGITS - 1 - SHORT_MANTISSA;
/// The smallest short number above zero: 2^10 ns, about a microsecond.
const SMALLEST: u32 = ((f32::MAX_EXP as u32 - 1) + 10) << SHORT_MANTISSA;

/// The time that a request has taken up to some moment, in nanoseconds.
///
/// Single precision is exact to one part in 16 million, far below the width of a bin of a histogram.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Asked {
    /// Time since the first attempt was sent.
    pub elapsed: f32,
    /// Time in queues and in pauses before retries.
    pub waited: f32,
}

impl Asked {
    /// The time after a further span without a wait.
    #[inline(always)]
    pub fn after(self, span: Span) -> Asked {
        Asked { elapsed: self.elapsed + span.0 as f32, ..self }
    }

    /// The time after a pause, which counts as a wait.
    #[inline(always)]
    pub fn paused(self, pause: Span) -> Asked {
        let pause = pause.0 as f32;
        Asked { elapsed: self.elapsed + pause, waited: self.waited + pause }
    }

    /// The time in 48 bits: the elapsed time exactly, the time that was no wait to one part in 2,000.
    #[inline(always)]
    pub fn pack(self) -> (u32, u16) {
        // Rounding may leave a negative rest.
        let busy = (self.elapsed - self.waited).max(0.0).to_bits();
        let short = (busy + (1 << (LEFT_OUT - 1))) >> LEFT_OUT;
        // No window is as long as the largest short number, 2^73 ns.
        (self.elapsed.to_bits(), short.saturating_sub(SMALLEST) as u16)
    }

    /// The time that [`Asked::pack`] packed.
    #[inline(always)]
    pub fn unpack((elapsed, busy): (u32, u16)) -> Asked {
        let elapsed = f32::from_bits(elapsed);
        let busy = if busy == 0 { 0.0 } else { f32::from_bits((u32::from(busy) + SMALLEST) << LEFT_OUT) };
        Asked { elapsed, waited: (elapsed - busy).max(0.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_was_packed_is_the_same_to_one_part_in_two_thousand() {
        for elapsed in [0.0_f32, 1e3, 1e9, 7e9, 2.6e15] {
            for busy in [0.0, 1e-7, 1e-4, 0.3, 1.0_f32].map(|share| share * elapsed) {
                let asked = Asked { elapsed, waited: elapsed - busy };
                let read = Asked::unpack(asked.pack());
                assert_eq!(read.elapsed, elapsed);
                let error = (read.waited - asked.waited).abs();
                assert!(error <= busy / 2_000.0 + elapsed * 3e-7 + 1_100.0, "{asked:?}: {read:?}");
            }
        }
    }

    #[test]
    fn a_request_that_did_nothing_but_wait_stays_what_it_is() {
        let mut asked = Asked::default();
        for _ in 0..10 {
            asked = Asked::unpack(asked.paused(Span::from_seconds(1.0)).pack());
        }
        let is = |value: f32, exact: f32| (value / exact - 1.0).abs() < 1e-6;
        assert!(is(asked.elapsed, 1e10) && asked.waited == asked.elapsed, "{asked:?}");
        let after = asked.after(Span::from_seconds(2.0));
        assert!(is(after.elapsed, 1.2e10) && after.waited == asked.waited, "{after:?}");
    }
}
