//! Keyed random numbers: each draw is a function of its key and its purpose, never the next number of a sequence.
//!
//! A [`Key`] is mixed from the seed, the replication, and the names and numbers of the entity that draws. A [`Draw`] is the
//! short stream of numbers of one purpose of one key. No state is kept between draws, so an extra retry shifts no later
//! draw, and two scenarios that differ in one setting have the same viewers with the same needs (common random numbers).
//!
//! Results are the same bits on every machine: mathematical functions come from the `libm` crate. Only the two functions
//! that nearly every event needs, the logarithm and the exponential function, are implemented here, from tables and without
//! a division; the ziggurat uses them for exponential and normal draws.

mod binomial;
mod exp;
mod gamma;
mod law;
mod length_biased;
mod ln;
mod normal;
mod stream;
mod ziggurat;

pub(crate) use binomial::binomial;
pub(crate) use exp::exp;
pub use law::Law;
pub(crate) use law::pick;
pub(crate) use ln::minus_ln;
pub(crate) use normal::{normal_cdf, normal_quantile};
pub(crate) use stream::{OrderedUniforms, Stream, UnitPoisson};

use std::convert::Infallible;

use rand::TryRng;

/// 2^64 divided by the golden ratio, the increment of SplitMix64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finalizer of SplitMix64 (Stafford's variant 13): a bijection of 64 bits in which each input bit changes each output
/// bit with a probability near one half.
#[inline(always)]
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The purpose of a draw; the draws of two purposes of one key are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// The client of a viewer.
    Client = 1,
    /// The device of a viewer.
    Device,
    /// The pool that serves a tier for a viewer.
    Route,
    /// The length of a pause between steps (`think`).
    Think,
    /// The delay after a wait for the drop (`spread`).
    Spread,
    /// The length of a stream.
    Stream,
    /// Whether a viewer goes back to an earlier step after a stream (`then`).
    Then,
    /// The service time of an attempt.
    Service,
    /// Whether an attempt meets the `failure` of its pool.
    Failure,
    /// A human's patience with a request.
    Patience,
    /// Whether an attempt is retried.
    Retry,
    /// The jitter of the pause before a retry.
    Jitter,
    /// Whether an error page is refreshed.
    Refresh,
    /// The delay of a refresh.
    RefreshDelay,
    /// Whether a viewer who gave up comes back.
    ComeBack,
    /// The delay of coming back.
    ComeBackDelay,
    /// Whether a viewer reports the outage.
    Report,
    /// The delay of a report after the first failure.
    ReportDelay,
    /// The patience of a viewer with stalls.
    StallPatience,
    /// The draws of a heartbeat.
    Heartbeat,
    /// The arrival times of an audience in a region.
    Arrivals,
    /// The viewers who are inside when the window opens.
    Already,
    /// The background reports of the outage tracker.
    UsualReports,
    /// The points of a sweep.
    Design,
    /// The server that a balancer sends an attempt to.
    Balance,
    /// The round trip of an attempt.
    RoundTrip,
    /// Whether an attempt is lost, and on which way.
    Loss,
    /// The place of a viewer in the lottery of a waiting room.
    Lottery,
    /// Whether an app's throttle keeps an attempt back.
    Throttle,
    /// The rank of a viewer, or of a call that no viewer makes, among those of its class when a pool sheds load.
    Shed,
    /// The time for which a pool asks an attempt that was turned away to stay away.
    RetryAfter,
    /// The time from one probe of a limiter to the next.
    Probe,
    /// Whether a call between pools is made.
    Call,
    /// The time between the pools of a call.
    CallLatency,
    /// Whether a cache knows the answer to a call.
    Cache,
    /// The time that a server takes to boot.
    Boot,
    /// The time that a server works until it crashes.
    Crash,
    /// The time that the repair of a server takes.
    Repair,
    /// The round of a viewer who is inside when the window opens.
    Round,
}

/// The kind of a part of a visit; its number is the difference between the keys of two consecutive parts of the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Part {
    /// A step in one pass of one visit.
    Step = 0xd134_2543_de82_ef95,
    /// A call of a step after a number of refreshes.
    Call = 0xaf25_1af3_b0f0_25b5,
    /// An attempt of a call.
    Attempt = 0xb564_ef22_ec7a_ece5,
    /// A hedged copy of an attempt.
    Copy = 0xf135_7aea_2e62_a9c5,
}

/// The identity of an entity that draws: a node in a tree of keys whose root is the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// The key of one replication of one seed.
    pub const fn root(seed: u64, replication: u64) -> Key {
        Key(mix(seed.wrapping_add(GOLDEN))).with(replication)
    }

    /// The key of a number that [`Key::number`] returned.
    #[inline(always)]
    pub const fn from_number(number: u64) -> Key {
        Key(number)
    }

    /// The key as a number, to be stored in a row of the engine.
    #[inline(always)]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The key of the child with this number.
    #[inline(always)]
    pub const fn with(self, number: u64) -> Key {
        Key(mix(self.0.wrapping_add(number.wrapping_mul(GOLDEN)).wrapping_add(GOLDEN)))
    }

    /// The key of a numbered part of a visit.
    ///
    /// The key is shifted, not mixed, since every draw mixes it: a step, a call and an attempt together cost one chain of
    /// mixing. Two keys of one viewer derived in this way differ by a sum of multiples of four unrelated odd numbers, which
    /// is zero only by an accident of one in 2^64.
    #[inline(always)]
    pub const fn part(self, part: Part, number: u64) -> Key {
        Key(self.0.wrapping_add(number.wrapping_add(1).wrapping_mul(part as u64)))
    }

    /// The key of the part of the same kind whose number is lower by `steps`.
    #[inline]
    pub const fn part_before(self, part: Part, steps: u64) -> Key {
        Key(self.0.wrapping_sub(steps.wrapping_mul(part as u64)))
    }

    /// The key of the child with this name. A name added to a scenario does not change the keys of other names.
    pub const fn named(self, name: &str) -> Key {
        // FNV-1a (Fowler, Noll and Vo), chosen because it is short and the same everywhere.
        let bytes = name.as_bytes();
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut i = 0;
        while i < bytes.len() {
            hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
            i += 1;
        }
        self.with(hash)
    }

    /// The draw of one purpose.
    #[inline(always)]
    pub const fn draw(self, purpose: Purpose) -> Draw {
        Draw(self.0 ^ (purpose as u64).wrapping_mul(0xd6e8_feb8_6659_fd93))
    }
}

/// The short stream of numbers of one key and purpose: SplitMix64 that starts at the key.
#[derive(Clone, Copy, Debug)]
pub struct Draw(u64);

impl Draw {
    /// The next 64 bits.
    #[inline(always)]
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A uniform number in the open interval (0, 1), on a grid of step 2^-52 that is shifted by half a step, 2^-53.
    #[inline(always)]
    pub fn uniform(&mut self) -> f64 {
        open_unit(self.bits())
    }

    /// Whether an event of this probability happens.
    #[inline(always)]
    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }
}

/// Maps 64 bits to the open interval (0, 1).
#[inline(always)]
fn open_unit(bits: u64) -> f64 {
    // The bits become the mantissa of a number in [1, 2); the difference is exact.
    f64::from_bits(bits >> 12 | 1.0_f64.to_bits()) - (1.0 - f64::EPSILON / 2.0)
}

/// A draw is also a generator of the `rand` crates.
impl TryRng for Draw {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.bits() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.bits().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_key_and_purpose_alone() {
        let viewer = Key::root(504, 0).named("fans").named("france").with(7);
        assert_eq!(viewer.draw(Purpose::Think).bits(), viewer.draw(Purpose::Think).bits());
        assert_ne!(viewer.draw(Purpose::Think).bits(), viewer.draw(Purpose::Stream).bits());
        assert_ne!(viewer.draw(Purpose::Think).bits(), viewer.with(1).draw(Purpose::Think).bits());
    }

    /// Every draw of a viewer, for any part of a visit and any purpose, starts from a number of its own.
    #[test]
    fn no_two_draws_of_a_viewer_are_equal() {
        let viewer = Key::root(504, 0).named("fans").named("france").with(7);
        let mut starts = Vec::new();
        for (step, refreshes, call) in (0..24).flat_map(|i| (0..5).flat_map(move |j| (0..5).map(move |k| (i, j, k)))) {
            // The number of a step packs visit, pass and step; the number of a call packs refreshes and call.
            let step = viewer.part(Part::Step, (step / 12) << 32 | (step / 4 % 3) << 16 | (step % 4));
            let call = step.part(Part::Call, refreshes << 16 | call);
            let attempts = (1..6).map(|attempt| call.part(Part::Attempt, attempt));
            let copies = attempts.clone().flat_map(|attempt| (1..3).map(move |copy| attempt.part(Part::Copy, copy)));
            for key in std::iter::once(call).chain(attempts.clone()).chain(copies) {
                for purpose in [Purpose::Think, Purpose::Service, Purpose::Patience, Purpose::Jitter, Purpose::Refresh]
                {
                    let mut draw = key.draw(purpose);
                    starts.extend((0..3).map(|_| draw.bits()));
                }
            }
        }
        let all = starts.len();
        starts.sort_unstable();
        starts.dedup();
        assert_eq!(starts.len(), all);
    }

    /// Pearson's statistic over 16 × 16 cells of a draw and a neighbouring one stays under 378, which with 255 degrees of
    /// freedom independent draws exceed less than once in a million.
    #[test]
    fn a_draw_is_independent_of_neighbouring_draws() {
        let cohort = Key::root(504, 0).named("fans").named("france");
        let call = |viewer, call| cohort.with(viewer).part(Part::Step, 2).part(Part::Call, call);
        let attempt = |viewer, attempt| call(viewer, 1).part(Part::Attempt, attempt);
        let neighbours: [&dyn Fn(u64) -> [Draw; 2]; 6] = [
            &|v| [attempt(v, 1), attempt(v, 2)].map(|key| key.draw(Purpose::Jitter)),
            &|v| [attempt(v, 1), attempt(v + 1, 1)].map(|key| key.draw(Purpose::Jitter)),
            &|v| [Purpose::Jitter, Purpose::Service].map(|purpose| attempt(v, 3).draw(purpose)),
            &|v| [call(v, 0), call(v, 1)].map(|key| key.draw(Purpose::Patience)),
            &|v| [call(v, 0), call(v, 1 << 16)].map(|key| key.draw(Purpose::Patience)),
            &|v| [0, 1].map(|step| cohort.with(v).part(Part::Step, step).draw(Purpose::Think)),
        ];
        for (number, pair) in neighbours.iter().enumerate() {
            let mut cells = [0.0; 256];
            for viewer in 0..200_000 {
                let [one, other] = pair(viewer).map(|mut draw| draw.bits() >> 60);
                cells[(one << 4 | other) as usize] += 1.0;
            }
            let expected = 200_000.0 / 256.0;
            let statistic: f64 = cells.iter().map(|count| (count - expected) * (count - expected) / expected).sum();
            assert!(statistic < 378.0, "{number}: {statistic}");
        }
    }

    #[test]
    fn golden_values_stay() {
        let mut draw = Key::root(504, 1).named("fans").with(3).draw(Purpose::Service);
        let pinned = [draw.bits(), draw.uniform().to_bits(), draw.exponential().to_bits(), draw.normal().to_bits()];
        assert_eq!(pinned, PINNED, "{pinned:#x?}");
    }
    const PINNED: [u64; 4] =
        [0xf7d2_70fe_4883_39ac, 0x3fe1_6f6a_b5a9_66e1, 0x3ff6_f704_730f_5a44, 0x3fe7_79aa_3b4d_c96a];
}
