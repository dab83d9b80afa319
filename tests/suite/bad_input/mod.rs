//! Wrong scenario files: no panic, all errors at once, and each message at its line.

mod demand;
mod files;
mod wounds;

use dropstorm::scenario::{Diagnostics, Scenario};

/// A scenario that uses most keys, one on each line, so that each case replaces a short text.
const BASE: &str = r#"
title = "Base"
start = 2026-01-09T08:50:00+01:00
drop = 2026-01-09T09:00:00+01:00
end = 2026-01-09T10:00:00+01:00
interval = "10 s"
measure = { from = "-5 min", until = "30 min" }
[region.france]
time_zone = "Europe/Paris"
rtt = "20 ms"
link = { capacity = "1 Gbps" }
route = { api = { api = 0.5, backup = 0.5 } }
[region.spain]
[audience.fans]
viewers = { france = 100, spain = 50 }
arrival = { exponential = { mean = "8 min" }, shift = "-4 min" }
journey = "watch"
client = { tv = 0.7, web = 0.3 }
[audience.everyday]
rate = { france = "3/s" }
profile = [["08:00", 0.8], ["09:00", 1.0]]
repeat = "24 h"
already = "steady"
journey = "watch"
[multiplier.lockdown]
factor = 1.3
audiences = ["everyday"]
regions = ["france"]
from = "09:00"
until = "10:00"
[journey.watch]
steps = [
  { request = "api", name = "browse" },
  { think = "5 s" },
  { wait = "drop", spread = "1 s" },
  { request = "playback", times = 2 },
  { stream = "40 min", then = { name = "playback", probability = 0.5 }, heartbeat = { request = "api", every = "5 min" } },
]
[pool.api]
servers = 4
concurrency = 8
service = { exponential = { mean = "50 ms" } }
timeout = "5 s"
on_timeout = "keep"
failure = "1%"
[pool.backup]
servers = 1
service = "80 ms"
[pool.playback]
servers = 2
service = "90 ms"
[client.tv]
timeout = "10 s"
retry = { attempts = 4, backoff = { exponential = { base = "1 s" } }, jitter = "full" }
refresh = { probability = 0.8, delay = "6 s" }
[client.web]
[reports]
usual = { france = "1/min" }
[delivery]
ladder = ["1 Mbps", "2 Mbps"]
cap = "2 Mbps"
devices = { tv = { peak = "2 Mbps", share = 1.0 } }
[harm]
wait = "8 s"
requests = ["playback"]
[[change]]
at = "+10 min"
set = { "pool.api.servers" = 9 }
[[threshold]]
metric = "error_rate"
of = { pool = "api" }
at_most = "1%"
window = "60 s"
"#;

/// The base with one text replaced by another.
fn base(from: &str, to: &str) -> String {
    assert_eq!(BASE.matches(from).count(), 1, "`{from}` must stand once in the base");
    BASE.replace(from, to)
}

fn problems(text: &str) -> Diagnostics {
    match Scenario::parse("case.toml", text) {
        Err(problems) => problems,
        Ok(_) => panic!("this was accepted:\n{text}"),
    }
}

/// Each case replaces one text of the base. There must be one message, which contains the expected words and is located.
fn refused(cases: &[(&str, &str, &str)]) {
    for (from, to, expected) in cases {
        let found = problems(&base(from, to));
        let shown = found.to_string();
        assert!(shown.contains(expected), "`{to}` should say `{expected}`, but says\n{shown}");
        assert_eq!(found.len(), 1, "`{to}` has one error, but gives\n{shown}");
        assert!(found.iter().all(|problem| problem.location().is_some()), "{shown}");
    }
}

#[test]
fn the_base_is_right() {
    Scenario::parse("base.toml", BASE).unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn ten_errors_give_ten_messages_in_order() {
    let mut text = BASE.to_owned();
    for (from, to) in [
        ("interval = \"10 s\"", "interval = 10"),
        ("time_zone = \"Europe/Paris\"", "time_zone = \"Europe/Pari\""),
        ("viewers = { france = 100", "viewers = { frence = 100"),
        ("tv = 0.7", "tv = 0.8"),
        ("already =", "alredy ="),
        ("factor = 1.3", "factor = -1.3"),
        ("{ think = \"5 s\" }", "{ think = \"5 s\", stream = \"1 s\" }"),
        ("servers = 4", "servers = 4.5"),
        ("jitter = \"full\"", "jitter = \"ful\""),
        ("\"pool.api.servers\" = 9", "\"pool.api.servers\" = -9"),
    ] {
        text = text.replacen(from, to, 1);
    }
    let found = problems(&text);
    assert_eq!(found.len(), 10, "{found}");
    let lines = found.iter().map(|problem| problem.location().map(|(_, line)| line)).collect::<Vec<_>>();
    assert!(lines.is_sorted() && lines.iter().all(Option::is_some), "{lines:?}");
    assert!(found.to_string().contains("did you mean `Europe/Paris`?"), "{found}");
}

#[test]
fn harm_names_known_requests_once_and_a_wait_above_zero() {
    refused(&[
        ("wait = \"8 s\"", "wait = \"0 s\"", "above zero"),
        ("\"playback\"]", "\"playbak\"]", "did you mean `playback`?"),
        ("[\"playback\"]", "[\"playback\", \"playback\"]", "the request `playback` is named twice"),
    ]);
}

#[test]
fn the_shape_of_every_value_is_checked() {
    refused(&[
        ("interval = \"10 s\"", "interval = \"10\"", "`10` has no unit"),
        ("interval = \"10 s\"", "interval = 10", "a quantity carries its unit"),
        ("interval = \"10 s\"", "intervall = \"10 s\"", "did you mean `interval`?"),
        ("title = \"Base\"", "title = 3", "expected a text"),
        ("title = \"Base\"", "", "`title` is missing"),
        ("drop = 2026-01-09T09:00:00+01:00", "drop = 2026-01-09T09:00:00", "needs its offset"),
        ("drop = 2026-01-09T09:00:00+01:00", "drop = \"2026-01-09T09:00:00+01:00\"", "without quotes"),
        ("capacity = \"1 Gbps\"", "capacity = \"1 Gbit\"", "unknown unit `Gbit`"),
        ("france = \"3/s\"", "france = \"3\"", "has no unit"),
        ("failure = \"1%\"", "failure = 1.01", "above 1"),
        ("failure = \"1%\"", "failure = nan", "NaN is not a probability"),
        ("on_timeout = \"keep\"", "on_timeout = \"kep\"", "did you mean `keep`?"),
        ("factor = 1.3", "factor = inf", "expected a finite number"),
        ("servers = 4\n", "servers = 100000000000000000000000000000\n", "does not fit into 64 bits"),
        ("servers = 4\n", "servers = -4\n", "-4 is too low"),
        ("servers = 4\n", "servers = 4.0\n", "without a decimal point: 4"),
        ("concurrency = 8", "concurrency = \"unlimted\"", "expected \"unlimited\""),
        ("{ think = \"5 s\" }", "{ }", "a choice is missing"),
        ("{ think = \"5 s\" }", "{ think = \"5 s\", wait = \"drop\" }", "cannot stand beside"),
        (
            "{ exponential = { mean = \"50 ms\" } }",
            "{ exponental = { mean = \"50 ms\" } }",
            "did you mean `exponential`?",
        ),
        ("[\"08:00\", 0.8]", "[\"08:00\"]", "expected 2 values"),
        ("[\"08:00\", 0.8]", "[\"0800\", 0.8]", "clock time"),
        ("ladder = [\"1 Mbps\", \"2 Mbps\"]", "ladder = []", "this is empty"),
        ("at_most = \"1%\"", "at_most = \"1 %%\"", "expected a bound"),
        ("at_most = \"1%\"", "at_most = \"1 parsec\"", "is not a bound"),
        ("at = \"+10 min\"", "", "`at` is missing"),
        ("rtt = \"20 ms\"", "rtt = \"20 ms\"\nrtt = \"30 ms\"", "duplicate key; the first is in line"),
        ("[audience.fans]", "vus = 100\n[audience.fans]", "the word here is `viewers`, in another table"),
    ]);
}

#[test]
fn unknown_names_and_shares_that_do_not_add_up_are_errors() {
    refused(&[
        ("viewers = { france = 100", "viewers = { frence = 100", "did you mean `france`?"),
        ("rate = { france", "rate = { frence", "did you mean `france`?"),
        ("viewers = { france = 100, spain = 50 }", "viewers = 100", "several regions"),
        ("viewers = { france = 100, spain = 50 }", "viewers = 100\nregion = \"spian\"", "did you mean `spain`?"),
        ("[audience.fans]", "[audience.fans]\nregion = \"spain\"", "`viewers` names its regions"),
        ("client = { tv = 0.7", "client = { tw = 0.7", "did you mean `tv`?"),
        ("client = { tv = 0.7", "client = { tv = 0.8", "add up to 1.1"),
        ("api = 0.5, backup", "api = 0.6, backup", "add up to 1.1"),
        ("backup = 0.5", "bakup = 0.5", "did you mean `backup`?"),
        ("route = { api =", "route = { apy =", "no journey asks for `apy`"),
        ("audiences = [\"everyday\"]", "audiences = [\"evryday\"]", "did you mean `everyday`?"),
        ("regions = [\"france\"]", "regions = [\"italy\"]", "known: france, spain"),
        (
            "request = \"playback\", times",
            "request = \"playbak\", name = \"playback\", times",
            "did you mean `playback`?",
        ),
        ("name = \"playback\", prob", "name = \"playbck\", prob", "did you mean `playback`?"),
        ("usual = { france", "usual = { frence", "did you mean `france`?"),
        ("of = { pool = \"api\" }", "of = { pool = \"apy\" }", "did you mean `api`?"),
        ("of = { pool = \"api\" }", "of = { request = \"license\" }", "there is no request"),
        ("metric = \"error_rate\"", "metric = \"eror_rate\"", "did you mean `error_rate`?"),
        ("time_zone = \"Europe/Paris\"", "time_zone = \"Mars/Base\"", "IANA database"),
        ("name = \"browse\"", "name = \"all\"", "is taken"),
        ("name = \"browse\"", "name = \"b r\"", "is not a name"),
        ("share = 1.0", "share = 0.9", "add up to 0.9"),
        ("factor = 1.3", "watch_time = 0.0", "not above zero"),
        ("[client.web]", "[client.\"w.b\"]\n[client.web]", "is not a name"),
    ]);
    let unknown = problems(&BASE.replace("journey = \"watch\"", "journey = \"wach\""));
    assert_eq!(unknown.len(), 2, "{unknown}");
    assert!(unknown.to_string().contains("did you mean `watch`?"), "{unknown}");
}

#[test]
fn impossible_laws_and_spans_are_errors() {
    let service = "{ exponential = { mean = \"50 ms\" } }";
    refused(&[
        (service, "\"-5 ms\"", "not negative"),
        (service, "{ constant = { value = \"-5 ms\" } }", "not negative"),
        (service, "{ exponential = { mean = \"0 ms\" } }", "above zero"),
        (service, "{ gamma = { mean = \"-1 ms\", cv = 1 } }", "above zero"),
        (service, "{ gamma = { mean = \"1 ms\", cv = 0 } }", "too low"),
        (service, "{ lognormal = { median = \"1 ms\" } }", "not such a pair"),
        (service, "{ lognormal = { median = \"1 ms\", cv = 1 } }", "not such a pair"),
        (service, "{ lognormal = { median = \"1 ms\", p99 = \"1 ms\" } }", "`p99` is not above `median`"),
        (service, "{ uniform = { low = \"2 ms\", high = \"1 ms\" } }", "1 ms is below 2 ms"),
        (service, "{ uniform = { low = \"-2 ms\", high = \"1 ms\" } }", "not negative"),
        (service, "{ normal = { mean = \"-9 ms\", sd = \"1 ms\" } }", "almost every draw"),
        (service, "{ pareto = { minimum = \"0 ms\", shape = 2 } }", "above zero"),
        (service, "{ hyperexponential = [] }", "cannot be all zero"),
        (service, "{ mixture = [{ weight = 0, of = \"1 ms\" }] }", "cannot be all zero"),
        (
            service,
            "{ mixture = [{ weight = 1e308, of = \"1 s\" }, { weight = 1e308, of = \"2 s\" }] }",
            "the weights are too large",
        ),
        (service, "{ pareto = { minimum = \"1 s\", shape = 1e-300 } }", "1e-300 is too low"),
        ("servers = 4\n", "servers = 9_223_372_036_854_775_807\n", "9.223372036854776e18 is too high"),
        (
            service,
            "{ mixture = [{ weight = 1, of = { uniform = { low = \"2 s\", high = \"1 s\" } } }] }",
            "`high` is below `low`",
        ),
        (service, "{ exponential = { mean = \"5 ms\" }, shift = \"1 s\" }", "arrivals only"),
        ("stream = \"40 min\"", "stream = { pareto = { minimum = \"1 min\", shape = 1.0 } }", "no steady state"),
        ("stream = \"40 min\"", "stream = \"0 s\"", "cannot lead back"),
        ("rtt = \"20 ms\"", "rtt = \"-20 ms\"", "not negative"),
        ("timeout = \"5 s\"", "timeout = \"0 s\"", "above zero"),
        ("every = \"5 min\"", "every = \"0 s\"", "too frequent"),
        ("attempts = 4, backoff = { exponential = { base = \"1 s\" } }", "attempts = 4000", "without a pause"),
        ("delay = \"6 s\"", "delay = \"0 s\"", "without a pause"),
        ("servers = 4\n", "servers = 400_000_000\n", "too many"),
        ("ladder = [\"1 Mbps\", \"2 Mbps\"]", "ladder = [\"2 Mbps\", \"1 Mbps\"]", "does not ascend"),
        ("cap = \"2 Mbps\"", "cap = \"0 bps\"", "not above zero"),
        ("capacity = \"1 Gbps\"", "capacity = \"0 bps\"", "not above zero"),
    ]);
}

#[test]
fn the_keys_of_every_mechanism_stand_in_one_table_with_their_bounds() {
    let failure = "failure = \"1%\"";
    let base = "base = \"1 s\"";
    refused(&[
        (failure, "turn_away = \"-1 ms\"", "-1 ms is negative"),
        (failure, "queue_timeout = \"0 s\"", "expected a span of time above zero"),
        (failure, "turn_awy = \"1 ms\"", "did you mean `turn_away`?"),
        (failure, "failur = \"1%\"", "did you mean `failure`?"),
        ("timeout = \"10 s\"", "timeout = \"0 s\"", "0 s is not above zero"),
        ("timeout = \"10 s\"", "stall_patience = \"-1 s\"", "not negative"),
        (base, "base = \"-1 s\"", "expected a span of time that is not negative"),
        (base, "base = \"1 s\", cap = \"-1 s\"", "-1 s is negative"),
        ("\"pool.api.servers\" = 9", "\"pool.api.turn_away\" = \"-2 ms\"", "-2 ms is negative"),
    ]);
}

#[test]
fn times_out_of_order_or_off_the_edges_of_intervals_are_errors() {
    let end = "end = 2026-01-09T10:00:00+01:00";
    refused(&[
        (end, "end = 2026-01-09T08:50:00+01:00", "ends before it starts"),
        (end, "end = 2026-03-09T10:00:00+01:00", "longer than 30 days"),
        (end, "end = 2026-01-09T10:00:03+01:00", "fits is 2026-01-09T10:00:00+01:00"),
        ("drop = 2026-01-09T09:00:00", "drop = 1526-01-09T09:00:00", "more than a hundred years before the start"),
        ("drop = 2026-01-09T09:00:00", "drop = 2026-01-09T11:00:00", "the drop is after the end"),
        ("interval = \"10 s\"", "interval = \"0 s\"", "above zero"),
        ("interval = \"10 s\"", "interval = \"1 ms\"", "there are 4200000 intervals"),
        ("from = \"-5 min\"", "from = \"-5 min 1 s\"", "no edge of an interval"),
        ("from = \"-5 min\"", "from = \"-15 min\"", "outside of the simulated window"),
        ("until = \"30 min\"", "until = \"-6 min\"", "is empty"),
        ("until = \"10:00\"", "until = \"08:00\"", "ends before it starts"),
        ("[\"09:00\", 1.0]", "[\"08:00\", 1.0]", "must ascend"),
        ("[\"09:00\", 1.0]", "[\"+9 min\", 1.0]", "are mixed"),
        ("[\"09:00\", 1.0]", "[\"09:00\", -1.0]", "out of its range"),
        ("[\"09:00\", 1.0]", "[\"32:00\", 1.0]", "longer than its period"),
        ("repeat = \"24 h\"", "repeat = \"0 h\"", "above zero"),
        ("window = \"60 s\"", "window = \"65 s\"", "no whole number of intervals"),
        ("window = \"60 s\"", "window = \"60 s\"\nafter = \"5 min\"\nbefore = \"1 min\"", "no window"),
        ("at = \"+10 min\"", "at = \"+90 min\"", "outside of the simulated window"),
    ]);
}

#[test]
fn keys_without_meaning_where_they_stand_are_errors() {
    refused(&[
        ("arrival = { exponential = { mean = \"8 min\" }, shift = \"-4 min\" }", "", "`arrival` is missing"),
        ("rate = { france", "arrival = \"1 s\"\nrate = { france", "belongs to an audience with `viewers`"),
        ("[audience.fans]", "[audience.fans]\nalready = \"steady\"", "belongs to an audience with `rate`"),
        ("[audience.fans]", "[audience.fans]\nspacing = \"even\"", "belongs to an audience with `rate` or `trace`"),
        ("{ think = \"5 s\" }", "{ think = \"5 s\", times = 2 }", "belongs to a step with `request`"),
        ("{ think = \"5 s\" }", "{ think = \"5 s\", spread = \"2 s\" }", "belongs to a step with `wait`"),
        ("times = 2", "heartbeat = { request = \"api\", every = \"1 min\" }", "belongs to a step with `stream`"),
        ("at_most = \"1%\"", "", "has no bound"),
        ("at_most = \"1%\"", "at_most = \"1%\"\nat_least = 0", "one too many"),
        ("at_most = \"1%\"", "at_most = \"1 s\"", "not measured in this unit"),
        ("of = { pool = \"api\" }", "of = { region = \"spain\", request = \"browse\" }", "no such row"),
        (
            "metric = \"error_rate\"\nof = { pool = \"api\" }\nat_most = \"1%\"",
            "metric = \"reports\"\nof = { pool = \"api\" }\nat_most = 3",
            "no such figure",
        ),
    ]);
}

#[test]
fn a_change_of_a_fixed_setting_or_to_a_wrong_value_is_an_error() {
    let set = "\"pool.api.servers\" = 9";
    refused(&[
        (set, "\"pool.api.servers\" = \"nine\"", "expected a whole number"),
        (set, "\"pool.api.severs\" = 9", "did you mean `pool.api.servers`?"),
        (set, "\"pool.apy.servers\" = 9", "did you mean `api`?"),
        (set, "\"seed\" = 9", "cannot change during the run"),
        (set, "\"audience.fans.viewers\" = 9", "cannot change during the run"),
        (set, "\"pool.api.service.gamma.mean\" = \"1 s\"", "cannot stand beside"),
        (set, "\"pool.api.service\" = { exponential = { mean = \"0 s\" } }", "above zero"),
        (set, "\"audience.fans.client.tv\" = 0.1", "add up to 0.4"),
        (set, "\"journey.watch.steps.9.think\" = \"1 s\"", "numbered from 0 to 4"),
    ]);
    let good =
        base(set, "pool.api = { timeout = \"1 s\", service = \"3 ms\" }, \"journey.watch.steps.1.think\" = \"1 s\"");
    let scenario = Scenario::parse("good.toml", &good).unwrap_or_else(|problems| panic!("{problems}"));
    let pool = &scenario.timeline()[0].spec.pool["api"];
    assert_eq!(pool.timers.timeout.map(|span| span.seconds()), Some(1.0));
    assert_eq!(pool.slots.servers, 4);
}

#[test]
fn settings_are_checked_together_and_shown_as_written() {
    let scenario = Scenario::parse("base.toml", BASE).unwrap_or_else(|problems| panic!("{problems}"));
    let set = |path: &str, value: &str| (path.to_owned(), value.to_owned());
    let settings = [set("pool.api.servers", "many"), set("pool.api.timeout", "5 s"), set("client.tv.retyr", "3")];
    let found = scenario.with_all(&settings).expect_err("two of them are wrong").to_string();
    assert!(found.contains("pool.api.servers=many") && found.contains("did you mean `retry`?"), "{found}");
    let extends = scenario.with("extends", "other.toml").expect_err("the files are merged by then").to_string();
    assert!(extends.contains("cannot be set"), "{extends}");
    let changed = scenario.with_all(&settings[1..2]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(changed.spec().pool["api"].timers.timeout.map(|span| span.seconds()), Some(5.0));
}

#[test]
fn a_scenario_too_large_for_any_run_is_refused() {
    let many = |count: usize, table: &str| (0..count).map(|n| table.replace("#", &n.to_string())).collect::<String>();
    let pools = "[pool.p#]\nservers = 1\nservice = \"1 s\"\n";
    for (text, expected) in [
        (format!("{BASE}{}", many(70, pools)), "there are 73 pools"),
        (format!("{BASE}{}", many(70, "[region.r#]\n")), "there are 72 regions"),
        (format!("{BASE}{}", many(1001, "[[change]]\nat = \"+1 min\"\nset = {}\n")), "there are 1002 changes"),
        (
            format!("{BASE}{}", many(1001, "[[threshold]]\nmetric = \"served\"\nat_least = 1\n")),
            "there are 1002 thresholds",
        ),
        (format!("{BASE}[journey.long]\nsteps = [{}]", many(201, "{ think = \"1 s\" },")), "there are 201 steps"),
        (
            format!("{BASE}[journey.wide]\nsteps = [{}]", many(70, "{ request = \"api\", name = \"q#\" },")),
            "different requests",
        ),
        (
            format!("{}{}", base("interval = \"10 s\"", "interval = \"100 ms\""), many(60, pools)),
            "do not fit into memory",
        ),
    ] {
        let found = problems(&text).to_string();
        assert!(found.contains(expected), "{expected}:\n{found}");
    }
}

#[test]
fn a_wrong_value_does_not_hide_an_unknown_name_beside_it() {
    let text = include_str!("../../scenarios/three-viewers.toml").replacen("viewers = 1", "viewers = -1", 1);
    let text = text.replacen("journey = \"watch\"", "journey = \"wach\"", 1);
    let problems = Scenario::parse("three.toml", &text).unwrap_err().to_string();
    assert!(problems.contains("-1 is too low") && problems.contains("did you mean `watch`?"), "{problems}");
}
