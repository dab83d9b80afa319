//! What the schema does not say: whose name a text is, and how large a number may be for a run to take milliseconds.
//!
//! A key without a hint is drawn all the same. If no draw of it is ever accepted, a test says so and asks for a hint here.

use dropstorm::vocabulary::Column;

/// Features that are always on: without them nobody comes, nobody asks, or nothing is shed.
pub const ALWAYS: &[&str] = &[
    "audience 1",
    "journey 1",
    "pool 1",
    "pool 2",
    "client 1",
    "client 2",
    "Pool.calls",
    "Step.request",
    "Audience.viewers",
    "Queue.shared",
    "SharedQueue.discipline",
    "Discipline.codel",
    "Call.client",
    "Client.retry",
    "Client.budget",
    "Budget.bucket",
];

/// How likely a choice falls on such a feature, besides its share among all that are on.
pub const LIVELY: f64 = 0.35;

/// Features that a case may be given together, since chance alone seldom draws all that the last of them need.
pub const TOGETHER: &[&[&str]] = &[
    &["Pool.queue", "Queue.per_server", "Balancer = random", "PerServerQueue.discipline", "Discipline = lifo"],
    &[
        "Pool.queue",
        "Queue.per_server",
        "Balancer = round_robin",
        "PerServerQueue.discipline",
        "Discipline = adaptive_lifo",
    ],
    &["Pool.queue", "Queue.per_server", "Balancer = least_loaded"],
    &["Pool.queue", "Queue.per_server", "Balancer.least_loaded", "LeastLoaded.view_age"],
    &["Pool.queue", "Queue.per_server", "Balancer = least_of"],
    &["Pool.queue", "Queue.per_server", "Balancer.least_of", "LeastOf.choices", "LeastOf.view_age"],
    &["Pool.queue", "Queue.per_server", "Balancer = peak_ewma"],
    &["Pool.queue", "Queue.per_server", "Balancer.peak_ewma", "PeakEwma.choices", "PeakEwma.decay"],
    &["Pool.queue", "Queue.per_server", "Balancer = sticky"],
    &["Pool.queue", "Queue.shared", "SharedQueue.discipline", "Discipline = lifo"],
    &["Pool.queue", "Queue.shared", "SharedQueue.discipline", "Discipline = adaptive_lifo"],
    &["Pool.queue", "Queue.shared", "SharedQueue.discipline", "Discipline.adaptive_lifo", "AdaptiveLifo.after"],
    &["Client.budget", "Budget.ratio", "Ratio.share", "Ratio.at_least", "Ratio.window"],
    &["Client.budget", "Budget.concurrent", "Concurrent.share", "Concurrent.at_least"],
    &["Client.budget", "Budget.tokens", "Tokens.capacity", "Tokens.retry", "Tokens.timeout", "Tokens.refund"],
    &["Pool.concurrency_limit", "ConcurrencyLimit.aimd", "Aimd.initial", "Aimd.min", "Aimd.max"],
    &["Pool.concurrency_limit", "ConcurrencyLimit.aimd", "Aimd.backoff", "Aimd.timeout"],
    &["Pool.concurrency_limit", "ConcurrencyLimit.vegas", "Vegas.initial", "Vegas.max"],
    &["Pool.concurrency_limit", "ConcurrencyLimit.gradient2", "Gradient2.initial", "Gradient2.max"],
    &["Pool.shed", "Shed.cubic", "Cubic.from", "Cubic.to", "Cubic.of", "Load = utilization"],
    &["Pool.shed", "Shed.cubic", "Cubic.of", "Load = cpu", "Pool.cores"],
    &["Spec.threshold", "Threshold.of", "Scope2.request", "Threshold.at_least_attempts"],
];

/// How many of those each case is given, and how likely a choice falls on a feature of theirs.
pub const GIVEN: u64 = 4;
pub const GIVEN_WINS: f64 = 0.7;

/// Keys of the file that are not drawn: the frame of the run, and what names another scenario.
pub const NOT_DRAWN: &[&str] = &["title", "start", "drop", "end", "interval", "extends"];

/// Whose names stand where, if the key is not called after their table as `client` and `regions` are.
const NAMES_OF: &[(&str, &str)] = &[
    ("request", "pool"),
    ("Step.enter", "waiting_room"),
    ("Audience.viewers", "region"),
    ("Audience.rate", "region"),
    ("Reports.usual", "region"),
    ("Region.route", "pool"),
    ("Region.route.*", "pool"),
];

/// Texts that mean something where they stand.
const TEXTS: &[(&str, &[&str])] = &[
    ("Heartbeat.name", &["beat"]),
    ("Poll.name", &["poll"]),
    ("name", &["open", "play", "pool1", "pool2"]),
    ("time_zone", &["UTC", "Europe/Paris", "Asia/Kolkata", "America/Sao_Paulo"]),
    ("Region.map", &["FR", "NO SE"]),
    ("Spec.trigger[]", &["audience.audience1"]),
    ("Trace.file", &["tests/scenarios/arrivals.csv"]),
    ("Trace.time", &["minute"]),
    ("Trace.count", &["people"]),
    ("Empirical.file", &["tests/scenarios/spans.txt"]),
];

/// Keys that mean something only where another key stands beside them.
const BESIDE: &[(&str, &str)] = &[
    ("Audience.arrival", "viewers"),
    ("Audience.profile", "rate"),
    ("Audience.repeat", "profile"),
    ("Audience.from", "rate"),
    ("Audience.until", "rate"),
    ("Audience.already", "rate"),
    // As beside `trace`; beside `viewers` it has no meaning.
    ("Audience.spacing", "rate"),
    ("Step.name", "request"),
    ("Step.times", "request"),
    ("Step.optional", "request"),
    ("Step.priority", "request"),
    ("Step.spread", "wait"),
    ("Step.until", "stream"),
    ("Step.heartbeat", "stream"),
    ("Call.client", "pool"),
    ("Call.times", "pool"),
    ("Call.probability", "pool"),
    ("Call.optional", "pool"),
    ("Call.latency", "pool"),
    ("Call.priority", "pool"),
    ("Call.cache", "pool"),
];

/// Keys that are needed wherever they may stand, though the schema does not say so.
const NEEDED: &[&str] = &["Audience.arrival", "Trace.unit"];

/// Tables with exactly one of some sets of keys, where the schema does not say so.
const EXACTLY: &[(&str, &[&[&str]])] = &[
    ("Lognormal", &[&["median", "sigma"], &["mean", "cv"], &["median", "p99"]]),
    ("Threshold", &[&["at_most"], &["at_least"]]),
    ("ScalingStep", &[&["above", "add"], &["below", "remove"]]),
];

/// Keys that few of the places where they stand allow.
const SELDOM: &[&str] = &["ShiftedLaw.shift"];

/// Spans of protections that act only where they are shorter than the waits of a small scenario.
const BRIEF: &[&str] = &[
    "Crash.when_full",
    "CoDel.target",
    "CoDel.interval",
    "ControlledDelay.target",
    "ControlledDelay.interval",
    "AdaptiveLifo.after",
    "Hedge.after",
];

/// The highest number that is drawn above the least one allowed, where the usual one would make a run long or dull.
const HIGHEST: &[(&str, f64)] = &[
    ("viewers", 100.0),
    ("Audience.viewers.*", 100.0),
    ("servers", 3.0),
    ("concurrency", 2.0),
    ("limit", 12.0),
    ("attempts", 6.0),
    ("Bucket.earn", 0.2),
    ("Cache.fill", 20.0),
    ("Trace.scale", 0.2),
    ("cores", 2.0),
    ("WarmUp.slowdown", 3.0),
    ("Slowdown.contention", 0.3),
    ("Slowdown.coherency", 0.05),
    ("at_least", 2.0),
    ("Autoscale.at_most", 8.0),
    ("Target.value", 1.0),
    ("ScalingStep.above", 1.0),
    ("ScalingStep.below", 1.0),
    ("Autoscale.schedule[]", 2.0),
    ("seed", 1e9),
    // The least one allowed is 1, and `max` is no less than `min` and `initial`, which are 20 if absent.
    ("Aimd.initial", 30.0),
    ("Aimd.min", 20.0),
    ("Aimd.max", 200.0),
];

/// The highest whole number or factor, above the least one allowed.
const USUAL_HIGHEST: f64 = 4.0;

/// The value of a hint for a position: by its whole name, or by its key alone.
fn hint<T: Copy>(hints: &[(&str, T)], position: &str) -> Option<T> {
    let found = |name: &str| hints.iter().find(|(known, _)| *known == name).map(|(_, hint)| *hint);
    found(position).or_else(|| found(key(position)))
}

/// The key at the end of a position: `limit` of `SharedQueue.limit`, `audiences` of `Multiplier.audiences[]`.
fn key(position: &str) -> &str {
    position.trim_end_matches("[]").rsplit('.').next().unwrap_or_default()
}

/// The table whose names stand at a position.
pub fn table_named<'t>(position: &str, tables: &[&'t str]) -> Option<&'t str> {
    let called = hint(NAMES_OF, position).unwrap_or(key(position));
    tables.iter().copied().find(|table| called == *table || called.strip_suffix('s') == Some(table))
}

/// The key that must stand beside a position for it to mean anything.
pub fn beside(position: &str) -> Option<&'static str> {
    hint(BESIDE, position)
}

/// The sets of keys of which a table has exactly one.
pub fn exactly(table: &str) -> &'static [&'static [&'static str]] {
    hint(EXACTLY, table).unwrap_or_default()
}

pub fn is_needed(position: &str) -> bool {
    NEEDED.contains(&position)
}

pub fn is_brief(position: &str) -> bool {
    BRIEF.contains(&position)
}

pub fn is_seldom(position: &str) -> bool {
    SELDOM.contains(&position)
}

/// The key of a choice that alone can stand at a position of this path.
pub fn only(position: &str, path: &str) -> Option<&'static str> {
    (position == "Call" && path.contains(".parallel.")).then_some("pool")
}

/// Whether only a human has the key of a position.
pub fn is_of_a_human(position: &str) -> bool {
    let keys = ["patience", "refresh", "come_back", "report", "stall_patience"];
    position.strip_prefix("Client.").is_some_and(|key| keys.contains(&key))
}

/// The texts that mean something at a position.
pub fn texts(position: &str) -> Option<Vec<&'static str>> {
    match key(position) {
        "metric" => {
            let figures = ["harm.saw_error", "trouble.over_s", "error_rate.overall", "amplification.total"];
            // A rate is what most thresholds are about, and what the most keys go with.
            let rates = [Column::ErrorRate.name(); 20];
            Some(Column::ALL.iter().map(|column| column.name()).chain(figures).chain(rates).collect())
        }
        _ => hint(TEXTS, position).map(<[_]>::to_vec),
    }
}

/// The highest number above the least one allowed.
pub fn highest(position: &str) -> f64 {
    hint(HIGHEST, position).unwrap_or(USUAL_HIGHEST)
}
