//! A heat map: cells in colour, the line at a bound, and the bar that says what the colours mean.

use super::contour::contour;
use super::lane::Lane;
use super::names::Metric;
use crate::report::chart::axis::Axis;
use crate::report::chart::model::{Block, Cell, Colour, Fill, Part, Place, Room, Scale, Style, Text};
use crate::report::chart::theme;
use crate::vocabulary::Figure;

/// Where the cells of all heat maps end.
pub const RIGHT: f64 = 1410.0;
/// The foot of the cells; below stand ticks, the name of the parameter and the footer.
pub const BOTTOM: f64 = 774.0;
/// Left edge of the bar of colours.
const BAR: f64 = 1450.0;
/// Distance between the ticks of an upright side, at least.
const TICKS_APART: f64 = 22.0;

/// A figure over two parameters.
pub struct Map<'t> {
    /// From left to right.
    pub x: Lane<'t>,
    /// From bottom to top.
    pub y: Lane<'t>,
    /// `[y][x]`; none where there is no value.
    pub cells: Vec<Vec<Option<f64>>>,
}

/// The colours of the heat maps of a chart.
pub struct Colours {
    /// The figure.
    pub metric: Metric,
    /// The values from the darkest to the brightest colour.
    pub axis: Axis,
    /// The value at which a line is drawn.
    pub bound: Option<f64>,
}

impl Colours {
    /// Colours that reach over some values.
    pub fn over(metric: Metric, values: &[f64], bound: Option<f64>) -> Colours {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let axis = if values.is_empty() { Axis::shares(1.0, 5) } else { metric.axis(low, high, 6) };
        Colours { metric, axis, bound }
    }

    /// The colour of a value, or of none.
    pub fn of(&self, value: Option<f64>) -> Fill {
        value.map_or(Fill::Empty, |value| Fill::Value(self.axis.share(value)))
    }

    /// What the line means, if the line is on the scale.
    pub fn line_words(&self) -> Option<String> {
        let bound = self.bound.filter(|bound| self.axis.holds(*bound))?;
        Some(format!("white line: {}", self.metric.show_bound(bound)))
    }

    /// The bar of colours at the right of the sheet from `top` down, with the bound on it, and what grey means if there
    /// are cells without a value.
    pub fn scale(&self, top: f64, gaps: bool) -> Scale {
        let bottom = if gaps { BOTTOM - 48.0 } else { BOTTOM };
        let room = Room { left: BAR, top, right: BAR + 24.0, bottom };
        let beside = room.right + 10.0;
        let height = |value: f64| bottom - self.axis.share(value) * (bottom - top);
        let bound = self.bound.filter(|bound| self.axis.holds(*bound));
        let mut axis = self.axis.clone();
        if let Some(bound) = bound {
            let in_the_way = |at: f64| (height(bound) - height(at)).abs() <= 18.0;
            axis.ticks.iter_mut().filter(|tick| in_the_way(tick.at)).for_each(|tick| tick.label.clear());
        }
        let bound = bound.map(|bound| {
            let y = height(bound).clamp(top + 2.0, bottom - 2.0);
            (y, Text::new(&self.metric.show_bound(bound), (beside, y), theme::LABEL))
        });
        let words = if self.metric.0 == Figure::Recovery { "not over" } else { "no value" };
        let no_value = gaps.then(|| Text::new(words, (beside, bottom + 36.0), theme::TICK));
        Scale { room, axis, bound, no_value }
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

    /// Cells, line and numbers.
    pub fn parts(&self, room: Room, colours: &Colours) -> Vec<Part> {
        let across = |share: f64| room.left + share * (room.right - room.left);
        let upward = |share: f64| room.bottom - share * (room.bottom - room.top);
        let mut cells = Vec::new();
        for (row, values) in self.cells.iter().enumerate() {
            for (column, value) in values.iter().enumerate() {
                let from = (across(self.x.edges[column]), upward(self.y.edges[row + 1]));
                let to = (across(self.x.edges[column + 1]), upward(self.y.edges[row]));
                cells.push(Cell { from, to, value: *value, fill: colours.of(*value) });
            }
        }
        let lines = colours.bound.map_or_else(Vec::new, |bound| self.lines(bound)).into_iter();
        let lines: Vec<Vec<Place>> =
            lines.map(|line| line.into_iter().map(|(x, y)| (across(x), upward(y))).collect()).collect();
        let numbers = self.numbers(room, colours, &lines);
        [Part::Cells(cells), Part::Contour(lines)].into_iter().chain(numbers).collect()
    }

    /// The value of each cell as text, if all texts fit; on a ground of the cell's colour where the line crosses the text.
    fn numbers(&self, room: Room, colours: &Colours, lines: &[Vec<Place>]) -> Vec<Part> {
        const STYLE: Style = theme::NOTE;
        let text_of = |value: Option<f64>| value.map_or("–".to_owned(), |value| colours.metric.show(value));
        let widths = self.values().map(|value| STYLE.measure(&text_of(Some(value))));
        let (width, height) = (room.right - room.left, room.bottom - room.top);
        let needed = widths.fold(0.0, f64::max) + 12.0;
        if self.x.narrowest() * width < needed || self.y.narrowest() * height < 26.0 {
            return Vec::new();
        }
        let mut parts = Vec::new();
        for (row, values) in self.cells.iter().enumerate() {
            for (column, value) in values.iter().enumerate() {
                let at = (room.left + self.x.centres[column] * width, room.bottom - self.y.centres[row] * height);
                let fill = colours.of(*value);
                let text = Text::new(&text_of(*value), at, STYLE.coloured(Colour::On(fill))).centred();
                let ground =
                    ground(&text, lines).map(|(from, to)| Block { from, to, colour: Colour::Fill(fill), opacity: 1.0 });
                parts.push(Part::Label { text, ground });
            }
        }
        parts
    }

    /// The line at a bound, from edge to edge: beyond the middles of the outermost cells the figure is taken as constant.
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
    pub fn foot(&self, room: Room) -> Vec<Part> {
        let width = room.right - room.left;
        let apart = |a: &str, b: &str| (theme::TICK.measure(a) + theme::TICK.measure(b)) / 2.0 + 14.0;
        let tick = |(share, label): (f64, String)| {
            let x = room.left + share * width;
            let label = theme::TICK.shorten(&label, width);
            let text = Text::new(&label, (x, room.bottom + 12.0), theme::TICK).centred().hanging();
            [rule([(x, room.bottom), (x, room.bottom + 6.0)]), Part::Label { text, ground: None }]
        };
        self.x.ticks(width, apart).into_iter().flat_map(tick).collect()
    }

    /// Ticks and values at the left.
    pub fn side(&self, room: Room) -> Vec<Part> {
        let height = room.bottom - room.top;
        let tick = |(share, label): (f64, String)| {
            let y = room.bottom - share * height;
            let label = theme::TICK.shorten(&label, 200.0);
            let text = Text::new(&label, (room.left - 12.0, y), theme::TICK).ending();
            [rule([(room.left - 6.0, y), (room.left, y)]), Part::Label { text, ground: None }]
        };
        self.y.ticks(height, |_, _| TICKS_APART).into_iter().flat_map(tick).collect()
    }
}

fn rule(places: [Place; 2]) -> Part {
    Part::Rule { places: places.to_vec(), colour: Colour::Axis, width: 1.5 }
}

/// The rectangle to clear below a text, if a line crosses the text.
fn ground(text: &Text, lines: &[Vec<Place>]) -> Option<(Place, Place)> {
    let (x, y) = text.at;
    let half = text.style.measure(&text.text) / 2.0 + 4.0;
    // What is cleared reaches further than what is looked at, so that no line is cut lengthwise.
    let around = |height: f64| ((x - half, y - height), (x + half, y + height));
    let (from, to) = around(7.0);
    lines.iter().any(|line| runs_through(line, from, to)).then(|| around(13.0))
}

/// Whether a line meets a rectangle; sampled, since a few units of a rim do no harm.
fn runs_through(line: &[Place], from: Place, to: Place) -> bool {
    let within = |(x, y): Place| x > from.0 - 3.0 && x < to.0 + 3.0 && y > from.1 - 3.0 && y < to.1 + 3.0;
    line.windows(2).any(|pair| {
        let along =
            |share: f64| (pair[0].0 + (pair[1].0 - pair[0].0) * share, pair[0].1 + (pair[1].1 - pair[0].1) * share);
        (0..=64).any(|step| within(along(f64::from(step) / 64.0)))
    })
}
