//! The estimated size of runs: its words, its limits, and the limits of each run.

use std::sync::LazyLock;

use clap::Args;
use dropstorm::engine::Limits;
use dropstorm::experiment::forecast::{self, BASE_BYTES, CHARTS, Forecast};
use dropstorm::model::Model;
use dropstorm::report::numbers::{duration, si};
use dropstorm::scenario::Scenario;

use super::error::Error;
use super::machine;

/// Number of events above which a run asks for `--force-size`.
const MANY_EVENTS: f64 = 1e11;
/// Seconds above which a command asks for `--force-size`.
const LONG: f64 = 3600.0;
/// Calls between pools per attempt of a person above which they are named as the cause of the size.
const MANY_CALLS: f64 = 100.0;
/// The help against many calls.
const FEWER_CALLS: &str = "fewer `times` and `parallel` calls in the `calls` of pools, fewer pools in a row, or fewer slots in those \
    that call, need less; ";
/// Estimated seconds above which the speed of the machine is measured.
const WORTH_CALIBRATING: f64 = 3.0;
/// Estimated seconds and bytes above which the size of runs is printed before they begin.
const WORTH_SAYING: (f64, f64) = (3.0, 400e6);
/// Smallest scale that is proposed.
const SMALLEST_SCALE: f64 = 1e-6;
/// Bytes of measurements that wait until those before them are added, and most replications that wait for each other.
pub const BATCH: (usize, usize) = (128 << 20, 1_024);
/// Share of the memory that may be used in all.
const USABLE: f64 = 0.9;
/// Seconds of a year.
const YEAR: f64 = 365.25 * 86_400.0;
/// Years from which on a time is told as longer.
const MOST_YEARS: f64 = 1e4;

/// Whether runs of any size are accepted.
#[derive(Args)]
pub struct Size {
    /// Run even if over an hour, 10^11 events or the available memory is estimated
    #[arg(long)]
    force_size: bool,
}

/// The estimated size of the runs of a command.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// The largest run.
    largest: Forecast,
    /// Events of all runs.
    pub events: f64,
    /// Seconds until all runs are done and their results written.
    pub seconds: f64,
    /// Bytes of memory at the peak.
    pub memory: f64,
    /// Bytes of the results.
    pub results: f64,
    /// Parallel runs.
    parallel: usize,
    /// Whether the speed is that of this machine.
    calibrated: bool,
}

/// Models that are run, each a number of times.
pub struct Runs {
    /// The cost of a run of each model.
    pub forecasts: Vec<Forecast>,
    /// Runs of each model.
    pub each: f64,
    /// Largest number of parallel runs.
    pub jobs: usize,
    /// Whether the measurements of all runs are kept until the last is done, and their results written.
    pub keeps: bool,
    /// Whether charts are drawn: of each model where the measurements are kept, else once.
    pub charts: bool,
}

impl Runs {
    /// The size of all runs. The speed of this machine is measured where `calibrate` says so and it is worth its time.
    pub fn sizes(&self, calibrate: bool) -> Option<Sizes> {
        let largest = *self.forecasts.iter().max_by(|a, b| a.running.total_cmp(&b.running))?;
        let sum = |of: fn(&Forecast) -> f64| self.forecasts.iter().map(of).sum::<f64>();
        let models = self.forecasts.len() as f64;
        let parallel = (self.jobs as f64).min((self.each * models).ceil()).max(1.0);
        let rounds = (self.each * models / parallel).max(1.0);
        let (kept, writing) = if self.keeps {
            (sum(|one| one.kept) + sum(|one| one.summary) * self.each, largest.writing)
        } else {
            (0.0, 0.0)
        };
        // The measurements of runs that are done wait for those before them.
        let (most_bytes, most_runs) = BATCH;
        let done = ((self.each * models).min(most_runs as f64) - parallel).max(0.0);
        let waiting = if self.keeps { (largest.measured * done).min(most_bytes as f64) } else { 0.0 };
        let running = largest.running * parallel + waiting;
        let simulation = sum(|one| one.seconds) / models * rounds;
        let charts = if self.charts { CHARTS } else { (0.0, 0.0, 0.0) };
        let written = if self.keeps { sum(|one| one.seconds_of_writing) + models * charts.0 } else { charts.0 };
        let roughly = simulation + written;
        let speed = if calibrate && roughly > WORTH_CALIBRATING {
            forecast::speed(&WORKLOAD, machine::processor_time)
        } else {
            None
        };
        Some(Sizes {
            largest,
            events: sum(|one| one.load.events) * self.each,
            seconds: roughly / speed.unwrap_or(1.0),
            memory: BASE_BYTES
                + match self.keeps {
                    true => (running + kept).max(kept + writing + charts.1),
                    // The charts of all runs together are drawn in a process that has not given back what the runs used.
                    false => running + charts.1,
                },
            results: if self.keeps { sum(|one| one.results) + models * charts.2 } else { 0.0 },
            parallel: parallel as usize,
            calibrated: speed.is_some(),
        })
    }
}

/// The workload by which the speed of a machine is measured: a busy pool of servers.
static WORKLOAD: LazyLock<Model> = LazyLock::new(|| {
    let text = include_str!("size/workload.toml");
    Model::compile(
        &Scenario::parse("workload.toml", text).expect("the workload is a part of the program, which a test reads"),
    )
});

impl Sizes {
    /// Whether the size is said before the runs begin.
    pub fn is_worth_saying(&self) -> bool {
        self.seconds >= WORTH_SAYING.0 || self.memory >= WORTH_SAYING.1
    }

    /// The time that the runs take, with its precision in a word: `about 12 seconds`.
    pub fn time(&self) -> String {
        about_in_words(if self.calibrated { "about" } else { "roughly" }, self.seconds)
    }

    /// The size in words: `about 12 seconds, 310 MB of memory; 24M events, about 1.9M people inside and 208k attempts under way at the
    /// peak`.
    pub fn words(&self) -> String {
        let load = &self.largest.load;
        let results =
            if self.results > 0.0 { format!(", {} of results", bytes_in_words(self.results)) } else { String::new() };
        format!(
            "{}, {} of memory{results}; {}, about {} inside and {} under way at the peak",
            self.time(),
            bytes_in_words(self.memory),
            counted(self.events, "event", "events"),
            counted(load.people, "person", "people"),
            counted(load.attempts, "attempt", "attempts"),
        )
    }

    /// The limits of each run on this machine.
    pub fn limits(&self, events: Option<u64>) -> Limits {
        let memory = machine::memory().map_or(u64::MAX, |(all, _)| {
            let left = all as f64 * USABLE - BASE_BYTES;
            (left / self.parallel as f64).max(1e6) as u64
        });
        Limits { events: events.unwrap_or(Limits::NONE.events).min(Limits::NONE.events), memory }
    }

    /// The error of runs that are too large.
    pub fn check(&self, size: &Size, scale: f64) -> Result<(), Error> {
        match self.too_large(scale) {
            Some((error, help)) if !size.force_size => {
                Err(Error::wrong_input(error).help(format!("{help}; --force-size runs it all the same")))
            }
            _ => Ok(()),
        }
    }

    /// The reason why the runs are too large, and the help.
    pub fn too_large(&self, scale: f64) -> Option<(String, String)> {
        let load = &self.largest.load;
        if let Some((all, whose)) = machine::memory()
            && self.memory > all as f64
        {
            let error = format!(
                "this would need {} of memory, and {whose} {}: {} people inside and {} attempts under way at once in each of {} \
                 parallel runs, and {} for the rows of all intervals{}",
                bytes_in_words(self.memory),
                bytes_in_words(all as f64),
                count(load.people),
                count(load.attempts),
                self.parallel,
                bytes_in_words(self.largest.rows),
                self.cause()
            );
            return Some((error, self.help(all as f64, scale)));
        }
        if self.events > MANY_EVENTS || self.seconds > LONG {
            let cause = self.cause();
            let error =
                format!("this would take {} and {} events{cause}", time_in_words(self.seconds), count(self.events));
            let fewer = if cause.is_empty() { "" } else { FEWER_CALLS };
            return Some((error, format!("{fewer}a smaller --scale, a shorter window or fewer runs take less")));
        }
        None
    }

    /// Calls between pools as the cause of the size, where they are many for each attempt of a person.
    fn cause(&self) -> String {
        let load = &self.largest.load;
        let each = load.called / (load.sent - load.called).max(1.0);
        if each > MANY_CALLS {
            format!("; calls between pools multiply to {} for each attempt of a person", count(each))
        } else {
            String::new()
        }
    }

    /// The help for bringing the memory below a limit.
    fn help(&self, limit: f64, scale: f64) -> String {
        let fixed = self.memory - (self.largest.running - self.largest.rows) * self.parallel as f64;
        if fixed > limit / 2.0 {
            let fewer = if self.parallel > 1 { ", --jobs 1" } else { "" };
            return format!(
                "a longer `interval`, a shorter window, fewer regions or fewer replications need less{fewer}"
            );
        }
        // With one digit, and half of the memory to spare.
        let wanted = scale * (limit / 2.0 - fixed) / (self.memory - fixed);
        if wanted < SMALLEST_SCALE {
            let why = if self.cause().is_empty() { "look at what keeps so many people inside" } else { FEWER_CALLS };
            return format!("no scale makes it small enough; {}", why.trim_end_matches("; "));
        }
        let digit = libm::pow(10.0, libm::floor(libm::log10(wanted)));
        let fewer = if self.cause().is_empty() { "" } else { FEWER_CALLS };
        format!("{fewer}--scale {} or a shorter window needs less", plain((wanted / digit).floor().max(1.0) * digit))
    }
}

/// A small number as an argument: `0.002`.
fn plain(value: f64) -> String {
    let text = format!("{value:.12}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number in few digits, as far as anything can be counted.
fn count(number: f64) -> String {
    if number < 1e15 { si(number.ceil()) } else { "over 10^15".to_owned() }
}

/// A number of things in words.
fn counted(number: f64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number.ceil() == 1.0 { one } else { many })
}

/// A time in words, without a precision that an estimate does not have.
pub fn time_in_words(seconds: f64) -> String {
    match seconds {
        _ if seconds < 1.0 => "less than a second".to_owned(),
        _ if seconds < 2.0 * YEAR => duration(seconds),
        _ if seconds < MOST_YEARS * YEAR => format!("{} years", count(seconds / YEAR)),
        _ => "more than 10,000 years".to_owned(),
    }
}

/// The same with its precision in a word, except where the words say less than that.
pub fn about_in_words(about: &str, seconds: f64) -> String {
    let is_bound = !(1.0..MOST_YEARS * YEAR).contains(&seconds);
    if is_bound { time_in_words(seconds) } else { format!("{about} {}", time_in_words(seconds)) }
}

/// A number of bytes in words, in decimal units.
pub fn bytes_in_words(bytes: f64) -> String {
    match bytes {
        _ if bytes < 1e6 => format!("{:.0} kB", (bytes / 1e3).ceil()),
        _ if bytes < 1e9 => format!("{:.0} MB", (bytes / 1e6).ceil()),
        _ if bytes < 1e12 => format!("{:.1} GB", bytes / 1e9),
        _ if bytes < 1e15 => format!("{} TB", count(bytes / 1e12)),
        _ => "over 1,000 TB".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workload_is_a_scenario_and_the_machine_has_a_speed() {
        assert!(forecast::speed(&WORKLOAD, || None).is_some_and(|speed| speed > 1e-4));
    }

    #[test]
    fn times_are_about_so_long_unless_they_are_bounds() {
        let said = [0.2, 12.0, 3e8, 1e30].map(|seconds| about_in_words("about", seconds));
        assert_eq!(said, ["less than a second", "about 12 seconds", "about 10 years", "more than 10,000 years"]);
    }

    #[test]
    fn bytes_are_said_in_decimal_units() {
        let said = [10.0, 1.4e6, 2.25e9, 3e14, 1e30].map(bytes_in_words);
        assert_eq!(said, ["1 kB", "2 MB", "2.2 GB", "300 TB", "over 1,000 TB"]);
        assert_eq!([3e11, 1e30].map(count), ["300B", "over 10^15"]);
        assert_eq!(plain(0.0002), "0.0002");
    }
}
