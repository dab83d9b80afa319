//! The figures of a run and of its regions, pools and requests: those of `summary.json`, and two of sweeps and `find`
//! alone.

mod known;
mod named;
mod row;

use super::column::Column;
use super::distribution::Distribution;
use super::harm::Harm;
use super::outcome::Outcome;
use super::source::{Account, Found, Source};
use super::unit::Unit;
use known::{ALL, ANY, COURSES, PEOPLE, POOLS, REGIONS, SERVERS};
use row::{FigureRow, Words};

use Account::{
    Already, Arrived, Asking, GaveUp, InRooms, Inside, LeftRooms, Outside, SawError, Started, Streaming, Waiting,
    Watched,
};
use Distribution::{Latency, RequestTime, RoomWait, StartTime, Wait};
use Source::{Analysis, Mean, Percentile, Viewers, Window};
use Unit::{Count, Kbps, Milliseconds, Ratio, Seconds, Share};
use Words::{Many, One};

table! {
    /// A figure of a whole run.
    Figure, FigureRow,
    /// Attempts that ended with this outcome.
    Attempts(Outcome);
    /// Viewers who arrived, those inside at the start included.
    ViewersArrived { name: "viewers.arrived", unit: Count, words: Many("viewers who arrive"), source: Viewers(Arrived), known: ALL }
    /// Viewers who were in mid-stream when the window opened.
    ViewersAlready {
        name: "viewers.already", unit: Count, words: Many("viewers inside at the start"), source: Viewers(Already), known: ALL }
    /// Viewers who did the last step of their journey.
    ViewersWatched {
        name: "viewers.watched", unit: Count, words: Many("viewers who do the last step of their journey"), source: Viewers(Watched), known: ALL }
    /// Viewers who gave up and did not come back.
    ViewersGaveUp { name: "viewers.gave_up", unit: Count, words: Many("viewers who give up"), source: Viewers(GaveUp), known: ALL }
    /// Viewers who are inside at the end of the run.
    ViewersInside {
        name: "viewers.inside", unit: Count, words: Many("viewers inside at the end"), source: Viewers(Inside), known: ALL }
    /// Viewers who are in a stream at the end of the run.
    ViewersStreaming {
        name: "viewers.streaming", unit: Count, words: Many("viewers in a stream at the end"),
        source: Viewers(Streaming), known: ALL }
    /// Viewers who are in a request step at the end of the run.
    ViewersAsking {
        name: "viewers.asking", unit: Count, words: Many("viewers in a request at the end"), source: Viewers(Asking), known: ALL }
    /// Viewers who are inside at the end of the run, neither in a stream nor in a request step.
    ViewersWaiting {
        name: "viewers.waiting", unit: Count, words: Many("viewers between steps at the end"), source: Viewers(Waiting), known: ALL }
    /// Viewers whose first stream began.
    ViewersStarted {
        name: "viewers.started", unit: Count, words: Many("viewers whose stream starts"), source: Viewers(Started), known: ALL }
    /// Viewers who were shown an error page.
    ViewersSawError {
        name: "viewers.saw_error", unit: Count, words: Many("viewers who see an error"), source: Viewers(SawError), known: ALL }
    /// People of crowds and traces whose moment fell outside the window, and who were not simulated.
    ViewersOutside {
        name: "viewers.outside", unit: Count, words: Many("viewers outside the window"), source: Viewers(Outside), known: ALL }
    /// Attempts sent.
    AttemptsTotal { name: "attempts.total", unit: Count, words: Many("attempts"), source: Window(Column::Attempts), known: ANY }
    /// Share of errors among the ended attempts.
    ErrorRateOverall {
        name: "error_rate.overall", unit: Share, words: One("share of attempts that fail"),
        source: Window(Column::ErrorRate), known: ANY.called("error_rate") }
    /// Highest error rate of a window with at least 100 ended attempts within a trouble, or of the whole trouble if it
    /// has no such window. Without trouble: of any window, or of the whole run.
    ErrorRatePeak {
        name: "error_rate.peak", unit: Share, words: One("error rate at the worst"),
        source: Analysis(Found::Peak), known: COURSES.called("error_rate_peak") }
    /// Start of the window with the highest error rate, from the drop.
    ErrorRatePeakAt {
        name: "error_rate.peak_at_s", unit: Seconds, words: One("time of the worst"),
        source: Analysis(Found::PeakAt), known: COURSES.called("error_rate_peak_at_s") }
    /// End of the last trouble, from the drop; 0 if there is no trouble, null unless the last trouble is over.
    Recovery { name: "recovery_s", unit: Seconds, words: One("time until it is over"), source: Analysis(Found::Recovery), known: COURSES }
    /// Attempts sent over requests begun, where a request made anew by a refresh counts once. Deprecated: ask for
    /// `amplification.total`.
    RetryAmplification {
        name: "retry_amplification", unit: Ratio, words: Many("attempts for each request"),
        source: Source::Amplification, known: ALL }
    /// Share of the server time that was spent on attempts which were not served.
    WastedShare {
        name: "wasted_share", unit: Share, words: One("share of work in vain"), source: Window(Column::WastedShare), known: ANY }
    /// Median latency of the served attempts.
    LatencyP50 {
        name: "latency_ms.p50", unit: Milliseconds, words: One("latency p50"), source: Percentile(Latency, 0.5), known: ANY }
    /// 95th percentile of the latency of the served attempts.
    LatencyP95 {
        name: "latency_ms.p95", unit: Milliseconds, words: One("latency p95"), source: Percentile(Latency, 0.95), known: ANY }
    /// 99th percentile of the latency of the served attempts.
    LatencyP99 {
        name: "latency_ms.p99", unit: Milliseconds, words: One("latency p99"), source: Percentile(Latency, 0.99), known: ANY }
    /// Mean waiting time of attempts at their pool.
    WaitMean {
        name: "wait_ms.mean", unit: Milliseconds, words: One("mean waiting time"), source: Window(Column::WaitMean), known: ANY }
    /// Median waiting time of attempts at their pool.
    WaitP50 { name: "wait_ms.p50", unit: Milliseconds, words: One("waiting time p50"), source: Percentile(Wait, 0.5), known: ANY }
    /// 90th percentile of the waiting time of attempts at their pool.
    WaitP90 { name: "wait_ms.p90", unit: Milliseconds, words: One("waiting time p90"), source: Percentile(Wait, 0.9), known: ANY }
    /// 99th percentile of the waiting time of attempts at their pool.
    WaitP99 { name: "wait_ms.p99", unit: Milliseconds, words: One("waiting time p99"), source: Percentile(Wait, 0.99), known: ANY }
    /// Attempts that had to wait, over the attempts whose wait at a pool ended.
    WaitedShare {
        name: "waited_share", unit: Share, words: One("share of attempts that wait"),
        source: Window(Column::WaitedShare), known: ANY }
    /// Mean share of the slots that are busy: of the pool, or of all pools together.
    Utilization { name: "utilization", unit: Share, words: One("utilization"), source: Window(Column::Utilization), known: SERVERS }
    /// Mean number of attempts waiting for service: at the pool, or in all pools together.
    QueueMean {
        name: "queue_mean", unit: Count, words: One("mean length of the queues"), source: Window(Column::QueueMean), known: SERVERS }
    /// Bit rate of all streams over the capacity of the links.
    LinkUtilization {
        name: "link_utilization", unit: Share, words: One("utilization of links"),
        source: Window(Column::LinkUtilization), known: PEOPLE }
    /// Mean share of a stream's time in which the stream stalls.
    StalledShare {
        name: "stalled_share", unit: Share, words: One("share of streams that stall"),
        source: Window(Column::StalledShare), known: PEOPLE }
    /// Reports to the outage tracker, its usual level included.
    ReportsTotal { name: "reports.total", unit: Count, words: Many("outage reports"), source: Window(Column::Reports), known: PEOPLE.called("reports") }
    /// Reports in the worst minute.
    ReportsPeak {
        name: "reports.peak", unit: Count, words: Many("outage reports in the worst minute"),
        source: Source::WorstReports, known: ALL }
    /// Start of the minute with most reports, from the drop.
    ReportsPeakAt {
        name: "reports.peak_at_s", unit: Seconds, words: One("time of the worst minute of reports"),
        source: Source::WorstReportsAt, known: ALL }
    /// Retries and hedged copies that clients' budgets forbade.
    RetriesDenied {
        name: "retries_denied", unit: Count, words: Many("retries denied by budgets"),
        source: Window(Column::RetriesDenied), known: ALL }
    /// Begin of the first trouble, from the drop; null if there is none.
    TroubleBegin {
        name: "trouble.begin_s", unit: Seconds, words: One("begin of the trouble"), source: Analysis(Found::Begin),
        known: COURSES
    }
    /// End of the last trouble, from the drop; null unless there is trouble and the last of it is over.
    TroubleOver {
        name: "trouble.over_s", unit: Seconds, words: One("end of the trouble"), source: Analysis(Found::Over),
        known: COURSES
    }
    /// Seconds of the intervals within troubles whose error rate exceeds the bound.
    TroubleAbove {
        name: "trouble.above_s", unit: Seconds, words: One("time above the bound"), source: Analysis(Found::Above),
        known: COURSES
    }
    /// Troubles, slight ones not counted.
    TroubleCount {
        name: "trouble.count", unit: Count, words: Many("troubles"), source: Analysis(Found::Count), known: COURSES
    }
    /// 1 if the run is stuck (metastable), else 0; over several runs their share. A stuck run ends in trouble although
    /// first tries alone would offer the saturated pools less than their capacity, and would be within the bound then
    /// without its `trigger`. Null without a trigger, and if only the crowds make first tries there.
    Stuck {
        name: "trouble.stuck", unit: Share, words: One("share of runs that are stuck"), source: Analysis(Found::Stuck),
        known: ALL
    }
    /// Attempts sent over first tries.
    AmplificationTotal {
        name: "amplification.total", unit: Ratio, words: Many("attempts for each first try"),
        source: Source::PerFirstTry, known: PEOPLE
    }
    /// Attempts for a step and call that their viewer had not reached before.
    FirstTries {
        name: "amplification.first_tries", unit: Count, words: Many("first tries"), source: Window(Column::FirstTries),
        known: PEOPLE
    }
    /// Attempts that apps sent after a failed attempt of the same request.
    Retries {
        name: "amplification.retries", unit: Count, words: Many("retries"), source: Window(Column::Retries),
        known: PEOPLE
    }
    /// Attempts sent after a person refreshed, up to the point that the person had reached.
    Refreshes {
        name: "amplification.refreshes", unit: Count, words: Many("attempts after refreshes"),
        source: Window(Column::Refreshes), known: PEOPLE
    }
    /// Attempts sent after a person came back after giving up, up to the point that the person had reached.
    ComeBacks {
        name: "amplification.come_backs", unit: Count, words: Many("attempts of people who come back"),
        source: Window(Column::ComeBacks), known: PEOPLE
    }
    /// Hedged copies of attempts that apps sent.
    Hedges {
        name: "amplification.hedges", unit: Count, words: Many("hedged copies"), source: Window(Column::Hedges),
        known: PEOPLE
    }
    /// Attempts of calls between pools, which are not among those of `amplification.total`.
    Calls {
        name: "amplification.calls", unit: Count, words: Many("attempts of calls between pools"),
        source: Window(Column::Calls), known: PEOPLE
    }
    /// People who were inside when the measured window opened, or arrived in it.
    Present {
        name: "viewers.present", unit: Count, words: Many("people present"), source: Source::Present,
        known: PEOPLE.called("present")
    }
    /// People who were shown an error page in the measured window, each counted once.
    HarmSawError {
        name: "harm.saw_error", unit: Count, words: Many("people who see an error"),
        source: Source::Harmed(Harm::SawError), known: PEOPLE.called("saw_error")
    }
    /// People who gave up at least once in the measured window, those who came back included.
    HarmGaveUp {
        name: "harm.gave_up", unit: Count, words: Many("people who give up"), source: Source::Harmed(Harm::GaveUp),
        known: PEOPLE.called("gave_up")
    }
    /// People who waited in queues and pauses for more than `wait` of `[harm]`: in one request through all its retries,
    /// or before their first frame. The wait of a call in the queue of a called pool is time in service of the calling
    /// pool, and no wait of people; see `pools.NAME.wait_ms` of the called pool.
    HarmWaited {
        name: "harm.waited", unit: Count, words: Many("people who wait too long"), source: Source::Harmed(Harm::Waited),
        known: PEOPLE.called("waited")
    }
    /// People whose streams stalled for over 1% of their time.
    HarmStalled {
        name: "harm.stalled", unit: Count, words: Many("people whose streams stall"),
        source: Source::Harmed(Harm::Stalled), known: PEOPLE.called("stalled")
    }
    /// People whose streams had under half of the bit rate that they would have alone, for over a tenth of their time.
    HarmDegraded {
        name: "harm.degraded", unit: Count, words: Many("people with under half of their bit rate"),
        source: Source::Harmed(Harm::Degraded), known: PEOPLE.called("degraded")
    }
    /// People who were shown an error page over `viewers.present`.
    SawErrorShare {
        name: "harm.saw_error_share", unit: Share, words: One("share of people who see an error"),
        source: Source::HarmedShare(Harm::SawError), known: PEOPLE.called("saw_error_share")
    }
    /// People who gave up at least once over `viewers.present`.
    GaveUpShare {
        name: "harm.gave_up_share", unit: Share, words: One("share of people who give up"),
        source: Source::HarmedShare(Harm::GaveUp), known: PEOPLE.called("gave_up_share")
    }
    /// People who waited for more than `wait` of `[harm]` over `viewers.present`.
    WaitedTooLongShare {
        name: "harm.waited_share", unit: Share, words: One("share of people who wait too long"),
        source: Source::HarmedShare(Harm::Waited), known: PEOPLE.called("waited_too_long_share")
    }
    /// Largest number of attempts that were unanswered for longer than `wait` of `[harm]` at the same time, at least.
    UnansweredMost {
        name: "unanswered.most", unit: Count, words: Many("attempts unanswered for long"),
        source: Analysis(Found::UnansweredMost), known: ALL
    }
    /// Time of `unanswered.most`, from the drop.
    UnansweredMostAt {
        name: "unanswered.most_at_s", unit: Seconds, words: One("time of most unanswered attempts"),
        source: Analysis(Found::UnansweredMostAt), known: ALL
    }
    /// Attempts under way when the measured window ends.
    UnansweredAtEnd {
        name: "unanswered.at_end", unit: Count, words: Many("attempts under way at the end"),
        source: Analysis(Found::UnansweredAtEnd), known: ALL
    }
    /// Share of ended requests that were served, through all their retries.
    SuccessShare {
        name: "success_share", unit: Share, words: One("share of requests served in the end"),
        source: Source::Success, known: COURSES
    }
    /// Median time of the served requests, from the first attempt to the reply, through all retries.
    TimeP50 {
        name: "time_ms.p50", unit: Milliseconds, words: One("time of requests p50"),
        source: Percentile(RequestTime, 0.5), known: COURSES
    }
    /// 95th percentile of the time of the served requests, through all retries.
    TimeP95 {
        name: "time_ms.p95", unit: Milliseconds, words: One("time of requests p95"),
        source: Percentile(RequestTime, 0.95), known: COURSES
    }
    /// 99th percentile of the time of the served requests, through all retries.
    TimeP99 {
        name: "time_ms.p99", unit: Milliseconds, words: One("time of requests p99"),
        source: Percentile(RequestTime, 0.99), known: COURSES
    }
    /// Median time from a viewer's first request after the release to the first frame, through all retries and the pauses of the
    /// journey.
    StartTimeP50 {
        name: "start_time_ms.p50", unit: Milliseconds, words: One("time to first frame p50"),
        source: Percentile(StartTime, 0.5), known: PEOPLE
    }
    /// 95th percentile of the time to the first frame.
    StartTimeP95 {
        name: "start_time_ms.p95", unit: Milliseconds, words: One("time to first frame p95"),
        source: Percentile(StartTime, 0.95), known: PEOPLE
    }
    /// 99th percentile of the time to the first frame.
    StartTimeP99 {
        name: "start_time_ms.p99", unit: Milliseconds, words: One("time to first frame p99"),
        source: Percentile(StartTime, 0.99), known: PEOPLE
    }
    /// Viewers whose first stream began in the measured window.
    Started {
        name: "started", unit: Count, words: Many("first streams"), source: Window(Column::Starts), known: REGIONS
    }
    /// Mean bit rate of a stream.
    Bitrate {
        name: "bitrate_kbps", unit: Kbps, words: One("mean bit rate"), source: Window(Column::BitrateMean),
        known: PEOPLE
    }
    /// Share of the time in which the link gives some stream less than the stream would play alone.
    LimitedShare {
        name: "limited_share", unit: Share, words: One("share of time in which links hold streams down"),
        source: Window(Column::LimitedShare), known: PEOPLE
    }
    /// Highest share of busy slots in an interval.
    UtilizationPeak {
        name: "utilization_peak", unit: Share, words: One("highest utilization"),
        source: Source::Highest(Column::Utilization), known: POOLS
    }
    /// Largest queue length.
    QueuePeak {
        name: "queue_peak", unit: Count, words: One("longest queue"), source: Window(Column::QueueMax), known: POOLS
    }
    /// Mean number of servers.
    Servers {
        name: "servers", unit: Count, words: One("mean number of servers"), source: Window(Column::Servers),
        known: POOLS
    }
    /// Seconds of the intervals, each counted whole, in which at least 98% of the slots are busy in the mean while an attempt waits
    /// or is turned away, or in which no server is there while attempts arrive; `full_share` has the time to the moment.
    Saturated {
        name: "saturated_s", unit: Seconds, words: One("time saturated"), source: Analysis(Found::Saturated),
        known: POOLS
    }
    /// Start of the first interval in which the pool is saturated, from the drop; null if there is none.
    SaturatedFrom {
        name: "saturated_from_s", unit: Seconds, words: One("begin of saturation"),
        source: Analysis(Found::SaturatedFrom), known: POOLS
    }
    /// The pool's share of the attempts that all pools lose in trouble; null without trouble.
    LostShare {
        name: "lost_share", unit: Share, words: One("share of the attempts lost"), source: Analysis(Found::LostShare),
        known: POOLS
    }
    /// Largest ratio of attempts sent to attempts that the slots can serve, over windows without an interval that has no server.
    Demand {
        name: "demand", unit: Ratio, words: One("demand over capacity"), source: Analysis(Found::Demand), known: POOLS
    }
    /// Most people in waiting rooms: the highest mean of an interval.
    RoomsMost {
        name: "waiting_room.most", unit: Count, words: Many("people in waiting rooms at most"),
        source: Source::Highest(Column::WaitingRoomMean), known: PEOPLE }
    /// People whom waiting rooms admitted.
    RoomsAdmitted {
        name: "waiting_room.admitted", unit: Count, words: Many("people whom waiting rooms admit"),
        source: Window(Column::Admitted), known: PEOPLE }
    /// Number of times that a person lost patience in a waiting room and left it, in the whole run.
    RoomsLeft {
        name: "waiting_room.left", unit: Count, words: Many("people who leave waiting rooms"), source: Viewers(LeftRooms),
        known: ALL }
    /// Median wait in a room of those who were admitted.
    RoomWaitP50 {
        name: "waiting_room.wait_ms.p50", unit: Milliseconds, words: One("wait in waiting rooms p50"),
        source: Percentile(RoomWait, 0.5), known: PEOPLE }
    /// 95th percentile of the wait in a room of those who were admitted.
    RoomWaitP95 {
        name: "waiting_room.wait_ms.p95", unit: Milliseconds, words: One("wait in waiting rooms p95"),
        source: Percentile(RoomWait, 0.95), known: PEOPLE }
    /// People who are in waiting rooms at the end of the run.
    RoomsAtEnd {
        name: "waiting_room.at_end", unit: Count, words: Many("people in waiting rooms at the end"),
        source: Viewers(InRooms), known: ALL }
    /// People whom waiting rooms admitted after more than `wait` of `[harm]`. With those who are in a room at the end they are the
    /// price of the rooms, by which `compare` and `explain` rank beside the people harmed.
    RoomsLong {
        name: "waiting_room.waited", unit: Count, words: Many("people who wait too long in waiting rooms"),
        source: Source::Late(RoomWait), known: PEOPLE }
    /// Mean number of attempts in service, those that wait for their calls included: at the pool, or in all pools together.
    InServiceMean {
        name: "in_service_mean", unit: Count, words: One("mean number of attempts in service"),
        source: Window(Column::InServiceMean), known: SERVERS }
    /// Mean share of the cores that are busy; without `cores`, of the slots that are busy and do not wait for calls.
    Cpu { name: "cpu", unit: Share, words: One("share of busy cores"), source: Window(Column::Cpu), known: SERVERS }
    /// Highest share of busy cores in an interval.
    CpuPeak {
        name: "cpu_peak", unit: Share, words: One("highest share of busy cores"), source: Source::Highest(Column::Cpu),
        known: POOLS }
    /// Mean latency of the served attempts.
    LatencyMean { name: "latency_ms.mean", unit: Milliseconds, words: One("mean latency"), source: Mean(Latency), known: ANY }
    /// Mean time of the served requests, from the first attempt to the reply, through all retries.
    TimeMean {
        name: "time_ms.mean", unit: Milliseconds, words: One("mean time of requests"), source: Mean(RequestTime),
        known: COURSES }
    /// 1 where all thresholds of the scenario held in a run, else 0; the mean is the share of such runs.
    ThresholdsHeld {
        name: "thresholds_held", unit: Share, words: One("share of runs in which all thresholds hold"),
        source: Source::Thresholds, known: ALL }
    /// Events that the run took.
    Events { name: "events", unit: Count, words: Many("events"), source: Source::Events, known: ALL }
}
