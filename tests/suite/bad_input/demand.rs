//! Wrong demand: steps, rounds, moments, distances.

use super::refused;

#[test]
fn impossible_steps_rounds_rooms_and_distances_are_errors() {
    refused(&[
        ("{ think = \"5 s\" }", "{ enter = \"lobby\" }", "there is no waiting room `lobby`"),
        ("[pool.api]", "[waiting_room.lobby]\nadmit = {}\n[pool.api]", "the room has no limit"),
        ("[pool.api]", "[waiting_room.lobby]\nadmit = { rate = \"-1/s\" }\n[pool.api]", "rate"),
        (
            "[pool.api]",
            "[waiting_room.lobby]\nadmit = { inside = 9 }\npoll = { request = \"apy\", every = \"1 s\" }\n[pool.api]",
            "there is no pool or route `apy`",
        ),
        (
            "[pool.api]",
            "[waiting_room.lobby]\nadmit = { inside = 9 }\npoll = { request = \"api\", every = \"1 ms\" }\n[pool.api]",
            "polled too often",
        ),
        ("{ think = \"5 s\" }", "{ think = \"5 s\", until = \"2 s\" }", "belongs to a step with `stream`"),
        ("wait = \"drop\"", "wait = \"start\"", "drop"),
        ("wait = \"drop\"", "wait = { until = 5 }", "unit"),
        (
            "{ think = \"5 s\" }",
            "{ think = \"5 s\", then = { name = \"brows\", probability = 0.5 } }",
            "did you mean `browse`?",
        ),
        ("[journey.watch]", "[journey.watch]\nrepeat = { times = 0 }", "from 1"),
        (
            "[journey.watch]",
            "[journey.watch]\nrepeat = { pacing = \"1 min\" }",
            "viewers return to the first step for ever",
        ),
        ("rtt = \"20 ms\"", "rtt = { uniform = { low = \"9 ms\", high = \"2 ms\" } }", "below 9 ms"),
        ("rtt = \"20 ms\"", "loss = \"0.1%\"", "client `web` would wait for a lost attempt for ever"),
    ]);
}
