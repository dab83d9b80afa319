//! Letters as outlines: each glyph is defined once, and used wherever it stands.

use std::collections::BTreeMap;
use std::fmt::Write;

use ab_glyph::{Font, GlyphId, OutlineCurve, Point};

use crate::report::letters::{self, Face};

/// The glyphs of a drawing, by face and number.
#[derive(Debug, Default)]
pub struct Outlines(BTreeMap<(u8, u16), String>);

impl Outlines {
    /// The uses of the glyphs of a text, in units of the font's grid from the origin of the first.
    pub fn uses(&mut self, text: &str, face: Face) -> String {
        let mut uses = String::new();
        for (glyph, x) in letters::set(text, face).0 {
            let defined = self.0.entry((face as u8, glyph.0)).or_insert_with(|| outline(glyph, face));
            if !defined.is_empty() {
                // Writing to a string does not fail.
                let _ = write!(uses, "<use href=\"#{}\" x=\"{}\"/>", name(face as u8, glyph.0), x.round());
            }
        }
        uses
    }

    /// The definitions of all glyphs that are used.
    pub fn definitions(&self) -> String {
        let drawn = self.0.iter().filter(|(_, path)| !path.is_empty());
        drawn.map(|((face, glyph), path)| format!("<path id=\"{}\" d=\"{path}\"/>", name(*face, *glyph))).collect()
    }
}

/// The name of a glyph within a drawing.
fn name(face: u8, glyph: u16) -> String {
    format!("{}{glyph:x}", ["r", "m", "b"][usize::from(face).min(2)])
}

/// The outline of a glyph with its foot at height 0 and its height counted downwards; empty for a space.
fn outline(glyph: GlyphId, face: Face) -> String {
    let Some(outline) = letters::font(face).outline(glyph) else { return String::new() };
    let at = |point: Point| format!("{} {}", point.x, -point.y);
    let (mut path, mut pen) = (String::new(), None);
    for curve in &outline.curves {
        let (start, end) = match curve {
            OutlineCurve::Line(a, b) | OutlineCurve::Quad(a, _, b) | OutlineCurve::Cubic(a, _, _, b) => (*a, *b),
        };
        if pen != Some((start.x, start.y)) {
            path.push_str(if pen.is_some() { "z" } else { "" });
            path.push_str(&format!("M{}", at(start)));
        }
        path.push_str(&match curve {
            OutlineCurve::Line(..) => format!("L{}", at(end)),
            OutlineCurve::Quad(_, bend, _) => format!("Q{} {}", at(*bend), at(end)),
            OutlineCurve::Cubic(_, first, second, _) => format!("C{} {} {}", at(*first), at(*second), at(end)),
        });
        pen = Some((end.x, end.y));
    }
    path.push('z');
    path
}
