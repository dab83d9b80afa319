//! `small-multiples.png`: heat maps side by side, one for each value of a third parameter, all with the same colours.

use super::heatmap::{FRAME, below, beside, empty, map};
use super::lane::Lane;
use super::map::{Colours, Map, RIGHT};
use super::map_title::across_title;
use super::names::{self, Metric};
use super::view::Sweep;
use crate::report::chart::model::{Room, Text};
use crate::report::chart::named_axes::FOOT;
use crate::report::chart::page::MARGIN;
use crate::report::chart::sheet::Sheet;
use crate::report::chart::theme;
use crate::report::numbers::capital;
use crate::report::words::phrase::Sentence;
use crate::sweep::{Point, SmallMultiples};

/// Most heat maps that fit on a sheet.
const MOST_MAPS: usize = 12;
/// Height of the name above each heat map.
const HEAD: f64 = 30.0;
/// Distance between heat maps side by side.
const GAP: f64 = 22.0;

/// The heat maps.
pub fn sheet(sweep: &Sweep<'_>, chart: &SmallMultiples) -> (Sheet, Sentence) {
    let (x, y, across) = (sweep.parameter(&chart.x), sweep.parameter(&chart.y), sweep.parameter(&chart.across));
    let metric = Metric::of(&chart.colour);
    let points = sweep.slice(&[x, y, across]);
    let third = Lane::of(&sweep.table, across);
    let shown = if sweep.table.grid { third.values.len().min(MOST_MAPS) } else { 1 };
    let maps: Vec<Map<'_>> = (0..shown)
        .map(|index| {
            let of_value = |point: &&&Point| !sweep.table.grid || point.setting(across) == third.values[index];
            let own: Vec<&Point> = points.iter().filter(of_value).copied().collect();
            map(sweep, &own, x, y, &metric)
        })
        .collect();
    let bound = chart.contour.as_ref().map(|bound| metric.bound(bound));
    let values: Vec<f64> = maps.iter().flat_map(Map::values).collect();
    let colours = Colours::over(metric.clone(), &values, bound);
    let left_out = (third.values.len() > shown).then(|| format!("{shown} of {} values", third.values.len()));
    let elsewhere = sweep.elsewhere(&[x, y, across]);
    let hatched = maps.iter().any(|map| !map.alike.is_empty()).then(|| sweep.hatched());
    let line = colours.line_words();
    let own = maps.iter().any(|map| map.own.is_some()).then(|| FRAME.to_owned());
    let varies = Some(sweep.what_varies(&[x, y, across], points.len(), &metric));
    let parts = [varies, hatched, colours.words(), line, own, left_out, elsewhere];
    let title = across_title(&maps, &third, &metric, bound);
    let (mut sheet, top) = sweep.begin(&title.shown(), &sweep.subtitle(&parts), &[]);
    lay_out(&mut sheet, &maps, &third, &colours, top + 30.0);
    (sheet, title)
}

/// Number of heat maps side by side.
fn columns(count: usize) -> usize {
    match count {
        0..=3 => count.max(1),
        4 => 2,
        5..=9 => 3,
        _ => 4,
    }
}

/// Puts the heat maps on the sheet, from `top` down.
fn lay_out(sheet: &mut Sheet, maps: &[Map<'_>], third: &Lane<'_>, colours: &Colours, top: f64) {
    let Some(first) = maps.first() else { return };
    let columns = columns(maps.len());
    let rows = maps.len().div_ceil(columns).max(1);
    let side = first.y.widest((FOOT - top) / rows as f64).min(150.0) + 16.0;
    let foot = if rows > 1 { 40.0 } else { 0.0 };
    let width = (RIGHT - MARGIN - side - GAP * (columns - 1) as f64) / columns as f64;
    let height = (FOOT - top - foot * (rows - 1) as f64) / rows as f64;
    for (index, map) in maps.iter().enumerate() {
        let (column, row) = (index % columns, index / columns);
        let left = MARGIN + side + column as f64 * (width + GAP);
        let upper = top + row as f64 * (height + foot);
        let room = Room { left, right: left + width, top: upper + HEAD, bottom: upper + height };
        let name = format!("{} {}", names::parameter(third.parameter), third.text(index));
        sheet.texts.push(Text::within(&capital(&name), (left, upper + 14.0), theme::LABEL, width));
        let mut panel = empty(room);
        panel.under = map.parts(room, colours);
        panel.under.extend(map.foot(room));
        if column == 0 {
            panel.under.extend(map.side(room));
        }
        sheet.panels.push(panel);
    }
    sheet.texts.extend(beside(&first.y, (MARGIN, top - 14.0), RIGHT - MARGIN));
    sheet.texts.extend(below(&first.x, Room { left: MARGIN + side, right: RIGHT, top, bottom: FOOT }));
    sheet.scale = Some(colours.scale(top + HEAD, maps.iter().any(Map::has_gaps)));
}
