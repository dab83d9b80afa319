//! A heatmap: cells in colour, the line at a bound, and the colour bar beside them.

use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

use super::contour::contour;
use super::lane::Lane;
use super::names::Metric;
use crate::report::charts::axis::Axis;
use crate::report::charts::canvas::{Canvas, Drawn, Place, measure};
use crate::report::charts::panel::Room;
use crate::report::charts::{text, theme};
use crate::vocabulary::Figure;

/// A figure over two parameters.
pub struct Map<'t> {
    /// From left to right.
    pub x: Lane<'t>,
    /// From bottom to top.
    pub y: Lane<'t>,
    /// `[y][x]`; none where there is no value.
    pub cells: Vec<Vec<Option<f64>>>,
}

/// What all heatmaps of a chart share.
pub struct Colours {
    /// The figure.
    pub metric: Metric,
    /// From the darkest to the brightest.
    pub axis: Axis,
    /// Where the line is drawn.
    pub bound: Option<f64>,
}

impl Colours {
    fn of(&self, value: f64) -> RGBColor {
        viridis(self.axis.share(value))
    }
}

impl Map<'_> {
    /// The values that there are.
    pub fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.cells.iter().flatten().flatten().copied()
    }

    /// Whether any cell has no value.
    pub fn has_gaps(&self) -> bool {
        self.cells.iter().flatten().any(Option::is_none)
    }

    /// Draws the cells and the line.
    pub fn draw(&self, canvas: &Canvas<'_>, room: Room, colours: &Colours) -> Drawn {
        let across = |share: f64| room.left + share * (room.right - room.left);
        let upward = |share: f64| room.bottom - share * (room.bottom - room.top);
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let from = (across(self.x.edges[column]), upward(self.y.edges[row + 1]));
                let to = (across(self.x.edges[column + 1]), upward(self.y.edges[row]));
                canvas.block(from, to, cell.map_or(theme::GRID, |value| colours.of(value)), 1.0)?;
            }
        }
        let lines: Vec<Vec<Place>> = colours
            .bound
            .map_or_else(Vec::new, |bound| self.lines(bound))
            .into_iter()
            .map(|line| line.into_iter().map(|(x, y)| (across(x), upward(y))).collect())
            .collect();
        // A dark rim keeps the line apart from bright cells.
        for line in &lines {
            canvas.line(line, theme::INK, 6.0)?;
        }
        lines.iter().try_for_each(|line| canvas.line(line, theme::PAPER, 3.0))?;
        self.numbers(canvas, room, colours, &lines)
    }

    /// The value of each cell, if they all fit; on a ground of its own where the line runs through it.
    fn numbers(&self, canvas: &Canvas<'_>, room: Room, colours: &Colours, lines: &[Vec<Place>]) -> Drawn {
        let letters = theme::NOTE;
        let text_of = |cell: Option<f64>| cell.map_or("–".to_owned(), |value| colours.metric.show(value));
        let texts = self.values().map(|value| measure(&text_of(Some(value)), letters));
        let (width, height) = (room.right - room.left, room.bottom - room.top);
        let needed = texts.fold(0.0, f64::max) + 12.0;
        if self.x.narrowest() * width < needed || self.y.narrowest() * height < 26.0 {
            return Ok(());
        }
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (text, ground) = (text_of(*cell), cell.map_or(theme::GRID, |value| colours.of(value)));
                let half = measure(&text, letters) / 2.0 + 4.0;
                let (x, y) = (room.left + self.x.centres[column] * width, room.bottom - self.y.centres[row] * height);
                // What is cleared reaches further than what is looked at, so that no line is cut lengthwise.
                let around = |height: f64| ((x - half, y - height), (x + half, y + height));
                let (from, to) = around(7.0);
                if lines.iter().any(|line| runs_through(line, from, to)) {
                    let (from, to) = around(13.0);
                    canvas.block(from, to, ground, 1.0)?;
                }
                canvas.text(&text, (x, y), letters.coloured(theme::on(ground)), HPos::Center, VPos::Center)?;
            }
        }
        Ok(())
    }

    /// The line at a bound, from edge to edge: beyond the outermost middles the figure is taken to stay as it is.
    fn lines(&self, bound: f64) -> Vec<Vec<(f64, f64)>> {
        let padded = |centres: &[f64]| [&[0.0], centres, &[1.0]].concat();
        let nearest = |index: usize, count: usize| index.saturating_sub(1).min(count - 1);
        let (columns, rows) = (self.x.centres.len(), self.y.centres.len());
        let values: Vec<Vec<Option<f64>>> = (0..rows + 2)
            .map(|row| (0..columns + 2).map(|x| self.cells[nearest(row, rows)][nearest(x, columns)]).collect())
            .collect();
        contour(&padded(&self.x.centres), &padded(&self.y.centres), &values, bound)
    }

    /// Ticks and values at the foot.
    pub fn foot(&self, canvas: &Canvas<'_>, room: Room) -> Drawn {
        let width = room.right - room.left;
        let apart = |a: &str, b: &str| (measure(a, theme::TICK) + measure(b, theme::TICK)) / 2.0 + 14.0;
        for (share, label) in self.x.ticks(width, apart) {
            let x = room.left + share * width;
            canvas.line(&[(x, room.bottom), (x, room.bottom + 6.0)], theme::AXIS, 1.5)?;
            let label = text::shorten(&label, theme::TICK.face, theme::TICK.size, width);
            canvas.text(&label, (x, room.bottom + 12.0), theme::TICK, HPos::Center, VPos::Top)?;
        }
        Ok(())
    }

    /// Ticks and values at the left.
    pub fn side(&self, canvas: &Canvas<'_>, room: Room) -> Drawn {
        let height = room.bottom - room.top;
        for (share, label) in self.y.ticks(height, |_, _| 22.0) {
            let y = room.bottom - share * height;
            canvas.line(&[(room.left - 6.0, y), (room.left, y)], theme::AXIS, 1.5)?;
            let label = text::shorten(&label, theme::TICK.face, theme::TICK.size, 200.0);
            canvas.text(&label, (room.left - 12.0, y), theme::TICK, HPos::Right, VPos::Center)?;
        }
        Ok(())
    }
}

/// Whether a line meets a rectangle; sampled, since a few pixels of a rim do no harm.
fn runs_through(line: &[Place], from: Place, to: Place) -> bool {
    let within = |(x, y): Place| x > from.0 - 3.0 && x < to.0 + 3.0 && y > from.1 - 3.0 && y < to.1 + 3.0;
    line.windows(2).any(|pair| {
        let along =
            |share: f64| (pair[0].0 + (pair[1].0 - pair[0].0) * share, pair[0].1 + (pair[1].1 - pair[0].1) * share);
        (0..=64).any(|step| within(along(f64::from(step) / 64.0)))
    })
}

/// The colour bar at the right of the sheet, with the bound on it, and what grey means if there is any.
pub fn bar(canvas: &Canvas<'_>, colours: &Colours, top: f64, bottom: f64, left: f64, gaps: bool) -> Drawn {
    let bottom = if gaps { bottom - 48.0 } else { bottom };
    let right = left + 24.0;
    let place = |value: f64| bottom - colours.axis.share(value) * (bottom - top);
    let steps = (bottom - top) as usize;
    for step in 0..steps {
        let y = bottom - step as f64;
        canvas.block((left, y - 1.0), (right, y), viridis(step as f64 / (steps - 1).max(1) as f64), 1.0)?;
    }
    let bound = colours.bound.filter(|bound| colours.axis.holds(*bound));
    for tick in &colours.axis.ticks {
        let y = place(tick.at);
        canvas.line(&[(right, y), (right + 5.0, y)], theme::AXIS, 1.5)?;
        if bound.is_none_or(|bound| (place(bound) - y).abs() > 18.0) {
            canvas.text(&tick.label, (right + 10.0, y), theme::TICK, HPos::Left, VPos::Center)?;
        }
    }
    if let Some(bound) = bound {
        let y = place(bound).clamp(top + 2.0, bottom - 2.0);
        canvas.line(&[(left - 5.0, y), (right + 5.0, y)], theme::INK, 6.0)?;
        canvas.line(&[(left - 4.0, y), (right + 4.0, y)], theme::PAPER, 3.0)?;
        let text = colours.metric.show_bound(bound);
        canvas.text(&text, (right + 10.0, y), theme::LABEL, HPos::Left, VPos::Center)?;
    }
    if gaps {
        canvas.block((left, bottom + 24.0), (right, bottom + 48.0), theme::GRID, 1.0)?;
        let words = if colours.metric.0 == Figure::Recovery { "not over" } else { "no value" };
        canvas.text(words, (right + 10.0, bottom + 36.0), theme::TICK, HPos::Left, VPos::Center)?;
    }
    Ok(())
}

/// Viridis by S. van der Walt and N. Smith (CC0), at 17 even places: equal steps look equal, in grey and to people who
/// are colour-blind too.
pub fn viridis(share: f64) -> RGBColor {
    const PLACES: [(u8, u8, u8); 17] = [
        (0x44, 0x01, 0x54),
        (0x48, 0x18, 0x6a),
        (0x47, 0x2d, 0x7b),
        (0x42, 0x40, 0x86),
        (0x3b, 0x52, 0x8b),
        (0x33, 0x63, 0x8d),
        (0x2c, 0x72, 0x8e),
        (0x26, 0x82, 0x8e),
        (0x21, 0x91, 0x8c),
        (0x1f, 0xa0, 0x88),
        (0x28, 0xae, 0x80),
        (0x3f, 0xbc, 0x73),
        (0x5e, 0xc9, 0x62),
        (0x84, 0xd4, 0x4b),
        (0xad, 0xdc, 0x30),
        (0xd8, 0xe2, 0x19),
        (0xfd, 0xe7, 0x25),
    ];
    let along = if share.is_finite() { share.clamp(0.0, 1.0) * (PLACES.len() - 1) as f64 } else { 0.0 };
    let low = (along as usize).min(PLACES.len() - 2);
    let rest = along - low as f64;
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * rest).round() as u8;
    let (a, b) = (PLACES[low], PLACES[low + 1]);
    RGBColor(mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}
