//! The fonts that come with the program, the widths of texts in them, and texts that fit a width.
//!
//! No font of the machine is asked for, so a chart has the same bytes everywhere. `letters/subset.py` makes the fonts.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, GlyphId};

/// A weight of the typeface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// For reading.
    Regular,
    /// For what stands beside numbers.
    Medium,
    /// For what is read first.
    Bold,
}

/// Height of a capital letter, in ems.
pub const CAP_HEIGHT: f32 = 0.711;

/// The font of a face.
pub fn font(face: Face) -> &'static FontRef<'static> {
    static FONTS: OnceLock<[FontRef<'static>; 3]> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| {
        // The bytes are part of the program and a test reads each of them, so this does not fail for a user.
        let read = |bytes| FontRef::try_from_slice(bytes).expect("the embedded fonts are whole");
        [
            read(include_bytes!("letters/Roboto-Regular-sub.ttf")),
            read(include_bytes!("letters/Roboto-Medium-sub.ttf")),
            read(include_bytes!("letters/Roboto-Bold-sub.ttf")),
        ]
    });
    &fonts[face as usize]
}

/// Units of the font's own grid in an em.
pub fn units_per_em(face: Face) -> f32 {
    font(face).units_per_em().unwrap_or(2048.0)
}

/// Each glyph of a text with the horizontal place of the glyph's origin, and the width of the text, in units of the font's
/// grid.
pub fn set(text: &str, face: Face) -> (Vec<(GlyphId, f32)>, f32) {
    let font = font(face);
    let (mut glyphs, mut x, mut before) = (Vec::with_capacity(text.len()), 0.0, None);
    for letter in text.chars() {
        let glyph = font.glyph_id(letter);
        if let Some(before) = before {
            x += font.kern_unscaled(before, glyph);
        }
        glyphs.push((glyph, x));
        x += font.h_advance_unscaled(glyph);
        before = Some(glyph);
    }
    (glyphs, x)
}

/// Width of a text whose em is `size`, in the unit of `size`.
pub fn width(text: &str, face: Face, size: f64) -> f64 {
    f64::from(set(text, face).1 / units_per_em(face)) * size
}

/// Whether the fonts have every letter of a text.
pub fn has(text: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_whitespace() || letter.is_control() || font(Face::Regular).glyph_id(letter).0 != 0)
}

/// The text in letters that the fonts have. One or several letters in a row that the fonts lack become a question mark,
/// since they would be drawn as boxes. Control characters and line breaks become single spaces.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for letter in text.chars() {
        let shown = match letter {
            '\u{202f}' | '\u{2009}' => ' ',
            _ if letter.is_whitespace() || letter.is_control() => ' ',
            _ if font(Face::Regular).glyph_id(letter).0 == 0 => '?',
            _ => letter,
        };
        let repeated = cleaned.ends_with(shown) && (shown == ' ' || (shown == '?' && letter != '?'));
        if !repeated {
            cleaned.push(shown);
        }
    }
    cleaned.trim().to_owned()
}

/// The text, cut with an ellipsis if it is wider than `room`; `size` and `room` in one unit.
pub fn shorten(text: &str, face: Face, size: f64, room: f64) -> String {
    if width(text, face, size) <= room {
        return text.to_owned();
    }
    let fits = |end: usize| width(&format!("{}…", text[..end].trim_end()), face, size) <= room;
    // The widths of prefixes grow, so the longest that fits is found by halving.
    let ends: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
    let count = ends.partition_point(|end| fits(*end));
    match count.checked_sub(1).map(|last| text[..ends[last]].trim_end()) {
        Some(start) if !start.is_empty() => format!("{start}…"),
        _ => String::new(),
    }
}

/// The text, cut in the middle if it is wider than `room`, so that both ends are left to tell it from others.
pub fn shorten_within(text: &str, face: Face, size: f64, room: f64) -> String {
    if width(text, face, size) <= room {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |kept: usize| {
        let behind = kept / 2;
        let (head, tail) = (&letters[..kept - behind], &letters[letters.len() - behind..]);
        format!("{}…{}", head.iter().collect::<String>().trim_end(), tail.iter().collect::<String>().trim_start())
    };
    (1..letters.len()).rev().map(cut).find(|cut| width(cut, face, size) <= room).unwrap_or_default()
}

/// The text in at most `lines` lines, each at most `room` wide; what does not fit is cut with an ellipsis.
pub fn wrap(text: &str, face: Face, size: f64, room: f64, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    let fits = |word: &str| width(word, face, size) <= room;
    let mut words = text.split(' ').filter(|word| !word.is_empty()).flat_map(|word| pieces(word, &fits)).peekable();
    while words.peek().is_some() && wrapped.len() < lines {
        let last = wrapped.len() + 1 == lines;
        let mut line = String::new();
        while let Some(word) = words.peek() {
            // A piece that goes on with a word stands close to the piece before.
            let longer = match word.strip_prefix('\u{200b}') {
                Some(piece) => format!("{line}{piece}"),
                None if line.is_empty() => word.clone(),
                None => format!("{line} {word}"),
            };
            // On the last line all words go in, and the end is cut off below.
            if line.is_empty() || last || width(&longer, face, size) <= room {
                line = longer;
                words.next();
            } else {
                break;
            }
        }
        wrapped.push(shorten(&line, face, size, room));
    }
    wrapped.retain(|line| !line.is_empty());
    wrapped
}

/// A word, or the pieces of a word that is too long for a line: each ends with a hyphen or the like, and those that go on
/// with the word begin with a space of no width.
fn pieces(word: &str, fits: &impl Fn(&str) -> bool) -> Vec<String> {
    if fits(word) {
        return vec![word.to_owned()];
    }
    let ends = word.split_inclusive(['-', '_', '/', '.']).enumerate();
    ends.map(|(index, piece)| if index == 0 { piece.to_owned() } else { format!("\u{200b}{piece}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_break_after_hyphens() {
        let name = "a-pool-with-a-very-long-name-for-recommendations";
        let lines = wrap(name, Face::Bold, 15.0, 200.0, 3);
        assert!(lines.len() == 2 && lines.concat() == name, "{lines:?}");
        assert_eq!(wrap("a-b c-d", Face::Bold, 15.0, 200.0, 3), ["a-b c-d"]);
    }

    #[test]
    fn the_embedded_fonts_are_whole_and_have_the_letters_of_the_charts() {
        for face in [Face::Regular, Face::Medium, Face::Bold] {
            for letter in "AZaz09 ·–…−→%×éüñßŁ’ΑΩαωάϊАЯаяЁёЇїșểŵ".chars() {
                assert_ne!(font(face).glyph_id(letter).0, 0, "{letter} in {face:?}");
            }
            assert!(width("AVAVAV", face, 16.0) < 6.0 * width("A", face, 16.0).max(width("V", face, 16.0)), "kerning");
        }
    }

    #[test]
    fn names_that_are_cut_within_keep_both_ends() {
        let of = |name: &str| shorten_within(name, Face::Bold, 15.0, 120.0);
        let [one, other] = ["Comunidad Autónoma número 1", "Comunidad Autónoma número 2"].map(of);
        assert!(one != other && one.starts_with("Com") && one.ends_with("1") && one.contains('…'), "{one} {other}");
        assert!(width(&one, Face::Bold, 15.0) <= 120.0 && of("short") == "short");
    }

    #[test]
    fn letters_that_the_fonts_lack_leave_no_boxes() {
        assert_eq!(clean("Haus des Geldes 紙の家\n\tpart 4 ✨"), "Haus des Geldes ? part 4 ?");
        assert_eq!(clean("why??"), "why??");
        assert!(["Ελλάδα", "Россия", "Україна", "Česko Łódź Ş", "Việt Nam"].into_iter().all(has));
        assert!(!["日本", "مصر", "✨"].into_iter().any(has));
    }

    #[test]
    fn texts_fit_their_room() {
        let long = "operators add capacity in Dublin and Virginia, and then again in Oregon";
        for room in [0.0, 5.0, 40.0, 120.0, 2000.0] {
            for lines in 1..4 {
                let wrapped = wrap(long, Face::Bold, 15.0, room, lines);
                assert!(wrapped.len() <= lines);
                assert!(wrapped.iter().all(|line| width(line, Face::Bold, 15.0) <= room), "{room}: {wrapped:?}");
            }
        }
        assert_eq!(wrap(long, Face::Bold, 15.0, 2000.0, 2), [long]);
        assert!(shorten(long, Face::Bold, 15.0, 100.0).ends_with('…'));
    }
}
