//! Shapes as elements of SVG.

use std::fmt::Write;

use super::escaped;
use super::outlines::Outlines;
use super::path::{number, through};
use crate::report::chart::model::{Across, Block, Colour, Dot, Fill, SERIES, SHADES, Text, Upright};
use crate::report::chart::shapes::Shape;
use crate::report::letters::{self, CAP_HEIGHT, Face};
use crate::report::render::Theme;
use crate::vocabulary::Outcome;

/// Form of the colours in an SVG: fixed values, or variables that a page sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// The colours of one theme.
    Fixed(Theme),
    /// Variables of the page around the drawing, which has both themes.
    Variables,
}

impl Paint {
    /// The colour of a thing.
    pub fn of(self, colour: Colour) -> String {
        match self {
            Paint::Fixed(theme) => hex(theme.rgb(colour)),
            Paint::Variables => variable("c", colour),
        }
    }

    /// The colour of letters.
    fn of_letters(self, colour: Colour) -> String {
        match self {
            Paint::Fixed(theme) => hex(theme.letters(colour)),
            Paint::Variables => variable("t", colour),
        }
    }
}

/// Red, green and blue as SVG and CSS write them.
pub(super) fn hex((red, green, blue): (u8, u8, u8)) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The variable that holds a colour; values of a scale have the same colour in every theme and need none.
fn variable(kind: &str, colour: Colour) -> String {
    match colour {
        Colour::Fill(Fill::Value(_)) | Colour::On(Fill::Value(_)) => hex(Theme::Light.rgb(colour)),
        colour => format!("var(--{kind}-{})", name(colour)),
    }
}

/// The name of a colour among the variables of a page.
fn name(colour: Colour) -> String {
    match colour {
        Colour::Fill(fill) => shade(fill),
        Colour::On(fill) => format!("on-{}", shade(fill)),
        Colour::Series(rank) => format!("series-{rank}"),
        named => format!("{named:?}").to_lowercase(),
    }
}

/// The name of a fill among the variables of a page; shades have short names, since strips have thousands of cells.
fn shade(fill: Fill) -> String {
    match fill {
        Fill::Outcome(outcome) => outcome.column().name().replace('_', "-"),
        Fill::Harm(share) => format!("h{}", (share * SHADES).round()),
        Fill::Amount(share) => format!("a{}", (share * SHADES).round()),
        Fill::Value(_) | Fill::Empty => "empty".to_owned(),
    }
}

/// The colours that stand for themselves, neither ranks nor fills.
const NAMED: [Colour; 18] = [
    Colour::Ink,
    Colour::Subdued,
    Colour::Faint,
    Colour::Grid,
    Colour::Axis,
    Colour::Paper,
    Colour::Good,
    Colour::Demand,
    Colour::Waste,
    Colour::Reports,
    Colour::Broken,
    Colour::Queue,
    Colour::Retries,
    Colour::Refreshes,
    Colour::ComeBacks,
    Colour::Hedges,
    Colour::Streams,
    Colour::Stalls,
];

/// The declarations of the variables of a theme, for a style sheet.
pub fn variables(theme: Theme) -> String {
    let ranks = (0..SERIES).map(Colour::Series);
    let shades = || (0..=SHADES as usize).map(|step| step as f64 / SHADES);
    let outcomes = || Outcome::ALL.iter().map(|outcome| Fill::Outcome(*outcome));
    let fills = || outcomes().chain(shades().map(Fill::Harm)).chain(shades().map(Fill::Amount)).chain([Fill::Empty]);
    let all = NAMED.into_iter().chain(ranks).chain(fills().map(Colour::Fill)).chain(fills().map(Colour::On));
    let declared = all.map(|colour| {
        let (own, letters) = (hex(theme.rgb(colour)), hex(theme.letters(colour)));
        format!("--c-{0}:{own};--t-{0}:{letters};", name(colour))
    });
    declared.collect()
}

/// Form of letters in an SVG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lettering {
    /// As outlines, which need no font.
    Outlines,
    /// As text that is as wide as in the embedded fonts, whatever font the reader has.
    Text,
}

/// Draws shapes, one after the other.
#[derive(Debug)]
pub struct Pen {
    paint: Paint,
    lettering: Lettering,
    outlines: Outlines,
    drawn: String,
}

impl Pen {
    /// A pen that has drawn nothing.
    pub fn new(paint: Paint, lettering: Lettering) -> Pen {
        Pen { paint, lettering, outlines: Outlines::default(), drawn: String::new() }
    }

    /// The definitions of the letters, and the elements that were drawn.
    pub fn into_parts(self) -> (String, String) {
        (self.outlines.definitions(), self.drawn)
    }

    /// Adds markup as it is: the begin or the end of a group.
    pub fn markup(&mut self, markup: &str) {
        self.drawn.push_str(markup);
    }

    /// Draws a shape with words that stand at the pointer.
    pub fn titled(&mut self, shape: &Shape, words: &str) {
        self.drawn.push_str("<g>");
        self.shape(shape);
        self.element(&format!("<title>{}</title></g>", escaped(words)));
    }

    /// Draws a shape.
    pub fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Line { places, colour, width, dash } => {
                let dash = dash.map_or_else(String::new, |(dash, gap)| {
                    format!(" stroke-dasharray=\"{} {}\"", number(dash), number(gap))
                });
                let (path, colour, width) = (through(places, false), self.paint.of(*colour), number(*width));
                self.element(&format!(
                    "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"{dash}/>"
                ));
            }
            Shape::Area { places, colour, opacity } => {
                let (path, fill) = (through(places, true), self.fill(*colour, *opacity));
                self.element(&format!("<path d=\"{path}\"{fill}/>"));
            }
            Shape::Block(block) => self.block(*block),
            Shape::Disc(Dot { at: (x, y), colour, radius }) => {
                let (x, y, radius, fill) = (number(*x), number(*y), number(*radius), self.fill(*colour, 1.0));
                self.element(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"{fill}/>"));
            }
            Shape::Text(text) => self.text(text),
        }
    }

    /// Draws shapes. Where all of them are opaque rectangles that do not overlap, those of one colour are one path, so that a
    /// heat strip takes few bytes.
    pub fn shapes(&mut self, shapes: &[Shape]) {
        let blocks: Option<Vec<&Block>> = shapes
            .iter()
            .map(|shape| match shape {
                Shape::Block(block) if block.opacity >= 1.0 => Some(block),
                _ => None,
            })
            .collect();
        let Some(blocks) = blocks.filter(|blocks| blocks.len() > 4) else {
            return shapes.iter().for_each(|shape| self.shape(shape));
        };
        let mut paths: Vec<(String, String)> = Vec::new();
        for Block { from, to, colour, .. } in blocks {
            let (colour, corners) = (self.paint.of(*colour), [*from, (to.0, from.1), *to, (from.0, to.1)]);
            let path = through(&corners, true);
            match paths.iter_mut().find(|(known, _)| *known == colour) {
                Some((_, drawn)) => drawn.push_str(&path),
                None => paths.push((colour, path)),
            }
        }
        for (colour, path) in paths {
            self.element(&format!("<path d=\"{path}\" fill=\"{colour}\" shape-rendering=\"crispEdges\"/>"));
        }
    }

    fn element(&mut self, element: &str) {
        self.drawn.push_str(element);
        self.drawn.push('\n');
    }

    fn fill(&self, colour: Colour, opacity: f64) -> String {
        let clear = if opacity < 1.0 { format!(" fill-opacity=\"{opacity}\"") } else { String::new() };
        format!(" fill=\"{}\"{clear}", self.paint.of(colour))
    }

    /// A rectangle. Rectangles that touch show no seam.
    fn block(&mut self, Block { from, to, colour, opacity }: Block) {
        let (left, top) = (from.0.min(to.0), from.1.min(to.1));
        let (width, height) = ((from.0 - to.0).abs(), (from.1 - to.1).abs());
        let sides = [left, top, width.max(0.1), height.max(0.1)].map(number);
        let fill = self.fill(colour, opacity);
        self.element(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{fill} shape-rendering=\"crispEdges\"/>",
            sides[0], sides[1], sides[2], sides[3]
        ));
    }

    fn text(&mut self, text: &Text) {
        let (size, face) = (text.style.size, text.style.face);
        let width = letters::width(&text.text, face, size);
        let down = match text.upright {
            Upright::Top => size * 0.8,
            Upright::Middle => size * f64::from(CAP_HEIGHT) / 2.0,
        };
        let y = text.at.1 + down;
        let colour = self.paint.of_letters(text.style.colour);
        match self.lettering {
            Lettering::Outlines => {
                let left = match text.across {
                    Across::Left => text.at.0,
                    Across::Centre => text.at.0 - width / 2.0,
                    Across::Right => text.at.0 - width,
                };
                let (uses, scale) =
                    (self.outlines.uses(&text.text, face), size / f64::from(letters::units_per_em(face)));
                let (x, y) = (number(left), number(y));
                // Outlines overlap within a glyph, where the other rule would leave holes.
                self.element(&format!(
                    "<g transform=\"translate({x} {y}) scale({scale:.6})\" fill=\"{colour}\" fill-rule=\"nonzero\">{uses}</g>"
                ));
            }
            Lettering::Text => {
                let mut styled = format!("<text x=\"{}\" y=\"{}\"", number(text.at.0), number(y));
                // Writing to a string does not fail.
                let _ = write!(styled, " font-size=\"{}\" textLength=\"{}\"", number(size), number(width));
                styled.push_str(match text.across {
                    Across::Left => "",
                    Across::Centre => " text-anchor=\"middle\"",
                    Across::Right => " text-anchor=\"end\"",
                });
                styled.push_str(match face {
                    Face::Regular => "",
                    Face::Medium => " font-weight=\"500\"",
                    Face::Bold => " font-weight=\"700\"",
                });
                let words = escaped(&text.text);
                self.element(&format!("{styled} lengthAdjust=\"spacingAndGlyphs\" fill=\"{colour}\">{words}</text>"));
            }
        }
    }
}
