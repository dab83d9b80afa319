//! A sheet of paper of 1600 by 900 pixels, and the few strokes that charts are made of.

use plotters::coord::Shift;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, IntoDrawingArea};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, FontTransform, IntoFont, RGBColor, ShapeStyle, TextStyle};
use tiny_skia::Pixmap;

use super::backend::{MEDIUM, Skia, UNITS};
use super::text::{self, Face};
use super::theme::{self, Letters};
use crate::report::ReportError;

/// Width of every chart in pixels.
pub const WIDTH: u32 = 1600;
/// Height of every chart in pixels.
pub const HEIGHT: u32 = 900;

/// What drawing returns.
pub type Drawn<T = ()> = Result<T, ReportError>;

/// A place in pixels, from the upper left.
pub type Place = (f64, f64);

/// A sheet to draw on; all lengths are pixels.
pub struct Canvas<'p> {
    /// The whole sheet as plotters sees it.
    pub area: DrawingArea<Skia<'p>, Shift>,
}

/// An error of plotters, as one of ours.
pub fn failed(error: impl std::fmt::Display) -> ReportError {
    ReportError::Chart(error.to_string())
}

/// A length in the units of plotters.
pub fn units(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

fn at(place: Place) -> (i32, i32) {
    (units(place.0), units(place.1))
}

fn stroke(colour: RGBColor, opacity: f64, width: f64) -> ShapeStyle {
    ShapeStyle { color: colour.mix(opacity), filled: false, stroke_width: units(width).unsigned_abs() }
}

impl Canvas<'_> {
    /// A line through some places.
    pub fn line(&self, places: &[Place], colour: RGBColor, width: f64) -> Drawn {
        if places.len() < 2 {
            return Ok(());
        }
        let places: Vec<_> = places.iter().copied().map(at).collect();
        self.area.draw(&PathElement::new(places, stroke(colour, 1.0, width))).map_err(failed)
    }

    /// The same in dashes, which go on around corners.
    pub fn dashes(&self, places: &[Place], colour: RGBColor, width: f64, dash: f64, gap: f64) -> Drawn {
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

    /// A filled shape.
    pub fn shape(&self, places: &[Place], colour: RGBColor, opacity: f64) -> Drawn {
        if places.len() < 3 {
            return Ok(());
        }
        let places: Vec<_> = places.iter().copied().map(at).collect();
        self.area.draw(&Polygon::new(places, colour.mix(opacity).filled())).map_err(failed)
    }

    /// A filled rectangle, on whole pixels.
    pub fn block(&self, from: Place, to: Place, colour: RGBColor, opacity: f64) -> Drawn {
        self.area.draw(&Rectangle::new([at(from), at(to)], colour.mix(opacity).filled())).map_err(failed)
    }

    /// A dot with a rim of paper, so that it stands out on its own line.
    pub fn dot(&self, place: Place, colour: RGBColor, radius: f64) -> Drawn {
        self.area.draw(&Circle::new(at(place), units(radius + 1.5), theme::PAPER.filled())).map_err(failed)?;
        self.area.draw(&Circle::new(at(place), units(radius), colour.filled())).map_err(failed)
    }

    /// A text, anchored where `place` says; its letters are cleaned.
    pub fn text(&self, text: &str, place: Place, letters: Letters, h: HPos, v: VPos) -> Drawn {
        let style = match letters.face {
            Face::Bold => ("sans-serif", letters.size * UNITS, FontStyle::Bold).into_font(),
            Face::Medium => (MEDIUM, letters.size * UNITS).into_font(),
            Face::Regular => ("sans-serif", letters.size * UNITS).into_font(),
        };
        let style = TextStyle::from(style.transform(FontTransform::None)).color(&letters.colour).pos(Pos::new(h, v));
        self.area.draw(&Text::new(text::clean(text), at(place), style)).map_err(failed)
    }

    /// A text that begins at `place`, centred on its height, shortened to `room`.
    pub fn label(&self, text: &str, place: Place, letters: Letters, room: f64) -> Drawn {
        let text = text::shorten(&text::clean(text), letters.face, letters.size, room);
        self.text(&text, place, letters, HPos::Left, VPos::Center)
    }
}

/// Width in pixels that a text takes once it is cleaned.
pub fn measure(text: &str, letters: Letters) -> f64 {
    text::width(&text::clean(text), letters.face, letters.size)
}

/// Draws a chart and returns the bytes of its PNG; `notes` become text chunks. No time is written into it: the same
/// figures give the same bytes.
pub fn sheet(notes: &[(&str, String)], draw: impl FnOnce(&Canvas<'_>) -> Drawn) -> Drawn<Vec<u8>> {
    let mut pixmap = Pixmap::new(WIDTH, HEIGHT).ok_or_else(|| failed("a sheet of this size does not fit in memory"))?;
    {
        let canvas = Canvas { area: Skia::new(&mut pixmap).into_drawing_area() };
        canvas.area.fill(&theme::PAPER).map_err(failed)?;
        draw(&canvas)?;
        canvas.area.present().map_err(failed)?;
    }
    // The paper is opaque, so the fourth channel says nothing.
    let rgb: Vec<u8> = pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    for (key, text) in notes {
        encoder.add_itxt_chunk((*key).to_owned(), text.clone()).map_err(failed)?;
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&rgb).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}
