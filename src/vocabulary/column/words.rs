//! The words for columns in sentences.

use super::Column;

/// Words for a column: a singular, or a plural.
enum Words {
    One(&'static str),
    Many(&'static str),
}

use Words::{Many, One};

impl Column {
    /// The words in a sentence, without the unit, and whether they are a plural.
    pub fn words(self) -> (String, bool) {
        match self.worded() {
            Ok(One(words)) => (words.to_owned(), false),
            Ok(Many(words)) => (words.to_owned(), true),
            Err(happening) => (format!("attempts {happening}"), true),
        }
    }

    /// The words; of a column that counts an outcome, what happens to its attempts.
    fn worded(self) -> Result<Words, &'static str> {
        Ok(match self {
            Column::Ended(outcome) => return Err(outcome.happening()),
            Column::Arrivals => Many("arrivals"),
            Column::Attempts => Many("attempts sent"),
            Column::ErrorRate => One("error rate"),
            Column::ViewersActive => Many("viewers in a request"),
            Column::ViewersError => Many("viewers who see an error"),
            Column::QueueMean => One("mean length of the queue"),
            Column::InServiceMean => One("mean number of attempts in service"),
            Column::Utilization => One("utilization"),
            Column::Servers => One("mean number of servers"),
            Column::LatencyP50 => One("median latency"),
            Column::LatencyP95 => One("latency p95"),
            Column::LatencyP99 => One("latency p99"),
            Column::WastedShare => One("share of work in vain"),
            Column::StreamsMean => One("mean number of streams"),
            Column::BitrateMean => One("mean bit rate"),
            Column::LinkUtilization => One("utilization of links"),
            Column::StalledShare => One("share of streams that stall"),
            Column::Reports => Many("outage reports"),
            Column::WaitMean => One("mean waiting time"),
            Column::WaitP90 => One("waiting time p90"),
            Column::WaitedShare => One("share of attempts that wait"),
            Column::Starts => Many("viewers whose stream starts"),
            Column::StartTimeP50 => One("median time to the first frame"),
            Column::StartTimeP95 => One("time to the first frame p95"),
            Column::CapacityPerSecond => One("capacity"),
            Column::RetriesDenied => Many("retries denied by budgets"),
            Column::EndedAttempts => Many("attempts that end"),
            Column::FirstTries => Many("first tries"),
            Column::Retries => Many("retries"),
            Column::Refreshes => Many("attempts after a refresh"),
            Column::ComeBacks => Many("attempts after a return"),
            Column::InFlight => Many("attempts under way"),
            Column::OldestWait => One("age of the oldest attempt under way"),
            Column::GaveUp => One("number of times that people give up"),
            Column::FullShare => One("share of the time with busy slots and a queue"),
            Column::NoServerShare => One("share of the time without a server"),
            Column::QueueMax => One("length of the queue"),
            Column::ServiceMean => One("mean time in service"),
            Column::RequestsEnded => Many("requests that end"),
            Column::RequestsFailed => Many("requests that fail"),
            Column::RequestsWaited => Many("requests that wait too long"),
            Column::TimeP50 => One("median time of requests"),
            Column::TimeP95 => One("time of requests p95"),
            Column::TimeP99 => One("time of requests p99"),
            Column::LimitedShare => One("share of the time in which links hold streams down"),
            Column::PeakBitrate => One("mean bit rate of a stream alone"),
            Column::ServersEjected => One("mean number of ejected servers"),
            Column::WaitingRoomMean => One("mean number of people in waiting rooms"),
            Column::Admitted => Many("people let in by waiting rooms"),
            Column::WaitingRoomWaitP50 => One("median wait in waiting rooms"),
            Column::WaitingRoomWaitP95 => One("wait in waiting rooms p95"),
            Column::ConcurrencyLimit => One("concurrency limit"),
            Column::CacheHits => Many("hits of caches"),
            Column::Hedges => Many("hedged copies"),
            Column::ServersBooting => One("mean number of booting servers"),
            Column::ServersWanted => One("mean number of wanted servers"),
            Column::Cpu => One("share of busy cores"),
            Column::CallingMean => One("mean number of attempts that wait for calls"),
            Column::Calls => Many("calls between pools"),
            Column::CallTimeMean => One("mean time of calls"),
        })
    }
}
