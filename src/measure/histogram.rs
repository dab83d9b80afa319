//! A histogram of spans with bins of constant relative width, which merges exactly.

/// Bits of the mantissa that tell bins apart: 128 bins to an octave, each under 0.8% wide.
const PRECISION: u32 = 7;
/// Spans below 2^10 ns, about a microsecond, share the first bins.
const SMALLEST: u32 = 10;
/// Spans above 2^47 ns, about 39 hours, share the last bin.
const LARGEST: u32 = 47;
const BINS: usize = ((LARGEST - SMALLEST + 1) as usize) << PRECISION;

/// Counts of spans, in nanoseconds.
///
/// Within a bin the values are taken to lie evenly, so a percentile is off by less than half a
/// percent of itself. Recording is a shift and an increment; merging adds counts, in any order.
#[derive(Clone, Debug)]
pub struct Histogram {
    counts: Box<[u32]>,
    total: u64,
    /// Zero is common (no wait at all) and exact.
    zeros: u64,
    /// The bins that hold anything lie in `lowest..=highest`.
    lowest: usize,
    highest: usize,
}

impl Default for Histogram {
    fn default() -> Self {
        Histogram { counts: vec![0; BINS].into(), total: 0, zeros: 0, lowest: BINS, highest: 0 }
    }
}

/// The bin of a span above zero.
#[inline]
fn bin(nanos: u64) -> usize {
    let exponent = (63 - (nanos | 1).leading_zeros()).clamp(SMALLEST, LARGEST);
    // For spans below the smallest octave the shift leaves no leading one, so they fall under its first bin.
    let mantissa = (nanos >> (exponent - PRECISION)).min((2 << PRECISION) - 1) as usize;
    let base = ((exponent - SMALLEST) as usize) << PRECISION;
    (base + mantissa).saturating_sub(1 << PRECISION)
}

/// The least span of a bin.
fn lower_edge(bin: usize) -> f64 {
    if bin == 0 {
        return 0.0;
    }
    let octave = (bin >> PRECISION) as i32 + SMALLEST as i32;
    let mantissa = 1.0 + (bin & ((1 << PRECISION) - 1)) as f64 / f64::from(1 << PRECISION);
    mantissa * libm::ldexp(1.0, octave)
}

impl Histogram {
    /// Counts one span.
    #[inline]
    pub fn record(&mut self, nanos: u64) {
        self.total += 1;
        if nanos == 0 {
            self.zeros += 1;
            return;
        }
        let bin = bin(nanos);
        self.counts[bin] += 1;
        self.lowest = self.lowest.min(bin);
        self.highest = self.highest.max(bin);
    }

    /// How many spans were counted.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many of them were zero.
    pub fn zeros(&self) -> u64 {
        self.zeros
    }

    /// Adds the counts of another histogram.
    pub fn merge(&mut self, other: &Histogram) {
        self.total += other.total;
        self.zeros += other.zeros;
        if other.lowest <= other.highest {
            let bins = other.lowest..=other.highest;
            for (mine, theirs) in self.counts[bins.clone()].iter_mut().zip(&other.counts[bins]) {
                *mine += theirs;
            }
            self.lowest = self.lowest.min(other.lowest);
            self.highest = self.highest.max(other.highest);
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        if self.lowest <= self.highest {
            self.counts[self.lowest..=self.highest].fill(0);
        }
        (self.total, self.zeros, self.lowest, self.highest) = (0, 0, BINS, 0);
    }

    /// The span in nanoseconds that a share `p` of those counted do not exceed; NaN if none was.
    pub fn percentile(&self, p: f64) -> f64 {
        let [value] = self.percentiles([p]);
        value
    }

    /// The same for several shares, which ascend, in one pass.
    pub fn percentiles<const N: usize>(&self, shares: [f64; N]) -> [f64; N] {
        if self.total == 0 {
            return [f64::NAN; N];
        }
        let mut bins = self.counts[..=self.highest].iter().enumerate().skip(self.lowest);
        // The bin that is looked at, how many lie in it, and how many below it.
        let (mut bin, mut count, mut below) = (0, 0_u64, self.zeros);
        shares.map(|p| {
            let rank = (p * self.total as f64).max(1.0);
            if rank <= self.zeros as f64 {
                return 0.0;
            }
            while ((below + count) as f64) < rank {
                let Some((next, counted)) = bins.next() else { return lower_edge(self.highest + 1) };
                below += count;
                (bin, count) = (next, u64::from(*counted));
            }
            let (low, high) = (lower_edge(bin), lower_edge(bin + 1));
            low + (high - low) * (rank - below as f64) / count as f64
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, Law, Purpose};

    /// The slow, obvious twin: all values, sorted.
    #[test]
    fn percentiles_agree_with_sorting_to_under_one_percent() {
        let law = Law::Lognormal { mu: 18.0, sigma: 2.0 };
        let key = Key::root(1, 1);
        let mut values: Vec<u64> = (0..50_000).map(|k| law.nanos(key.with(k).draw(Purpose::Service)) as u64).collect();
        let mut whole = Histogram::default();
        let mut halves = [Histogram::default(), Histogram::default()];
        for (k, value) in values.iter().enumerate() {
            whole.record(*value);
            halves[k % 2].record(*value);
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
    }

    #[test]
    fn the_ends_of_the_range_hold() {
        let mut histogram = Histogram::default();
        assert!(histogram.percentile(0.5).is_nan());
        histogram.record(0);
        assert_eq!(histogram.percentile(0.5), 0.0);
        for nanos in [1, 1023, 1024, 1025, u64::MAX] {
            histogram.record(nanos);
        }
        assert!(histogram.percentile(1.0).is_finite());
        histogram.clear();
        assert_eq!(histogram.total(), 0);
        for nanos in (0..63).map(|k| 1_u64 << k) {
            let edge = lower_edge(bin(nanos));
            assert!(edge <= nanos as f64, "{nanos}");
        }
    }
}
