//! `reports.png`: what people told an outage tracker, as such a site would show it.

use super::axis::Axis;
use super::canvas::{Canvas, Drawn, sheet};
use super::page::{self, Key, Marks, PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{Panel, Room};
use super::{Look, theme};
use crate::report::clock::Clock;

use crate::report::numbers::{grouped, si, trim_zeros};
use crate::report::tracker::{Reports, usual_reports};
use crate::vocabulary::Column;

/// Name of the file.
pub const FILE: &str = "reports.png";

/// How many regions have a small chart of their own.
const SMALL: usize = 5;

/// Draws it.
pub fn draw(look: &Look<'_>) -> Drawn<Vec<u8>> {
    let reports = look.reports(look.all);
    let title = title(look, &reports);
    sheet(&page::notes(look.context, &title), |canvas| paint(look, canvas, &title, &reports))
}

/// What happened, in words that hold for any figures.
pub fn title(look: &Look<'_>, reports: &Reports) -> String {
    let usual = usual_reports(look.context.spec);
    let Some((peak, at_s)) = reports.peak() else { return "Nobody reports an outage".to_owned() };
    let when = look.clock.moment(at_s);
    let times = peak / usual;
    if times.is_finite() && times < 2.5 && peak < usual + 20.0 {
        return format!("Outage reports stay near their usual level: at most {} per minute, at {when}", rate(peak));
    }
    let compared = match times {
        times if times.is_finite() && times >= 9.5 => format!(", {} times their usual level", grouped(times.round())),
        times if times.is_finite() && times >= 1.05 => format!(", {times:.1} times their usual level"),
        _ => String::new(),
    };
    format!("Outage reports peak at {} per minute at {when}{compared}", rate(peak))
}

/// A rate per minute: whole where it is large, with a decimal where it is small.
fn rate(value: f64) -> String {
    if value >= 9.95 { grouped(value) } else { trim_zeros(&format!("{value:.1}")).to_owned() }
}

fn paint(look: &Look<'_>, canvas: &Canvas<'_>, title: &str, reports: &Reports) -> Drawn {
    let usual = usual_reports(look.context.spec);
    let mut legend = vec![("Reports per minute".to_owned(), theme::REPORTS, Key::Area)];
    if usual > 0.0 {
        legend.push((format!("Usual level, {} per minute", rate(usual)), theme::INK, Key::Dashes));
    }
    let top = page::header(canvas, title, &look.subtitle("reports to an outage tracker"), &legend)?;
    let right = SHEET_RIGHT - 120.0;
    let x = look.time_axis(right - PLOT_LEFT);
    let marks = Marks::lay_out(&look.clock, &look.context.changes, &x, PLOT_LEFT, right, top);
    let regions = worst_regions(look);
    let bottom = if regions.len() > 1 { 576.0 } else { PLOT_BOTTOM };
    let main = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom };
    // A calm day must look calm, so the scale begins at several times the usual level.
    let most = reports.peak().map_or(0.0, |peak| peak.0).max(usual * 5.0);
    let panel = Panel::new(canvas, main, &x, Axis::counts(most * 1.16, 5));
    panel.grid()?;
    bars(canvas, &panel, reports)?;
    if usual > 0.0 && panel.y.holds(usual) {
        panel.level(usual, theme::INK)?;
        panel.ends(&[(usual, format!("usual {}", rate(usual)), theme::INK)], SHEET_RIGHT)?;
    }
    panel.base()?;
    panel.times()?;
    marks.draw(canvas, main.bottom)?;
    if let Some((peak, at_s)) = reports.peak() {
        let (from, until, _) = reports.bins.iter().find(|bin| bin.1 > at_s).copied().unwrap_or((at_s, at_s, peak));
        let words = format!("{} per minute at {}", rate(peak), look.clock.moment(at_s));
        panel.callout(&words, ((from + until) / 2.0, peak), theme::LABEL.coloured(theme::REPORTS))?;
    } else {
        page::nothing(canvas, main, "no reports")?;
    }
    small(look, canvas, &regions, right)?;
    page::footer(canvas, look.context, look.figures.replications)
}

/// One bar for each bin, with a sliver of paper between them where they are wide enough for it.
fn bars(canvas: &Canvas<'_>, panel: &Panel<'_, '_>, reports: &Reports) -> Drawn {
    let foot = panel.room.bottom;
    for (from, until, value) in reports.bins.iter().filter(|bin| bin.2.is_finite() && bin.2 > 0.0) {
        let ((left, top), (right, _)) = (panel.place((*from, *value)), panel.place((*until, *value)));
        let gap = if right - left > 4.0 { 1.0 } else { 0.0 };
        // What is there is seen, be it ever so little.
        canvas.block((left, top.min(foot - 1.0)), (right - gap, foot), theme::REPORTS, 0.82)?;
    }
    Ok(())
}

/// The regions with the highest peaks: row, index, reports.
fn worst_regions(look: &Look<'_>) -> Vec<(usize, Reports)> {
    let mut regions: Vec<(usize, Reports)> = look
        .region_rows()
        .filter(|(row, _)| look.series(*row, Column::Reports).iter().any(|count| *count > 0.0))
        .map(|(row, region)| (region, look.reports(row)))
        .collect();
    let height = |reports: &Reports| reports.peak().map_or(0.0, |peak| peak.0);
    regions.sort_by(|a, b| height(&b.1).total_cmp(&height(&a.1)).then(a.0.cmp(&b.0)));
    regions.truncate(SMALL);
    regions
}

/// A row of small charts on one scale, each on its own clock.
fn small(look: &Look<'_>, canvas: &Canvas<'_>, regions: &[(usize, Reports)], right: f64) -> Drawn {
    if regions.len() < 2 {
        return Ok(());
    }
    // Room for half a clock time at the end of one and half of one at the beginning of the next.
    const APART: f64 = 58.0;
    let count = regions.len() as f64;
    let width = (right + 96.0 - PLOT_LEFT - APART * (count - 1.0)) / count;
    let most = regions.first().and_then(|(_, reports)| reports.peak()).map_or(0.0, |peak| peak.0);
    for (place, (region, reports)) in regions.iter().enumerate() {
        let left = PLOT_LEFT + place as f64 * (width + APART);
        let room = Room { left, right: left + width, top: 690.0, bottom: PLOT_BOTTOM };
        let spec = look.context.spec.region.get_index(*region);
        let clock = spec.map_or_else(|| look.clock.clone(), |(_, region)| Clock::of_region(look.context.spec, region));
        let x = Axis::clock(&clock, look.figures.first_s, look.figures.time_s(look.figures.intervals), width, 74.0);
        let mut y = Axis::counts(most * 1.02, 2);
        if place > 0 {
            // One scale for all, so its numbers stand at the first alone.
            y.ticks.iter_mut().for_each(|tick| tick.label.clear());
        }
        let panel = Panel::new(canvas, room, &x, y);
        panel.grid()?;
        bars(canvas, &panel, reports)?;
        panel.base()?;
        panel.times()?;
        canvas.label(look.region(*region), (left, 650.0), theme::LABEL, width)?;
        if let Some((peak, at_s)) = reports.peak() {
            let words = format!("peak {} at {} {}", si(peak), clock.moment(at_s), clock.offset());
            canvas.label(&words, (left, 670.0), theme::NOTE, width)?;
        }
    }
    Ok(())
}
