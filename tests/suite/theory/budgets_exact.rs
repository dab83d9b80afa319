//! Exact results for retry budgets: what a caller sends when everything fails, and when attempts fail independently.

/// Retries of one caller all of whose attempts fail, under `tokens`: as many as the capacity pays for.
pub fn tokens_when_all_fails(capacity: u64, cost: u64) -> u64 {
    capacity / cost
}

/// Retries of one caller all of whose attempts fail, under `gate`: after each failure more than half of the tokens must be
/// there, max − n > max / 2.
pub fn gate_when_all_fails(max_tokens: u64) -> u64 {
    (max_tokens - 1) / 2
}

/// Retries in `requests` requests of one caller all of whose attempts fail, under `bucket` in tenths of a token: the first
/// request finds the bucket full and earns nothing, the others earn what then is spent.
pub fn bucket_when_all_fails(most: u64, earn: u64, requests: u64) -> u64 {
    (most + earn * (requests - 1)) / 10
}

/// Retries in a window under `ratio` when everything fails, of `firsts` first attempts in it.
pub fn ratio_when_all_fails(firsts: f64, share: f64, at_least: f64, window: f64) -> f64 {
    (share * firsts + at_least * window).floor()
}

/// Attempts of a crowd under `concurrent` with at least three retries: all attempts fail after the same span, which is
/// longer than all take to arrive, and are retried at once, `tries` attempts in all.
///
/// While first attempts end, those under way are as many as came, and retries grow to the share of them. When these retries
/// end they are all that is under way, so only three more are sent, and three again after each span.
pub fn concurrent_when_all_fails(crowd: u64, share: f64, tries: u64) -> u64 {
    let retries = (share * (crowd - 1) as f64).ceil() as u64;
    crowd + retries + 3 * (tries - 2)
}

/// The share of calls served and the attempts per call of a client with a `bucket`, in tenths of a token, whose attempts
/// fail independently; its calls come one after the other, a Poisson number of them.
///
/// The level of tokens at the end of each call is a Markov chain.
pub fn bucket(failure: f64, most: usize, earn: usize, mean_calls: f64) -> (f64, f64) {
    let mut level = vec![0.0; most + 1];
    level[most] = 1.0;
    let (mut made, mut expected) = (0.0, 0.0);
    for chance in poisson(mean_calls) {
        expected += chance * made;
        let attempts;
        (level, attempts) = call(failure, earn, &level);
        made += attempts;
    }
    let per_call = expected / mean_calls;
    ((1.0 - failure) * per_call, per_call)
}

/// The chances of 0, 1, 2, … of a Poisson number, as far as they count.
fn poisson(mean: f64) -> Vec<f64> {
    let last = (mean + 12.0 * mean.sqrt() + 10.0) as usize;
    let mode = mean as usize;
    // Weights from the likeliest number outwards, where the chance of none would be too small for a number.
    let mut weights = vec![1.0; last + 1];
    (0..mode).rev().for_each(|n| weights[n] = weights[n + 1] * (n + 1) as f64 / mean);
    (mode + 1..=last).for_each(|n| weights[n] = weights[n - 1] * mean / n as f64);
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// The law of the level after one more call, and the attempts that it takes.
fn call(failure: f64, earn: usize, level: &[f64]) -> (Vec<f64>, f64) {
    let (mut after, mut attempts) = (vec![0.0; level.len()], 0.0);
    for (before, chance) in level.iter().enumerate() {
        let (mut tokens, mut trying) = ((before + earn).min(level.len() - 1), *chance);
        loop {
            attempts += trying;
            let failed = failure * trying;
            after[tokens] += trying - failed;
            if tokens < 10 {
                after[tokens] += failed;
                break;
            }
            (tokens, trying) = (tokens - 10, failed);
        }
    }
    (after, attempts)
}

/// Figures of Brooker's program retry_sim (github.com/mbrooker/simulator_example, strategy `adaptive_10pct`: 1,000 calls a
/// second for 60 s, a tenth of a token a call, five at most), one run each, with the standard deviation between runs.
#[test]
fn brookers_curves_are_those_of_the_chain() {
    for (clients, failure, served, attempts) in [
        (100.0, 0.05, (0.99972, 0.0001), (1.0525, 0.00095)),
        (100.0, 0.1, (0.98586, 0.0008), (1.0947, 0.0008)),
        (100.0, 0.3, (0.77337, 0.0021), (1.1067, 0.00007)),
        (100.0, 0.5, (0.55381, 0.0020), (1.1071, 0.00007)),
        (100.0, 0.5, (0.55289, 0.0020), (1.10714, 0.00007)),
        (10.0, 0.5, (0.5497, 0.0020), (1.10069, 0.00002)),
    ] {
        let exact = bucket(failure, 50, 1, 60_000.0 / clients);
        for (exact, (published, deviation)) in [(exact.0, served), (exact.1, attempts)] {
            println!("{clients} clients, failure {failure}: {published}, exact {exact:.6}");
            // The last digit of a published figure is rounded.
            assert!((exact - published).abs() < 4.0 * deviation + 0.00005, "{published} is not {exact} ± {deviation}");
        }
    }
}

#[test]
fn a_bucket_that_never_binds_and_one_that_always_does() {
    // No failure, no retry; and with a bucket that is never empty every call is tried until it succeeds.
    let (served, attempts) = bucket(0.0, 50, 1, 600.0);
    assert!((served - 1.0).abs() < 1e-9 && (attempts - 1.0).abs() < 1e-9);
    let (served, attempts) = bucket(0.1, 3_000, 20, 50.0);
    assert!((served - 1.0).abs() < 1e-6 && (attempts - 1.0 / 0.9).abs() < 1e-6);
    // Without tokens nothing is retried, and with few of them load tends to one and what a call earns.
    assert!((bucket(0.5, 9, 1, 600.0).1 - 1.0).abs() < 1e-9);
    let (served, attempts) = bucket(0.5, 50, 1, 600.0);
    let (more_served, fewer_attempts) = bucket(0.5, 50, 1, 660.0);
    assert!((served - 0.5 * attempts).abs() < 1e-12 && more_served < served && fewer_attempts < attempts);
    assert!((attempts - 1.1) * 600.0 < 5.0, "no more than the five tokens of the start are spent besides");
}

/// By hand: what each rule lets through when nothing succeeds.
#[test]
fn closed_forms_of_budgets_are_what_their_rules_say() {
    assert_eq!(
        [(500, 5), (500, 10), (500, 14)].map(|(capacity, cost)| tokens_when_all_fails(capacity, cost)),
        [100, 50, 35]
    );
    // 10 tokens: 9, 8, 7 and 6 are more than 5. 11 tokens: 10, 9, 8, 7 and 6 are more than 5.5.
    assert_eq!([10, 11, 1].map(gate_when_all_fails), [4, 5, 0]);
    // Five tokens, and 4.9 that 49 more requests earn.
    assert_eq!(bucket_when_all_fails(50, 1, 50), 9);
    assert_eq!(ratio_when_all_fails(1_003.0, 0.2, 10.0, 10.0), 300.0);
    // The 200th retry is decided on with 199 under way and 999 attempts, the next one would need more than 200.
    assert_eq!(concurrent_when_all_fails(1_000, 0.2, 5), 1_000 + 200 + 3 + 3 + 3);
}
