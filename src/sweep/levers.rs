//! Levers: single changes of a scenario that operators can make, each as a scenario of its own.

use crate::model::Model;
use crate::model::warnings::requests_per_viewer;
use crate::scenario::spec::Spec;
use crate::scenario::{Scenario, offset};
use crate::units::Span;

/// A change of a scenario.
#[derive(Clone, Debug)]
pub struct Lever {
    /// What is changed, in words.
    pub name: String,
    /// What is changed, as a clause after "with".
    pub with: String,
    /// The scenario with the change.
    pub scenario: Scenario,
    /// Steps that are put into journeys: the path of the steps, and what is put where.
    pub steps: Vec<(String, String)>,
}

/// Settings by dotted path.
type Settings = Vec<(String, String)>;

/// Shares of additional servers that are tried, in percent.
const MORE: [u64; 3] = [25, 50, 100];
/// How much earlier operators act, in seconds.
const EARLIER_S: f64 = 600.0;
/// The time over which regions are released one after the other.
const STAGGER_S: f64 = 1800.0;

/// Ends of the paths of settings that make a pool fail, which nobody sets on purpose.
const OUTAGES: [&str; 3] = [".failure", ".failures", ".down"];

/// Share of what the bottlenecks can serve that a waiting room lets in.
const LET_IN: f64 = 0.9;
/// Name of that waiting room.
const ROOM: &str = "lobby";

/// The levers that a scenario has whose `pools` are its bottlenecks. A lever that changes nothing, or that the scenario does
/// not allow, is left out.
pub fn levers(scenario: &Scenario, pools: &[usize]) -> Vec<Lever> {
    let pools = pools.iter().filter_map(|pool| scenario.spec().pool.get_index(*pool));
    let pools: Vec<&str> = pools.map(|(name, _)| name.as_str()).collect();
    let (named, told) = (pools.join(", "), listed(&pools));
    let mut found: Vec<(String, String, Settings)> = Vec::new();
    for more in MORE {
        let with = match more {
            25 => format!("a quarter more servers in {told}"),
            50 => format!("half as many servers again in {told}"),
            100 => format!("twice the servers in {told}"),
            more => format!("{more}% more servers in {told}"),
        };
        found.push((format!("{named} servers +{more}%"), with, servers(scenario, &pools, more)));
    }
    let mut alike = |name: String, settings: Settings| found.push((name.clone(), name, settings));
    let (ahead, settings) = earlier(scenario);
    alike(format!("operators {ahead} earlier"), settings);
    alike("full jitter".to_owned(), jitter(scenario));
    alike("regions staggered over 30 min".to_owned(), stagger(scenario));
    let budgeted = "retry budget of 20% at an edge";
    found.push((budgeted.to_owned(), format!("a {budgeted}"), budget(scenario)));
    let timer = "queue timeout at half the patience";
    let with = format!("a {timer} in {told}");
    found.push(("queue timeout at half patience".to_owned(), with, queue_timeout(scenario, &pools)));
    let with = format!("a waiting room for 90% of what {told} can serve");
    found.push(("waiting room at 90% of capacity".to_owned(), with, room(scenario, &pools)));
    let tried = found.into_iter().filter(|(.., settings)| !settings.is_empty());
    let lever = |(name, with, settings): (String, String, Settings)| {
        let changed = scenario.with_all(&settings).ok()?;
        Some(Lever { name, with, steps: rooms(&changed, &settings), scenario: changed })
    };
    tried.filter_map(lever).collect()
}

/// Names as a person lists them: `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.join(", "),
    }
}

/// For each setting that puts a waiting room into a journey, before which step of the scenario that is.
fn rooms(changed: &Scenario, settings: &Settings) -> Vec<(String, String)> {
    let place = |path: &str| {
        let name = path.strip_prefix("journey.")?.strip_suffix(".steps")?;
        let steps = &changed.spec().journey.get(name)?.steps;
        let at = steps.iter().position(|step| step.enter.as_deref() == Some(ROOM))?;
        Some((path.to_owned(), format!("enter {ROOM} before step {}", at + 1)))
    };
    settings.iter().filter_map(|(path, _)| place(path)).collect()
}

/// More servers of some pools, also after each change of their number, and with the bounds of their autoscalers.
fn servers(scenario: &Scenario, pools: &[&str], more: u64) -> Settings {
    let raised = |servers: u64| (u128::from(servers) * u128::from(100 + more)).div_ceil(100).to_string();
    let mut settings = Settings::new();
    for name in pools {
        let path = format!("pool.{name}.servers");
        for (index, change) in scenario.spec().change.iter().enumerate() {
            if let Some(servers) = change.set.get(&path).and_then(serde_json::Value::as_u64) {
                settings.push((format!("change.{index}.set.{path}"), raised(servers)));
            }
        }
        let pool = &scenario.spec().pool[*name];
        settings.push((path, raised(pool.slots.servers)));
        if let Some(autoscale) = &pool.autoscale {
            // The fleet goes as far as its bounds, however many servers it begins with.
            settings.push((format!("pool.{name}.autoscale.at_least"), raised(autoscale.at_least)));
            settings.push((format!("pool.{name}.autoscale.at_most"), raised(autoscale.at_most)));
        }
    }
    settings
}

/// All changes that come after the drop ten minutes earlier, or so much that the first comes with the drop; and how much that is.
/// What triggers the trouble or makes a pool fail is nothing that operators do, and neither is what ends that.
fn earlier(scenario: &Scenario) -> (Span, Settings) {
    let (drop, spec) = (scenario.spec().drop, scenario.spec());
    let triggers = spec.trigger.iter().flatten();
    let triggers: Vec<usize> = triggers.filter_map(|path| path.strip_prefix("change.")?.parse().ok()).collect();
    let set = |path: &String| {
        triggers.iter().any(|index| spec.change.get(*index).is_some_and(|it| it.set.contains_key(path)))
    };
    let is_outage = |path: &String| OUTAGES.iter().any(|end| path.ends_with(end));
    let is_trigger = |index: &usize| {
        let paths = &spec.change[*index].set;
        triggers.contains(index) || (!paths.is_empty() && paths.keys().all(set)) || paths.keys().any(is_outage)
    };
    let changes = spec.change.iter().enumerate().map(|(index, change)| (index, offset(change.at, drop)));
    let late = changes.filter(|(index, at)| *at > Span::ZERO && !is_trigger(index));
    let late: Vec<(usize, f64)> = late.map(|(index, at)| (index, at.seconds())).collect();
    let ahead = late.iter().map(|(_, at)| *at).fold(EARLIER_S, f64::min);
    let moved = |(index, at): &(usize, f64)| (format!("change.{index}.at"), format!("+{} s", at - ahead));
    (Span::from_seconds(ahead), late.iter().map(moved).collect())
}

/// A budget for each client that retries without one, by the rule of Finagle and Linkerd with its defaults. An edge keeps it
/// for all apps of a region: with a budget of its own each app could still retry ten times a second.
fn budget(scenario: &Scenario) -> Settings {
    let clients = scenario.spec().client.iter().filter(|(_, client)| client.retry.is_some() && client.budget.is_none());
    let at_the_edge = |name: &String| {
        [
            (format!("client.{name}.budget"), "{ ratio = {} }".to_owned()),
            (format!("client.{name}.scope"), "region".to_owned()),
        ]
    };
    clients.flat_map(|(name, _)| at_the_edge(name)).collect()
}

/// Full jitter for each client that pauses before a retry.
fn jitter(scenario: &Scenario) -> Settings {
    let pauses = |path: &str| scenario.value(&format!("{path}.retry.backoff.exponential")).is_some();
    let has_full =
        |path: &str| scenario.value(&format!("{path}.retry.jitter")).is_some_and(|it| it.as_str() == Some("full"));
    let clients = scenario.spec().client.keys().map(|name| format!("client.{name}"));
    let clients = clients.filter(|path| pauses(path) && !has_full(path));
    clients.map(|path| (format!("{path}.retry.jitter"), "full".to_owned())).collect()
}

/// A timer of the wait at pools without one that acts: half of the time that a pool or the least patient app waits for a reply.
fn queue_timeout(scenario: &Scenario, pools: &[&str]) -> Settings {
    let stated = |name: &String| scenario.value(&format!("client.{name}.timeout"))?.as_str()?.parse::<Span>().ok();
    let apps = scenario.spec().client.keys().filter_map(stated);
    let least = apps.min();
    let timed = pools.iter().filter_map(|name| {
        let timers = &scenario.spec().pool[*name].timers;
        let patience = [timers.timeout, least].into_iter().flatten().min()?;
        // A timer that is longer than the patience never acts.
        let own = scenario.value(&format!("pool.{name}.queue_timeout"));
        let never_acts = own.as_ref().is_some_and(|own| {
            own.as_str().and_then(|own| own.parse::<Span>().ok()).is_some_and(|own| own >= patience)
        });
        if timers.queue_timeout.is_some() && !never_acts {
            return None;
        }
        Some((format!("pool.{name}.queue_timeout"), format!("{} ms", (patience.seconds() * 500.0).round().max(1.0))))
    });
    timed.collect()
}

/// A waiting room before the requests of each journey, after a wait for the drop, where there is no waiting room: it lets as many in
/// as the scarcest of the pools can serve for most of the time, with the requests before the room and the heartbeats of streams.
fn room(scenario: &Scenario, pools: &[&str]) -> Settings {
    let spec = scenario.spec();
    if !spec.waiting_room.is_empty() {
        return Settings::new();
    }
    let model = Model::compile(scenario);
    let Some(first) = model.epochs.first() else { return Settings::new() };
    let mut rate = f64::INFINITY;
    let mut settings = Settings::new();
    for (index, (name, journey)) in spec.journey.iter().enumerate() {
        let waits = journey.steps.iter().rposition(|step| step.wait.is_some()).map(|index| index + 1);
        let place = waits.or_else(|| journey.steps.iter().position(|step| step.request.is_some()));
        let Some(place) = place.filter(|place| *place < journey.steps.len()) else { continue };
        for pool in pools {
            let asked = asked(&model, spec, index, pool);
            let settings = spec.pool.get_index_of(*pool).and_then(|index| first.settings.pools.get(index));
            if let Some(settings) = settings.filter(|_| asked > 0.0) {
                let capacity = settings.stated_capacity() / spec.scale;
                rate = rate.min(LET_IN * capacity / asked);
            }
        }
        let path = format!("journey.{name}.steps");
        if let Some(toml::Value::Array(mut steps)) = scenario.value(&path) {
            let enter = toml::Table::from_iter([("enter".to_owned(), toml::Value::from(ROOM))]);
            steps.insert(place, toml::Value::Table(enter));
            settings.push((path, toml::Value::Array(steps).to_string()));
        }
    }
    // Pools without an end need no room.
    if !rate.is_finite() || rate <= 0.0 {
        return Settings::new();
    }
    settings.push((format!("waiting_room.{ROOM}"), format!("{{ admit = {{ rate = \"{}/s\" }} }}", rounded(rate))));
    settings
}

/// Attempts at a pool that a person on a journey makes in the mean, where all are served: those of all steps, as often as they are
/// made, and of heartbeats; in the region in which they are most.
fn asked(model: &Model, spec: &Spec, journey: usize, pool: &str) -> f64 {
    let Some(settings) = model.epochs.first().map(|epoch| &epoch.settings) else { return 0.0 };
    let Some(steps) = settings.journeys.get(journey) else { return 0.0 };
    let requests = requests_per_viewer(steps);
    let name = |index: usize| spec.pool.get_index(index).map_or("", |(name, _)| name.as_str());
    let in_region = |region: usize| {
        let at = |tier: usize| {
            let pools = settings.regions[region].routes[tier].pools.iter();
            pools.map(|(share, index)| share * reach(spec, name(*index), pool)).sum::<f64>()
        };
        requests.iter().map(|(tier, times)| times * at(*tier)).sum::<f64>()
    };
    let cohorts = model.cohorts.iter().filter(|cohort| cohort.journey == journey);
    cohorts.map(|cohort| in_region(cohort.region)).fold(0.0, f64::max)
}

/// Attempts at a pool for each attempt at another, by its calls where all are served: the probability of each and what its cache
/// knows when it is full are in the number.
fn reach(spec: &Spec, from: &str, pool: &str) -> f64 {
    if from == pool {
        return 1.0;
    }
    let Some(caller) = spec.pool.get(from) else { return 0.0 };
    // Calls go round in no cycle, so this ends.
    let calls = caller.calls.each().map(|(_, call)| call);
    calls.filter_map(|call| Some(call.mean_times() * reach(spec, call.pool.as_deref()?, pool))).sum()
}

/// A rate with six digits at most.
fn rounded(rate: f64) -> f64 {
    format!("{rate:.5e}").parse().unwrap_or(rate)
}

/// One region after the other, in the order of the file, where all are released at once.
fn stagger(scenario: &Scenario) -> Settings {
    let regions = &scenario.spec().region;
    if regions.len() < 2 || regions.values().any(|region| region.drop_delay != Span::ZERO) {
        return Settings::new();
    }
    let apart = STAGGER_S / (regions.len() - 1) as f64;
    let delays = regions.keys().enumerate().skip(1);
    delays
        .map(|(index, name)| (format!("region.{name}.drop_delay"), format!("{} s", (index as f64 * apart).round())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::starter;

    fn scenario(more: &str) -> Scenario {
        Scenario::parse("a.toml", &format!("{}\n{more}", starter())).unwrap_or_else(|errors| panic!("{errors}"))
    }

    #[test]
    fn a_queue_timeout_that_never_acts_is_replaced() {
        let timed = |span: &str| {
            let set = [("pool.playback.timeout", "4 s"), ("pool.playback.queue_timeout", span)];
            let set = set.map(|(path, value)| (path.to_owned(), value.to_owned()));
            scenario("").with_all(&set).unwrap_or_else(|errors| panic!("{errors}"))
        };
        let of = |span: &str| queue_timeout(&timed(span), &["playback"]);
        assert_eq!(of("1 min"), [("pool.playback.queue_timeout".to_owned(), "2000 ms".to_owned())]);
        assert!(of("3 s").is_empty());
    }

    #[test]
    fn servers_are_raised_before_and_after_changes() {
        let with = scenario("[[change]]\nat = \"+20 min\"\nset = { \"pool.playback.servers\" = 9 }\n");
        let pool = with.spec().pool.get_index_of("playback").unwrap();
        let before = with.spec().pool["playback"].slots.servers;
        let found = levers(&with, &[pool]);
        let twice = found.iter().find(|lever| lever.name == "playback servers +100%").unwrap();
        assert_eq!(twice.with, "twice the servers in playback");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(twice.scenario.spec().pool["playback"].slots.servers, 2 * before);
        assert_eq!(twice.scenario.timeline().last().unwrap().spec.pool["playback"].slots.servers, 18);
        let soon = found.iter().find(|lever| lever.name == "operators 10 min earlier").unwrap();
        let last = |scenario: &Scenario| scenario.timeline().last().unwrap().at.seconds();
        assert_eq!((last(&with), last(&soon.scenario)), (1200.0, 600.0));
    }

    #[test]
    fn the_end_of_an_outage_is_nothing_that_operators_do() {
        let fewer = "[[change]]\nat = \"+0 s\"\nset = { \"pool.playback.servers\" = 2 }\n\
            [[change]]\nat = \"+20 min\"\nset = { \"pool.playback.servers\" = 5 }\n";
        let trigger = format!("trigger = [\"change.1\"]\n{}\n{fewer}", starter());
        let with = Scenario::parse("a.toml", &trigger).unwrap_or_else(|errors| panic!("{errors}"));
        // The starter has a change of its own.
        let own = ("change.0.at".to_owned(), "+600 s".to_owned());
        assert_eq!(earlier(&with).1, std::slice::from_ref(&own));
        let both = [own.clone(), ("change.2.at".to_owned(), "+600 s".to_owned())];
        assert_eq!(earlier(&scenario(fewer)).1, both, "no trigger is stated");
        let fails = "[[change]]\nat = \"+10 min\"\nset = { \"pool.playback.failure\" = 1.0 }\n\
            [[change]]\nat = \"+20 min\"\nset = { \"pool.playback.failure\" = 0.0 }\n\
            [[change]]\nat = \"+30 min\"\nset = { \"pool.playback.servers\" = 9 }\n";
        assert_eq!(earlier(&scenario(fails)).1, [own, ("change.3.at".to_owned(), "+1200 s".to_owned())]);
        // The distance between changes stays.
        let soon = earlier(&scenario("[[change]]\nat = \"+5 min\"\nset = { \"pool.playback.servers\" = 9 }\n")).1;
        assert!(soon[0].1 == "+900 s" && soon[1].1 == "+0 s", "{soon:?}");
    }

    #[test]
    fn the_bounds_of_an_autoscaler_are_raised_with_the_servers() {
        let fleet = "[pool.playback.autoscale]\npolicy = { target = { metric = \"utilization\", value = \"60%\" } }\n\
            at_least = 2\nat_most = 12\nboot = \"1 min\"\n";
        let with = scenario(fleet);
        let settings = servers(&with, &["playback"], 50);
        let of = |path: &str| settings.iter().find(|(known, _)| known == path).map(|(_, value)| value.as_str());
        assert_eq!(of("pool.playback.autoscale.at_least"), Some("3"));
        assert_eq!(of("pool.playback.autoscale.at_most"), Some("18"));
    }

    #[test]
    fn levers_that_change_nothing_are_left_out() {
        let plain = scenario("");
        let names: Vec<String> = levers(&plain, &[0]).into_iter().map(|lever| lever.name).collect();
        assert!(names.iter().any(|name| name.ends_with("+25%")), "{names:?}");
        let staggered = plain.spec().region.len() > 1;
        assert_eq!(names.iter().any(|name| name.starts_with("regions")), staggered, "{names:?}");
        let budgeted = levers(&plain, &[0]).into_iter().find(|lever| lever.name.starts_with("retry budget"));
        if let Some(lever) = budgeted {
            assert!(lever.scenario.spec().client.values().any(|client| client.budget.is_some()));
            assert!(levers(&lever.scenario, &[0]).iter().all(|other| !other.name.starts_with("retry budget")));
        }
    }

    #[test]
    fn a_pool_that_is_called_is_asked_by_the_journeys_of_its_callers() {
        let calls = "[pool.playback]\ncalls = [{ pool = 'licences', times = 3, cache = { hit = '50%', fill = 9 } }]\n";
        let more = "[pool.licences]\nservers = 9\nservice = '20 ms'\n";
        let plain = starter().replace("[pool.playback]\n", calls);
        let scenario =
            Scenario::parse("a.toml", &format!("{plain}\n{more}")).unwrap_or_else(|errors| panic!("{errors}"));
        let spec = scenario.spec();
        assert_eq!([reach(spec, "playback", "licences"), reach(spec, "licences", "playback")], [1.5, 0.0]);
        let pool = spec.pool.get_index_of("licences").unwrap();
        let found = levers(&scenario, &[pool]);
        assert!(
            found.iter().any(|lever| lever.with == "a waiting room for 90% of what licences can serve"),
            "{found:?}"
        );
    }

    #[test]
    fn a_waiting_room_stands_before_the_requests_and_lets_in_what_the_pool_can_serve() {
        let plain = scenario("");
        let pool = plain.spec().pool.get_index_of("playback").unwrap();
        let found = levers(&plain, &[pool]);
        let lever = found.iter().find(|lever| lever.name.starts_with("waiting room")).unwrap();
        let spec = lever.scenario.spec();
        let rate = spec.waiting_room[ROOM].admit.rate.unwrap().0;
        let settings = &Model::compile(&plain).epochs[0].settings.pools[pool];
        let capacity = settings.stated_capacity() / plain.spec().scale;
        assert!(rate > 0.0 && rate <= 0.9 * capacity * 1.001, "{rate} of {capacity}");
        for journey in spec.journey.values() {
            let enters = journey.steps.iter().position(|step| step.enter.is_some()).unwrap();
            let asks = journey.steps.iter().rposition(|step| step.request.is_some()).unwrap();
            assert!(enters < asks && journey.steps[..enters].iter().all(|step| step.stream.is_none()));
        }
        assert!(levers(&lever.scenario, &[pool]).iter().all(|other| !other.name.starts_with("waiting room")));
    }

    #[test]
    fn a_waiting_room_leaves_room_for_what_is_asked_before_it_and_for_heartbeats() {
        let text = "title = 'A room'\nstart = 2026-03-01T08:50:00Z\ndrop = 2026-03-01T09:00:00Z\n\
            end = 2026-03-01T09:30:00Z\n[audience.crowd]\nviewers = 1000\narrival = '5 min'\njourney = 'watch'\n\
            [journey.watch]\nsteps = [{ request = 'api', name = 'open' }, { wait = 'drop' }, { request = 'api' },\n\
            { stream = '10 min', heartbeat = { request = 'api', name = 'beat', every = '1 min' } }]\n\
            [pool.api]\nservers = 11\nservice = '100 ms'\n";
        let plain = Scenario::parse("a.toml", text).unwrap_or_else(|errors| panic!("{errors}"));
        let found = levers(&plain, &[0]);
        let lever = found.iter().find(|lever| lever.name.starts_with("waiting room")).unwrap();
        // A hundred and ten attempts a second are served, and each person makes two requests and nine heartbeats.
        assert_eq!(lever.scenario.spec().waiting_room[ROOM].admit.rate.unwrap().0, 9.0);
    }
}
