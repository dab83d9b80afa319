//! Strangers: people of their own, in a region of their own, who share no pool with anyone. Nobody may notice them, whatever
//! mechanisms their settings use.

use dropstorm::measure::Scope;
use toml::Table;

use super::case::{Case, holds};
use super::twin::{figures, joined, same_rows, with_regions_stated};

const STRANGERS: &str = "[region.strangeland]\n[audience.strangers]\nviewers = { strangeland = 40 }\n\
    arrival = { exponential = { mean = \"30 s\" } }\njourney = \"strange\"\nclient = \"stranger\"\n\
    [journey.strange]\nsteps = [{ request = \"elsewhere\" }, { stream = \"20 s\" }]\n\
    [pool.elsewhere]\nservers = 1\nservice = \"600 ms\"\nqueue = { shared = { limit = 9 } }\n\
    [client.stranger]\nretry = { attempts = 3 }\n";

/// Mechanisms that the strangers may use besides, by the text that a text of [`STRANGERS`] gives way to.
const MECHANISMS: &[(&str, &[(&str, &str)])] = &[
    ("none", &[]),
    (
        "protections of a pool",
        &[(
            "queue = { shared = { limit = 9 } }",
            "queue = { per_server = { limit = 9, balancer = \"least_loaded\", discipline = { codel = {} }, priority = \"strict\" } }\n\
             rate_limit = { token_bucket = { rate = \"2/s\", burst = 3, per = \"viewer\" } }\n\
             shed = { cubic = { from = \"50%\", to = \"100%\", of = \"utilization\" } }\n\
             concurrency_limit = { aimd = { initial = 2, min = 1, max = 9 } }\nturn_away = \"20 ms\"\n\
             retry_after = { exponential = { mean = \"2 s\" } }",
        )],
    ),
    (
        "servers that come and go",
        &[(
            "queue = { shared = { limit = 9 } }",
            "queue = { per_server = { balancer = { least_of = { choices = 2 } }, limit = 5 } }\n\
             crash = { every = { exponential = { mean = \"20 s\" } }, repair = \"5 s\", notice = \"1 s\", when_full = \"3 s\" }\n\
             warm_up = { lasts = \"10 s\", slowdown = 3.0 }\nfailures = [0.5, 0]\neject = { failures = 1, at_most = \"90%\" }\n\
             [pool.elsewhere.autoscale]\nevery = \"3 s\"\nat_most = 5\nboot = { exponential = { mean = \"4 s\" } }\n\
             policy = { target = { metric = \"queue_per_server\", value = 1 } }",
        )],
    ),
    (
        "servers that differ",
        &[(
            "servers = 1\nservice = \"600 ms\"\nqueue = { shared = { limit = 9 } }",
            "servers = 3\nservice = \"600 ms\"\nspeeds = [1.0, 0.5]\nfailures = [0, 0.2, 0]\ndown = \"10%\"\n\
             queue = { per_server = { balancer = \"sticky\", limit = 5, redispatch = true, discipline = { adaptive_lifo = { after = \"1 s\" } } } }\n\
             queue_timeout = \"controlled_delay\"\nslowdown = { contention = 0.1 }\nshed = { wait = { above = \"80 ms\" } }\n\
             concurrency_limit = { gradient2 = { initial = 3, min = 1, max = 9 } }",
        )],
    ),
    (
        "cores, steps and recent times",
        &[(
            "queue = { shared = { limit = 9 } }",
            "cores = 1\nconcurrency = 3\nqueue = { per_server = { balancer = \"peak_ewma\", limit = 4, discipline = \"lifo\" } }\n\
             [pool.elsewhere.autoscale]\nevery = \"3 s\"\nat_most = 5\nboot = { exponential = { mean = \"4 s\" } }\n\
             policy = { steps = { metric = \"cpu\", bounds = [{ above = \"60%\", add = 1 }, { below = \"20%\", remove = \"50%\" }] } }\n\
             scale_in = { stabilization = \"0 s\" }",
        )],
    ),
    (
        "calls and caches",
        &[(
            "queue = { shared = { limit = 9 } }",
            "calls = [{ pool = \"beyond\", times = 2, cache = { hit = \"50%\", fill = 20 }, client = \"stranger\" },\n\
             { parallel = [{ pool = \"beyond\", probability = 0.5 }, { pool = \"beyond\", optional = true }] }]\n\
             [pool.beyond]\nservers = 1\nservice = \"300 ms\"\nfailure = \"20%\"",
        )],
    ),
    (
        "apps that protect others and themselves",
        &[(
            "retry = { attempts = 3 }",
            "timeout = \"1 s\"\npropagate_deadline = true\nretry = { attempts = 3, jitter = \"decorrelated\" }\n\
             budget = { bucket = {} }\nbreaker = { requests = 2 }\nadaptive_throttle = {}\nhedge = { after = \"300 ms\" }\n\
             patience = { until_service = { exponential = { mean = \"5 s\" } } }\nstall_patience = \"2 s\"\n\
             refresh = { probability = 0.8, delay = \"2 s\", attempts = 5 }\n\
             come_back = { probability = 0.5, delay = \"9 s\" }\nreport = { probability = 0.5, delay = \"3 s\" }",
        )],
    ),
    (
        "a waiting room and rounds",
        &[
            ("steps = [", "repeat = { times = 3, pacing = \"7 s\" }\nsteps = [{ enter = \"gate\" }, "),
            (
                "[client.stranger]",
                "[waiting_room.gate]\nadmit = { rate = \"3/s\", inside = 9 }\norder = \"lottery\"\n\
                 patience = { exponential = { mean = \"20 s\" } }\npoll = { request = \"elsewhere\", every = \"4 s\" }\n[client.stranger]",
            ),
        ],
    ),
    (
        "distance, loss and a narrow link",
        &[
            (
                "[region.strangeland]",
                "[region.strangeland]\nrtt = { exponential = { mean = \"90 ms\" } }\nloss = \"5%\"\nlink = { capacity = \"900 kbps\" }\n\
                 drop_delay = \"10 s\"\ndelivery = { ladder = [\"235 kbps\"] }",
            ),
            ("retry = {", "timeout = \"2 s\"\nretry = {"),
            (
                "{ stream = \"20 s\" }",
                "{ stream = \"20 s\", until = \"+1 min\", heartbeat = { request = \"elsewhere\", every = \"6 s\" } }",
            ),
        ],
    ),
];

/// Whether all figures of a scenario stay as they are when strangers of some mechanisms are there too, before and after all others.
fn unmoved_by_strangers(tree: &Table, mechanisms: usize) -> Result<(), String> {
    let is_scaled = tree.contains_key("scale");
    // Below scale 1, attempts share cores only at servers of which at least four are left.
    let shares_cores = |text: &str| text.contains("cores") || text.contains("slowdown = {");
    let fits =
        |(_, replaced): &&(&str, &[(&str, &str)])| !is_scaled || !replaced.iter().any(|(_, to)| shares_cores(to));
    let fitting: Vec<_> = MECHANISMS.iter().filter(fits).collect();
    let (what, replaced) = fitting[mechanisms % fitting.len()];
    let replace = |text: String, (from, to): &(&str, &str)| {
        assert!(text.contains(from), "the strangers have no `{from}`");
        text.replace(from, to)
    };
    let strangers: Table = replaced.iter().fold(STRANGERS.to_owned(), replace).parse().unwrap();
    let alone = figures(tree)?;
    for before in [true, false] {
        let together = figures(&joined(tree, &strangers, before))?;
        let more = |kind: &str| strangers.get(kind).and_then(|tables| tables.as_table()).map_or(0, Table::len);
        let moved = |kind: &str, index: Option<usize>| index.map(|index| index + if before { more(kind) } else { 0 });
        same_rows(&alone, &together, |scope| {
            let theirs = scope.request.is_none() && scope != Scope::default();
            theirs.then_some(Scope {
                region: moved("region", scope.region),
                pool: moved("pool", scope.pool),
                request: None,
            })
        })
        .map_err(|why| format!("{why}; the strangers use {what}"))?;
    }
    Ok(())
}

pub fn shift_nothing(case: &Case) -> Result<(), String> {
    // Each case meets strangers of other mechanisms.
    let mechanisms = case.drawn.text().len();
    with_regions_stated(&case.drawn).map_or(Ok(()), |tree| unmoved_by_strangers(&tree, mechanisms))
}

#[test]
fn an_audience_beside_shifts_nobodys_draws() {
    holds(shift_nothing);
}

/// All come at once, into rows that strangers have left in their own order; their streams stall on the same narrow link, end
/// together, and ask of a pool that cannot serve all.
#[test]
fn strangers_shift_nobodys_turn_when_stalled_streams_end_together() {
    let text = "title = \"Together\"\nstart = 2026-01-09T08:59:00Z\ndrop = 2026-01-09T09:00:00Z\n\
        end = 2026-01-09T09:05:00Z\ninterval = \"20 s\"\n\
        [region.a]\nlink = { capacity = \"900 kbps\" }\n\
        [audience.fans]\nviewers = { a = 60 }\narrival = \"90 s\"\njourney = \"j\"\n\
        [journey.j]\nsteps = [{ stream = \"1 s\" }, { request = \"q\" }]\n\
        [pool.q]\nservers = 3\nservice = { exponential = { mean = \"20 s\" } }\nqueue = { shared = { limit = 0 } }\n\
        [delivery]\nladder = [\"235 kbps\", \"3 Mbps\"]\n\
        devices = { phone = { peak = \"750 kbps\", share = 0.4 }, tv = { peak = \"3 Mbps\", share = 0.6 } }\n";
    (0..MECHANISMS.len()).for_each(|mechanisms| unmoved_by_strangers(&text.parse().unwrap(), mechanisms).unwrap());
}
