//! Ejection: a server whose attempts fail one after the other gets no new attempts for some time.
//!
//! Envoy's outlier detection for consecutive failures (`envoy/config/cluster/v3/outlier_detection.proto`), with its panic
//! threshold of one half.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::Problem;
use crate::units::{Probability, Span, Time};

/// Outlier ejection: a server gets no new attempts for some time after `failures` failures in a row, as in Envoy's
/// outlier detection. The outcomes `failed`, `timed_out` and `rejected` are failures; abandoned attempts are not
/// counted.
///
/// The server comes back at the first multiple of `interval` after k × `for`, or after `most` if that is less. k grows
/// by one at each ejection and falls by one at each multiple of `interval` at which the server is not ejected. If fewer
/// than half of the servers are neither ejected nor known to be down, attempts go to all servers (panic threshold).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Eject {
    /// Failures in a row that eject a server; 5 in Envoy (`consecutive_5xx`).
    #[schemars(range(min = 1, max = 1_000_000), extend("x-change" = true))]
    pub failures: u32,
    /// Time between two checks of the ejected servers; 10 s in Envoy.
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub interval: Span,
    /// Length of a first ejection; 30 s in Envoy (`base_ejection_time`).
    #[serde(rename = "for")]
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub lasts: Span,
    /// Longest length of an ejection; 300 s in Envoy (`max_ejection_time`).
    #[schemars(extend("x-above" = "0 s", "x-change" = true))]
    pub most: Span,
    /// Largest share of the servers that may be ejected at once; 10% in Envoy (`max_ejection_percent`).
    #[schemars(extend("x-change" = true))]
    pub at_most: Probability,
}

impl Default for Eject {
    fn default() -> Eject {
        let seconds = |n: i64| Span(n * 1_000_000_000);
        let at_most = Probability(0.1);
        Eject { failures: 5, interval: seconds(10), lasts: seconds(30), most: seconds(300), at_most }
    }
}

impl Eject {
    /// Whether one more of `servers` servers may be ejected.
    pub fn may_eject(&self, ejected: u32, servers: u32) -> bool {
        servers > 0 && f64::from(ejected + 1) / f64::from(servers) <= self.at_most.0
    }

    /// The error of a longest time that is below the first one.
    pub fn check(&self) -> Option<Problem> {
        (self.most < self.lasts).then(|| {
            let help = "an ejection lasts a multiple of `for`, and `most` at the longest";
            let label = format!("shorter than `for`, {}", self.lasts);
            Problem::new("eject.most", "the longest ejection is shorter than the first", label, help)
        })
    }

    /// The first multiple of `interval` after a moment.
    pub fn next_look(&self, now: Time) -> Time {
        let interval = self.interval.0 as u64;
        Time((now.0 / interval + 1) * interval)
    }
}

/// The record of a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Record {
    /// Failures in a row.
    failures: u32,
    /// Number of ejections, less the checks at which the server was not ejected.
    times: u32,
    /// The time of the ejection, while it lasts.
    since: Option<Time>,
}

/// The records of the servers of a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    records: Vec<Record>,
    ejected: u32,
}

impl State {
    /// Changes the number of servers; the records of the others are kept.
    pub fn resize(&mut self, servers: usize) {
        self.records.resize(servers, Record::default());
    }

    /// Clears the record of a server that is removed.
    pub fn forget(&mut self, server: u32) {
        if let Some(record) = self.records.get_mut(server as usize) {
            self.ejected -= u32::from(record.since.is_some());
            *record = Record::default();
        }
    }

    /// Number of servers that are ejected.
    pub fn ejected(&self) -> u32 {
        self.ejected
    }

    /// Notes the end of an attempt at one of `servers` servers. True if the end ejects the server.
    pub fn ended(&mut self, set: &Eject, server: u32, servers: u32, failed: bool, now: Time) -> bool {
        let Some(record) = self.records.get_mut(server as usize).filter(|record| record.since.is_none()) else {
            return false;
        };
        record.failures = if failed { record.failures + 1 } else { 0 };
        if record.failures < set.failures {
            return false;
        }
        // A server that may not be ejected now must fail as often again.
        record.failures = 0;
        if !set.may_eject(self.ejected, servers) {
            return false;
        }
        record.since = Some(now);
        record.times = record.times.saturating_add(1);
        self.ejected += 1;
        true
    }

    /// Checks all servers at a multiple of the interval; calls `back` with each server whose ejection is over. True if
    /// another check is needed.
    pub fn look(&mut self, set: &Eject, now: Time, mut back: impl FnMut(u32)) -> bool {
        let mut goes_on = false;
        for (number, record) in self.records.iter_mut().enumerate() {
            match record.since {
                Some(since) => {
                    let lasts = set.lasts.0.saturating_mul(i64::from(record.times)).min(set.most.0);
                    if now.since(since).0 >= lasts {
                        (record.since, record.failures) = (None, 0);
                        self.ejected -= 1;
                        back(number as u32);
                    }
                }
                None => record.times = record.times.saturating_sub(1),
            }
            goes_on |= record.since.is_some() || record.times > 0;
        }
        goes_on
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::read;

    const S: u64 = 1_000_000_000;

    /// A second program, after the C++ of Envoy's `outlier_detection_impl.cc`, in whole seconds.
    #[derive(Clone, Default)]
    struct Host {
        consecutive_5xx: u64,
        eject_time_backoff: u64,
        last_ejection_time: u64,
        failed_outlier_check: bool,
    }

    struct Detector {
        hosts: Vec<Host>,
        /// failures, interval, for, most, at_most in hundredths.
        set: [u64; 5],
    }

    impl Detector {
        fn result(&mut self, index: usize, ok: bool, now: u64) {
            let [failures, _, _, _, percent] = self.set;
            let out = self.hosts.iter().filter(|host| host.failed_outlier_check).count() as u64;
            let size = self.hosts.len() as u64;
            let host = &mut self.hosts[index];
            if host.failed_outlier_check {
                return;
            }
            if ok {
                host.consecutive_5xx = 0;
                return;
            }
            host.consecutive_5xx += 1;
            if host.consecutive_5xx == failures {
                host.consecutive_5xx = 0;
                if (out + 1) * 100 <= percent * size {
                    host.failed_outlier_check = true;
                    host.last_ejection_time = now;
                    host.eject_time_backoff += 1;
                }
            }
        }

        fn interval(&mut self, now: u64) {
            let [_, _, base, most, _] = self.set;
            for host in &mut self.hosts {
                if !host.failed_outlier_check {
                    host.eject_time_backoff -= u64::from(host.eject_time_backoff > 0);
                } else if (base * host.eject_time_backoff).min(most) <= now - host.last_ejection_time {
                    host.failed_outlier_check = false;
                    host.consecutive_5xx = 0;
                }
            }
        }
    }

    proptest! {
        #[test]
        fn every_step_is_that_of_envoy(
            servers in 1_usize..12,
            (failures, interval, base, most, percent) in (1_u64..6, 1_u64..12, 1_u64..40, 1_u64..90, 0_u64..101),
            steps in prop::collection::vec((0_usize..12, 0_u8..10, 0_u64..4), 1..400),
        ) {
            let set = Eject {
                failures: failures as u32,
                interval: Span((interval * S) as i64),
                lasts: Span((base * S) as i64),
                most: Span((most * S) as i64),
                at_most: Probability(percent as f64 / 100.0),
            };
            let set_of_other = [failures, interval, base, most, percent];
            let mut other = Detector { hosts: vec![Host::default(); servers], set: set_of_other };
            let mut state = State::default();
            state.resize(servers);
            let (mut now, mut next) = (0, interval);
            for (server, what, gap) in steps {
                now += gap;
                while next <= now {
                    let mut back = Vec::new();
                    state.look(&set, Time(next * S), |server| back.push(server as usize));
                    let before: Vec<bool> = other.hosts.iter().map(|host| host.failed_outlier_check).collect();
                    other.interval(next);
                    let returned = |index: &usize| before[*index] && !other.hosts[*index].failed_outlier_check;
                    prop_assert_eq!(back, (0..servers).filter(returned).collect::<Vec<_>>());
                    next += interval;
                }
                let server = server % servers;
                let was_out = other.hosts[server].failed_outlier_check;
                other.result(server, what < 3, now);
                let ejects = state.ended(&set, server as u32, servers as u32, what >= 3, Time(now * S));
                prop_assert_eq!(ejects, !was_out && other.hosts[server].failed_outlier_check);
                let out = other.hosts.iter().filter(|host| host.failed_outlier_check).count();
                prop_assert_eq!(state.ejected() as usize, out);
            }
        }
    }

    /// The defaults of Envoy, by hand: ten servers, of which one may be out.
    #[test]
    fn an_ejection_lasts_longer_each_time_and_is_forgiven_slowly() {
        let set = Eject::default();
        let mut state = State::default();
        state.resize(10);
        let fails = |state: &mut State, server, times: u32, at: u64| {
            (0..times).filter(|_| state.ended(&set, server, 10, true, Time(at * S))).count()
        };
        assert_eq!((fails(&mut state, 3, 4, 1), fails(&mut state, 3, 1, 2)), (0, 1), "the fifth in a row");
        assert_eq!(fails(&mut state, 4, 5, 2), 0, "two of ten are more than a tenth");
        let looks = |state: &mut State, from: u64, until: u64| {
            let mut back = Vec::new();
            for at in (from..=until).step_by(10) {
                state.look(&set, Time(at * S), |server| back.push((server, at)));
            }
            back
        };
        assert_eq!(looks(&mut state, 10, 40), [(3, 40)], "thirty seconds after the second one");
        assert_eq!(fails(&mut state, 3, 5, 41), 1);
        assert_eq!(looks(&mut state, 50, 110), [(3, 110)], "twice as long");
        // Two looks forgive both ejections.
        assert_eq!(looks(&mut state, 120, 130), []);
        assert_eq!(fails(&mut state, 3, 5, 131), 1);
        assert_eq!(looks(&mut state, 140, 170), [(3, 170)]);
        assert_eq!(set.next_look(Time(170 * S)), Time(180 * S));
    }

    #[test]
    fn a_share_that_is_not_exact_in_binary_counts_as_written() {
        let at_most = |share| Eject { at_most: Probability(share), ..Eject::default() };
        assert!(at_most(0.29).may_eject(28, 100) && !at_most(0.29).may_eject(29, 100));
        assert!(!at_most(0.1).may_eject(0, 9) && at_most(0.1).may_eject(0, 10) && !at_most(1.0).may_eject(0, 0));
    }

    #[test]
    fn the_keys_are_those_of_the_table() {
        let text = "failures = 3\ninterval = '1 s'\nfor = '2 s'\nmost = '1 min'\nat_most = '50%'";
        let set = read::<Eject>(text).unwrap();
        assert_eq!((set.failures, set.lasts, set.at_most.0), (3, Span(2_000_000_000), 0.5));
        assert_eq!(read::<Eject>("# nothing stated"), Ok(Eject::default()));
        assert_eq!(Eject::default().check(), None);
        let short = read::<Eject>("for = '60 s'\nmost = '30 s'").unwrap();
        assert_eq!(short.check().map(|problem| problem.key).as_deref(), Some("eject.most"));
        for (text, error) in [
            ("failures = 0", "from 1 to 1000000"),
            ("interval = '0 s'", "above zero"),
            ("at_most = '110%'", "above 1"),
            ("base = '30 s'", "unknown key `base`"),
        ] {
            let found = read::<Eject>(text).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
    }
}
