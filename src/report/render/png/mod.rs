//! A chart as PNG: plotters on tiny-skia, one pixel for each unit of the sheet.
//!
//! No time is written into the file: the same chart gives the same bytes.

mod backend;

use plotters::coord::Shift;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text as Letters};
use plotters::prelude::{DrawingArea, IntoDrawingArea};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle};
use tiny_skia::Pixmap;

use self::backend::{MEDIUM, Skia, UNITS};
use super::palette::{Rgb, Theme};
use crate::report::ReportError;
use crate::report::chart::model::{Across, Block, Colour, Dot, Place, Text, Upright, WIDTH};
use crate::report::chart::shapes::Shape;
use crate::report::chart::sheet::Sheet;
use crate::report::letters::Face;
use crate::system::text::visible_lines;

/// The result of drawing.
type Drawn<T = ()> = Result<T, ReportError>;

/// Draws a chart and returns the bytes of the PNG; the notes of the sheet become text chunks.
///
/// # Errors
/// Only if the machine runs out of memory.
pub fn draw(sheet: &Sheet, theme: Theme) -> Result<Vec<u8>, ReportError> {
    let (width, height) = (WIDTH as u32, sheet.height as u32);
    let mut pixmap = Pixmap::new(width, height).ok_or_else(|| failed("a sheet of this size does not fit in memory"))?;
    {
        let canvas = Canvas { area: Skia::new(&mut pixmap).into_drawing_area(), theme };
        canvas.area.fill(&canvas.of(Colour::Paper)).map_err(failed)?;
        sheet.shapes().iter().try_for_each(|shape| canvas.draw(shape))?;
        canvas.area.present().map_err(failed)?;
    }
    encode(&pixmap, &sheet.notes)
}

fn encode(pixmap: &Pixmap, notes: &[(&str, String)]) -> Drawn<Vec<u8>> {
    // The paper is opaque, so the fourth channel says nothing.
    let rgb: Vec<u8> = pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    for (key, text) in notes {
        encoder.add_itxt_chunk((*key).to_owned(), visible_lines(text).into_owned()).map_err(failed)?;
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&rgb).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// An error of a drawing library.
fn failed(error: impl std::fmt::Display) -> ReportError {
    ReportError::Chart(error.to_string())
}

/// A colour in the type of plotters.
fn typed((red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}

/// A length in the units of plotters.
fn units(length: f64) -> i32 {
    (length * UNITS).round() as i32
}

fn at(place: Place) -> (i32, i32) {
    (units(place.0), units(place.1))
}

/// The drawing area of the whole sheet.
struct Canvas<'p> {
    area: DrawingArea<Skia<'p>, Shift>,
    theme: Theme,
}

impl Canvas<'_> {
    fn of(&self, colour: Colour) -> RGBColor {
        typed(self.theme.rgb(colour))
    }

    fn draw(&self, shape: &Shape) -> Drawn {
        match shape {
            Shape::Line { places, colour, width, dash: None } => self.line(places, *colour, *width),
            Shape::Line { places, colour, width, dash: Some(dash) } => self.dashes(places, *colour, *width, *dash),
            Shape::Area { places, colour, opacity } => {
                let places: Vec<_> = places.iter().copied().map(at).collect();
                self.area.draw(&Polygon::new(places, self.of(*colour).mix(*opacity).filled())).map_err(failed)
            }
            Shape::Block(Block { from, to, colour, opacity }) => {
                let rectangle = Rectangle::new([at(*from), at(*to)], self.of(*colour).mix(*opacity).filled());
                self.area.draw(&rectangle).map_err(failed)
            }
            Shape::Disc(Dot { at: middle, colour, radius }) => {
                self.area.draw(&Circle::new(at(*middle), units(*radius), self.of(*colour).filled())).map_err(failed)
            }
            Shape::Text(text) => self.text(text),
        }
    }

    fn line(&self, places: &[Place], colour: Colour, width: f64) -> Drawn {
        if places.len() < 2 {
            return Ok(());
        }
        let places: Vec<_> = places.iter().copied().map(at).collect();
        let style =
            ShapeStyle { color: self.of(colour).mix(1.0), filled: false, stroke_width: units(width).unsigned_abs() };
        self.area.draw(&PathElement::new(places, style)).map_err(failed)
    }

    /// A line in dashes, which go on around corners.
    fn dashes(&self, places: &[Place], colour: Colour, width: f64, (dash, gap): (f64, f64)) -> Drawn {
        let (mut drawing, mut left) = (true, dash);
        let mut piece: Vec<Place> = places.first().copied().into_iter().collect();
        for pair in places.windows(2) {
            let ((mut x, mut y), (to_x, to_y)) = (pair[0], pair[1]);
            loop {
                let rest = (to_x - x).hypot(to_y - y);
                let step = rest.min(left);
                if rest > 0.0 {
                    (x, y) = (x + (to_x - x) / rest * step, y + (to_y - y) / rest * step);
                }
                piece.push((x, y));
                left -= step;
                if left > 1e-9 {
                    break;
                }
                if drawing {
                    self.line(&piece, colour, width)?;
                }
                drawing = !drawing;
                left = if drawing { dash } else { gap };
                piece = vec![(x, y)];
                if step >= rest {
                    break;
                }
            }
        }
        if drawing { self.line(&piece, colour, width) } else { Ok(()) }
    }

    fn text(&self, text: &Text) -> Drawn {
        let size = text.style.size * UNITS;
        let font = match text.style.face {
            Face::Bold => ("sans-serif", size, FontStyle::Bold).into_font(),
            Face::Medium => (MEDIUM, size).into_font(),
            Face::Regular => ("sans-serif", size).into_font(),
        };
        let across = match text.across {
            Across::Left => HPos::Left,
            Across::Centre => HPos::Center,
            Across::Right => HPos::Right,
        };
        let upright = match text.upright {
            Upright::Top => VPos::Top,
            Upright::Middle => VPos::Center,
        };
        let colour = typed(self.theme.letters(text.style.colour));
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(across, upright));
        self.area.draw(&Letters::new(text.text.as_str(), at(text.at), style)).map_err(failed)
    }
}
