//! The first of two statements of one key in a text, which TOML refuses.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// The line, from 1, in which the key at `second` stands first; `None` where the lines above do not tell it.
pub(super) fn first_line(text: &str, second: &Range<usize>) -> Option<usize> {
    let line = text.get(..second.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let (above, _) = DeTable::parse_recoverable(&text[..line]);
    let first = place(above.get_ref(), &path(text, line, second)?)?;
    Some(text.get(..first)?.matches('\n').count() + 1)
}

/// The path of a key in a line that begins at `line`: that of its header, or that of the header above it and its own.
fn path(text: &str, line: usize, key: &Range<usize>) -> Option<Vec<String>> {
    let own = text.get(line..key.end)?.trim_start();
    if own.starts_with('[') {
        return parts(own.trim_start_matches('['));
    }
    let mut path = header(text, line)?;
    path.extend(parts(own)?);
    Some(path)
}

/// The path of the header above a line that begins at `line`; empty where there is none.
pub(super) fn header(text: &str, line: usize) -> Option<Vec<String>> {
    let header = text[..line].lines().rev().map(str::trim_start).find(|line| line.starts_with('['));
    header.map_or(Some(Vec::new()), |header| parts(header.trim_start_matches('[').split(']').next()?))
}

/// The parts of a dotted key.
pub(super) fn parts(key: &str) -> Option<Vec<String>> {
    let mut table: toml::Table = toml::from_str(&format!("{key} = 0")).ok()?;
    let mut parts = Vec::new();
    loop {
        let (part, value) = std::mem::take(&mut table).into_iter().next()?;
        parts.push(part);
        match value {
            toml::Value::Table(below) => table = below,
            _ => return Some(parts),
        }
    }
}

/// Offset at which a key begins; of the tables of a list the last one is meant.
fn place(table: &DeTable<'_>, path: &[String]) -> Option<usize> {
    let (part, rest) = path.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == part)?;
    if rest.is_empty() {
        return Some(key.span().start);
    }
    match value.get_ref() {
        DeValue::Table(below) => place(below, rest),
        DeValue::Array(items) => match items.iter().last()?.get_ref() {
            DeValue::Table(below) => place(below, rest),
            _ => None,
        },
        _ => None,
    }
}
