//! Calls between pools, against theorems on loss systems and networks.

use dropstorm::measure::{Measurements, Scope};
use dropstorm::vocabulary::Column;

use super::erlang::erlang_b;
use super::intervals::{after_warm_up, check, column as of, each, window};

fn pool(pool: usize) -> Scope {
    Scope::pool(pool)
}

fn request(request: usize) -> Scope {
    Scope::request(request)
}

/// An open stream that asks the first of these pools.
fn open(rate: &str, pools: &str) -> String {
    format!(
        "[audience.open]\nrate = \"{rate}/s\"\njourney = \"ask\"\n[journey.ask]\nsteps = [{{ request = \"gateway\" }}]\n{pools}"
    )
}

/// A pool with room for every attempt, and its other keys.
fn roomy(name: &str, keys: &str) -> String {
    format!("[pool.{name}]\nservers = 1\nconcurrency = \"unlimited\"\n{keys}\n")
}

/// A slot is held while the callee, which has room for all, works: an Erlang loss system whose service is the sum of both,
/// insensitive to the laws (A. K. Erlang, 1917; B. A. Sevastyanov, 1957).
#[test]
fn a_slot_is_held_while_its_attempt_calls() {
    let exact = erlang_b(10, 8.0);
    for (own, called) in [
        ("\"30 ms\"", "\"50 ms\""),
        ("{ exponential = { mean = \"60 ms\" } }", "{ lognormal = { mean = \"20 ms\", cv = 2.0 } }"),
    ] {
        let pools = format!(
            "[pool.gateway]\nservers = 10\nservice = {own}\nqueue = {{ shared = {{ limit = 0 }} }}\n\
             calls = [{{ pool = \"database\" }}]\n\
             [pool.database]\nservers = 1\nconcurrency = \"unlimited\"\nservice = {called}\n"
        );
        let rows = each(&after_warm_up(420, 20, &open("100", &pools)), 220, |run| {
            (of(run, Column::ErrorRate, pool(0)), of(run, Column::InServiceMean, pool(0)))
        });
        let (blocked, held): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        check(&format!("blocking where {own} calls {called}"), exact, &blocked, 0.01);
        check(&format!("slots held where {own} calls {called}"), 8.0 * (1.0 - exact), &held, 0.01);
    }
}

/// Pools without limit are M/G/∞ each, whatever feeds them, and pools of one exponential server in a feed-forward network are
/// M/M/1 each (J. R. Jackson, Operations Research 5, 1957). The gateway has unlimited slots, so that the number in it is the
/// own service and all that its calls hold.
#[test]
fn pools_that_call_with_unlimited_slots_are_a_jackson_network() {
    let pools = r#"
        [pool.gateway]
        servers = 1
        concurrency = "unlimited"
        service = { exponential = { mean = "10 ms" } }
        calls = [{ pool = "auth", probability = 0.5 }, { pool = "database" }]
        [pool.auth]
        servers = 1
        service = { exponential = { mean = "12 ms" } }
        [pool.database]
        servers = 2
        service = { exponential = { mean = "10 ms" } }"#;
    let rows = each(&after_warm_up(1_020, 20, &open("100", pools)), 160, |run| {
        [0, 1, 2].map(|index| of(run, Column::InServiceMean, pool(index)) + of(run, Column::QueueMean, pool(index)))
    });
    // M/M/1 at 0.6 has 1.5 in it; M/M/2 at a load of 1 has 1 + 1/3.
    let (auth, database) = (1.5, 4.0 / 3.0);
    for (index, exact) in [1.0 + auth + database, auth, database].into_iter().enumerate() {
        let inside: Vec<f64> = rows.iter().map(|row| row[index]).collect();
        check(&format!("inside pool {index} of the network"), exact, &inside, 0.01);
    }
}

/// Where everything fails, three layers that try four times each send 4 × 4 × 4 attempts to the last (B. Beyer and others,
/// Site Reliability Engineering, 2016, chapter 22).
#[test]
fn tries_multiply_from_layer_to_layer() {
    let calls = |pool: &str| format!("service = '1 ms'\ncalls = [{{ pool = '{pool}', client = 'layer' }}]");
    let pools = roomy("gateway", &calls("service"))
        + &roomy("service", &calls("database"))
        + &roomy("database", "service = '1 ms'\nfailure = 1.0")
        + "[client.layer]\nretry = { attempts = 4, backoff = { exponential = { base = '10 ms' } } }";
    let text = window(60, 60, &open("20", &pools)).replace("[audience.open]", "[audience.open]\nclient = \"layer\"");
    let text =
        text.replace("rate = \"20/s\"", "viewers = 100\narrival = { uniform = { low = \"0 s\", high = \"10 s\" } }");
    for run in each(&text, 2, Measurements::clone) {
        let sent = |index| of(&run, Column::Attempts, pool(index));
        assert_eq!([sent(0), sent(1), sent(2)], [400.0, 1_600.0, 6_400.0]);
        let ended =
            |index| [Column::RequestsEnded, Column::RequestsFailed].map(|column| of(&run, column, request(index)));
        assert_eq!([ended(0), ended(1), ended(2)], [[100.0; 2], [400.0; 2], [1_600.0; 2]]);
    }
}

/// With a share of failures at the last layer and retries there alone, load and success are those of retries by themselves.
#[test]
fn retries_of_calls_multiply_load_and_success_as_retries_of_people_do() {
    let pools = roomy("gateway", "service = '1 ms'\ncalls = [{ pool = 'database', client = 'layer' }]")
        + &roomy("database", "service = '1 ms'\nfailure = 0.3")
        + "[client.layer]\nretry = { attempts = 4 }";
    let rows = each(&window(220, 10, &open("200", &pools)), 60, |run| {
        let begun = of(run, Column::Attempts, pool(0));
        (of(run, Column::Attempts, pool(1)) / begun, 1.0 - of(run, Column::ErrorRate, pool(0)))
    });
    let (load, success): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
    check("load of calls that are retried", (0..4).map(|k| 0.3_f64.powi(k)).sum(), &load, 0.005);
    check("success of calls that are retried", 1.0 - 0.3_f64.powi(4), &success, 0.005);
}

/// Calls that are made at once take as long as the longest: the mean of the greatest of three exponential times is
/// 1 + 1/2 + 1/3 of one.
#[test]
fn calls_made_at_once_take_as_long_as_the_longest() {
    let pools = roomy("gateway", "service = '0 s'\ncalls = [{ parallel = [{ pool = 'shard', times = 3 }] }]")
        + &roomy("shard", "service = { exponential = { mean = '60 ms' } }");
    let rows = each(&window(200, 10, &open("100", &pools)), 60, |run| of(run, Column::ServiceMean, pool(0)));
    check("the longest of three calls", 110.0, &rows, 0.005);
}

/// One in a hundred leaves takes over a second. Of the requests that need a hundred leaves at once, 1 − 0.99¹⁰⁰ = 63.4% take as
/// long (J. Dean and L. A. Barroso, The Tail at Scale, CACM 56(2), 2013).
#[test]
fn most_requests_that_need_a_hundred_leaves_meet_a_slow_one() {
    let calls = "service = '1 ms'\ntimeout = '1 s'\ncalls = [{ parallel = [{ pool = 'leaf', times = 100 }] }]";
    let slow = "service = { mixture = [{ weight = 99, of = '10 ms' }, { weight = 1, of = '1.1 s' }] }";
    let text = window(15, 15, &open("100", &(roomy("gateway", calls) + &roomy("leaf", slow))));
    let text =
        text.replace("rate = \"100/s\"", "viewers = 150\narrival = { uniform = { low = \"0 s\", high = \"10 s\" } }");
    let slow = each(&text, 60, |run| of(run, Column::ErrorRate, pool(0)));
    check("requests that wait for a slow leaf", 1.0 - 0.99_f64.powi(100), &slow, 0.05);
}

/// A pool whose gateway has a cache of calls to a database that takes no time.
fn cached(cache: &str) -> String {
    let calls = format!("service = '1 ms'\ncalls = [{{ pool = 'database', cache = {{ {cache} }} }}]");
    roomy("gateway", &calls) + &roomy("database", "service = '0 s'")
}

/// Calls that were made, and calls that the cache made needless.
fn calls_and_hits(run: &Measurements) -> (f64, f64) {
    (of(run, Column::RequestsEnded, request(1)), of(run, Column::CacheHits, request(1)))
}

/// A full cache knows its share of the answers.
#[test]
fn a_full_cache_spares_its_share_of_the_calls() {
    let text = window(120, 10, &open("200", &cached("hit = 0.9, fill = 1_000")));
    let shares = each(&text, 40, |run| {
        let (calls, hits) = calls_and_hits(run);
        hits / (calls + hits)
    });
    check("share of answers from a full cache", 0.9, &shares, 0.005);
}

/// An empty cache that is asked at rate λ has taken up m calls after t, with dm/dt = λ (1 − h + h e^(−m/F)); so
/// m = F ln((e^((1 − h) λ t/F) − h) ÷ (1 − h)). It is empty at the start, or emptied by a change.
#[test]
fn an_empty_cache_fills_by_its_law() {
    let (hit, fill, rate, seconds) = (0.9_f64, 1_000.0, 100.0, 40.0);
    let exact = fill * ((((1.0 - hit) * rate * seconds / fill).exp() - hit) / (1.0 - hit)).ln();
    let cold = cached("hit = 0.9, fill = 1_000, starts = \"cold\"");
    let emptied =
        cached("hit = 0.9, fill = 1_000") + "[[change]]\nat = \"+0 s\"\nempty = [\"pool.gateway.calls.0.cache\"]\n";
    for (name, pools) in [("from the start on", cold), ("after a change", emptied)] {
        let calls = each(&window(40, 10, &open("100", &pools)), 80, |run| calls_and_hits(run).0);
        check(&format!("calls into an empty cache {name}"), exact, &calls, 0.01);
    }
}

/// Servers with caches of their own fill them each with its own calls, so that two of them need twice the calls.
#[test]
fn servers_fill_caches_of_their_own() {
    let (hit, fill, rate, seconds) = (0.9_f64, 1_000.0, 100.0, 40.0);
    let exact = 2.0 * fill * ((((1.0 - hit) * rate / 2.0 * seconds / fill).exp() - hit) / (1.0 - hit)).ln();
    let pools = cached("hit = 0.9, fill = 1_000, per = \"server\", starts = \"cold\"").replacen(
        "servers = 1\n",
        "servers = 2\nqueue = { per_server = { balancer = \"random\" } }\n",
        1,
    );
    let calls = each(&window(40, 10, &open("100", &pools)), 80, |run| calls_and_hits(run).0);
    check("calls into the empty caches of two servers", exact, &calls, 0.01);
}
