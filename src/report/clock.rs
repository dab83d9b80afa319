//! Clock times: seconds from the drop as the time of day in some time zone.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::scenario::spec::{Region, Spec};

/// The wall clock of a time zone.
#[derive(Clone, Debug)]
pub struct Clock {
    drop: Timestamp,
    zone: TimeZone,
}

impl Clock {
    /// The clock in whose offset the scenario states the drop; rows and charts of all regions together use this clock.
    pub fn of_drop(spec: &Spec) -> Clock {
        Clock { drop: spec.drop.timestamp, zone: TimeZone::fixed(spec.drop.offset) }
    }

    /// The clock of a region. Scenarios with a zone that the database lacks are refused; should such a zone come here all
    /// the same, the drop's own offset stands in.
    pub fn of_region(spec: &Spec, region: &Region) -> Clock {
        let zone = region.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        let zone = zone.unwrap_or_else(|| TimeZone::fixed(spec.drop.offset));
        Clock { drop: spec.drop.timestamp, zone }
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

    /// The time of day, with the date unless that is the drop's: `09:00`, `5 Apr 09:00`.
    pub fn moment(&self, t_s: f64) -> String {
        let time = self.minutes(t_s);
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

    /// The offset from UTC at the drop: `UTC+2`.
    pub fn offset(&self) -> String {
        let seconds = self.zone.to_offset(self.drop).seconds();
        let (sign, size) = (if seconds < 0 { '\u{2212}' } else { '+' }, seconds.unsigned_abs());
        match (size / 3600, size / 60 % 60) {
            (0, 0) => "UTC".to_owned(),
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
        }
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
    }

    #[test]
    fn times_beyond_any_calendar_do_no_harm() {
        let clock = Clock::of_drop(&spec());
        for t_s in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 9e9] {
            assert_eq!(clock.minutes(t_s).len(), 5);
        }
    }
}
