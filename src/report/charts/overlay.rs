//! `overlay.png`: several scenarios on common axes.

use plotters::style::RGBColor;

use super::axis::Axis;
use super::canvas::{Canvas, Drawn, measure, sheet};
use super::page::{self, Marks, PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{Panel, Room, Run, runs};
use super::{Look, highest, last, text, theme};
use crate::measure::Figures;
use crate::report::Context;
use crate::report::numbers::{percent, si};
use crate::vocabulary::{Column, Outcome};

/// Name of the file.
pub const FILE: &str = "overlay.png";

/// One scenario's line in both plots.
struct Line {
    name: String,
    colour: Option<RGBColor>,
    errors: Vec<Run>,
    error_end: Option<f64>,
    worst: f64,
    below: Vec<Run>,
    below_end: Option<f64>,
}

/// Draws the scenarios on the clock of the first. It and the four that differ most from it have colours and names; further
/// ones are grey.
///
/// # Errors
/// Only if the machine runs out of memory.
pub fn draw(runs: &[(&Context<'_>, &Figures)]) -> Drawn<Vec<u8>> {
    let looks: Vec<Look<'_>> = runs.iter().map(|(context, figures)| Look::at(context, figures)).collect();
    let with_reports = looks.iter().any(|look| look.reports(look.all).peak().is_some());
    let ranks = ranks(&looks);
    let lines: Vec<Line> = looks.iter().zip(ranks).map(|(look, rank)| line(look, rank, with_reports)).collect();
    let title = title(&lines);
    let notes = runs.first().map(|(context, _)| page::notes(context, &title)).unwrap_or_default();
    sheet(&notes, |canvas| match looks.first() {
        Some(first) => paint(canvas, &title, &looks, first, &lines, with_reports),
        None => Ok(()),
    })
}

/// For each scenario, how many come before it when the first is followed by those that differ most from it.
fn ranks(looks: &[Look<'_>]) -> Vec<usize> {
    let errors = |look: &Look<'_>| -> Vec<f64> {
        look.series(look.all, Column::ErrorRate)
            .into_iter()
            .map(|rate| if rate.is_finite() { rate } else { 0.0 })
            .collect()
    };
    let all: Vec<Vec<f64>> = looks.iter().map(errors).collect();
    let distance = |index: usize| all[index].iter().zip(&all[0]).map(|(a, b)| (a - b).abs()).sum::<f64>();
    let mut order: Vec<(usize, f64)> = (0..looks.len()).map(|index| (index, distance(index))).collect();
    // The sort is stable, so that equals stay in the order of the command.
    if let Some(others) = order.get_mut(1..) {
        others.sort_by(|a, b| b.1.total_cmp(&a.1));
    }
    let mut ranks = vec![0; looks.len()];
    for (rank, (index, _)) in order.into_iter().enumerate() {
        ranks[index] = rank;
    }
    ranks
}

fn line(look: &Look<'_>, rank: usize, with_reports: bool) -> Line {
    // Names of files are short, and different within one command; titles often share their beginning.
    let name = look.context.name;
    let errors = look.series(look.all, Column::ErrorRate);
    let (below, below_end) = if with_reports {
        let reports = look.reports(look.all);
        let (bins, values): (Vec<_>, Vec<_>) =
            reports.bins.iter().map(|(from, until, rate)| ((*from, *until), *rate)).unzip();
        (runs(&bins, &values), last(&values))
    } else {
        let served = look.per_second(look.all, Outcome::Served.column());
        (runs(&look.intervals, &served), last(&served))
    };
    Line {
        name: text::clean(name),
        colour: theme::SERIES.get(rank).copied(),
        worst: look.findings.peak.map_or(0.0, |peak| peak.rate),
        error_end: last(&errors),
        errors: runs(&look.intervals, &errors),
        below,
        below_end,
    }
}

/// What the comparison comes to, in words that hold for any figures.
fn title(lines: &[Line]) -> String {
    let short = |line: &Line| text::shorten(&line.name, text::Face::Bold, 30.0, 420.0);
    let by_worst = |a: &&Line, b: &&Line| a.worst.total_cmp(&b.worst);
    match (lines.iter().min_by(by_worst), lines.iter().max_by(by_worst)) {
        (Some(only), _) if lines.len() == 1 => {
            format!("{}: {} of attempts fail at the worst", short(only), percent(only.worst))
        }
        (Some(best), Some(worst)) if worst.worst > best.worst => format!(
            "At the worst {} of attempts fail in \u{201c}{}\u{201d}, {} in \u{201c}{}\u{201d}",
            percent(worst.worst),
            short(worst),
            percent(best.worst),
            short(best)
        ),
        (Some(best), _) if best.worst > 0.0 => {
            format!("At the worst {} of attempts fail in each of {} scenarios", percent(best.worst), lines.len())
        }
        _ => format!("Nothing fails in any of {} scenarios", lines.len()),
    }
}

fn paint(
    canvas: &Canvas<'_>,
    title: &str,
    looks: &[Look<'_>],
    first: &Look<'_>,
    lines: &[Line],
    with_reports: bool,
) -> Drawn {
    let what = format!("Share of ended attempts that fail, {} scenarios", lines.len());
    let parts = [what, first.clock.date(0.0), first.clock.offset()];
    let top = page::header(canvas, title, &parts.join(" · "), &[])?;
    let right = SHEET_RIGHT - 290.0;
    let from = looks.iter().map(|look| look.figures.first_s).fold(f64::INFINITY, f64::min);
    let until = looks.iter().map(|look| look.figures.time_s(look.figures.intervals)).fold(f64::NEG_INFINITY, f64::max);
    let x = Axis::clock(&first.clock, from, until, right - PLOT_LEFT, 92.0);
    // Changes differ between scenarios; what they share is the drop.
    let marks = Marks::lay_out(&first.clock, &[], &x, PLOT_LEFT, right, top);
    let main = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom: 540.0 };
    let strip = Room { left: PLOT_LEFT, right, top: 608.0, bottom: PLOT_BOTTOM };
    let tallest = |runs: &dyn Fn(&Line) -> Vec<f64>| lines.iter().map(|line| highest(&runs(line))).fold(0.0, f64::max);

    let panel = Panel::new(canvas, main, &x, Axis::shares(tallest(&|line| values(&line.errors)).min(1.0), 5));
    panel.grid()?;
    strokes(&panel, lines, |line| &line.errors)?;
    panel.base()?;
    marks.draw(canvas, main.bottom)?;
    panel.ends(&names(lines, |line| line.error_end, |line| &line.errors, percent), SHEET_RIGHT)?;

    let below = Panel::new(canvas, strip, &x, Axis::counts(tallest(&|line| values(&line.below)) * 1.05, 3));
    below.grid()?;
    below.caption(if with_reports { "Outage reports per minute" } else { "Goodput: attempts served per second" })?;
    strokes(&below, lines, |line| &line.below)?;
    below.base()?;
    below.times()?;
    below.ends(&names(lines, |line| line.below_end, |line| &line.below, si), SHEET_RIGHT)?;
    let others = lines.len() - 1;
    let name = match others {
        0 => first.context.name.to_owned(),
        1 => format!("{} and 1 other", first.context.name),
        _ => format!("{} and {others} others", first.context.name),
    };
    page::footer(canvas, &Context { name: &name, ..first.context.clone() }, first.figures.replications)
}

/// Grey lines first, so that the coloured ones lie on top; of those the first on top of all.
fn strokes(panel: &Panel<'_, '_>, lines: &[Line], runs: impl Fn(&Line) -> &Vec<Run>) -> Drawn {
    for line in lines.iter().rev() {
        for run in runs(line) {
            match line.colour {
                Some(colour) => panel.line(run, colour, 2.5)?,
                None => panel.line(run, theme::AXIS, 1.2)?,
            }
        }
    }
    Ok(())
}

/// Labels for the coloured lines: beside their ends, with their peaks, since ends are mostly alike.
fn names(
    lines: &[Line],
    end: impl Fn(&Line) -> Option<f64>,
    runs: impl Fn(&Line) -> &Vec<Run>,
    show: impl Fn(f64) -> String,
) -> Vec<(f64, String, RGBColor)> {
    lines
        .iter()
        .filter_map(|line| {
            let (value, colour) = (end(line)?, line.colour?);
            // The number is worth its room; the name is what gives way.
            let peak = format!(" · peak {}", show(highest(&values(runs(line)))));
            let room = 274.0 - measure(&peak, theme::LABEL);
            let name = text::shorten(&line.name, theme::LABEL.face, theme::LABEL.size, room);
            Some((value, format!("{name}{peak}"), colour))
        })
        .collect()
}

fn values(runs: &[Run]) -> Vec<f64> {
    runs.iter().flatten().map(|point| point.1).collect()
}
