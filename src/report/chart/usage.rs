//! `usage.png`: sessions against those of an ordinary day.

use super::axis::Axis;
use super::model::Colour;
use super::page::SHEET_RIGHT;
use super::panel::{End, Panel, runs};
use super::sheet::Sheet;
use super::ticks::decimal;
use super::{CAPTION, View, stacked};
use crate::analysis::{finite, highest};
use crate::measure::Scope;
use crate::report::numbers::{count, times};
use crate::vocabulary::{Aggregation, Column};

/// A ratio from which on an even axis would hide a day that is a little above the ordinary.
const FAR: f64 = 6.0;

/// People of the ordinary day who are simulated in a bin, on average, from which on their number shows the day and not
/// chance: its standard deviation is a tenth.
const ENOUGH: f64 = 100.0;
/// Bins that a chart has at least.
const FEWEST_BINS: usize = 24;

/// A figure of the run and of the ordinary day, bin by bin.
struct Pair {
    heading: &'static str,
    note: &'static str,
    /// Noun for the curves: `sessions`, `streams`.
    name: &'static str,
    colour: Colour,
    /// Whether the figure is a number of people or streams, and not a rate.
    is_number: bool,
    run: Vec<f64>,
    ordinary: Vec<f64>,
}

impl Pair {
    /// The pair of a column of everything; none where the ordinary day has nothing of it.
    fn of(view: &View<'_>, column: Column, words: [&'static str; 3], colour: Colour) -> Option<Pair> {
        let (figures, row) = view.ordinary.as_ref()?;
        // People in a request are counted once in each interval; a bin of several has their mean.
        let (is_number, factor) = match column {
            Column::ViewersActive => (true, view.whole.width_s / view.figures.width_s),
            _ if matches!(column.aggregation(), Aggregation::Count) => (false, 1.0 / view.figures.width_s),
            _ => (true, 1.0),
        };
        let ordinary: Vec<f64> = figures.series(*row, column).map(|value| value * factor).collect();
        let run: Vec<f64> = view.series(view.all, column).iter().map(|value| value * factor).collect();
        let [heading, note, name] = words;
        (highest(&ordinary) > 0.0).then_some(Pair { heading, note, name, colour, is_number, run, ordinary })
    }

    /// Run over ordinary day, bin by bin; NaN where the ordinary day has nothing.
    fn ratio(&self) -> Vec<f64> {
        let of = |(run, ordinary): (&f64, &f64)| if *ordinary > 0.0 { run / ordinary } else { f64::NAN };
        self.run.iter().zip(&self.ordinary).map(of).collect()
    }
}

/// The chart; none without an ordinary day.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let (view, simulated) = &settled(view)?;
    let begun = ["Sessions that begin", "people who arrive per second", "sessions"];
    let watch = ["Who watches", "streams that play", "streams"];
    let ask = ["Who asks", "people with a request under way, pauses included, in an interval", "people who ask"];
    let under_way = Pair::of(view, Column::StreamsMean, watch, Colour::Streams)
        .or_else(|| Pair::of(view, Column::ViewersActive, ask, Colour::Streams));
    let pairs: Vec<Pair> =
        [Pair::of(view, Column::Arrivals, begun, Colour::Demand), under_way].into_iter().flatten().collect();
    if pairs.is_empty() {
        return None;
    }
    let why = simulated.map(|people| format!(" ({} people simulated in each)", count(people)));
    let what = format!(
        "against a day without multipliers, changes and people who come for the drop, {}{}",
        view.in_bins(),
        why.unwrap_or_default()
    );
    let (mut sheet, top) = view.begin(&view.words.title("usage"), &view.subtitle(&what), &[]);
    let x = view.time_axis();
    let marks = view.marks(&x, top);
    let weights: Vec<f64> = pairs.iter().map(|_| 1.2).chain([1.0]).collect();
    let rooms = stacked(marks.bottom() + CAPTION, &weights);
    for (pair, room) in pairs.iter().zip(&rooms) {
        let most = highest(&pair.run).max(highest(&pair.ordinary)) * 1.05;
        let y = if pair.is_number { Axis::whole(most, 3) } else { Axis::counts(most, 3) };
        let mut panel = Panel::new(*room, &x, y);
        panel.grid();
        panel.heading(pair.heading, pair.note);
        curves(view, pair, &mut panel);
        sheet.panels.push(panel);
    }
    sheet.panels.extend(rooms.last().map(|room| ratios(view, &pairs, &x, *room)));
    if let Some(lowest) = sheet.panels.last_mut() {
        lowest.ticks();
    }
    sheet.marks = marks.through(&rooms);
    Some(sheet)
}

/// The whole run; at a scale at which few people of the ordinary day are simulated in an interval, in wider bins, with
/// the mean number of these people in a bin. None without an ordinary day.
fn settled<'a>(view: &View<'a>) -> Option<(View<'a>, Option<f64>)> {
    let day = view.subject.ordinary?;
    let scale = if view.context.scale > 0.0 { view.context.scale } else { 1.0 };
    let arrivals: f64 = finite(day.series(day.scope(Scope::default())?, Column::Arrivals)).sum();
    let simulated = arrivals * scale * day.replications as f64;
    let bins = ((simulated / ENOUGH) as usize).max(FEWEST_BINS);
    let least = day.intervals.div_ceil(bins);
    let whole = view.unfocused();
    // Where the picture needs bins as wide anyway, they stay as they are.
    if whole.figures.width_s >= least as f64 * day.width_s {
        return Some((whole, None));
    }
    let wide = whole.in_bins_of(least);
    let each = simulated * wide.figures.width_s / (day.intervals as f64 * day.width_s);
    Some((wide, Some(each)))
}

/// The run as an area, the ordinary day as a dashed line.
fn curves(view: &View<'_>, pair: &Pair, panel: &mut Panel) {
    for run in runs(&view.intervals, &pair.run) {
        panel.area(&run, pair.colour, 0.16);
        panel.line(&run, pair.colour, 2.0);
    }
    for run in runs(&view.intervals, &pair.ordinary) {
        panel.dashes(&run, Colour::Ink, 1.8);
    }
    view.fade(panel);
    panel.base();
    let end = |values: &[f64], name: &str, colour| End::of(&view.intervals, values, name, colour);
    let ends = [end(&pair.run, "this day", pair.colour), end(&pair.ordinary, "ordinary day", Colour::Ink)];
    panel.ends(&ends.into_iter().flatten().collect::<Vec<_>>(), SHEET_RIGHT);
}

/// The plot of the ratio of the run to the ordinary day, on a logarithmic axis where it is far from one.
fn ratios(view: &View<'_>, pairs: &[Pair], x: &Axis, room: super::model::Room) -> Panel {
    let all: Vec<Vec<f64>> = pairs.iter().map(Pair::ratio).collect();
    let most = all.iter().map(|ratio| highest(ratio)).fold(1.0, f64::max);
    let least = finite(all.iter().flatten().copied()).filter(|ratio| *ratio > 0.0).fold(1.0, f64::min);
    let label = |value: f64| format!("{}×", decimal(value));
    let log = most > FAR;
    let y = if log {
        Axis::spanning((least * 0.9).max(most * 1e-3), most * 1.15, true, 5, label)
    } else {
        Axis::from_zero(most * 1.08, 4, label)
    };
    let mut panel = Panel::new(room, x, y);
    panel.grid();
    let note = if log { "the ordinary day is 1×; log scale" } else { "the ordinary day is 1×" };
    panel.heading("How many times an ordinary day", note);
    let low = panel.y.low;
    panel.dashes(&[(x.low, 1.0), (x.high, 1.0)], Colour::Ink, 1.8);
    let mut ends = vec![End { at: (x.high, 1.0), text: "ordinary day".to_owned(), colour: Colour::Ink }];
    for (pair, ratio) in pairs.iter().zip(&all) {
        let drawn: Vec<f64> = ratio.iter().map(|value| value.max(low)).collect();
        let drawn: Vec<f64> =
            drawn.iter().zip(ratio).map(|(drawn, value)| if value.is_finite() { *drawn } else { f64::NAN }).collect();
        runs(&view.intervals, &drawn).iter().for_each(|run| panel.line(run, pair.colour, 2.2));
        let last = drawn.iter().rev().find(|value| value.is_finite()).copied().unwrap_or(f64::NAN);
        ends.extend(End::of(&view.intervals, &drawn, &format!("{} · {}", times(last), pair.name), pair.colour));
    }
    view.fade(&mut panel);
    panel.base();
    panel.ends(&ends, SHEET_RIGHT);
    panel
}
