//! Levers that are found in a scenario.

use super::*;
use crate::model::Model;
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
    assert_eq!(of("1 min"), [Setting::new("pool.playback.queue_timeout", "2000 ms")]);
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
    let own = Setting::new("change.0.at", "+10 min");
    assert_eq!(earlier(&with).settings, std::slice::from_ref(&own));
    let both = [own.clone(), Setting::new("change.2.at", "+10 min")];
    assert_eq!(earlier(&scenario(fewer)).settings, both, "no trigger is stated");
    let fails = "[[change]]\nat = \"+10 min\"\nset = { \"pool.playback.failure\" = 1.0 }\n\
        [[change]]\nat = \"+20 min\"\nset = { \"pool.playback.failure\" = 0.0 }\n\
        [[change]]\nat = \"+30 min\"\nset = { \"pool.playback.servers\" = 9 }\n";
    assert_eq!(earlier(&scenario(fails)).settings, [own, Setting::new("change.3.at", "+20 min")]);
    // The distance between changes stays.
    let soon = earlier(&scenario("[[change]]\nat = \"+5 min\"\nset = { \"pool.playback.servers\" = 9 }\n")).settings;
    assert!(soon[0].value == "+15 min" && soon[1].value == "+0 s", "{soon:?}");
}

#[test]
fn the_bounds_of_an_autoscaler_are_raised_with_the_servers() {
    let fleet = "[pool.playback.autoscale]\npolicy = { target = { metric = \"utilization\", value = \"60%\" } }\n\
        at_least = 2\nat_most = 12\nboot = \"1 min\"\n";
    let with = scenario(fleet);
    let settings = servers(&with, &["playback"], 50);
    let of = |path: &str| settings.iter().find(|it| it.path == path).map(|it| it.value.as_str());
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
    let scenario = Scenario::parse("a.toml", &format!("{plain}\n{more}")).unwrap_or_else(|errors| panic!("{errors}"));
    let spec = scenario.spec();
    assert_eq!([room::reach(spec, "playback", "licences"), room::reach(spec, "licences", "playback")], [1.5, 0.0]);
    let pool = spec.pool.get_index_of("licences").unwrap();
    let found = levers(&scenario, &[pool]);
    assert!(found.iter().any(|lever| lever.with == "a waiting room for 90% of what licences can serve"), "{found:?}");
}

#[test]
fn a_waiting_room_stands_before_the_requests_and_lets_in_what_the_pool_can_serve() {
    let plain = scenario("");
    let pool = plain.spec().pool.get_index_of("playback").unwrap();
    let found = levers(&plain, &[pool]);
    let lever = found.iter().find(|lever| lever.name.starts_with("waiting room")).unwrap();
    let spec = lever.scenario.spec();
    let rate = spec.waiting_room[room::NAME].admit.rate.unwrap().0;
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
    assert_eq!(lever.scenario.spec().waiting_room[room::NAME].admit.rate.unwrap().0, 9.0);
}

#[test]
fn more_servers_than_twice_as_many_are_tried_too() {
    let plain = scenario("");
    let found = levers(&plain, &[plain.spec().pool.get_index_of("playback").unwrap()]);
    let before = plain.spec().pool["playback"].slots.servers;
    let of = |with: &str| {
        found.iter().find(|lever| lever.with == with).unwrap().scenario.spec().pool["playback"].slots.servers
    };
    assert_eq!(of("three times the servers in playback"), 3 * before);
    assert_eq!(of("five times the servers in playback"), 5 * before);
    assert!(found.len() <= MOST_LEVERS, "{}", found.len());
}

#[test]
fn the_rate_of_a_waiting_room_is_set_to_what_the_pool_can_serve() {
    let plain = scenario("");
    let pool = plain.spec().pool.get_index_of("playback").unwrap();
    let found = levers(&plain, &[pool]);
    let with_room = &found.iter().find(|lever| lever.name.starts_with("waiting room")).unwrap().scenario;
    let rate = with_room.spec().waiting_room[room::NAME].admit.rate.unwrap().0;
    let name = "rate of the waiting room at 90% of capacity";
    let again = |scenario: &Scenario| levers(scenario, &[pool]).into_iter().find(|lever| lever.name == name);
    assert!(again(with_room).is_none() && again(&plain).is_none(), "its rate is that already");
    let path = format!("waiting_room.{}.admit.rate", room::NAME);
    let slow = with_room.with(&path, &format!("{}/s", rate / 3.0)).unwrap_or_else(|errors| panic!("{errors}"));
    let lever = again(&slow).unwrap();
    let set = lever.scenario.spec().waiting_room[room::NAME].admit.rate.unwrap().0;
    assert!((set - rate).abs() < 1e-3 * rate && lever.steps.is_empty(), "{set} {rate}");
}

#[test]
fn shares_of_one_server_that_come_to_the_same_are_one_lever() {
    let plain = scenario("");
    let one = |path: &str| (path.to_owned(), "1".to_owned());
    let with = plain.with_all(&[one("pool.playback.servers"), one("change.0.set.pool.playback.servers")]);
    let with = with.unwrap_or_else(|errors| panic!("{errors}"));
    let found = levers(&with, &[with.spec().pool.get_index_of("playback").unwrap()]);
    let names: Vec<&str> = found.iter().map(|it| it.name.as_str()).filter(|name| name.contains("servers +")).collect();
    assert_eq!(names, ["playback servers +100%", "playback servers +200%", "playback servers +400%"]);
}
