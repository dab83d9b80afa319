//! The trace worked by hand: three viewers, one server and a dozen events, as in the reference.

use dropstorm::analysis::figures_of;
use dropstorm::engine::{self, Probe, Seed, Who};
use dropstorm::measure::Scope;
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::units::Time;
use dropstorm::vocabulary::{Column, Happening, Outcome};

const THREE_VIEWERS: &str = include_str!("../scenarios/three-viewers.toml");

/// A probe that records each happening with its viewer.
#[derive(Default)]
struct Log(Vec<(u64, Who, Happening)>);

impl Probe for Log {
    const ENABLED: bool = true;
    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        self.0.push((now.0 / 1_000_000_000, who, what));
    }
}

/// The end of an attempt, by its pool and not by a call.
fn ended(outcome: Outcome) -> Happening {
    Happening::Ended { outcome, by_call: false }
}

fn s(seconds: u64) -> Time {
    Time(seconds * 1_000_000_000)
}

#[test]
fn three_viewers_at_one_server_go_as_worked_out_by_hand() {
    use Happening::*;
    let model = Model::compile(&Scenario::parse("three-viewers.toml", THREE_VIEWERS).unwrap());
    let mut log = Log::default();
    let run = engine::run_with(&model, Seed { seed: 1, replication: 0 }, &mut log);
    let (ann, bob, cid) = (0, 1, 2);
    let expected = [
        (0, ann, Arrived),
        (0, ann, RequestBegan { request: 0 }),
        (0, ann, Sent { pool: 0, attempt: 1 }),
        (0, ann, ServiceBegan { server: None }),
        (1, bob, Arrived),
        (1, bob, RequestBegan { request: 0 }),
        (1, bob, Sent { pool: 0, attempt: 1 }),
        (1, bob, Queued { server: None }),
        (2, cid, Arrived),
        (2, cid, RequestBegan { request: 0 }),
        (2, cid, Sent { pool: 0, attempt: 1 }),
        (2, cid, ended(Outcome::Rejected)),
        (2, cid, RetryAt { at: s(4) }),
        // At 4 s Ann's service ends, Bob's queue timer ends and Cid's pause ends. Completions come first: Bob is served.
        (4, bob, ServiceBegan { server: None }),
        (4, ann, ended(Outcome::Served)),
        (4, ann, StreamBegan { until: s(9) }),
        (4, cid, Sent { pool: 0, attempt: 2 }),
        (4, cid, Queued { server: None }),
        (7, cid, ended(Outcome::TimedOut)),
        (7, cid, ErrorPage),
        (7, cid, GaveUp),
        (8, bob, ended(Outcome::Served)),
        (8, bob, StreamBegan { until: s(13) }),
        (9, ann, StreamEnded),
        (9, ann, Watched),
    ];
    assert_eq!(log.0.into_iter().map(|(at, who, what)| (at, who.cohort, what)).collect::<Vec<_>>(), expected);

    let figures = figures_of(&[run]);
    let all = figures.scope(Scope::default()).unwrap();
    let total = |column| figures.series(all, column).sum::<f64>();
    assert_eq!(total(Column::Attempts), 4.0);
    assert_eq!(
        (total(Outcome::Served.column()), total(Outcome::Rejected.column()), total(Outcome::TimedOut.column())),
        (2.0, 1.0, 1.0)
    );
    assert_eq!(figures.summary("viewers.streaming").unwrap().mean, 1.0);
    assert_eq!(figures.summary("viewers.watched").unwrap().mean, 1.0);
    assert_eq!(figures.summary("viewers.gave_up").unwrap().mean, 1.0);
    // Bob waits 3 s, Cid's first attempt does not wait and the second waits 3 s. Ann does not wait.
    assert_eq!(figures.summary("waited_share").unwrap().mean, 2.0 / 3.0);
    assert_eq!(figures.summary("wait_ms.mean").unwrap().mean, 2000.0);
    // The server is busy from 0 to 8 s of 12 s.
    let busy: f64 = figures.series(figures.scope(Scope::pool(0)).unwrap(), Column::Utilization).sum();
    assert!((busy / figures.intervals as f64 - 8.0 / 12.0).abs() < 1e-12);
}

/// Three viewers who arrive at one instant arrive one after the other: everything that the instant holds for the first
/// happens before the second arrives.
#[test]
fn those_who_come_at_once_come_in_order() {
    use Happening::*;
    let text = "title = \"Three at once\"\nstart = 2020-04-03T09:00:00Z\ndrop = 2020-04-03T09:00:00Z\nend = 2020-04-03T09:01:00Z\n\
        [audience.fans]\nviewers = 3\narrival = \"10 s\"\njourney = \"watch\"\n\
        [journey.watch]\nsteps = [{ think = \"0 s\" }, { request = \"gateway\" }, { stream = \"5 s\" }]\n\
        [pool.gateway]\nservers = 1\nservice = \"1 s\"\nqueue = { shared = { limit = 1 } }\n";
    let model = Model::compile(&Scenario::parse("at-once.toml", text).unwrap());
    let mut log = Log::default();
    engine::run_with(&model, Seed { seed: 1, replication: 0 }, &mut log);
    let at_ten: Vec<_> =
        log.0.into_iter().filter(|entry| entry.0 == 10).map(|(_, who, what)| (who.ordinal, what)).collect();
    let (began, sent) = (RequestBegan { request: 0 }, Sent { pool: 0, attempt: 1 });
    let mut expected = Vec::new();
    for (viewer, ends) in [
        vec![ServiceBegan { server: None }],
        vec![Queued { server: None }],
        vec![ended(Outcome::Rejected), ErrorPage, GaveUp],
    ]
    .into_iter()
    .enumerate()
    {
        let steps = [Arrived, Thinks { until: s(10) }, began, sent].into_iter().chain(ends);
        expected.extend(steps.map(|what| (viewer as u32, what)));
    }
    assert_eq!(at_ten, expected);
}
