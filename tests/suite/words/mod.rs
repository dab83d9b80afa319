//! Verdicts and titles: each state of a run told truly, and nothing said without a claim.

mod rule;

use dropstorm::analysis::{Findings, Replications, figures_of};
use dropstorm::experiment::replicate;
use dropstorm::model::Model;
use dropstorm::report::Context;
use dropstorm::report::words::Words;
use dropstorm::report::words::phrase::Sentence;
use dropstorm::scenario::Scenario;

/// A hundred people a second who ask once, and a pool that serves them easily.
const EVERYDAY: &str = r#"title = "Everyday"
start = 2026-03-01T08:50:00Z
drop = 2026-03-01T09:00:00Z
end = 2026-03-01T09:30:00Z
interval = "10 s"
[audience.crowd]
rate = "100/s"
journey = "visit"
[journey.visit]
steps = [{ request = "api" }]
[pool.api]
servers = 20
service = { exponential = { mean = "50 ms" } }
"#;

/// What is said about some replications of a scenario.
fn words(toml: &str, replications: u64) -> Words {
    let scenario = Scenario::parse("words.toml", toml).unwrap();
    let model = Model::compile(&scenario);
    let runs = replicate(&model, scenario.spec().seed, 0..replications, |run| run);
    let (figures, all) = (figures_of(&runs), Replications::of(&runs));
    let roundings = model.roundings();
    let context = Context::of(&scenario, &model, &roundings);
    let words = Words::of(&context, &figures, &Findings::of(&figures), &all);
    let titles = words.titles.iter().map(|(_, title)| title);
    for sentence in words.verdict.iter().chain(&words.findings).chain(&words.key_figures).chain(titles) {
        assert_eq!(rule::broken(sentence), Vec::<String>::new(), "{}", sentence.shown());
    }
    assert!(words.verdict.len() <= 5, "{}", words.told());
    let is_long = |text: &String| text.contains("; ") && text.split_whitespace().count() > 30;
    assert!(!words.verdict.iter().map(Sentence::shown).any(|text| is_long(&text)), "{}", words.told());
    words
}

/// The verdict and the further findings.
fn said(words: &Words) -> String {
    words.verdict.iter().chain(&words.findings).map(Sentence::shown).collect::<Vec<_>>().join(" ")
}

/// The title of a chart of one run.
fn title(toml: &str, chart: &str) -> String {
    let titles = words(toml, 1).titles;
    titles.iter().find(|(name, _)| *name == chart).map(|(_, title)| title.shown()).unwrap_or_default()
}

/// A window of a minute would hide twenty seconds with one of twenty servers.
#[test]
fn titles_tell_of_a_short_overload_and_of_servers_that_become_fewer() {
    let loss = "queue = { shared = { limit = 10 } }\n[[change]]\nat = \"+0 s\"\nset = { \"pool.api.servers\" = 1 }\n\
        [[change]]\nat = \"+20 s\"\nset = { \"pool.api.servers\" = 20 }\n";
    let toml = format!("{EVERYDAY}{loss}");
    let demand = title(&toml, "demand");
    assert!(demand.contains("Api is sent ") || demand.contains("api is sent "), "{demand}");
    assert!(demand.contains(" times what it can serve, in 20 s from the drop"), "{demand}");
    assert_eq!(title(&toml, "servers"), "Pool api has 1 to 20 servers, the fewest from the drop");
    let more = "[[change]]\nat = \"+5 min\"\nset = { \"pool.api.servers\" = 30 }\n";
    let grows = title(&format!("{EVERYDAY}{more}"), "servers");
    assert_eq!(grows, "Pool api rises from 20 to 30 servers, reached 5 min after the drop");
}

/// Those who wait in vain make the trouble longer than the overload, which is over when they fail.
#[test]
fn the_title_of_demand_tells_of_an_overload_that_is_shorter_than_its_trouble() {
    let loss = "queue = { shared = { limit = 10_000 } }\ntimeout = \"1 s\"\n\
        [[change]]\nat = \"+0 s\"\nset = { \"pool.api.servers\" = 1 }\n\
        [[change]]\nat = \"+10 s\"\nset = { \"pool.api.servers\" = 20 }\n";
    let demand = title(&format!("{EVERYDAY}{loss}"), "demand");
    assert!(
        demand.contains("api is sent ") && demand.contains(" times what it can serve, in 10 s from the drop"),
        "{demand}"
    );
}

/// The pool that people ask has next to nothing to do; the one that it calls is asked for too much.
#[test]
fn the_title_of_demand_is_about_the_called_pool_that_is_to_blame() {
    let called = "calls = [{ pool = \"database\", client = \"api\" }]\n[client.api]\ntimeout = \"1 s\"\n\
        [pool.database]\nservers = 2\nqueue = { shared = { limit = 10 } }\nservice = { exponential = { mean = \"50 ms\" } }\n";
    let demand = title(&format!("{EVERYDAY}{called}"), "demand");
    assert!(demand.contains("database is sent up to 2."), "{demand}");
}

/// A called pool that is slower has room: its caller is asked for too much.
#[test]
fn the_title_of_demand_is_about_the_caller_of_a_pool_that_is_slower() {
    let called = "calls = [{ pool = \"database\" }]\nqueue = { shared = { limit = 100 } }\n\
        [pool.database]\nservers = 2000\nservice = \"50 ms\"\n\
        [[change]]\nat = \"+5 min\"\nset = { \"pool.database.service\" = \"400 ms\" }\n";
    let text = format!("{EVERYDAY}{called}");
    let demand = title(&text, "demand");
    assert!(demand.contains("api is sent up to 2."), "{demand}");
    let told = words(&text, 1).told();
    assert!(told.contains("because calls to database are slower than before"), "{told}");
}

/// The slots of the pool that people ask let few attempts get as far as a call, so that the called pool is sent what it can serve.
#[test]
fn an_overload_of_a_called_pool_is_told_by_what_is_sent_to_its_caller() {
    let called = "calls = [{ pool = \"database\", times = 2 }]\nqueue = { shared = { limit = 100 } }\n\
        [pool.database]\nservers = 20\nservice = \"50 ms\"\n\
        [[change]]\nat = \"+5 min\"\nset = { \"pool.database.servers\" = 2 }\n";
    let text = format!("{}{called}", EVERYDAY.replace("mean = \"50 ms\"", "mean = \"5 ms\""));
    let demand = title(&text, "demand");
    assert!(
        demand.contains("hat is sent to api takes up to 5") && demand.contains(" what database can serve"),
        "{demand}"
    );
    let told = said(&words(&text, 1));
    assert!(told.contains("hat is sent to api takes up to 5"), "{told}");
    let several = said(&words(&text, 3));
    let cause = "api waits for calls in all 3 runs, because database is full in all 3 runs, for ";
    assert!(several.contains(cause), "{several}");
    assert!(several.contains("hat is sent to api takes up to 5") && several.contains(" in the median"), "{several}");
}

/// The sentences of the verdict on one run of the everyday with something added.
fn told(more: &str) -> Vec<String> {
    words(&format!("{EVERYDAY}{more}"), 1).verdict.iter().map(Sentence::shown).collect()
}

/// A change of the number of servers.
fn servers(at: &str, servers: u64) -> String {
    format!("[[change]]\nat = \"{at}\"\nset = {{ \"pool.api.servers\" = {servers} }}\n")
}

#[test]
fn a_calm_run_has_no_trouble_and_no_harm() {
    let told = told("");
    assert!(told[0].starts_with("No attempt of 24"), "{told:?}");
    assert!(told.iter().all(|sentence| !sentence.contains("begins")), "{told:?}");
    assert!(told[1].starts_with("Nobody "), "{told:?}");
}

#[test]
fn a_waiting_room_is_told_with_how_many_it_holds_and_for_how_long() {
    let room = "[waiting_room.lobby]\nadmit = { rate = \"60/s\" }\npatience = \"5 min\"\n";
    let text = EVERYDAY.replace("steps = [", "steps = [{ enter = \"lobby\" }, ") + room;
    let verdict = |text: &str, replications| said(&words(text, replications));
    let said = verdict(&text, 1);
    for part in [
        "people are in waiting rooms",
        "the median wait of those let in is 5 min",
        "eople leave before their turn",
        "people are still in waiting rooms at the end",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let several = verdict(&text, 3);
    for part in [
        "eople in waiting rooms at once: up to",
        "he median wait of those let in is 5 min in the median",
        "eople who are still in waiting rooms at the end: ",
    ] {
        assert!(several.contains(part), "{several}");
    }
    // Half of the rate that the room lets in: next to nobody waits, for no time that is worth a word.
    let calm = text.replace("rate = \"100/s\"", "rate = \"30/s\"");
    for replications in [1, 2] {
        let brief = verdict(&calm, replications);
        assert!(!brief.contains("median wait") && !brief.contains("at the end"), "{brief}");
    }
    let closed = verdict(&(text + "opens = \"+2 h\"\n"), 1);
    assert!(closed.contains("people are in waiting rooms; nobody is let in"), "{closed}");
    assert!(!verdict(EVERYDAY, 1).contains("waiting room"));
}

#[test]
fn a_run_whose_trigger_cannot_be_taken_out_may_be_stuck() {
    let limit = "[[change]]\nat = \"+5 min\"\nset = { \"pool.api.rate_limit\" = { token_bucket = { rate = \"1/s\", burst = 9 } } }\n\
                 [[change]]\nat = \"+6 min\"\nset = { \"pool.api.rate_limit.token_bucket.rate\" = \"2/s\" }\n";
    let text = format!("trigger = [\"change.0\"]\n{EVERYDAY}{limit}");
    for replications in [1, 2] {
        let said = words(&text, replications).told();
        assert!(said.contains("hether it is stuck is open, since the file is invalid without its trigger"), "{said}");
    }
    let scenario = Scenario::parse("words.toml", &text).unwrap();
    let warned = dropstorm::model::warnings::of(&scenario, &Model::compile(&scenario)).to_string();
    assert!(warned.contains("whether a run is stuck cannot be told") && warned.contains("words.toml:1:"), "{warned}");
    let both = words(&text.replace("[\"change.0\"]", "[\"change.0\", \"change.1\"]"), 1).told();
    assert!(!both.contains("stuck is open"), "{both}");
}

#[test]
fn an_outage_is_told_with_begin_end_cause_and_people() {
    let outage =
        format!("queue = {{ shared = {{ limit = 100 }} }}\n{}{}", servers("+5 min", 0), servers("+10 min", 20));
    let told = told(&outage);
    assert!(told[0].contains(" from 5 min after the drop until 10 min after the drop"), "{told:?}");
    assert!(told[1].starts_with("Pool api is without a server for 5 min"), "{told:?}");
    assert!(told[2].contains(" people, ") && told[2].contains(" see an error page"), "{told:?}");
}

#[test]
fn trouble_before_the_drop_is_not_told_from_the_drop() {
    let outage = format!("queue = {{ shared = {{ limit = 100 }} }}\n{}{}", servers("-8 min", 0), servers("-5 min", 20));
    let told = told(&outage);
    assert!(told[1].contains(" from 8 min before the drop until 5 min before the drop"), "{told:?}");
}

#[test]
fn trouble_at_the_end_is_not_over() {
    let outage = format!("queue = {{ shared = {{ limit = 100 }} }}\n{}", servers("+29 min", 0));
    let ends = " from 29 min after the drop, which is not over when the run ends.";
    assert!(told(&outage)[0].ends_with(ends));
}

#[test]
fn who_waits_without_failing_is_told() {
    let told = told(&format!("{}{}", servers("+5 min", 0), servers("+6 min", 40)));
    assert!(told[0].starts_with("No attempt of 24") && told[0].contains(", but at least "), "{told:?}");
    assert!(told[0].ends_with(" at once wait more than 10 s for an answer."), "{told:?}");
    assert!(told[1].starts_with("This begins 5 min 10 s after the drop and is over 6 min after the drop"), "{told:?}");
}

#[test]
fn a_loss_by_design_is_steady_and_neither_begins_nor_ends() {
    let told = told("failure = 0.005\n");
    assert!(
        told[0].starts_with("0.") && told[0].ends_with("of attempts fail throughout, within the bound of 1%."),
        "{told:?}"
    );
    let told = self::told("failure = 0.2\n");
    assert!(told[0].ends_with("of attempts fail throughout, above the bound of 1%."), "{told:?}");
    assert!(told[1].starts_with("Pool api answers with errors"), "{told:?}");
}

#[test]
fn nobody_who_asks_is_told_and_nothing_else_is_made_up() {
    let toml = EVERYDAY.replace("rate = \"100/s\"", "viewers = 0\narrival = \"5 min\"");
    let words = words(&toml, 1);
    assert_eq!(words.told(), "Nobody asks for anything.");
    assert_eq!(words.title("error-rate"), "Nobody asks for anything");
    assert_eq!(words.title("demand"), "No attempt is sent");
}

#[test]
fn replications_are_told_by_what_became_of_them() {
    let outage =
        format!("queue = {{ shared = {{ limit = 100 }} }}\n{}{}", servers("+5 min", 0), servers("+10 min", 20));
    let words = words(&format!("{EVERYDAY}{outage}"), 3);
    let told = words.told();
    assert!(told.starts_with("Trouble is over in all 3 runs; the error rate peaks at "), "{told}");
    assert!(told.contains("the end comes 10 min after the drop") || told.contains("in the median"), "{told}");
    assert!(words.title("error-rate").starts_with("Trouble is over in all 3 runs"));
    assert!(told.contains("api is without a server in all 3 runs, for 5 min in the median"), "{told}");
}

/// Recommendations fail all through, and nobody minds; an outage of the pool behind the last step is what people see.
#[test]
fn people_are_not_paired_with_a_pool_that_they_can_do_without() {
    let steps = "{ request = \"recs\", optional = true }, { request = \"api\" }";
    let people = EVERYDAY.replace("{ request = \"api\" }", steps);
    let recs = "[pool.recs]\nservers = 4\nservice = \"50 ms\"\nqueue = { shared = { limit = 50 } }\n";
    let few = |servers: u32, until: u32| {
        let set = |at: u32, servers: u32| {
            format!("[[change]]\nat = \"+{at} min\"\nset = {{ \"pool.api.servers\" = {servers} }}\n")
        };
        let calm = set(until, 20);
        format!("{people}queue = {{ shared = {{ limit = 50 }} }}\n{recs}{}{calm}", set(5, servers))
    };
    let long = title(&few(2, 15), "overview");
    assert!(long.contains(" people see an error page; api is sent up to 2"), "{long}");
    let short = title(&few(2, 6), "overview");
    assert!(short.ends_with(" people see an error page"), "most attempts fail at recs: {short}");
}

#[test]
fn a_pool_whose_attempts_are_lost_on_the_way_is_not_called_slow_by_itself() {
    let by_app =
        EVERYDAY.replace("[journey.visit]", "client = \"app\"\n[client.app]\ntimeout = \"1 s\"\n[journey.visit]");
    let lossy = by_app.replace("[audience.crowd]", "[region.far]\nloss = \"20%\"\n[audience.crowd]");
    let slow = by_app.replace("servers = 20", "servers = 400").replace("mean = \"50 ms\"", "mean = \"800 ms\"");
    for (text, told) in [
        (&lossy, "api is slower than the timers, the way to it included, though not full"),
        (&slow, "api is slower than the timers, though not full"),
    ] {
        let said = said(&words(text, 1));
        assert!(said.contains(told), "{said}");
    }
}
