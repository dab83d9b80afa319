//! Moments and lengths of time in words, exact enough that no reader is misled.

use crate::report::clock::Clock;
use crate::report::numbers::trim_zeros;

/// Runs longer than this, in seconds, state dates instead of times from the drop.
const DATED: f64 = 36.0 * 3600.0;

/// Form in which the moments of a run are told.
#[derive(Clone, Debug)]
pub struct Moments {
    clock: Clock,
    dated: bool,
}

impl Moments {
    /// The moments of a run from `from_s` to `to_s`, in seconds from the drop.
    pub fn new(clock: Clock, from_s: f64, to_s: f64) -> Moments {
        Moments { clock, dated: to_s - from_s > DATED }
    }

    /// Whether moments are dates instead of times from the drop.
    pub fn are_dated(&self) -> bool {
        self.dated
    }

    /// A moment without a word before it: `5 min after the drop`, `the drop`, `2 Mar 19:30`.
    pub fn bare(&self, t_s: f64) -> String {
        match t_s {
            _ if self.dated => self.date(t_s),
            0.0 => "the drop".to_owned(),
            t_s if t_s < 0.0 => format!("{} before the drop", exact(-t_s)),
            _ => format!("{} after the drop", exact(t_s)),
        }
    }

    /// A moment at which something happens: `5 min after the drop`, `at the drop`, `at 2 Mar 19:30`.
    pub fn at(&self, t_s: f64) -> String {
        let bare = self.bare(t_s);
        if self.dated || t_s == 0.0 { format!("at {bare}") } else { bare }
    }

    /// A range of moments: `31 min to 35 min after the drop`.
    pub fn range(&self, low_s: f64, high_s: f64) -> String {
        if self.dated || low_s <= 0.0 {
            format!("{} to {}", self.bare(low_s), self.bare(high_s))
        } else {
            format!("{} to {}", exact(low_s), self.bare(high_s))
        }
    }

    fn date(&self, t_s: f64) -> String {
        let time = self.clock.seconds((t_s * 1e3).round() / 1e3);
        format!("{} {}", self.clock.day(t_s), time.strip_suffix(":00").unwrap_or(&time))
    }
}

/// A span to the second, or to the millisecond below a minute: `0.4 s`, `7 min 36 s`, `2 h 5 min 10 s`.
pub fn exact(seconds: f64) -> String {
    if seconds < 60.0 {
        return format!("{} s", trim_zeros(&format!("{seconds:.3}")));
    }
    let whole = seconds.round();
    in_units(&[("h", (whole / 3600.0).floor()), ("min", (whole / 60.0).floor() % 60.0), ("s", whole % 60.0)])
}

/// A length of time in few words: `0.4 s`, `7 min 36 s`, `2 h 5 min`, `9.2 days`.
pub fn length(seconds: f64) -> String {
    if seconds < 3600.0 {
        return exact(seconds);
    }
    if seconds < 48.0 * 3600.0 {
        let minutes = (seconds / 60.0).round();
        return in_units(&[("h", (minutes / 60.0).floor()), ("min", minutes % 60.0)]);
    }
    format!("{} days", trim_zeros(&format!("{:.1}", seconds / 86_400.0)))
}

/// The parts that are not zero.
fn in_units(parts: &[(&str, f64)]) -> String {
    let shown = parts.iter().filter(|(_, count)| *count > 0.0).map(|(unit, count)| format!("{count} {unit}"));
    shown.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::spec;

    #[test]
    fn moments_are_told_from_the_drop_in_short_runs_and_by_the_date_in_long_ones() {
        let clock = || Clock::of_drop(&spec());
        let short = Moments::new(clock(), -600.0, 3600.0);
        assert_eq!(
            [0.0, 0.4, -20.0, 300.0, 456.0, 7510.0].map(|t_s| short.at(t_s)).join("; "),
            "at the drop; 0.4 s after the drop; 20 s before the drop; 5 min after the drop; 7 min 36 s after the drop; \
             2 h 5 min 10 s after the drop"
        );
        assert_eq!(short.range(60.0, 90.0), "1 min to 1 min 30 s after the drop");
        assert_eq!(short.range(-60.0, 90.0), "1 min before the drop to 1 min 30 s after the drop");
        let long = Moments::new(clock(), -86_400.0, 86_400.0);
        assert_eq!([0.0, 36_020.0].map(|t_s| long.at(t_s)).join("; "), "at 3 Apr 09:00; at 3 Apr 19:00:20");
        assert_eq!((short.bare(0.0), long.bare(-60.0)), ("the drop".to_owned(), "3 Apr 08:59".to_owned()));
    }

    #[test]
    fn lengths_keep_what_a_reader_counts_on() {
        assert_eq!(
            [0.2, 59.0, 60.0, 684.0, 3600.0, 7510.0, 777_600.0, 795_000.0].map(length).join("; "),
            "0.2 s; 59 s; 1 min; 11 min 24 s; 1 h; 2 h 5 min; 9 days; 9.2 days"
        );
    }
}
