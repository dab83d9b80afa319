//! Axes with ticks at round numbers, round local times, or decades.
//!
//! The range of an axis is finite and not empty, whatever the data.

use crate::report::clock::Clock;
use crate::report::numbers::{millis, percent, si, trim_zeros};

/// A tick with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Value at the tick.
    pub at: f64,
    /// Text beside the tick; may be empty.
    pub label: String,
}

/// One axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Lower end.
    pub low: f64,
    /// Upper end; above the lower.
    pub high: f64,
    /// Ticks within, ascending.
    pub ticks: Vec<Tick>,
    logarithmic: bool,
}

impl Axis {
    /// From 0 to `highest`, or to the next tick where that is near, in about `steps` steps.
    pub fn from_zero(highest: f64, steps: usize, label: impl Fn(f64) -> String) -> Axis {
        let highest = if highest.is_finite() && highest > 1e-9 { highest.min(1e18) } else { 1.0 };
        let step = round_step(highest / steps.max(1) as f64);
        let whole = (highest / step + 1e-9).floor();
        // A gap of most of a step above the data is better spent on the data.
        let count = if highest / step - whole > 0.7 { whole + 1.0 } else { whole.max(1.0) };
        let ticks = (0..=count as usize).map(|i| i as f64 * step).map(|at| Tick { at, label: label(at) }).collect();
        Axis { low: 0.0, high: highest.max(count * step), ticks, logarithmic: false }
    }

    /// Counts or rates.
    pub fn counts(highest: f64, steps: usize) -> Axis {
        Axis::from_zero(highest, steps, tick_si)
    }

    /// Shares: to 100% where they come near it, so that "nearly all" looks like nearly all.
    pub fn shares(highest: f64, steps: usize) -> Axis {
        let highest = if highest > 0.45 { highest.max(1.0) } else { (highest * 1.15).max(0.002) };
        Axis::from_zero(highest, steps, |share| percent((share * 1e9).round() / 1e9))
    }

    /// Ends and ticks at round multiples of `unit` around the values, and none above `bound`; from zero unless all values
    /// lie far above it.
    pub fn around(low: f64, high: f64, bound: f64, steps: usize, unit: f64, label: impl Fn(f64) -> String) -> Axis {
        let usable = |value: f64| if value.is_finite() { value.clamp(-1e18, 1e18) / unit } else { 0.0 };
        let (low, high) = (usable(low).min(usable(high)), usable(high).max(usable(low)));
        let low = if low >= 0.0 && low < 0.6 * high { 0.0 } else { low };
        // Values that are all the same get an axis from zero to above them, so that they are seen as a level.
        let (low, high) =
            if high - low > 1e-9 * high.abs().max(1e-6) { (low, high) } else { (low.min(0.0), high.max(0.0)) };
        let high = if high > low { high } else { low + 1.0 };
        let step = round_step((high - low) / steps.max(1) as f64);
        let first = (low / step + 1e-6).floor();
        let mut last = (high / step - 1e-6).ceil();
        if last * step * unit > bound * 1.000_001 {
            last = (bound / unit / step + 1e-6).floor();
        }
        let count = (last - first).max(1.0) as usize;
        let ticks = (0..=count).map(|i| (first + i as f64) * step * unit).map(|at| Tick { at, label: label(at) });
        let ticks: Vec<Tick> = ticks.collect();
        Axis { low: first * step * unit, high: (first + count as f64) * step * unit, ticks, logarithmic: false }
    }

    /// From end to end, even or logarithmic, with ticks at round values: of a logarithmic one at 1, 2 and 5 times powers
    /// of ten. At most `most` ticks.
    pub fn spanning(low: f64, high: f64, logarithmic: bool, most: usize, label: impl Fn(f64) -> String) -> Axis {
        let low = if low.is_finite() { low.clamp(-1e18, 1e18) } else { 0.0 };
        let high = if high.is_finite() && high > low { high.min(1e18) } else { low + low.abs().max(1.0) };
        let logarithmic = logarithmic && low > 0.0;
        let within = |at: f64| at >= low - (high - low) * 1e-9 && at <= high * (1.0 + 1e-9);
        let mut values: Vec<f64> = Vec::new();
        if logarithmic {
            let decades = libm::log10(low).floor() as i32..=libm::log10(high).ceil() as i32;
            for factors in [&[1.0, 2.0, 5.0][..], &[1.0]] {
                let each =
                    decades.clone().flat_map(|decade| factors.iter().map(move |f| f * libm::exp10(f64::from(decade))));
                values = each.filter(|at| within(*at)).collect();
                if values.len() <= most {
                    break;
                }
            }
            let apart = values.len().div_ceil(most.max(1)).max(1);
            values = values.into_iter().step_by(apart).collect();
        }
        // Less than a decade may hold a single one of those.
        if values.len() < 3 {
            let step = round_step((high - low) / most.max(1) as f64);
            let (first, last) = ((low / step - 1e-6).ceil() as i64, (high / step + 1e-6).floor() as i64);
            values = (first..=last).map(|i| i as f64 * step).collect();
        }
        let ticks = values.into_iter().map(|at| Tick { at, label: label(at) }).collect();
        Axis { low, high, ticks, logarithmic }
    }

    /// From end to end with these ticks.
    pub fn with_ticks(low: f64, high: f64, logarithmic: bool, ticks: Vec<Tick>) -> Axis {
        let high = if high > low { high } else { low + 1.0 };
        Axis { low, high, ticks, logarithmic: logarithmic && low > 0.0 }
    }

    /// Milliseconds in decades around the values.
    pub fn log_millis(lowest: f64, highest: f64) -> Axis {
        let usable = |value: f64| value.is_finite() && value > 0.0;
        let low = if usable(lowest) { lowest.clamp(1e-6, 1e12) } else { 1.0 };
        let high = if usable(highest) { highest.clamp(low, 1e12) } else { low };
        let (first, mut last) = ((libm::log10(low) + 1e-9).floor() as i32, (libm::log10(high) - 1e-9).ceil() as i32);
        last = last.max(first + 1);
        let within: &[f64] = if last - first <= 2 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let mut ticks: Vec<Tick> = Vec::new();
        for decade in first..=last {
            for factor in within {
                let at = factor * libm::exp10(f64::from(decade));
                if at <= libm::exp10(f64::from(last)) * 1.000_001 {
                    ticks.push(Tick { at, label: millis(at) });
                }
            }
        }
        Axis { low: libm::exp10(f64::from(first)), high: libm::exp10(f64::from(last)), ticks, logarithmic: true }
    }

    /// Time from the drop, with ticks at round times of the clock and at least `apart` pixels between them.
    pub fn clock(clock: &Clock, from_s: f64, until_s: f64, room: f64, apart: f64) -> Axis {
        let low = if from_s.is_finite() { from_s.clamp(-1e10, 1e10) } else { 0.0 };
        let high = if until_s.is_finite() && until_s > low { until_s.min(1e10) } else { low + 1.0 };
        let high = high.max(low + 1e-3);
        let most = (room / apart).floor().clamp(2.0, 24.0);
        let step = time_step((high - low) / most);
        // Ticks count from local midnight, so that they fall on round times in any zone.
        let midnight = low - clock.since_midnight(low);
        let first = ((low - midnight) / step - 1e-6).ceil();
        let mut ticks = Vec::new();
        for i in 0..=(most as usize + 1) {
            let at = midnight + (first + i as f64) * step;
            if at > high + step * 1e-6 {
                break;
            }
            ticks.push(Tick { at: at.clamp(low, high), label: time_label(clock, at, step) });
        }
        Axis { low, high, ticks, logarithmic: false }
    }

    /// Where a value lies between the ends, 0 to 1 if it is within.
    pub fn share(&self, value: f64) -> f64 {
        if self.logarithmic {
            libm::log(value.max(self.low) / self.low) / libm::log(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }

    /// Whether a value lies on the axis.
    pub fn holds(&self, value: f64) -> bool {
        value >= self.low && value <= self.high
    }
}

/// The next step of 1, 2, 2.5 or 5 times a power of ten.
fn round_step(least: f64) -> f64 {
    let power = libm::exp10(libm::log10(least).floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .iter()
        .map(|factor| factor * power)
        .find(|step| *step >= least * 0.999_999)
        .unwrap_or(power * 10.0)
}

/// The next step that clocks and calendars know.
fn time_step(least: f64) -> f64 {
    const STEPS: [f64; 18] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 10_800.0, 21_600.0,
        43_200.0, 86_400.0,
    ];
    if least < 1.0 {
        return round_step(least);
    }
    STEPS.into_iter().find(|step| *step >= least).unwrap_or_else(|| round_step(least / 86_400.0).ceil() * 86_400.0)
}

fn time_label(clock: &Clock, at: f64, step: f64) -> String {
    // A nudge keeps what falls just short of a full second by rounding from losing it.
    let at = at + 1e-6;
    let midnight = clock.since_midnight(at) < 1.0;
    match step {
        _ if step < 1.0 => format!("{} s", trim_zeros(&format!("{:.3}", at - 1e-6))),
        _ if step < 60.0 => clock.seconds(at),
        _ if step >= 86_400.0 || (midnight && step >= 3600.0) => clock.day(at),
        _ => clock.minutes(at),
    }
}

/// A tick's number without false zeros: `0`, `2.5k`, `20k`.
pub fn tick_si(value: f64) -> String {
    let (divisor, suffix) = match value.abs() {
        size if size >= 1e9 => (1e9, "B"),
        size if size >= 1e6 => (1e6, "M"),
        size if size >= 1e3 => (1e3, "k"),
        size if size > 0.0 && size < 0.01 => return si(value),
        _ => (1.0, ""),
    };
    format!("{}{suffix}", trim_zeros(&format!("{:.2}", value / divisor)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::spec;

    fn labels(axis: &Axis) -> String {
        axis.ticks.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(&Axis::counts(6740.0, 5)), "0 2k 4k 6k");
        assert_eq!(labels(&Axis::shares(0.97, 5)), "0% 20% 40% 60% 80% 100%");
        assert_eq!(labels(&Axis::shares(0.03, 4)), "0% 1% 2% 3%");
        assert_eq!(labels(&Axis::log_millis(55.0, 5030.0)), "10 ms 100 ms 1 s 10 s");
        let clock = Clock::of_drop(&spec());
        assert_eq!(
            labels(&Axis::clock(&clock, -1800.0, 5400.0, 1300.0, 100.0)),
            "08:30 08:40 08:50 09:00 09:10 09:20 09:30 09:40 09:50 10:00 10:10 10:20 10:30"
        );
        assert_eq!(
            labels(&Axis::clock(&clock, -3600.0, 3.0 * 86_400.0, 900.0, 90.0)),
            "12:00 4 Apr 12:00 5 Apr 12:00 6 Apr"
        );
        assert_eq!(labels(&Axis::clock(&clock, 0.0, 0.01, 500.0, 90.0)), "0 s 0.002 s 0.004 s 0.006 s 0.008 s 0.01 s");
    }

    #[test]
    fn no_data_makes_an_endless_or_empty_axis() {
        let clock = Clock::of_drop(&spec());
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -3.0, 1e-300, 1e300, 1.0];
        for a in odd {
            for b in odd {
                for axis in [
                    Axis::counts(a, 5),
                    Axis::shares(a, 5),
                    Axis::log_millis(a, b),
                    Axis::clock(&clock, a, b, 1000.0, 90.0),
                ] {
                    assert!(axis.low.is_finite() && axis.high.is_finite() && axis.low < axis.high, "{a} {b}: {axis:?}");
                    assert!(axis.ticks.len() < 60, "{a} {b}");
                }
            }
        }
    }
}
