//! `find.png`: every value of a setting that was tried, the figure there, and the bracket of the edge.

use super::axis::Axis;
use super::curves::from_nothing;
use super::model::{Colour, Dot, Key, Part, Text};
use super::named_axes;
use super::page::{self, MARGIN, Named, Provenance, SHEET_RIGHT};
use super::panel::{End, Panel};
use super::sheet::Sheet;
use super::sweep::names::Metric;
use super::theme;
use super::ticks::tick_si;
use crate::report::numbers::{capital, grouped};
use crate::report::search::Sought;
use crate::report::settings::words;
use crate::sweep::{Setting, Trial};
use crate::vocabulary::Unit;

/// The chart.
pub fn sheet(sought: &Sought<'_>, digest: &str) -> Sheet {
    let metric = Metric::of(&sought.search.condition().name);
    let (mut sheet, top) = begin(sought, digest);
    let mut panel = plot(sought, &metric, top + 36.0);
    let trials = &sought.finding.trials;
    trials.iter().for_each(|trial| draw(&mut panel, trial));
    if let Some(edge) = sought.edge()
        && let Some(trial) = trials.iter().find(|trial| trial.setting == edge.value)
        && let Some(at) = shown(&panel, trial)
    {
        let middle = panel.place(at);
        for (radius, colour) in [(11.0, Colour::Ink), (8.5, Colour::Paper), (6.0, colour(trial))] {
            panel.over.push(Part::Dot(Dot { at: middle, colour, radius }));
        }
    }
    if !trials.iter().any(|trial| place(trial).is_some()) {
        panel.notice("The figure has no value at any of the values tried");
    }
    panel.ticks();
    let room = panel.room;
    let head = format!("{}, {}", metric.title(), middle(sought));
    let head = Text::within(&head, (MARGIN, room.top - 20.0), theme::LABEL, room.right - MARGIN);
    // What the scale blurs belongs to the values, and the subtitle has no room for it.
    if let Some(blurred) = sought.sentences().get(2) {
        let left = MARGIN + theme::LABEL.measure(&head.text) + 12.0;
        let note = capital(blurred.trim_end_matches('.'));
        sheet.texts.push(Text::within(&note, (left, room.top - 20.0), theme::NOTE, SHEET_RIGHT - left));
    }
    sheet.texts.push(head);
    let unit = sought.search.unit();
    let name = words(sought.search.path());
    let name = capital(&if unit.is_empty() { name } else { format!("{name} in {unit}") });
    let (foot, path) = (theme::LABEL.shorten(&name, 700.0), theme::NOTE.shorten(sought.search.path(), 600.0));
    let wide = theme::LABEL.measure(&foot) + 8.0;
    let left = (room.left + room.right - wide - theme::NOTE.measure(&path)) / 2.0;
    sheet.texts.push(Text::new(&foot, (left, named_axes::NAME), theme::LABEL));
    sheet.texts.push(Text::new(&path, (left + wide, named_axes::NAME), theme::NOTE));
    sheet.panels.push(panel);
    sheet
}

/// Name of the statistic over the runs of a value: the median if the condition is on it, else the mean.
fn middle(sought: &Sought<'_>) -> &'static str {
    if sought.search.condition().is_of_the_median() { "median of the runs" } else { "mean of the runs" }
}

fn colour(trial: &Trial) -> Colour {
    match (trial.verdict.certain(), trial.verdict.holds()) {
        (false, _) => Colour::Subdued,
        (true, true) => Colour::Good,
        (true, false) => Colour::Broken,
    }
}

/// The sheet with its title, which is the answer, and what the colours mean.
fn begin(sought: &Sought<'_>, digest: &str) -> (Sheet, f64) {
    let Sought { search, finding } = sought;
    let (told, scenario) = (sought.sentences(), search.scenario());
    let bare = |sentence: &String| sentence.trim_end_matches('.').to_owned();
    let runs = format!("{} values, {} runs", finding.trials.len(), grouped(finding.runs() as f64));
    let own = [scenario.spec().title.clone(), runs];
    let parts: Vec<String> = told.iter().skip(1).take(1).map(bare).chain(own).filter(|part| !part.is_empty()).collect();
    let occurs = |wanted: Colour| finding.trials.iter().any(|trial| colour(trial) == wanted);
    let bracketed = sought.edge().is_some_and(|edge| edge.fails.is_some() && edge.holds.is_some());
    let legend: [(bool, Named); 4] = [
        (occurs(Colour::Good), ("holds (95%)".to_owned(), Colour::Good, Key::Dot)),
        (occurs(Colour::Broken), ("fails (95%)".to_owned(), Colour::Broken, Key::Dot)),
        (occurs(Colour::Subdued), ("not certain: too close, or too few runs".to_owned(), Colour::Subdued, Key::Dot)),
        (bracketed, ("between the nearest values that are certain".to_owned(), Colour::Demand, Key::Line)),
    ];
    let legend: Vec<Named> = legend.into_iter().filter(|(occurs, _)| *occurs).map(|(_, named)| named).collect();
    let mut footer = vec![
        page::program(env!("CARGO_PKG_VERSION")),
        format!("find in {}", theme::FOOTER.shorten(scenario.name(), 500.0)),
        format!("seed {}", scenario.spec().seed),
    ];
    if search.scale() > 0.0 && search.scale() < 1.0 {
        footer.push(format!("1:{}", grouped(1.0 / search.scale())));
    }
    footer.push(format!("digest {}", digest.chars().take(8).collect::<String>()));
    let notes = page::notes(env!("CARGO_PKG_VERSION"), scenario.name(), scenario.spec().seed, digest);
    let title = told.first().map(bare).unwrap_or_default();
    page::begin(
        &capital(&title),
        &capital(&parts.join(" · ")),
        &legend,
        Provenance { footer: footer.join(" · "), notes },
    )
}

/// Setting and mean of a trial; `None` where the setting is no number or the mean is infinite.
fn place(trial: &Trial) -> Option<(f64, f64)> {
    Some((trial.setting.number?, trial.mean)).filter(|(_, mean)| mean.is_finite())
}

/// Point at which a trial is drawn: a mean of zero goes to the lowest tick of a logarithmic axis.
fn shown(panel: &Panel, trial: &Trial) -> Option<(f64, f64)> {
    let lowest = panel.y.ticks.first().filter(|_| panel.y.is_logarithmic()).map_or(f64::NEG_INFINITY, |tick| tick.at);
    place(trial).map(|(x, mean)| (x, if mean > 0.0 { mean } else { mean.max(lowest) }))
}

/// The plot with the bound, the side that keeps to it, and the bracket.
fn plot(sought: &Sought<'_>, metric: &Metric, top: f64) -> Panel {
    let condition = sought.search.condition();
    let ends = sought.search.ends().map(|end| end.number.unwrap_or_default());
    let log = ends[0] > 0.0 && ends[1] / ends[0] > 10.0;
    let mut x = Axis::spanning(ends[0], ends[1], log, 10, tick_si);
    let is_whole = |trial: &Trial| trial.setting.number.is_some_and(|value| value.fract() == 0.0);
    // What is counted, such as servers, has no half.
    if sought.finding.trials.iter().all(is_whole) {
        x.ticks.retain(|tick| tick.at.fract() == 0.0);
    }
    let y = height(sought, metric);
    let keeps = match (condition.at_most, condition.strict) {
        (true, false) => "at most",
        (true, true) => "below",
        (false, false) => "at least",
        (false, true) => "above",
    };
    let text = format!("{keeps} {}", metric.show_bound(condition.bound));
    let right = SHEET_RIGHT - theme::LABEL.measure(&text) - 26.0;
    let mut panel = Panel::new(named_axes::beside(&y, top, right), &x, y);
    panel.grid();
    if panel.y.holds(condition.bound) {
        let far = if condition.at_most { panel.y.low } else { panel.y.high };
        let (bound, ends) = (condition.bound, (panel.x.low, panel.x.high));
        let (near, far) = ([(ends.0, bound), (ends.1, bound)], [(ends.0, far), (ends.1, far)]);
        panel.between(&near, &far, Colour::Good, 0.08);
        panel.level(bound, Colour::Ink);
    }
    bracket(sought, &mut panel);
    panel.base();
    if panel.y.holds(condition.bound) {
        panel.ends(&[End { at: (panel.x.high, condition.bound), text, colour: Colour::Ink }], SHEET_RIGHT);
    }
    panel
}

/// The band between the nearest values that are certain.
fn bracket(sought: &Sought<'_>, panel: &mut Panel) {
    let of = |setting: &Option<Setting>| setting.as_ref().and_then(|setting| setting.number);
    let Some((fails, holds)) = sought.edge().and_then(|edge| Some((of(&edge.fails)?, of(&edge.holds)?))) else {
        return;
    };
    let (from, until) = (fails.min(holds), fails.max(holds));
    let (low, high) = (panel.y.low, panel.y.high);
    panel.between(&[(from, high), (until, high)], &[(from, low), (until, low)], Colour::Demand, 0.14);
    for at in [from, until] {
        panel.line(&[(at, low), (at, high)], Colour::Demand, 1.2);
    }
}

/// An axis that holds the figure at every value, and the bound unless it flattens them.
fn height(sought: &Sought<'_>, metric: &Metric) -> Axis {
    let trials = || sought.finding.trials.iter().filter(|trial| place(trial).is_some());
    let most = trials().map(|trial| trial.mean).fold(0.0, f64::max);
    let least = trials().map(|trial| trial.mean).fold(f64::INFINITY, f64::min).min(most);
    let room = (most - least).max(0.1 * most.abs());
    let ends = trials().flat_map(|trial| [trial.low, trial.high]).filter(|end| end.is_finite());
    let is_share = metric.0.unit() == Unit::Share && most <= 1.0;
    let within = |end: f64| end.clamp(least - room, if is_share { (most + room).min(1.0) } else { most + room });
    let (low, high) = ends.map(within).fold((least, most), |(low, high), end| (low.min(end), high.max(end)));
    let bound = sought.search.condition().bound;
    let (low, high) = if bound <= 3.0 * high { (low.min(bound), high.max(bound)) } else { (low, high) };
    let low = if least >= 0.0 { low.max(0.0) } else { low };
    // Values that are all the same are seen against the bound.
    let high = if high > low { high } else { low + if bound > low { 1.5 * (bound - low) } else { 1.0 } };
    let axis = metric.axis(low, high, 6);
    // Of a few values a hundredth of the others nothing would be seen.
    let positive = trials().map(|trial| trial.mean).filter(|mean| *mean > 0.0).fold(f64::INFINITY, f64::min);
    if positive.is_finite() && most > 30.0 * positive && least >= 0.0 {
        let label = |value: f64| metric.tick(value, high);
        let ends = (positive.min(bound.max(positive / 10.0)) * 0.8, high * 1.1);
        let mut means: Vec<f64> = trials().map(|trial| trial.mean).collect();
        return from_nothing(&mut [&mut means], ends, 1.0, label);
    }
    axis
}

/// The figure at a value, with its interval.
fn draw(panel: &mut Panel, trial: &Trial) {
    let Some((x, mean)) = shown(panel, trial) else { return };
    let end = |end: f64| if end.is_finite() { end.clamp(panel.y.low, panel.y.high) } else { mean };
    panel.line(&[(x, end(trial.low)), (x, end(trial.high))], colour(trial), 2.0);
    panel.dot((x, mean), colour(trial), 5.0);
}
