//! Journeys: where viewers go after a step, rounds, and moments at which waits and streams end.

use dropstorm::engine::{self, Probe, Seed, Who};
use dropstorm::measure::{Measurements, Stopped};
use dropstorm::model::{Model, estimate};
use dropstorm::scenario::Scenario;
use dropstorm::units::Time;
use dropstorm::vocabulary::Happening;

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
