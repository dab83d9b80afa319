//! Journeys: where viewers go after a step, rounds, and moments at which waits and streams end.

use dropstorm::analysis::figures_of;
use dropstorm::engine::{self, Probe, Seed, Who};
use dropstorm::measure::{Measurements, Stopped};
use dropstorm::model::{Model, estimate};
use dropstorm::scenario::Scenario;
use dropstorm::units::Time;
use dropstorm::vocabulary::{Column, Happening};

/// What happened to whom, with the second.
#[derive(Default)]
struct Log(Vec<(f64, Who, Happening)>);

impl Probe for Log {
    const ENABLED: bool = true;
    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        self.0.push((now.seconds(), who, what));
    }
}

impl Log {
    /// The seconds at which something happened.
    fn seconds(&self, what: impl Fn(Happening) -> bool) -> Vec<f64> {
        self.0.iter().filter(|(.., happened)| what(*happened)).map(|(at, ..)| *at).collect()
    }
}

/// A run of ten minutes around a drop after one minute, with these tables.
fn run(tables: &str) -> (Measurements, Log) {
    let model = model(tables);
    let mut log = Log::default();
    (engine::run_with(&model, Seed { seed: 1, replication: 0 }, &mut log), log)
}

fn model(tables: &str) -> Model {
    let text = format!(
        "title = \"Journeys\"\nstart = 2026-01-09T08:59:00Z\ndrop = 2026-01-09T09:00:00Z\n\
         end = 2026-01-09T09:09:00Z\n{tables}"
    );
    Model::compile(&Scenario::parse("journeys.toml", &text).unwrap_or_else(|errors| panic!("{errors}\n{text}")))
}

const CROWD: &str = "[audience.crowd]\nviewers = 100\narrival = { uniform = { low = \"0 s\", high = \"60 s\" } }\n\
                     journey = \"j\"\n";

#[test]
fn a_stream_ends_at_its_moment_for_everybody_who_has_not_left_before() {
    let tables = format!(
        "{CROWD}[journey.j]\nsteps = [{{ stream = {{ exponential = {{ mean = \"5 min\" }} }}, until = \"+4 min\" }}]"
    );
    let (run, log) = run(&tables);
    assert_eq!((run.stopped, run.ledger.watched), (None, 100));
    let ends = log.seconds(|what| what == Happening::StreamEnded);
    // The drop is at 60 s. Half or so have left by then.
    let at_the_whistle = ends.iter().filter(|at| **at == 300.0).count();
    assert!(ends.iter().all(|at| *at <= 300.0) && (40..70).contains(&at_the_whistle), "{at_the_whistle}");
    // With a spread nobody leaves at once, and nobody before the whistle who would not have left anyway.
    let spread = tables
        .replace("until = \"+4 min\"", "until = \"+4 min\", spread = { uniform = { low = \"0 s\", high = \"30 s\" } }");
    let (_, log) = self::run(&spread);
    let later = log.seconds(|what| what == Happening::StreamEnded);
    assert_eq!(later.iter().filter(|at| **at < 300.0).count(), 100 - at_the_whistle);
    assert!(later.iter().all(|at| *at < 330.0) && later.iter().filter(|at| **at == 300.0).count() == 0);
}

#[test]
fn a_stream_that_stalls_ends_at_its_moment_all_the_same() {
    let tables = format!(
        "[region.world]\nlink = {{ capacity = \"50 Mbps\" }}\n[delivery]\nladder = [\"1 Mbps\"]\n\
         {CROWD}[journey.j]\nsteps = [{{ stream = \"3 min\", until = \"+4 min\" }}]"
    );
    let (run, log) = run(&tables);
    let ends = log.seconds(|what| what == Happening::StreamEnded);
    assert_eq!((run.stopped, ends.len()), (None, 100));
    // A hundred streams share what fifty need, so that none that begins within the minute has played 3 min by then.
    assert!(ends.iter().all(|at| *at == 300.0), "{ends:?}");
}

#[test]
fn a_wait_lasts_until_its_moment_and_no_time_after_that() {
    let tables = format!("{CROWD}[journey.j]\nsteps = [{{ wait = {{ until = \"+30 s\" }} }}, {{ think = \"1 s\" }}]");
    let (run, log) = run(&tables);
    assert_eq!(run.ledger.watched, 100);
    let (arrived, thinks) =
        (log.seconds(|what| what == Happening::Arrived), |what| matches!(what, Happening::Thinks { .. }));
    let expected = arrived.iter().map(|at| at.max(90.0));
    let mut thought = log.seconds(thinks);
    let mut expected: Vec<f64> = expected.collect();
    expected.sort_by(f64::total_cmp);
    thought.sort_by(f64::total_cmp);
    assert_eq!(thought, expected);
}

#[test]
fn rounds_are_counted_and_begin_by_their_pacing_also_after_a_skipped_failure() {
    let tables = "[audience.one]\nviewers = 1\narrival = \"0 s\"\njourney = \"j\"\n\
                  [journey.j]\nsteps = [{ request = \"api\", optional = true }, { think = \"5 s\" }]\n\
                  repeat = { times = 3, pacing = \"20 s\" }\n\
                  [pool.api]\nservers = 1\nservice = \"1 s\"\nfailure = 1.0";
    let (measured, log) = run(tables);
    let rounds = log.seconds(|what| what == Happening::BeganRound);
    assert_eq!(rounds, [80.0, 100.0]);
    assert_eq!((measured.ledger.sent, measured.ledger.watched), (3, 1));
    // A round that takes longer than the pacing is followed at once.
    let (_, log) = run(&tables.replace("5 s", "30 s"));
    assert_eq!(log.seconds(|what| what == Happening::BeganRound), [91.0, 122.0]);
    // Without an end the viewer is inside at the end of the window.
    let (run, _) = run(&tables.replace("times = 3, ", ""));
    assert_eq!((run.stopped, run.ledger.sent, run.ledger.inside()), (None, 27, 1));
}

/// A wait takes no time once its moment is past, so that the viewer would go round without end.
#[test]
fn a_viewer_who_goes_round_in_no_time_ends_the_run() {
    let tables = "[audience.one]\nviewers = 1\narrival = \"0 s\"\njourney = \"j\"\n\
                  [journey.j]\nsteps = [\n\
                  { request = \"api\", optional = true },\n\
                  { wait = \"drop\", then = { name = \"api\", probability = 1.0 } }]\n\
                  [pool.api]\nservers = 1\nservice = \"1 s\"\nqueue = { shared = { limit = 0 } }\n\
                  [[change]]\nat = \"+1 min\"\nset = { \"pool.api.servers\" = 0 }";
    let (run, _) = run(tables);
    assert_eq!(run.stopped, Some(Stopped::EndlessLoop { journey: 0, step: 1 }));
    // Sixty requests before, and about a thousand at the instant.
    assert!((1_000..1_100).contains(&run.ledger.sent), "{}", run.ledger.sent);
    // A round ends with the last step.
    let rounds = tables.replace(", then = { name = \"api\", probability = 1.0 } }]", " }]\nrepeat = {}");
    assert_eq!(self::run(&rounds).0.stopped, Some(Stopped::EndlessLoop { journey: 0, step: 1 }));
}

#[test]
fn a_closed_loop_is_estimated_by_its_users_and_its_pacing() {
    let tables = "[audience.users]\nviewers = 200\narrival = \"0 s\"\njourney = \"j\"\n\
                  [journey.j]\nsteps = [{ request = \"api\" }, { think = { exponential = { mean = \"1 s\" } } }]\n\
                  repeat = { pacing = \"4 s\" }\n\
                  [pool.api]\nservers = 100\nservice = { exponential = { mean = \"50 ms\" } }";
    for tables in
        [tables.to_owned(), tables.replace("repeat = { pacing = \"4 s\" }", "repeat = { times = \"forever\" }")]
    {
        let load = estimate(&model(&tables));
        let (run, _) = run(&tables);
        let ratio = load.sent / run.ledger.sent as f64;
        assert!((0.5..2.0).contains(&ratio), "{} estimated, {} sent", load.sent, run.ledger.sent);
        assert!((0.9..1.1).contains(&(load.people / 200.0)), "{load:?}");
        let events = load.events / run.events as f64;
        assert!((0.33..3.0).contains(&events), "{} estimated, {} run", load.events, run.events);
    }
}

/// The seconds at which viewers were admitted, and how long each had waited.
fn admissions(log: &Log) -> Vec<(f64, f64)> {
    let entered = |of: Who| {
        let of = log.0.iter().filter(|(_, who, what)| *who == of && matches!(what, Happening::EnteredRoom { .. }));
        of.map(|(at, ..)| *at).next_back()
    };
    let admitted = log.0.iter().filter(|(.., what)| *what == Happening::Admitted);
    admitted.map(|(at, who, _)| (*at, at - entered(*who).unwrap())).collect()
}

const ROOM: &str = "[audience.crowd]\nviewers = 100\narrival = { uniform = { low = \"-50 s\", high = \"-10 s\" } }\n\
                    journey = \"j\"\n[journey.j]\nsteps = [{ enter = \"lobby\" }, { think = \"30 s\" }]\n\
                    [waiting_room.lobby]\nopens = \"-5 s\"\n";

#[test]
fn a_room_admits_at_its_rate_from_its_opening_on_and_in_the_order_of_arrival() {
    let (run, log) = run(&format!("{ROOM}admit = {{ rate = \"4/s\" }}"));
    let admitted = admissions(&log);
    let expected: Vec<f64> = (0..100).map(|k| 55.0 + f64::from(k) / 4.0).collect();
    assert_eq!(admitted.iter().map(|(at, _)| *at).collect::<Vec<_>>(), expected);
    let entered: Vec<f64> = admitted.iter().map(|(at, wait)| at - wait).collect();
    assert!(entered.is_sorted_by(|one, next| *next - *one > -1e-6), "{entered:?}");
    assert_eq!((run.ledger.watched, run.ledger.waiting), (100, 0));
    let figures = figures_of(&[run]);
    let sum = |column| figures.series(0, column).sum::<f64>();
    assert_eq!(sum(Column::Admitted), 100.0);
    // By Little's law the people in the room over time are their waits.
    let inside = sum(Column::WaitingRoomMean) * 10.0;
    let waits: f64 = admitted.iter().map(|(_, wait)| wait).sum();
    assert!((inside / waits - 1.0).abs() < 1e-6, "{inside} {waits}");
}

#[test]
fn a_room_admits_only_while_few_are_inside() {
    let (run, log) = run(&format!("{ROOM}admit = {{ inside = 20 }}"));
    let admitted: Vec<f64> = admissions(&log).into_iter().map(|(at, _)| at).collect();
    let expected: Vec<f64> = (0..100).map(|k| 55.0 + 30.0 * f64::from(k / 20)).collect();
    assert_eq!(admitted, expected);
    assert_eq!(run.ledger.watched, 100);
}

#[test]
fn a_lottery_is_among_those_who_came_before_the_opening() {
    let by_arrival = run(&format!("{ROOM}admit = {{ rate = \"4/s\" }}")).1;
    let tables = format!("{ROOM}admit = {{ rate = \"4/s\" }}\norder = \"lottery\"").replace("-10 s", "20 s");
    let (run, log) = run(&tables);
    let admitted = admissions(&log);
    let entered: Vec<f64> = admitted.iter().map(|(at, wait)| at - wait).collect();
    let before = entered.iter().take_while(|at| **at < 55.0).count();
    assert!((40..90).contains(&before) && entered[before..].iter().all(|at| *at >= 55.0 - 1e-9), "{entered:?}");
    assert!(!entered[..before].is_sorted() && entered[before..].is_sorted_by(|one, next| *next - *one > -1e-6));
    assert_eq!((run.ledger.watched, admissions(&by_arrival).len()), (100, 100));
}

#[test]
fn people_lose_patience_in_a_room_and_queue_anew_when_they_come_back() {
    let tables = format!(
        "{}admit = {{ inside = 1 }}\npatience = \"20 s\"\npoll = {{ request = \"api\", name = \"poll\", every = \"5 s\" }}\n\
         [client.app]\ncome_back = {{ probability = 1.0, delay = \"10 s\", attempts = 1 }}\n\
         [pool.api]\nservers = 1\nservice = \"1 ms\"",
        ROOM.replace("journey = \"j\"", "journey = \"j\"\nclient = \"app\"").replace("30 s", "10 min")
    );
    let (run, log) = run(&tables);
    let left = log.seconds(|what| what == Happening::LeftRoom);
    let entered = log.seconds(|what| matches!(what, Happening::EnteredRoom { .. }));
    let (admitted, errors) = (admissions(&log).len(), log.seconds(|what| what == Happening::ErrorPage).len());
    // One is inside to the end; all others leave, come back once, and leave again.
    assert_eq!((admitted, errors, entered.len(), left.len()), (1, 0, 199, 198));
    assert_eq!((run.ledger.gave_up, run.ledger.waiting), (99, 1));
    // Each stay of 20 s has three polls before its end, and a fourth at the instant of it that comes too late.
    let polls = run.ledger.sent as usize;
    assert!((3 * 198..=4 * 198 + 12).contains(&polls), "{polls}");
}
