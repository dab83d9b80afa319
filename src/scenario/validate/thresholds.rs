//! Thresholds: a known figure of a row that exists.

use super::Findings;
use crate::document::bound::Bound;
use crate::document::diagnostics::quoted;
use crate::scenario::spec::{Spec, Threshold};
use crate::units::Span;

/// The measured columns of `intervals.csv`, which are the metrics of thresholds.
pub const METRICS: &[&str] = &[
    "arrivals",
    "attempts",
    "served",
    "rejected",
    "shed",
    "limited",
    "timed_out",
    "abandoned",
    "failed",
    "refused",
    "error_rate",
    "viewers_active",
    "viewers_error",
    "queue_mean",
    "in_service_mean",
    "utilization",
    "servers",
    "latency_p50_ms",
    "latency_p95_ms",
    "latency_p99_ms",
    "wasted_share",
    "streams_mean",
    "bitrate_mean_kbps",
    "link_utilization",
    "stalled_share",
    "reports",
    "wait_mean_ms",
    "wait_p90_ms",
    "waited_share",
    "starts",
    "start_time_p50_ms",
    "start_time_p95_ms",
    "capacity_per_s",
];

/// Figures of viewers and streams, which no pool or request has.
const OF_VIEWERS: &[&str] = &[
    "arrivals",
    "viewers_active",
    "viewers_error",
    "streams_mean",
    "bitrate_mean_kbps",
    "link_utilization",
    "stalled_share",
    "reports",
    "starts",
    "start_time_p50_ms",
    "start_time_p95_ms",
];

/// Figures of a pool's servers, which belong to no region's part of it.
const OF_SERVERS: &[&str] = &["queue_mean", "in_service_mean", "utilization", "servers", "capacity_per_s"];

pub(super) fn check(spec: &Spec, out: &mut Findings<'_>) {
    for (index, threshold) in spec.threshold.iter().enumerate() {
        let path = format!("threshold.{index}");
        if !METRICS.contains(&threshold.metric.as_str()) {
            let known = METRICS.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
            out.unknown(&format!("{path}.metric"), "metric", &threshold.metric, &known);
        }
        bounds(&path, threshold, out);
        scope(&path, threshold, spec, out);
        window(&path, threshold, spec, out);
    }
}

fn bounds(path: &str, threshold: &Threshold, out: &mut Findings<'_>) {
    match (&threshold.at_most, &threshold.at_least) {
        (Some(bound), None) => unit(&format!("{path}.at_most"), &threshold.metric, bound, out),
        (None, Some(bound)) => unit(&format!("{path}.at_least"), &threshold.metric, bound, out),
        (None, None) => out.value(path, "the threshold has no bound", "at_most or at_least belongs here", ""),
        (Some(_), Some(_)) => {
            let help = "write two thresholds";
            out.key(&format!("{path}.at_least"), "`at_least` cannot stand beside `at_most`", "one too many", help);
        }
    }
}

/// A bound with a unit has that of its metric.
fn unit(path: &str, metric: &str, bound: &Bound, out: &mut Findings<'_>) {
    if bound.text.parse::<f64>().is_ok() {
        return;
    }
    let (given, fits) = match bound.text.trim_end() {
        text if text.ends_with('%') => {
            ("a share", metric.ends_with("_share") || metric.ends_with("utilization") || metric == "error_rate")
        }
        text if text.ends_with("bps") => ("a bit rate", metric.ends_with("_kbps")),
        text if text.contains('/') => ("a rate", metric.ends_with("_per_s")),
        _ => ("a span", metric.ends_with("_ms")),
    };
    if !fits && METRICS.contains(&metric) {
        out.value(path, format!("{} is not measured in this unit", quoted(metric)), format!("this is {given}"), "");
    }
}

/// Only some combinations have rows in the tables.
fn scope(path: &str, threshold: &Threshold, spec: &Spec, out: &mut Findings<'_>) {
    let of = &threshold.of;
    let requests = super::journeys::requests(spec);
    if let Some(region) = of.region.as_ref().filter(|region| !spec.region.contains_key(*region)) {
        out.unknown(&format!("{path}.of.region"), "region", region, spec.region.keys());
    }
    if let Some(pool) = of.pool.as_ref().filter(|pool| !spec.pool.contains_key(*pool)) {
        out.unknown(&format!("{path}.of.pool"), "pool", pool, spec.pool.keys());
    }
    if let Some(request) = of.request.as_ref().filter(|request| !requests.contains(*request)) {
        out.unknown(&format!("{path}.of.request"), "request", request, &requests);
    }
    let metric = threshold.metric.as_str();
    if of.region.is_some() && of.request.is_some() {
        let help =
            "a region, a pool, a request, a pool and a request, or a region and a pool have figures of their own";
        return out.value(&format!("{path}.of"), "there are no figures of these together", "no such row", help);
    }
    if (of.pool.is_some() || of.request.is_some()) && OF_VIEWERS.contains(&metric) {
        let help = "it is known for everything and for each region";
        let title = format!("{} is not known of a pool or a request", quoted(metric));
        out.value(&format!("{path}.of"), title, "no such figure", help);
    }
    if of.pool.is_some() && of.region.is_some() && OF_SERVERS.contains(&metric) {
        let title = format!("{} is not known of one region's part of a pool", quoted(metric));
        out.value(&format!("{path}.of"), title, "no such figure", "it is known for each pool");
    }
}

fn window(path: &str, threshold: &Threshold, spec: &Spec, out: &mut Findings<'_>) {
    let trusted = ["start", "end", "interval"].iter().all(|path| out.trusted(path)) && super::window::is_sound(spec);
    if let Some(window) = threshold.window.filter(|_| trusted && spec.interval > Span::ZERO) {
        let at = format!("{path}.window");
        if window <= Span::ZERO {
            out.positive(&at, window);
        } else if window.0 % spec.interval.0 != 0 {
            let help = format!("an interval is {} wide", spec.interval);
            out.value(&at, "the window is no whole number of intervals", "no multiple of `interval`", help);
        } else if window > spec.end.since(spec.start) {
            out.value(&at, "the window is longer than the simulation", "too long", "");
        }
    }
    if let (Some(after), Some(before)) = (threshold.after, threshold.before)
        && before <= after
    {
        out.value(&format!("{path}.before"), "no window counts", "`before` must come after `after`", "");
    }
}
