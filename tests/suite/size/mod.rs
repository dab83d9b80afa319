//! The estimated size of runs: near to what runs take, said before they begin, and refused where it does not fit.

use dropstorm::engine::{self, Seed};
use dropstorm::experiment::{Progress, Watch};
use dropstorm::measure::{Measurements, Stopped};
use dropstorm::model::{Model, estimate};
use dropstorm::scenario::Scenario;

use super::desk::Desk;
use super::library;

mod long;
mod row;

use row::{compared, off};

const WINDOW: &str = r#"title = "t"
start = 2020-04-03T09:00:00Z
drop  = 2020-04-03T09:00:00Z
"#;

/// A window of two hours, in which people ask once.
fn asking(people: &str) -> String {
    format!(
        "{WINDOW}end = 2020-04-03T11:00:00Z\n[audience.crowd]\n{people}\njourney = \"watch\"\n[journey.watch]\n\
         steps = [{{ request = \"api\" }}]\n[pool.api]\nservers = 10\nservice = {{ exponential = {{ mean = \"50 ms\" }} }}\n"
    )
}

fn model(text: &str) -> Model {
    Model::compile(&Scenario::parse("t.toml", text).unwrap_or_else(|errors| panic!("{errors}")))
}

fn run(model: &Model, seed: u64) -> Measurements {
    engine::run(model, Seed { seed, replication: 0 })
}

/// The scenarios of the library.
fn library() -> Vec<(String, Scenario)> {
    let files = library::library().into_iter();
    files.map(|file| Scenario::read(&file).unwrap()).map(|scenario| (scenario.name().to_owned(), scenario)).collect()
}

#[test]
fn the_estimates_of_the_library_are_near() {
    for (name, scenario) in library() {
        // The fewest servers of a scenario bound the smallest scale that it can take.
        let smallest =
            ["0.005", "0.02", "0.1", "0.25"].into_iter().find_map(|scale| scenario.with("scale", scale).ok());
        let model = Model::compile(&smallest.unwrap_or_else(|| scenario.clone()));
        let (events, memory, line) = compared(&name, &model, &run(&model, scenario.spec().seed));
        println!("{line}");
        assert!(events < 3.0 && memory < 2.0, "{line}");
    }
}

/// A crowd of four times what the servers carry, behind each protection.
#[test]
fn the_estimate_knows_what_protects_a_pool() {
    let crowd = "viewers = 50_000\narrival = { exponential = { mean = \"1 min\" } }\nclient = \"app\"";
    let app = "[client.app]\nretry = { attempts = 3, backoff = { exponential = { base = \"1 s\" } } }\n";
    let unprotected = estimate(&model(&asking(crowd).replace("[pool.api]", &format!("{app}[pool.api]"))));
    for protection in [
        "rate_limit = { token_bucket = { rate = \"100/s\", burst = 50 } }",
        "shed = { wait = { above = \"100 ms\" } }",
        "shed = { cubic = { from = \"80%\", to = \"100%\", of = \"utilization\" } }",
        "concurrency_limit = { gradient2 = { max = 30 } }",
    ] {
        let text = asking(crowd).replace("[pool.api]", &format!("{app}[pool.api]\n{protection}"));
        let model = model(&text);
        let run = run(&model, 1);
        let (events, _, line) = compared(protection, &model, &run);
        println!("{line}");
        let load = estimate(&model);
        assert!(events < 3.0 && load.attempts < unprotected.attempts / 5.0, "{line}");
        assert!(off(load.attempts, run.size.attempts as f64, 100.0) < 3.0, "{line}");
    }
}

/// A crowd of four times what the servers carry, whose apps keep attempts back.
#[test]
fn the_estimate_knows_breakers_of_regions_and_throttles() {
    let crowd = "viewers = 20_000\narrival = { exponential = { mean = \"30 s\" } }\nclient = \"app\"";
    let queue = "queue = { shared = { limit = 50 } }";
    for protection in ["breaker = {}\nscope = \"region\"", "adaptive_throttle = {}"] {
        let app = "timeout = \"2 s\"\nretry = { attempts = 9, backoff = { exponential = { base = \"1 s\" } } }";
        let app = format!("[client.app]\n{app}\n{protection}\n[pool.api]\n{queue}");
        let model = model(&asking(crowd).replace("[pool.api]", &app));
        let run = run(&model, 1);
        let (events, _, line) = compared(protection, &model, &run);
        println!("{line}");
        assert!(events < 3.0, "{line}");
    }
}

/// What was told of a scenario, and what its run took.
#[track_caller]
fn is_near(name: &str, text: &str, factor: f64) -> (f64, f64) {
    let model = model(text);
    let run = run(&model, 1);
    let (events, memory, line) = compared(name, &model, &run);
    println!("{line}");
    assert!(events < factor && memory < 2.0, "{line}");
    (estimate(&model).sent, run.events as f64)
}

/// A crowd of four times what the servers carry, of whom each has protections of an own.
#[test]
fn the_estimate_knows_the_protections_of_single_callers() {
    let crowd = "viewers = 20_000\narrival = { exponential = { mean = \"30 s\" } }\nclient = \"app\"";
    let client =
        "timeout = \"2 s\"\nretry = { attempts = 9, backoff = { exponential = { base = \"1 s\", cap = \"1 s\" } } }";
    let text = |protection: &str| {
        let app = format!("[client.app]\n{client}\n{protection}\n[pool.api]\nqueue = {{ shared = {{ limit = 50 }} }}");
        asking(crowd).replace("[pool.api]", &app)
    };
    let unprotected = estimate(&model(&text("")));
    for (protection, binds) in [
        ("breaker = { requests = 3, window = \"20 s\", error_rate = \"50%\", sleep = \"20 s\" }", true),
        ("adaptive_throttle = {}", true),
        ("budget = { bucket = { earn = 0.1, most = 2 } }", true),
        ("budget = { gate = { max_tokens = 4, token_ratio = 0.1 } }", true),
        ("budget = { tokens = { capacity = 20, retry = 10 } }", true),
        ("budget = { ratio = { at_least = \"0.2/s\" } }", true),
        // One app never uses up what these allow.
        ("breaker = {}", false),
        ("budget = { ratio = {} }", false),
        ("budget = { concurrent = {} }", false),
        ("budget = { tokens = {} }", false),
    ] {
        let (sent, _) = is_near(protection, &text(protection), 1.7);
        assert_eq!(sent < 0.8 * unprotected.sent, binds, "{protection}: {sent} of {}", unprotected.sent);
    }
}

/// Two hundred thousand people who are all inside at once, with what their apps and journeys remember beside their rows.
#[test]
fn the_estimate_knows_the_memory_of_what_is_kept_for_each_viewer() {
    let crowd = "viewers = 200_000\narrival = { exponential = { mean = \"30 s\" } }\nclient = \"app\"";
    let stays = "{ request = \"api\" }, { stream = \"2 h\" }";
    for (client, journey) in [
        ("", ""),
        ("breaker = {}", ""),
        ("adaptive_throttle = {}", ""),
        ("budget = { ratio = {} }", ""),
        ("budget = { tokens = {} }", ""),
        ("hedge = { after = \"1 s\" }", ""),
        ("breaker = {}\nadaptive_throttle = {}\nbudget = { ratio = {} }\nscope = \"region\"", ""),
        ("", "repeat = { times = 2, pacing = \"1 min\" }"),
    ] {
        let text = asking(crowd)
            .replace("{ request = \"api\" }", stays)
            .replace("[pool.api]", &format!("{journey}\n[client.app]\n{client}\n[pool.api]\nconcurrency = 1000"))
            .replace("11:00:00Z", "09:03:00Z");
        let model = model(&text);
        let (_, memory, line) = compared(&format!("{client} {journey}"), &model, &run(&model, 1));
        println!("{line}");
        assert!(memory < 1.35, "{line}");
    }
}

/// A pool that calls another one, which carries a quarter of it, by each kind of client.
#[test]
fn the_estimate_knows_the_clients_of_calls() {
    let crowd = "rate = \"100/s\"\n";
    let retry = "timeout = \"1 s\"\nretry = { attempts = 4, backoff = { exponential = { base = \"100 ms\" } } }";
    let text = |client: &str, pool: &str| {
        let calls = "calls = [{ pool = \"database\", client = \"gateway\" }]\nconcurrency = 100\n";
        let database = "[pool.database]\nservers = 1\nservice = { exponential = { mean = \"50 ms\" } }";
        let text = asking(crowd).replace("end = 2020-04-03T11", "end = 2020-04-03T09:05");
        let text = text.replace(":05:00:00Z", ":05:00Z");
        format!(
            "{text}{calls}{database}\nqueue = {{ shared = {{ limit = 50 }} }}\n{pool}\n[client.gateway]\n{client}\n"
        )
    };
    let unprotected = estimate(&model(&text(retry, "")));
    for (protection, binds) in [
        ("breaker = {}", true),
        ("breaker = {}\nscope = \"region\"", true),
        ("adaptive_throttle = { k = 1.2 }", true),
        ("budget = { ratio = { at_least = \"0/s\" } }", true),
        ("budget = { concurrent = {} }", true),
        ("budget = { tokens = {} }", true),
        ("budget = { gate = {} }", true),
        ("budget = { bucket = {} }", true),
        ("propagate_deadline = true", false),
    ] {
        let (sent, _) = is_near(protection, &text(&format!("{retry}\n{protection}"), ""), 1.7);
        assert_eq!(sent < 0.8 * unprotected.sent, binds, "{protection}: {sent} of {}", unprotected.sent);
    }
    for (client, pool) in [
        ("", ""),
        ("timeout = \"100 ms\"", "on_abandon = \"keep\""),
        ("timeout = \"100 ms\"\npropagate_deadline = true", "on_abandon = \"keep\""),
        ("hedge = { after = \"50 ms\" }", ""),
        (retry, "rate_limit = { token_bucket = { rate = \"10/s\", burst = 10 } }"),
        (retry, "rate_limit = { token_bucket = { rate = \"10/s\", burst = 10 } }\nretry_after = \"1 s\""),
    ] {
        is_near(&format!("{client} {pool}"), &text(client, pool), 1.7);
    }
}

/// What makes events beside attempts, and what keeps people from making them, each alone.
#[test]
fn the_estimate_knows_rooms_rounds_crashes_copies_and_servers_that_are_not_there() {
    let crowd = "viewers = 2_000\narrival = { exponential = { mean = \"1 min\" } }\nclient = \"app\"";
    let few = "viewers = 10\narrival = { exponential = { mean = \"1 min\" } }\nclient = \"app\"";
    let steps = |first: &str, repeat: &str| format!("steps = [{{ {first} }}, {{ request = \"api\" }}]\n{repeat}");
    let forever = |pacing: &str| format!("repeat = {{ times = \"forever\", pacing = \"{pacing}\" }}\n");
    let room = |keys: &str| format!("[waiting_room.lobby]\nadmit = {{ rate = \"2/s\" }}\n{keys}\n");
    let poll = "poll = { request = \"api\", every = \"1 s\" }";
    let stream = "stream = \"10 min\", until = \"1 min\"";
    let one_server = "queue = { per_server = { limit = 50, balancer = \"random\" } }\ncrash = { every = \"5 s\", repair = \"1 s\", notice = \"1 s\" }";
    for (name, people, journey, app, pool, rest) in [
        (
            "patience in a room",
            crowd,
            steps("enter = \"lobby\"", ""),
            "",
            "",
            room(&format!("patience = \"20 s\"\n{poll}")),
        ),
        ("a room passed again", few, steps("enter = \"lobby\"", &forever("1 s")), "", "", room("")),
        ("a stream that has ended", few, steps(stream, &forever("20 s")), "", "", String::new()),
        ("servers that are down", few, steps("think = \"1 s\"", &forever("0 s")), "", "down = \"100%\"", String::new()),
        ("crashes", few, steps("think = \"1 s\"", ""), "", one_server, String::new()),
        ("copies", crowd, steps("think = \"1 s\"", ""), "hedge = { after = \"20 ms\" }", "", String::new()),
        (
            "cores that are shared",
            crowd,
            steps("think = \"1 s\"", ""),
            "",
            "concurrency = \"unlimited\"\ncores = 1\nqueue = { shared = { limit = 1 } }\nqueue_timeout = \"10 ms\"",
            String::new(),
        ),
        (
            "looks at the load",
            few,
            steps("think = \"1 s\"", ""),
            "",
            "shed = { cubic = { from = \"80%\", to = \"100%\", of = \"utilization\" } }",
            String::new(),
        ),
    ] {
        let text = asking(people)
            .replace("steps = [{ request = \"api\" }]", &journey)
            .replace("[pool.api]", &format!("[client.app]\n{app}\n{rest}[pool.api]\n{pool}"));
        let model = model(&text);
        let run = run(&model, 1);
        let (events, _, line) = compared(name, &model, &run);
        println!("{line}");
        assert!(events < 2.0, "{line}");
    }
}

/// People and programs who ask again and again at a queue that is full: few of them wait until their time is up, and the others
/// leave nothing behind.
#[test]
fn the_estimate_knows_that_a_full_queue_rejects_at_once() {
    let crowd = "viewers = 2_000\narrival = { exponential = { mean = \"30 s\" } }\nclient = \"app\"";
    let app =
        "timeout = \"20 s\"\nretry = { attempts = 300, backoff = { exponential = { base = \"1 s\", factor = 1.0 } } }";
    let pool = "queue_timeout = \"5 s\"\nqueue = { shared = { limit = 100 } }";
    let text = asking(crowd).replace("[pool.api]", &format!("[client.app]\n{app}\n[pool.api]\n{pool}"));
    is_near("a full queue", &text.replace("servers = 10", "servers = 1"), 1.5);
}

/// Streams over a link that carries a third of them at the lowest bit rate.
#[test]
fn the_estimate_knows_streams_that_stall_and_who_leaves_them() {
    let crowd = "viewers = 20_000\narrival = { exponential = { mean = \"2 min\" } }\nclient = \"app\"";
    let stream = "{ request = \"api\" }, { stream = \"10 min\", heartbeat = { request = \"api\", every = \"1 min\" } }";
    let video = "[region.north]\nlink.capacity = \"2 Gbps\"\n[delivery]\nladder = [\"300 kbps\", \"1 Mbps\"]\n";
    let text = asking(crowd).replace("{ request = \"api\" }", stream).replace("servers = 10", "servers = 1000");
    let text = |client: &str| text.replace("[pool.api]", &format!("{video}[client.app]\n{client}\n[pool.api]"));
    let of = |name: &str, client: &str, factor: f64| {
        is_near(name, &text(client), factor);
        estimate(&model(&text(client)))
    };
    let leave = "stall_patience = { exponential = { mean = \"1 min\" } }";
    let return_ = "come_back = { probability = \"90%\", delay = { exponential = { mean = \"5 min\" } } }";
    let stalled = of("streams that stall", "", 1.35);
    let impatient = of("people who leave", leave, 1.35);
    let back = of("people who come back", &format!("{leave}\n{return_}"), 2.5);
    let free = estimate(&model(&text("").replace("2 Gbps", "20 Gbps")));
    assert!(stalled.events > 1.7 * free.events && impatient.events < 0.7 * stalled.events, "{free:?} {stalled:?}");
    assert!(back.events > 1.2 * impatient.events, "{impatient:?} {back:?}");
}

#[test]
fn people_outside_of_the_window_cost_nothing() {
    let many = "viewers = 2_000_000_000\narrival = { exponential = { mean = \"30 d\" }, shift = \"-60 d\" }";
    let model = model(&asking(many).replace("servers = 10", "servers = 1_000_000"));
    let load = estimate(&model);
    let run = run(&model, 1);
    // All but e^−2 of them have come before the window; of the others one in 360 comes within two hours.
    let expected = 2e9 * libm::exp(-2.0) * -libm::expm1(-1.0 / 360.0);
    let five_deviations = 5.0 * expected.sqrt() / expected;
    assert!(
        (run.ledger.arrived as f64 / expected - 1.0).abs() < five_deviations,
        "{} of {expected}",
        run.ledger.arrived
    );
    assert!((load.arrivals / expected - 1.0).abs() < 1e-6, "{} of {expected}", load.arrivals);
    assert_eq!(run.ledger.arrived + run.ledger.outside, 2_000_000_000);
}

#[test]
fn what_does_not_fit_is_refused_with_advice_before_it_begins() {
    let desk = Desk::with(&[]);
    let at_once = "viewers = 2_000_000_000\narrival = { constant = { value = \"1 s\" } }";
    desk.write("crowd.toml", &asking(at_once));
    let stream = "{ stream = { lognormal = { median = \"45 min\", sigma = 10 } } }";
    let steady = asking("rate = \"1/s\"\nalready = \"steady\"").replace("{ request = \"api\" }", stream);
    desk.write("steady.toml", &steady);
    desk.write("plan.toml", "scenario = \"crowd.toml\"\n[vary]\n\"pool.api.servers\" = [1]\n");
    for command in ["run crowd.toml", "run steady.toml", "sweep plan.toml"] {
        let told = desk.run(command);
        assert!(told.must(2, "").err.contains("of memory, and"), "{command}: {}", told.err);
        assert!(told.err.contains("--scale") || told.err.contains("no scale"), "{command}: {}", told.err);
    }
    let told = desk.run("check crowd.toml steady.toml");
    assert!(told.must(0, "").out.contains("roughly"), "{}", told.out);
    assert!(told.err.contains("`run` refuses this"), "{}", told.err);
    let told = desk.run("sweep plan.toml --dry-run");
    assert!(told.must(0, "").err.contains("--force-size"), "{}", told.err);
}

/// Thirty pools in a row, each of which calls the next one ten times, at once or one after the other.
fn chain(calls: &str, slots: &str) -> String {
    let mut text = asking("viewers = 1000\narrival = { exponential = { mean = \"10 min\" } }");
    for pool in 0..30 {
        let name = if pool == 0 { "api".to_owned() } else { format!("p{pool}") };
        let calls = calls.replace("NEXT", &format!("p{}", pool + 1));
        let calls = if pool < 29 { format!("calls = [{calls}]\n") } else { String::new() };
        match pool {
            0 => text.push_str(&format!("{calls}{slots}\n")),
            _ => text.push_str(&format!("[pool.{name}]\nservers = 10\nservice = \"1 ms\"\n{calls}{slots}\n")),
        }
    }
    text
}

#[test]
fn calls_that_multiply_take_no_more_than_the_slots_that_hold_them_and_are_told_as_the_cause_where_nothing_holds_them() {
    let calls = "{ pool = \"NEXT\", times = 10 }";
    // Ten slots that call and ten that serve them: at most ten thousand calls a second in the last pool, and a tenth of that before.
    for calls in [calls.to_owned(), format!("{{ parallel = [{calls}] }}")] {
        let load = estimate(&model(&chain(&calls, "")));
        assert!((40e6..300e6).contains(&load.events) && load.attempts < 100_000.0, "{calls}: {load:?}");
    }
    let desk = Desk::with(&[]);
    desk.write("chain.toml", &chain(&format!("{{ parallel = [{calls}] }}"), "concurrency = \"unlimited\""));
    let told = desk.run("run chain.toml");
    told.must(2, "calls between pools multiply to over 10^15 for each attempt of a person");
    told.must(2, "no scale makes it small enough").must(2, "fewer `times` and `parallel` calls");
}

#[test]
fn a_loop_that_takes_for_ever_asks_to_be_forced() {
    let desk = Desk::with(&[]);
    let back = "{ stream = \"1 us\", then = { name = \"api\", probability = 1 } }";
    let text = asking("viewers = 100\narrival = \"1 s\"")
        .replace("{ request = \"api\" }", &format!("{{ request = \"api\" }}, {back}"));
    desk.write("loop.toml", &text.replace("{ exponential = { mean = \"50 ms\" } }", "\"1 us\""));
    let told = desk.run("check loop.toml");
    assert!(told.must(0, "").err.contains("this would take"), "{}", told.err);
}

#[test]
fn a_limit_of_the_command_keeps_what_there_is_and_marks_it() {
    let desk = Desk::with(&[]);
    desk.write("part.toml", &asking("viewers = 200_000\narrival = { uniform = { low = \"0 s\", high = \"2 h\" } }"));
    let told = desk.run("run part.toml --limit-events 50000 --json");
    assert!(told.must(1, "").err.contains("partial"), "{}", told.err);
    let (summary, manifest) = (desk.json("out/part/summary.json"), desk.json("out/part/manifest.json"));
    assert_eq!((&summary["partial"], &manifest["partial"]), (&true.into(), &true.into()));
    let late = "run part.toml --limit-events 50000 --set measure.from=100min --out late";
    assert!(desk.run(late).must(1, "").err.contains("before the end of its first measured interval"));
    assert!(!desk.path().join("late/part/summary.json").exists(), "nothing is told of a time that was not simulated");
}

#[test]
fn a_run_that_outgrows_its_memory_ends_with_one_line() {
    struct Small;
    impl Progress for Small {
        fn limits(&self) -> engine::Limits {
            engine::Limits { memory: 4 << 20, ..engine::Limits::NONE }
        }
    }
    let model = model(&asking("viewers = 1_000_000\narrival = { uniform = { low = \"0 s\", high = \"1 h\" } }"));
    let mut watch = Watch::new(&Small);
    let run = engine::run_with(&model, Seed { seed: 1, replication: 0 }, &mut watch);
    assert_eq!(run.stopped, Some(Stopped::MemoryLimit));
    // A look every 65,536 events finds it soon after.
    assert!(run.size.bytes < 24 << 20, "{}", run.size.bytes);
}
