//! Histograms of spans with bins of constant relative width, which merge exactly.

use std::ops::Range;

use crate::units::Span;

/// Bits of the mantissa that distinguish bins: 128 bins in an octave, each under 0.8% wide.
const PRECISION: u32 = 7;
/// Spans below 2^10 ns, about a microsecond, share the first bins.
const SMALLEST: u32 = 10;
/// Spans above 2^47 ns, about 39 hours, share the last bin.
const LARGEST: u32 = 47;
/// Number of bins that a walk skips at once while all of them lie below the wanted percentile.
const SKIPPED: usize = 16;
/// Number of bins.
const BINS: usize = ((LARGEST - SMALLEST + 1) as usize) << PRECISION;

/// Classes of an octave that charts tell apart.
const OF_OCTAVE: usize = 2;

/// Number of classes of spans that charts tell apart, each half an octave wide.
pub const CLASSES: usize = (LARGEST - SMALLEST + 1) as usize * OF_OCTAVE;

/// The shortest span of a class in milliseconds; that of the first class is 0.
pub fn class_from_ms(class: usize) -> f64 {
    lower_edge(class * ((1 << PRECISION) / OF_OCTAVE)) / 1e6
}

/// A histogram of spans.
///
/// One takes [`Histogram::BYTES`] bytes.
///
/// The values within a bin are taken as evenly spread, up to the longest span, so the relative error of a percentile is below
/// half a percent; the mean is exact. To record a span is a conversion, an increment and an addition; to merge is to add
/// counts, in any order.
#[derive(Clone, Debug)]
pub struct Histogram {
    /// Number of spans in each bin.
    counts: Box<[u32]>,
    /// Number of spans of zero (no waiting time), which are counted exactly.
    zeros: u64,
    /// The octaves with a bin that is not empty, one bit each.
    octaves: u64,
    /// The longest span, in nanoseconds; no percentile exceeds it.
    longest: i64,
    /// Exact sum of the spans, in nanoseconds.
    sum: u128,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { counts: vec![0; BINS].into(), zeros: 0, octaves: 0, longest: 0, sum: 0 }
    }
}

/// The bin of a span above zero: the exponent and first bits of the mantissa of the span as a floating-point number.
#[inline]
fn bin(nanos: i64) -> usize {
    const FIRST: u64 = (f64::MAX_EXP as u64 - 1 + SMALLEST as u64) << PRECISION;
    let bits = (nanos as f64).to_bits() >> (f64::MANTISSA_DIGITS - 1 - PRECISION);
    (bits.saturating_sub(FIRST) as usize).min(BINS - 1)
}

/// The shortest span of a bin, in nanoseconds.
fn lower_edge(bin: usize) -> f64 {
    if bin == 0 {
        return 0.0;
    }
    let octave = (bin >> PRECISION) as i32 + SMALLEST as i32;
    let mantissa = 1.0 + (bin & ((1 << PRECISION) - 1)) as f64 / f64::from(1 << PRECISION);
    mantissa * libm::ldexp(1.0, octave)
}

impl Histogram {
    /// Bytes of the bins.
    pub const BYTES: usize = BINS * size_of::<u32>();

    /// Counts a span; a negative span counts as zero.
    #[inline]
    pub fn record(&mut self, span: Span) {
        if span.0 <= 0 {
            self.zeros += 1;
            return;
        }
        let bin = bin(span.0);
        self.counts[bin] += 1;
        self.octaves |= 1 << (bin >> PRECISION);
        self.longest = self.longest.max(span.0);
        self.sum += span.0 as u128;
    }

    /// The bins from the first octave to the last octave that is not empty.
    fn bins(&self) -> Range<usize> {
        let first = (self.octaves.trailing_zeros() as usize) << PRECISION;
        let end = ((u64::BITS - self.octaves.leading_zeros()) as usize) << PRECISION;
        first.min(end)..end
    }

    /// Number of spans counted.
    pub fn total(&self) -> u64 {
        self.zeros + self.counts[self.bins()].iter().map(|count| u64::from(*count)).sum::<u64>()
    }

    /// Number of spans of zero.
    pub fn zeros(&self) -> u64 {
        self.zeros
    }

    /// Exact sum of the spans counted, in nanoseconds.
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// Exact mean of the spans counted, in nanoseconds; NaN if none was counted.
    pub fn mean(&self) -> f64 {
        self.sum as f64 / self.total() as f64
    }

    /// Adds the counts of another histogram.
    pub fn merge(&mut self, other: &Histogram) {
        self.zeros += other.zeros;
        self.octaves |= other.octaves;
        self.longest = self.longest.max(other.longest);
        self.sum += other.sum;
        let bins = other.bins();
        for (mine, theirs) in self.counts[bins.clone()].iter_mut().zip(&other.counts[bins]) {
            *mine += theirs;
        }
    }

    /// Number of spans in each class, from the shortest on; spans of zero are in the first.
    pub fn classes(&self) -> [u32; CLASSES] {
        const BINS_OF_CLASS: usize = (1 << PRECISION) / OF_OCTAVE;
        let mut classes = [0; CLASSES];
        let bins = self.bins();
        for (class, counts) in self.counts[bins.clone()].chunks(BINS_OF_CLASS).enumerate() {
            classes[bins.start / BINS_OF_CLASS + class] =
                counts.iter().fold(0, |sum: u32, count| sum.saturating_add(*count));
        }
        classes[0] = classes[0].saturating_add(u32::try_from(self.zeros).unwrap_or(u32::MAX));
        classes
    }

    /// Removes all counts.
    pub fn clear(&mut self) {
        let bins = self.bins();
        self.counts[bins].fill(0);
        (self.zeros, self.octaves, self.longest, self.sum) = (0, 0, 0, 0);
    }

    /// Number of spans longer than a bound, but for those that share its bin.
    pub fn longer(&self, bound: Span) -> u64 {
        let first = if bound.0 > 0 { bin(bound.0) + 1 } else { 0 };
        let bins = self.bins();
        self.counts[first.clamp(bins.start, bins.end)..bins.end].iter().map(|count| u64::from(*count)).sum()
    }

    /// The span in nanoseconds that a share `p` of the spans counted do not exceed; NaN if none was counted.
    pub fn percentile(&self, p: f64) -> f64 {
        self.walk().to(p)
    }

    /// A walk through the percentiles in ascending order.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { histogram: self, total: self.total(), bins: self.bins(), below: self.zeros }
    }
}

/// A walk through the bins of a histogram, from the lowest upwards, which finds several percentiles in one pass.
pub(super) struct Walk<'a> {
    histogram: &'a Histogram,
    total: u64,
    /// The bins that the walk has not passed yet.
    bins: Range<usize>,
    /// Number of spans in the bins that the walk has passed, zeros included.
    below: u64,
}

impl Walk<'_> {
    /// Number of spans in the histogram.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Walks on to the span in nanoseconds that a share `p` of the spans do not exceed; NaN if there are none. The shares
    /// of one walk ascend.
    pub fn to(&mut self, p: f64) -> f64 {
        if self.total == 0 {
            return f64::NAN;
        }
        let rank = (p * self.total as f64).max(1.0);
        if rank <= self.histogram.zeros as f64 {
            return 0.0;
        }
        let counts = &self.histogram.counts;
        let (mut start, end, mut below) = (self.bins.start, self.bins.end, self.below);
        // Whole groups of bins are skipped while they lie below the rank; the rest is walked bin by bin.
        let needed = rank.ceil() as u64;
        while let Some(group) = counts[start..end].first_chunk::<SKIPPED>() {
            let with_group = below + group.iter().map(|count| u64::from(*count)).sum::<u64>();
            if with_group >= needed {
                break;
            }
            (start, below) = (start + SKIPPED, with_group);
        }
        (self.bins.start, self.below) = (start, below);
        for (bin, count) in (start..end).zip(&counts[start..end]) {
            let count = u64::from(*count);
            if below + count >= needed {
                let (low, high) = (lower_edge(bin), lower_edge(bin + 1));
                let within = low + (high - low) * (rank - below as f64) / count as f64;
                return within.min(self.histogram.longest as f64);
            }
            below += count;
        }
        self.histogram.longest as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Law, Purpose};

    #[test]
    fn spans_longer_than_a_bound_are_counted() {
        let mut histogram = Histogram::default();
        for seconds in [0.0, 1.0, 9.0, 10.0, 10.5, 60.0, 600.0] {
            histogram.record(Span::from_seconds(seconds));
        }
        let longer = |seconds: f64| histogram.longer(Span::from_seconds(seconds));
        assert_eq!([longer(0.0), longer(10.0), longer(30.0), longer(3600.0)], [6, 3, 2, 0]);
        assert_eq!(Histogram::default().longer(Span::from_seconds(1.0)), 0);
    }

    /// The slow twin sorts all values.
    #[test]
    fn percentiles_agree_with_sorting_to_under_one_percent() {
        let law = Law::Lognormal { mu: 18.0, sigma: 2.0 };
        let key = Key::root(1, 1);
        let mut values: Vec<u64> = (0..50_000).map(|k| law.nanos(key.with(k).draw(Purpose::Service)) as u64).collect();
        let mut whole = Histogram::default();
        let mut halves = [Histogram::default(), Histogram::default()];
        for (k, value) in values.iter().enumerate() {
            whole.record(Span(*value as i64));
            halves[k % 2].record(Span(*value as i64));
        }
        let mut merged = Histogram::default();
        merged.merge(&halves[1]);
        merged.merge(&halves[0]);
        values.sort_unstable();
        for p in [0.01, 0.5, 0.9, 0.99] {
            let exact = values[(p * values.len() as f64) as usize - 1] as f64;
            assert!((whole.percentile(p) / exact - 1.0).abs() < 0.008, "{p}");
            assert_eq!(whole.percentile(p), merged.percentile(p));
        }
        let mut walk = whole.walk();
        assert_eq!(walk.total(), 50_000);
        for p in [0.01, 0.01, 0.5, 0.9, 0.99] {
            assert_eq!(walk.to(p), whole.percentile(p), "{p}");
        }
    }

    #[test]
    fn the_mean_is_exact_whatever_the_bins_and_in_whatever_order_halves_are_merged() {
        let spans = [0, -7, 1, 3, 1_000_003, 7_777_777_777, i64::MAX];
        let counted: i128 = spans.iter().map(|span| i128::from(*span).max(0)).sum();
        let mut halves = [Histogram::default(), Histogram::default()];
        spans.iter().enumerate().for_each(|(k, span)| halves[k % 2].record(Span(*span)));
        let [mut one, other] = halves;
        one.merge(&other);
        assert_eq!((one.sum() as i128, one.mean()), (counted, counted as f64 / spans.len() as f64));
        one.clear();
        assert!(one.mean().is_nan());
    }

    #[test]
    fn each_span_is_counted_in_the_class_that_holds_it() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.classes(), [0; CLASSES]);
        for nanos in [0, 0, 1_000_000, 1_400_000, 1_500_000, 70_000_000_000] {
            histogram.record(Span(nanos));
        }
        let classes = histogram.classes();
        assert_eq!(classes.iter().sum::<u32>(), 6);
        assert_eq!(classes[0], 2);
        let holding = |ms: f64| (0..CLASSES).rposition(|class| class_from_ms(class) <= ms).unwrap();
        assert_eq!((classes[holding(1.0)], classes[holding(1.4)], classes[holding(1.5)]), (1, 2, 2));
        assert_eq!(classes[holding(70_000.0)], 1);
        assert!((1..CLASSES).all(|class| class_from_ms(class) > class_from_ms(class - 1)));
        assert!((class_from_ms(holding(1.4)) - 1.048_576).abs() < 1e-9, "2^20 ns");
    }

    #[test]
    fn no_percentile_exceeds_the_longest_span() {
        let mut histogram = Histogram::default();
        for _ in 0..1_000 {
            histogram.record(Span(2_000_000_000));
        }
        assert_eq!([0.99, 1.0].map(|p| histogram.percentile(p)), [2e9; 2]);
        assert!((histogram.percentile(0.1) / 2e9 - 1.0).abs() < 0.005);
        let mut both = Histogram::default();
        both.record(Span(2_000_000_001));
        both.merge(&histogram);
        assert_eq!(both.percentile(1.0), 2_000_000_001.0);
        both.clear();
        both.record(Span(5));
        assert_eq!(both.percentile(1.0), 5.0);
    }

    #[test]
    fn the_ends_of_the_range_hold() {
        let mut histogram = Histogram::default();
        assert!(histogram.percentile(0.5).is_nan());
        histogram.record(Span::ZERO);
        assert_eq!(histogram.percentile(0.5), 0.0);
        for nanos in [-1, 1, 1023, 1024, 1025, i64::MAX] {
            histogram.record(Span(nanos));
        }
        assert!(histogram.percentile(1.0).is_finite());
        histogram.clear();
        assert_eq!(histogram.total(), 0);
        for nanos in (0..63).map(|k| 1_i64 << k) {
            let edge = lower_edge(bin(nanos));
            assert!(edge <= nanos as f64, "{nanos}");
        }
    }
}
