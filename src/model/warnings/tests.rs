//! Tests of the warnings.

use super::*;
use crate::scenario::Level;

const BASE: &str = r#"
title = "Base"
start = 2026-01-09T08:50:00Z
drop = 2026-01-09T09:00:00Z
end = 2026-01-09T10:00:00Z
[audience.fans]
viewers = 10_000
arrival = { exponential = { mean = "10 min" }, shift = "-9 min" }
journey = "watch"
client = "tv"
[audience.everyday]
rate = "8/s"
profile = [["08:00", 0.5], ["09:30", 2.0]]
journey = "watch"
[multiplier.lockdown]
factor = 1.5
audiences = ["everyday"]
from = "-5 min"
[journey.watch]
steps = [
  { request = "api", name = "browse", times = 2 },
  { stream = { exponential = { mean = "10 min" } }, then = { name = "browse", probability = 0.5 }, heartbeat = { request = "api", name = "beat", every = "5 min" } },
]
[pool.api]
servers = 100
service = { exponential = { mean = "500 ms" } }
queue = { shared = { limit = 1_000 } }
timeout = "5 s"
[client.tv]
timeout = "9 s"
"#;

const AUTOSCALE: &str = "autoscale = { at_least = 0, at_most = 200, boot = '1 min', policy = { target = { metric = 'utilization', value = '60%' } } }";

/// The warnings of the base with one text replaced by another.
fn warnings(from: &str, to: &str) -> Diagnostics {
    assert_eq!(BASE.matches(from).count(), 1, "`{from}` must stand once in the base");
    let text = BASE.replace(from, to);
    let scenario = Scenario::parse("base.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
    of(&scenario, &Model::compile(&scenario))
}

#[test]
fn settings_that_make_sense_give_no_warning() {
    for (from, to) in [
        ("title", "title"),
        ("then = {", "until = \"2 h\", then = {"),
        // A full queue takes 5 s to serve, so a timer of 5 s can expire; in a queue without a limit any timer can.
        ("timeout = \"5 s\"", "queue_timeout = \"5 s\""),
        ("queue = { shared = { limit = 1_000 } }\n", ""),
        // Without the everyday audience any pool is large enough.
        ("rate = \"8/s\"", "rate = \"0/s\""),
        // A client that only a change refers to is used.
        (
            "client = \"tv\"\n",
            "client = \"tv\"\n[client.web]\n[[change]]\nat = \"1 min\"\nset = { \"audience.fans.client\" = \"web\" }\n",
        ),
        ("title", "scale = 0.5\ntitle"),
        // A bound below every timer, over attempts that are mostly served in time.
        ("[client.tv]", "[[threshold]]\nmetric = \"latency_p99_ms\"\nat_most = \"4 s\"\n[client.tv]"),
        // A threshold on the ten minutes before the drop.
        (
            "[client.tv]",
            "[[threshold]]\nmetric = \"error_rate\"\nat_most = \"5%\"\nbefore = \"0 s\"\nwindow = \"10 min\"\n[client.tv]",
        ),
        // A whole crowd at the moment at which the window opens.
        ("{ exponential = { mean = \"10 min\" }, shift = \"-9 min\" }", "\"-10 min\""),
    ] {
        let found = warnings(from, to);
        assert!(found.is_empty(), "`{to}` gives\n{found}");
    }
}

#[test]
fn a_warning_is_shown_at_its_value_with_its_numbers() {
    for (from, to, expected) in [
        ("timeout = \"5 s\"", "queue_timeout = \"6 s\"", "1000 waiting × 500 ms mean service ÷ 100 slots = 5 s"),
        ("timeout = \"5 s\"", "timeout = \"20 s\"", "and 999 of 1000 are then served within 3.45 s"),
        ("limit = 1_000", "limit = 0", "`timeout` of pool `api` can hardly expire"),
        ("shift = \"-9 min\"", "shift = \"-11 min\"", "9.52% of `fans` would come before `start`"),
        (
            "{ exponential = { mean = \"10 min\" }, shift = \"-9 min\" }",
            "\"3 h\"",
            "100% of `fans` would come after `end`",
        ),
        // At 09:00 8/s × 1.5 × 1.5 × 2 visits × (2 calls + 1.54 beats) × 0.5 s keep 63.7 slots busy.
        ("servers = 100", "servers = 60", "pool `api` cannot carry its everyday load"),
        // Servers of which half are up, in the mean.
        ("servers = 100", "servers = 100\ncrash = { every = '1 h', repair = '1 h' }", "a server is up 50% of the time"),
        ("servers = 100", "servers = 60", "world on that of the drop, UTC+00"),
        ("from = \"-5 min\"", "from = \"06:00\"\nuntil = \"07:00\"", "world on that of the drop, UTC+00"),
        ("title", "scale = 0.2\ntitle", "pool `api` has only 20 slots at this scale"),
        ("[client.tv]", "[client.web]\n[client.tv]", "client `web` is not used"),
        ("[pool.api]", "[pool.spare]\nservers = 1\nservice = \"1 s\"\n[pool.api]", "pool `spare` is not used"),
        ("[pool.api]", "[journey.j]\nsteps = [{ think = \"1 s\" }]\n[pool.api]", "journey `j` is not used"),
        ("from = \"-5 min\"", "from = \"2 h\"", "multiplier `lockdown` does nothing"),
        (
            "[client.tv]",
            "[audience.late]\nrate = \"1/s\"\nfrom = \"2 h\"\njourney = \"watch\"\n[client.tv]",
            "nobody of audience `late` comes",
        ),
        (
            "[client.tv]",
            "[waiting_room.lobby]\nadmit = { rate = \"5/s\" }\nopens = \"2 h\"\n[audience.late]\nrate = \"1/s\"\njourney = \"queue\"\n\
             [journey.queue]\nsteps = [{ enter = \"lobby\" }]\n[client.tv]",
            "waiting_room `lobby` never opens",
        ),
        (
            "[client.tv]",
            "[[threshold]]\nmetric = \"latency_p99_ms\"\nof.request = \"browse\"\nat_most = \"5 s\"\n[client.tv]",
            "no attempt that is served takes longer than 5 s, when a timer ends",
        ),
        (
            "[client.tv]\ntimeout = \"9 s\"",
            "[[threshold]]\nmetric = \"latency_p99_ms\"\nat_most = \"100 ms\"\n[client.tv]\ntimeout = \"300 ms\"",
            "half of the attempts at pool `api` by client `tv` would take 346 ms or longer, a timer ends after 300 ms",
        ),
        ("every = \"5 min\"", "every = \"4 h\"", "this heartbeat never goes out"),
        (
            "[client.tv]",
            "[[threshold]]\nmetric = \"error_rate\"\nat_most = \"5%\"\nbefore = \"-10 min\"\n[client.tv]",
            "the run goes from -10 min to 1 h around the drop, and a window is 10 s",
        ),
        (
            "[client.tv]",
            "[[threshold]]\nmetric = \"error_rate\"\nat_most = \"5%\"\nafter = \"59 min 55 s\"\n[client.tv]",
            "no window of this threshold lies in the run",
        ),
    ] {
        warned(from, to, expected);
    }
}

/// Asserts that the base with one text replaced by another gives one warning, which says something.
#[track_caller]
fn warned(from: &str, to: &str, expected: &str) {
    let found = warnings(from, to);
    let shown = found.to_string();
    assert!(shown.contains(expected), "`{to}` should say `{expected}`, but says\n{shown}");
    assert_eq!(found.len(), 1, "`{to}` gives\n{shown}");
    assert!(found.iter().all(|w| w.level == Level::Warning && w.location().is_some()), "{shown}");
}

#[test]
fn a_step_whose_moment_the_run_does_not_reach_or_has_passed_is_warned_of() {
    for (from, to, expected) in [
        ("  { stream", "  { wait = { until = \"60 min\" } },\n  { stream", "nobody gets past this wait"),
        ("  { stream", "  { wait = { until = \"-10 min\" } },\n  { stream", "this step takes no time"),
        ("then = {", "until = \"-20 min\", then = {", "the run begins -10 min from the drop"),
        (
            "[client.tv]",
            "[audience.inside]\nrate = \"1/s\"\nalready = \"steady\"\njourney = \"early\"\n\
             [journey.early]\nsteps = [{ wait = \"drop\" }, { stream = \"9 min\" }]\n[client.tv]",
            "they begin in steps.1 of journey `early`, which others enter after steps.0",
        ),
    ] {
        warned(from, to, expected);
    }
}

#[test]
fn servers_that_do_less_than_is_stated_are_warned_of() {
    for (from, to, expected) in [
        ("servers = 100", "servers = 100\ncores = 4", "4 in each server, with a `concurrency` of 1"),
        ("servers = 100", &format!("servers = 400\n{AUTOSCALE}"), "pool `api` begins with 200 servers instead of 400"),
        (
            "servers = 100\nservice = { exponential = { mean = \"500 ms\" } }\nqueue = { shared = { limit = 1_000 } }",
            &format!(
                "servers = 100\nservice = '500 ms'\nqueue = {{ per_server = {{ balancer = 'random' }} }}\n{AUTOSCALE}"
            ),
            "pool `api` stays without a server once it has none",
        ),
        ("servers = 100", &format!("servers = 100\nfailures = [{}1]", "0, ".repeat(100)), "has 101 entries for 100"),
    ] {
        warned(from, to, expected);
    }
}

#[test]
fn a_room_near_its_rate_is_warned_of_at_a_scale_at_which_people_wait_longer_in_it() {
    let room = |scale: f64, rate: f64| {
        let room = format!("[waiting_room.lobby]\nadmit = {{ rate = \"{rate}/s\" }}\n");
        let late =
            "[audience.late]\nrate = \"9/s\"\njourney = \"queue\"\n[journey.queue]\nsteps = [{ enter = \"lobby\" }]\n";
        let text = format!("scale = {scale}\n{BASE}").replace("servers = 100", "servers = 1000");
        let text = text.replace("limit = 1_000", "limit = 20_000") + &room + late;
        let scenario = Scenario::parse("base.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
        of(&scenario, &Model::compile(&scenario)).to_string()
    };
    // 0.9375 ÷ (2 × 9.6 × 0.0625) = 0.781 s, ten times as long at a tenth.
    let shown = room(0.1, 9.6);
    assert!(shown.contains("people wait longer in waiting_room `lobby` at this scale"), "{shown}");
    assert!(shown.contains("7.81 s in the mean instead of 781 ms"), "{shown}");
    assert!(shown.contains("9.0 people a second come where 9.6 are admitted"), "{shown}");
    // At full size, with room to spare, and in a room that is full for long, in which the wait is that of the full size.
    for (scale, rate) in [(1.0, 9.6), (0.1, 20.0), (0.1, 5.0)] {
        assert_eq!(room(scale, rate), "", "{scale}, {rate}");
    }
}

#[test]
fn a_room_is_warned_of_whose_places_or_whose_crowd_are_near_their_limits() {
    let shown = |admit: &str, audience: &str, scale: f64| {
        let room = format!(
            "[waiting_room.lobby]\nadmit = {{ {admit} }}\n[audience.late]\n{audience}\njourney = \"queue\"\n\
             [journey.queue]\nsteps = [{{ enter = \"lobby\" }}, {{ think = \"10 s\" }}]\n"
        );
        let text = format!("scale = {scale}\n{BASE}").replace("servers = 100", "servers = 1000");
        let text = text.replace("limit = 1_000", "limit = 20_000") + &room;
        let scenario = Scenario::parse("base.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
        of(&scenario, &Model::compile(&scenario)).to_string()
    };
    // Of 100 places 90 are taken in the mean, of ten nine: Erlang C 0.2169 and 0.6687, divided by the 1 and 0.1 a second that are left.
    let places = shown("inside = 100", "rate = \"9/s\"", 0.1);
    assert!(places.contains("6.68 s in the mean instead of 216 ms"), "{places}");
    assert!(places.contains("stay for 10 s, and 100 may be inside"), "{places}");
    assert_eq!(shown("inside = 200", "rate = \"9/s\"", 0.1), "", "half of the places");
    // A crowd of 9.75 people a second for twenty minutes, of whom 10 are admitted.
    let crowd = "viewers = 11_700\narrival = { uniform = { low = \"0 s\", high = \"20 min\" } }";
    let crowd_near = shown("rate = \"10/s\"", crowd, 0.1);
    assert!(crowd_near.contains("where 10.0 are admitted; near that rate"), "{crowd_near}");
    for (rate, scale) in [("20/s", 0.1), ("5/s", 0.1), ("10/s", 1.0)] {
        assert_eq!(shown(&format!("rate = \"{rate}\""), crowd, scale), "", "{rate} at {scale}");
    }
}

#[test]
fn a_budget_that_no_app_can_use_up_is_warned_of() {
    let client = |client: &str| {
        let text = BASE.replace("[client.tv]\n", &format!("[client.tv]\n{client}\n"));
        let scenario = Scenario::parse("base.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
        of(&scenario, &Model::compile(&scenario)).to_string()
    };
    for (text, expected) in [
        ("budget = { ratio = { share = \"20%\" } }", "each app may retry 10 times a second, whatever the share"),
        ("budget = { concurrent = {} }", "each app may have 3 retries under way, and has one at most"),
    ] {
        let shown = client(&format!("retry = {{ attempts = 3 }}\n{text}"));
        assert!(shown.contains("the budget of client `tv` cannot bind") && shown.contains(expected), "{shown}");
        assert!(shown.contains("`scope = \"region\"` shares the budget"), "{shown}");
        for silent in [
            format!("retry = {{ attempts = 3 }}\nscope = \"region\"\n{text}"),
            text.to_owned(),
            format!("retry = {{ attempts = 3 }}\nhedge = {{ after = \"1 s\" }}\n{text}"),
        ] {
            assert_eq!(client(&silent), "", "{silent}");
        }
    }
    // A window of a second allows two retries, which one request may use up; so does an app that asks again and again at once.
    for silent in [
        "retry = { attempts = 4 }\nbudget = { ratio = { at_least = \"2/s\", window = \"1 s\" } }",
        "retry = { attempts = 4 }\nbudget = { ratio = {} }\nrefresh = { probability = 0.9, delay = \"10 ms\" }",
        "retry = { attempts = 4 }\nbudget = \"bucket\"",
    ] {
        assert_eq!(client(silent), "", "{silent}");
    }
}

#[test]
fn a_breaker_that_no_app_can_open_is_warned_of() {
    let client = |client: &str| {
        let text = BASE.replace("[client.tv]\n", &format!("[client.tv]\n{client}\n"));
        let scenario = Scenario::parse("base.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
        of(&scenario, &Model::compile(&scenario)).to_string()
    };
    let shown = client("breaker = { requests = 100 }");
    assert!(shown.contains("the breaker of client `tv` cannot open"), "{shown}");
    assert!(shown.contains("it opens after 100 attempts within 10 s, and one app makes at most"), "{shown}");
    assert!(shown.contains("`scope = \"region\"` shares the breaker"), "{shown}");
    for silent in [
        "breaker = { requests = 100 }\nscope = \"region\"",
        "breaker = { requests = 1 }",
        "breaker = { requests = 100 }\nretry = { attempts = 30 }",
        "breaker = { requests = 100 }\nrefresh = { probability = 0.9, delay = \"10 ms\" }",
    ] {
        assert_eq!(client(silent), "", "{silent}");
    }
}

/// Before the drop 127.5 requests a second come to `api`.
#[test]
fn a_pool_that_cannot_carry_its_calls_is_warned_of() {
    let shown = |calls: &str| {
        let text = BASE.replace("timeout = \"5 s\"", &format!("timeout = \"5 s\"\ncalls = [{calls}]"));
        let client = if calls.contains("client") { "[client.calls]\ntimeout = \"100 ms\"\n" } else { "" };
        let text = text + "[pool.store]\nservers = 2\nservice = \"10 ms\"\n" + client;
        let scenario = Scenario::parse("base.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
        of(&scenario, &Model::compile(&scenario)).to_string()
    };
    let store = shown("{ pool = \"store\" }, { parallel = [{ pool = \"store\" }] }");
    assert!(store.contains("pool `store` cannot carry its everyday load"), "{store}");
    assert!(store.contains("255.0 requests a second × 10 ms mean service keep 2.5 slots busy"), "{store}");
    let api = shown("{ pool = \"store\", latency = \"490 ms\" }");
    assert!(
        api.contains("127.5 requests a second × 1 s mean time in a slot, calls included, keep 127.5 slots"),
        "{api}"
    );
    let timed = "{ pool = \"store\", latency = \"490 ms\", client = \"calls\" }";
    for carried in ["{ pool = \"store\" }", timed, "{ pool = \"store\", times = 9, cache = { hit = 0.9, fill = 99 } }"]
    {
        assert_eq!(shown(carried), "", "{carried}");
    }
}

/// A queue is not served sooner than the calls of its slots allow, which wait for other pools.
#[test]
fn timers_of_pools_that_call_are_not_judged() {
    let text = BASE.replace("timeout = \"5 s\"", "timeout = \"20 s\"\ncalls = [{ pool = \"store\" }]");
    let text = text + "[pool.store]\nservers = 1000\nservice = \"10 ms\"\n";
    let scenario = Scenario::parse("base.toml", &text).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(of(&scenario, &Model::compile(&scenario)).to_string(), "");
}
