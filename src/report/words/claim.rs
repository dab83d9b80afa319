//! Claims: what a sentence asserts, each with the figures that decide whether the claim is true.

use schemars::JsonSchema;
use serde::Serialize;

/// A part of a sentence that is true or false, and what decides that.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Claim {
    /// The words that stand in the sentence. A number in the words is right to half of its last digit.
    pub text: String,
    /// What the words assert.
    #[serde(flatten)]
    pub fact: Fact,
}

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

/// What follows the last trouble of a run.
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

/// What is counted by parts.
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

/// What a claim asserts, and the figures by which anybody can decide it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// The sum of a column.
    Sum {
        /// Value of the sum.
        value: f64,
        /// Column that is summed.
        column: &'static str,
        /// Rows that are summed.
        scope: Rows,
        /// Intervals that are summed.
        #[serde(flatten)]
        over: Stretch,
    },
    /// A ratio of the sums of two columns.
    Rate(Ratio),
    /// The highest ratio of any window of a length within a stretch.
    Worst {
        /// The ratio in that window.
        #[serde(flatten)]
        ratio: Ratio,
        /// Length of the windows in seconds.
        window_s: f64,
        /// Begin of the stretch in which no window has a higher ratio.
        over_from_s: f64,
        /// End of that stretch.
        over_to_s: f64,
        /// Attempts, as they were simulated, that a window must have ended to count.
        least: f64,
    },
    /// A ratio that stays near the worst over a stretch.
    Plateau {
        /// The ratio over the stretch.
        #[serde(flatten)]
        ratio: Ratio,
        /// Length in seconds of the windows that are compared with the worst.
        window_s: f64,
    },
    /// A ratio that stays the same throughout.
    Steady {
        /// The ratio over the whole run.
        #[serde(flatten)]
        ratio: Ratio,
        /// How the ratio compares with the bound: `above`, `about` or `within`.
        level: &'static str,
        /// The bound.
        bound: f64,
        /// Length of a window in seconds.
        window_s: f64,
    },
    /// A trouble begins.
    Begins {
        /// Begin in seconds from the drop.
        value: f64,
        /// Rule by which trouble is told from calm.
        #[serde(flatten)]
        rule: Rule,
        /// End of the trouble in seconds from the drop.
        until_s: f64,
    },
    /// A trouble ends, and is over.
    Over {
        /// End in seconds from the drop.
        value: f64,
        /// Rule by which trouble is told from calm.
        #[serde(flatten)]
        rule: Rule,
        /// Begin of the trouble in seconds from the drop.
        since_s: f64,
        /// Attempts that show that the trouble is over.
        attempts_after: f64,
        /// Share of these attempts that failed.
        rate_after: f64,
    },
    /// The last trouble of a run is not over.
    NotOver(Aftermath),
    /// Too few attempts follow a trouble to say that it is over.
    FewAfter(Aftermath),
    /// The sum of a column, or each of some figures, is zero.
    #[serde(rename = "none")]
    Nothing(Zero),
    /// Of all parts of a kind, the named part has the largest sum of a column.
    Most {
        /// Name of the part.
        name: String,
        /// Kind of the parts.
        of: Part,
        /// Column that is summed.
        column: &'static str,
        /// Intervals that are summed.
        #[serde(flatten)]
        over: Stretch,
    },
    /// A share of the sum of a column.
    Part {
        /// The share.
        value: f64,
        /// Column that is summed.
        column: &'static str,
        /// Rows of the part.
        scope: Rows,
        /// What the rows are a part of: `pools`, `regions`, `requests`, or a column of everything.
        whole: &'static str,
        /// Intervals that are summed.
        #[serde(flatten)]
        over: Stretch,
    },
    /// A pool loses attempts, or lets attempts wait, for a reason.
    Cause {
        /// Name of the pool.
        name: String,
        /// The reason: `no_server`, `full`, `rejects`, `errors`, `slow` or `waits`.
        is: &'static str,
        /// Seconds in which the reason holds, or utilization, if the text states one.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<f64>,
        /// Stretch of time in which the pool is judged.
        #[serde(flatten)]
        over: Stretch,
    },
    /// A number of things.
    Count {
        /// The number.
        value: f64,
        /// What is counted: `troubles`, `slight_troubles`, `waiting`, `pools`, `regions_in_trouble`.
        of: &'static str,
        /// The rows, the bound and the window by which troubles are told, where troubles are counted.
        #[serde(flatten)]
        by: Option<By>,
    },
    /// A number of people.
    People {
        /// The number.
        value: f64,
        /// Dotted path of the figure in the summary.
        path: String,
        /// Whether the number is a lower bound.
        #[serde(skip_serializing_if = "is_false")]
        at_least: bool,
    },
    /// A figure of the summary.
    Figure {
        /// Value of the figure.
        value: f64,
        /// Dotted path of the figure in the summary.
        path: String,
    },
    /// A length of time.
    Length {
        /// Length in seconds.
        value: f64,
        /// What lasts so long.
        #[serde(flatten)]
        of: Lasting,
    },
    /// A moment.
    Moment {
        /// Seconds from the drop.
        value: f64,
        /// What happens then.
        of: &'static str,
        /// Rows in which it happens.
        scope: Rows,
        /// Column that shows it.
        #[serde(skip_serializing_if = "Option::is_none")]
        column: Option<&'static str>,
    },
    /// A bound.
    Bound {
        /// The bound, in the unit of the metric.
        value: f64,
        /// The metric that is bounded.
        of: String,
    },
    /// A name.
    Name {
        /// The name in the scenario.
        name: String,
        /// What is called so.
        of: Named,
    },
    /// A share of replications has a state.
    Runs {
        /// Number of replications with the state.
        k: usize,
        /// Number of all replications.
        n: usize,
        /// The state, as in `trouble.state`; `in_trouble` for trouble that is over or not.
        state: &'static str,
        /// Lower end of the share's 95% interval.
        low: f64,
        /// Upper end of the share's 95% interval.
        high: f64,
        /// Rows that have the state; those of everything if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        scope: Option<Rows>,
    },
    /// The median over those replications in which a figure exists.
    Median {
        /// The median.
        value: f64,
        /// Dotted path of the figure.
        path: String,
        /// Number of replications in which the figure exists.
        k: usize,
        /// Number of all replications.
        n: usize,
    },
    /// The least and the greatest value over those replications in which a figure exists.
    Range {
        /// The least value.
        low: f64,
        /// The greatest value.
        high: f64,
        /// Dotted path of the figure.
        path: String,
        /// Number of replications in which the figure exists.
        k: usize,
        /// Number of all replications.
        n: usize,
    },
    /// One of two groups into which the replications fall.
    Group {
        /// The least value of the group.
        low: f64,
        /// The greatest value of the group.
        high: f64,
        /// The median of the group.
        median: f64,
        /// Dotted path of the figure.
        path: String,
        /// Number of replications in the group.
        k: usize,
        /// Number of replications in which the figure exists.
        n: usize,
    },
    /// A paired difference between two scenarios.
    Difference {
        /// Mean of the differences.
        value: f64,
        /// Lower end of its 95% interval.
        low: f64,
        /// Upper end of its 95% interval.
        high: f64,
        /// Dotted path of the figure.
        path: String,
        /// Name of the scenario that is subtracted.
        against: String,
    },
    /// The greatest value of a column's cells in a stretch.
    Highest {
        /// The value.
        value: f64,
        /// Column of the cells.
        column: &'static str,
        /// Rows of the cells.
        scope: Rows,
        /// The interval of the cell with that value.
        #[serde(flatten)]
        at: Stretch,
        /// Begin of the stretch in which no cell is greater.
        over_from_s: f64,
        /// End of that stretch.
        over_to_s: f64,
    },
    /// The least and the greatest value that a column has over all parts of a kind.
    Among {
        /// The least value.
        low: f64,
        /// The greatest value.
        high: f64,
        /// What the values are of.
        of: &'static str,
        /// Column whose mean is taken.
        column: &'static str,
        /// Intervals over which the mean is taken.
        #[serde(flatten)]
        over: Stretch,
    },
    /// At a moment, attempts have been unanswered for long, as many for certain.
    Late {
        /// Number of attempts.
        value: f64,
        /// Rows of the attempts.
        scope: Rows,
        /// Seconds for which they have been unanswered.
        bound: f64,
        /// The moment in seconds from the drop.
        at_s: f64,
        /// Whether there are most of them at that moment.
        most: bool,
    },
    /// A ratio of two figures of the summary.
    Factor {
        /// Value of the ratio.
        value: f64,
        /// Dotted path of the figure above the line.
        path: String,
        /// Dotted path of the figure below the line.
        per: String,
    },
}

/// What has no value but zero.
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

/// What a length of time is the length of.
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

/// What has a name.
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
    /// A column or figure that a threshold bounds.
    Metric,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}
