//! Messages about a scenario: located, with a caret, what is allowed, and the nearest name.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level as Severity, Renderer, Snippet};

use super::source::Source;

/// How many diagnostics are shown; the rest are counted.
const SHOWN: usize = 50;

/// Longest line that is shown whole; a longer one is cut around the caret.
const LONGEST_LINE: usize = 4_000;

/// Whether a diagnostic stops the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The scenario cannot run.
    Error,
    /// The scenario runs, but probably not as meant.
    Warning,
}

/// Where in which text a diagnostic points.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub source: Arc<Source>,
    pub span: Range<usize>,
}

/// One message about a scenario.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Whether it stops the run.
    pub level: Level,
    /// What is wrong, in one line.
    pub title: String,
    /// What stands beside the caret.
    pub label: String,
    /// What is allowed, or what may have been meant.
    pub help: Option<String>,
    pub(crate) place: Option<Place>,
}

impl Diagnostic {
    /// An error that points nowhere, such as a file that does not exist.
    pub fn error(title: impl Into<String>) -> Diagnostic {
        Diagnostic { level: Level::Error, title: title.into(), label: String::new(), help: None, place: None }
    }

    /// The same message with a line of help.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn at(mut self, source: &Arc<Source>, span: Range<usize>, label: impl Into<String>) -> Diagnostic {
        self.place = Some(Place { source: Arc::clone(source), span });
        self.label = label.into();
        self
    }

    /// The message with its source line and caret, plain or with colours for a terminal.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let severity = match self.level {
            Level::Error => Severity::ERROR,
            Level::Warning => Severity::WARNING,
        };
        let title = printable(&self.title);
        let label = printable(&self.label);
        let help = self.help.as_deref().map(printable);
        let mut group = match &self.place {
            None => Group::with_title(severity.primary_title(title)),
            Some(place) => {
                let excerpt = Excerpt::around(&place.source.text, &place.span);
                let mark = AnnotationKind::Primary.span(excerpt.mark);
                severity.primary_title(title).element(
                    Snippet::source(excerpt.text)
                        .path(place.source.name.as_str())
                        .line_start(excerpt.line)
                        .annotation(if label.is_empty() { mark } else { mark.label(label) }),
                )
            }
        };
        if self.place.is_none() && !self.label.is_empty() {
            group = group.element(Severity::NOTE.message(printable(&self.label)));
        }
        if let Some(help) = help {
            group = group.element(Severity::HELP.message(help));
        }
        renderer.render(&[group])
    }

    /// The name of the file and the line from 1 that the message points at, if it points anywhere.
    pub fn location(&self) -> Option<(&str, usize)> {
        let place = self.place.as_ref()?;
        Some((&place.source.name, Excerpt::around(&place.source.text, &place.span).line))
    }

    /// The index of the setting that the message points at, and where in its text `PATH=VALUE`.
    pub(crate) fn in_setting(&self) -> Option<(usize, Range<usize>)> {
        let place = self.place.as_ref()?;
        Some((place.source.rank.checked_sub(super::FIRST_SETTING)?, place.span.clone()))
    }

    fn position(&self) -> (usize, usize) {
        self.place.as_ref().map_or((0, 0), |place| (place.source.rank, place.span.start))
    }

    fn same_as(&self, other: &Diagnostic) -> bool {
        self.title == other.title
            && self.position() == other.position()
            && self.place.is_some() == other.place.is_some()
    }
}

/// A text whose control characters cannot disturb a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// The line of a text that a span begins on, and the span within it.
struct Excerpt<'a> {
    text: &'a str,
    line: usize,
    mark: Range<usize>,
}

impl<'a> Excerpt<'a> {
    fn around(text: &'a str, span: &Range<usize>) -> Excerpt<'a> {
        let start = floor(text, span.start.min(text.len()));
        let mut from = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let mut until = text[from..line_end].strip_suffix('\r').map_or(line_end, |line| from + line.len()).max(start);
        // A value of several lines is marked on its first, so that a message stays short.
        let end = floor(text, span.end.clamp(start, until));
        if until - from > LONGEST_LINE {
            from = floor(text, from.max(start.saturating_sub(LONGEST_LINE / 2)));
            until = floor(text, until.min(start + LONGEST_LINE / 2)).max(start);
        }
        let line = text.as_bytes()[..from].iter().filter(|byte| **byte == b'\n').count() + 1;
        Excerpt { text: &text[from..until], line, mark: start - from..end.min(until).max(start) - from }
    }
}

/// The last boundary between characters that is not after `index`.
fn floor(text: &str, mut index: usize) -> usize {
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

/// All that is wrong with a scenario, in the order of its files.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// After so many messages nothing more is looked for: the file is noise, and noise is refused at once.
    pub(crate) const MOST: usize = 10_000;

    /// Sorts the messages by position and drops repetitions, as when a change is checked again.
    pub fn new(mut list: Vec<Diagnostic>) -> Diagnostics {
        list.sort_by_key(Diagnostic::position);
        list.dedup_by(|a, b| a.same_as(b));
        Diagnostics(list)
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The messages in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// All messages with their lines and carets, cut after 50 with a count of the rest.
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

/// `did you mean` for a wrong name, if one of `known` is near, else the list of what is known.
pub(crate) fn suggest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known = known.into_iter().collect::<Vec<_>>();
    if let Some(near) = nearest(wrong, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    match known.len() {
        0 => "there is none".to_owned(),
        1..=24 => format!("known: {}", known.join(", ")),
        count => format!("known: {}, … ({count} in all)", known[..24].join(", ")),
    }
}

/// The name that a typing mistake most likely meant.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A name of thousands of characters is no typing mistake, and its distance would take long to find.
    if wrong.len() > 100 {
        return None;
    }
    known
        .into_iter()
        .map(|name| {
            let folded = name.eq_ignore_ascii_case(wrong);
            (if folded { 0 } else { strsim::damerau_levenshtein(name, wrong) }, name)
        })
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| *distance <= name.chars().count().max(3) / 3)
        .map(|(_, name)| name)
}

/// `text` cut to a length that fits a message.
pub(crate) fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}
