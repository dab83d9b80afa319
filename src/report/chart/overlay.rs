//! `overlay.png`: several scenarios on common axes.

use super::axis::Axis;
use super::marks::Marks;
use super::model::{Colour, Room, SERIES, Sheet};
use super::page::{self, PLOT_BOTTOM, PLOT_LEFT, Provenance, SHEET_RIGHT};
use super::panel::{End, Panel, Run, runs};
use super::{View, theme};
use crate::analysis::compare::by_difference;
use crate::analysis::highest;
use crate::report::numbers::{percent, si};
use crate::report::{Context, Subject, letters};
use crate::vocabulary::{Column, Figure, Outcome};

/// One scenario's line in both plots.
struct Line {
    name: String,
    /// Colour of the line; none for scenarios beyond the number that have colours and names.
    colour: Option<Colour>,
    /// Error rate of the worst window.
    worst: f64,
    errors: Series,
    below: Series,
}

/// A series as it is drawn.
struct Series {
    runs: Vec<Run>,
}

impl Series {
    fn of(intervals: &[(f64, f64)], values: &[f64]) -> Series {
        Series { runs: runs(intervals, values) }
    }

    fn end(&self) -> Option<(f64, f64)> {
        self.runs.last().and_then(|run| run.last()).copied()
    }

    fn highest(&self) -> f64 {
        highest(&self.runs.iter().flatten().map(|point| point.1).collect::<Vec<_>>())
    }
}

/// The scenarios on the clock of the first; none if there are none. It and the four that differ most from it have colours
/// and names; further ones are grey.
pub fn sheet(subjects: &[Subject<'_>]) -> Option<Sheet> {
    let views: Vec<View<'_>> = subjects.iter().map(View::of).collect();
    let first = views.first()?;
    let with_reports = subjects.iter().any(|subject| subject.findings.reports.peak().is_some());
    let rates: Vec<Vec<f64>> = views.iter().map(|view| view.series(view.all, Column::ErrorRate)).collect();
    let ranks = by_difference(&rates);
    let lines: Vec<Line> = views.iter().zip(ranks).map(|(view, rank)| line(view, rank, with_reports)).collect();
    let one_clock = views.iter().all(|view| view.clock == first.clock);
    let (mut sheet, top) = begin(first, &lines, one_clock);
    let right = SHEET_RIGHT - 290.0;
    let from = views.iter().map(|view| view.span().0).fold(f64::INFINITY, f64::min);
    let until = views.iter().map(|view| view.span().1).fold(f64::NEG_INFINITY, f64::max);
    let x = match one_clock {
        true => Axis::clock(&first.clock, from, until, right - PLOT_LEFT, 92.0),
        false => Axis::offsets(from, until, right - PLOT_LEFT, 92.0),
    };
    // Changes differ between scenarios; what they share is the drop.
    let marks = Marks::of_drop(one_clock.then_some(&first.clock), &x, PLOT_LEFT, right, top);
    let main = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom: 540.0 };
    let tallest = |series: fn(&Line) -> &Series| lines.iter().map(|line| series(line).highest()).fold(0.0, f64::max);
    let mut panel = Panel::new(main, &x, Axis::shares(tallest(|line| &line.errors).min(1.0), 5));
    panel.grid();
    strokes(&mut panel, &lines, |line| &line.errors);
    panel.base();
    panel.ends(&names(&lines, |line| &line.errors, percent), SHEET_RIGHT);

    let strip = Room { left: PLOT_LEFT, right, top: 608.0, bottom: PLOT_BOTTOM };
    sheet.marks = marks.through(&[main, strip]);
    let mut below = Panel::new(strip, &x, Axis::counts(tallest(|line| &line.below) * 1.05, 3));
    below.grid();
    below.caption(if with_reports { "Outage reports per minute" } else { "Goodput: attempts served per second" });
    strokes(&mut below, &lines, |line| &line.below);
    below.base();
    below.ticks();
    below.ends(&names(&lines, |line| &line.below, si), SHEET_RIGHT);
    sheet.panels = vec![panel, below];
    Some(sheet)
}

/// The sheet with what stands around the plots; its footer is that of the first scenario, and counts the others.
fn begin(first: &View<'_>, lines: &[Line], one_clock: bool) -> (Sheet, f64) {
    let what = match lines.len() {
        1 => "Share of ended attempts that fail".to_owned(),
        count if count > SERIES => {
            format!("Share of ended attempts that fail, {SERIES} of {count} scenarios with a name and a colour")
        }
        count => format!("Share of ended attempts that fail, {count} scenarios"),
    };
    let (from, until) = first.span();
    let subtitle = match one_clock {
        true => [what, first.clock.dates(from, until), first.clock.offset()].join(" · "),
        false => [what, "time from the drop of each".to_owned()].join(" · "),
    };
    let name = match lines.len() - 1 {
        0 => first.context.name.to_owned(),
        1 => format!("{} and 1 other", first.context.name),
        others => format!("{} and {others} others", first.context.name),
    };
    let provenance = |context: &Context<'_>| Provenance::of(context, first.figures.replications);
    let Provenance { footer, .. } = provenance(&Context { name: &name, ..first.context.clone() });
    page::begin(
        &title(lines, first.whole.replications),
        &subtitle,
        &[],
        Provenance { footer, ..provenance(first.context) },
    )
}

fn line(view: &View<'_>, rank: usize, with_reports: bool) -> Line {
    let below = if with_reports {
        let bins = &view.findings.reports.bins;
        let (bins, rates): (Vec<_>, Vec<_>) = bins.iter().map(|(from, until, rate)| ((*from, *until), *rate)).unzip();
        Series::of(&bins, &rates)
    } else {
        Series::of(&view.intervals, &view.per_second(view.all, Outcome::Served.column()))
    };
    Line {
        // Names of files are short, and different within one command; titles often share their beginning.
        name: letters::clean(view.context.name),
        colour: (rank < SERIES).then_some(Colour::Series(rank)),
        worst: view.whole.figure(Figure::ErrorRatePeak).map_or(0.0, |peak| peak.mean),
        errors: Series::of(&view.intervals, &view.series(view.all, Column::ErrorRate)),
        below,
    }
}

/// What the comparison comes to, in words that hold for any figures.
fn title(lines: &[Line], replications: usize) -> String {
    let head = if replications > 1 { "At the worst, in the mean of the replications," } else { "At the worst" };
    let short = |line: &Line| theme::TITLE.shorten(&line.name, 420.0);
    let by_worst = |a: &&Line, b: &&Line| a.worst.total_cmp(&b.worst);
    match (lines.iter().min_by(by_worst), lines.iter().max_by(by_worst)) {
        (Some(only), _) if lines.len() == 1 => {
            format!("{}: {} of attempts fail at the worst", short(only), percent(only.worst))
        }
        (Some(best), Some(worst)) if worst.worst > best.worst => format!(
            "{head} {} of attempts fail in \u{201c}{}\u{201d}, {} in \u{201c}{}\u{201d}",
            percent(worst.worst),
            short(worst),
            percent(best.worst),
            short(best)
        ),
        (Some(best), _) if best.worst > 0.0 => {
            format!("{head} {} of attempts fail in each of {} scenarios", percent(best.worst), lines.len())
        }
        _ => format!("Nothing fails in any of {} scenarios", lines.len()),
    }
}

/// Grey lines first, so that the coloured ones lie on top; of those the first on top of all.
fn strokes(panel: &mut Panel, lines: &[Line], series: impl Fn(&Line) -> &Series) {
    for line in lines.iter().rev() {
        for run in &series(line).runs {
            match line.colour {
                Some(colour) => panel.line(run, colour, 2.5),
                None => panel.line(run, Colour::Axis, 1.2),
            }
        }
    }
}

/// Labels for the coloured lines: at their ends, with their peaks, since ends are mostly alike.
fn names(lines: &[Line], series: impl Fn(&Line) -> &Series, show: impl Fn(f64) -> String) -> Vec<End> {
    lines
        .iter()
        .filter_map(|line| {
            let (at, colour) = (series(line).end()?, line.colour?);
            // The number is worth its room; the name is what gives way.
            let peak = format!(" · peak {}", show(series(line).highest()));
            let room = 274.0 - theme::LABEL.measure(&peak);
            Some(End { at, text: format!("{}{peak}", theme::LABEL.shorten(&line.name, room)), colour })
        })
        .collect()
}
