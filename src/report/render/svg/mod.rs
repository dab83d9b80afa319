//! A chart as SVG, one unit for each unit of the sheet.
//!
//! Letters are outlines of the embedded fonts, so the picture is the same on a machine without fonts. Nothing depends on
//! time or place: the same chart gives the same bytes.

mod outlines;
mod path;
mod shape;

use std::fmt::Write;

pub use shape::{Lettering, Paint, Pen, variables};

use super::Theme;
use crate::report::chart::model::{Colour, WIDTH};
use crate::report::chart::sheet::Sheet;
use crate::system::text::visible_lines;

/// Draws a chart and returns the bytes of the SVG; title and notes of the sheet become its title and description.
pub fn draw(sheet: &Sheet, theme: Theme) -> Vec<u8> {
    let mut pen = Pen::new(Paint::Fixed(theme), Lettering::Outlines);
    sheet.shapes().iter().for_each(|shape| pen.shape(shape));
    let (letters, drawn) = pen.into_parts();
    let (title, height) = (escaped(&sheet.headline()), sheet.height.floor());
    let mut svg = String::with_capacity(drawn.len() + letters.len() + 1024);
    // Writing to a string does not fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" aria-labelledby=\"title\" aria-describedby=\"about\" fill-rule=\"evenodd\" stroke-linejoin=\"round\">\n\
         <title id=\"title\">{title}</title>\n<desc id=\"about\">{}</desc>\n<metadata>{}</metadata>\n",
        escaped(&sheet.subtitle.text),
        escaped(&notes(sheet)),
    );
    let paper = Paint::Fixed(theme).of(Colour::Paper);
    let _ = writeln!(svg, "<defs>{letters}</defs>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{paper}\"/>");
    svg.push_str(&drawn);
    svg.push_str("</svg>\n");
    svg.into_bytes()
}

/// The notes of a sheet, a line each.
fn notes(sheet: &Sheet) -> String {
    sheet.notes.iter().map(|(key, text)| format!("{key}: {text}")).collect::<Vec<_>>().join("\n")
}

/// Text as it stands in XML and HTML, between tags or in a quoted attribute. What would hide or move other text reads as its
/// number; characters that XML does not allow are left out.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in visible_lines(text).chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::page::{Provenance, begin};

    fn sheet(title: &str) -> Sheet {
        let notes = vec![("Source", "a & b".to_owned())];
        begin(title, "in <intervals>", &[], Provenance { footer: "seed 1".to_owned(), notes }).0
    }

    #[test]
    fn a_title_with_markup_is_text() {
        let svg = String::from_utf8(draw(&sheet("\"1 < 2\" & <script>"), Theme::Light)).unwrap();
        assert!(svg.contains("<title id=\"title\">&quot;1 &lt; 2&quot; &amp; &lt;script&gt;</title>"), "{svg}");
        assert!(!svg.contains("<script") && svg.contains("Source: a &amp; b"));
        assert_eq!(escaped("a\u{0}b\u{ffff}\u{202e}c\nd"), "a\\u{0}b\\u{202e}c\nd");
    }

    #[test]
    fn no_letter_needs_a_font_and_each_outline_is_there_once() {
        let svg = String::from_utf8(draw(&sheet("Every letter"), Theme::Dark)).unwrap();
        assert!(!svg.contains("<text") && !svg.contains("font-family"));
        let ids: Vec<&str> = svg.split("<path id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert!(once.len() == ids.len() && ids.len() > 10, "{ids:?}");
        for used in svg.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&used), "{used}");
        }
    }

    #[test]
    fn the_same_chart_gives_the_same_bytes() {
        assert_eq!(draw(&sheet("once"), Theme::Light), draw(&sheet("once"), Theme::Light));
        assert_ne!(draw(&sheet("once"), Theme::Light), draw(&sheet("once"), Theme::Dark));
    }
}
