//! Effects of protections: attempts that a pool turns away, the limit that it adapts, and attempts that clients keep back.

use super::View;
use super::axis::Axis;
use super::curves::{Curves, Line, Values};
use super::model::{Colour, Fill, Room};
use super::page::SHEET_RIGHT;
use super::panel::{End, Panel, runs};
use crate::analysis::{Cause, highest};
use crate::measure::Scope;
use crate::report::numbers::count;
use crate::vocabulary::{Column, Outcome};

/// Ends of attempts that a pool turns away, the lowest layer first.
const TURNED_AWAY: [Outcome; 3] = [Outcome::Limited, Outcome::Shed, Outcome::Rejected];

/// A plot of one protection of a pool.
pub enum Guard {
    /// Attempts per second that the pool turned away, by outcome, one upon the other.
    TurnedAway(Vec<(Outcome, Vec<f64>)>),
    /// Attempts that the pool held, and the limit of them.
    Held {
        /// Attempts, queued and in service.
        held: Vec<f64>,
        /// The limit.
        limit: Vec<f64>,
    },
}

impl Guard {
    /// The protections of a pool that did anything.
    pub fn of(view: &View<'_>, row: usize, pool: usize) -> Vec<Guard> {
        let each = TURNED_AWAY.map(|outcome| (outcome, view.per_second(Some(row), outcome.column())));
        let mut layers: Vec<(Outcome, Vec<f64>)> = each.into_iter().filter(|(_, rates)| highest(rates) > 0.0).collect();
        // Full queues alone are told by the queue, if there is one.
        let cause = view.subject.analyses.first().and_then(|run| run.why.pools.get(pool)?.cause);
        let finds_no_room = matches!(cause, Some(Cause::Rejects { .. }));
        if !finds_no_room && layers.iter().all(|(outcome, _)| *outcome == Outcome::Rejected) {
            layers.clear();
        }
        let limit = view.series(Some(row), Column::ConcurrencyLimit);
        let sum = |(waiting, served): (f64, f64)| waiting.max(0.0) + served;
        let held = view.series(Some(row), Column::QueueMean).into_iter();
        let held = held.zip(view.series(Some(row), Column::InServiceMean)).map(sum).collect();
        let mut guards = Vec::new();
        guards.extend((!layers.is_empty()).then_some(Guard::TurnedAway(layers)));
        guards.extend((highest(&limit) > 0.0).then_some(Guard::Held { held, limit }));
        guards
    }

    /// The outcomes that are drawn.
    pub fn outcomes(&self) -> impl Iterator<Item = Outcome> + '_ {
        let layers = match self {
            Guard::TurnedAway(layers) => layers.as_slice(),
            Guard::Held { .. } => &[],
        };
        layers.iter().map(|(outcome, _)| *outcome)
    }

    /// The plot.
    pub fn panel(&self, view: &View<'_>, x: &Axis, room: Room) -> Panel {
        let mut panel = match self {
            Guard::TurnedAway(layers) => turned_away(view, layers, x, room),
            Guard::Held { held, limit } => held_and_limit(view, held, limit, x, room),
        };
        view.fade(&mut panel);
        panel.base();
        panel
    }
}

/// The colour of an outcome.
pub fn colour(outcome: Outcome) -> Colour {
    Colour::Fill(Fill::Outcome(outcome))
}

fn turned_away(view: &View<'_>, layers: &[(Outcome, Vec<f64>)], x: &Axis, room: Room) -> Panel {
    let mut height = vec![0.0; view.intervals.len()];
    let mut edges: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for (_, rates) in layers {
        let lower = height.clone();
        height.iter_mut().zip(rates).for_each(|(height, rate)| *height += if rate.is_finite() { *rate } else { 0.0 });
        edges.push((height.clone(), lower));
    }
    let mut panel = Panel::new(room, x, Axis::counts(highest(&height) * 1.05, 2));
    panel.grid();
    let sum = |rates: &[f64]| rates.iter().filter(|rate| rate.is_finite()).sum::<f64>() * view.figures.width_s;
    let words: Vec<String> =
        layers.iter().map(|(outcome, rates)| format!("{}: {}", view.label(*outcome), count(sum(rates)))).collect();
    panel.heading("Turned away", &format!("attempts per second; in all {}", words.join(" · ")));
    for ((upper, lower), (outcome, _)) in edges.iter().zip(layers) {
        for (upper, lower) in runs(&view.intervals, upper).iter().zip(runs(&view.intervals, lower)) {
            panel.between(upper, &lower, colour(*outcome), 1.0);
        }
    }
    panel
}

fn held_and_limit(view: &View<'_>, held: &[f64], limit: &[f64], x: &Axis, room: Room) -> Panel {
    let mut panel = Panel::new(room, x, Axis::whole(highest(held).max(highest(limit)) * 1.05, 2));
    panel.grid();
    panel.heading("The limit of attempts", "queued and in service, of all servers together, mean of an interval");
    for run in runs(&view.intervals, held) {
        panel.area(&run, Colour::Demand, 0.16);
        panel.line(&run, Colour::Demand, 1.8);
    }
    for run in runs(&view.intervals, limit) {
        panel.dashes(&run, Colour::Ink, 1.8);
    }
    let ends =
        [End::of(&view.intervals, limit, "limit", Colour::Ink), End::of(&view.intervals, held, "held", Colour::Demand)];
    panel.ends(&ends.into_iter().flatten().collect::<Vec<_>>(), SHEET_RIGHT);
    panel
}

/// Attempts that clients kept back: by breakers and throttles, and retries that budgets denied.
pub fn kept_back(view: &View<'_>) -> Curves {
    let per_second = 1.0 / view.figures.width_s;
    let line = |column, name, colour| {
        let line = Line::of(view, Scope::default(), column, per_second, name, colour);
        line.filter(|line| highest(&line.values) > 0.0).map(|line| Line { limits: Vec::new(), ..line })
    };
    let lines = [
        line(Outcome::Refused.column(), "refused", Colour::Series(1)),
        line(Column::RetriesDenied, "retries denied", Colour::Retries),
    ];
    let note = "attempts per second: refused by breakers and throttles, retries denied by budgets";
    Curves::new("What clients keep back", note, lines.into_iter().flatten(), Values::Rates).filled(0.12)
}
