//! `reports.png`: outage reports per minute, as an outage tracker shows them.

use super::View;
use super::axis::Axis;
use super::marks::Marks;
use super::model::{Colour, Key, Room, Sheet, Text};
use super::page::{PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::Panel;
use super::theme;
use crate::analysis::reports::Reports;
use crate::report::clock::Clock;
use crate::report::numbers::{grouped, si, trim_zeros};

/// Regions that have a small chart of their own, at most.
const SMALL: usize = 5;

/// A rate per minute: whole where it is large, with a decimal where it is small.
fn rate(value: f64) -> String {
    if value >= 9.95 { grouped(value) } else { trim_zeros(&format!("{value:.1}")).to_owned() }
}

/// The chart.
pub fn sheet(view: &View<'_>) -> Sheet {
    let usual = view.context.usual_reports();
    let mut legend = vec![("Reports per minute".to_owned(), Colour::Reports, Key::Area)];
    if usual > 0.0 {
        legend.push((format!("Usual level, {} per minute", rate(usual)), Colour::Ink, Key::Dashes));
    }
    let (mut sheet, top) =
        view.begin(&view.words.title("reports"), &view.subtitle("reports to an outage tracker"), &legend);
    let right = SHEET_RIGHT - 120.0;
    let x = view.time_axis(right);
    let marks = Marks::lay_out(&view.clock, &view.context.changes, &x, PLOT_LEFT, right, top);
    let regions = &view.findings.region_reports;
    let regions = &regions[..regions.len().min(SMALL)];
    let bottom = if regions.len() > 1 { 576.0 } else { PLOT_BOTTOM };
    let main = Room { left: PLOT_LEFT, right, top: marks.bottom(), bottom };
    sheet.marks = marks.down_to(bottom);
    sheet.panels.push(everywhere(view, usual, &x, main));
    if regions.len() > 1 {
        by_region(view, &mut sheet, regions, right);
    }
    sheet
}

/// The reports of all regions together, against their usual level.
fn everywhere(view: &View<'_>, usual: f64, x: &Axis, room: Room) -> Panel {
    let reports = &view.findings.reports;
    // A calm day must look calm, so the scale begins at several times the usual level.
    let most = reports.peak().map_or(0.0, |peak| peak.0).max(usual * 5.0);
    let mut panel = Panel::new(room, x, Axis::counts(most * 1.16, 5));
    panel.grid();
    panel.bars(&reports.bins, Colour::Reports, 0.82);
    if usual > 0.0 && panel.y.holds(usual) {
        panel.level(usual, Colour::Ink);
        panel.ends(&[(usual, format!("usual {}", rate(usual)), Colour::Ink)], SHEET_RIGHT);
    }
    panel.base();
    panel.ticks();
    if let Some((peak, at_s)) = reports.peak() {
        let (from, until, _) = reports.bins.iter().find(|bin| bin.1 > at_s).copied().unwrap_or((at_s, at_s, peak));
        let words = format!("{} per minute at {}", rate(peak), view.clock.moment(at_s));
        panel.callout(&words, ((from + until) / 2.0, peak), theme::LABEL.coloured(Colour::Reports));
    } else {
        panel.notice("no reports");
    }
    panel
}

/// A row of small plots on one scale, each on the clock of its region.
fn by_region(view: &View<'_>, sheet: &mut Sheet, regions: &[(usize, Reports)], right: f64) {
    // Room for half a clock time at the end of one and half of one at the beginning of the next.
    const APART: f64 = 58.0;
    let count = regions.len() as f64;
    let width = (right + 96.0 - PLOT_LEFT - APART * (count - 1.0)) / count;
    let most = regions.first().and_then(|(_, reports)| reports.peak()).map_or(0.0, |peak| peak.0);
    for (rank, (region, reports)) in regions.iter().enumerate() {
        let left = PLOT_LEFT + rank as f64 * (width + APART);
        let room = Room { left, right: left + width, top: 690.0, bottom: PLOT_BOTTOM };
        let spec = view.context.spec.region.get_index(*region);
        let clock = spec.map_or_else(|| view.clock.clone(), |(_, region)| Clock::of_region(view.context.spec, region));
        let until = view.figures.time_s(view.figures.intervals);
        let x = Axis::clock(&clock, view.figures.first_s, until, width, 74.0);
        let mut y = Axis::counts(most * 1.02, 2);
        if rank > 0 {
            // One scale for all, so its numbers stand at the first alone.
            y.ticks.iter_mut().for_each(|tick| tick.label.clear());
        }
        let mut panel = Panel::new(room, &x, y);
        panel.grid();
        panel.bars(&reports.bins, Colour::Reports, 0.82);
        panel.base();
        panel.ticks();
        sheet.panels.push(panel);
        sheet.texts.push(Text::within(view.context.region(*region), (left, 650.0), theme::LABEL, width));
        if let Some((peak, at_s)) = reports.peak() {
            let words = format!("peak {} at {} {}", si(peak), clock.moment(at_s), clock.offset());
            sheet.texts.push(Text::within(&words, (left, 670.0), theme::NOTE, width));
        }
    }
}
