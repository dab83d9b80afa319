//! `waiting.png`: how long served attempts took from send to reply, as a grid of time and latency with percentiles, below the
//! share of those that failed, and how long people wait in all.

use super::View;
use super::blanks::Reasons;
use super::curves::{Curves, Line, Values};
use super::latencies::Latencies;
use super::limits::Limit;
use super::model::Colour;
use super::sheet::Sheet;
use super::stack::stack;
use crate::analysis::finite;
use crate::measure::Scope;
use crate::vocabulary::{Column, Outcome};

/// The curves: column, share of the replies beyond, name, colour.
const CURVES: [(Column, f64, &str, Colour); 3] = [
    (Column::LatencyP99, 0.01, "99%", Colour::Series(0)),
    (Column::LatencyP95, 0.05, "95%", Colour::Series(3)),
    (Column::LatencyP50, 0.5, "half", Colour::Good),
];

/// The chart; none if no attempt is served.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    if !view.findings.has_replies {
        return None;
    }
    let highest = if view.draws_intervals() { "" } else { ", the highest of each bin" };
    let what = format!("time from send to reply of the attempts that are served{highest}, {}", view.in_bins());
    let (mut sheet, top) = view.begin(&view.words.title("waiting"), &view.subtitle(&what), &[]);
    let latency = Curves::new(
        "How long a reply takes",
        "half, 95% and 99% of the replies come within this time, where there are enough; log scale",
        lines(view),
        Values::Millis,
    );
    let (served, ended) = (view.series(view.all, Outcome::Served.column()), ended(view));
    let latency = latency.over(Latencies::of(view)).with_blanks(view, &served, &ended, Reasons::ATTEMPTS);
    let starts = starts(view);
    let alone = latency.is_empty() && starts.is_empty();
    let drawn = vec![(1.0, failed(view, alone)), (3.4, latency), (1.8, starts), (1.4, in_rooms(view))];
    stack(view, &mut sheet, top, drawn);
    Some(sheet)
}

/// The attempts that end in each bin, served or not.
fn ended(view: &View<'_>) -> Vec<f64> {
    let counted = Outcome::ALL.iter().filter(|outcome| outcome.is_counted());
    let columns: Vec<Vec<f64>> = counted.map(|outcome| view.series(view.all, outcome.column())).collect();
    (0..view.intervals.len()).map(|bin| finite(columns.iter().filter_map(|of| of.get(bin).copied())).sum()).collect()
}

/// The share of attempts that fail and have no latency; empty where none fails.
fn failed(view: &View<'_>, alone: bool) -> Curves {
    let line = Line::of(view, Scope::default(), Column::ErrorRate, 1.0, "", Colour::Broken);
    let line = line.filter(|line| line.values.iter().any(|rate| *rate > 0.0));
    let line = line.map(|line| Line { limits: Vec::new(), ..line });
    let note = match alone {
        true => "share of ended attempts",
        false => "share of ended attempts; the plots below show only those that were served",
    };
    Curves::new("Failed", note, line, Values::Shares).filled(0.3)
}

/// The percentiles of the latency of everything, and of scopes with a threshold of their own.
fn lines(view: &View<'_>) -> Vec<Line> {
    let line = |scope, column, beyond, name: &str, colour| {
        let line = Line::of(view, scope, column, 1.0, name, colour)?.positive();
        let served = view.series(view.figures.scope(scope), Outcome::Served.column());
        let line = line.of_enough(view, &served, beyond);
        (!line.limits.is_empty() || line.values.iter().any(|value| value.is_finite())).then_some(line)
    };
    let all = |(column, beyond, name, colour): &(Column, f64, &str, Colour)| {
        line(Scope::default(), *column, *beyond, name, *colour)
    };
    let mut lines: Vec<Line> = CURVES.iter().filter_map(all).collect();
    let mut ranks = [2, 4].into_iter();
    for scope in view.whole.scopes.iter().filter(|scope| **scope != Scope::default()) {
        for (column, beyond, name, _) in CURVES {
            if Limit::of(view, column, *scope).is_empty() {
                continue;
            }
            let Some(rank) = ranks.next() else { return lines };
            let name = format!("{} {name}", scope_name(view, *scope));
            lines.extend(line(*scope, column, beyond, &name, Colour::Series(rank)));
        }
    }
    lines
}

fn scope_name(view: &View<'_>, scope: Scope) -> String {
    let parts = [
        scope.region.map(|region| view.context.region(region)),
        scope.pool.map(|pool| view.context.pool(pool)),
        scope.request.map(|request| view.context.request(request)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Milliseconds below which a wait in a waiting room is not told apart.
const BRIEF: f64 = 1000.0;

/// The wait of those whom a waiting room lets in.
fn in_rooms(view: &View<'_>) -> Curves {
    let counts = view.series(view.all, Column::Admitted);
    let line = |column, beyond, name, colour| {
        let line = Line::of(view, Scope::default(), column, 1.0, name, colour)?;
        Some(line.of_enough(view, &counts, beyond))
    };
    let lines = [
        line(Column::WaitingRoomWaitP95, 0.05, "95%", Colour::Series(3)),
        line(Column::WaitingRoomWaitP50, 0.5, "half", Colour::Good),
    ];
    let note = "of those who are let in, where there are enough; log scale";
    // Of waits under a second nobody takes notice, and they would fill most of a logarithmic axis.
    Curves::new("How long the waiting room takes", note, lines.into_iter().flatten(), Values::Millis).at_least(BRIEF)
}

/// The time to the first frame.
fn starts(view: &View<'_>) -> Curves {
    let note = "from the first request to the first frame, retries and pauses of the journey included; log scale";
    let counts = view.series(view.all, Column::Starts);
    Curves::new("How long until a stream starts", note, start_times(view, Colour::Series(3)), Values::Millis)
        .with_blanks(view, &counts, &counts, Reasons::STREAMS)
}

/// The percentiles of the time to the first frame, where enough streams start to tell them; `most` is the colour of the 95th.
pub fn start_times(view: &View<'_>, most: Colour) -> Vec<Line> {
    let counts = view.series(view.all, Column::Starts);
    let line = |column, beyond, name, colour| {
        let line = Line::of(view, Scope::default(), column, 1.0, name, colour)?;
        let line = line.positive().of_enough(view, &counts, beyond);
        line.values.iter().any(|value| value.is_finite()).then_some(line)
    };
    let pair = [line(Column::StartTimeP95, 0.05, "95%", most), line(Column::StartTimeP50, 0.5, "half", Colour::Good)];
    pair.into_iter().flatten().collect()
}
