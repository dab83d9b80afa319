//! Axes with ticks at round numbers, round local times, or decades.
//!
//! The range of an axis is finite and not empty, whatever the data.

use super::ticks::{
    Tick, decimal, on_the_clock, round_step, rungs, tick_millis, tick_percent, tick_si, time_label, time_step,
    whole_step,
};
use crate::report::clock::Clock;

/// A logarithmic axis begins this factor below the values, so that none lies on the line at the foot.
const CLEAR: f64 = 1.05;

/// Ticks of a logarithmic axis are at least this factor apart.
const NEAR: f64 = 1.5;

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
    time: Option<Times>,
}

/// Labels of a time axis.
#[derive(Clone, Debug, PartialEq)]
pub enum Times {
    /// By a clock, with its offsets from UTC in seconds, each from a moment in seconds from the drop on.
    Clock(Vec<(f64, i32)>),
    /// From the drop.
    Offsets,
}

impl Axis {
    /// From 0 to `highest`, or to the next tick where that is near, in about `steps` steps.
    pub fn from_zero(highest: f64, steps: usize, label: impl Fn(f64) -> String) -> Axis {
        let highest = if highest.is_finite() && highest > 1e-9 { highest.min(1e18) } else { 1.0 };
        Axis::in_steps(highest, round_step(highest / steps.max(1) as f64), label)
    }

    /// From 0 to `highest`, or to the next tick where that is near, in steps.
    fn in_steps(highest: f64, step: f64, label: impl Fn(f64) -> String) -> Axis {
        let whole = (highest / step + 1e-9).floor();
        // A gap of most of a step above the data is better spent on the data.
        let count = if highest / step - whole > 0.7 { whole + 1.0 } else { whole.max(1.0) };
        let ticks = (0..=count as usize).map(|i| i as f64 * step).map(|at| Tick::new(at, label(at))).collect();
        Axis { low: 0.0, high: highest.max(count * step), ticks, logarithmic: false, time: None }
    }

    /// Rates.
    pub fn counts(highest: f64, steps: usize) -> Axis {
        Axis::from_zero(highest, steps, tick_si)
    }

    /// Numbers of things, which are whole: so are the ticks. The axis ends at 1 at least.
    pub fn whole(highest: f64, steps: usize) -> Axis {
        let highest = if highest.is_finite() { highest.clamp(1.0, 1e18) } else { 1.0 };
        Axis::in_steps(highest, whole_step(highest / steps.max(1) as f64), tick_si)
    }

    /// Shares: to 100% where they come near it, so that "nearly all" looks like nearly all.
    pub fn shares(highest: f64, steps: usize) -> Axis {
        let highest = if highest > 0.45 { highest.max(1.0) } else { (highest * 1.15).max(0.002) };
        Axis::from_zero(highest, steps, tick_percent)
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
        let ticks = (0..=count).map(|i| (first + i as f64) * step * unit).map(|at| Tick::new(at, label(at)));
        let ticks: Vec<Tick> = ticks.collect();
        Axis {
            low: first * step * unit,
            high: (first + count as f64) * step * unit,
            ticks,
            logarithmic: false,
            time: None,
        }
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
            let at = |factors: &'static [f64]| -> Vec<f64> {
                let each =
                    decades.clone().flat_map(|decade| factors.iter().map(move |f| f * libm::exp10(f64::from(decade))));
                each.filter(|at| within(*at)).collect()
            };
            values = at(&[1.0, 2.0, 5.0]);
            if values.len() > most {
                // Two powers of ten are too few to read values between them.
                let powers = at(&[1.0]);
                values = if powers.len() < 3 { at(&[1.0, 3.0]) } else { powers };
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
        let ticks = values.into_iter().map(|at| Tick::new(at, label(at))).collect();
        Axis { low, high, ticks, logarithmic, time: None }
    }

    /// From end to end with these ticks.
    pub fn with_ticks(low: f64, high: f64, logarithmic: bool, ticks: Vec<Tick>) -> Axis {
        let high = if high > low { high } else { low + 1.0 };
        Axis { low, high, ticks, logarithmic: logarithmic && low > 0.0, time: None }
    }

    /// Milliseconds around the values, with ticks at whole units of time.
    pub fn log_millis(lowest: f64, highest: f64) -> Axis {
        let usable = |value: f64| value.is_finite() && value > 0.0;
        let low = if usable(lowest) { lowest.clamp(1e-6, 1e12) } else { 1.0 };
        let high = if usable(highest) { highest.clamp(low, 1e12) } else { low };
        let (low, high) = (low * (1.0 + 1e-9), high * (1.0 - 1e-9));
        let decades = rungs(&[1.0]);
        let first = decades.iter().rposition(|at| *at * CLEAR <= low).unwrap_or(0);
        let last = decades.iter().position(|at| *at >= high).unwrap_or(decades.len() - 1).max(first + 1);
        // Most of a decade beyond the values is better spent on them; a level stays clear of the upper end.
        let steps = rungs(&[1.0, 2.0, 5.0]);
        let foot = steps.iter().copied().rfind(|at| *at * CLEAR <= low).unwrap_or(decades[first]);
        let clear = high.max(2.0 * low) * (1.0 - 1e-8);
        let top = steps.iter().copied().find(|at| *at >= clear).unwrap_or(decades[last]);
        let ends = foot..=top;
        // Between two decades no value can be read.
        let few = decades.iter().filter(|at| ends.contains(at)).count() < 3;
        let ticks = if last - first <= 2 || few { steps } else { decades.clone() };
        let mut ticks: Vec<f64> = ticks.into_iter().filter(|at| ends.contains(at)).collect();
        // 50 s and a minute are too near to each other for two labels.
        ticks = (0..ticks.len())
            .filter(|index| ticks.get(index + 1).is_none_or(|next| *next >= NEAR * ticks[*index]))
            .map(|index| ticks[index])
            .collect();
        let ticks = ticks.into_iter().map(|at| Tick::new(at, tick_millis(at))).collect();
        Axis { low: *ends.start(), high: *ends.end(), ticks, logarithmic: true, time: None }
    }

    /// Counts or rates in decades around the values.
    pub fn log_counts(lowest: f64, highest: f64) -> Axis {
        let usable = |value: f64| value.is_finite() && value > 0.0;
        let high = if usable(highest) { highest.clamp(1e-9, 1e18) } else { 1.0 };
        // Four decades are as many as can be told apart.
        let low = if usable(lowest) { lowest.clamp(high * 1e-4, high) } else { high * 1e-4 };
        let first = libm::log10(low / CLEAR).floor() as i32;
        let last = ((libm::log10(high) - 1e-9).ceil() as i32).max(first + 1);
        let ticks = (first..=last).map(|decade| libm::exp10(f64::from(decade)));
        let ticks = ticks.map(|at| Tick::new(at, tick_si(at))).collect();
        Axis {
            low: libm::exp10(f64::from(first)),
            high: libm::exp10(f64::from(last)),
            ticks,
            logarithmic: true,
            time: None,
        }
    }

    /// Leaves out labels of a logarithmic axis in a plot of some height that are less than `apart` from others: powers of ten
    /// stay before fives, and fives before the rest.
    pub fn thin_out(&mut self, height: f64, apart: f64) {
        if !self.logarithmic {
            return;
        }
        let places: Vec<f64> = self.ticks.iter().map(|tick| height * self.share(tick.at)).collect();
        let mut kept: Vec<usize> = Vec::new();
        for first in ["1", "5", ""] {
            for index in (0..places.len()).filter(|index| self.ticks[*index].label.starts_with(first)) {
                if kept.iter().all(|other| (places[*other] - places[index]).abs() >= apart) {
                    kept.push(index);
                }
            }
        }
        let left_out = (0..places.len()).filter(|index| !kept.contains(index));
        left_out.for_each(|index| self.ticks[index].label.clear());
    }

    /// Time from the drop, with ticks at round times of the clock and at least `apart` units of the sheet between them. The
    /// date stands below the first tick and wherever it changes, unless all of the axis is one day.
    pub fn clock(clock: &Clock, from_s: f64, until_s: f64, room: f64, apart: f64) -> Axis {
        let (low, high) = ends(from_s, until_s);
        let most = (room / apart).floor().clamp(2.0, 24.0);
        let step = time_step((high - low) / most);
        // Ticks count from local midnight, so that they fall on round times in any zone.
        let midnight = low - clock.since_midnight(low);
        let first = ((low - midnight) / step - 1e-6).ceil();
        let mut ticks: Vec<Tick> = Vec::new();
        for i in 0..=(most as usize + 1) {
            let at = on_the_clock(clock, midnight + (first + i as f64) * step, step);
            if at > high + step * 1e-6 {
                break;
            }
            if at >= low - step * 1e-6 && ticks.last().is_none_or(|last| at > last.at + step * 0.4) {
                ticks.push(Tick::new(at.clamp(low, high), time_label(clock, at, step)));
            }
        }
        if clock.day(low) != clock.day(high) {
            let mut before = String::new();
            for tick in &mut ticks {
                let day = clock.day(tick.at + 1e-6);
                if day != before && day != tick.label {
                    tick.below.clone_from(&day);
                }
                before = day;
            }
        }
        Axis { low, high, ticks, logarithmic: false, time: Some(Times::Clock(clock.offsets(low, high))) }
    }

    /// Time from the drop, counted from the drop: `−10 min`, `drop`, `+10 min`.
    pub fn offsets(from_s: f64, until_s: f64, room: f64, apart: f64) -> Axis {
        let (low, high) = ends(from_s, until_s);
        let most = (room / apart).floor().clamp(2.0, 24.0);
        let step = time_step((high - low) / most);
        let (unit, name) = match low.abs().max(high.abs()) {
            size if size < 180.0 => (1.0, "s"),
            size if size < 3.0 * 3600.0 => (60.0, "min"),
            size if size < 3.0 * 86_400.0 => (3600.0, "h"),
            _ => (86_400.0, "d"),
        };
        let (first, last) = ((low / step - 1e-6).ceil() as i64, (high / step + 1e-6).floor() as i64);
        let label = |at: f64| match at {
            0.0 => "drop".to_owned(),
            at if at < 0.0 => format!("\u{2212}{} {name}", decimal(-at / unit)),
            at => format!("+{} {name}", decimal(at / unit)),
        };
        let ticks = (first..=last).take(most as usize + 2).map(|i| i as f64 * step);
        let ticks = ticks.map(|at| Tick::new(at.clamp(low, high), label(at))).collect();
        Axis { low, high, ticks, logarithmic: false, time: Some(Times::Offsets) }
    }

    /// Labels of a time axis; `None` on an axis of values.
    pub fn time(&self) -> Option<&Times> {
        self.time.as_ref()
    }

    /// Whether equal distances stand for equal factors.
    pub fn is_logarithmic(&self) -> bool {
        self.logarithmic
    }

    /// Position of a value along the axis: 0 at the low end, 1 at the high end, in logarithms on a logarithmic axis.
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

/// The ends of an axis of time: finite and apart.
fn ends(from_s: f64, until_s: f64) -> (f64, f64) {
    let low = if from_s.is_finite() { from_s.clamp(-1e10, 1e10) } else { 0.0 };
    let high = if until_s.is_finite() && until_s > low { until_s.min(1e10) } else { low + 1.0 };
    (low, high.max(low + 1e-3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::spec;

    fn labels(axis: &Axis) -> String {
        let text = |tick: &Tick| match tick.below.as_str() {
            "" => tick.label.clone(),
            below => format!("{}/{below}", tick.label),
        };
        axis.ticks.iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_low_logarithmic_axis_names_the_roundest_ticks() {
        let thinned = |height| {
            let mut axis = Axis::log_millis(150.0, 4e3);
            axis.thin_out(height, 18.0);
            labels(&axis)
        };
        assert_eq!(thinned(200.0), "100 ms 200 ms 500 ms 1 s 2 s 5 s");
        assert_eq!(thinned(80.0), "100 ms   1 s  5 s");
        let mut even = Axis::counts(10.0, 5);
        even.thin_out(10.0, 18.0);
        assert_eq!(labels(&even), "0 2 4 6 8 10");
    }

    #[test]
    fn a_logarithmic_axis_has_no_even_ticks() {
        let ticks = |low: f64, high: f64| labels(&Axis::spanning(low, high, true, 7, tick_si));
        assert_eq!(ticks(0.15, 60.0), "0.3 1 3 10 30");
        assert_eq!(ticks(0.3, 60.0), "0.5 1 2 5 10 20 50");
        assert_eq!(ticks(0.02, 3000.0), "0.1 1 10 100 1k");
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(&Axis::counts(6740.0, 5)), "0 2k 4k 6k");
        assert_eq!(labels(&Axis::counts(0.1, 4)), "0 0.025 0.05 0.075 0.1");
        assert_eq!(labels(&Axis::counts(5.0, 2)), "0 2.5 5");
        assert_eq!(labels(&Axis::whole(5.0, 2)), "0 5");
        assert_eq!(labels(&Axis::whole(0.3, 3)), "0 1");
        assert_eq!(labels(&Axis::whole(4.2, 3)), "0 2 4");
        assert_eq!(labels(&Axis::whole(9500.0, 4)), "0 2.5k 5k 7.5k 10k");
        assert_eq!(labels(&Axis::shares(0.97, 5)), "0% 20% 40% 60% 80% 100%");
        assert_eq!(labels(&Axis::shares(0.03, 4)), "0% 1% 2% 3%");
        assert_eq!(labels(&Axis::log_millis(55.0, 5030.0)), "100 ms 1 s 10 s");
        assert_eq!(labels(&Axis::log_millis(5e3, 50e3)), "2 s 5 s 10 s 20 s 50 s");
        assert_eq!(labels(&Axis::log_millis(50.0, 50.0)), "20 ms 50 ms 100 ms");
        assert_eq!(labels(&Axis::log_millis(5e3, 500e3)), "10 s 1 min 10 min");
        assert_eq!(labels(&Axis::log_counts(3.0, 20e3)), "1 10 100 1k 10k 100k");
        assert_eq!(labels(&Axis::offsets(-600.0, 1800.0, 400.0, 80.0)), "\u{2212}10 min drop +10 min +20 min +30 min");
    }

    #[test]
    fn clocks_have_dates_where_these_change() {
        let clock = Clock::of_drop(&spec());
        assert_eq!(
            labels(&Axis::clock(&clock, -1800.0, 5400.0, 1300.0, 100.0)),
            "08:30 08:40 08:50 09:00 09:10 09:20 09:30 09:40 09:50 10:00 10:10 10:20 10:30"
        );
        assert_eq!(
            labels(&Axis::clock(&clock, -3600.0, 3.0 * 86_400.0, 900.0, 90.0)),
            "12:00/3 Apr 00:00/4 Apr 12:00 00:00/5 Apr 12:00 00:00/6 Apr"
        );
        let evening = Axis::clock(&clock, 14.5 * 3600.0, 15.5 * 3600.0, 500.0, 90.0);
        assert_eq!(labels(&evening), "23:30/3 Apr 23:45 00:00/4 Apr 00:15 00:30");
        assert_eq!(labels(&Axis::clock(&clock, 0.0, 0.01, 500.0, 90.0)), "0 s 0.002 s 0.004 s 0.006 s 0.008 s 0.01 s");
    }

    #[test]
    fn ticks_stay_on_the_clock_where_the_clock_is_put_forward() {
        let mut spec = spec();
        spec.drop = "2020-03-28T20:00:00+01:00".parse().unwrap();
        let france = Clock::of_region(&spec, &spec.region["france"]);
        let axis = Axis::clock(&france, 0.0, 24.0 * 3600.0, 900.0, 90.0);
        assert_eq!(labels(&axis), "21:00/28 Mar 00:00/29 Mar 03:00 06:00 09:00 12:00 15:00 18:00 21:00");
    }

    #[test]
    fn no_data_makes_an_endless_or_empty_axis() {
        let clock = Clock::of_drop(&spec());
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -3.0, 1e-300, 1e300, 1.0];
        for a in odd {
            for b in odd {
                for axis in [
                    Axis::counts(a, 5),
                    Axis::whole(a, 5),
                    Axis::shares(a, 5),
                    Axis::log_millis(a, b),
                    Axis::log_counts(a, b),
                    Axis::offsets(a, b, 1000.0, 90.0),
                    Axis::clock(&clock, a, b, 1000.0, 90.0),
                ] {
                    assert!(axis.low.is_finite() && axis.high.is_finite() && axis.low < axis.high, "{a} {b}: {axis:?}");
                    assert!(axis.ticks.len() < 60, "{a} {b}");
                }
            }
        }
    }
}
