//! `ranking.png`: the parameters by how much they move a figure.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use super::Sweep;
use super::names::{self, Metric};
use crate::report::charts::axis::Axis;
use crate::report::charts::canvas::{Canvas, Drawn, measure, sheet};
use crate::report::charts::page::{self, Key, MARGIN};
use crate::report::charts::panel::Room;
use crate::report::charts::theme;
use crate::report::numbers::{capital, grouped, percent, trim_zeros};
use crate::sweep::effect::{Effect, Effects, Method, effects};

/// More parameters are left out, the weakest first.
const MOST_ROWS: usize = 20;

const BOTTOM: f64 = 790.0;
const RIGHT: f64 = 1500.0;

/// Draws the ranking of a figure.
pub fn draw(sweep: &Sweep<'_>, metric: &str) -> Drawn<Vec<u8>> {
    let index = sweep.metric(metric);
    let metric = Metric::of(metric);
    let found = effects(&sweep.table, index);
    let title = title(sweep, found.as_ref(), &metric);
    let subtitle = subtitle(sweep, found.as_ref());
    let legend = found.as_ref().map_or(Vec::new(), legend);
    sheet(&sweep.notes(&title), |canvas| {
        let top = page::header(canvas, &title, &subtitle, &legend)? + 14.0;
        match &found {
            Some(found) => rows(canvas, sweep, found, top)?,
            None => {
                let room = Room { left: MARGIN, right: RIGHT, top, bottom: BOTTOM };
                page::nothing(canvas, room, "It never varies, or the points are too few to tell")?;
            }
        }
        sweep.footer(canvas)
    })
}

fn rows(canvas: &Canvas<'_>, sweep: &Sweep<'_>, found: &Effects, top: f64) -> Drawn {
    let shown = &found.list[..found.list.len().min(MOST_ROWS)];
    let name = |effect: &Effect| capital(&names::parameter(&sweep.table.parameters[effect.parameter]));
    let path = |effect: &Effect| names::path(&sweep.table.parameters[effect.parameter]);
    let height = ((BOTTOM - top) / shown.len() as f64).min(110.0);
    let bottom = top + height * shown.len() as f64;
    let two_lines = height >= 44.0;
    let widest = shown
        .iter()
        .map(|effect| {
            let path = if two_lines { measure(&path(effect), theme::NOTE) } else { 0.0 };
            measure(&name(effect), theme::LABEL).max(path)
        })
        .fold(0.0, f64::max);
    let left = MARGIN + widest.min(470.0) + 24.0;
    let axis = axis(shown, found.method);
    let place = |value: f64| left + axis.share(value.clamp(axis.low, axis.high)) * (RIGHT - left);
    for tick in &axis.ticks {
        let x = place(tick.at);
        let colour = if tick.at == 0.0 { theme::AXIS } else { theme::GRID };
        canvas.line(&[(x, top), (x, bottom)], colour, 1.5)?;
        canvas.text(&tick.label, (x, bottom + 8.0), theme::TICK, HPos::Center, VPos::Top)?;
    }
    for (row, effect) in shown.iter().enumerate() {
        let middle = top + height * (row as f64 + 0.5);
        let half = (height * 0.3).min(14.0);
        let room = left - MARGIN - 16.0;
        let upper = if two_lines { middle - 10.0 } else { middle };
        canvas.label(&name(effect), (MARGIN, upper), theme::LABEL, room)?;
        if two_lines {
            canvas.label(&path(effect), (MARGIN, middle + 11.0), theme::NOTE, room)?;
        }
        if let Some(total) = effect.total {
            canvas.block((place(0.0), middle - half), (place(total), middle + half), theme::GOOD, 0.3)?;
        }
        canvas.block((place(0.0), middle - half), (place(effect.size), middle + half), colour(effect), 1.0)?;
        let (mut low, mut high) = (effect.size.min(0.0), effect.size.max(effect.total.unwrap_or(0.0)));
        if let Some(interval) = effect.interval {
            whisker(canvas, place(interval.0), place(interval.1), middle)?;
            (low, high) = (low.min(interval.0), high.max(interval.1));
        }
        let text = words(effect, found.method);
        match effect.size < 0.0 {
            true => canvas.text(&text, (place(low) - 10.0, middle), theme::LABEL, HPos::Right, VPos::Center)?,
            false => canvas.text(&text, (place(high) + 10.0, middle), theme::LABEL, HPos::Left, VPos::Center)?,
        }
    }
    Ok(())
}

/// From the least to the largest end of any bar or interval, with room for the numbers beside them.
fn axis(shown: &[Effect], method: Method) -> Axis {
    let ends = |effect: &Effect| {
        let (low, high) = effect.interval.unwrap_or((effect.size, effect.size));
        (low.min(effect.size), high.max(effect.size).max(effect.total.unwrap_or(0.0)))
    };
    let low = shown.iter().map(|effect| ends(effect).0).fold(0.0, f64::min);
    let high = shown.iter().map(|effect| ends(effect).1).fold(0.0, f64::max);
    let room = (high - low) * 0.08;
    let low = if low < 0.0 { low - room } else { 0.0 };
    let label = |value: f64| {
        let value = (value * 1e9).round() / 1e9;
        match method {
            Method::Variance => percent(value),
            _ => trim_zeros(&format!("{value:.2}")).replace('-', "\u{2212}"),
        }
    };
    Axis::spanning(low, high + room, false, 9, label)
}

fn colour(effect: &Effect) -> RGBColor {
    match effect {
        Effect { total: Some(_), .. } => theme::GOOD,
        Effect { directed: false, .. } => theme::DEMAND,
        Effect { size, .. } if *size < 0.0 => theme::GOOD,
        _ => theme::REPORTS,
    }
}

fn whisker(canvas: &Canvas<'_>, from: f64, to: f64, y: f64) -> Drawn {
    canvas.line(&[(from, y), (to, y)], theme::INK, 2.0)?;
    for x in [from, to] {
        canvas.line(&[(x, y - 6.0), (x, y + 6.0)], theme::INK, 2.0)?;
    }
    Ok(())
}

fn words(effect: &Effect, method: Method) -> String {
    match (method, effect.total) {
        (Method::Variance, Some(total)) => format!("{} alone, {} in all", percent(effect.size), percent(total)),
        _ if effect.size <= -0.005 => format!("\u{2212}{:.2}", -effect.size),
        _ => format!("{:.2}", effect.size.abs()),
    }
}

fn legend(found: &Effects) -> Vec<(String, RGBColor, Key)> {
    if found.method == Method::Variance {
        return vec![("alone; pale: with its interactions".to_owned(), theme::GOOD, Key::Area)];
    }
    let mut legend = Vec::new();
    let directed = || found.list.iter().filter(|effect| effect.directed);
    if directed().any(|effect| effect.size >= 0.0) {
        legend.push(("more of it raises the figure".to_owned(), theme::REPORTS, Key::Area));
    }
    if directed().any(|effect| effect.size < 0.0) {
        legend.push(("more of it lowers the figure".to_owned(), theme::GOOD, Key::Area));
    }
    if found.list.iter().any(|effect| !effect.directed) {
        legend.push(("a category, without direction".to_owned(), theme::DEMAND, Key::Area));
    }
    legend
}

fn title(sweep: &Sweep<'_>, found: Option<&Effects>, metric: &Metric) -> String {
    let Some(found) = found else { return format!("What {} on cannot be told", metric.depends()) };
    let name = |effect: &Effect| names::parameter(&sweep.table.parameters[effect.parameter]);
    let depends = capital(&metric.depends());
    match &found.list[..] {
        [] => format!("{depends} on nothing that varies"),
        [only] => format!("{depends} on {}", name(only)),
        // Two whose intervals overlap are not told apart.
        [first, second, ..] if overlap(first, second) => {
            format!("{depends} most on {} and {}", name(first), name(second))
        }
        [first, second, ..] => format!("{depends} most on {}, then on {}", name(first), name(second)),
    }
}

fn overlap(first: &Effect, second: &Effect) -> bool {
    let strength = |effect: &Effect| {
        let (low, high) = effect.interval.unwrap_or((effect.size, effect.size));
        if effect.size < 0.0 { (-high, -low) } else { (low, high) }
    };
    strength(second).1 >= strength(first).0
}

fn subtitle(sweep: &Sweep<'_>, found: Option<&Effects>) -> String {
    let Some(found) = found else { return sweep.subtitle(&[]) };
    let (points, all) = (grouped(found.points as f64), sweep.table.points.len());
    let of = match found.points == all {
        true => format!("{points} points"),
        false => format!("{points} of {} points, those with a value", grouped(all as f64)),
    };
    let explained = percent(found.explained);
    let (what, rest) = match found.method {
        Method::Variance => {
            ("shares of the variance over the grid (Sobol indices)", format!("each alone: {explained} together"))
        }
        Method::Regression => ("standardised regression coefficients", format!("together they explain {explained}")),
        Method::RankRegression => {
            ("standardised rank regression coefficients", format!("together they explain {explained}"))
        }
    };
    let whiskers = found.list.iter().any(|effect| effect.interval.is_some()).then(|| "whiskers: 95%".to_owned());
    let left_out = (found.list.len() > MOST_ROWS).then(|| format!("the first {MOST_ROWS} of {}", found.list.len()));
    sweep.subtitle(&[Some(what.to_owned()), Some(of), Some(rest), whiskers, left_out])
}
