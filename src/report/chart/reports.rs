//! `reports.png`: outage reports over time, as an outage tracker shows them.

use super::axis::Axis;
use super::limits::{Limit, reach};
use super::model::{self, Colour, Key, Room, Text};
use super::page::{PLOT_BOTTOM, PLOT_LEFT, SHEET_RIGHT};
use super::panel::{End, Panel};
use super::sheet::Sheet;
use super::{View, stacked, theme};
use crate::analysis::reports::Reports;
use crate::measure::Scope;
use crate::report::clock::Clock;
use crate::report::letters;
use crate::report::numbers::{grouped, si, trim_zeros};
use crate::units::Span;
use crate::vocabulary::Column;

/// Regions that have a small chart of their own, at most.
const SMALL: usize = 5;

/// A number of reports: whole where it is large, with a decimal where it is small.
fn rate(value: f64) -> String {
    if value >= 9.95 { grouped(value) } else { trim_zeros(&format!("{value:.1}")).to_owned() }
}

/// Number of reports in each bin, behind the start and the end of the bin.
fn counts(reports: &Reports) -> Vec<(f64, f64, f64)> {
    let count = |(from, until, rate): &(f64, f64, f64)| (*from, *until, rate * (until - from) / 60.0);
    reports.bins.iter().map(count).collect()
}

/// The bin with most reports, the first of equals.
fn tallest(bars: &[(f64, f64, f64)]) -> Option<(f64, f64, f64)> {
    let known = bars.iter().copied().filter(|bar| bar.2.is_finite() && bar.2 > 0.0);
    known.reduce(|best, next| if next.2 > best.2 { next } else { best })
}

/// The chart; none if nobody reports anything.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let view = &view.unfocused();
    let reports = &view.findings.reports;
    reports.peak()?;
    let usual = view.context.usual_reports() * reports.width_s / 60.0;
    let bin = Span::from_seconds(reports.width_s);
    let mut legend = vec![(format!("Reports in {bin}"), Colour::Reports, Key::Area)];
    if usual > 0.0 {
        legend.push((format!("Usual level, {} in {bin}", rate(usual)), Colour::Ink, Key::Dashes));
    }
    let what = format!("reports to an outage tracker, counted over {bin} each");
    let (mut sheet, top) = view.begin(&view.words.title("reports"), &view.subtitle(&what), &legend);
    let x = view.time_axis();
    let marks = view.marks(&x, top);
    let regions = &view.findings.region_reports;
    let mut rooms = stacked(marks.bottom(), &[1.0]);
    if regions.len() > 1 {
        rooms[0].bottom = 545.0;
    }
    sheet.panels.push(everywhere(view, usual, &x, rooms[0]));
    sheet.marks = marks.through(&rooms);
    if regions.len() > 1 {
        by_region(view, &mut sheet, regions);
    }
    Some(sheet)
}

/// The reports of all regions together, against their usual level.
fn everywhere(view: &View<'_>, usual: f64, x: &Axis, room: Room) -> Panel {
    let reports = &view.findings.reports;
    let limits: Vec<Limit> = Limit::of(view, Column::Reports, Scope::default())
        .into_iter()
        .map(|limit| Limit { bound: limit.bound * reports.width_s / limit.window_s, ..limit })
        .collect();
    // A calm day must look calm, so the scale begins at several times the usual level.
    let bars = counts(reports);
    let most = tallest(&bars).map_or(0.0, |bar| bar.2).max(usual * 5.0);
    let mut panel = Panel::new(room, x, Axis::whole(reach(&limits, most) * 1.16, 5));
    panel.grid();
    panel.bars(&bars, Colour::Reports, 0.82);
    let mut ends = Vec::new();
    if usual > 0.0 && panel.y.holds(usual) {
        panel.level(usual, Colour::Ink);
        ends.push(End { at: (x.high, usual), text: format!("usual {}", rate(usual)), colour: Colour::Ink });
    }
    view.fade(&mut panel);
    ends.extend(panel.limits(&limits, rate));
    panel.base();
    panel.ticks();
    panel.ends(&ends, SHEET_RIGHT);
    if let Some((from, until, count)) = tallest(&bars) {
        let words = format!("{} in {} from {}", rate(count), Span::from_seconds(until - from), view.clock.exact(from));
        panel.callout(&words, (from, until), count, theme::LABEL.coloured(Colour::Reports));
    }
    panel
}

/// A row of small plots on one scale, each on the clock of its region and with its own drop.
fn by_region(view: &View<'_>, sheet: &mut Sheet, regions: &[(usize, Reports)]) {
    // Room for half a clock time at the end of one and half of one at the beginning of the next.
    const APART: f64 = 58.0;
    let shown = &regions[..regions.len().min(SMALL)];
    let (count, all) = (shown.len() as f64, regions.len());
    let width = (SHEET_RIGHT - 24.0 - PLOT_LEFT - APART * (count - 1.0)) / count;
    let most = regions.iter().filter_map(|(_, reports)| tallest(&counts(reports))).map(|bar| bar.2).fold(0.0, f64::max);
    let (from, until) = view.span();
    let head = if shown.len() < all {
        format!("{} of {all} regions, those with the highest peaks", shown.len())
    } else {
        "By region".to_owned()
    };
    sheet.texts.push(Text::new(&format!("{head}, each on its own clock"), (PLOT_LEFT, 620.0), theme::LABEL));
    for (rank, (region, reports)) in shown.iter().enumerate() {
        let left = PLOT_LEFT + rank as f64 * (width + APART);
        let room = Room { left, right: left + width, top: 716.0, bottom: PLOT_BOTTOM };
        let spec = view.context.spec.region.get_index(*region).map(|(_, region)| region);
        let clock = spec.map_or_else(|| view.clock.clone(), |region| Clock::of_region(view.context.spec, region));
        let x = Axis::clock(&clock, from, until, width, 74.0);
        let mut y = Axis::whole(most * 1.02, 2);
        if rank > 0 {
            // One scale for all, so its numbers stand at the first alone.
            y.ticks.iter_mut().for_each(|tick| tick.label.clear());
        }
        let mut panel = Panel::new(room, &x, y);
        panel.grid();
        let bars = counts(reports);
        panel.bars(&bars, Colour::Reports, 0.82);
        view.fade(&mut panel);
        panel.base();
        panel.ticks();
        let drop_s = spec.map_or(0.0, |region| region.drop_delay.seconds());
        if x.holds(drop_s) {
            let at = panel.place((drop_s, 0.0)).0;
            sheet.marks.push(model::Mark { x: at, top: room.top, bottom: room.bottom, words: Vec::new() });
        }
        sheet.panels.push(panel);
        let style = theme::LABEL;
        let name =
            letters::wrap(&letters::clean(view.context.region(*region)), style.face, style.size, width + 30.0, 2);
        for (line, words) in name.iter().enumerate() {
            sheet.texts.push(Text::new(words, (left, 645.0 + 19.0 * line as f64), style));
        }
        if let Some((at_s, _, count)) = tallest(&bars) {
            let words = format!("{} from {} {}", si(count), clock.exact(at_s), clock.offset_at(at_s));
            let foot = 645.0 + 19.0 * name.len() as f64 + 1.0;
            sheet.texts.push(Text::within(&words, (left, foot), theme::NOTE, width + 40.0));
        }
    }
}
