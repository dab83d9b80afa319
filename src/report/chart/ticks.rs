//! Ticks: where they stand and what they say. A label is its tick's value, in as many digits as that takes.

use crate::report::clock::Clock;
use crate::report::numbers::trim_zeros;

/// A tick with its label.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tick {
    /// Value at the tick.
    pub at: f64,
    /// Text beside the tick; may be empty.
    pub label: String,
    /// Text below the label: the date, where it changes.
    pub below: String,
}

impl Tick {
    /// A tick with a label of one line.
    pub fn new(at: f64, label: String) -> Tick {
        Tick { at, label, below: String::new() }
    }
}

/// The next step of 1, 2, 2.5 or 5 times a power of ten.
pub fn round_step(least: f64) -> f64 {
    let power = libm::exp10(libm::log10(least).floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .iter()
        .map(|factor| factor * power)
        .find(|step| *step >= least * 0.999_999)
        .unwrap_or(power * 10.0)
}

/// The next such step that is a whole number.
pub fn whole_step(least: f64) -> f64 {
    match round_step(least.max(1.0)) {
        step if step.fract() > 0.0 => 5.0,
        step => step,
    }
}

/// The next step that clocks and calendars know.
pub fn time_step(least: f64) -> f64 {
    const STEPS: [f64; 18] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 10_800.0, 21_600.0,
        43_200.0, 86_400.0,
    ];
    if least < 1.0 {
        return round_step(least);
    }
    STEPS.into_iter().find(|step| *step >= least).unwrap_or_else(|| round_step(least / 86_400.0).ceil() * 86_400.0)
}

/// The moment near `at` at which the clock shows a whole step since midnight: where clocks are put forward or back, the
/// distance from midnight is no whole step any more.
pub fn on_the_clock(clock: &Clock, at: f64, step: f64) -> f64 {
    if !(60.0..86_400.0).contains(&step) {
        return at;
    }
    let beyond = (clock.since_midnight(at + 1e-6) - 1e-6).rem_euclid(step);
    let shift = if beyond > step / 2.0 { step - beyond } else { -beyond };
    if shift.abs() < 1e-3 { at } else { at + shift }
}

/// The label of a moment among ticks that are `step` apart.
pub fn time_label(clock: &Clock, at: f64, step: f64) -> String {
    // A nudge keeps what falls just short of a full second by rounding from losing it.
    let at = at + 1e-6;
    match step {
        _ if step < 1.0 => format!("{} s", decimal(((at - 1e-6) * 1e9).round() / 1e9)),
        _ if step < 60.0 => clock.seconds(at),
        _ if step >= 86_400.0 => clock.day(at),
        _ => clock.minutes(at),
    }
}

/// Lengths of time in milliseconds that people count in: `factors` times powers of ten, of milliseconds below a second, of
/// seconds below a minute, and so on.
pub fn rungs(factors: &[f64]) -> Vec<f64> {
    const UNITS: [(f64, f64); 5] = [(1e-6, 1e3), (1e3, 60e3), (60e3, 3_600e3), (3_600e3, 86_400e3), (86_400e3, 1e13)];
    let mut rungs = Vec::new();
    for (unit, next) in UNITS {
        let mut power = unit;
        while power < next {
            rungs.extend(factors.iter().map(|factor| factor * power).filter(|at| *at < next));
            power *= 10.0;
        }
    }
    rungs
}

/// A number in as many decimals as it takes: `2`, `2.5`, `0.025`. What computing has added is rounded off.
pub fn decimal(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let digits = (9 - libm::floor(libm::log10(value.abs())) as i32).clamp(0, 17) as usize;
    let text = format!("{value:.digits$}");
    trim_zeros(&text).replace('-', "\u{2212}")
}

/// The label of a number: `0`, `0.025`, `2.5k`, `20k`.
pub fn tick_si(value: f64) -> String {
    let (divisor, suffix) = match value.abs() * (1.0 + 1e-9) {
        size if size >= 1e9 => (1e9, "B"),
        size if size >= 1e6 => (1e6, "M"),
        size if size >= 1e3 => (1e3, "k"),
        _ => (1.0, ""),
    };
    format!("{}{suffix}", decimal(value / divisor))
}

/// The label of a share: `0.25%`.
pub fn tick_percent(share: f64) -> String {
    format!("{}%", decimal(share * 100.0))
}

/// The label of a length of time in milliseconds: `50 ms`, `2.5 s`, `10 min`.
pub fn tick_millis(millis: f64) -> String {
    let (unit, name) = match millis.abs() * (1.0 + 1e-9) {
        size if size >= 86_400e3 => (86_400e3, "d"),
        size if size >= 3_600e3 => (3_600e3, "h"),
        size if size >= 60e3 => (60e3, "min"),
        size if size >= 1e3 => (1e3, "s"),
        _ => (1.0, "ms"),
    };
    format!("{} {name}", decimal(millis / unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::axis::Axis;

    /// Value of a tick's label, in the unit of its axis.
    fn said(label: &str) -> f64 {
        let plain = label.replace('\u{2212}', "-");
        let digits =
            plain.trim_start_matches('+').trim_end_matches(|c: char| c.is_alphabetic() || c == '%' || c == ' ');
        let factor = match plain.trim_start_matches(|c: char| !c.is_alphabetic() && c != '%') {
            "" | "ms" => 1.0,
            "%" => 0.01,
            "k" | "s" => 1e3,
            "M" => 1e6,
            "B" => 1e9,
            "min" => 60e3,
            "h" => 3_600e3,
            "d" => 86_400e3,
            other => panic!("{other}"),
        };
        digits.parse::<f64>().unwrap() * factor
    }

    #[test]
    fn labels_say_what_their_ticks_are() {
        let mut highest = 1e-7;
        while highest < 1e13 {
            for steps in 1..8 {
                let axes = [
                    Axis::counts(highest, steps),
                    Axis::shares(highest.min(1.0), steps),
                    Axis::log_counts(highest / 500.0, highest),
                ];
                let times = [Axis::log_millis(highest / 7.0, highest), Axis::log_millis(highest / 3e4, highest)];
                for tick in axes.iter().chain(&times).flat_map(|axis| &axis.ticks) {
                    let far = (said(&tick.label) - tick.at).abs();
                    assert!(far <= tick.at.abs() * 1e-6 + 1e-12, "{} at {}", tick.label, tick.at);
                }
                for axis in axes.iter().chain(&times) {
                    let apart = |pair: &[Tick]| pair[0].label != pair[1].label;
                    assert!(axis.ticks.windows(2).all(apart), "{axis:?}");
                }
            }
            highest *= 1.7;
        }
    }

    #[test]
    fn numbers_have_the_decimals_that_they_take() {
        assert_eq!(
            [0.0, 0.025, 2.5, -4.0, 1e-7, 0.1 + 0.2].map(decimal).join(" "),
            "0 0.025 2.5 \u{2212}4 0.0000001 0.3"
        );
    }
}
