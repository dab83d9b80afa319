//! Autoscaling: a rule that evaluates a metric periodically and sets the number of servers of a pool.

mod limits;
mod metric;
mod policy;
mod rule;

pub use limits::{MOST_SERVERS, Never, Pace, Removal, ScaleIn, ScaleOut};
pub use metric::{Integrals, Metric, Samples};
pub use policy::{Policy, ScalingStep, Steps, Target};
pub use rule::{Aim, Amount, Limits, Rule, Seen, State};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::distribution::Distribution;
use crate::document::law;
use crate::document::moments::When;
use crate::policy::{Problem, Visit};
use crate::random::Law;
use crate::units::{Span, Time};

/// Autoscaling of a pool, whose `servers` is the number at the start. All numbers of servers are at full size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Autoscale {
    /// The rule by which servers are added and removed.
    pub policy: Policy,
    /// Smallest number of servers; 1 in Kubernetes.
    #[serde(default = "one")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub at_least: u64,
    /// Largest number of servers.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub at_most: u64,
    /// Time between two evaluations, and from the start to the first one; 15 s in Kubernetes, 1 min in AWS.
    #[serde(default = "sync_period")]
    #[schemars(extend("x-at-least" = "1 s"))]
    pub every: Span,
    /// Window over which the metric is averaged, a whole multiple of `every`; `every` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above" = "0 s"))]
    pub window: Option<Span>,
    /// Delay of the metric: time from the end of its window to the evaluation, a whole multiple of `every`.
    #[serde(default)]
    #[schemars(extend("x-at-least" = "0 s"))]
    pub delay: Span,
    /// Boot time: from the decision to add a server until it serves, drawn for each server.
    pub boot: Distribution,
    /// Limits of adding servers.
    #[serde(default)]
    pub scale_out: ScaleOut,
    /// Limits of removing servers, or `"never"`. Booting servers are removed first, then those of the highest numbers;
    /// a removed server drains.
    #[serde(default)]
    #[schemars(schema_with = "limits::never_or_limits")]
    pub scale_in: Removal,
    /// Moments from which on `at_least` is higher, each with the number, in order of time; clock times are on the clock
    /// of `drop`. The first evaluation after a moment adds the missing servers, whatever the limits of pace.
    #[serde(default)]
    pub schedule: Vec<(When, u64)>,
}

fn one() -> u64 {
    1
}

fn sync_period() -> Span {
    Span(15_000_000_000)
}

impl Autoscale {
    /// The errors that no schema can state, for a pool that has values of some metrics.
    pub fn problems(&self, has: &dyn Fn(Metric) -> bool) -> Vec<Problem> {
        let mut found = self.policy.problems(has);
        if self.at_least > self.at_most {
            let title = format!("`at_least` is {}, and `at_most` only {}", self.at_least, self.at_most);
            let help = "`at_least` is the fewest servers, and not above `at_most`";
            found.push(Problem::new("at_least", title, "above `at_most`", help));
        }
        for (key, span) in [("window", self.window()), ("delay", self.delay)] {
            if span.0 % self.every.0.max(1) != 0 {
                let title = format!("`{key}` of {span} is no whole multiple of `every`, {}", self.every);
                found.push(Problem::new(key, title, "not a multiple", "the metric is read only at evaluations"));
            }
            found.extend(limits::too_long(key, span, self.every));
        }
        let out = self.scale_out.spans().map(|(key, span)| (format!("scale_out.{key}"), span));
        let inward = self.scale_in.limits().map(|limits| limits.spans());
        let inward = inward.into_iter().flatten().map(|(key, span)| (format!("scale_in.{key}"), span));
        for (key, span) in out.into_iter().chain(inward) {
            found.extend(limits::too_long(&key, span, self.every));
        }
        let inward = self.scale_in.limits().and_then(|limits| limits.at_most);
        for (key, pace) in [("scale_out", Some(self.scale_out.at_most)), ("scale_in", inward)] {
            if pace.is_some_and(|pace| pace.is_none()) {
                let help = "the larger of `servers` and `share` counts; scale_in = \"never\" keeps what was added";
                let title = "a pace of no server and of no share never changes the fleet";
                found.push(Problem::new(format!("{key}.at_most"), title, "not above zero", help));
            }
        }
        if let Some(index) = self.schedule.iter().position(|(_, servers)| *servers > self.at_most) {
            let title = format!("the schedule asks for {} servers", self.schedule[index].1);
            let help = format!("`at_most` is {}", self.at_most);
            found.push(Problem::new(format!("schedule.{index}"), title, "above `at_most`", help));
        }
        found
    }

    /// The error of the first entry of the schedule that is not later than the one before it, given the order of moments.
    pub fn disorder(&self, at: impl Fn(When) -> Span) -> Option<Problem> {
        let moments: Vec<Span> = self.schedule.iter().map(|(when, _)| at(*when)).collect();
        let index = 1 + moments.windows(2).position(|pair| pair[1] <= pair[0])?;
        let title = "the schedule goes back in time";
        let help = "write the moments in their order; hours from 24 to 47 are those of the next day, such as \"25:30\"";
        Some(Problem::new(format!("schedule.{index}"), title, "not after the moment before it", help))
    }

    /// The time over which the metric is a mean.
    fn window(&self) -> Span {
        self.window.unwrap_or(self.every)
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        visit("boot", &mut self.boot);
    }

    /// The autoscaler as the engine runs it, without its schedule, which [`Settings::schedule`] places in time.
    pub fn compile(&self) -> Settings {
        let count = |span: Span| limits::evaluations(span, self.every) as usize;
        Settings {
            metric: self.policy.metric(),
            rule: Rule {
                aim: self.policy.compile(),
                out: self.scale_out.compile(self.every),
                inward: self.scale_in.limits().map(|limits| limits.compile(self.every)),
            },
            every: self.every,
            window: count(self.window()).max(1),
            delay: count(self.delay),
            boot: law::compile_span(&self.boot),
            bounds: [self.at_least, self.at_most],
            schedule: Vec::new(),
        }
    }
}

/// An autoscaler as the engine runs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The metric.
    pub metric: Metric,
    /// The rule.
    pub rule: Rule,
    /// Time between two evaluations.
    pub every: Span,
    /// Evaluations in the window of the metric.
    pub window: usize,
    /// Evaluations since the window ended.
    pub delay: usize,
    /// Law of the time from the decision for a server to its first service.
    pub boot: Law,
    /// The smallest and the largest number of servers.
    bounds: [u64; 2],
    /// Moments from which on the fewest servers are more.
    schedule: Vec<(Time, u64)>,
}

impl Settings {
    /// Places the schedule of a table in time.
    pub fn schedule(&mut self, table: &Autoscale, at: impl Fn(When) -> Time) {
        self.schedule = table.schedule.iter().map(|(when, servers)| (at(*when), *servers)).collect();
    }

    /// The smallest and the largest number of servers at a moment.
    pub fn bounds(&self, now: Time) -> [u64; 2] {
        let [least, most] = self.bounds;
        let scheduled = self.schedule.iter().rev().find(|(at, _)| *at <= now).map_or(0, |(_, servers)| *servers);
        [least.max(scheduled).min(most), most]
    }

    /// The most servers.
    pub fn most(&self) -> u64 {
        self.bounds[1]
    }

    /// Whether the state of an autoscaler with other settings remains valid under these.
    pub fn continues(&self, other: &Settings) -> bool {
        (self.metric, self.every, self.window, self.delay) == (other.metric, other.every, other.window, other.delay)
            && self.rule == other.rule
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    const LEAST: &str =
        "policy = { target = { metric = 'utilization', value = '60%' } }\nat_most = 20\nboot = '1 min'\n";

    fn table(text: &str) -> Autoscale {
        read(text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_defaults_are_those_of_kubernetes() {
        let settings = table(LEAST).compile();
        let pace = rule::Pace { servers: 4, share: 1.0, per: 1 };
        let out = Limits { tolerance: 0.1, sustained: 1, stabilization: 1, cooldown: 0, pace: Some(pace) };
        let inward = Limits { stabilization: 20, pace: None, ..out };
        assert_eq!(settings.rule, Rule { aim: Aim::Target(0.6), out, inward: Some(inward) });
        assert_eq!((settings.every.seconds(), settings.window, settings.delay), (15.0, 1, 0));
        assert_eq!(settings.bounds(Time(0)), [1, 20]);
    }

    #[test]
    fn spans_are_counted_in_evaluations_and_a_part_of_one_counts_as_one() {
        let text = "every = '1 min'\nwindow = '3 min'\ndelay = '2 min'\n\
                    scale_out = { sustained = '3 min', cooldown = '90 s', at_most = { servers = 2, per = '30 s' } }\n\
                    scale_in = 'never'";
        let settings = table(&format!("{LEAST}{text}")).compile();
        let pace = rule::Pace { servers: 2, share: 1.0, per: 1 };
        let out = Limits { tolerance: 0.1, sustained: 3, stabilization: 1, cooldown: 2, pace: Some(pace) };
        assert_eq!((settings.rule.out, settings.rule.inward), (out, None));
        assert_eq!((settings.window, settings.delay), (3, 2));
    }

    #[test]
    fn bounds_of_steps_are_sorted_from_the_nearest_to_the_furthest() {
        let bounds = "{ above = '90%', add = 40 }, { below = '30%', remove = '10%' }, { above = 0.7, add = '20%' }";
        let text = LEAST.replace(
            "target = { metric = 'utilization', value = '60%' }",
            &format!("steps = {{ metric = 'utilization', bounds = [{bounds}] }}"),
        );
        let above = vec![(0.7, Amount::Share(0.2)), (0.9, Amount::Servers(40))];
        let below = vec![(0.3, Amount::Share(0.1))];
        assert_eq!(table(&text).compile().rule.aim, Aim::Steps { above, below });
    }

    #[test]
    fn a_schedule_raises_the_fewest_servers_from_a_moment_on() {
        let table = table(&format!("{LEAST}at_least = 3\nschedule = [['+1 h', 12], ['+2 h', 2]]"));
        let mut settings = table.compile();
        settings.schedule(&table, |when| match when {
            When::Offset(span) => Time(span.0 as u64),
            When::Clock(_) => Time(0),
        });
        let at = |minutes: u64| settings.bounds(Time(minutes * 60_000_000_000));
        assert_eq!([at(59), at(60), at(119), at(120)], [[3, 20], [12, 20], [12, 20], [3, 20]]);
    }

    #[test]
    fn nonsense_is_refused_where_it_stands() {
        for (change, key) in [
            ("at_least = 21", "at_least"),
            ("window = '20 s'", "window"),
            ("delay = '1 s'", "delay"),
            ("schedule = [['+1 h', 21]]", "schedule.0"),
            ("scale_in = { stabilization = '90 d', at_most = {} }", "scale_in.stabilization"),
            ("scale_out = { at_most = { per = '90 d' } }", "scale_out.at_most.per"),
            ("scale_out = { at_most = { servers = 0, share = 0.0 } }", "scale_out.at_most"),
            ("scale_in = { at_most = { servers = 0, share = 0.0 } }", "scale_in.at_most"),
        ] {
            let problems = table(&format!("{LEAST}{change}")).problems(&|_| true);
            let keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
            assert_eq!(keys, [key], "{change}");
        }
        for (value, problem) in [("'300/s'", 1), ("'0%'", 1), ("0.5", 0), ("'2 s'", 1), ("0.0", 1)] {
            assert_eq!(table(&LEAST.replace("'60%'", value)).problems(&|_| true).len(), problem, "{value}");
        }
        assert_eq!(table(LEAST).problems(&|metric| metric != Metric::Utilization)[0].key, "policy.target.metric");
        let cpu = table(&LEAST.replace("utilization", "cpu"));
        assert_eq!(
            [true, false].map(|has_cores| cpu.problems(&|metric| metric != Metric::Cpu || has_cores).len()),
            [0, 1]
        );
        for step in [
            "{ above = '90%' }",
            "{ above = '90%', remove = 1 }",
            "{ above = '90%', add = 1.5 }",
            "{ below = '3/s', remove = 1 }",
        ] {
            let text = LEAST.replace(
                "target = { metric = 'utilization', value = '60%' }",
                &format!("steps = {{ metric = 'utilization', bounds = [{step}] }}"),
            );
            let problems = table(&text).problems(&|_| true);
            assert!(
                problems.len() == 1 && problems[0].key.starts_with("policy.steps.bounds.0"),
                "{step}: {problems:?}"
            );
        }
        for (steps, key) in [
            ("{ above = '30%', add = 1 }, { below = '70%', remove = 1 }", "1.below"),
            ("{ above = '30%', add = 1 }, { above = '30%', add = 2 }", "1.above"),
            ("{ below = '30%', remove = 1 }, { below = '30%', remove = 2 }", "1.below"),
        ] {
            let text = LEAST.replace(
                "target = { metric = 'utilization', value = '60%' }",
                &format!("steps = {{ metric = 'utilization', bounds = [{steps}] }}"),
            );
            let keys: Vec<_> = table(&text).problems(&|_| true).into_iter().map(|problem| problem.key).collect();
            assert_eq!(keys, [format!("policy.steps.bounds.{key}")], "{steps}");
        }
        for (text, error) in
            [("scale_in = 'ever'", "never"), ("every = '0 s'", "1 s"), ("schedule = [['+1 h']]", "2 values")]
        {
            let found = read::<Autoscale>(&format!("{LEAST}{text}")).unwrap_err();
            assert!(found.contains(error), "{text}: {found}");
        }
    }
}
