//! A backend of plotters over tiny-skia, with smooth lines and evenly set letters.
//!
//! plotters counts in whole units. Its own bitmap backend takes a unit for a pixel, hence its jagged lines; here a pixel
//! has [`UNITS`] units each way, so that lines and letters fall between pixels where they belong.

use std::convert::Infallible;

use ab_glyph::{Font, OutlineCurve, Point};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontFamily,
    FontStyle, FontTransform,
};
use tiny_skia::{FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

use crate::report::letters::{self, CAP_HEIGHT, Face};

/// Units of plotters in a pixel.
pub const UNITS: f64 = 8.0;

/// The name under which a text style asks for the medium weight; plotters itself knows only normal and bold.
pub const MEDIUM: &str = "medium";

type Outcome = Result<(), DrawingErrorKind<Infallible>>;

/// Draws on a pixmap.
pub struct Skia<'a> {
    pixmap: &'a mut Pixmap,
}

impl<'a> Skia<'a> {
    /// A backend that draws on `pixmap`.
    pub fn new(pixmap: &'a mut Pixmap) -> Skia<'a> {
        Skia { pixmap }
    }

    fn stroke_path(&mut self, path: Option<Path>, colour: BackendColor, width: f32) {
        let stroke = Stroke { width, line_cap: LineCap::Butt, line_join: LineJoin::Round, ..Stroke::default() };
        if let Some(path) = path {
            self.pixmap.stroke_path(&path, &paint(colour), &stroke, to_pixels(), None);
        }
    }

    fn fill_path(&mut self, path: Option<Path>, colour: BackendColor, rule: FillRule, transform: Transform) {
        if let Some(path) = path {
            self.pixmap.fill_path(&path, &paint(colour), rule, transform, None);
        }
    }
}

fn to_pixels() -> Transform {
    let factor = 1.0 / UNITS as f32;
    Transform::from_scale(factor, factor)
}

fn paint(colour: BackendColor) -> Paint<'static> {
    let mut paint = Paint::default();
    let (red, green, blue) = colour.rgb;
    paint.set_color_rgba8(red, green, blue, (colour.alpha * 255.0).round() as u8);
    paint.anti_alias = true;
    paint
}

fn face(style: &impl BackendTextStyle) -> Face {
    match (style.family(), style.style()) {
        (_, FontStyle::Bold) => Face::Bold,
        (FontFamily::Name(MEDIUM), _) => Face::Medium,
        _ => Face::Regular,
    }
}

impl DrawingBackend for Skia<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let units = UNITS as u32;
        (self.pixmap.width() * units, self.pixmap.height() * units)
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Outcome {
        if let Some(rect) = Rect::from_xywh(at.0 as f32, at.1 as f32, 1.0, 1.0) {
            self.pixmap.fill_rect(rect, &paint(colour), to_pixels(), None);
        }
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Outcome {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, a: BackendCoord, b: BackendCoord, style: &S, fill: bool) -> Outcome {
        let (left, right) = (a.0.min(b.0) as f32, a.0.max(b.0) as f32);
        let (top, bottom) = (a.1.min(b.1) as f32, a.1.max(b.1) as f32);
        if fill {
            // Filled rectangles end on whole pixels, so that rectangles that touch show no seam.
            let snap = |v: f32| (v / UNITS as f32).round();
            let rect = Rect::from_ltrb(
                snap(left),
                snap(top),
                snap(right).max(snap(left) + 1.0),
                snap(bottom).max(snap(top) + 1.0),
            );
            if let Some(rect) = rect {
                self.pixmap.fill_rect(rect, &paint(style.color()), Transform::identity(), None);
            }
        } else if let Some(rect) = Rect::from_ltrb(left, top, right, bottom) {
            self.stroke_path(Some(PathBuilder::from_rect(rect)), style.color(), style.stroke_width() as f32);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        let points: Vec<BackendCoord> = path.into_iter().collect();
        let mut builder = PathBuilder::new();
        let mut width = style.stroke_width() as f32;
        let unit = UNITS as f32;
        let straight = points.len() == 2 && (points[0].0 == points[1].0 || points[0].1 == points[1].1);
        if straight {
            width = (width / unit).round().max(1.0) * unit;
        }
        // A horizontal or vertical line is moved onto the grid of pixels across its direction; between two rows of
        // pixels it would be twice as wide and half as dark.
        let offset = if (width / unit) as i32 % 2 == 1 { 0.5 } else { 0.0 };
        let snap = |v: i32| ((v as f32 / unit - offset).round() + offset) * unit;
        for (index, point) in points.iter().enumerate() {
            let x = if straight && points[0].0 == points[1].0 { snap(point.0) } else { point.0 as f32 };
            let y = if straight && points[0].1 == points[1].1 { snap(point.1) } else { point.1 as f32 };
            if index == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
        }
        self.stroke_path(builder.finish(), style.color(), width);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Outcome {
        let path = PathBuilder::from_circle(centre.0 as f32, centre.1 as f32, radius as f32);
        if fill {
            self.fill_path(path, style.color(), FillRule::Winding, to_pixels());
        } else {
            self.stroke_path(path, style.color(), style.stroke_width() as f32);
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        let mut builder = PathBuilder::new();
        for (index, (x, y)) in path.into_iter().enumerate() {
            if index == 0 { builder.move_to(x as f32, y as f32) } else { builder.line_to(x as f32, y as f32) }
        }
        builder.close();
        self.fill_path(builder.finish(), style.color(), FillRule::EvenOdd, to_pixels());
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        Ok((letters::width(text, face(style), style.size()).ceil() as u32, (style.size() * 0.8) as u32))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Outcome {
        let (face, size) = (face(style), style.size() as f32);
        let (glyphs, width) = letters::set(text, face);
        let unit = size / letters::units_per_em(face);
        let left = match style.anchor().h_pos {
            HPos::Left => 0.0,
            HPos::Center => -width * unit / 2.0,
            HPos::Right => -width * unit,
        };
        let baseline = match style.anchor().v_pos {
            VPos::Top => size * 0.8,
            VPos::Center => size * CAP_HEIGHT / 2.0,
            VPos::Bottom => -size * 0.08,
        };
        let mut builder = PathBuilder::new();
        for (glyph, x) in glyphs {
            if let Some(outline) = letters::font(face).outline(glyph) {
                let place = |point: Point| (left + (x + point.x) * unit, baseline - point.y * unit);
                trace(&mut builder, &outline.curves, place);
            }
        }
        let turned = match style.transform() {
            FontTransform::None => 0.0,
            FontTransform::Rotate90 => 90.0,
            FontTransform::Rotate180 => 180.0,
            FontTransform::Rotate270 => 270.0,
        };
        let transform =
            Transform::from_rotate(turned).post_translate(at.0 as f32, at.1 as f32).post_concat(to_pixels());
        self.fill_path(builder.finish(), style.color(), FillRule::Winding, transform);
        Ok(())
    }
}

/// Adds the curves of a glyph; where one does not begin at the end of the last, a new contour begins.
fn trace(builder: &mut PathBuilder, curves: &[OutlineCurve], place: impl Fn(Point) -> (f32, f32)) {
    let mut pen: Option<(f32, f32)> = None;
    for curve in curves {
        let (start, end) = match curve {
            OutlineCurve::Line(a, b) | OutlineCurve::Quad(a, _, b) | OutlineCurve::Cubic(a, _, _, b) => {
                (place(*a), place(*b))
            }
        };
        if pen != Some(start) {
            if pen.is_some() {
                builder.close();
            }
            builder.move_to(start.0, start.1);
        }
        match curve {
            OutlineCurve::Line(..) => builder.line_to(end.0, end.1),
            OutlineCurve::Quad(_, bend, _) => {
                let bend = place(*bend);
                builder.quad_to(bend.0, bend.1, end.0, end.1);
            }
            OutlineCurve::Cubic(_, first, second, _) => {
                let (first, second) = (place(*first), place(*second));
                builder.cubic_to(first.0, first.1, second.0, second.1, end.0, end.1);
            }
        }
        pen = Some(end);
    }
    builder.close();
}
