//! `regions.png`: in which regions people came to harm: a map in tiles where countries are known, and bars of all regions.

use super::axis::Axis;
use super::model::{Block, Colour, Fill, HEIGHT, Part, Room, SHADES, Text};
use super::page::{BETWEEN, MARGIN};
use super::panel::Panel;
use super::sheet::Sheet;
use super::strips::{harm, people_of, rounded_up};
use super::{View, theme};
use crate::report::clock::Clock;
use crate::report::numbers::{count, percent, percent_in_full};
use crate::vocabulary::{COLUMNS, ROWS, TILES, Tile};

/// Bars of the chart, at most.
const MOST: usize = 30;
/// Height of a bar with the space to the next.
const EACH: f64 = 60.0;
/// Height of the scale above the bars.
const HEAD: f64 = 46.0;
/// Side of a tile, with the space to the next.
const SIDE: f64 = 78.0;

/// A region and its people.
struct Bar<'v> {
    name: &'v str,
    tiles: Vec<Tile>,
    /// People who came to harm, and people there.
    harmed: f64,
    present: f64,
    /// The drop on the clock of the region.
    drop: String,
    /// Outage reports; `None` where none is modelled.
    reports: Option<f64>,
}

impl Bar<'_> {
    fn share(&self) -> f64 {
        self.harmed / self.present
    }

    fn words(&self) -> String {
        let reports = self.reports.map_or_else(String::new, |reports| format!(" · {} reports", count(reports)));
        format!("{} · {} of {}{reports}", percent_in_full(self.share()), count(self.harmed), count(self.present))
    }
}

/// The chart; none unless people of several regions are known and somebody is harmed.
pub fn sheet(view: &View<'_>) -> Option<Sheet> {
    let view = &view.unfocused();
    let kind = harm(view)?;
    let bar = |(_, region): (usize, usize)| {
        let (harmed, present) = people_of(view, kind.figure, region)?;
        let (_, spec) = view.context.spec.region.get_index(region)?;
        let clock = Clock::of_region(view.context.spec, spec);
        let at = spec.drop_delay.seconds();
        let reports = view.findings.region_reports.iter().find(|(of, _)| *of == region).map(|(_, reports)| {
            reports.bins.iter().map(|(from, until, rate)| rate * (until - from) / 60.0).sum::<f64>()
        });
        let drop = format!("drop {} {}", clock.exact(at), clock.offset_at(at));
        let tiles = spec.map.split_whitespace().filter_map(Tile::of).collect();
        Some(Bar { name: view.context.region(region), tiles, harmed, present, drop, reports })
    };
    let mut bars: Vec<Bar<'_>> = view.region_rows().filter_map(bar).collect();
    let all = bars.len();
    if all < 2 {
        return None;
    }
    bars.sort_by(|a, b| b.share().total_cmp(&a.share()).then(b.harmed.total_cmp(&a.harmed)));
    let top = rounded_up(bars.iter().map(Bar::share).fold(0.0, f64::max));
    let shown = View::of_all(all.min(MOST), all, "regions");
    let what = format!("share of the people of each region who{}{shown}, each drop on its own clock", kind.past);
    // A map that shows the smaller part of the people would tell another story than the bars.
    let people = |of: fn(&Bar<'_>) -> bool| bars.iter().filter(|bar| of(bar)).map(|bar| bar.present).sum::<f64>();
    let on_map = people(|bar| !bar.tiles.is_empty());
    let mapped = on_map > 0.0 && 2.0 * on_map >= people(|_| true);
    // Without the map a few bars need no whole sheet.
    let height = if mapped { HEIGHT } else { (bars.len().min(MOST) as f64 * EACH + 190.0 + HEAD).min(HEIGHT) };
    let bottom = height - 84.0;
    let (mut sheet, upper) = view.begin_high(height, &view.words.title("regions"), &view.subtitle(&what), &[]);
    let left = if mapped { MARGIN + SIDE * f64::from(COLUMNS) + 40.0 } else { MARGIN };
    if mapped {
        let room = Room { left: MARGIN, right: left - 40.0, top: upper + 16.0, bottom };
        sheet.panels.push(map(&bars, top, room));
    }
    bars.truncate(MOST);
    let room = Room { left, right: MARGIN + BETWEEN, top: upper + 10.0, bottom: bottom + 20.0 };
    sheet.panels.push(listed(&bars, top, room));
    Some(sheet)
}

fn empty(room: Room) -> Panel {
    let none = || Axis::with_ticks(0.0, 1.0, false, Vec::new());
    Panel::new(room, &none(), none())
}

fn fill(share: f64, top: f64) -> Fill {
    Fill::Harm(((share / top).clamp(0.0, 1.0) * SHADES).round() / SHADES)
}

/// The scale of tiles and bars from nothing to `top`: the colour of each share, and a line through the bars at each half.
fn scale(panel: &mut Panel, top: f64, room: Room) {
    let each = (room.right - room.left) / (SHADES + 1.0);
    for step in 0..=SHADES as usize {
        let from = room.left + each * step as f64;
        let colour = Colour::Fill(Fill::Harm(step as f64 / SHADES));
        let (from, to) = ((from, room.top - 14.0), (from + each, room.top - 4.0));
        panel.under.push(Part::Block(Block { from, to, colour, opacity: 1.0 }));
    }
    for half in [0.0, 0.5, 1.0] {
        let x = room.left + (room.right - room.left) * half;
        let places = vec![(x, room.top - 4.0), (x, room.bottom)];
        panel.under.push(Part::Rule { places, colour: Colour::Grid, width: 1.0 });
        panel.label(Text::new(&percent(top * half), (x, room.top - 28.0), theme::NOTE).centred());
    }
}

/// The tiles of the regions over those of the other countries.
fn map(bars: &[Bar<'_>], top: f64, room: Room) -> Panel {
    let mut panel = empty(room);
    let height = SIDE * f64::from(ROWS);
    let upper = room.top + ((room.bottom - room.top - height) / 2.0).max(0.0);
    let corner = |tile: &Tile| (room.left + SIDE * f64::from(tile.column), upper + SIDE * f64::from(tile.row));
    for tile in TILES {
        let own = bars.iter().find(|bar| bar.tiles.contains(tile));
        let (x, y) = corner(tile);
        let colour = own.map_or(Colour::Fill(Fill::Empty), |bar| Colour::Fill(fill(bar.share(), top)));
        let opacity = if own.is_some() { 1.0 } else { 0.45 };
        let block = Block { from: (x, y), to: (x + SIDE - 4.0, y + SIDE - 4.0), colour, opacity };
        panel.under.push(Part::Block(block));
        let middle = x + (SIDE - 4.0) / 2.0;
        let Some(bar) = own else {
            panel.label(Text::new(tile.code, (middle, y + SIDE / 2.0 - 2.0), theme::FOOTER).centred());
            continue;
        };
        let on = Colour::On(fill(bar.share(), top));
        panel.label(Text::new(tile.code, (middle, y + 25.0), theme::LABEL.coloured(on)).centred());
        panel.label(Text::new(&percent(bar.share()), (middle, y + 48.0), theme::NOTE.coloured(on)).centred());
    }
    panel
}

/// A bar for each region, the largest share first.
fn listed(bars: &[Bar<'_>], top: f64, room: Room) -> Panel {
    let mut panel = empty(room);
    let width = |text: &str| theme::LABEL.measure(text);
    let names = bars.iter().map(|bar| width(bar.name)).fold(60.0, f64::max).min((room.right - room.left) * 0.3);
    let words = bars.iter().map(|bar| theme::NOTE.measure(&bar.words())).fold(0.0, f64::max);
    let different = bars.windows(2).any(|pair| pair[0].drop != pair[1].drop);
    let drops =
        if different { bars.iter().map(|bar| theme::NOTE.measure(&bar.drop)).fold(0.0, f64::max) + 24.0 } else { 0.0 };
    let left = room.left + names + 14.0;
    let right = (room.right - drops - words - 16.0).max(left + 40.0);
    let room = Room { top: room.top + HEAD, ..room };
    let each = ((room.bottom - room.top) / bars.len().max(1) as f64).min(EACH);
    let foot = room.top + each * bars.len() as f64;
    scale(&mut panel, top, Room { left, right, top: room.top, bottom: foot });
    for (index, bar) in bars.iter().enumerate() {
        let y = room.top + each * (index as f64 + 0.5);
        let half = (each * 0.34).min(13.0);
        let name = theme::LABEL.shorten(bar.name, names);
        panel.label(Text::new(&name, (left - 14.0, y), theme::LABEL).ending());
        let end = left + (right - left) * (bar.share() / top).clamp(0.0, 1.0);
        let colour = Colour::Fill(fill(bar.share(), top));
        if bar.harmed > 0.0 {
            let to = (end.max(left + 1.0), y + half);
            panel.under.push(Part::Block(Block { from: (left, y - half), to, colour, opacity: 1.0 }));
        }
        panel.label(Text::within(&bar.words(), (right + 12.0, y), theme::NOTE, words + 2.0));
        if different {
            panel.label(Text::new(&bar.drop, (room.right, y), theme::NOTE).ending());
        }
    }
    panel
}
