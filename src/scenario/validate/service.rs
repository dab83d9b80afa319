//! Pools and clients.

use super::Findings;
use crate::document::law as laws;
use crate::document::unions::Concurrency;
use crate::scenario::spec::{Client, Pool, Retry, Spec};
use crate::units::Span;

/// Most requests that a pool works on at once.
const MOST_PLACES: u64 = 1_000_000_000;

/// How often something may repeat without a pause; more at one instant would be a run that never moves on.
const MOST_WITHOUT_PAUSE: u64 = 100;

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    for (name, pool) in &spec.pool {
        let path = format!("pool.{name}");
        out.name(&path, name, true, true);
        check_pool(&path, pool, out);
    }
    for (name, client) in &spec.client {
        let path = format!("client.{name}");
        out.name(&path, name, true, false);
        check_client(&path, client, out);
    }
}

fn check_pool(path: &str, pool: &Pool, out: &mut Findings<'_>) {
    if let Concurrency::Limited(each) = pool.concurrency {
        let places = pool.servers.saturating_mul(each);
        if places > MOST_PLACES {
            let help = format!(
                "servers × concurrency is at most {MOST_PLACES}; write concurrency = \"unlimited\" for no limit"
            );
            let key =
                if pool.servers > each || !out.has(&format!("{path}.concurrency")) { "servers" } else { "concurrency" };
            out.value(&format!("{path}.{key}"), format!("the pool has {places} places"), "too many", help);
        }
    }
    for (key, timer) in [("timeout", pool.timeout), ("queue_timeout", pool.queue_timeout)] {
        if let Some(timer) = timer {
            out.positive(&format!("{path}.{key}"), timer);
        }
    }
    out.not_negative(&format!("{path}.turn_away"), pool.turn_away);
}

fn check_client(path: &str, client: &Client, out: &mut Findings<'_>) {
    if let Some(timeout) = client.timeout {
        out.positive(&format!("{path}.timeout"), timeout);
    }
    if let Some(retry) = &client.retry {
        check_retry(&format!("{path}.retry"), retry, out);
    }
    let refresh = client.refresh.as_ref().map(|refresh| ("refresh", refresh.attempts, &refresh.delay));
    let come_back = client.come_back.as_ref().map(|back| ("come_back", back.attempts, &back.delay));
    for (key, attempts, delay) in refresh.into_iter().chain(come_back) {
        if attempts > MOST_WITHOUT_PAUSE && laws::always_zero(delay) {
            endless(&format!("{path}.{key}.delay"), attempts, out);
        }
    }
}

fn check_retry(path: &str, retry: &Retry, out: &mut Findings<'_>) {
    let exponential = retry.backoff.exponential.as_ref();
    if let Some(backoff) = exponential {
        out.not_negative(&format!("{path}.backoff.exponential.base"), backoff.base);
        if let Some(cap) = backoff.cap {
            out.not_negative(&format!("{path}.backoff.exponential.cap"), cap);
        }
    }
    let pause = exponential.is_some_and(|b| b.base > Span::ZERO && b.cap.is_none_or(|cap| cap > Span::ZERO));
    if retry.attempts > MOST_WITHOUT_PAUSE && !pause {
        endless(&format!("{path}.attempts"), retry.attempts, out);
    }
}

fn endless(path: &str, attempts: u64, out: &mut Findings<'_>) {
    let help = format!("without a pause at most {MOST_WITHOUT_PAUSE} attempts are allowed");
    out.value(path, "this repeats without a pause", format!("up to {attempts} times at one instant"), help);
}
