//! The window of a drawn scenario: a few minutes, so that a case runs in milliseconds.

use super::Key;

/// So many intervals of so many seconds; the drop is at the edge of one of them, or one interval before the start.
pub struct Frame {
    pub interval_s: i64,
    pub intervals: i64,
    /// Intervals from the start to the drop.
    pub drop: i64,
}

impl Frame {
    pub fn of(seed: u64) -> Frame {
        let key = Key::of(seed).at("frame");
        let interval_s = [5, 10, 20][key.at("interval").below(3)];
        let intervals = 4 + key.at("intervals").below(9) as i64;
        let drop = key.at("drop").below(intervals as usize / 2 + 1) as i64 - 1;
        Frame { interval_s, intervals, drop }
    }

    /// The keys of the file that state the window.
    pub fn keys(&self) -> toml::Table {
        let [start, drop, end] = [0, self.drop, self.intervals].map(|intervals| self.moment(intervals));
        let times = format!("start = {start}\ndrop = {drop}\nend = {end}\ninterval = \"{} s\"", self.interval_s);
        format!("title = \"Drawn\"\n{times}").parse().unwrap()
    }

    /// The moment after so many intervals.
    pub fn moment(&self, intervals: i64) -> String {
        format!("2026-01-09T{}Z", self.clock(intervals))
    }

    /// The same as a clock time; the window begins at a quarter to nine.
    pub fn clock(&self, intervals: i64) -> String {
        let second = 45 * 60 + intervals * self.interval_s;
        format!("08:{:02}:{:02}", second / 60, second % 60)
    }
}
