//! Full pools, oldest attempts, whole requests and harm to people, worked out by hand.

use dropstorm::engine;
use dropstorm::measure::{Figures, Measurements, Scope};
use dropstorm::vocabulary::{Column, Harm, RowKind};

use super::intervals::{after_warm_up, check, each, figure, model, seed, window};

fn run(text: &str) -> (Measurements, Figures) {
    let run = engine::run(&model(text), seed(0));
    let figures = Figures::of(std::slice::from_ref(&run));
    (run, figures)
}

/// The values of a column in the rows of one kind, interval by interval; 0 stands for no value.
fn series(figures: &Figures, kind: RowKind, column: Column) -> Vec<f64> {
    let scope = figures.scopes.iter().position(|scope| scope.kind() == Some(kind)).unwrap();
    figures.series(scope, column).map(|value| if value.is_nan() { 0.0 } else { value }).collect()
}

/// People who all ask a desk at once, and the keys of its pool.
fn at_once(viewers: u32, desk: &str) -> String {
    format!(
        "[audience.crowd]\nviewers = {viewers}\narrival = '0 s'\njourney = 'ask'\n\
         [journey.ask]\nsteps = [{{ request = 'desk' }}]\n[pool.desk]\n{desk}"
    )
}

/// Three people ask one server at once. Service takes 2 s, so they wait 0, 2 and 4 s.
#[test]
fn waits_at_one_server_are_added_up_by_interval_and_person() {
    let harm = "[harm]\nwait = '3 s'\nrequests = ['desk']\n";
    let (run, figures) = run(&window(8, 1, &(harm.to_owned() + &at_once(3, "servers = 1\nservice = '2 s'"))));
    let pool = |column| series(&figures, RowKind::Pool, column);
    let all = |column| series(&figures, RowKind::All, column);
    assert_eq!(pool(Column::FullShare), [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(pool(Column::NoServerShare), [0.0; 8]);
    assert_eq!(pool(Column::QueueMax), [2.0, 2.0, 2.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    assert_eq!(pool(Column::ServiceMean), [0.0, 0.0, 2e3, 0.0, 2e3, 0.0, 2e3, 0.0]);
    assert_eq!(all(Column::InFlight), [3.0, 3.0, 2.0, 2.0, 1.0, 1.0, 0.0, 0.0]);
    assert_eq!(all(Column::OldestWait), [1e3, 2e3, 3e3, 4e3, 5e3, 6e3, 0.0, 0.0]);
    assert_eq!(all(Column::FirstTries), [3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    let request = |column| series(&figures, RowKind::Request, column);
    assert_eq!(request(Column::RequestsEnded), [0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
    assert_eq!(request(Column::RequestsWaited), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    assert_eq!(request(Column::TimeP99), [0.0, 0.0, 2e3, 0.0, 4e3, 0.0, 6e3, 0.0]);
    assert_eq!((run.people(None).present, run.people(None).harmed), (3, [0, 0, 1, 0, 0]));
    assert_eq!(run.people_of_requests, [(0, [0, 0, 1, 0, 0])]);
}

/// A request that is rejected at once and sent again twice, 6 s apart, waits for nothing but the pauses.
#[test]
fn pauses_before_retries_are_waiting_and_time_in_service_is_not() {
    let crowd = at_once(2, "servers = 1\nservice = '11 s'\nqueue = { shared = { limit = 0 } }");
    let crowd = crowd.replace("journey = 'ask'", "journey = 'ask'\nclient = 'app'");
    let app = "[client.app.retry]\nattempts = 3\nbackoff = { exponential = { base = '6 s', factor = 1 } }";
    let (run, figures) = run(&window(30, 30, &format!("{crowd}\n{app}")));
    // One is served for 11 s; the other is rejected at 0 s and at 6 s, and served from 12 s on, after 12 s of pauses.
    let request = |column| series(&figures, RowKind::Request, column)[0];
    assert_eq!([Column::RequestsEnded, Column::RequestsFailed, Column::RequestsWaited].map(request), [2.0, 0.0, 1.0]);
    assert!((request(Column::TimeP99) / 23e3 - 1.0).abs() < 0.005, "{}", request(Column::TimeP99));
    let all = |column| series(&figures, RowKind::All, column)[0];
    assert_eq!([Column::FirstTries, Column::Retries, Column::Refreshes].map(all), [2.0, 2.0, 0.0]);
    assert_eq!(run.people(None).harmed[Harm::Waited as usize], 1);
}

/// A person is rejected at 0 s and refreshes after 20 s, which is the whole wait for the first frame: the request then waits for nothing.
#[test]
fn a_pause_that_begins_before_the_measured_window_counts_where_it_goes_on_in_it() {
    let rest = r#"
        [audience.one]
        viewers = 1
        arrival = "0 s"
        journey = "watch"
        client = "app"
        [journey.watch]
        steps = [{ request = "play" }, { stream = "5 s" }]
        [client.app.refresh]
        probability = 1
        delay = "20 s"
        [pool.play]
        servers = 0
        service = "2 s"
        queue = { shared = { limit = 0 } }
        [[change]]
        at = "5 s"
        set = { "pool.play.servers" = 1 }"#;
    let waited = |measure: &str| {
        let (run, _) = run(&format!("measure = {{ {measure} }}\n{}", window(40, 1, rest)));
        run.people(None).harmed[Harm::Waited as usize]
    };
    let windows =
        ["until = '10 s'", "from = '10 s'", "from = '19 s'", "from = '21 s'", "from = '10 s', until = '15 s'"];
    assert_eq!(windows.map(waited), [1, 1, 1, 0, 1]);
}

/// Ten people watch for 100 s on a link that has room for a tenth, a quarter and then a hundredth of what they would have.
#[test]
fn stalled_and_degraded_time_on_a_small_link_harms_people() {
    let rest = |from: &str| {
        format!(
            r#"
        [measure]
        from = "{from}"
        [region.here]
        link = {{ capacity = "40 Mbps" }}
        [delivery]
        ladder = ["1000 kbps", "2000 kbps", "4000 kbps"]
        [audience.crowd]
        viewers = 10
        arrival = "0 s"
        journey = "watch"
        [journey.watch]
        steps = [{{ stream = "100 s" }}]
        [[change]]
        at = "+20 s"
        set = {{ "region.here.link.capacity" = "10 Mbps" }}
        [[change]]
        at = "+40 s"
        set = {{ "region.here.link.capacity" = "20 Mbps" }}
        [[change]]
        at = "+60 s"
        set = {{ "region.here.link.capacity" = "8 Mbps" }}
        [[change]]
        at = "+70 s"
        set = {{ "region.here.link.capacity" = "40 Mbps" }}"#
        )
    };
    let (all, figures) = run(&window(110, 10, &rest("0 s")));
    let here = |column| series(&figures, RowKind::Region, column);
    // At half of what a stream would have alone nobody is degraded, but the link is limited.
    assert_eq!(here(Column::LimitedShare), [0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(here(Column::PeakBitrate)[..10], [4e3; 10]);
    // Stalled for a fifth of 10 s, degraded for 30 s of the 102 s.
    assert_eq!(all.people(Some(0)).harmed, [0, 0, 0, 10, 10]);
    // From 40 s on degraded for 10 s of the 62 s; from 70 s on nothing is wrong.
    assert_eq!(run(&window(110, 10, &rest("40 s"))).0.people(None).harmed, [0, 0, 0, 10, 10]);
    assert_eq!(run(&window(110, 10, &rest("70 s"))).0.people(None).harmed, [0, 0, 0, 0, 0]);
    assert_eq!(run(&window(110, 10, &rest("70 s"))).0.people(None).present, 10);
}

/// M/M/1 at ρ = 0.8: the server is busy and somebody waits with probability ρ².
#[test]
fn a_pool_is_full_for_the_time_in_which_mm1_has_a_queue() {
    let rest = r#"
        [audience.crowd]
        rate = "80/s"
        journey = "ask"
        [journey.ask]
        steps = [{ request = "desk" }]
        [pool.desk]
        servers = 1
        service = { exponential = { mean = "10 ms" } }"#;
    let full = each(&after_warm_up(1_000, 20, rest), 8, |run| {
        let figures = Figures::of(std::slice::from_ref(run));
        let scope = figures.scope(Scope::pool(0)).unwrap();
        let measured = run.layout.measured.clone();
        let n = measured.len() as f64;
        measured.map(|interval| figures.value(interval, scope, Column::FullShare)).sum::<f64>() / n
    });
    check("full share of M/M/1", 0.64, &full, 0.05);
}

/// A pool without servers serves nobody: its capacity is 0, and it is never full.
#[test]
fn a_pool_without_servers_has_no_capacity_and_is_never_full() {
    let (run, figures) = run(&window(20, 10, &at_once(3, "servers = 0\nservice = '2 s'")));
    let pool = |column| series(&figures, RowKind::Pool, column);
    assert_eq!(pool(Column::NoServerShare), [1.0; 2]);
    assert_eq!(pool(Column::FullShare), [0.0; 2]);
    let scope = figures.scope(Scope::pool(0)).unwrap();
    assert!(figures.series(scope, Column::CapacityPerSecond).all(|value| value == 0.0));
    assert!(figures.series(scope, Column::Utilization).all(f64::is_nan));
    // Whoever still waits when the window closes has waited for 20 s.
    assert_eq!(run.people(None).harmed, [0, 0, 3, 0, 0]);
    assert_eq!(series(&figures, RowKind::All, Column::OldestWait), [1e4, 2e4]);
}

/// Ten people enter a room at once, which admits one a second. Five are let in within 4.5 s, when the others lose patience.
#[test]
fn a_waiting_room_counts_who_is_admitted_and_who_leaves() {
    let rest = r#"
        [audience.crowd]
        viewers = 10
        arrival = "0 s"
        journey = "queue"
        [journey.queue]
        steps = [{ enter = "lobby" }, { request = "desk" }]
        [waiting_room.lobby]
        admit = { rate = "1/s" }
        patience = "4500 ms"
        [pool.desk]
        servers = 9
        service = "1 ms""#;
    let (run, _) = run(&window(8, 1, rest));
    let of = |name: &str| figure(&run, &format!("waiting_room.{name}"));
    assert_eq!([of("admitted"), of("left"), of("most")], [5.0, 5.0, 9.0]);
    // Waits of 0, 1, 2, 3 and 4 s; a histogram is right to one part in a hundred.
    assert!(
        (of("wait_ms.p50") - 2_000.0).abs() < 20.0 && (of("wait_ms.p95") - 4_000.0).abs() < 40.0,
        "{}",
        of("wait_ms.p95")
    );
}
