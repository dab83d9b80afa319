//! A sheet as shapes, in the order of drawing: a renderer has to draw these five shapes and nothing else.

use super::model::{
    Across, Block, Cell, Colour, Dot, Entry, Fill, Heat, Key, Mark, Part, Place, Room, Scale, Style, Text, Upright,
};
use super::panel::Panel;
use super::sheet::Sheet;
use super::theme;

/// Something that can be drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A line through places, with round corners and blunt ends.
    Line {
        /// The places.
        places: Vec<Place>,
        /// Colour of the line.
        colour: Colour,
        /// Width of the line.
        width: f64,
        /// Lengths of a dash and of the gap between dashes, which go on around corners; none where the line is whole.
        dash: Option<(f64, f64)>,
    },
    /// A filled shape.
    Area {
        /// Corners of the shape.
        places: Vec<Place>,
        /// Colour of the shape.
        colour: Colour,
        /// From 0, invisible, to 1.
        opacity: f64,
    },
    /// A filled rectangle; rectangles that touch show no seam.
    Block(Block),
    /// A filled circle.
    Disc(Dot),
    /// Letters.
    Text(Text),
}

impl Sheet {
    /// The shapes of the sheet, the undermost first.
    pub fn shapes(&self) -> Vec<Shape> {
        let mut shapes = Shapes(Vec::new());
        self.title.iter().for_each(|line| shapes.text(line));
        shapes.text(&self.subtitle);
        self.legend.iter().for_each(|entry| shapes.entry(entry));
        self.figures.iter().flatten().for_each(|text| shapes.text(text));
        self.panels.iter().for_each(|panel| shapes.parts(panel, panel.around_marks().0));
        self.marks.iter().for_each(|mark| shapes.mark(mark));
        self.panels.iter().for_each(|panel| shapes.parts(panel, panel.around_marks().1));
        self.panels.iter().for_each(|panel| shapes.parts(panel, &panel.over));
        self.scale.iter().for_each(|scale| shapes.scale(scale));
        self.texts.iter().for_each(|text| shapes.text(text));
        shapes.text(&self.footer);
        shapes.0
    }
}

impl Sheet {
    /// The shapes of what belongs to no plot and stands beside them: the scale of colours, and texts.
    pub fn shapes_beside(&self) -> Vec<Shape> {
        let mut shapes = Shapes(Vec::new());
        self.scale.iter().for_each(|scale| shapes.scale(scale));
        self.texts.iter().for_each(|text| shapes.text(text));
        shapes.0
    }
}

impl Panel {
    /// The shapes of a part of this plot, the undermost first.
    pub fn shapes_of(&self, part: &Part) -> Vec<Shape> {
        let mut shapes = Shapes(Vec::new());
        shapes.part(self, part);
        shapes.0
    }
}

impl Mark {
    /// The line and its words.
    pub fn shapes(&self) -> Vec<Shape> {
        let mut shapes = Shapes(Vec::new());
        shapes.mark(self);
        shapes.0
    }
}

impl Entry {
    /// The sample without its name.
    pub fn sample(&self) -> Vec<Shape> {
        let mut shapes = Shapes(Vec::new());
        shapes.sample(self);
        shapes.0
    }
}

/// The shapes of a sheet, while they are put together.
struct Shapes(Vec<Shape>);

impl Shapes {
    fn line(&mut self, places: &[Place], colour: Colour, width: f64) {
        self.stroke(places.to_vec(), colour, width, None);
    }

    fn stroke(&mut self, places: Vec<Place>, colour: Colour, width: f64, dash: Option<(f64, f64)>) {
        if places.len() > 1 {
            self.0.push(Shape::Line { places, colour, width, dash });
        }
    }

    fn block(&mut self, from: Place, to: Place, colour: Colour) {
        self.0.push(Shape::Block(Block { from, to, colour, opacity: 1.0 }));
    }

    fn text(&mut self, text: &Text) {
        if !text.text.is_empty() {
            self.0.push(Shape::Text(text.clone()));
        }
    }

    /// The label of a tick.
    fn tick(&mut self, text: &str, at: Place, across: Across, upright: Upright) {
        let style: Style = theme::TICK;
        self.text(&Text { across, upright, ..Text::new(text, at, style) });
    }

    fn entry(&mut self, entry: &Entry) {
        self.sample(entry);
        self.text(&entry.name);
    }

    fn sample(&mut self, entry: &Entry) {
        let (left, middle) = (entry.left, entry.name.at.1);
        let sample = [(left, middle), (left + 24.0, middle)];
        match entry.key {
            Key::Area => self.block((left, middle - 7.0), (left + 24.0, middle + 7.0), entry.colour),
            Key::Line => self.line(&sample, entry.colour, 3.0),
            Key::Dot => self.0.push(Shape::Disc(Dot { at: (left + 12.0, middle), colour: entry.colour, radius: 6.0 })),
            Key::Dashes => self.stroke(sample.to_vec(), entry.colour, 2.0, Some((6.0, 3.0))),
        }
    }

    fn mark(&mut self, mark: &Mark) {
        let line = vec![(mark.x, mark.top), (mark.x, mark.bottom)];
        // The gaps are of paper, so that the line is seen on areas of any colour.
        self.line(&line, Colour::Paper, 1.2);
        self.stroke(line, Colour::Subdued, 1.2, Some((3.0, 4.0)));
        mark.words.iter().for_each(|words| self.text(words));
    }

    fn parts(&mut self, panel: &Panel, parts: &[Part]) {
        parts.iter().for_each(|part| self.part(panel, part));
    }

    fn part(&mut self, panel: &Panel, part: &Part) {
        match part {
            Part::Grid => self.grid(panel),
            Part::Base => {
                let (room, y) = (panel.room, panel.room.bottom);
                self.line(&[(room.left, y), (room.right, y)], Colour::Axis, 1.5);
            }
            Part::Ticks(ticks) => {
                for tick in ticks {
                    let (x, foot) = (panel.place((tick.at, panel.y.low)).0, panel.room.bottom);
                    self.line(&[(x, foot), (x, foot + 6.0)], Colour::Axis, 1.5);
                    self.tick(&tick.label, (x, foot + 12.0), Across::Centre, Upright::Top);
                    self.tick(&tick.below, (x, foot + 31.0), Across::Centre, Upright::Top);
                }
            }
            Part::Line { points, colour, width, dashed } => {
                self.stroke(panel.places(points), *colour, *width, dashed.then_some((8.0, 6.0)));
            }
            Part::Area { upper, lower, colour, opacity } => {
                let mut places = panel.places(upper);
                places.extend(lower.iter().rev().map(|point| panel.place(*point)));
                if places.len() > 2 {
                    self.0.push(Shape::Area { places, colour: *colour, opacity: *opacity });
                }
            }
            Part::Bars { bars, colour, opacity } => self.bars(panel, bars, *colour, *opacity),
            Part::Dot(dot) => self.dot(*dot),
            Part::Cells(cells) => cells.iter().for_each(|cell| self.cell(cell)),
            Part::Heat(heat) => self.heat(panel, heat),
            Part::Contour(lines) => {
                lines.iter().for_each(|line| self.line(line, Colour::Ink, 6.0));
                lines.iter().for_each(|line| self.line(line, Colour::Paper, 3.0));
            }
            Part::Rule { places, colour, width } => self.line(places, *colour, *width),
            Part::Block(block) => self.0.push(Shape::Block(*block)),
            Part::Label { text, ground } => {
                self.0.extend(ground.map(Shape::Block));
                self.text(text);
            }
        }
    }

    fn grid(&mut self, panel: &Panel) {
        let room = panel.room;
        for tick in &panel.y.ticks {
            let y = panel.place((panel.x.low, tick.at)).1;
            self.line(&[(room.left, y), (room.right, y)], Colour::Grid, 1.0);
            self.tick(&tick.label, (room.left - 12.0, y), Across::Right, Upright::Middle);
        }
    }

    /// Bars, with a sliver of paper between wide ones.
    fn bars(&mut self, panel: &Panel, bars: &[(f64, f64, f64)], colour: Colour, opacity: f64) {
        let foot = panel.room.bottom;
        /// Least width of a bar beside which there is room: a mark may hide a narrower one.
        const LEAST: f64 = 3.0;
        let is_seen = |bar: &(f64, f64, f64)| bar.2.is_finite() && bar.2 > 0.0;
        for (index, (from, until, value)) in bars.iter().enumerate().filter(|(_, bar)| is_seen(bar)) {
            let ((left, top), (right, _)) = (panel.place((*from, *value)), panel.place((*until, *value)));
            let gap = if right - left > 4.0 { 1.0 } else { 0.0 };
            // Over a bar of less than half the height a narrow one may reach.
            let is_free = !bars.get(index + 1).is_some_and(|next| is_seen(next) && next.2 >= value / 2.0);
            let right = if is_free { (right - gap).max(left + LEAST) } else { right - gap };
            // A bar above zero is always seen.
            let (from, to) = ((left, top.min(foot - 1.0)), (right, foot));
            self.0.push(Shape::Block(Block { from, to, colour, opacity }));
        }
    }

    /// A dot with a rim of paper, which sets the dot off from its own line.
    fn dot(&mut self, dot: Dot) {
        self.0.push(Shape::Disc(Dot { colour: Colour::Paper, radius: dot.radius + 1.5, ..dot }));
        self.0.push(Shape::Disc(dot));
    }

    /// The cells of a grid; neighbours in a row that have one fill are one block.
    fn heat(&mut self, panel: &Panel, heat: &Heat) {
        let columns = heat.xs.len().saturating_sub(1);
        for (row, edges) in heat.ys.windows(2).enumerate() {
            let mut from = 0;
            while from < columns {
                let fill = |column: usize| heat.fills.get(row * columns + column).copied().flatten();
                let until = (from + 1..columns).find(|column| fill(*column) != fill(from)).unwrap_or(columns);
                if let Some(fill) = fill(from) {
                    let (one, other) = ((heat.xs[from], edges[0]), (heat.xs[until], edges[1]));
                    self.block(panel.place(one), panel.place(other), Colour::Fill(fill));
                }
                from = until;
            }
        }
    }

    fn cell(&mut self, cell: &Cell) {
        self.block(cell.from, cell.to, Colour::Fill(cell.fill));
    }

    fn scale(&mut self, scale: &Scale) {
        let Room { left, top, right, bottom } = scale.room;
        let steps = (bottom - top) as usize;
        for step in 0..steps {
            let (y, share) = (bottom - step as f64, step as f64 / (steps - 1).max(1) as f64);
            self.block((left, y - 1.0), (right, y), Colour::Fill(Fill::Value(share)));
        }
        for tick in &scale.axis.ticks {
            let y = bottom - scale.axis.share(tick.at) * (bottom - top);
            self.line(&[(right, y), (right + 5.0, y)], Colour::Axis, 1.5);
            self.tick(&tick.label, (right + 10.0, y), Across::Left, Upright::Middle);
        }
        if let Some((y, words)) = &scale.bound {
            self.line(&[(left - 5.0, *y), (right + 5.0, *y)], Colour::Ink, 6.0);
            self.line(&[(left - 4.0, *y), (right + 4.0, *y)], Colour::Paper, 3.0);
            self.text(words);
        }
        if let Some(words) = &scale.no_value {
            self.block((left, bottom + 24.0), (right, bottom + 48.0), Colour::Fill(Fill::Empty));
            self.text(words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::axis::Axis;
    use crate::report::chart::page::{Provenance, begin};

    fn sheet() -> Sheet {
        let provenance = Provenance { footer: "footer".to_owned(), notes: Vec::new() };
        let (mut sheet, top) = begin("title", "subtitle", &[], provenance);
        let room = Room { left: 100.03, top, right: 300.0, bottom: 200.0 };
        let mut panel = Panel::new(room, &Axis::counts(10.0, 5), Axis::counts(10.0, 5));
        panel.area(&[(0.0, 5.0), (10.0, 5.0)], Colour::Queue, 1.0);
        panel.line(&[(0.0, 0.0), (10.0, 10.0)], Colour::Good, 2.0);
        panel.notice("nothing");
        sheet.marks.push(Mark { x: 150.0, top, bottom: 200.0, words: Vec::new() });
        sheet.panels.push(panel);
        sheet
    }

    #[test]
    fn marks_lie_over_areas_and_under_curves_and_words() {
        let shapes = sheet().shapes();
        let place = |wanted: &dyn Fn(&Shape) -> bool| shapes.iter().position(wanted).unwrap();
        let series = place(&|shape| matches!(shape, Shape::Line { colour: Colour::Good, .. }));
        let mark = place(&|shape| matches!(shape, Shape::Line { dash: Some(_), .. }));
        let words = place(&|shape| matches!(shape, Shape::Text(text) if text.text == "nothing"));
        let footer = place(&|shape| matches!(shape, Shape::Text(text) if text.text == "footer"));
        let area = place(&|shape| matches!(shape, Shape::Area { .. }));
        assert!(area < mark && mark < series && series < words && words < footer, "{shapes:?}");
    }

    #[test]
    fn a_tall_narrow_bar_reaches_over_a_low_one_so_that_no_mark_hides_it() {
        let room = Room { left: 100.0, top: 100.0, right: 200.0, bottom: 200.0 };
        let panel = Panel::new(room, &Axis::with_ticks(0.0, 100.0, false, Vec::new()), Axis::counts(10.0, 5));
        let mut shapes = Shapes(Vec::new());
        shapes.bars(&panel, &[(0.0, 1.0, 9.0), (1.0, 2.0, 1.0), (2.0, 3.0, 1.5)], Colour::Reports, 1.0);
        let widths = shapes.0.iter().map(|shape| match shape {
            Shape::Block(block) => block.to.0 - block.from.0,
            _ => f64::NAN,
        });
        assert_eq!(widths.collect::<Vec<_>>(), [3.0, 1.0, 3.0]);
    }

    #[test]
    fn places_of_data_are_multiples_of_an_eighth() {
        let panel = &sheet().panels[0];
        for value in [0.0, 1.7, 3.33, 10.0] {
            let (x, y) = panel.place((value, value));
            assert!((x * 8.0).fract() == 0.0 && (y * 8.0).fract() == 0.0, "{x} {y}");
        }
        assert_eq!(panel.place((0.0, 10.0)), (100.0, panel.room.top));
    }

    #[test]
    fn empty_texts_and_lines_of_one_place_leave_no_shape() {
        let mut shapes = Shapes(Vec::new());
        shapes.text(&Text::new(" ", (0.0, 0.0), theme::TICK));
        shapes.line(&[(1.0, 1.0)], Colour::Ink, 1.0);
        assert!(shapes.0.is_empty());
    }
}
