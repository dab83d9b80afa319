//! Claims: what a sentence asserts, each with the figures that decide whether the claim is true.

mod caches;
mod parts;
mod runs;
mod search;

use schemars::JsonSchema;
use serde::Serialize;

pub use caches::{CacheHits, CacheHitsInRuns, FullCache};
pub use parts::{
    Aftermath, Beside, By, Cell, Elsewhen, Lasting, Named, Offered, Part, PoolChain, PoolRate, Ratio, Reason, Rows,
    Rule, Stretch, Trouble, Unanswered, Unmeasured, WhileLimited, Zero,
};
pub use runs::{ElsewhenInRuns, Group, OfferedInRuns, RateInRuns, SentInRuns, UnmeasuredInRuns, UnservedInRuns};
pub use search::{BottleneckAt, Chosen, Explained, MovesMore, OfScenario, Sought, Tried};

/// A part of a sentence that is true or false, and what decides that.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Claim {
    /// The words that stand in the sentence. A number in the words is right to half of its last digit.
    pub text: String,
    /// Statement that the words make.
    #[serde(flatten)]
    pub fact: Fact,
}

/// A statement, with the figures by which anybody can decide whether it is true.
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
        /// Start of the trouble, in seconds from the drop.
        over_from_s: f64,
        /// End of the trouble, in seconds from the drop.
        over_to_s: f64,
    },
    /// A ratio that stays the same throughout.
    Steady {
        /// The ratio over the whole run.
        #[serde(flatten)]
        ratio: Ratio,
        /// Position of the ratio relative to the bound: `above`, `about` or `within`.
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
    /// The run is stuck: it ends in trouble though first tries alone would fit, and would not without its trigger.
    Stuck {
        /// Begin of the last window, in seconds from the drop.
        from_s: f64,
        /// End of the last window, in seconds from the drop.
        to_s: f64,
        /// Share of failed attempts above which the last window is in trouble.
        bound: f64,
    },
    /// First tries per second that a pool would be offered in a stretch if nothing were turned away on the way to it.
    FirstTries(PoolRate),
    /// Attempts per second that a pool can serve in a stretch.
    CanServe(PoolRate),
    /// Attempts fail or wait for too long before the measured time, or after it.
    Unmeasured(Unmeasured),
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
        /// The whole of which the rows are a part: `pools`, `regions`, `requests`, or a column of everything.
        whole: &'static str,
        /// Intervals that are summed.
        #[serde(flatten)]
        over: Stretch,
    },
    /// Attempts fail at a pool while it is neither full nor without a server.
    Elsewhen(Elsewhen),
    /// A cache in front of calls answers a share of them.
    CacheHits(CacheHits),
    /// The same over several replications.
    CacheHitsInRuns(CacheHitsInRuns),
    /// A cache in front of calls would answer a share of them if it were full.
    FullCache(FullCache),
    /// A pool loses attempts, or lets attempts wait, for a reason.
    Cause(Reason),
    /// A number of things.
    Count {
        /// The number.
        value: f64,
        /// Kind of the things counted: `troubles`, `slight_troubles`, `waiting`, `pools`, `regions_in_trouble`.
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
        #[serde(skip_serializing_if = "parts::is_false")]
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
        /// State or process that lasts so long.
        #[serde(flatten)]
        of: Lasting,
    },
    /// A moment.
    Moment {
        /// Seconds from the drop.
        value: f64,
        /// Event at that moment.
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
        /// Kind of the thing with that name.
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
    Group(Group),
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
    /// Bit rate of the streams of a region while their link holds some of them down.
    WhileLimited(WhileLimited),
    /// Attempts sent to a pool, as a multiple of what a pool that it calls can serve.
    Offered(Offered),
    /// The same over several replications.
    OfferedInRuns(OfferedInRuns),
    /// Attempts sent to a pool in a window over what its slots can serve in it, at the peak of each of several replications.
    SentInRuns(SentInRuns),
    /// Attempts that are sent to a pool in intervals in which it has no server, in each of several replications.
    UnservedInRuns(UnservedInRuns),
    /// A ratio of the sums of two columns in each of several replications.
    RateInRuns(RateInRuns),
    /// The same as `elsewhen` over several replications.
    ElsewhenInRuns(ElsewhenInRuns),
    /// The same as `unmeasured` over several replications.
    UnmeasuredInRuns(UnmeasuredInRuns),
    /// The greatest value of a column's cells in a stretch.
    Highest(Cell),
    /// The least value of a column's cells in a stretch.
    Lowest(Cell),
    /// The least and the greatest value that a column has over all parts of a kind.
    Among {
        /// The least value.
        low: f64,
        /// The greatest value.
        high: f64,
        /// Kind of the parts.
        of: &'static str,
        /// Column whose mean is taken.
        column: &'static str,
        /// Intervals over which the mean is taken.
        #[serde(flatten)]
        over: Stretch,
    },
    /// At a moment, attempts have been unanswered for long, as many for certain.
    Late(Unanswered),
    /// The mean of a figure over some points of a sweep.
    Point {
        /// The value.
        value: f64,
        /// Dotted path of the figure.
        path: String,
        /// Numbers of the points in `points.csv`.
        points: Vec<u64>,
    },
    /// The least or the greatest mean of a figure at some points of a sweep.
    Extreme {
        /// The value.
        value: f64,
        /// Dotted path of the figure.
        path: String,
        /// Which of both: `least` or `most`.
        is: &'static str,
        /// Numbers of the points; of those without a value no notice is taken.
        points: Vec<u64>,
    },
    /// The points of a sweep at which the mean of a figure is at most a bound.
    Within {
        /// Number of the points.
        k: usize,
        /// Dotted path of the figure.
        path: String,
        /// The bound.
        bound: f64,
        /// Numbers of the points.
        points: Vec<u64>,
    },
    /// The points of a sweep at which a figure has a value.
    Known {
        /// Number of the points.
        k: usize,
        /// Dotted path of the figure.
        path: String,
        /// Numbers of the points; all of the sweep if there is none.
        points: Vec<u64>,
    },
    /// A figure moves over some points of a sweep.
    Moves {
        /// Dotted path of the figure.
        path: String,
        /// `rises` or `falls` from point to point, or `goes` from the first to the last.
        is: &'static str,
        /// Numbers of the points, in order.
        points: Vec<u64>,
    },
    /// The range of a figure's means by one parameter of a sweep over the range by another.
    MovesMore(MovesMore),
    /// The share of a figure's variance over a sweep that its parameters explain together.
    Explained(Explained),
    /// The mean of a figure over the replications of one of several scenarios.
    OfScenario(OfScenario),
    /// The sum of a column over all rows together, as a multiple of the ordinary day's.
    Ordinary(Beside),
    /// A value of the setting of a search.
    Tried(Tried),
    /// The condition of a search.
    Condition(Sought),
    /// A pool that is a bottleneck at a value of the setting of a search.
    BottleneckAt(BottleneckAt),
    /// A combination of levers of a search.
    Combination(Chosen),
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
