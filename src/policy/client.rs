//! A client: the app, and the human who holds the remote control.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::caller::attempt::Told;
use super::caller::breaker::{self, Breaker};
use super::caller::budget::{self, Budget};
use super::caller::hedge::Hedge;
use super::caller::retry::{self, Retry};
use super::caller::scope::Scope;
use super::caller::throttle::{self, AdaptiveThrottle};
use super::caller::timeout::Timeout;
use super::human::come_back::{self, ComeBack};
use super::human::patience::{self, Patience};
use super::human::refresh::{self, Refresh};
use super::human::report::{self, Report};
use super::human::stall_patience::StallPatience;
use super::{Problem, Visit};
use crate::random::Law;

/// The app, and the human who holds the remote control.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// `timeout`.
    #[serde(flatten)]
    pub timeout: Timeout,
    /// How long a human waits for one request, through its retries and pauses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub patience: Option<Patience>,
    /// Retries of attempts that were not served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub retry: Option<Retry>,
    /// Retry budget of the app; without a budget only `retry` limits the retries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub budget: Option<Budget>,
    /// Circuit breaker of the app; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub breaker: Option<Breaker>,
    /// Client-side throttling by the share of attempts that pools accept; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub adaptive_throttle: Option<AdaptiveThrottle>,
    /// Hedged copies of slow attempts; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub hedge: Option<Hedge>,
    /// Whether an attempt carries the end of `timeout` to its pool as a deadline (gRPC deadlines). A call made for the
    /// attempt carries the earlier of this deadline and its own. At its deadline a queued attempt leaves the queue,
    /// whatever `on_abandon` says; for an attempt in service `on_abandon` decides. The patience of a human is no
    /// deadline.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub propagate_deadline: bool,
    /// Callers that share one state of `budget`, `breaker` and `adaptive_throttle`.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    pub scope: Scope,
    /// Refreshes of error pages by the human.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub refresh: Option<Refresh>,
    /// Returns of viewers who gave up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub come_back: Option<ComeBack>,
    /// Whether the human reports the outage to a tracker; drawn once per viewer, at the first failed request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = true))]
    pub report: Option<Report>,
    /// `stall_patience`.
    #[serde(flatten)]
    pub stall_patience: StallPatience,
}

impl Client {
    /// The errors that no schema can state.
    pub fn problems(&self) -> Vec<Problem> {
        let retry = self.retry.as_ref().and_then(Retry::check).map(|problem| problem.below("retry"));
        let refresh = self.refresh.as_ref().and_then(Refresh::check).map(|problem| problem.below("refresh"));
        let come_back = self.come_back.as_ref().and_then(ComeBack::check).map(|problem| problem.below("come_back"));
        [retry, refresh, come_back].into_iter().flatten().collect()
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        if let Some(patience) = &mut self.patience {
            patience.laws(&mut |key, law| visit(&format!("patience.{key}"), law));
        }
        if let Some(refresh) = &mut self.refresh {
            refresh.laws(&mut |key, law| visit(&format!("refresh.{key}"), law));
        }
        if let Some(come_back) = &mut self.come_back {
            come_back.laws(&mut |key, law| visit(&format!("come_back.{key}"), law));
        }
        if let Some(report) = &mut self.report {
            report.laws(&mut |key, law| visit(&format!("report.{key}"), law));
        }
        self.stall_patience.laws(visit);
    }

    /// The client at a scale.
    pub fn compile(&self, scale: f64) -> Settings {
        self.shared_by(self.scope.callers(scale))
    }

    /// The client of servers that call another pool at a scale, where one state stands for `servers` servers.
    pub fn compile_for_calls(&self, scale: f64, servers: f64) -> Settings {
        self.shared_by(if self.scope == Scope::Caller { servers } else { self.scope.callers(scale) })
    }

    /// The client where `callers` callers of the file share a state of the protections.
    fn shared_by(&self, callers: f64) -> Settings {
        Settings {
            scope: self.scope,
            budget: self.budget.as_ref().map(|budget| budget.compile(callers)),
            breaker: self.breaker.as_ref().map(|breaker| breaker.compile(callers)),
            throttle: self.adaptive_throttle.as_ref().map(AdaptiveThrottle::compile),
            hedge: self.hedge,
            propagates_deadline: self.propagate_deadline,
            timeout: self.timeout,
            patience: self.patience.as_ref().and_then(Patience::compile),
            retry: self.retry.as_ref().map(Retry::compile),
            refresh: self.refresh.as_ref().map(Refresh::compile),
            come_back: self.come_back.as_ref().map(ComeBack::compile),
            report: self.report.as_ref().map(Report::compile),
            stall_patience: self.stall_patience.compile(),
        }
    }
}

/// A client's settings in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The app's timer per attempt.
    pub timeout: Timeout,
    /// The human's patience per request.
    pub patience: Option<patience::Settings>,
    /// Retries by the app.
    pub retry: Option<retry::Settings>,
    /// The callers that share a state of the protections.
    pub scope: Scope,
    /// The app's budget of retries.
    pub budget: Option<budget::Rule>,
    /// The app's breaker.
    pub breaker: Option<breaker::Rule>,
    /// The app's throttle.
    pub throttle: Option<throttle::Rule>,
    /// Hedged copies of slow attempts.
    pub hedge: Option<Hedge>,
    /// Whether attempts carry the end of `timeout` to their pool.
    pub propagates_deadline: bool,
    /// Refreshes by the human, in one visit.
    pub refresh: Option<refresh::Settings>,
    /// Returns of viewers who gave up.
    pub come_back: Option<come_back::Settings>,
    /// Reports to the outage tracker, at most one for each viewer.
    pub report: Option<report::Settings>,
    /// Law of the stalling that a viewer tolerates in one stream; `None` if stalls drive no viewer away.
    pub stall_patience: Option<Law>,
}

impl Settings {
    /// Whether a protection decides which attempts are sent.
    pub fn is_protected(&self) -> bool {
        self.budget.is_some() || self.breaker.is_some() || self.throttle.is_some()
    }

    /// What the protections have to be told of attempts.
    pub fn told(&self) -> Told {
        let budget = self.budget.as_ref().map_or(Told::NOTHING, budget::Rule::told);
        if self.breaker.is_some() || self.throttle.is_some() { Told::ALL } else { budget }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
timeout = "10 s"
stall_patience = "1 min"

[patience]
until_reply = "30 s"

[retry]
attempts = 4000

[refresh]
probability = 0.8
delay = "0 s"

[report]
probability = 0.1
delay = "6 s"
"#;

    #[test]
    fn each_distribution_is_visited_under_its_key() {
        let mut client: Client = toml::from_str(TEXT).unwrap_or_else(|error| panic!("{error}"));
        let mut keys = Vec::new();
        client.laws(&mut |key, _| keys.push(key.to_owned()));
        assert_eq!(keys, ["patience.until_reply", "refresh.delay", "report.delay", "stall_patience"]);
    }

    #[test]
    fn errors_are_shown_under_the_keys_of_the_table() {
        let client: Client = toml::from_str(TEXT).unwrap_or_else(|error| panic!("{error}"));
        let keys = client.problems().into_iter().map(|problem| problem.key).collect::<Vec<_>>();
        assert_eq!(keys, ["retry.attempts", "refresh.delay"]);
    }

    #[test]
    fn the_default_client_has_no_timer_retries_or_patience() {
        let client = Client::default().compile(1.0);
        assert_eq!(client.timeout.span(), None);
        assert!(client.retry.is_none() && client.patience.is_none() && client.stall_patience.is_none());
    }
}
