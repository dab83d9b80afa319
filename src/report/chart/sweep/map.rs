//! A heat map: cells in colour, the line at a bound, and the bar that says what the colours mean.

use super::contour::boundary;
use super::lane::Lane;
use super::names::Metric;
use super::title::Points;
use crate::report::chart::axis::Axis;
use crate::report::chart::model::{Block, Cell, Colour, Fill, Part, Place, Room, Scale, Style, Text};
use crate::report::chart::named_axes::FOOT;
use crate::report::chart::theme;
use crate::report::chart::ticks::Tick;
use crate::vocabulary::{Figure, Unit};

/// Right edge of the cells of all heat maps.
pub const RIGHT: f64 = 1410.0;
/// Left edge of the bar of colours.
const BAR: f64 = 1450.0;
/// Height of a line of a tick's label.
const LINE: f64 = 18.0;

/// A figure over two parameters.
pub struct Map<'t> {
    /// From left to right.
    pub x: Lane<'t>,
    /// From bottom to top.
    pub y: Lane<'t>,
    /// `[y][x]`; none where there is no value.
    pub cells: Vec<Vec<Option<f64>>>,
    /// Numbers of the points in `points.csv`, `[y][x]`.
    pub points: Vec<Vec<Option<u64>>>,
    /// Column and row of the baseline, if it is on the map.
    pub own: Option<(usize, usize)>,
    /// Column and row of the cells that the scale makes the same simulation as others.
    pub alike: Vec<(usize, usize)>,
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
        let axis = match values {
            [] => Axis::shares(1.0, 5),
            _ => logarithmic(&metric, values).unwrap_or_else(|| metric.axis(low, high, 6)),
        };
        Colours { metric, axis, bound }
    }

    /// Remark of the subtitle on a logarithmic colour scale.
    pub fn words(&self) -> Option<String> {
        self.axis.is_logarithmic().then(|| "colours on a log scale".to_owned())
    }

    /// The colour of a value, or of none.
    pub fn of(&self, value: Option<f64>) -> Fill {
        value.map_or(Fill::Empty, |value| Fill::Value(self.axis.share(value)))
    }

    /// Legend of the line at the bound, if the bound is on the scale.
    pub fn line_words(&self) -> Option<String> {
        let bound = self.bound.filter(|bound| self.axis.holds(*bound))?;
        Some(format!("line: {}", self.metric.show_bound(bound)))
    }

    /// The bar of colours at the right of the sheet from `top` down, with the bound on it, and what grey means if there
    /// are cells without a value.
    pub fn scale(&self, top: f64, gaps: bool) -> Scale {
        let bottom = if gaps { FOOT - 48.0 } else { FOOT };
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

/// The axis in decades of values of which at least a third would be one colour otherwise: less than a thirtieth of the
/// largest.
fn logarithmic(metric: &Metric, values: &[f64]) -> Option<Axis> {
    const HIDES: f64 = 30.0;
    let positive: Vec<f64> = values.iter().copied().filter(|value| *value > 0.0).collect();
    let high = positive.iter().copied().fold(0.0, f64::max);
    let hidden = positive.iter().filter(|value| **value * HIDES < high).count();
    if values.iter().any(|value| *value < 0.0) || positive.len() < 3 || hidden * 3 < positive.len() {
        return None;
    }
    let low = positive.iter().copied().fold(high, f64::min).max(high * 1e-4);
    let mut axis = match metric.0.unit() {
        Unit::Seconds => Axis::with_ticks(low, high, true, times(low, high, metric)),
        _ => Axis::spanning(low, high, true, 6, |value| metric.tick(value, high)),
    };
    if values.iter().any(|value| *value < low) {
        // All that is lower has the darkest colour.
        axis.ticks.retain(|tick| tick.at > low * 1.5);
        axis.ticks.insert(0, Tick::new(low, format!("≤ {}", metric.show(low))));
    }
    Some(axis)
}

/// At most six ticks at round times between two times in seconds.
fn times(low: f64, high: f64, metric: &Metric) -> Vec<Tick> {
    const ROUND: [f64; 18] = [
        0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 2400.0, 7200.0, 18_000.0,
        86_400.0,
    ];
    let within: Vec<f64> = ROUND.into_iter().filter(|at| (low..=high).contains(at)).collect();
    let apart = within.len().div_ceil(6).max(1);
    let mut ticks: Vec<Tick> =
        within.into_iter().rev().step_by(apart).map(|at| Tick::new(at, metric.tick(at, high))).collect();
    ticks.reverse();
    ticks
}

impl Map<'_> {
    /// The values that there are.
    pub fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.cells.iter().flatten().flatten().copied()
    }

    /// The number of the point of a column and a row.
    pub fn number(&self, x: usize, y: usize) -> Option<u64> {
        self.points.get(y)?.get(x).copied().flatten()
    }

    /// The numbers of all points.
    pub fn all_points(&self) -> Points {
        self.points.iter().flatten().flatten().copied().collect()
    }

    /// The numbers of the points with a value.
    pub fn valued(&self) -> Points {
        let cells = self.cells.iter().flatten().zip(self.points.iter().flatten());
        cells.filter_map(|(value, number)| value.and(*number)).collect()
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
        let hatching = self.hatching(room, colours);
        let numbers = self.numbers(room, colours);
        let own = self.frame(room, colours);
        let lined = std::iter::once(Part::Cells(cells)).chain(hatching).chain([Part::Contour(lines)]);
        lined.chain(own).chain(numbers).collect()
    }

    /// A frame within the cell of the baseline.
    fn frame(&self, room: Room, colours: &Colours) -> Option<Part> {
        const INSET: f64 = 5.0;
        let (column, row) = self.own?;
        let (width, height) = (room.right - room.left, room.bottom - room.top);
        let left = room.left + self.x.edges[column] * width + INSET;
        let right = room.left + self.x.edges[column + 1] * width - INSET;
        let bottom = room.bottom - self.y.edges[row] * height - INSET;
        let top = room.bottom - self.y.edges[row + 1] * height + INSET;
        let colour = Colour::On(colours.of(self.cells[row][column]));
        let places = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        (right > left && bottom > top).then_some(Part::Rule { places, colour, width: 2.0 })
    }

    /// Slanting lines over the cells that are no points of their own.
    fn hatching(&self, room: Room, colours: &Colours) -> Vec<Part> {
        const APART: f64 = 9.0;
        let mut parts = Vec::new();
        for (column, row) in self.alike.iter().copied() {
            let (width, height) = (room.right - room.left, room.bottom - room.top);
            let left = room.left + self.x.edges[column] * width;
            let right = room.left + self.x.edges[column + 1] * width;
            let bottom = room.bottom - self.y.edges[row] * height;
            let top = room.bottom - self.y.edges[row + 1] * height;
            let colour = Colour::On(colours.of(self.cells[row][column]));
            // Each line is where x + y has one value, a multiple of the distance, so that lines go on in the next cell.
            let mut sum = ((left + top) / APART).ceil() * APART;
            while sum < right + bottom {
                let (from, to) = ((sum - bottom).max(left), (sum - top).min(right));
                parts.push(Part::Rule { places: vec![(from, sum - from), (to, sum - to)], colour, width: 1.0 });
                sum += APART;
            }
        }
        parts
    }

    /// The value of each cell as text, if all texts fit.
    fn numbers(&self, room: Room, colours: &Colours) -> Vec<Part> {
        const STYLE: Style = theme::NOTE;
        let show = |value: f64| colours.metric.show_against(value, colours.bound);
        let text_of = |value: Option<f64>| value.map_or("–".to_owned(), show);
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
                let style = STYLE.coloured(Colour::On(colours.of(*value)));
                let text = Text::new(&text_of(*value), at, style).centred();
                let hatched = self.alike.contains(&(column, row));
                let half = STYLE.measure(&text.text) / 2.0 + 3.0;
                let (from, to) = ((at.0 - half, at.1 - 9.0), (at.0 + half, at.1 + 9.0));
                let ground = Block { from, to, colour: Colour::Fill(colours.of(*value)), opacity: 1.0 };
                let ground = hatched.then_some(ground);
                parts.push(Part::Label { text, ground });
            }
        }
        parts
    }

    /// The line between the cells that keep to a bound and those that do not.
    fn lines(&self, bound: f64) -> Vec<Vec<(f64, f64)>> {
        let holds = |row: &Vec<Option<f64>>| row.iter().map(|cell| cell.map(|value| value <= bound)).collect();
        boundary(&self.x.edges, &self.y.edges, &self.cells.iter().map(holds).collect::<Vec<_>>())
    }

    /// Ticks and values at the foot; names of categories in several lines.
    pub fn foot(&self, room: Room) -> Vec<Part> {
        let width = room.right - room.left;
        let mut parts = Vec::new();
        for (share, lines) in self.x.labels(width) {
            let x = room.left + share * width;
            parts.push(rule([(x, room.bottom), (x, room.bottom + 6.0)]));
            for (line, words) in lines.iter().enumerate() {
                let at = (x, room.bottom + 12.0 + LINE * line as f64);
                parts.push(Part::Label { text: Text::new(words, at, theme::TICK).centred().hanging(), ground: None });
            }
        }
        parts
    }

    /// Ticks and values at the left; names of categories in several lines.
    pub fn side(&self, room: Room) -> Vec<Part> {
        let height = room.bottom - room.top;
        let mut parts = Vec::new();
        for (share, lines) in self.y.beside(height) {
            let y = room.bottom - share * height;
            parts.push(rule([(room.left - 6.0, y), (room.left, y)]));
            for (line, words) in lines.iter().enumerate() {
                let above = (lines.len() - 1) as f64 / 2.0;
                let at = (room.left - 12.0, y + LINE * (line as f64 - above));
                parts.push(Part::Label { text: Text::new(words, at, theme::TICK).ending(), ground: None });
            }
        }
        parts
    }
}

fn rule(places: [Place; 2]) -> Part {
    Part::Rule { places: places.to_vec(), colour: Colour::Axis, width: 1.5 }
}
