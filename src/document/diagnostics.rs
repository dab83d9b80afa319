//! Messages about a document: each with its line, a caret, what is allowed, and the nearest name.

mod meant;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level as Severity, Renderer, Snippet};

use super::source::{Origin, Source};
pub(crate) use meant::{called_so, elsewhere, nearest, suggest};

use crate::system::text::{is_hostile, visible};

/// Number of messages that are shown; the rest are counted.
const SHOWN: usize = 50;

/// Length in bytes of the longest line that is shown whole; a longer line is cut around the caret.
const LONGEST_LINE: usize = 4_000;

/// Severity of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The document cannot be used.
    Error,
    /// The document can be used, but probably does not mean what was intended.
    Warning,
}

/// A range of a text that a message points at.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub source: Arc<Source>,
    pub span: Range<usize>,
}

/// One message about a document.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Severity of the message.
    pub level: Level,
    /// The error or warning, in one line.
    pub title: String,
    /// The text beside the caret.
    pub label: String,
    /// The allowed values, or the value that may have been meant.
    pub help: Option<String>,
    pub(crate) place: Option<Place>,
}

impl Diagnostic {
    /// An error without a place, such as a file that does not exist.
    pub fn error(title: impl Into<String>) -> Diagnostic {
        Diagnostic { level: Level::Error, title: title.into(), label: String::new(), help: None, place: None }
    }

    /// The same message with a line of help; an empty text is no help.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into()).filter(|help| !help.is_empty());
        self
    }

    /// The same message with more help after its help.
    pub(crate) fn more_help(self, more: &str) -> Diagnostic {
        let help = self.help.as_ref().map_or_else(|| more.to_owned(), |help| format!("{help}; {more}"));
        self.help(help)
    }

    /// The same message with a caret under a range of a text, and a label beside the caret.
    pub(crate) fn at(mut self, source: &Arc<Source>, span: Range<usize>, label: impl Into<String>) -> Diagnostic {
        self.place = Some(Place { source: Arc::clone(source), span });
        self.label = label.into();
        self
    }

    /// The same message at another place, such as that of a value in a plan.
    pub(crate) fn moved(self, source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
        Diagnostic { place: Some(Place { source: Arc::clone(source), span }), ..self }
    }

    /// The message with its line and caret, plain or with colours for a terminal.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let severity = match self.level {
            Level::Error => Severity::ERROR,
            Level::Warning => Severity::WARNING,
        };
        let title = visible(&self.title);
        let label = visible(&self.label);
        let help = self.help.as_deref().map(visible);
        let mut group = match &self.place {
            None => Group::with_title(severity.primary_title(title)),
            Some(place) => {
                let excerpt = Excerpt::around(&place.source.text, &place.span);
                let mark = AnnotationKind::Primary.span(excerpt.mark);
                severity.primary_title(title).element(
                    Snippet::source(excerpt.text)
                        .path(visible(&place.source.name))
                        .line_start(excerpt.line)
                        .annotation(if label.is_empty() { mark } else { mark.label(label) }),
                )
            }
        };
        if self.place.is_none() && !self.label.is_empty() {
            group = group.element(Severity::NOTE.message(visible(&self.label)));
        }
        if let Some(help) = help {
            group = group.element(Severity::HELP.message(help));
        }
        renderer.render(&[group])
    }

    /// The file and the line, from 1, that the message points at; `None` for a message without a place.
    pub fn location(&self) -> Option<(&str, usize)> {
        let place = self.place.as_ref()?;
        Some((&place.source.name, Excerpt::around(&place.source.text, &place.span).line))
    }

    /// The index of the setting that the message points at, and the range within its text `PATH=VALUE`.
    pub(crate) fn in_setting(&self) -> Option<(usize, Range<usize>)> {
        let place = self.place.as_ref()?;
        match place.source.origin {
            Origin::Setting(index) => Some((index, place.span.clone())),
            _ => None,
        }
    }

    /// The sort key of a message: messages without a place come first.
    fn position(&self) -> Option<(Origin, usize)> {
        self.place.as_ref().map(|place| (place.source.origin, place.span.start))
    }

    fn same_as(&self, other: &Diagnostic) -> bool {
        self.title == other.title && self.position() == other.position() && self.file() == other.file()
    }

    fn file(&self) -> Option<&str> {
        self.place.as_ref().map(|place| place.source.name.as_str())
    }

    /// A text that is equal for equal messages of several checks, such as of two readings of one file.
    pub fn identity(&self) -> String {
        let start = self.place.as_ref().map(|place| place.span.start);
        format!("{:?}", (self.file(), start, &self.title, &self.label, &self.help))
    }
}

/// The line of a text that a range begins on.
struct Excerpt {
    /// The line, cut where it is very long, in visible characters.
    text: String,
    /// The number of the line, from 1.
    line: usize,
    /// The range within `text`.
    mark: Range<usize>,
}

impl Excerpt {
    fn around(text: &str, span: &Range<usize>) -> Excerpt {
        let start = floor(text, span.start.min(text.len()));
        let mut from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let mut until = text[from..line_end].strip_suffix('\r').map_or(line_end, |line| from + line.len()).max(start);
        // A value of several lines is marked on its first line only, so that the message stays short.
        let end = floor(text, span.end.clamp(start, until));
        if until - from > LONGEST_LINE {
            from = floor(text, from.max(start.saturating_sub(LONGEST_LINE / 2)));
            until = floor(text, until.min(start + LONGEST_LINE / 2)).max(start);
        }
        let line = text.as_bytes()[..from].iter().filter(|byte| **byte == b'\n').count() + 1;
        let mark = start - from..end.min(until).max(start) - from;
        let (text, mark) = shown(&text[from..until], mark);
        Excerpt { text, line, mark }
    }
}

/// A line in visible characters, and where in it a range is. Tabs stay, since the renderer sets them as spaces.
fn shown(line: &str, mark: Range<usize>) -> (String, Range<usize>) {
    if !line.chars().any(|letter| is_hostile(letter) && letter != '\t') {
        return (line.to_owned(), mark);
    }
    let piece = |range: Range<usize>| line[range].split('\t').map(visible).collect::<Vec<_>>().join("\t");
    let [before, within, after] = [0..mark.start, mark.clone(), mark.end..line.len()].map(piece);
    let mark = before.len()..before.len() + within.len();
    (before + &within + &after, mark)
}

/// The last boundary between characters at or before `index`.
fn floor(text: &str, mut index: usize) -> usize {
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

/// All messages about a document, in the order of its texts.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Number of messages after which the check stops, so that a file of noise is refused quickly.
    pub(crate) const MOST: usize = 10_000;

    /// Sorts messages by position and drops repetitions, which arise where one value is checked several times.
    pub fn new(mut list: Vec<Diagnostic>) -> Diagnostics {
        list.sort_by_key(Diagnostic::position);
        list.dedup_by(|a, b| a.same_as(b));
        Diagnostics(list)
    }

    /// Number of messages.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no messages.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The messages, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// The first 50 messages with their lines and carets, and the number of the rest.
    pub fn render(&self, colour: bool) -> String {
        let mut text =
            self.0.iter().take(SHOWN).map(|diagnostic| diagnostic.render(colour)).collect::<Vec<_>>().join("\n\n");
        if let Some(rest) = self.0.len().checked_sub(SHOWN).filter(|rest| *rest > 0) {
            let least = if self.0.len() < Diagnostics::MOST { "" } else { "at least " };
            text.push_str(&format!("\n\n… and {least}{rest} more"));
        }
        text
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Diagnostics {
        Diagnostics(vec![diagnostic])
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A name as messages show it.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", short(name))
}

/// A text cut to a length that fits a message, on one line and in visible characters.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((cut, _)) => format!("{}…", visible(&text[..cut])),
        None => visible(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, origin: Origin, span: Range<usize>, title: &str) -> Diagnostic {
        Diagnostic::error(title).at(&Source::new("a.toml", text, origin), span, "here")
    }

    #[test]
    fn messages_come_in_the_order_of_their_texts_and_each_once() {
        let list = Diagnostics::new(vec![
            at("x = 1", Origin::Setting(0), 0..1, "set"),
            at("x = 1\ny = 2", Origin::File(0), 6..7, "second"),
            at("x = 1\ny = 2", Origin::File(0), 0..1, "first"),
            at("x = 1\ny = 2", Origin::File(0), 0..1, "first"),
            Diagnostic::error("nowhere"),
        ]);
        let titles: Vec<&str> = list.iter().map(|message| message.title.as_str()).collect();
        assert_eq!(titles, ["nowhere", "first", "second", "set"]);
        let places: Vec<_> = list.iter().map(Diagnostic::location).collect();
        assert_eq!(places, [None, Some(("a.toml", 1)), Some(("a.toml", 2)), Some(("a.toml", 1))]);
        assert_eq!(list.iter().last().and_then(Diagnostic::in_setting), Some((0, 0..1)));
    }

    #[test]
    fn a_message_shows_its_line_with_a_caret_and_its_help() {
        let text = at("size = 3\nweight = 5", Origin::File(0), 18..19, "wrong").help("write 4").render(false);
        for part in ["error: wrong", "a.toml:2:10", "weight = 5", "^ here", "help: write 4"] {
            assert!(text.contains(part), "{part} is missing from\n{text}");
        }
        assert!(Diagnostic::error("wrong").help("").help.is_none());
    }

    #[test]
    fn any_range_of_any_text_can_be_shown() {
        let long = "é".repeat(LONGEST_LINE);
        for text in ["", "\r\n", "a\r\nb", "é\u{1b}[0m", long.as_str()] {
            for start in 0..=text.len().min(12) {
                let shown = at(text, Origin::File(0), start..text.len() + 3, "x").render(false);
                assert!(shown.contains("error: x") && !shown.chars().any(|c| c != '\n' && is_hostile(c)), "{shown}");
            }
        }
    }

    #[test]
    fn what_acts_on_a_terminal_is_shown_as_its_number_and_the_caret_stays_under_its_value() {
        let text = at("a\t\u{202e}= \u{1b}[2J!", Origin::File(0), 6..11, "title \u{9b}").help("\u{7}").render(false);
        for part in [r"error: title \u{9b}", r"\u{202e}= \u{1b}[2J!", r"help: \u{7}"] {
            assert!(text.contains(part), "{part} is missing from\n{text}");
        }
        let column = |part: &str| text.lines().find_map(|line| Some(line.find(part)? - line.find('|')?));
        assert_eq!(column("^^^^^^^^^ here"), column(r"\u{1b}[2J"), "{text}");
    }
}
