//! `delivery.png`: how many streams play, what reaches them, and how much of their capacity the links carry.

use super::View;
use super::curves::{Curves, Line, Values};
use super::model::{Colour, SERIES};
use super::sheet::Sheet;
use super::stack::stack;
use crate::analysis::highest;
use crate::measure::Scope;
use crate::vocabulary::Column;

/// The chart; none if nothing streams.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    if !view.findings.has_streams {
        return None;
    }
    // The title tells of the peak of the whole run, so the peak stands in the picture.
    let playing = |view: &View<'_>| highest(&view.series(view.all, Column::StreamsMean));
    let whole = view.unfocused();
    let view = if playing(view) < playing(&whole) { &whole } else { view };
    let what = format!("streams that play, what reaches them, and what carries them, {}", view.in_bins());
    let (mut sheet, top) = view.begin(&view.words.title("delivery"), &view.subtitle(&what), &[]);
    let drawn = vec![(2.6, streams(view)), (1.2, bit_rate(view)), (1.0, stalls(view)), (1.4, links(view))];
    stack(view, &mut sheet, top, drawn);
    Some(sheet)
}

/// One curve of everything in a column, without a curve where the column is empty.
fn one(view: &View<'_>, heading: &str, column: Column, factor: f64, colour: Colour, values: Values) -> Curves {
    Curves::new(heading, "", Line::of(view, Scope::default(), column, factor, "", colour), values)
}

fn streams(view: &View<'_>) -> Curves {
    one(view, "Streams that play", Column::StreamsMean, 1.0, Colour::Streams, Values::Numbers).filled(0.16)
}

fn bit_rate(view: &View<'_>) -> Curves {
    let heading = "Mean bit rate of a stream, bit/s";
    let mut curves = one(view, heading, Column::BitrateMean, 1e3, Colour::Streams, Values::Rates);
    // Without a ladder of bit rates there is none to draw.
    curves.lines.retain(|line| highest(&line.values) > 0.0 || !line.limits.is_empty());
    curves
}

/// The time in which streams stand still; without a curve where none ever does.
fn stalls(view: &View<'_>) -> Curves {
    let heading = "Share of the time of streams in which the picture stands still";
    let mut curves = one(view, heading, Column::StalledShare, 1.0, Colour::Stalls, Values::Shares).filled(0.8);
    curves.lines.retain(|line| highest(&line.values) > 0.0 || !line.limits.is_empty());
    curves
}

/// The links of the regions whose links are fullest; those with a threshold of their own first.
fn links(view: &View<'_>) -> Curves {
    let line = |(_, region): (usize, usize)| {
        let scope = Scope::region(region);
        Line::of(view, scope, Column::LinkUtilization, 1.0, view.context.region(region), Colour::Ink)
    };
    let mut lines: Vec<Line> = view.region_rows().filter_map(line).collect();
    let rank = |line: &Line| (line.limits.is_empty(), -highest(&line.values));
    lines.sort_by(|a, b| rank(a).0.cmp(&rank(b).0).then(rank(a).1.total_cmp(&rank(b).1)));
    let all = lines.len();
    lines.truncate(SERIES);
    for (rank, line) in lines.iter_mut().enumerate() {
        line.colour = Colour::Series(rank);
    }
    let heading = format!("What the links carry, of their capacity{}", View::of_all(lines.len(), all, "regions"));
    Curves::new(&heading, "", lines, Values::Shares)
}
