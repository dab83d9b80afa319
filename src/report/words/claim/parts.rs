//! Parts of claims: rows, stretches of time, ratios, rules, and what is named or lasts.

use schemars::JsonSchema;
use serde::Serialize;

/// Rows of `intervals.csv` by the names in their columns; an absent name stands for `all`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Rows {
    /// Name of the region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Name of the pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// Name of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

/// A stretch of time in seconds from the drop, without its last moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Stretch {
    /// First moment.
    pub from_s: f64,
    /// End, which is the first moment that is not part of the stretch.
    pub to_s: f64,
}

impl Stretch {
    /// Length in seconds.
    pub fn seconds(self) -> f64 {
        self.to_s - self.from_s
    }
}

/// A cell of `intervals.csv` that is the greatest or the least of a column in a stretch.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Cell {
    /// The value.
    pub value: f64,
    /// Column of the cells.
    pub column: &'static str,
    /// Rows of the cells.
    pub scope: Rows,
    /// The interval of the cell with that value.
    #[serde(flatten)]
    pub at: Stretch,
    /// Begin of the stretch whose cells are compared.
    pub over_from_s: f64,
    /// End of that stretch.
    pub over_to_s: f64,
}

/// Attempts at a pool, as calls to another, over what the other can serve, in the window in which that is most.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Offered {
    /// The ratio.
    pub value: f64,
    /// The pools.
    #[serde(flatten)]
    pub chain: PoolChain,
    /// Calls at the end of the chain for each attempt at its begin.
    pub calls: f64,
    /// Start of the time in which these are counted, in seconds from the drop.
    pub before_from_s: f64,
    /// End of that time.
    pub before_to_s: f64,
    /// The window.
    #[serde(flatten)]
    pub at: Stretch,
    /// Length of a window in seconds.
    pub window_s: f64,
}

/// Pools of which each calls the next.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PoolChain {
    /// Name of the pool that is asked.
    pub caller: String,
    /// Names of the pools between both, in the order of the calls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub through: Vec<String>,
    /// Name of the pool that is called at the end.
    pub callee: String,
}

/// Attempts per second at a pool in a stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PoolRate {
    /// Attempts per second.
    pub value: f64,
    /// Name of the pool.
    pub pool: String,
    /// The stretch.
    #[serde(flatten)]
    pub over: Stretch,
}

/// Attempts that have been unanswered for long at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Unanswered {
    /// Number of attempts.
    pub value: f64,
    /// Rows of the attempts.
    pub scope: Rows,
    /// Seconds for which they have been unanswered.
    pub bound: f64,
    /// The moment in seconds from the drop.
    pub at_s: f64,
    /// Whether there are most of them at that moment.
    pub most: bool,
}

/// A ratio of two columns' sums over a stretch of time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Ratio {
    /// Value of the ratio.
    pub value: f64,
    /// Column whose sum stands above the line.
    pub num: &'static str,
    /// Column whose sum stands below the line.
    pub den: &'static str,
    /// Rows that are summed.
    pub scope: Rows,
    /// Intervals that are summed.
    #[serde(flatten)]
    pub over: Stretch,
}

/// A rule by which trouble is told from calm.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rule {
    /// Kind of the trouble.
    pub of: Trouble,
    /// Rows, bound and window.
    #[serde(flatten)]
    pub by: By,
}

/// The rows, the bound and the window by which trouble is told from calm.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct By {
    /// Rows that are judged.
    pub scope: Rows,
    /// Error rate above which an interval is in trouble, or seconds beyond which an answer is late.
    pub bound: f64,
    /// Length of a window in seconds.
    pub window_s: f64,
}

/// Kinds of troubles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Attempts fail.
    Errors,
    /// Attempts stay unanswered.
    Waiting,
}

/// Attempts after the last trouble of a run, too few to call it over.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Aftermath {
    /// End of the last interval in trouble, in seconds from the drop.
    pub value: f64,
    /// Rule by which trouble is told from calm.
    #[serde(flatten)]
    pub rule: Rule,
    /// Begin of the trouble, in seconds from the drop.
    pub since_s: f64,
    /// Attempts that were sent after the trouble.
    pub sent_after: f64,
    /// Attempts that ended after the trouble.
    pub ended_after: f64,
}

/// The sum of a column over that of the ordinary day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Beside {
    /// The ratio.
    pub value: f64,
    /// Column that is summed in `intervals.csv` and in `ordinary-day.csv`.
    pub column: &'static str,
    /// Intervals that are summed.
    #[serde(flatten)]
    pub over: Stretch,
}

/// The mean of a column over the streams of a region in those intervals of a stretch in which its link gives some stream less
/// than the stream would play alone.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct WhileLimited {
    /// Mean bit rate in kilobits a second.
    pub value: f64,
    /// Name of the column.
    pub column: &'static str,
    /// Rows of the region.
    pub scope: Rows,
    /// Stretch that holds the intervals.
    #[serde(flatten)]
    pub over: Stretch,
}

/// Kind of the parts that a count is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Pools of servers.
    Pool,
    /// Regions.
    Region,
    /// Requests.
    Request,
    /// Outcomes of attempts.
    Outcome,
}

/// A column or figures without any value but zero.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Zero {
    /// The sum of a column.
    Column {
        /// Column that is summed.
        column: &'static str,
        /// Rows that are summed.
        scope: Rows,
        /// Intervals that are summed.
        #[serde(flatten)]
        over: Stretch,
    },
    /// Figures of the summary.
    Figures {
        /// Dotted paths of the figures.
        paths: Vec<String>,
    },
}

/// State or process that a length of time belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Lasting {
    /// A window over which rates are judged.
    Window,
    /// A stretch.
    Stretch(Stretch),
    /// The measured part of the run.
    Run,
    /// The intervals of a stretch in which the error rate exceeds the bound.
    Above {
        /// Rows that are judged.
        scope: Rows,
        /// The bound.
        bound: f64,
        /// The stretch.
        #[serde(flatten)]
        over: Stretch,
    },
    /// The time in which the slots of a pool are taken while attempts wait or are turned away.
    Full {
        /// Rows of the pool.
        scope: Rows,
        /// Stretch in which the time is counted.
        #[serde(flatten)]
        over: Stretch,
    },
    /// The time in which a pool has no server while attempts are sent to it.
    NoServer {
        /// Rows of the pool.
        scope: Rows,
        /// Stretch in which the time is counted.
        #[serde(flatten)]
        over: Stretch,
    },
    /// The time in which a link gives a stream less than the stream would play alone.
    Limited {
        /// Rows of the region.
        scope: Rows,
        /// Stretch in which the time is counted.
        #[serde(flatten)]
        over: Stretch,
    },
    /// All troubles together.
    Troubles {
        /// Kind of the troubles.
        of_trouble: Trouble,
        /// Rows, bound and window.
        #[serde(flatten)]
        by: By,
    },
    /// A figure of the summary.
    Figure {
        /// Dotted path of the figure.
        path: String,
    },
    /// A time beyond which an answer is late, as the scenario states it.
    Late,
}

/// Kind of a thing with a name in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// A region.
    Region,
    /// A pool.
    Pool,
    /// A request.
    Request,
    /// A kind of client.
    Client,
    /// An outcome of attempts.
    Outcome,
    /// A scenario.
    Scenario,
    /// A column or figure that a threshold bounds, or that a chart of a sweep shows.
    Metric,
    /// A setting that a sweep varies, or one of its values.
    Setting,
}

/// Whether a flag is not set, so that it is left out.
pub fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Failed attempts of one outcome at a pool in intervals of which it is full, and without a server, for less than half, as a share of
/// all that fail at the pool.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Elsewhen {
    /// The share.
    pub value: f64,
    /// Column of the outcome.
    pub column: &'static str,
    /// Rows of the pool.
    pub scope: Rows,
    /// Name of a called pool of which the same is so in these intervals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
    /// Stretch that holds the intervals, and all failures that are counted.
    #[serde(flatten)]
    pub over: Stretch,
}

/// The largest trouble of everything before the measured time, or after it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Unmeasured {
    /// Share of the attempts that fail in the trouble, or the most attempts that wait for too long at one time.
    pub value: f64,
    /// Rule by which trouble is told from calm.
    #[serde(flatten)]
    pub rule: Rule,
    /// The trouble.
    #[serde(flatten)]
    pub over: Stretch,
}

/// The reason for which a pool loses attempts, or lets attempts wait.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reason {
    /// Name of the pool.
    pub name: String,
    /// The reason; `holds` or `passes` where the pool suffers from one that it calls.
    pub is: &'static str,
    /// Name of the pool that is the cause, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// Seconds in which it holds, utilization, or the share of slots or failed attempts, if the text states one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Stretch of time in which the pool is judged.
    #[serde(flatten)]
    pub over: Stretch,
}
