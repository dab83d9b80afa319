//! Curves over the clock of a run: a heading, one curve or several with their names, and their limits.

use super::View;
use super::axis::Axis;
use super::blanks::{Blank, Reasons, blanks, joined, stretches};
use super::latencies::{self, Latencies};
use super::limits::{Limit, reach};
use super::model::{Colour, Room};
use super::page::SHEET_RIGHT;
use super::panel::{End, Panel, runs};
use super::ticks::{Tick, tick_millis};
use crate::analysis::highest;
use crate::measure::Scope;
use crate::report::numbers::{percent, si};
use crate::vocabulary::Column;

/// Kind of the curves' values, which decides the ticks and the scale of their axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Rates, from zero.
    Rates,
    /// Numbers of things, from zero, with whole ticks.
    Numbers,
    /// Shares, from zero.
    Shares,
    /// Milliseconds, on a logarithmic axis.
    Millis,
}

/// The place of nothing on a logarithmic axis is below the least value by this factor at least, and by this share of the axis.
const BELOW: (f64, f64) = (2.0, 0.16);

/// A logarithmic axis from the least, which is positive, to the most; what lies below the least is nothing or next to nothing
/// and gets a place of its own at the foot, to which its values are moved. The axis is `head` times as high as the curves.
pub fn from_nothing(
    curves: &mut [&mut Vec<f64>],
    (least, most): (f64, f64),
    head: f64,
    label: impl Fn(f64) -> String,
) -> Axis {
    // Beyond all that a run can have, so that no place on the axis is infinitely far.
    let most = most.min(1e17);
    let least = least.clamp(1e-15, most.max(1e-15));
    let floor = least / BELOW.0.max(libm::pow(most / least, BELOW.1));
    let below = curves.iter().any(|values| values.iter().any(|value| *value < least));
    for values in curves {
        values.iter_mut().filter(|value| **value < least).for_each(|value| *value = floor);
    }
    let low = 0.9 * if below { floor } else { least };
    let high = most * libm::pow(most / low, head - 1.0);
    let mut axis = Axis::spanning(low, high, true, 7, &label);
    if below {
        axis.ticks.retain(|tick| tick.at >= least * 0.99);
        axis.ticks.insert(0, Tick::new(floor, label(0.0)));
    }
    axis
}

/// Fewest values of which a percentile is drawn, and fewest that lie beyond one: 30 for a median, 200 for the 95th percentile, 1,000
/// for the 99th. Of fewer, one more or less moves it far.
const LEAST: (f64, f64) = (30.0, 10.0);

/// Factor between neighbours from which on a percentile jumps.
const JUMP: f64 = 4.0;

/// Removes the stretches in which a percentile jumps up and down at least three times, each time after fewer values than
/// [`LEAST_RUN`]: where the values are of two groups of which one has just the share that the percentile leaves, chance decides which
/// of both it tells. A single peak stays. Returns the places of what was removed.
fn without_flips(values: &mut [f64]) -> Vec<usize> {
    let jump = |index: usize| {
        let factor = values[index] / values[index - 1];
        (factor >= JUMP).then_some(true).or_else(|| (factor <= 1.0 / JUMP).then_some(false))
    };
    let jumps: Vec<(usize, bool)> = (1..values.len()).filter_map(|index| Some((index, jump(index)?))).collect();
    let is_flip = |pair: &[(usize, bool)]| pair[0].1 != pair[1].1 && pair[1].0 - pair[0].0 < LEAST_RUN;
    let (mut first, mut removed) = (0, Vec::new());
    while first < jumps.len() {
        let more = jumps[first..].windows(2).take_while(|pair| is_flip(pair)).count();
        if more >= 2 {
            // What is left behind the last jump is no longer than a flip where the curve ends.
            let last = jumps[first + more].0;
            let end = if values.len() - last < LEAST_RUN { values.len() } else { last };
            values[jumps[first].0..end].fill(f64::NAN);
            removed.extend(jumps[first].0..end);
        }
        first += more + 1;
    }
    removed
}

/// The simulated part of a count of a bin that is that of its mean interval, since a percentile of a bin is that of one of its
/// intervals.
fn of_an_interval(view: &View<'_>) -> f64 {
    view.context.scale * view.whole.width_s / view.figures.width_s
}

/// Least number of consecutive bins with a value for which a percentile is drawn.
const LEAST_RUN: usize = 5;

/// Width of the line of a curve, and by how much a line is wider than another that covers it.
const NARROW: f64 = 2.0;
const WIDER: f64 = 1.8;

/// Curves that share a plot.
pub struct Curves {
    /// Title of the plot.
    pub heading: String,
    /// Unit and remarks, beside the heading.
    pub note: String,
    /// The curves.
    pub lines: Vec<Line>,
    /// Kind of the values.
    pub values: Values,
    /// Opacity of the area below the curves.
    pub filled: f64,
    /// The spread of which the curves are percentiles.
    pub spread: Option<Latencies>,
    /// The stretches in which no curve has a value, with the reason.
    blanks: Vec<Blank>,
    /// The value that stands for all that is less, on a logarithmic axis; zero where none does.
    floor: f64,
}

/// One curve.
#[derive(Clone)]
pub struct Line {
    /// Name at its end; may be empty.
    pub name: String,
    /// Colour.
    pub colour: Colour,
    /// The value of each bin; NaN where there is none.
    pub values: Vec<f64>,
    /// Thresholds on it.
    pub limits: Vec<Limit>,
    /// Bins whose values are left out since they jump up and down.
    pub jumps: Vec<usize>,
}

impl Line {
    /// The curve of a column of a scope, times a factor, with the thresholds on it; none where the column is empty.
    pub fn of(view: &View<'_>, scope: Scope, column: Column, factor: f64, name: &str, colour: Colour) -> Option<Line> {
        let row = view.figures.scope(scope)?;
        let values: Vec<f64> = view.series(Some(row), column).iter().map(|value| value * factor).collect();
        let limits = Limit::of(view, column, scope).into_iter();
        let limits = limits.map(|limit| Limit { bound: limit.bound * factor, ..limit }).collect();
        let known = values.iter().any(|value| value.is_finite());
        known.then(|| Line { name: name.to_owned(), colour, values, limits, jumps: Vec::new() })
    }

    /// The curve of a percentile without the values of bins in which fewer than [`LEAST`] are simulated, or lie beyond it; `counts` says
    /// of how many each value is a percentile, `beyond` which share of them lies beyond it. Of less than a tenth of the bins with such
    /// values nothing is left, of a percentile above the median neither where no stretch has a tenth.
    pub fn of_enough(mut self, view: &View<'_>, counts: &[f64], beyond: f64) -> Line {
        let each = of_an_interval(view);
        let least = LEAST.0.max(LEAST.1 / beyond - 1e-6);
        for (value, count) in self.values.iter_mut().zip(counts) {
            if count * each < least {
                *value = f64::NAN;
            }
        }
        self.jumps = without_flips(&mut self.values);
        let asked = counts.iter().filter(|count| **count > 0.0).count();
        // Scraps of a longer curve tell nothing.
        let least = LEAST_RUN.min(self.values.len());
        for run in self.values.chunk_by_mut(|a, b| a.is_nan() == b.is_nan()) {
            if run.len() < least {
                run.fill(f64::NAN);
            }
        }
        let drawn = self.values.chunk_by(|a, b| a.is_nan() == b.is_nan()).filter(|run| run[0].is_finite());
        let (shown, longest) = drawn.map(<[f64]>::len).fold((0, 0), |(all, most), run| (all + run, most.max(run)));
        // A high percentile that is known here and there is one of few values everywhere.
        if 10 * shown < asked || (beyond < 0.5 && 10 * longest < asked) {
            self.values.fill(f64::NAN);
        }
        self
    }

    /// The curve without values of zero or below, for which a logarithm has no place.
    pub fn positive(mut self) -> Line {
        self.values.iter_mut().filter(|value| **value <= 0.0).for_each(|value| *value = f64::NAN);
        self
    }
}

impl Curves {
    /// Curves with a heading.
    pub fn new(heading: &str, note: &str, lines: impl IntoIterator<Item = Line>, values: Values) -> Curves {
        let lines = lines.into_iter().collect();
        let (heading, note) = (heading.to_owned(), note.to_owned());
        Curves { heading, note, lines, values, filled: 0.0, spread: None, blanks: Vec::new(), floor: 0.0 }
    }

    /// The curves with the area below them filled.
    pub fn filled(self, opacity: f64) -> Curves {
        Curves { filled: opacity, ..self }
    }

    /// The curves with values below `floor` moved to it; the axis says so at its foot.
    pub fn at_least(mut self, floor: f64) -> Curves {
        let values = self.lines.iter_mut().flat_map(|line| &mut line.values);
        for value in values.filter(|value| **value < floor) {
            (*value, self.floor) = (floor, floor);
        }
        self
    }

    /// The curves over the spread of which they are percentiles.
    pub fn over(self, spread: Option<Latencies>) -> Curves {
        Curves { spread, ..self }
    }

    /// The curves, with a reason where none has a value: `counts` says of how many each value is a percentile, `ended` how many
    /// there could have been.
    pub fn with_blanks(self, view: &View<'_>, counts: &[f64], ended: &[f64], reasons: Reasons) -> Curves {
        // Where each value is drawn below the curves, a few are no blank.
        let least = if self.spread.is_some() { f64::MIN_POSITIVE } else { LEAST.0 / of_an_interval(view) };
        let is_blank =
            |bin: usize| !self.lines.iter().any(|line| line.values.get(bin).is_some_and(|it| it.is_finite()));
        let blanks = blanks(view, (counts, ended), least, reasons, is_blank);
        let jumps = |bin: usize| is_blank(bin) && self.lines.iter().any(|line| line.jumps.contains(&bin));
        let are_many = |bin: usize| counts.get(bin).is_some_and(|count| *count >= least);
        let is_early = |bin: usize| is_blank(bin) && are_many(bin) && view.intervals[bin].1 <= 0.0;
        let long = LEAST_RUN as f64 * view.figures.width_s * 0.999;
        let found = [stretches(view, reasons.jumps, jumps), stretches(view, reasons.early, is_early)].concat();
        let found = found.into_iter().filter(|it| it.until_s - it.from_s > long);
        // A scrap of a curve that is left out lies between stretches with too few.
        let is_scrap = |bin: usize| is_blank(bin) && are_many(bin) && !jumps(bin) && !is_early(bin);
        let scraps = stretches(view, reasons.few, is_scrap);
        Curves { blanks: joined(blanks.into_iter().chain(found).chain(scraps)), ..self }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        let spread = self.spread.as_ref().is_some_and(|spread| !spread.ends().is_empty());
        !spread && !self.lines.iter().any(|line| line.values.iter().any(|value| value.is_finite()))
    }

    fn axis(&self, room: Room) -> Axis {
        let most = self.lines.iter().map(|line| highest(&line.values)).fold(0.0, f64::max);
        let limits: Vec<Limit> = self.lines.iter().flat_map(|line| line.limits.clone()).collect();
        let steps = match room.bottom - room.top {
            high if high > 200.0 => 5,
            high if high > 110.0 => 3,
            _ => 2,
        };
        match self.values {
            Values::Rates => Axis::counts(reach(&limits, most) * 1.05, steps),
            Values::Numbers => Axis::whole(reach(&limits, most) * 1.05, steps),
            Values::Shares => Axis::shares(reach(&limits, most), steps),
            Values::Millis => {
                let reached = self.spread.as_ref().map_or_else(Vec::new, Latencies::ends);
                let bounds = || limits.iter().map(|it| &it.bound).chain(&reached);
                let all = || self.lines.iter().flat_map(|line| &line.values).chain(bounds());
                let low = all().copied().filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
                let high = all().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
                self.floored(Axis::log_millis(low, high))
            }
        }
    }

    /// An axis that begins at the floor, where values lie that are less.
    fn floored(&self, mut axis: Axis) -> Axis {
        if self.floor > 0.0 {
            axis.ticks.retain(|tick| tick.at > self.floor * 1.001);
            axis.ticks.insert(0, Tick::new(self.floor, format!("≤ {}", tick_millis(self.floor))));
            axis.low = self.floor / BELOW.0.sqrt();
        }
        axis
    }

    /// The plot.
    pub fn panel(&self, view: &View<'_>, x: &Axis, room: Room) -> Panel {
        let mut panel = Panel::new(room, x, self.axis(room));
        panel.grid();
        let unwritten = panel.blanks(&self.blanks);
        let right = self.spread.as_ref().map_or(room.right, |spread| spread.left_of_key(room) - 12.0);
        let grey = |note: &str| format!("{note}; grey: {}", unwritten.join(", or "));
        let notes = match unwritten.is_empty() {
            true => vec![self.note.clone()],
            // Only curves of times, which have a logarithmic axis, have blanks.
            false => vec![grey(&self.note), grey("log scale")],
        };
        panel.heading_with(right, &self.heading, &notes.iter().map(String::as_str).collect::<Vec<_>>());
        if let Some(spread) = &self.spread {
            spread.draw(&mut panel);
        }
        // The foot lies below lines that run along it, so that these are seen.
        let along = self.lines.len() > 1 && self.lines.iter().any(|line| line.values.iter().any(|v| *v <= panel.y.low));
        if along {
            panel.base();
        }
        let series: Vec<&[f64]> = self.lines.iter().map(|line| &*line.values).collect();
        let mut ends = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let width = if self.spread.is_some() { NARROW } else { panel.width_of(&series, index) };
            for run in runs(&view.intervals, &line.values) {
                if self.filled > 0.0 {
                    panel.area(&run, line.colour, self.filled);
                }
                if self.spread.is_some() {
                    latencies::rim(&mut panel, &run);
                }
                let stroke = if line.colour == Colour::Stalls { Colour::Ink } else { line.colour };
                panel.line(&run, stroke, width);
            }
            ends.extend(End::of(&view.intervals, &line.values, &line.name, line.colour));
        }
        ends.retain(|end| !end.text.is_empty());
        view.fade(&mut panel);
        for line in &self.lines {
            let show = |value: f64| match self.values {
                Values::Shares => percent(value),
                Values::Rates | Values::Numbers => si(value),
                Values::Millis => tick_millis(value),
            };
            let told = panel.limits(&line.limits, show).into_iter();
            ends.extend(told.map(|end| match line.name.as_str() {
                "" => end,
                name => End { text: format!("{} · {name}", end.text), ..end },
            }));
        }
        if !along {
            panel.base();
        }
        panel.ends(&ends, SHEET_RIGHT);
        panel
    }
}

impl Panel {
    /// Width of the line of a series of several: of one that later ones cover nearly everywhere as much wider as shows it on both
    /// sides of each of these.
    pub fn width_of(&self, series: &[&[f64]], index: usize) -> f64 {
        const NEAR: f64 = 2.0;
        let height = |value: f64| self.place((self.x.low, value)).1;
        let covers = |later: &&&[f64]| {
            let both = series[index].iter().zip(later.iter()).filter(|(value, _)| value.is_finite());
            let (mut all, mut near) = (0, 0);
            for (value, other) in both {
                all += 1;
                near += usize::from((height(*value) - height(*other)).abs() < NEAR);
            }
            near > 0 && 10 * near >= 9 * all
        };
        NARROW + WIDER * series[index + 1..].iter().filter(covers).count() as f64
    }
}

#[cfg(test)]
mod tests;
