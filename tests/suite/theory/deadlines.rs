//! Propagated deadlines: what nobody waits for any more is not begun, at the pool asked and at those behind it.

use dropstorm::analysis;
use dropstorm::engine::{self, Probe, Who};
use dropstorm::units::Time;
use dropstorm::vocabulary::{Figure, Happening, Path, RowKind};

use super::intervals::{each, model, seed, window};

/// Ten viewers who ask at once, and whose apps wait for 4 s; a pool of one slot that takes 3 s and goes on with what was abandoned,
/// asked directly or through a gateway.
fn text(propagate: bool, through_gateway: bool) -> String {
    let gateway = "[pool.gateway]\nservers = 1\nconcurrency = 'unlimited'\nservice = '0 s'\non_abandon = 'keep'\n\
                   calls = [{ pool = 'api' }]\n";
    let (first, gateway) = if through_gateway { ("gateway", gateway) } else { ("api", "") };
    let rest = format!(
        "[audience.all]\nviewers = 10\narrival = '0 s'\njourney = 'ask'\nclient = 'app'\n\
         [journey.ask]\nsteps = [{{ request = '{first}' }}]\n\
         [client.app]\ntimeout = '4 s'\npropagate_deadline = {propagate}\n{gateway}\
         [pool.api]\nservers = 1\nservice = '3 s'\non_abandon = 'keep'\n"
    );
    window(40, 1, &rest)
}

/// Seconds in which the pool behind is busy, and its share of work in vain.
fn busy(propagate: bool, through_gateway: bool) -> (f64, f64) {
    let runs = each(&text(propagate, through_gateway), 1, |run| {
        let pool = |name: &str| {
            let figure = Figure::named_within(RowKind::Pool, name).unwrap();
            analysis::figure(run, Path { figure, kind: RowKind::Pool, index: usize::from(through_gateway) })
        };
        (pool("utilization") * 40.0, pool("wasted_share"))
    });
    runs[0]
}

/// By hand: the slot takes one attempt at 0 s, which is served, and one at 3 s, which goes on to 6 s in vain; at 4 s the others are
/// dropped. Without a deadline all ten are worked on, nine of them in vain.
#[test]
fn work_whose_client_has_timed_out_is_not_begun_at_the_pool_nor_at_those_behind_it() {
    for through_gateway in [false, true] {
        let same = |found: (f64, f64), (seconds, wasted): (f64, f64)| {
            assert!((found.0 - seconds).abs() < 1e-6 && (found.1 - wasted).abs() < 1e-6, "{found:?}");
        };
        same(busy(true, through_gateway), (6.0, if through_gateway { 0.0 } else { 0.5 }));
        same(busy(false, through_gateway), (30.0, if through_gateway { 0.0 } else { 0.9 }));
    }
}

/// A probe that keeps what happens to one viewer: when in seconds, and what.
#[derive(Default)]
struct Log(Vec<(f64, String)>);

impl Probe for Log {
    const ENABLED: bool = true;

    fn happened(&mut self, now: Time, who: Who, what: Happening) {
        let name = match what {
            Happening::CallEnded { outcome, .. } => format!("call {}", outcome.name()),
            _ => what.name().to_owned(),
        };
        if who.ordinal == 5 {
            self.0.push((now.since(Time::START).seconds(), name));
        }
    }
}

#[test]
fn a_call_carries_the_deadline_of_its_caller_and_is_answered_at_it() {
    for propagate in [true, false] {
        let mut log = Log::default();
        engine::run_with(&model(&text(propagate, true)), seed(0), &mut log);
        let told: Vec<_> = log.0.iter().map(|(at, name)| (*at, name.as_str())).collect();
        let told: Vec<_> =
            told.into_iter().filter(|(_, name)| name.starts_with("call") || *name == "abandoned").collect();
        let begin = [(0.0, "call sent"), (4.0, "abandoned")];
        assert_eq!(told[..2], begin);
        match propagate {
            true => assert_eq!(told[2..], [(4.0, "call timed_out")]),
            false => assert!(matches!(told[2..], [(at, "call served")] if at > 4.0), "{told:?}"),
        }
    }
}
