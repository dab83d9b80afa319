//! Retry budgets: exact numbers of attempts when everything fails, and Brooker's curves.

use dropstorm::measure::Figures;
use dropstorm::vocabulary::Column;

use super::budgets_exact::{
    bucket, bucket_when_all_fails, concurrent_when_all_fails, gate_when_all_fails, ratio_when_all_fails,
    tokens_when_all_fails,
};
use super::intervals::{check, crowd_by_apps, each, figure, open_by_apps, window};

/// Requests of each viewer, all of which fail.
const REQUESTS: u64 = 50;

/// Attempts of one viewer on average, where each viewer refreshes a failing request again and again and the app would try a
/// hundred times each time. With these keys of client and pool every attempt ends other than served.
fn attempts_per_viewer(budget: &str, [client, pool]: [&str; 2]) -> f64 {
    let refresh = format!("{{ probability = 1.0, delay = '1 s', attempts = {} }}", REQUESTS - 1);
    let app = format!("retry = {{ attempts = 100 }}\n{client}\nrefresh = {refresh}\nbudget = {budget}");
    let rest = crowd_by_apps(200, 10.0, &app, pool);
    let runs = each(&window(2_000, 10, &rest), 1, |run| figure(run, "attempts.total") / figure(run, "viewers.arrived"));
    runs[0]
}

const FAILS: [&str; 2] = ["", "service = '10 ms'\nfailure = '100%'"];
const TIMES_OUT: [&str; 2] = ["timeout = '1 s'", "service = '10 s'"];

#[test]
fn tokens_pay_for_as_many_retries_as_their_capacity_holds() {
    let budget = "{ tokens = { capacity = 500, retry = 5, timeout = 10, refund = 1 } }";
    assert_eq!(attempts_per_viewer(budget, FAILS), (REQUESTS + tokens_when_all_fails(500, 5)) as f64);
    assert_eq!(attempts_per_viewer(budget, TIMES_OUT), (REQUESTS + tokens_when_all_fails(500, 10)) as f64);
}

#[test]
fn a_gate_closes_at_half_its_tokens() {
    for max in [10, 11, 60] {
        let budget = format!("{{ gate = {{ max_tokens = {max}, token_ratio = 0.1 }} }}");
        assert_eq!(attempts_per_viewer(&budget, FAILS), (REQUESTS + gate_when_all_fails(max)) as f64);
    }
}

#[test]
fn a_bucket_lets_through_its_tokens_and_what_is_earned() {
    let budget = "{ bucket = { earn = 0.1, most = 5 } }";
    assert_eq!(attempts_per_viewer(budget, FAILS), (REQUESTS + bucket_when_all_fails(50, 1, REQUESTS)) as f64);
}

/// Each interval is a window, by the end of which all retries are used that its first attempts allow.
#[test]
fn a_ratio_lets_through_its_share_in_each_window() {
    let budget = "budget = { ratio = { share = '20%', at_least = '10/s', window = '10 s' } }";
    let pool = "servers = 1\nconcurrency = 'unlimited'\nservice = '10 us'\nfailure = '100%'";
    let rest = open_by_apps(100, &format!("retry = {{ attempts = 10 }}\nscope = 'region'\n{budget}"), pool);
    let intervals = each(&window(300, 10, &rest), 1, |run| {
        let figures = Figures::of(std::slice::from_ref(run));
        let value = |interval, column| figures.value(interval, 0, column);
        (0..30).map(|i| (value(i, Column::Arrivals), value(i, Column::Attempts))).collect::<Vec<_>>()
    });
    for (interval, (firsts, attempts)) in intervals[0].iter().enumerate() {
        let exact = firsts + ratio_when_all_fails(*firsts, 0.2, 10.0, 10.0);
        // A request that begins within its ten attempts of the end has retries in the next interval.
        assert!((attempts - exact).abs() <= 9.0, "interval {interval}: {attempts} is not {exact}");
    }
}

/// A thousand people arrive within half a second, and their attempts fail after one second.
#[test]
fn concurrent_retries_are_a_share_of_what_is_under_way() {
    for tries in [2, 5] {
        let budget = "budget = { concurrent = { share = '20%', at_least = 3 } }";
        let app = format!("retry = {{ attempts = {tries} }}\nscope = 'region'\n{budget}");
        let rest = crowd_by_apps(1_000, 0.5, &app, "service = '1 s'\nfailure = '100%'");
        let attempts = each(&window(30, 10, &rest), 1, |run| figure(run, "attempts.total"));
        assert_eq!(attempts[0], concurrent_when_all_fails(1_000, 0.2, tries) as f64);
    }
}

/// Clients that make ten or a hundred calls a second for a minute, each with a bucket of its own: here edges, which all of a
/// region go through. What comes out depends on the calls of one client and not on how many there are, so fifty regions show
/// the curve of Brooker's hundred clients.
#[test]
fn buckets_give_the_curves_that_brooker_published() {
    for (clients, rate, failure) in [(50, 10, 0.05), (50, 10, 0.1), (50, 10, 0.3), (50, 10, 0.5), (10, 100, 0.5)] {
        let names = || (0..clients).map(|client| format!("c{client}"));
        let regions: String = names().map(|name| format!("[region.{name}]\n")).collect();
        let rates: Vec<String> = names().map(|name| format!("{name} = \"{rate}/s\"")).collect();
        let rest = format!(
            r#"
            {regions}
            [audience.open]
            rate = {{ {rates} }}
            journey = "ask"
            client = "app"
            [journey.ask]
            steps = [{{ request = "api" }}]
            [client.app]
            retry = {{ attempts = 100 }}
            scope = "region"
            budget = {{ bucket = {{ earn = 0.1, most = 5 }} }}
            [pool.api]
            servers = 1
            concurrency = "unlimited"
            service = "10 us"
            failure = "{percent}%""#,
            rates = rates.join(", "),
            percent = 100.0 * failure
        );
        let rows = each(&window(60, 10, &rest), 64, |run| {
            let calls = figure(run, "viewers.arrived");
            (figure(run, "attempts.served") / calls, figure(run, "attempts.total") / calls)
        });
        let (served, attempts): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let exact = bucket(failure, 50, 1, 60.0 * f64::from(rate));
        check(&format!("{clients} buckets at {failure}, served"), exact.0, &served, 0.005);
        check(&format!("{clients} buckets at {failure}, attempts per call"), exact.1, &attempts, 0.002);
    }
}
