//! Wrong demand: steps, rounds, moments, distances.

use super::refused;

#[test]
fn steps_rounds_and_distances_are_checked() {
    refused(&[
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
            "whoever comes goes back to the first step for ever",
        ),
        ("rtt = \"20 ms\"", "rtt = { uniform = { low = \"9 ms\", high = \"2 ms\" } }", "below 9 ms"),
        ("rtt = \"20 ms\"", "loss = \"0.1%\"", "client `web` would wait for a lost attempt for ever"),
    ]);
}
