//! Reads a document, whose errors of syntax say what the key wants where a value stands without quotes.

use std::ops::Range;
use std::sync::Arc;

use super::check;
use super::diagnostics::Diagnostic;
use super::kind::Kind;
use super::schema::{Schema, Shape};
use super::source::Source;
use super::tree::Node;
use super::{syntax, twice};

/// Reads the text of a document; all errors of its syntax are found at once.
pub(crate) fn read(schema: &Schema, source: &Arc<Source>) -> Result<Node, Vec<Diagnostic>> {
    schema.parse(source).map_err(|errors| {
        let sought = |number: usize, error: &Diagnostic| {
            if number < syntax::MOST_SOUGHT { help(error, schema.root()) } else { None }
        };
        let told = |(number, error): (usize, Diagnostic)| match sought(number, &error) {
            // The reader of TOML guesses at a kind of value that the key may not take.
            Some(help) => Diagnostic { label: "this is no value of TOML".to_owned(), ..error }.help(help),
            None => error,
        };
        errors.into_iter().enumerate().map(told).collect()
    })
}

/// Advice for a bare value: the form that its key takes; `None` where no key is known, or the value would be right in quotes.
fn help(error: &Diagnostic, root: Shape<'_>) -> Option<String> {
    let place = error.place.as_ref()?;
    let text = &place.source.text;
    let line = syntax::line(text, place.span.start);
    let (path, start) = path(text, &line, place.span.start)?;
    let shape = path.iter().try_fold(root, |shape, part| shape.child(part))?;
    let raw = text.get(start..line.end)?;
    let value = syntax::value(raw);
    let key = path.last()?;
    if raw.split('#').next()?.trim().is_empty() {
        let example = check::sample(shape).map(|example| format!(", for example {key} = {example}"));
        return Some(format!("a value belongs behind the `=`{}", example.unwrap_or_default()));
    }
    let is_truth = syntax::TRUTHS.as_flattened().contains(&value);
    let takes_truth = || shape.forms().iter().any(|form| form.kind() == Kind::Boolean);
    if value.is_empty()
        || !syntax::is_bare(value)
        || error.help.as_deref().is_some_and(|help| !is_of_value(help))
        || is_truth && takes_truth()
    {
        return None;
    }
    check::instead_of_text(value, key, shape)
}

/// Whether a help says how to write a value, without regard to its key.
fn is_of_value(help: &str) -> bool {
    help.starts_with("write \"") || help == "write true" || help == "write false"
}

/// The path of the value at a position of a line, and where the value begins: that of the header above, of the tables and lists that
/// the line opens, and of its key.
fn path(text: &str, line: &Range<usize>, at: usize) -> Option<(Vec<String>, usize)> {
    let mut path = twice::header(text, line.start)?;
    let (mut lengths, mut key, mut start, mut quote) = (Vec::new(), None, line.start, None);
    for (index, letter) in text.get(line.start..at)?.char_indices() {
        let index = line.start + index;
        match letter {
            _ if quote.is_some() => quote = quote.filter(|mark| *mark != letter),
            '"' | '\'' => quote = Some(letter),
            '=' => {
                key = Some(twice::parts(text.get(start..index)?)?);
                start = index + 1;
            }
            '{' | '[' => {
                lengths.push(path.len());
                path.extend(key.take().unwrap_or_else(first));
                start = index + 1;
            }
            '}' | ']' => {
                path.truncate(lengths.pop()?);
                (key, start) = (None, index + 1);
            }
            ',' => (key, start) = (None, index + 1),
            _ => {}
        }
    }
    // Without a key only an element of a list is a value.
    let own = if lengths.is_empty() { key? } else { key.unwrap_or_else(first) };
    path.extend(own);
    Some((path, start))
}

/// The path of an element within its list.
fn first() -> Vec<String> {
    vec!["0".to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::source::Origin;

    #[derive(schemars::JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Shop {
        /// Boards of the shelf.
        #[schemars(range(min = 1), example = 3)]
        boards: u64,
        title: String,
        open: bool,
        until: crate::units::Probability,
        shelves: Vec<std::collections::BTreeMap<String, u64>>,
    }

    #[test]
    fn a_bare_value_is_told_what_its_key_wants() {
        let schema = Schema::of::<Shop>("shop");
        for (text, wanted) in [
            ("boards = ten", "`boards` takes a whole number, for example boards = 3"),
            ("boards = 64Mi", "`boards` takes a whole number, for example boards = 3"),
            ("boards = 10k", "write 10_000"),
            ("boards =", "a value belongs behind the `=`, for example boards = 3"),
            ("boards = null", "leave the key out"),
            ("boards = yes", "`boards` takes a whole number, for example boards = 3"),
            ("open = yes", "write true"),
            ("title = Drop", "write \"Drop\""),
            ("until = half", "`until` takes a share, for example until = \"30%\""),
            ("until = 5%", "write \"5%\""),
            ("shelves = [{ a = 1 }, { b = many }]", "`b` takes a whole number, for example b = 10"),
            ("unknown = ten", "write \"ten\""),
        ] {
            let errors = read(&schema, &Source::new("a.toml", text, Origin::File(0))).unwrap_err();
            assert_eq!(errors[0].help.as_deref(), Some(wanted), "{text}");
            let is_told = wanted.starts_with('`') || wanted.starts_with("a value belongs");
            assert_eq!(errors[0].label == "this is no value of TOML", is_told, "{text}: {}", errors[0].label);
        }
    }
}
