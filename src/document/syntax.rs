//! Errors of TOML's syntax, each with what to write instead of what other formats and tools would read.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::diagnostics::Diagnostic;
use super::source::Source;
use super::twice;
use crate::units::{Quantity, in_digits};

/// Errors of syntax of which the first of two keys is sought, for which the lines above are read again.
pub(super) const MOST_SOUGHT: usize = 20;

/// Length in bytes of the longest value that a help repeats.
const LONGEST_VALUE: usize = 40;

/// The errors of a whole text, of each line the first: what follows it is seldom another error.
pub(super) fn errors(found: &[toml::de::Error], source: &Arc<Source>) -> Vec<Diagnostic> {
    // Many errors may stand in one very long line, so lines are counted once.
    let ends: Vec<usize> = source.text.match_indices('\n').map(|(at, _)| at).collect();
    let mut lines = BTreeSet::new();
    let firsts = found.iter().filter(|error| {
        let line = error.span().map(|span| ends.partition_point(|end| *end < span.start));
        line.is_none_or(|line| lines.insert(line))
    });
    firsts.enumerate().map(|(number, error)| located(error, number, source)).collect()
}

/// The error of a value that begins at `offset` in a text.
pub(super) fn error(error: &toml::de::Error, source: &Arc<Source>, offset: usize) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    Diagnostic::error("this is not valid TOML").at(source, offset + span.start..offset + span.end, message)
}

/// An error by its number; of a key that stands twice with the line of the first one, of any other with what to write.
fn located(error: &toml::de::Error, number: usize, source: &Arc<Source>) -> Diagnostic {
    let found = self::error(error, source, 0);
    let (text, span) = (&source.text, error.span().unwrap_or(0..0));
    if error.message() == "duplicate key" {
        let first = if number < MOST_SOUGHT { twice::first_line(text, &span) } else { None };
        let label = first.map(|line| format!("{}; the first is in line {line}", found.label));
        return Diagnostic { label: label.unwrap_or(found.label), ..found };
    }
    match help(text, &span, error.message()) {
        Some(help) => found.help(help),
        None => found,
    }
}

/// The range of the line around a position, without its end.
pub(super) fn line(text: &str, at: usize) -> Range<usize> {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| start + length);
    start..end
}

/// Advice for a syntax error, if its correction can be told.
fn help(text: &str, span: &Range<usize>, message: &str) -> Option<String> {
    if text.trim_start().starts_with('{') && text.get(..span.start).is_some_and(|before| before.trim().is_empty()) {
        return Some(
            "this looks like JSON; TOML writes `[pool.api]` for a table and `servers = 10` for a key".to_owned(),
        );
    }
    let line = line(text, span.start);
    let before = text.get(line.start..span.start)?;
    if let Some(help) = slip(text.get(line.clone())?, before, message).or_else(|| colon(text, &line, before)) {
        return Some(help);
    }
    if let Some(equals) = before.rfind('=') {
        return instead(value(text.get(line.start + equals + 1..line.end)?));
    }
    message.contains("expected `=`").then(|| "a line is `key = value`, or `[table]`".to_owned())
}

/// Advice to replace a character or a sign of another language; `before` stands in the line before the error.
fn slip(line: &str, before: &str, message: &str) -> Option<String> {
    let is_odd =
        |letter: &char| letter.is_whitespace() && !letter.is_ascii() || matches!(letter, '\u{200b}' | '\u{feff}');
    let value = line.split_once('=').map_or("", |(_, value)| value.trim_start());
    let is_plain = !value.starts_with(['"', '\'']);
    let after = line.get(before.len()..)?;
    if let Some(odd) = line.split('#').next().unwrap_or_default().chars().find(is_odd).filter(|_| is_plain) {
        return Some(format!("U+{:04X} is no space of TOML: write a plain one", u32::from(odd)));
    }
    Some(match message {
        _ if ["//", "/*"].iter().any(|sign| after.starts_with(sign) || line.trim_start().starts_with(sign)) => {
            "a comment begins with `#`".to_owned()
        }
        _ if is_plain && [" //", " /*"].iter().any(|sign| after.contains(sign)) => {
            "a comment begins with `#`".to_owned()
        }
        _ if message.starts_with("extra `=`") => "write one `=`".to_owned(),
        _ if message.contains("basic string, expected `\"`") => "close the text with `\"`".to_owned(),
        _ if message.contains("literal string, expected `'`") => "close the text with `'`".to_owned(),
        _ if message.starts_with("unclosed array") => "close the list with `]`".to_owned(),
        _ if message.starts_with("missing comma between array elements") => {
            "write a comma between the values of a list, and `]` behind the last".to_owned()
        }
        _ => return None,
    })
}

/// Advice to replace the colon after a key, which YAML and JSON write; `before` stands in the line before the error.
fn colon(text: &str, line: &Range<usize>, before: &str) -> Option<String> {
    let after_comma = before.rfind(['{', ',', '[']).map_or(0, |at| at + 1);
    let part = text.get(line.start + after_comma..line.end)?;
    let (key, value) = part.split_once(':')?;
    let (item, key) = match key.trim().strip_prefix("- ") {
        Some(key) => (true, key.trim()),
        None => (false, key.trim()),
    };
    let key = key.trim_matches(['"', '\'']);
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    if key.is_empty() || key.len() > LONGEST_VALUE || !key.chars().all(is_name) {
        return None;
    }
    let value = value.strip_prefix('=').unwrap_or(value);
    let (raw, value) = (value.trim_start(), self::value(value));
    let is_plain = value.starts_with(['"', '\'']) || value.parse::<f64>().is_ok() || matches!(value, "true" | "false");
    Some(match value {
        _ if raw.trim_end() == "{" => table(key),
        _ if item => format!("TOML writes a list of tables as `[{{ {key} = … }}, … ]`"),
        _ if raw.starts_with(['[', '{']) || value.len() > LONGEST_VALUE => format!("TOML writes `{key} = …`"),
        "" => table(key),
        value if is_plain => format!("TOML writes `{key} = {value}`"),
        value => format!("TOML writes `{key} = \"{value}\"`"),
    })
}

/// Example of a table in TOML.
fn table(key: &str) -> String {
    format!("TOML writes a table as `[{key}]`, and one within it as `[{key}.NAME]`")
}

/// A value without its comment and without what closes a table or a list behind it.
pub(super) fn value(text: &str) -> &str {
    let text = text.split(" #").next().unwrap_or(text);
    let text = text.split(['}', ']', '{', '[']).next().unwrap_or(text).trim();
    // Another key may follow in a table within one line.
    let text = text.split(", ").next().unwrap_or(text);
    text.trim_end_matches([',', ';']).trim()
}

/// Whether a value has neither quotes nor a meaning in another format that is told without regard to its key.
pub(super) fn is_bare(value: &str) -> bool {
    let has_quotes = value.starts_with(['"', '\'', '“', '„', '‘', '$']);
    !has_quotes && value.len() <= LONGEST_VALUE && !NOTHING.contains(&value) && in_digits(value).is_none()
}

/// Words of other formats for a value that is not there.
const NOTHING: [&str; 5] = ["null", "nil", "none", "None", "~"];

/// Words of other formats for true and for false.
pub(super) const TRUTHS: [[&str; 4]; 2] = [["yes", "on", "True", "TRUE"], ["no", "off", "False", "FALSE"]];

/// Advice to quote a value, or to write it otherwise.
fn instead(value: &str) -> Option<String> {
    if value.is_empty() || value.len() > LONGEST_VALUE || value.starts_with(['"', '\'']) {
        return None;
    }
    let bare = value.trim_matches(['“', '”', '„', '‘', '’']);
    match value {
        _ if NOTHING.contains(&value) => return Some("leave the key out".to_owned()),
        _ if TRUTHS[0].contains(&value) => return Some("write true".to_owned()),
        _ if TRUTHS[1].contains(&value) => return Some("write false".to_owned()),
        _ if value.starts_with('$') => {
            return Some(
                "no variables are filled in; --set PATH=VALUE sets a value from outside of the file".to_owned(),
            );
        }
        _ if bare != value => return Some(format!("write straight quotes: \"{bare}\"")),
        _ => {}
    }
    if let Some(digits) = in_digits(value) {
        return Some(format!("write {digits}"));
    }
    let is_word = value.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/' | ' '));
    (Quantity::read(value).is_some() || is_word).then(|| format!("write \"{value}\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::source::Origin;
    use crate::document::tree::Node;

    fn helps(text: &str) -> Vec<String> {
        let errors = Node::parse(&Source::new("a.toml", text, Origin::File(0))).unwrap_err();
        errors.into_iter().map(|error| error.help.unwrap_or_default()).collect()
    }

    #[test]
    fn what_other_formats_would_read_is_met_with_what_toml_reads() {
        for (text, help) in [
            ("servers = 10k", "write 10_000"),
            ("servers = 1,000", "write 1_000"),
            ("share = 1%", "write \"1%\""),
            ("timeout = 1s # one", "write \"1s\""),
            ("timeout = 5 min", "write \"5 min\""),
            ("retry = { jitter = full }", "write \"full\""),
            ("keep = yes", "write true"),
            ("timeout = null", "leave the key out"),
            ("n = ${N}", "no variables are filled in; --set PATH=VALUE sets a value from outside of the file"),
            ("title = “T”", "write straight quotes: \"T\""),
            ("servers: 10", "TOML writes `servers = 10`"),
            ("service = { mean: \"5 s\" }", "TOML writes `mean = \"5 s\"`"),
            ("title: Drop", "TOML writes `title = \"Drop\"`"),
            ("steps: [{ request: api }]", "TOML writes `steps = …`"),
            ("pool:", "TOML writes a table as `[pool]`, and one within it as `[pool.NAME]`"),
            ("- request: api", "TOML writes a list of tables as `[{ request = … }, … ]`"),
            (
                "{ \"servers\": 10 }",
                "this looks like JSON; TOML writes `[pool.api]` for a table and `servers = 10` for a key",
            ),
            ("from locust import HttpUser", "a line is `key = value`, or `[table]`"),
            ("timeout = '1 s", "close the text with `'`"),
            ("title = \"T", "close the text with `\"`"),
            ("n = 2 // two", "a comment begins with `#`"),
            ("n = 2 /* two */", "a comment begins with `#`"),
            ("// two", "a comment begins with `#`"),
            ("n == 2", "write one `=`"),
            ("n := 2", "TOML writes `n = 2`"),
            ("pool: {", "TOML writes a table as `[pool]`, and one within it as `[pool.NAME]`"),
            ("n\u{a0}= 2", "U+00A0 is no space of TOML: write a plain one"),
            ("n = [1, 2", "close the list with `]`"),
            ("n = [{ a = 1 } { a = 2 }]", "write a comma between the values of a list, and `]` behind the last"),
        ] {
            assert_eq!(helps(text), [help], "{text}");
        }
    }
}
