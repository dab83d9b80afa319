//! From the measurements of replications to figures at full size, with intervals.

use super::figures::{Column, Estimate, Figures, ThresholdResult};
use super::run::{Count, Layout, Mean, Measurements, Percentile, Ratio, Row, Threshold};
use super::student::student_975;
use super::windows::{ENOUGH_ENDED, ErrorWindows, USUAL_BOUND, window_length, windows};

impl Figures {
    /// The figures of the replications of one model; all have the same layout.
    ///
    /// # Panics
    /// If there is no run at all, of which nothing could be said.
    pub fn of(runs: &[Measurements]) -> Figures {
        let layout = &runs[0].layout;
        let full = 1.0 / layout.scale;
        let scopes = layout.scopes.len();
        let mut values = Vec::with_capacity(layout.intervals * scopes * Column::ALL.len());
        let mut bounds = Vec::with_capacity(if runs.len() > 1 { layout.intervals * scopes } else { 0 });
        for index in 0..layout.intervals * scopes {
            let rows: Vec<&Row> = runs.iter().filter_map(|run| run.rows.get(index)).collect();
            values.extend(Column::ALL.iter().map(|column| cell(&rows, *column, full)));
            if runs.len() > 1 {
                let rates: Vec<f64> = rows.iter().map(|row| error_rate(row)).filter(|rate| !rate.is_nan()).collect();
                bounds.push(estimate(&rates).map_or((f64::NAN, f64::NAN), |e| (e.low.max(0.0), e.high.min(1.0))));
            }
        }
        let names = summary_of(&runs[0]).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let summaries: Vec<Vec<(String, f64)>> = runs.iter().map(summary_of).collect();
        let summary = names.into_iter().enumerate().map(|(index, name)| {
            let values: Vec<f64> =
                summaries.iter().map(|summary| summary[index].1).filter(|value| !value.is_nan()).collect();
            (name, estimate(&values))
        });
        Figures {
            scopes: layout.scopes.clone(),
            intervals: layout.intervals,
            first_s: layout.first.seconds(),
            width_s: layout.width.seconds(),
            values,
            error_rate_bounds: (runs.len() > 1).then_some(bounds),
            replications: runs.len(),
            summary: summary.collect(),
            thresholds: layout.thresholds.iter().map(|threshold| judge(threshold, runs)).collect(),
            events: runs.iter().map(|run| run.events).sum(),
        }
    }
}

/// The mean of some values and its 95% interval by Student's t; `None` of none.
pub fn estimate(values: &[f64]) -> Option<Estimate> {
    if values.is_empty() {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if values.len() == 1 {
        return Some(Estimate { mean, low: mean, high: mean, n: 1 });
    }
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    let half = student_975(values.len() - 1) * (variance / n).sqrt();
    Some(Estimate { mean, low: mean - half, high: mean + half, n: values.len() })
}

/// One cell of the table: counts and means averaged over the replications, ratios of sums, means of percentiles.
fn cell(rows: &[&Row], column: Column, full: f64) -> f64 {
    let mean_of = |value: &dyn Fn(&Row) -> f64| {
        let (mut sum, mut n) = (0.0, 0.0);
        for row in rows {
            let value = value(row);
            if !value.is_nan() {
                sum += value;
                n += 1.0;
            }
        }
        sum / n
    };
    let count = |count: Count| mean_of(&|row| row.counts[count as usize]) * full;
    let mean = |mean: Mean| mean_of(&|row| row.means[mean as usize]) * full;
    let percentile = |percentile: Percentile| mean_of(&|row| row.percentiles[percentile as usize]);
    let ratio = |ratio: Ratio| {
        let (over, under) = rows.iter().fold((0.0, 0.0), |sum, row| {
            let (over, under) = row.ratios[ratio as usize];
            (sum.0 + over, sum.1 + under)
        });
        over / under
    };
    match column {
        Column::Arrivals => count(Count::Arrivals),
        Column::Attempts => count(Count::Attempts),
        Column::Served => count(Count::Served),
        Column::Rejected => count(Count::Rejected),
        Column::TimedOut => count(Count::TimedOut),
        Column::Abandoned => count(Count::Abandoned),
        Column::Failed => count(Count::Failed),
        // No protection exists yet that could bring these about.
        Column::Shed | Column::Limited | Column::Refused => 0.0,
        Column::ErrorRate => {
            let (ended, failed) = rows.iter().fold((0.0, 0.0), |sum, row| {
                let (ended, failed) = row.ended_and_failed();
                (sum.0 + ended, sum.1 + failed)
            });
            failed / ended
        }
        Column::ViewersActive => count(Count::ViewersActive),
        Column::ViewersError => count(Count::ViewersError),
        Column::QueueMean => mean(Mean::Queue),
        Column::InServiceMean => mean(Mean::InService),
        Column::Utilization => ratio(Ratio::Utilization),
        Column::Servers => mean(Mean::Servers),
        Column::LatencyP50 => percentile(Percentile::LatencyP50),
        Column::LatencyP95 => percentile(Percentile::LatencyP95),
        Column::LatencyP99 => percentile(Percentile::LatencyP99),
        Column::WastedShare => ratio(Ratio::Wasted),
        Column::StreamsMean => mean(Mean::Streams),
        Column::BitrateMean => ratio(Ratio::Bitrate),
        Column::LinkUtilization => ratio(Ratio::Link),
        Column::StalledShare => ratio(Ratio::Stalled),
        Column::Reports => count(Count::Reports),
        Column::WaitMean => ratio(Ratio::Wait),
        Column::WaitP90 => percentile(Percentile::WaitP90),
        Column::WaitedShare => ratio(Ratio::Waited),
        Column::Starts => count(Count::Starts),
        Column::StartTimeP50 => percentile(Percentile::StartTimeP50),
        Column::StartTimeP95 => percentile(Percentile::StartTimeP95),
        Column::CapacityPerSecond => mean(Mean::Capacity),
    }
}

fn error_rate(row: &Row) -> f64 {
    let (ended, failed) = row.ended_and_failed();
    failed / ended
}

/// The summary of one run, in the order of the file. What has no value is NaN.
pub fn summary_of(run: &Measurements) -> Vec<(String, f64)> {
    let layout = &run.layout;
    let full = 1.0 / layout.scale;
    let everything: Vec<&Row> = layout.measured.clone().filter_map(|i| run.rows.get(i * layout.scopes.len())).collect();
    let total = |count: Count| everything.iter().map(|row| row.count(count)).sum::<f64>();
    let ratio = |ratio: Ratio| {
        let (over, under) = everything
            .iter()
            .fold((0.0, 0.0), |sum, row| (sum.0 + row.ratios[ratio as usize].0, sum.1 + row.ratios[ratio as usize].1));
        over / under
    };
    let books = &run.ledger;
    let mut list: Vec<(String, f64)> = Vec::new();
    let mut put = |name: &str, value: f64| list.push((name.to_owned(), value));
    for (name, viewers) in [
        ("viewers.arrived", books.arrived),
        ("viewers.already", books.already),
        ("viewers.watched", books.watched),
        ("viewers.gave_up", books.gave_up),
        ("viewers.inside", books.inside()),
        ("viewers.streaming", books.streaming),
        ("viewers.asking", books.asking),
        ("viewers.waiting", books.waiting),
        ("viewers.started", books.started),
        ("viewers.saw_error", books.saw_error),
        ("viewers.outside", books.outside),
    ] {
        put(name, viewers as f64 * full);
    }
    put("attempts.total", total(Count::Attempts) * full);
    for (name, count) in [
        ("attempts.served", Count::Served),
        ("attempts.rejected", Count::Rejected),
        ("attempts.timed_out", Count::TimedOut),
        ("attempts.abandoned", Count::Abandoned),
        ("attempts.failed", Count::Failed),
    ] {
        put(name, total(count) * full);
    }
    put("attempts.shed", 0.0);
    put("attempts.limited", 0.0);
    put("attempts.refused", 0.0);
    let (ended, failed) = everything.iter().fold((0.0, 0.0), |sum, row| {
        let (ended, failed) = row.ended_and_failed();
        (sum.0 + ended, sum.1 + failed)
    });
    put("error_rate.overall", failed / ended);
    let errors = error_windows(run);
    let peak = errors.worst(ENOUGH_ENDED);
    put("error_rate.peak", peak.map_or(f64::NAN, |(_, rate)| rate));
    put("error_rate.peak_at_s", peak.map_or(f64::NAN, |(start, _)| errors.time_s(start)));
    put("recovery_s", errors.recovery_s(recovered_below(layout)));
    put("retry_amplification", total(Count::Attempts) / run.requests as f64);
    put("wasted_share", ratio(Ratio::Wasted));
    for (name, p) in [("latency_ms.p50", 0.5), ("latency_ms.p95", 0.95), ("latency_ms.p99", 0.99)] {
        put(name, run.latency.percentile(p) / 1e6);
    }
    put("wait_ms.mean", ratio(Ratio::Wait));
    for (name, p) in [("wait_ms.p50", 0.5), ("wait_ms.p90", 0.9), ("wait_ms.p99", 0.99)] {
        put(name, run.wait.percentile(p) / 1e6);
    }
    put("waited_share", ratio(Ratio::Waited));
    put("utilization", ratio(Ratio::Utilization));
    put(
        "queue_mean",
        everything.iter().map(|row| row.means[Mean::Queue as usize]).sum::<f64>() / everything.len() as f64 * full,
    );
    put("link_utilization", ratio(Ratio::Link));
    put("stalled_share", ratio(Ratio::Stalled));
    let reports = sliding(run, |row| row.count(Count::Reports));
    put("reports.total", total(Count::Reports) * full);
    // The tracker's curve is read by the minute.
    let peak = reports.iter().copied().fold(None, |best: Option<(f64, f64)>, (at, n)| match best {
        Some((_, most)) if most >= n => best,
        _ => Some((at, n)),
    });
    put("reports.peak", peak.map_or(f64::NAN, |(_, n)| n * full));
    put("reports.peak_at_s", peak.filter(|(_, n)| *n > 0.0).map_or(f64::NAN, |(at, _)| at));
    list
}

/// The names of the summary's figures, in the order of [`summary_of`].
pub fn summary_names() -> Vec<String> {
    // The names are those of any run, so that one without a single row tells them all.
    summary_of(&Measurements::default()).into_iter().map(|(name, _)| name).collect()
}

/// Whether every threshold held in one run; `None` if the scenario has none.
pub fn thresholds_held(run: &Measurements) -> Option<bool> {
    let thresholds = &run.layout.thresholds;
    let all = || thresholds.iter().all(|threshold| judge(threshold, std::slice::from_ref(run)).held);
    (!thresholds.is_empty()).then(all)
}

/// The bound of the scenario's own threshold on the error rate of everything, or one percent.
fn recovered_below(layout: &Layout) -> f64 {
    layout
        .thresholds
        .iter()
        .find(|threshold| {
            threshold.column == Column::ErrorRate && threshold.at_most && threshold.scope == layout.scopes[0]
        })
        .map_or(USUAL_BOUND, |threshold| threshold.bound)
}

/// Sums over sliding windows of a minute within the measured intervals: start in seconds from the drop, and sum.
fn sliding(run: &Measurements, value: impl Fn(&Row) -> f64) -> Vec<(f64, f64)> {
    let layout = &run.layout;
    let length = window_length(layout.width.seconds(), layout.measured.len());
    windows(&layout.measured, length)
        .map(|window| {
            let at = layout.first.seconds() + window.start as f64 * layout.width.seconds();
            (at, window.filter_map(|i| run.rows.get(i * layout.scopes.len())).map(&value).sum())
        })
        .collect()
}

/// Ended and failed attempts of everything in sliding windows within the measured intervals, at simulated size.
fn error_windows(run: &Measurements) -> ErrorWindows {
    let layout = &run.layout;
    let of_everything = |interval: usize| run.rows.get(interval * layout.scopes.len());
    let counts =
        (0..layout.measured.end).map(|interval| of_everything(interval).map_or((0.0, 0.0), Row::ended_and_failed));
    ErrorWindows::new(counts.collect(), layout.measured.clone(), layout.first.seconds(), layout.width.seconds())
}

/// Whether a threshold held in each replication, and its worst window.
fn judge(threshold: &Threshold, runs: &[Measurements]) -> ThresholdResult {
    let layout = &runs[0].layout;
    let full = 1.0 / layout.scale;
    let mut worst = (f64::NAN, f64::NAN);
    let worse = |a: f64, b: f64| b.is_nan() || if threshold.at_most { a > b } else { a < b };
    if let Some(scope) = layout.scopes.iter().position(|scope| *scope == threshold.scope) {
        for run in runs {
            for window in windows(&threshold.range, threshold.window) {
                let at = layout.first.seconds() + window.start as f64 * layout.width.seconds();
                let rows: Vec<&Row> = window.filter_map(|i| run.rows.get(i * layout.scopes.len() + scope)).collect();
                let value = over_window(&rows, threshold.column, full);
                if !value.is_nan() && worse(value, worst.0) {
                    worst = (value, at);
                }
            }
        }
    }
    let held =
        worst.0.is_nan() || if threshold.at_most { worst.0 <= threshold.bound } else { worst.0 >= threshold.bound };
    ThresholdResult {
        text: threshold.text.clone(),
        column: threshold.column,
        scope: threshold.scope,
        at_most: threshold.at_most,
        worst: worst.0,
        worst_at_s: worst.1,
        bound: threshold.bound,
        held,
    }
}

/// A column over a window: counts are summed, ratios are of sums, means averaged, and of percentiles the highest counts.
fn over_window(rows: &[&Row], column: Column, full: f64) -> f64 {
    let value = cell(rows, column, full);
    match column {
        Column::Arrivals
        | Column::Attempts
        | Column::Served
        | Column::Rejected
        | Column::Shed
        | Column::Limited
        | Column::TimedOut
        | Column::Abandoned
        | Column::Failed
        | Column::Refused
        | Column::ViewersActive
        | Column::ViewersError
        | Column::Reports
        | Column::Starts => value * rows.len() as f64,
        Column::LatencyP50
        | Column::LatencyP95
        | Column::LatencyP99
        | Column::WaitP90
        | Column::StartTimeP50
        | Column::StartTimeP95 => rows.iter().map(|row| cell(&[row], column, full)).fold(f64::NAN, f64::max),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_students() {
        let e = estimate(&[1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!((e.mean, e.n), (2.5, 4));
        // 3.1824 × 1.29099 / 2.
        assert!((e.high - 2.5 - 2.0543).abs() < 1e-3);
        assert!(estimate(&[]).is_none());
    }
}
