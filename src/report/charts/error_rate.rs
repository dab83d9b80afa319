//! `error-rate.png`: what share of the attempts failed, and how.

use plotters::style::text_anchor::{HPos, VPos};

use super::axis::Axis;
use super::canvas::{Canvas, Drawn, measure, sheet};
use super::page::{self, Key, Marks, PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{Panel, Room, Run, runs};
use super::{Look, theme};
use crate::report::findings::stated_bound;
use crate::report::numbers::{capital, duration, in_words, percent, si};
use crate::units::Span;
use crate::vocabulary::{Column, Outcome};

/// Name of the file.
pub const FILE: &str = "error-rate.png";

/// Draws it.
pub fn draw(look: &Look<'_>) -> Drawn<Vec<u8>> {
    let title = title(look);
    sheet(&page::notes(look.context, &title), |canvas| paint(look, canvas, &title))
}

/// What happened, in words that hold for any figures.
pub fn title(look: &Look<'_>) -> String {
    let findings = &look.findings;
    if findings.ended <= 0.0 {
        return "No attempt ends in this window".to_owned();
    }
    if findings.failed <= 0.0 {
        return format!("Nothing fails: all {} attempts are served", si(findings.ended));
    }
    let Some(episode) = findings.episode else {
        return match findings.peak {
            Some(peak) => {
                format!(
                    "Hardly anything fails: {} of attempts in the worst {}, at {}",
                    percent(peak.rate),
                    findings.window,
                    look.clock.moment(peak.at_s)
                )
            }
            None => format!("{} of all attempts fail", percent(findings.overall())),
        };
    };
    let share = capital(&in_words(episode.share));
    let length = duration(episode.until_s - episode.from_s);
    let when = match episode.from_s {
        from if (0.0..=120.0).contains(&from) => "after the drop".to_owned(),
        from => format!("from {}", look.clock.moment(from)),
    };
    if episode.unfinished {
        let end = look.clock.moment(episode.until_s);
        let since = if when == "after the drop" { "from the drop".to_owned() } else { when };
        return format!("{share} attempts fail {since} until {end}, where the run ends");
    }
    format!("{share} attempts fail in the {length} {when}")
}

fn subtitle(look: &Look<'_>) -> String {
    let several = if look.figures.error_rate_bounds.is_some() {
        format!(", mean of {} replications with its 95% interval", look.figures.replications)
    } else {
        String::new()
    };
    look.subtitle(&format!(
        "share of ended attempts by how they failed, in intervals of {}{several}",
        Span::from_seconds(look.figures.width_s)
    ))
}

/// Layers of the stack, lowest first: each outcome with the heights of its upper edge.
struct Stack {
    layers: Vec<(Outcome, Vec<f64>)>,
}

impl Stack {
    fn of(look: &Look<'_>) -> Stack {
        let count = |interval, column| {
            Some(look.figures.value(interval, look.all, column)).filter(|n| n.is_finite()).unwrap_or(0.0)
        };
        let mut height = vec![0.0; look.intervals.len()];
        let mut layers = Vec::new();
        let errors = Outcome::errors();
        for outcome in errors.iter().copied() {
            if !look.findings.outcomes.iter().any(|(occurred, _)| *occurred == outcome) {
                continue;
            }
            for (interval, height) in height.iter_mut().enumerate() {
                let failed: f64 = errors.iter().map(|outcome| count(interval, outcome.column())).sum();
                let ended = failed + count(interval, Outcome::Served.column());
                *height = if ended > 0.0 { *height + count(interval, outcome.column()) / ended } else { f64::NAN };
            }
            layers.push((outcome, height.clone()));
        }
        Stack { layers }
    }

    fn highest(&self) -> f64 {
        self.layers.last().map_or(0.0, |(_, upper)| upper.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max))
    }
}

fn paint(look: &Look<'_>, canvas: &Canvas<'_>, title: &str) -> Drawn {
    let findings = &look.findings;
    let legend: Vec<_> = findings
        .outcomes
        .iter()
        .map(|(outcome, count)| {
            let name = format!("{} · {} of failures", outcome.label(), percent(count / findings.failed));
            (name, theme::outcome(*outcome), Key::Area)
        })
        .collect();
    let top = page::header(canvas, title, &subtitle(look), &legend)?;
    let bound = stated_bound(look.context.spec);
    let bound_label = bound.map(|bound| format!("limit {}", percent(bound)));
    let right =
        SHEET_RIGHT - bound_label.as_deref().map_or(0.0, |label| measure(label, theme::LABEL)).max(110.0) - 14.0;
    let x = look.time_axis(right - PLOT_LEFT);
    let marks = Marks::lay_out(&look.clock, &look.context.changes, &x, PLOT_LEFT, right, top);
    let main = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom: 652.0 };
    let strip = Room { left: PLOT_LEFT, right, top: 712.0, bottom: PLOT_BOTTOM };

    let stack = Stack::of(look);
    let highest = stack.highest();
    let bands = bands(look);
    let reach = bands.iter().flatten().map(|(_, _, high)| *high).fold(highest, f64::max);
    // The limit belongs into the picture wherever it would not flatten it.
    let reach = bound.filter(|bound| *bound <= 1.0 && highest < 0.45).map_or(reach, |bound| reach.max(bound * 1.3));
    let panel = Panel::new(canvas, main, &x, Axis::shares(reach.min(1.0), 5));
    panel.grid()?;
    layers(look, &panel, &stack)?;
    for band in &bands {
        let upper: Run = band.iter().map(|(t, _, high)| (*t, *high)).collect();
        let lower: Run = band.iter().map(|(t, low, _)| (*t, *low)).collect();
        panel.between(&upper, &lower, theme::INK, 0.22)?;
    }
    if let Some((_, upper)) = stack.layers.last() {
        for run in runs(&look.intervals, upper) {
            panel.line(&run, theme::INK, 1.6)?;
        }
    }
    if let (Some(bound), Some(label)) = (bound.filter(|bound| panel.y.holds(*bound)), bound_label) {
        panel.level(bound, theme::INK)?;
        panel.ends(&[(bound, label, theme::INK)], SHEET_RIGHT)?;
    }
    panel.base()?;

    let volume = look.per_second(look.all, Column::Attempts);
    let most = volume.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max);
    let below = Panel::new(canvas, strip, &x, Axis::counts(most, 2));
    below.grid()?;
    below.caption("Attempts sent per second")?;
    for run in runs(&look.intervals, &volume) {
        below.area(&run, theme::DEMAND, 0.22)?;
        below.line(&run, theme::DEMAND, 2.0)?;
    }
    below.base()?;
    below.times()?;
    marks.draw(canvas, main.bottom)?;
    names(look, canvas, &panel, &stack)?;
    if findings.ended <= 0.0 {
        page::nothing(canvas, main, "no attempt ends in this window")?;
    } else if findings.failed <= 0.0 {
        page::nothing(canvas, main, "no errors")?;
    } else if let Some((interval, rate)) = peak(&stack) {
        let (from, until) = look.intervals[interval];
        let middle = (from + until) / 2.0;
        panel.callout(
            &format!("peak {} at {}", percent(rate), look.clock.moment(middle)),
            (middle, rate),
            theme::LABEL,
        )?;
    }
    page::footer(canvas, look.context, look.figures.replications)
}

fn peak(stack: &Stack) -> Option<(usize, f64)> {
    let (_, upper) = stack.layers.last()?;
    upper
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, rate)| rate.is_finite())
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
}

fn layers(look: &Look<'_>, panel: &Panel<'_, '_>, stack: &Stack) -> Drawn {
    let foot = vec![0.0; look.intervals.len()];
    for (index, (outcome, upper)) in stack.layers.iter().enumerate() {
        let lower = if index == 0 { &foot } else { &stack.layers[index - 1].1 };
        // Gaps are the same in all layers but the foot, which has none; it takes the layer's.
        let lower: Vec<f64> =
            lower.iter().zip(upper).map(|(low, up)| if up.is_finite() { *low } else { f64::NAN }).collect();
        for (upper, lower) in runs(&look.intervals, upper).iter().zip(runs(&look.intervals, &lower)) {
            panel.between(upper, &lower, theme::outcome(*outcome), 0.92)?;
        }
    }
    Ok(())
}

/// The names of the layers within them, each where its layer is thickest, if it is thick enough anywhere.
fn names(look: &Look<'_>, canvas: &Canvas<'_>, panel: &Panel<'_, '_>, stack: &Stack) -> Drawn {
    let foot = vec![0.0; look.intervals.len()];
    for (index, (outcome, upper)) in stack.layers.iter().enumerate() {
        let lower = if index == 0 { &foot } else { &stack.layers[index - 1].1 };
        let width = measure(outcome.label(), theme::LABEL);
        if let Some((x, above, below)) = panel.thickest(&look.intervals, upper, lower, width) {
            let letters = theme::LABEL.coloured(theme::on(theme::outcome(*outcome)));
            canvas.text(outcome.label(), (x, (above + below) / 2.0), letters, HPos::Center, VPos::Center)?;
        }
    }
    Ok(())
}

/// The 95% interval of the error rate, cut at its gaps: time, low, high.
fn bands(look: &Look<'_>) -> Vec<Vec<(f64, f64, f64)>> {
    let Some(bounds) = &look.figures.error_rate_bounds else { return Vec::new() };
    let end = |pick: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        (0..look.intervals.len())
            .map(|interval| bounds.get(interval * look.figures.scopes.len() + look.all).map_or(f64::NAN, pick))
            .map(|rate| rate.clamp(0.0, 1.0))
            .collect()
    };
    let (low, high) =
        (end(|b| if b.1.is_finite() { b.0 } else { f64::NAN }), end(|b| if b.0.is_finite() { b.1 } else { f64::NAN }));
    runs(&look.intervals, &low)
        .into_iter()
        .zip(runs(&look.intervals, &high))
        .map(|(low, high)| low.into_iter().zip(high).map(|((t, low), (_, high))| (t, low, high)).collect())
        .collect()
}
