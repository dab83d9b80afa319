//! Fleets that grow and shrink, as somebody who uses them meets them.

use dropstorm::analysis::figures_of;
use dropstorm::engine::{self, Seed};
use dropstorm::measure::Figures;
use dropstorm::model::Model;
use dropstorm::scenario::Scenario;
use dropstorm::vocabulary::{Column, Outcome};

use super::{figures, mean, scenario, total};

/// An autoscaler that looks every 30 s at the last 30 s, and boots servers in a minute.
fn autoscaled(keys: &str) -> String {
    format!(
        "servers = 2\nconcurrency = 5\nservice = '100 ms'\n\
         [pool.api.autoscale]\nevery = '30 s'\nat_most = 50\nboot = '1 min'\n{keys}\n"
    )
}

const BY_ATTEMPTS: &str = "policy = { target = { metric = 'attempts_per_server', value = '1/s' } }";

fn servers(figures: &Figures, minutes: std::ops::Range<usize>) -> [f64; 3] {
    [Column::Servers, Column::ServersBooting, Column::ServersWanted]
        .map(|column| mean(figures, column, minutes.clone()))
}

#[test]
fn servers_are_wanted_at_evaluations_and_serve_once_they_have_booted() {
    // Ten attempts a second for two servers: four more at the first evaluation, then as many as are there.
    let figures = figures(&scenario(&autoscaled(BY_ATTEMPTS), ""));
    let at = |interval: usize| {
        let row = figures.scope(dropstorm::measure::Scope { pool: Some(0), ..Default::default() }).unwrap();
        [Column::Servers, Column::ServersBooting, Column::ServersWanted].map(|c| figures.value(interval, row, c))
    };
    // Intervals of ten seconds: the first evaluation begins the fourth.
    assert_eq!([at(2), at(3), at(5)], [[2.0, 0.0, 2.0], [2.0, 4.0, 6.0], [2.0, 4.0, 6.0]]);
    let [up, _, wanted] = at(6);
    assert!(up == 2.0 && (9.0..=12.0).contains(&wanted), "at one minute {wanted} are wanted");
    assert_eq!(at(9)[0], 6.0, "a minute after the first decision four are up");
    let [up, booting, wanted] = servers(&figures, 5..10);
    assert!((9.0..13.0).contains(&up) && booting < 2.0 && (wanted - up - booting).abs() < 1e-9, "{up} {booting}");
    assert_eq!(total(&figures, "attempts.failed"), 0.0);
}

/// Ten attempts a second that work for 100 ms and then wait 400 ms for a call hold 5 of 10 slots, of which one works.
#[test]
fn a_slot_that_waits_for_a_call_is_held_but_takes_no_cpu() {
    for (metric, value, wanted) in [("cpu", "5%", 4.0), ("utilization", "25%", 4.0), ("utilization", "20%", 5.0)] {
        let policy = format!("policy = {{ target = {{ metric = '{metric}', value = '{value}' }} }}");
        let database = "[pool.database]\nservers = 1\nconcurrency = 'unlimited'\nservice = '400 ms'\n";
        let calls = format!("calls = [{{ pool = 'database' }}]\n{}{database}", autoscaled(&policy));
        let figures = figures(&scenario(&calls, "").replace("rate =", "spacing = 'even'\nrate ="));
        let of_pool = figures.scope(dropstorm::measure::Scope { pool: Some(0), ..Default::default() }).unwrap();
        let at = |interval, column| figures.value(interval, of_pool, column);
        let near = |column, share: f64| (at(2, column) - share).abs() < 1e-3;
        assert!(near(Column::Utilization, 0.5) && near(Column::Cpu, 0.1), "{}", at(2, Column::Cpu));
        assert_eq!(at(3, Column::ServersWanted), wanted, "{metric} of {value}");
    }
}

#[test]
fn individuals_grow_and_shrink_like_interchangeable_servers() {
    let shared = figures(&scenario(&autoscaled(BY_ATTEMPTS), ""));
    let queue = "queue = { per_server = { balancer = 'least_loaded' } }\n";
    let individual = figures(&scenario(&format!("{queue}{}", autoscaled(BY_ATTEMPTS)), ""));
    for minutes in [0..1, 1..2, 2..5, 5..10] {
        assert_eq!(servers(&shared, minutes.clone()), servers(&individual, minutes));
    }
    assert_eq!(mean(&individual, Column::Ended(Outcome::Rejected), 0..10), 0.0);
}

#[test]
fn a_change_of_servers_sets_what_is_wanted_and_boots_it() {
    let keys = format!("{BY_ATTEMPTS}\nscale_in = 'never'");
    let change = "[[change]]\nat = '5 min'\nset = { 'pool.api.servers' = 40 }\n\
                  [[change]]\nat = '8 min'\nset = { 'pool.api.servers' = 70 }";
    let figures = figures(&scenario(&autoscaled(&keys), change));
    let [up, booting, wanted] = servers(&figures, 5..6);
    assert!(up < 16.0 && booting > 24.0 && wanted == 40.0, "{up} {booting} {wanted}");
    assert_eq!(servers(&figures, 6..8), [40.0, 0.0, 40.0]);
    assert_eq!(servers(&figures, 9..10), [50.0, 0.0, 50.0], "no more than the most");
}

#[test]
fn a_fleet_shrinks_after_the_greatest_advice_of_five_minutes_is_past() {
    let figures = figures(&scenario(&autoscaled(BY_ATTEMPTS).replace("servers = 2", "servers = 40"), ""));
    let wanted = |minutes| servers(&figures, minutes)[2];
    assert!(wanted(0..1) < 40.0, "there is no advice before the first, so it holds at once: {}", wanted(0..1));
    assert!(wanted(5..10) < 14.0, "{}", wanted(5..10));
}

#[test]
fn a_schedule_is_kept_whatever_the_metric() {
    let keys = "policy = { target = { metric = 'utilization', value = '100%' } }\nschedule = [['+2 min', 30], ['09:04', 1]]\n\
                scale_in = { stabilization = '0 s' }";
    let figures = figures(&scenario(&autoscaled(keys), ""));
    assert_eq!(servers(&figures, 3..4), [30.0, 0.0, 30.0]);
    assert_eq!(servers(&figures, 5..10), [1.0, 0.0, 1.0], "one attempt in service is a fifth of one server");
}

#[test]
fn at_scale_a_fleet_grows_by_the_counts_of_full_size() {
    for queue in ["", "queue = { per_server = { balancer = 'least_loaded' } }\n"] {
        let keys = BY_ATTEMPTS.replace("1/s", "0.25/s");
        let pool = autoscaled(&format!("{keys}\nat_least = 4")).replace("concurrency = 5", "concurrency = 40");
        let text = scenario(&format!("{queue}{pool}"), "").replace("servers = 2", "servers = 8");
        let full = figures(&text);
        let half = figures(&text.replace("title =", "scale = 0.5\ntitle ="));
        let [full, half] = [full, half].map(|figures| servers(&figures, 5..10));
        for (full, half) in full.into_iter().zip(half) {
            assert!((full - half).abs() <= 0.1 * full + 1.0, "{queue}: {full} and {half}");
        }
    }
}

/// At one in ten thousand, three servers of ten thousand slots are three slots, and each of them a ten thousandth of a server.
#[test]
fn a_few_large_servers_are_as_many_at_a_small_scale() {
    let keys = "policy = { target = { metric = 'in_service_per_server', value = 1_000 } }\nscale_in = 'never'";
    let pool = autoscaled(keys).replace("servers = 2\nconcurrency = 5", "servers = 3\nconcurrency = 10_000");
    let text = scenario(&pool.replace("100 ms", "7 s"), "").replace("rate = \"10/s\"", "rate = \"300/s\"");
    let figures = figures(&text.replace("title =", "scale = 1e-4\ntitle ="));
    let [up, booting, wanted] = servers(&figures, 0..1);
    assert!((up - 3.0).abs() < 1e-9 && booting == 0.0 && (wanted - 3.0).abs() < 1e-9, "{up}, {booting}, {wanted}");
    let capacity = mean(&figures, Column::CapacityPerSecond, 0..1);
    assert!((capacity - 30_000.0 / 7.0).abs() < 0.01, "{capacity}");
}

#[test]
fn from_zero_servers_the_first_attempt_that_waits_boots_one() {
    let text = scenario(&autoscaled(&format!("{BY_ATTEMPTS}\nat_least = 0")), "").replace("servers = 2", "servers = 0");
    let figures = figures(&text);
    assert!(servers(&figures, 0..1)[2] > 0.0 && servers(&figures, 5..10)[0] > 8.0);
    assert_eq!(mean(&figures, Column::QueueMean, 8..10).round(), 0.0);
}

#[test]
fn an_impossible_fleet_is_an_error_at_its_line() {
    for (keys, error) in [
        (format!("{BY_ATTEMPTS}\nat_least = 60"), "`at_least` is 60, and `at_most` only 50"),
        (format!("{BY_ATTEMPTS}\nwindow = '45 s'"), "`window` of 45 s is no whole multiple of `every`, 30 s"),
        (BY_ATTEMPTS.replace("1/s", "60%"), "this is no target of the metric"),
        (format!("{BY_ATTEMPTS}\nschedule = [['+1 min', 60]]"), "the schedule asks for 60 servers"),
        (format!("{BY_ATTEMPTS}\nschedule = [['+5 min', 9], ['09:04', 8]]"), "the schedule goes back in time"),
        (format!("{BY_ATTEMPTS}\nschedule = [['+5 min', 9], ['09:05', 8]]"), "the schedule goes back in time"),
    ] {
        let found = Scenario::parse("one-pool.toml", &scenario(&autoscaled(&keys), "")).unwrap_err().to_string();
        assert!(found.contains(error), "{found}");
    }
}

#[test]
fn a_pool_timer_ends_work_on_shared_cores_and_its_core_is_free_for_the_others() {
    // Ten requests a second of 200 ms each are two cores' work for one core, so hardly one is done before its time is up.
    let pool = |keys: &str| {
        let text = format!("servers = 1\nconcurrency = 'unlimited'\ncores = 1\nservice = '200 ms'\n{keys}");
        figures(&scenario(&text, ""))
    };
    let kept = pool("timeout = '2 s'");
    let ended = pool("timeout = '2 s'\non_timeout = 'abort'");
    let number = |figures: &Figures| mean(figures, Column::InServiceMean, 8..10);
    assert!(number(&kept) > 1_000.0, "work that nobody waits for stays: {}", number(&kept));
    assert!((18.0..22.0).contains(&number(&ended)), "for two seconds each: {}", number(&ended));
    assert!((mean(&ended, Column::Cpu, 5..10) - 1.0).abs() < 0.01);
}

#[test]
fn a_change_of_cores_acts_at_once() {
    let pool = "servers = 2\nconcurrency = 30\ncores = 2\nservice = '100 ms'\nqueue = { per_server = { balancer = 'least_loaded' } }";
    let change = "[[change]]\nat = '4 min'\nset = { 'pool.api.cores' = 1 }\n\
                  [[change]]\nat = '6 min'\nset = { 'pool.api.servers' = 1 }";
    let figures = figures(&scenario(pool, change));
    let cpu: Vec<f64> = [0..4, 4..6, 7..10].into_iter().map(|minutes| mean(&figures, Column::Cpu, minutes)).collect();
    for (cpu, expected) in cpu.iter().zip([0.25, 0.5, 0.95]) {
        assert!((cpu - expected).abs() < 0.06, "{cpu} for {expected}");
    }
    assert!(mean(&figures, Column::CapacityPerSecond, 0..4) == 40.0);
    assert!(mean(&figures, Column::CapacityPerSecond, 7..10) == 10.0);
}

#[test]
fn answers_take_their_part_of_a_shared_core() {
    let pool = |turn_away: &str| {
        let text = format!(
            "servers = 1\nconcurrency = 2\ncores = 1\nservice = '150 ms'\nturn_away = '{turn_away}'\n\
             queue = {{ shared = {{ limit = 2 }} }}"
        );
        figures(&scenario(&text, ""))
    };
    let [free, dear] = ["0 s", "50 ms"].map(|turn_away| total(&pool(turn_away), "attempts.served"));
    assert!(dear < 0.95 * free, "{dear} of {free}");
}

#[test]
fn cores_stand_without_slowdown_and_for_whole_servers() {
    let pool = "servers = 2\nconcurrency = 4\ncores = 1\nslowdown = { contention = 0.1 }\nservice = '1 s'";
    let found = Scenario::parse("one-pool.toml", &scenario(pool, "")).unwrap_err().to_string();
    assert!(found.contains("`slowdown` cannot stand beside `cores`"), "{found}");
    let text = scenario("servers = 8\nconcurrency = 8\ncores = 4\nservice = '1 s'", "");
    let found = Scenario::parse("one-pool.toml", &text).unwrap().with("scale", "0.125").unwrap_err().to_string();
    assert!(found.contains("share the cores of whole servers") && found.contains("0.438"), "{found}");
}

#[test]
fn servers_that_are_added_warm_up_and_those_of_the_start_are_warm() {
    let pool = "servers = 1\nconcurrency = 100\nservice = '100 ms'\nwarm_up = { lasts = '2 min', slowdown = 3.0 }\n\
                queue = { per_server = { balancer = 'round_robin' } }";
    let change = "[[change]]\nat = '2 min'\nset = { 'pool.api.servers' = 2 }";
    let figures = figures(&scenario(pool, change));
    let service = |minutes| mean(&figures, Column::ServiceMean, minutes);
    assert!((service(0..2) - 100.0).abs() < 1e-6);
    // Half of the attempts go to the new server, which needs 250 ms on average in its first minute and 150 ms in its second.
    assert!((service(2..3) - 175.0).abs() < 4.0, "{}", service(2..3));
    assert!((service(3..4) - 125.0).abs() < 4.0, "{}", service(3..4));
    assert!((service(5..10) - 100.0).abs() < 1e-6);
}

/// Failing lowers the load, the fleet shrinks, and the retries meet a smaller one; nothing but the autoscaler differs.
#[test]
fn an_autoscaler_that_shrinks_in_an_outage_makes_it_last() {
    let of = |name: &str| {
        let file = format!("{}/scenarios/textbook/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let scenario = Scenario::read(std::path::Path::new(&file)).unwrap_or_else(|errors| panic!("{errors}"));
        let scenario = scenario.with("scale", "0.05").unwrap_or_else(|errors| panic!("{errors}"));
        figures_of(&[engine::run(&Model::compile(&scenario), Seed { seed: 1, replication: 0 })])
    };
    let [shrinks, stays] = ["autoscaler-in-the-outage", "autoscaler-that-never-shrinks"].map(of);
    // Intervals of five seconds, of which `mean` takes six for a minute.
    let at_the_end = |figures: &Figures| mean(figures, Column::ErrorRate, 80..88);
    assert!(at_the_end(&shrinks) > 0.9, "25 minutes after the outage {}", at_the_end(&shrinks));
    assert_eq!(at_the_end(&stays), 0.0);
    let harmed = |figures: &Figures| total(figures, "harm.saw_error");
    assert!(harmed(&shrinks) > 3.0 * harmed(&stays), "{} and {}", harmed(&shrinks), harmed(&stays));
}

/// Servers of which a share of nothing is down are put into force anew at each boot; otherwise a boot adds its server to the others.
#[test]
fn a_server_that_boots_is_the_one_that_a_look_at_all_servers_would_add() {
    let queue = |keys: &str| format!("queue = {{ per_server = {{ limit = 8, {keys} }} }}\n");
    let crash = "crash = { every = { exponential = { mean = '40 s' } }, repair = '15 s', notice = '1 s' }\n";
    let limit =
        "concurrency_limit = { aimd = { initial = 3, min = 1, max = 9, timeout = '150 ms' } }\nturn_away = '30 ms'\n";
    let eject = "eject = { failures = 2, interval = '5 s', for = '7 s', at_most = '90%' }\n";
    for pool in [
        queue("balancer = { least_loaded = { view_age = '300 ms' } }, redispatch = true") + crash,
        queue("balancer = 'sticky'") + "cores = 1\nspeeds = [1.0, 0.3]\n",
        queue("balancer = 'peak_ewma'") + limit + crash,
        queue("balancer = 'least_of'")
            + "failures = [0, 0.5, 0]\n"
            + eject
            + "rate_limit = { token_bucket = { rate = '15/s', burst = 5 } }\nturn_away = '20 ms'\n",
        format!("queue = {{ shared = {{ limit = 30 }} }}\nslowdown = {{ contention = 0.1 }}\n{limit}{crash}"),
        "speeds = [0.2, 1.0]\nwarm_up = { lasts = '20 s', slowdown = 3.0 }\n".to_owned(),
    ] {
        let keys = "policy = { target = { metric = 'attempts_per_server', value = '2/s' } }\nscale_in = { stabilization = '10 s' }";
        let pool = format!("{pool}{}", autoscaled(keys)).replace("'30 s'\nat_most", "'10 s'\nat_most");
        let crowds = "[multiplier.waves]\nfactor = 4\nfrom = '2 min'\nuntil = '3 min'\n[multiplier.more]\nfactor = 5\nfrom = '5 min'\nuntil = '6 min'\n";
        let boots = "boot = { uniform = { low = '5 s', high = '50 s' } }";
        let added = scenario(&pool, crowds).replace("boot = '1 min'", boots);
        let anew = added.replace("[pool.api]", "[pool.api]\ndown = '0%'");
        let [added, anew] = [added, anew].map(|text| figures(&text));
        let up = [2, 3, 4, 5, 6, 7].map(|minute| mean(&added, Column::Servers, minute..minute + 1));
        let grows = up.windows(2).any(|pair| pair[1] > 1.1 * pair[0]);
        let shrinks = up.windows(2).any(|pair| pair[1] < 0.9 * pair[0]);
        assert!(grows && shrinks, "servers come and go: {up:?}");
        let bits = |figures: &Figures| figures.values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&added), bits(&anew), "{pool}");
    }
}

/// Nine come at once to six servers of which two are fast: after a minute four are busy, one of them with somebody who waits. A slot at
/// a server that goes is a slot for as long as it is held.
#[test]
fn a_fleet_is_not_full_while_servers_that_stay_are_idle() {
    let full_and_busy = |speeds: &str, change: &str| {
        let pool = format!(
            "servers = 6\nservice = '4 min'\nspeeds = {speeds}\nqueue = {{ per_server = {{ balancer = 'round_robin' }} }}"
        );
        let change = format!("[[change]]\nat = '1 min'\nset = {{ {change} }}");
        let text = scenario(&pool, &change).replace("rate = \"10/s\"", "viewers = 9\narrival = '0 s'");
        let figures = figures(&text);
        [Column::FullShare, Column::Utilization].map(|column| (mean(&figures, column, 1..4) * 6.0).round() / 6.0)
    };
    // Servers 4 and 5 go while they are busy; 0 and 1 are idle.
    assert_eq!(full_and_busy("[20, 20, 1, 1, 1, 1]", "'pool.api.servers' = 4"), [0.0, 4.0 / 6.0]);
    // Servers 0, 1 and 2 are down and finish; 4 and 5 are idle.
    let half_down = "'pool.api.down' = { share = '50%', lose = false }";
    assert_eq!(full_and_busy("[1, 1, 1, 1, 20, 20]", half_down), [0.0, 4.0 / 6.0]);
    // Servers 0 and 1 are idle and down, so that whatever is up is busy.
    let third_down = "'pool.api.down' = { share = '33%', lose = false }";
    assert_eq!(full_and_busy("[20, 20, 1, 1, 1, 1]", third_down), [1.0, 1.0]);
}

/// Of three servers 0 and 1 are down. At half a minute two are wanted: 2 goes and finishes, and of the others only 0 stays down.
#[test]
fn a_server_that_comes_up_because_another_goes_takes_work_at_once() {
    let policy = "policy = { target = { metric = 'attempts_per_server', value = '1/s' } }\n\
                  at_least = 2\nscale_in = { stabilization = '0 s' }";
    let pool = autoscaled(policy)
        .replace("servers = 2\nconcurrency = 5\nservice = '100 ms'", "servers = 3\nservice = '4 min'\ndown = '60%'");
    let text = scenario(&pool, "").replace("rate = \"10/s\"", "viewers = 9\narrival = '0 s'");
    let figures = figures(&text);
    let at = |interval: usize, column| figures.value(interval, 1 + 1, column);
    assert_eq!([2, 3, 4].map(|interval| at(interval, Column::InServiceMean)), [1.0, 2.0, 2.0]);
    assert_eq!([2, 3].map(|interval| at(interval, Column::QueueMean)), [8.0, 7.0]);
}
