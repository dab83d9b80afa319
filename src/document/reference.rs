//! The reference of a document in Markdown, made from the schema that checks it.

use std::collections::{HashSet, VecDeque};
use std::fmt::Write;

use serde_json::Value as Json;

use super::kind::Kind;
use super::schema::{Schema, Shape};

/// A section for every table of a document, with a row for every key.
///
/// `changes` says whether a value may change while a scenario runs, by its path with `*` for a name or an index.
pub(crate) fn tables(schema: &Schema, changes: impl Fn(&str) -> bool) -> String {
    let root = Section { path: String::new(), shape: schema.root() };
    let mut writer = Writer { page: String::new(), seen: HashSet::new(), open: VecDeque::from([root]) };
    while let Some(section) = writer.open.pop_front() {
        writer.section(&section, &changes);
    }
    writer.page
}

/// One table of the document.
struct Section<'s> {
    /// Path at which the table is first found, with `*` for a name or an index.
    path: String,
    shape: Shape<'s>,
}

impl Section<'_> {
    fn title(&self) -> String {
        match (self.path.as_str(), self.shape.noun()) {
            ("", _) => "The file".to_owned(),
            (path, Some(noun)) => format!("{}s, such as `{path}`", capitalised(noun)),
            (path, None) => format!("`{path}`"),
        }
    }
}

struct Writer<'s> {
    page: String,
    /// Descriptions of the tables that have a section or will get one; the description identifies the type.
    seen: HashSet<String>,
    /// Tables whose sections are to be written, in the order in which they were met.
    open: VecDeque<Section<'s>>,
}

impl<'s> Writer<'s> {
    fn section(&mut self, section: &Section<'s>, changes: impl Fn(&str) -> bool) {
        let shape = section.shape;
        self.line(&format!("\n## {}\n\n{}\n", section.title(), in_cell(&shape.description())));
        let choice = shape.choice();
        if !choice.is_empty() {
            self.line(&format!("Exactly one of `{}`.\n", choice.join("`, `")));
        }
        self.line("| key | value | default | change | meaning |\n|---|---|---|---|---|");
        for (key, below) in shape.keys() {
            let path = join(&section.path, key);
            let default =
                if shape.required().any(|needed| needed == key) { "needed".to_owned() } else { default(below) };
            let change = if changes(&path) { "yes" } else { "" };
            let value = self.value(below, &path);
            self.line(&format!("| `{key}` | {value} | {default} | {change} | {} |", meaning(below)));
        }
    }

    fn line(&mut self, text: &str) {
        self.page.push_str(text);
        self.page.push('\n');
    }

    /// The form of a value in a cell.
    fn value(&mut self, shape: Shape<'s>, path: &str) -> String {
        shape.forms().into_iter().map(|form| self.form(form, path)).collect::<Vec<_>>().join(", or ")
    }

    fn form(&mut self, form: Shape<'s>, path: &str) -> String {
        let texts = form.texts();
        if !texts.is_empty() {
            return texts.iter().map(|text| format!("`\"{text}\"`")).collect::<Vec<_>>().join(", ");
        }
        match form.kind() {
            Kind::Table => self.table(form, path),
            Kind::List => {
                let elements = match (form.tuple(), form.element(0)) {
                    (Some(tuple), _) => {
                        tuple.into_iter().map(|element| self.value(element, path)).collect::<Vec<_>>().join(" and ")
                    }
                    (None, Some(element)) => self.value(element, &join(path, "*")),
                    (None, None) => "any value".to_owned(),
                };
                format!("list of: {elements}")
            }
            Kind::Share => "a share: `\"30%\"` or `0.3`".to_owned(),
            kind => plain(form, kind),
        }
    }

    /// A table within a table, which gets a section of its own.
    fn table(&mut self, form: Shape<'s>, path: &str) -> String {
        if let Some(entry) = form.names() {
            return format!("table of names, each {}", self.value(entry, &join(path, "*")));
        }
        if form.is_open() {
            return "table of paths and values".to_owned();
        }
        if self.seen.insert(form.description()) {
            self.open.push_back(Section { path: path.to_owned(), shape: form });
        }
        format!("a {}", form.noun().unwrap_or("table"))
    }
}

/// A value that is no list and no table, with its range or an example.
fn plain(form: Shape<'_>, kind: Kind) -> String {
    let plain = match kind {
        Kind::Text | Kind::DateTime => "text",
        Kind::Whole => "whole number",
        Kind::Number => "number",
        Kind::Boolean => "`true` or `false`",
        _ => "any value",
    };
    let words = form.title().unwrap_or_else(|| plain.to_owned());
    match (form.range(), form.example()) {
        (_, Some(example)) if kind != Kind::Whole => format!("{words}: `{example}`"),
        (Some(range), _) => format!("{words} {range}"),
        _ => words,
    }
}

/// The default of a key in its cell; tables and empty values need no words.
fn default(shape: Shape<'_>) -> String {
    match shape.default() {
        None | Some(Json::Object(_)) => String::new(),
        Some(Json::String(text)) if text.is_empty() => String::new(),
        Some(Json::Array(list)) if list.is_empty() => String::new(),
        Some(value) => format!("`{value}`"),
    }
}

/// The meaning of a key, and of each text that it may be.
fn meaning(shape: Shape<'_>) -> String {
    let mut text = in_cell(&shape.description());
    for (name, meaning) in shape.forms().into_iter().flat_map(Shape::texts_with_meaning) {
        if !meaning.is_empty() {
            let _ = write!(text, " `\"{name}\"`: {}", in_cell(&meaning));
        }
    }
    text
}

fn in_cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn capitalised(noun: &str) -> String {
    let mut letters = noun.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use schemars::JsonSchema;

    use super::*;
    use crate::units::{Probability, Span};

    /// A shop.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Shop {
        /// How long it is open.
        open: Span,
        /// Shelves by name.
        #[serde(default)]
        shelf: IndexMap<String, Shelf>,
        /// The way in.
        #[serde(default)]
        door: Door,
    }

    /// A shelf|rack.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Shelf {
        /// How many.
        #[schemars(range(min = 1, max = 9))]
        boards: u64,
        /// How full.
        full: Option<Probability>,
        /// Points.
        #[serde(default)]
        points: Vec<(f64, f64)>,
        /// A shelf on top.
        top: Option<Box<Shelf>>,
    }

    #[derive(Default, JsonSchema, serde::Serialize)]
    #[serde(rename_all = "lowercase")]
    #[expect(dead_code, reason = "only the schema is of interest")]
    enum Door {
        /// It stands open.
        #[default]
        Open,
        /// It is shut.
        Shut,
    }

    #[test]
    fn every_table_has_one_section_and_every_key_one_row() {
        let page = tables(&Schema::of::<Shop>("shop"), |path| path == "shelf.*.boards");
        let wanted = "
## The file

A shop.

| key | value | default | change | meaning |
|---|---|---|---|---|
| `open` | a span of time: `\"120 ms\"` | needed |  | How long it is open. |
| `shelf` | table of names, each a table |  |  | Shelves by name. |
| `door` | `\"open\"`, `\"shut\"` | `\"open\"` |  | The way in. `\"open\"`: It stands open. `\"shut\"`: It is shut. |

## `shelf.*`

A shelf\\|rack.

| key | value | default | change | meaning |
|---|---|---|---|---|
| `boards` | whole number from 1 to 9 | needed | yes | How many. |
| `full` | a share: `\"30%\"` or `0.3` |  |  | How full. |
| `points` | list of: list of: number and number |  |  | Points. |
| `top` | a table |  |  | A shelf on top. |
";
        assert_eq!(page, wanted);
    }
}
