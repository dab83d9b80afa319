//! Happenings: the events in the life of a viewer, for probes and traces.

use super::outcome::Outcome;
use crate::units::Time;

/// Attributes of a happening.
struct HappeningRow {
    /// Name in a trace.
    name: &'static str,
    /// Subject of the happening.
    about: Subject,
    /// Note beside the name in a trace; empty if the name and the fields suffice.
    note: &'static str,
    /// Text in the reference: the doc comment.
    meaning: &'static str,
}

/// The subject of a happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The viewer.
    Viewer,
    /// The viewer's present request.
    Request,
    /// The present attempt of the request.
    Attempt,
    /// The viewer's stream.
    Stream,
    /// A call between pools, made for the viewer.
    Call,
}

impl Subject {
    /// The word for the subject in a trace.
    pub fn word(self) -> &'static str {
        match self {
            Subject::Viewer => "viewer",
            Subject::Request => "request",
            Subject::Attempt => "attempt",
            Subject::Stream => "stream",
            Subject::Call => "call",
        }
    }
}

/// Declares the happenings, each with its fields and a row of attributes.
macro_rules! happenings {
    ($(
        $(#[doc = $meaning:literal])+
        $variant:ident $({ $($(#[doc = $of:literal])+ $field:ident: $kind:ty),+ })? =>
        { name: $name:literal, about: $about:ident, note: $note:literal }
    )+) => {
        /// An event in the life of a viewer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Happening {
            $( $(#[doc = $meaning])+ $variant $({ $( $(#[doc = $of])+ $field: $kind ),+ })?, )+
            /// An attempt ended, and the client saw the outcome. If the client itself ended the attempt, the end of its
            /// timer or patience is reported instead.
            Ended {
                /// The outcome.
                outcome: Outcome,
                /// Whether the attempt failed because of a call that it made.
                by_call: bool,
            },
        }

        /// The happenings of the table, in its order.
        static ROWS: &[HappeningRow] = &[$( HappeningRow {
            name: $name,
            about: Subject::$about,
            note: $note,
            meaning: concat!($($meaning),+).trim_ascii_start(),
        } ),+];

        impl Happening {
            /// The attributes; `Err` with the outcome of an attempt that ended.
            fn row(self) -> Result<&'static HappeningRow, Outcome> {
                #[repr(usize)]
                enum Index { $($variant),+ }
                match self {
                    $( Happening::$variant $({ $($field: _),+ })? => Ok(&ROWS[Index::$variant as usize]), )+
                    Happening::Ended { outcome, .. } => Err(outcome),
                }
            }
        }
    };
}

happenings! {
    /// The viewer arrived.
    Arrived => { name: "arrived", about: Viewer, note: "" }
    /// The viewer was in a stream when the window opened.
    AlreadyInside => { name: "already inside", about: Viewer, note: "in mid-stream when the window opened" }
    /// The viewer made a request.
    RequestBegan {
        /// Index of the request.
        request: usize
    } => { name: "request", about: Request, note: "" }
    /// The app sent an attempt.
    Sent {
        /// Index of the pool.
        pool: usize,
        /// Number of the attempt within the request, from 1.
        attempt: u16
    } => { name: "sent", about: Attempt, note: "" }
    /// The app sent a hedged copy of the attempt.
    Hedged {
        /// Index of the pool.
        pool: usize,
        /// Number of the copy, from 1.
        copy: u16
    } => { name: "hedged", about: Attempt, note: "" }
    /// The attempt joined the queue of its pool, or of the server that is named.
    Queued {
        /// Number of the server; `None` where the pool has one queue.
        server: Option<u32>
    } => { name: "queued", about: Attempt, note: "" }
    /// Service of the attempt began, at the server that is named where servers are individuals.
    ServiceBegan {
        /// Number of the server; `None` where servers are interchangeable.
        server: Option<u32>
    } => { name: "in service", about: Attempt, note: "" }
    /// The attempt was lost on its way to the pool.
    Lost => { name: "lost", about: Attempt, note: "the client's timer goes on" }
    /// The reply to the attempt was lost on its way to the client.
    ReplyLost => { name: "reply lost", about: Attempt, note: "the client's timer goes on" }
    /// The app's timer ended, and the app abandoned the attempt.
    AppTimerEnded => { name: "abandoned", about: Attempt, note: "499: the app's timer ended" }
    /// The human's patience ended, and with it the request and the attempt under way, if there was one.
    PatienceEnded => { name: "abandoned", about: Request, note: "499: the human's patience ended" }
    /// The request failed, and the viewer was shown an error page.
    ErrorPage => { name: "error page", about: Request, note: "" }
    /// The request failed, and the viewer went on without it.
    Skipped => { name: "skipped", about: Request, note: "the request is optional" }
    /// The app will send another attempt.
    RetryAt {
        /// When.
        at: Time
    } => { name: "will retry", about: Request, note: "" }
    /// The client's budget forbade another attempt, or a hedged copy.
    RetryDenied => { name: "retry denied", about: Request, note: "the budget is used up" }
    /// The human will make the request anew.
    RefreshAt {
        /// When.
        at: Time
    } => { name: "will refresh", about: Request, note: "" }
    /// The viewer waits for a moment.
    Waits {
        /// Until when.
        until: Time
    } => { name: "waits", about: Viewer, note: "" }
    /// The viewer pauses between two steps.
    Thinks {
        /// Until when.
        until: Time
    } => { name: "thinks", about: Viewer, note: "" }
    /// The viewer entered a waiting room.
    EnteredRoom {
        /// Index of the room.
        room: usize
    } => { name: "entered", about: Viewer, note: "" }
    /// The waiting room admitted the viewer.
    Admitted => { name: "admitted", about: Viewer, note: "the waiting room lets the viewer in" }
    /// The viewer left the waiting room before being admitted.
    LeftRoom => { name: "left the room", about: Viewer, note: "the human's patience ended" }
    /// The viewer began another round of the journey.
    BeganRound => { name: "next round", about: Viewer, note: "the journey repeats" }
    /// A pool sent an attempt of a call to another pool.
    CallSent {
        /// Index of the pool that calls.
        from: usize,
        /// Index of the pool that is called.
        to: usize,
        /// Number of the attempt within the call, from 1.
        attempt: u16
    } => { name: "call sent", about: Call, note: "" }
    /// A pool sent a hedged copy of an attempt of a call.
    CallHedged {
        /// Index of the pool that calls.
        from: usize,
        /// Index of the pool that is called.
        to: usize,
        /// Number of the copy, from 1.
        copy: u16
    } => { name: "call hedged", about: Call, note: "" }
    /// An attempt of a call ended, and the caller saw the outcome.
    CallEnded {
        /// Index of the pool that was called.
        at: usize,
        /// The outcome.
        outcome: Outcome,
        /// Whether the attempt failed because of a call that it made itself.
        by_call: bool
    } => { name: "call ended", about: Call, note: "" }
    /// The caller's timer ended, and the caller abandoned the attempt of a call.
    CallTimerEnded => { name: "call abandoned", about: Call, note: "499: the caller's timer ended" }
    /// The caller will send another attempt of a call.
    CallRetryAt {
        /// When.
        at: Time
    } => { name: "call will retry", about: Call, note: "" }
    /// The caller's budget forbade another attempt of a call, or a hedged copy.
    CallRetryDenied => { name: "call retry denied", about: Call, note: "the budget is used up" }
    /// A call was not made because of a hit in a cache.
    CacheHit {
        /// Index of the pool that has the cache.
        from: usize,
        /// Index of the pool that was not called.
        to: usize
    } => { name: "cache hit", about: Call, note: "" }
    /// The attempt that made a call was aborted, and abandoned the call.
    CallLeft => { name: "call left", about: Call, note: "the caller's work was broken off" }
    /// A stream began.
    StreamBegan {
        /// When it ends if it never stalls.
        until: Time
    } => { name: "stream began", about: Stream, note: "" }
    /// The stream ended.
    StreamEnded => { name: "stream ended", about: Stream, note: "" }
    /// The viewer left the stream because it stalled for too long.
    StallLeft => { name: "left the stream", about: Stream, note: "too much stalling" }
    /// The viewer gave up.
    GaveUp => { name: "gave up", about: Viewer, note: "" }
    /// The viewer came back after giving up.
    CameBack => { name: "came back", about: Viewer, note: "" }
    /// The viewer did the last step of the journey.
    Watched => { name: "watched", about: Viewer, note: "the last step is done" }
}

impl Happening {
    /// The name in a trace.
    pub fn name(self) -> &'static str {
        self.row().map_or_else(Outcome::happening, |row| row.name)
    }

    /// The subject of the happening.
    pub fn about(self) -> Subject {
        self.row().map_or(Subject::Attempt, |row| row.about)
    }

    /// The note beside the name in a trace, without the values of the fields.
    pub fn note(self) -> String {
        match self {
            Happening::Ended { outcome, by_call } => outcome.note(by_call),
            _ => self.row().map_or_else(|outcome| outcome.note(false), |row| row.note.to_owned()),
        }
    }

    /// The names in traces, each with its subject and its meaning, for the reference. An outcome that timers report
    /// under its name has no line of its own.
    pub fn table() -> Vec<(&'static str, Subject, String)> {
        let own = ROWS.iter().map(|row| (row.name, row.about, row.meaning.to_owned()));
        let told = |outcome: &&Outcome| ROWS.iter().all(|row| row.name != outcome.happening());
        let ended = Outcome::ALL.iter().filter(told).map(|outcome| {
            (outcome.happening(), Subject::Attempt, format!("The attempt ended as `{}`.", outcome.name()))
        });
        own.chain(ended).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_happening_has_the_attributes_of_its_row() {
        let sent = Happening::Sent { pool: 0, attempt: 1 };
        assert_eq!((sent.name(), sent.about(), sent.note().as_str()), ("sent", Subject::Attempt, ""));
        assert_eq!(Happening::StallLeft.note(), "too much stalling");
        assert_eq!(Happening::Watched.name(), ROWS.last().unwrap().name);
    }

    #[test]
    fn each_outcome_has_a_happening_of_its_own_name() {
        for outcome in Outcome::ALL {
            assert_eq!(Happening::Ended { outcome: *outcome, by_call: false }.name(), outcome.happening());
        }
        let note = |outcome, by_call| Happening::Ended { outcome, by_call }.note();
        assert_eq!(note(Outcome::Rejected, false), "503: the queue was full or there was no server");
        assert_eq!(note(Outcome::Rejected, true), "503: a call failed");
        assert_eq!(note(Outcome::Served, false), "200");
    }

    /// Two timers of the client end an attempt as abandoned, and a trace gives the reason beside the name.
    #[test]
    fn only_the_name_abandoned_occurs_more_than_once_in_traces() {
        let names: Vec<&str> = Happening::table().into_iter().map(|(name, ..)| name).collect();
        for name in &names {
            let expected = if *name == Outcome::Abandoned.happening() { 2 } else { 1 };
            assert_eq!(names.iter().filter(|other| *other == name).count(), expected, "{name}");
        }
    }
}
