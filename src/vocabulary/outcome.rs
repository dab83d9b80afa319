//! Outcomes: the ends of attempts.

/// Attributes of an outcome.
struct OutcomeRow {
    /// Name of the column in `intervals.csv` and of the outcome in the reference.
    name: &'static str,
    /// Name of the figure in `summary.json`.
    figure: &'static str,
    /// Rank among the figures `attempts.*` of `summary.json`, from 0.
    rank: u8,
    /// Class of the outcome in error rates.
    class: Class,
    /// Layer in stacked charts of errors, from 0, the lowest.
    layer: Option<u8>,
    /// HTTP status; `None` if the attempt was not sent or does not count. 499 is what a server logs when its client left.
    status: Option<u16>,
    /// Name on a chart, status first.
    label: &'static str,
    /// Phrase for the attempts with this outcome, for sentences.
    phrase: &'static str,
    /// Name of the happening in a trace; on charts `attempts` stands before it.
    happening: &'static str,
    /// Reason in a trace; empty if the status is reason enough.
    reason: &'static str,
}

/// The class of an outcome in error rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The outcome is no error.
    Success,
    /// The outcome is an error.
    Error,
    /// The outcome is an error of the caller: no attempt was sent, so it does not count for any pool.
    NotSent,
    /// The outcome counts in no error rate, since another copy of the attempt decided.
    Void,
}

use Class::{Error, NotSent, Success, Void};

table! {
    /// End of an attempt. The order is that of the columns in `intervals.csv`.
    Outcome, OutcomeRow;
    /// A reply reached the client in time.
    Served {
        name: "served", figure: "attempts.served", rank: 0, class: Success, layer: None, status: Some(200),
        label: "200 served", phrase: "replies in time (200)", happening: "served", reason: "",
    }
    /// The queue was full, the pool had no server for the attempt, or a call that the attempt made was turned away or kept back.
    Rejected {
        name: "rejected", figure: "attempts.rejected", rank: 1, class: Error, layer: Some(1), status: Some(503),
        label: "503 queue full", phrase: "full queues (503)", happening: "rejected", reason: "the queue was full or there was no server",
    }
    /// A protection of the pool shed the attempt.
    Shed {
        name: "shed", figure: "attempts.shed", rank: 5, class: Error, layer: Some(4), status: Some(503),
        label: "503 shed", phrase: "attempts turned away by a protection (503)",
        happening: "shed", reason: "a protection turned it away",
    }
    /// A rate limit turned the attempt away.
    Limited {
        name: "limited", figure: "attempts.limited", rank: 6, class: Error, layer: Some(5), status: Some(429),
        label: "429 limited", phrase: "rate limits (429)", happening: "limited", reason: "a rate limit turned it away",
    }
    /// A timer of the pool expired, while the attempt was queued or in service, or a call that the attempt made timed out.
    TimedOut {
        name: "timed_out", figure: "attempts.timed_out", rank: 2, class: Error, layer: Some(0), status: Some(504),
        label: "504 timed out", phrase: "timeouts of pools (504)",
        happening: "timed out", reason: "a timer of the pool expired",
    }
    /// The app's timer or the human's patience ended before a reply came.
    Abandoned {
        name: "abandoned", figure: "attempts.abandoned", rank: 3, class: Error, layer: Some(2), status: Some(499),
        label: "499 abandoned", phrase: "clients that gave up waiting (499)",
        happening: "abandoned", reason: "the client left",
    }
    /// The attempt failed at the pool: by `failure` or `failures`, because its server was `down` or crashed, or because
    /// a call that it made failed.
    Failed {
        name: "failed", figure: "attempts.failed", rank: 4, class: Error, layer: Some(3), status: Some(500),
        label: "500 failed", phrase: "server failures (500)", happening: "failed", reason: "",
    }
    /// The client's own breaker or throttle did not send the attempt.
    Refused {
        name: "refused", figure: "attempts.refused", rank: 7, class: NotSent, layer: Some(6), status: None,
        label: "refused by the client", phrase: "attempts that clients kept back",
        happening: "refused", reason: "the client's breaker or throttle kept it back",
    }
    /// The client cancelled the attempt, since another copy of its try was served before. A cancelled attempt is in no
    /// error rate.
    Cancelled {
        name: "cancelled", figure: "attempts.cancelled", rank: 8, class: Void, layer: None, status: None,
        label: "cancelled by the client", phrase: "attempts of which another copy was served",
        happening: "cancelled", reason: "another copy was served before",
    }
}

impl Outcome {
    /// The name of the column in `intervals.csv` and of the outcome in the reference.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// Name of the figure in `summary.json`.
    pub(super) const fn figure(self) -> &'static str {
        self.row().figure
    }

    /// Rank among the figures `attempts.*` of `summary.json`, from 0.
    pub(super) const fn rank(self) -> usize {
        self.row().rank as usize
    }

    /// The class of the outcome in error rates.
    pub const fn class(self) -> Class {
        self.row().class
    }

    /// Whether the outcome is an error.
    pub const fn is_error(self) -> bool {
        !matches!(self.class(), Success | Void)
    }

    /// Whether the outcome counts among the ends of error rates.
    pub const fn is_counted(self) -> bool {
        !matches!(self.class(), Void)
    }

    /// The HTTP status; `None` if no reply was sent.
    pub const fn status(self) -> Option<u16> {
        self.row().status
    }

    /// Name on a chart, status first.
    pub const fn label(self) -> &'static str {
        self.row().label
    }

    /// The phrase for the attempts with this outcome, for sentences.
    pub const fn phrase(self) -> &'static str {
        self.row().phrase
    }

    /// Name of the happening in a trace.
    pub const fn happening(self) -> &'static str {
        self.row().happening
    }

    /// The note beside the name in a trace: status and reason. `by_call` says whether a call that the attempt made is the reason.
    pub fn note(self, by_call: bool) -> String {
        let status = self.status().map(|status| status.to_string());
        let reason = if by_call { "a call failed" } else { self.row().reason };
        let parts = [status.as_deref().unwrap_or_default(), reason];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
    }

    /// The outcomes that are errors, in the order in which charts stack them, lowest first.
    pub fn errors() -> Vec<Outcome> {
        let mut errors: Vec<Outcome> = Outcome::ALL.iter().copied().filter(|outcome| outcome.is_error()).collect();
        errors.sort_by_key(|outcome| outcome.row().layer);
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_one_byte_and_its_names_agree() {
        assert_eq!(size_of::<Outcome>(), 1);
        for outcome in Outcome::ALL {
            let name = outcome.name();
            assert_eq!(outcome.figure(), format!("attempts.{name}"));
            assert_eq!(outcome.happening(), name.replace('_', " "));
            if let Some(status) = outcome.status().map(|status| status.to_string()) {
                assert!(outcome.label().starts_with(&status), "{name}");
                assert!(outcome.phrase().ends_with(&format!("({status})")), "{name}");
                assert!(outcome.note(false).starts_with(&status), "{name}");
            }
        }
    }

    #[test]
    fn ranks_and_layers_are_permutations() {
        let mut ranks: Vec<u8> = Outcome::ALL.iter().map(|outcome| outcome.row().rank).collect();
        ranks.sort_unstable();
        assert!(ranks.into_iter().eq(0..Outcome::COUNT as u8));
        let layers: Vec<Option<u8>> = Outcome::errors().iter().map(|outcome| outcome.row().layer).collect();
        assert!(layers.into_iter().eq((0..Outcome::errors().len() as u8).map(Some)));
    }
}
