//! The measured columns of `intervals.csv`.

use super::distribution::Distribution;
use super::level::{Level, PoolLevel, RegionLevel};
use super::outcome::Outcome;
use super::scope::{OF_ATTEMPTS, OF_CALLS, OF_FIRST_TRIES, OF_ONE_POOL, OF_REQUESTS, OF_SERVERS, OF_VIEWERS, RowKind};
use super::unit::Unit;

/// Attributes of a column.
#[derive(Clone, Copy)]
struct ColumnRow {
    /// Name in the header of the file and in thresholds.
    name: &'static str,
    /// Unit of a value.
    unit: Unit,
    /// Kinds of rows in which the column is known; the column is empty in rows of other kinds.
    known: &'static [RowKind],
    /// Rule by which values are aggregated.
    aggregation: Aggregation,
}

/// The rule by which the values of a column are aggregated over scopes, replications and intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aggregation {
    /// A number of events: a sum over a window, a mean over replications.
    Count,
    /// The time-weighted mean of a level: a mean over a window and over replications.
    Mean(Level),
    /// A ratio of two sums: the ratio of both sums over a window and over replications.
    Ratio,
    /// The ratio of errors to ended attempts, computed from the sums of the outcomes.
    ErrorRate,
    /// A level at the end of an interval: the last over a window, a mean over replications.
    AtEnd,
    /// The highest value in an interval: a maximum over a window, a mean over replications.
    Highest,
    /// The value that this share of the observations does not exceed: a maximum over a window, a mean over replications.
    Percentile(Distribution, f64),
}

impl Aggregation {
    /// The word for the rule in the reference.
    pub fn word(self) -> &'static str {
        match self {
            Aggregation::Count => "count",
            Aggregation::Mean(_) => "mean",
            Aggregation::Ratio | Aggregation::ErrorRate => "ratio",
            Aggregation::AtEnd => "at end",
            Aggregation::Highest => "highest",
            Aggregation::Percentile(..) => "percentile",
        }
    }
}

use Aggregation::{AtEnd, Count, Highest, Mean, Percentile, Ratio};

table! {
    /// A measured column of `intervals.csv`.
    Column, ColumnRow,
    /// Attempts that ended in the interval with this outcome.
    Ended(Outcome);
    /// Viewers who arrived in the interval.
    Arrivals { name: "arrivals", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Attempts sent in the interval.
    Attempts { name: "attempts", unit: Unit::Count, known: OF_ATTEMPTS, aggregation: Count }
    /// Share of errors among the attempts that ended in the interval. Every outcome but `served` is an error;
    /// `cancelled` is not counted. Attempts that clients kept back (`refused`) count, except in rows of pools, to which
    /// they were never sent.
    ErrorRate { name: "error_rate", unit: Unit::Share, known: OF_ATTEMPTS, aggregation: Aggregation::ErrorRate }
    /// Distinct viewers who were inside a request step in the interval, pauses included.
    ViewersActive { name: "viewers_active", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Distinct viewers who were shown an error page in the interval.
    ViewersError { name: "viewers_error", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Mean queue length: attempts waiting for service.
    QueueMean {
        name: "queue_mean", unit: Unit::Count, known: OF_SERVERS, aggregation: Mean(Level::Pool(PoolLevel::Queue))
    }
    /// Mean number of attempts in service.
    InServiceMean {
        name: "in_service_mean", unit: Unit::Count, known: OF_SERVERS,
        aggregation: Mean(Level::Pool(PoolLevel::InService)),
    }
    /// Mean share of the slots that are busy; a slot that an individual server holds while it drains or is down is a slot for as long.
    /// At most 1, also while more is held than a pool has slots.
    Utilization { name: "utilization", unit: Unit::Share, known: OF_SERVERS, aggregation: Ratio }
    /// Mean number of servers.
    Servers {
        name: "servers", unit: Unit::Count, known: OF_SERVERS, aggregation: Mean(Level::Pool(PoolLevel::Servers))
    }
    /// Median latency of the served attempts, from send to reply.
    LatencyP50 {
        name: "latency_p50_ms", unit: Unit::Milliseconds, known: OF_ATTEMPTS,
        aggregation: Percentile(Distribution::Latency, 0.5),
    }
    /// 95th percentile of the latency of the served attempts.
    LatencyP95 {
        name: "latency_p95_ms", unit: Unit::Milliseconds, known: OF_ATTEMPTS,
        aggregation: Percentile(Distribution::Latency, 0.95),
    }
    /// 99th percentile of the latency of the served attempts.
    LatencyP99 {
        name: "latency_p99_ms", unit: Unit::Milliseconds, known: OF_ATTEMPTS,
        aggregation: Percentile(Distribution::Latency, 0.99),
    }
    /// Share of the server time spent on attempts that were not served; it counts once known to be useful or wasted.
    WastedShare { name: "wasted_share", unit: Unit::Share, known: OF_ATTEMPTS, aggregation: Ratio }
    /// Mean number of streams that play.
    StreamsMean {
        name: "streams_mean", unit: Unit::Count, known: OF_VIEWERS, aggregation: Mean(Level::Region(RegionLevel::Streams))
    }
    /// Mean bit rate of a stream.
    BitrateMean { name: "bitrate_mean_kbps", unit: Unit::Kbps, known: OF_VIEWERS, aggregation: Ratio }
    /// Bit rate of all streams over the capacity of the link.
    LinkUtilization { name: "link_utilization", unit: Unit::Share, known: OF_VIEWERS, aggregation: Ratio }
    /// Mean share of a stream's time in which the stream stalls.
    StalledShare { name: "stalled_share", unit: Unit::Share, known: OF_VIEWERS, aggregation: Ratio }
    /// Reports to the outage tracker, its usual level included.
    Reports { name: "reports", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Mean waiting time at the pool, until service begins, the client leaves or a timer of the pool expires.
    WaitMean { name: "wait_mean_ms", unit: Unit::Milliseconds, known: OF_ATTEMPTS, aggregation: Ratio }
    /// 90th percentile of the waiting time at the pool.
    WaitP90 {
        name: "wait_p90_ms", unit: Unit::Milliseconds, known: OF_ATTEMPTS,
        aggregation: Percentile(Distribution::Wait, 0.9),
    }
    /// Attempts that had to wait, over the attempts whose wait at the pool ended.
    WaitedShare { name: "waited_share", unit: Unit::Share, known: OF_ATTEMPTS, aggregation: Ratio }
    /// Viewers whose first stream began.
    Starts { name: "starts", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Median time from a viewer's first request after the release to the first stream, pauses of the journey included.
    StartTimeP50 {
        name: "start_time_p50_ms", unit: Unit::Milliseconds, known: OF_VIEWERS,
        aggregation: Percentile(Distribution::StartTime, 0.5),
    }
    /// 95th percentile of the time from a viewer's first request after the release to the first stream.
    StartTimeP95 {
        name: "start_time_p95_ms", unit: Unit::Milliseconds, known: OF_VIEWERS,
        aggregation: Percentile(Distribution::StartTime, 0.95),
    }
    /// Capacity: attempts per second that the servers which are up can serve, their slots over the mean time of service
    /// and calls without waits. Servers that are ejected or warming up count like any other.
    CapacityPerSecond {
        name: "capacity_per_s", unit: Unit::PerSecond, known: OF_ONE_POOL,
        aggregation: Mean(Level::Pool(PoolLevel::Capacity)),
    }
    /// Retries and hedged copies that a client's budget forbade.
    RetriesDenied { name: "retries_denied", unit: Unit::Count, known: OF_ATTEMPTS, aggregation: Count }
    /// Attempts that ended in the interval, served or not; those that clients kept back were never sent.
    EndedAttempts { name: "ended", unit: Unit::Count, known: OF_ATTEMPTS, aggregation: Count }
    /// Attempts for a step and call that the viewer had not reached before, including those that the client kept back.
    /// A return by `then` makes later steps new again; a refresh or a return after giving up does not. Rows of pools and
    /// requests include heartbeats, polls and calls, except calls made by attempts that are retries or hedged copies.
    FirstTries { name: "first_tries", unit: Unit::Count, known: OF_FIRST_TRIES, aggregation: Count }
    /// Attempts that a client's app sent after a failed attempt of the same request, hedged copies not counted.
    Retries { name: "retries", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Attempts sent after a person refreshed, other than retries, up to the point that the person had reached.
    Refreshes { name: "refreshes", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Attempts sent after a person came back, other than retries, up to the point that the person had reached.
    ComeBacks { name: "come_backs", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Attempts under way at the end of the interval: sent, and not yet ended for their client.
    InFlight { name: "in_flight", unit: Unit::Count, known: OF_VIEWERS, aggregation: AtEnd }
    /// Age of the oldest attempt under way at the end of the interval; empty if no attempt is under way.
    OldestWait { name: "oldest_wait_ms", unit: Unit::Milliseconds, known: OF_VIEWERS, aggregation: Highest }
    /// Times that a person gave up in the interval, those who come back later included.
    GaveUp { name: "gave_up", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Share of the time, to the moment, in which every slot is busy and an attempt waits; `saturated_s` counts whole intervals.
    /// Slots of servers that are down or draining do not count; without any slot the pool is not full.
    FullShare { name: "full_share", unit: Unit::Share, known: OF_ONE_POOL, aggregation: Ratio }
    /// Share of the time in which the pool has no server.
    NoServerShare { name: "no_server_share", unit: Unit::Share, known: OF_ONE_POOL, aggregation: Ratio }
    /// Largest queue length in the interval.
    QueueMax { name: "queue_max", unit: Unit::Count, known: OF_ONE_POOL, aggregation: Highest }
    /// Mean time in service, useful or wasted; it counts once known to be useful or wasted.
    ServiceMean { name: "service_mean_ms", unit: Unit::Milliseconds, known: OF_ONE_POOL, aggregation: Ratio }
    /// Requests that ended in the interval: served, or failed after their last attempt. A heartbeat is a request of one
    /// attempt.
    RequestsEnded { name: "requests_ended", unit: Unit::Count, known: OF_REQUESTS, aggregation: Count }
    /// Requests that ended in the interval and were not served.
    RequestsFailed { name: "requests_failed", unit: Unit::Count, known: OF_REQUESTS, aggregation: Count }
    /// Requests that ended in the interval, served or not, after more time in queues and in pauses before retries than
    /// `wait` of `[harm]` states.
    RequestsWaited { name: "requests_waited", unit: Unit::Count, known: OF_REQUESTS, aggregation: Count }
    /// Median time of the served requests, from the first attempt to the reply, through all retries.
    TimeP50 {
        name: "time_p50_ms", unit: Unit::Milliseconds, known: OF_REQUESTS,
        aggregation: Percentile(Distribution::RequestTime, 0.5),
    }
    /// 95th percentile of the time of the served requests, through all retries.
    TimeP95 {
        name: "time_p95_ms", unit: Unit::Milliseconds, known: OF_REQUESTS,
        aggregation: Percentile(Distribution::RequestTime, 0.95),
    }
    /// 99th percentile of the time of the served requests, through all retries.
    TimeP99 {
        name: "time_p99_ms", unit: Unit::Milliseconds, known: OF_REQUESTS,
        aggregation: Percentile(Distribution::RequestTime, 0.99),
    }
    /// Share of the time in which the link gives some stream less than the stream would play alone; for everything the
    /// mean over the links with limited capacity.
    LimitedShare { name: "limited_share", unit: Unit::Share, known: OF_VIEWERS, aggregation: Ratio }
    /// Mean bit rate that a stream would have alone: the highest rung within the peak of the device and the cap.
    PeakBitrate { name: "peak_kbps", unit: Unit::Kbps, known: OF_VIEWERS, aggregation: Ratio }
    /// Mean number of servers that are ejected, since their attempts failed.
    ServersEjected {
        name: "servers_ejected", unit: Unit::Count, known: OF_SERVERS,
        aggregation: Mean(Level::Pool(PoolLevel::Ejected)),
    }
    /// Mean number of people in waiting rooms.
    WaitingRoomMean {
        name: "waiting_room_mean", unit: Unit::Count, known: OF_VIEWERS, aggregation: Mean(Level::Region(RegionLevel::InRooms))
    }
    /// People whom waiting rooms admitted in the interval.
    Admitted { name: "admitted", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Median wait in waiting rooms of people who were admitted.
    WaitingRoomWaitP50 {
        name: "waiting_room_wait_p50_ms", unit: Unit::Milliseconds, known: OF_VIEWERS,
        aggregation: Percentile(Distribution::RoomWait, 0.5),
    }
    /// 95th percentile of the wait in waiting rooms of people who were admitted.
    WaitingRoomWaitP95 {
        name: "waiting_room_wait_p95_ms", unit: Unit::Milliseconds, known: OF_VIEWERS,
        aggregation: Percentile(Distribution::RoomWait, 0.95),
    }
    /// Mean number of attempts, queued and in service, that `concurrency_limit` allows at all servers of the pool
    /// together.
    ConcurrencyLimit {
        name: "concurrency_limit", unit: Unit::Count, known: OF_ONE_POOL,
        aggregation: Mean(Level::Pool(PoolLevel::Limit)),
    }
    /// Calls between pools that hits of a cache made needless; in rows of a pool, calls to it.
    CacheHits { name: "cache_hits", unit: Unit::Count, known: OF_CALLS, aggregation: Count }
    /// Hedged copies of attempts that clients sent.
    Hedges { name: "hedges", unit: Unit::Count, known: OF_ATTEMPTS, aggregation: Count }
    /// Mean number of servers that boot: an autoscaler has added them, and they do not serve yet.
    ServersBooting {
        name: "servers_booting", unit: Unit::Count, known: OF_SERVERS,
        aggregation: Mean(Level::Pool(PoolLevel::Booting)),
    }
    /// Mean number of servers that are wanted: those that are up, boot, are down or wait for their repair.
    ServersWanted {
        name: "servers_wanted", unit: Unit::Count, known: OF_SERVERS, aggregation: Mean(Level::Pool(PoolLevel::Wanted))
    }
    /// Mean share of the cores that are busy; in a pool without `cores`, of the slots that are busy and do not wait for
    /// calls.
    Cpu { name: "cpu", unit: Unit::Share, known: OF_SERVERS, aggregation: Ratio }
    /// Mean number of attempts in service that hold their slots while they wait for calls to other pools.
    CallingMean {
        name: "calling_mean", unit: Unit::Count, known: OF_SERVERS, aggregation: Mean(Level::Pool(PoolLevel::Calling))
    }
    /// Attempts of calls between pools, made for people, heartbeats and polls; they are not among `attempts`.
    Calls { name: "calls", unit: Unit::Count, known: OF_VIEWERS, aggregation: Count }
    /// Mean time of the calls by other pools that ended, served or not, from the first attempt to the end of the last.
    CallTimeMean { name: "call_time_mean_ms", unit: Unit::Milliseconds, known: OF_CALLS, aggregation: Ratio }
}

/// Number of columns of the table up to `attempts`; the columns of the outcomes follow them in the file.
const BEFORE_OUTCOMES: usize = match Column::Attempts.own_index() {
    Ok(own) => own + 1,
    Err(_) => 0,
};

/// Number of outcomes whose columns follow `attempts`; the columns of all later outcomes stand last in the file.
const FIRST_OUTCOMES: usize = Outcome::Refused as usize + 1;

static OF_OUTCOMES: [ColumnRow; Outcome::COUNT] = {
    let mut rows = [ColumnRow { name: "", unit: Unit::Count, known: OF_ATTEMPTS, aggregation: Count }; Outcome::COUNT];
    let mut index = 0;
    while index < Outcome::COUNT {
        rows[index].name = Outcome::ALL[index].name();
        index += 1;
    }
    rows
};

static IN_FILE: [Column; Column::COUNT] = {
    let mut columns = [Column::Arrivals; Column::COUNT];
    let mut own = 0;
    while own < Column::OWN.len() {
        columns[Column::OWN[own].index()] = Column::OWN[own];
        own += 1;
    }
    let mut outcome = 0;
    while outcome < Outcome::COUNT {
        let column = Column::Ended(Outcome::ALL[outcome]);
        columns[column.index()] = column;
        outcome += 1;
    }
    columns
};

impl Column {
    /// Number of columns.
    pub const COUNT: usize = Column::OWN.len() + Outcome::COUNT;

    /// All columns, in the order of the file.
    pub const ALL: &'static [Column] = &IN_FILE;

    /// The index in [`Column::ALL`].
    #[inline]
    pub const fn index(self) -> usize {
        match self.own_index() {
            Ok(own) if own < BEFORE_OUTCOMES => own,
            Ok(own) => own + FIRST_OUTCOMES,
            Err(outcome) if (outcome as usize) < FIRST_OUTCOMES => BEFORE_OUTCOMES + outcome as usize,
            Err(outcome) => Column::OWN.len() + outcome as usize,
        }
    }

    #[inline]
    const fn row(self) -> &'static ColumnRow {
        match self.own_index() {
            Ok(own) => &Column::own_rows()[own],
            Err(outcome) => &OF_OUTCOMES[outcome as usize],
        }
    }

    /// The column with a name; `None` if there is none.
    pub fn named(name: &str) -> Option<Column> {
        Column::ALL.iter().copied().find(|column| column.name() == name)
    }

    /// The name in the header of the file and in thresholds.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The unit of a value.
    pub const fn unit(self) -> Unit {
        self.row().unit
    }

    /// The kinds of rows in which the column is known; the column is empty in rows of other kinds.
    pub const fn known(self) -> &'static [RowKind] {
        self.row().known
    }

    /// The rule by which values are aggregated.
    #[inline]
    pub const fn aggregation(self) -> Aggregation {
        self.row().aggregation
    }

    /// Whether a value is a share of attempts, which is uncertain where there were few.
    pub const fn is_share_of_attempts(self) -> bool {
        matches!(self, Column::ErrorRate | Column::WaitedShare)
    }

    /// The text in the reference.
    pub fn meaning(self) -> String {
        match self.own_index() {
            Ok(own) => Column::OWN_MEANINGS[own].to_owned(),
            Err(outcome) => format!("Attempts that ended in the interval as `{}`.", outcome.name()),
        }
    }
}

impl Distribution {
    /// The columns that are percentiles of the distribution, each with its share; the shares ascend.
    pub fn percentiles(self) -> impl Iterator<Item = (Column, f64)> {
        Column::ALL.iter().filter_map(move |column| match column.aggregation() {
            Aggregation::Percentile(of, share) if of == self => Some((*column, share)),
            _ => None,
        })
    }
}

impl Level {
    /// The columns that are means of levels, each with its level.
    pub fn means() -> impl Iterator<Item = (Column, Level)> {
        Column::ALL.iter().filter_map(|column| match column.aggregation() {
            Aggregation::Mean(level) => Some((*column, level)),
            _ => None,
        })
    }
}

impl Outcome {
    /// The column that counts the outcome.
    pub const fn column(self) -> Column {
        Column::Ended(self)
    }
}

#[cfg(test)]
mod tests;
mod words;
