//! Clock times: seconds from the drop as the time of day in some time zone.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::scenario::spec::{Region, Spec};

/// Runs shorter than this, in seconds, are told with seconds.
const SHORT_S: f64 = 600.0;

/// The wall clock of a time zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    drop: Timestamp,
    zone: TimeZone,
    /// Whether moments are told with seconds.
    fine: bool,
}

impl Clock {
    /// The clock in whose offset the scenario states the drop; rows and charts of all regions together use this clock.
    pub fn of_drop(spec: &Spec) -> Clock {
        Clock { drop: spec.drop.timestamp, zone: TimeZone::fixed(spec.drop.offset), fine: is_short(spec) }
    }

    /// The clock of a region. Scenarios with a zone that the database lacks are refused; should such a zone come here all
    /// the same, the drop's own offset stands in.
    pub fn of_region(spec: &Spec, region: &Region) -> Clock {
        let zone = region.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        let zone = zone.unwrap_or_else(|| TimeZone::fixed(spec.drop.offset));
        Clock { drop: spec.drop.timestamp, zone, fine: is_short(spec) }
    }

    /// Whether moments are told with seconds.
    pub fn has_seconds(&self) -> bool {
        self.fine
    }

    /// The same clock, whose moments are told with seconds.
    pub fn with_seconds(self) -> Clock {
        Clock { fine: true, ..self }
    }

    /// The civil time `t_s` seconds after the drop; the drop itself where no calendar reaches that far.
    pub fn civil(&self, t_s: f64) -> DateTime {
        self.zone.to_datetime(self.instant(t_s))
    }

    fn instant(&self, t_s: f64) -> Timestamp {
        let nanos = if t_s.is_finite() { (t_s * 1e9).round().clamp(-9e18, 9e18) as i64 } else { 0 };
        self.drop.checked_add(SignedDuration::from_nanos(nanos)).unwrap_or(self.drop)
    }

    /// The time of day with seconds: `09:00:05`.
    pub fn seconds(&self, t_s: f64) -> String {
        let at = self.civil(t_s);
        format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
    }

    /// The moment in RFC 3339 with a number of decimals of the second: `2020-04-03T09:00:05+02:00`.
    pub fn rfc3339(&self, t_s: f64, decimals: usize) -> String {
        let at = self.civil(t_s);
        let fraction = match decimals {
            0 => String::new(),
            _ => format!(".{:09}", at.subsec_nanosecond())[..=decimals].to_owned(),
        };
        let minutes = self.zone.to_offset(self.instant(t_s)).seconds() / 60;
        let (sign, size) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
        format!("{}{fraction}{sign}{:02}:{:02}", at.strftime("%Y-%m-%dT%H:%M:%S"), size / 60, size % 60)
    }

    /// The time of day, rounded down to the minute: `09:00`.
    pub fn minutes(&self, t_s: f64) -> String {
        let at = self.civil(t_s);
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// The time of day, with the date unless that is the drop's, and with seconds in a run of under ten minutes: `09:00`,
    /// `5 Apr 09:00`.
    pub fn moment(&self, t_s: f64) -> String {
        self.with_date(t_s, if self.fine { self.seconds(t_s) } else { self.minutes(t_s) })
    }

    /// The time of day likewise, with seconds and thousandths unless these are zero: `09:00`, `09:00:10`, `09:00:10.5`.
    pub fn exact(&self, t_s: f64) -> String {
        let t_s = (t_s * 1e3).round() / 1e3;
        let at = self.civil(t_s);
        let time = match (at.second(), at.subsec_nanosecond() / 1_000_000) {
            (0, 0) if !self.fine => self.minutes(t_s),
            (_, 0) => self.seconds(t_s),
            (_, millis) => format!("{}.{}", self.seconds(t_s), format!("{millis:03}").trim_end_matches('0')),
        };
        self.with_date(t_s, time)
    }

    fn with_date(&self, t_s: f64, time: String) -> String {
        if self.civil(t_s).date() == self.civil(0.0).date() { time } else { format!("{} {time}", self.day(t_s)) }
    }

    /// The date: `3 April 2020`.
    pub fn date(&self, t_s: f64) -> String {
        let date = self.civil(t_s).date();
        format!("{} {} {}", date.day(), MONTHS[usize::from(date.month().unsigned_abs()) - 1], date.year())
    }

    /// The date without the year: `3 Apr`.
    pub fn day(&self, t_s: f64) -> String {
        let date: Date = self.civil(t_s).date();
        format!("{} {}", date.day(), &MONTHS[usize::from(date.month().unsigned_abs()) - 1][..3])
    }

    /// The dates from one moment to another: `3 April 2020`, `3 to 5 April 2020`, `31 March to 1 April 2020`.
    pub fn dates(&self, from_s: f64, until_s: f64) -> String {
        let (first, last) = (self.civil(from_s).date(), self.civil(until_s).date());
        let month = |date: Date| MONTHS[usize::from(date.month().unsigned_abs()) - 1];
        let until = self.date(until_s);
        match first {
            _ if first == last => until,
            _ if first.year() != last.year() => format!("{} to {until}", self.date(from_s)),
            _ if first.month() != last.month() => format!("{} {} to {until}", first.day(), month(first)),
            _ => format!("{} to {until}", first.day()),
        }
    }

    /// The offset from UTC at the drop: `UTC+2`.
    pub fn offset(&self) -> String {
        self.offset_at(0.0)
    }

    /// The offset from UTC at a moment: `UTC+2`.
    pub fn offset_at(&self, t_s: f64) -> String {
        let seconds = self.zone.to_offset(self.instant(t_s)).seconds();
        let (sign, size) = (if seconds < 0 { '\u{2212}' } else { '+' }, seconds.unsigned_abs());
        match (size / 3600, size / 60 % 60) {
            (0, 0) => "UTC".to_owned(),
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
        }
    }

    /// The offsets from UTC in seconds from one moment to another, each with the moment from which it holds.
    pub fn offsets(&self, from_s: f64, until_s: f64) -> Vec<(f64, i32)> {
        // A zone changes its clocks a few times a year; who runs for longer reads dates and not hours.
        const MOST: usize = 16;
        let (from, until) = (self.instant(from_s), self.instant(until_s));
        let changes = self.zone.following(from).take_while(|change| change.timestamp() < until).take(MOST);
        let changes =
            changes.map(|change| (change.timestamp().duration_since(self.drop).as_secs_f64(), change.offset()));
        let first = (from_s, self.zone.to_offset(from));
        std::iter::once(first).chain(changes).map(|(at, offset)| (at, offset.seconds())).collect()
    }

    /// Seconds from the local midnight before `t_s` to `t_s`.
    pub fn since_midnight(&self, t_s: f64) -> f64 {
        let at = self.civil(t_s);
        f64::from(at.hour()) * 3600.0
            + f64::from(at.minute()) * 60.0
            + f64::from(at.second())
            + f64::from(at.subsec_nanosecond()) / 1e9
    }
}

/// Whether a run lasts less than ten minutes.
fn is_short(spec: &Spec) -> bool {
    let length = spec.end.timestamp.duration_since(spec.start.timestamp).as_secs_f64();
    length < SHORT_S
}

/// Names of months; jiff counts them from 1 to 12.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::support::spec;

    #[test]
    fn a_region_reads_its_own_wall_clock() {
        let spec = spec();
        let (drop, france, chile) = (
            Clock::of_drop(&spec),
            Clock::of_region(&spec, &spec.region["france"]),
            Clock::of_region(&spec, &spec.region["chile"]),
        );
        assert_eq!(drop.seconds(65.0), "09:01:05");
        assert_eq!(france.minutes(-3600.0), "08:00");
        assert_eq!(chile.minutes(0.0), "04:00");
        assert_eq!((drop.moment(0.0), drop.moment(2.0 * 86_400.0)), ("09:00".to_owned(), "5 Apr 09:00".to_owned()));
        assert_eq!(drop.offset(), "UTC+2");
        assert_eq!(drop.date(0.0), "3 April 2020");
        assert_eq!(drop.rfc3339(65.0, 0), "2020-04-03T09:01:05+02:00");
        assert_eq!(drop.rfc3339(-0.25, 3), "2020-04-03T08:59:59.750+02:00");
        assert_eq!(drop.since_midnight(0.5), 9.0 * 3600.0 + 0.5);
        assert_eq!([60.0, 70.0, 60.5].map(|at| drop.exact(at)), ["09:01", "09:01:10", "09:01:00.5"]);
        assert_eq!(drop.dates(-3600.0, 3600.0), "3 April 2020");
        assert_eq!(drop.dates(-3600.0, 2.0 * 86_400.0), "3 to 5 April 2020");
        assert_eq!(drop.dates(-4.0 * 86_400.0, 0.0), "30 March to 3 April 2020");
    }

    #[test]
    fn runs_of_under_ten_minutes_are_told_with_seconds() {
        let mut spec = spec();
        spec.end = "2020-04-03T08:39:59+02:00".parse().unwrap();
        assert_eq!(Clock::of_drop(&spec).moment(5.0), "09:00:05");
    }

    #[test]
    fn the_offset_of_a_zone_is_that_of_the_moment() {
        let mut spec = spec();
        spec.drop = "2020-03-29T01:30:00+01:00".parse().unwrap();
        let france = Clock::of_region(&spec, &spec.region["france"]);
        assert_eq!([france.offset_at(0.0), france.offset_at(3600.0)], ["UTC+1", "UTC+2"]);
        assert_eq!(france.minutes(3600.0), "03:30");
    }

    #[test]
    fn times_beyond_any_calendar_do_no_harm() {
        let clock = Clock::of_drop(&spec());
        for t_s in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 9e9] {
            assert_eq!(clock.minutes(t_s).len(), 5);
        }
    }
}
