//! What a run, or several replications of it, comes to: one table of figures and a summary, at full size.
//!
//! This is all that reports read. An empty cell is NaN in memory and empty in files.

/// Whose figures a row holds; `None` stands for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Index of a region, in the order of the scenario.
    pub region: Option<usize>,
    /// Index of a pool.
    pub pool: Option<usize>,
    /// Index of a request.
    pub request: Option<usize>,
}

/// Declares the columns of `intervals.csv` once: the type, its name in files, in order.
macro_rules! columns {
    ($($(#[$doc:meta])* $variant:ident => $name:literal,)*) => {
        /// The measured columns of `intervals.csv`, in the order of the file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(usize)]
        pub enum Column { $($(#[$doc])* $variant,)* }

        impl Column {
            /// All columns, in the order of the file.
            pub const ALL: &'static [Column] = &[$(Column::$variant,)*];

            /// The name in the header of the file, and in thresholds.
            pub fn name(self) -> &'static str {
                match self { $(Column::$variant => $name,)* }
            }
        }
    };
}

columns! {
    /// Viewers who arrived in the interval.
    Arrivals => "arrivals",
    /// Attempts sent in the interval.
    Attempts => "attempts",
    /// Attempts that ended in it with a reply in time.
    Served => "served",
    /// Attempts that ended in it because the queue was full: 503.
    Rejected => "rejected",
    /// Attempts that ended in it because a protection turned them away: 503.
    Shed => "shed",
    /// Attempts that ended in it because of a rate limit or waiting room: 429.
    Limited => "limited",
    /// Attempts that ended in it because a timer of the pool expired: 504.
    TimedOut => "timed_out",
    /// Attempts that ended in it because the app's timer or the human's patience ended first: 499.
    Abandoned => "abandoned",
    /// Attempts that ended in it because a server failed: 500.
    Failed => "failed",
    /// Attempts that the client's own breaker or budget did not send.
    Refused => "refused",
    /// Attempts that ended in it other than served, over all that ended in it.
    ErrorRate => "error_rate",
    /// Different viewers who were inside a request step in it, pauses included.
    ViewersActive => "viewers_active",
    /// Different viewers shown an error page in it.
    ViewersError => "viewers_error",
    /// Mean number of attempts waiting for service.
    QueueMean => "queue_mean",
    /// Mean number of attempts in service.
    InServiceMean => "in_service_mean",
    /// Mean share of the places of service that are busy.
    Utilization => "utilization",
    /// Mean number of servers.
    Servers => "servers",
    /// Half of the served attempts took no longer, from send to reply, in ms.
    LatencyP50 => "latency_p50_ms",
    /// 95% of them took no longer.
    LatencyP95 => "latency_p95_ms",
    /// 99% of them took no longer.
    LatencyP99 => "latency_p99_ms",
    /// Of the server time of attempts whose service ended in it, the part whose attempt was not served.
    WastedShare => "wasted_share",
    /// Mean number of streams that play.
    StreamsMean => "streams_mean",
    /// Mean bit rate of a stream, in kbps.
    BitrateMean => "bitrate_mean_kbps",
    /// What the streams carry, over the capacity of the link.
    LinkUtilization => "link_utilization",
    /// Mean share of a stream's time in which it stalls.
    StalledShare => "stalled_share",
    /// Reports to the outage tracker, its usual level included.
    Reports => "reports",
    /// Mean time from arrival at the pool to service, abandonment or timer, in ms.
    WaitMean => "wait_mean_ms",
    /// 90% of the waits were no longer.
    WaitP90 => "wait_p90_ms",
    /// Of the attempts that reached the pool, how many waited at all.
    WaitedShare => "waited_share",
    /// Viewers whose first stream began.
    Starts => "starts",
    /// Half of them needed no longer from their first request after the release, in ms.
    StartTimeP50 => "start_time_p50_ms",
    /// 95% of them needed no longer.
    StartTimeP95 => "start_time_p95_ms",
    /// Attempts a second that the pool can serve: its places over its mean service time.
    CapacityPerSecond => "capacity_per_s",
}

/// A figure over replications: its mean and a 95% confidence interval (Student's t), which is the mean itself when n = 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean over the replications.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// How many replications had a value.
    pub n: usize,
}

/// How one threshold fared.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdResult {
    /// What was asked, in words: `error_rate of pool api at most 1% in any 60 s`.
    pub text: String,
    /// The column that is bounded.
    pub column: Column,
    /// Whose column it is.
    pub scope: Scope,
    /// Whether the bound is the highest value allowed; else the lowest.
    pub at_most: bool,
    /// The worst window's value over all replications, in the unit of the column; NaN if no window counted.
    pub worst: f64,
    /// Start of that window, in seconds from the drop.
    pub worst_at_s: f64,
    /// The bound, in the unit of the column.
    pub bound: f64,
    /// Whether it held in each replication.
    pub held: bool,
}

/// The figures of one or more replications of a scenario, at full size.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Rows of each interval, in the order of the file.
    pub scopes: Vec<Scope>,
    /// Number of intervals.
    pub intervals: usize,
    /// Start of the first interval, in seconds from the drop.
    pub first_s: f64,
    /// Width of an interval in seconds.
    pub width_s: f64,
    /// `[interval][scope][column]`, flat.
    pub values: Vec<f64>,
    /// With replications: ends of the 95% interval of the error rate, `[interval][scope]`.
    pub error_rate_bounds: Option<Vec<(f64, f64)>>,
    /// How many replications.
    pub replications: usize,
    /// The summary by dotted name, in the order of the file: `viewers.arrived`, `error_rate.peak`; `None` where no value exists.
    pub summary: Vec<(String, Option<Estimate>)>,
    /// The thresholds of the scenario.
    pub thresholds: Vec<ThresholdResult>,
    /// Events run, in all replications.
    pub events: u64,
}

impl Figures {
    /// One figure; NaN where the cell is empty. `scope` is an index into [`Figures::scopes`].
    pub fn value(&self, interval: usize, scope: usize, column: Column) -> f64 {
        self.values[(interval * self.scopes.len() + scope) * Column::ALL.len() + column as usize]
    }

    /// One column of one scope over all intervals.
    pub fn series(&self, scope: usize, column: Column) -> impl Iterator<Item = f64> + '_ {
        (0..self.intervals).map(move |interval| self.value(interval, scope, column))
    }

    /// Index of a scope's rows, if it has rows.
    pub fn scope(&self, wanted: Scope) -> Option<usize> {
        self.scopes.iter().position(|scope| *scope == wanted)
    }

    /// A figure of the summary by its dotted name.
    pub fn summary(&self, name: &str) -> Option<Estimate> {
        self.summary.iter().find(|(known, _)| known == name).and_then(|(_, estimate)| *estimate)
    }

    /// Start of an interval in seconds from the drop.
    pub fn time_s(&self, interval: usize) -> f64 {
        self.first_s + self.width_s * interval as f64
    }

    /// Whether every threshold held.
    pub fn thresholds_held(&self) -> bool {
        self.thresholds.iter().all(|threshold| threshold.held)
    }
}
