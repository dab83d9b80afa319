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
    ] {
        let found = warnings(from, to);
        let shown = found.to_string();
        assert!(shown.contains(expected), "`{to}` should say `{expected}`, but says\n{shown}");
        assert_eq!(found.len(), 1, "`{to}` gives\n{shown}");
        assert!(found.iter().all(|w| w.level == Level::Warning && w.location().is_some()), "{shown}");
    }
}
