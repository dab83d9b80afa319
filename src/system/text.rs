//! Untrusted texts: on a terminal they must not move the cursor, change the title or reverse a line.
//!
//! Texts of files, paths and arguments are shown by [`visible`], which writes such a character as `\u{1b}`.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

/// Longest colour in characters: `[38;2;255;255;255;48;2;255;255;255m` and some room.
const LONGEST_COLOUR: usize = 48;

/// Whether a character acts on a terminal or on the order of letters instead of being one: controls, escapes, line and
/// paragraph separators, marks of direction, and invisible tags.
pub fn is_hostile(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text for one line of a screen: each hostile character is written as its number, `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, |letter, out| {
        let _ = write!(out, "{}", letter.escape_unicode());
    })
}

/// A text of several lines for a screen: the same, but line breaks and tabs stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|letter| is_hostile(letter) && !matches!(letter, '\n' | '\t')) {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive(['\n', '\t']).map(|piece| {
        let end = piece.len() - usize::from(piece.ends_with(['\n', '\t']));
        format!("{}{}", visible(&piece[..end]), &piece[end..])
    });
    Cow::Owned(lines.collect())
}

/// A whole output for a screen, in which colours stay: untrusted texts have passed [`visible`] before they are
/// coloured.
pub fn on_screen(text: &str) -> Cow<'_, str> {
    let mut pieces = text.split('\u{1b}');
    let Some(first) = pieces.next().filter(|first| first.len() < text.len()) else { return visible_lines(text) };
    let mut shown = visible_lines(first).into_owned();
    for piece in pieces {
        match colour(piece) {
            Some(end) => {
                shown.push('\u{1b}');
                shown.push_str(&piece[..end]);
                shown.push_str(&visible_lines(&piece[end..]));
            }
            None => {
                shown.push_str(&visible("\u{1b}"));
                shown.push_str(&visible_lines(piece));
            }
        }
    }
    Cow::Owned(shown)
}

/// Length in bytes of the colour that a text begins with, after its escape character.
fn colour(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('[')?;
    let end = inner.bytes().take(LONGEST_COLOUR).position(|byte| !matches!(byte, b'0'..=b'9' | b';'))?;
    (inner.as_bytes()[end] == b'm').then_some(end + 2)
}

/// A path for one line of a screen.
pub fn path(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

/// JSON with each hostile character in its texts as `\u001b`, which is the same JSON.
pub fn json(tree: &serde_json::Value) -> String {
    let text = format!("{tree:#}");
    let escaped = replaced_but(&text, '\n', |letter, out| {
        for half in letter.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{half:04x}");
        }
    });
    escaped.into_owned()
}

/// A TOML document, as the library `toml` writes it, with each hostile character in its texts as `\u202E`, which is the same
/// document.
pub fn toml(text: String) -> String {
    let hostile = |letter: char| is_hostile(letter) && letter != '\n';
    if !text.chars().any(hostile) {
        return text;
    }
    let mut written = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find(['"', '\'']) {
        written.push_str(&rest[..start]);
        let quote = &rest[start..start + 1];
        let quote = if rest[start..].starts_with(&quote.repeat(3)) { quote.repeat(3) } else { quote.to_owned() };
        let inner = &rest[start + quote.len()..];
        let end = end_of_text(inner, &quote);
        let content = &inner[..end];
        rest = inner.get(end + quote.len()..).unwrap_or_default();
        let literal = quote.starts_with('\'');
        if literal && content.chars().any(hostile) {
            // A literal string has no escapes, so it becomes a basic string.
            let content = content.strip_prefix('\n').filter(|_| quote.len() == 3).unwrap_or(content);
            let plain = content.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(written, "\"{}\"", escaped_toml(&plain));
        } else {
            let _ = write!(written, "{quote}{}{quote}", escaped_toml(content));
        }
    }
    written.push_str(rest);
    written
}

/// Offset of the quotes that end a text of TOML.
fn end_of_text(inner: &str, quote: &str) -> usize {
    let (bytes, mut at) = (inner.as_bytes(), 0);
    while at < bytes.len() {
        if bytes[at] == b'\\' && quote.starts_with('"') {
            at += 2;
            continue;
        }
        if inner.as_bytes()[at..].starts_with(quote.as_bytes()) {
            // Quotes right before the three that end a text belong to the text.
            let more = bytes[at + quote.len()..].iter().take_while(|byte| **byte == bytes[at]).count();
            return if quote.len() == 3 { at + more } else { at };
        }
        at += 1;
    }
    inner.len()
}

fn escaped_toml(text: &str) -> Cow<'_, str> {
    replaced_but(text, '\n', |letter, out| {
        let _ = write!(out, "\\U{:08X}", u32::from(letter));
    })
}

fn replaced(text: &str, write: impl Fn(char, &mut String)) -> Cow<'_, str> {
    // No text has this character, so every hostile character is replaced.
    replaced_but(text, char::MAX, write)
}

/// A text with each hostile character but one replaced.
fn replaced_but(text: &str, spared: char, write: impl Fn(char, &mut String)) -> Cow<'_, str> {
    let hostile = |letter: char| letter != spared && is_hostile(letter);
    if !text.chars().any(hostile) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if hostile(letter) { write(letter, &mut shown) } else { shown.push(letter) }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIL: &str = "\u{1b}]0;x\u{7}\u{9b}2J \u{202e}\u{2066}\u{200f}\r\0\u{7f}";

    #[test]
    fn hostile_characters_read_as_their_numbers() {
        assert_eq!(visible("é 紙 ✨"), "é 紙 ✨");
        assert_eq!(visible("a\u{1b}[2J\n\u{202e}"), "a\\u{1b}[2J\\u{a}\\u{202e}");
        assert_eq!(visible_lines("a\tb\n\u{9b}"), "a\tb\n\\u{9b}");
        assert!(!visible(EVIL).chars().any(is_hostile));
    }

    #[test]
    fn colours_are_all_that_is_left_of_escapes() {
        assert_eq!(on_screen("\u{1b}[1;31mred\u{1b}[0m"), "\u{1b}[1;31mred\u{1b}[0m");
        assert_eq!(on_screen("a\u{1b}[2J\u{1b}"), "a\\u{1b}[2J\\u{1b}");
        let long = format!("\u{1b}[{}m", "1;".repeat(LONGEST_COLOUR));
        assert!(!on_screen(&long).contains('\u{1b}'));
        assert!(!on_screen(EVIL).chars().any(is_hostile));
    }

    #[test]
    fn json_and_toml_stay_what_they_are() {
        let tree = serde_json::json!({ "title": format!("{EVIL}\u{e0041}\t\n\"\\") });
        let text = json(&tree);
        assert!(!text.chars().any(|letter| letter != '\n' && is_hostile(letter)), "{text:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), tree);
        for text in [
            "plain",
            EVIL,
            "\u{202e}\"q\"",
            "\u{9b}'a'\n\"b\"\n",
            "\u{202e}\"\"\"'''\n\n\\",
            "\u{202e}\\\"\n",
            "\u{202e}'",
        ] {
            let tree =
                toml::Table::from_iter([("a".to_owned(), toml::Value::from(text)), ("b".to_owned(), text.into())]);
            let written = super::toml(toml::to_string(&tree).unwrap());
            assert!(!written.chars().any(|letter| letter != '\n' && is_hostile(letter)), "{written:?}");
            assert_eq!(written.parse::<toml::Table>().unwrap(), tree, "{written}");
        }
    }
}
