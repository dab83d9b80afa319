//! The reference page of the scenario file, made from the same schema that checks it.

use std::collections::{HashSet, VecDeque};
use std::fmt::Write;

use serde_json::Value as Json;

use super::check::{example, range, title};
use super::paths::changeable;
use super::{glossary, schema};

/// What no single key can say.
const INTRODUCTION: &str = "\
# The scenario file

A scenario is a TOML file. This page is made from the code that reads it: `dropstorm schema` prints the same as a JSON
Schema for editors, `dropstorm check --resolved FILE` prints a file with every default filled in, and `dropstorm new`
writes a file to start from.

- **A quantity carries its unit.** Spans: `ns`, `us`, `ms`, `s`, `min`, `h`, `d`, also `\"1 h 30 min\"`. Bit rates: `bps`,
  `kbps`, `Mbps`, `Gbps`, `Tbps`, `Pbps`. Rates: `/ms`, `/s`, `/min`, `/h`, `/d`. Shares: `\"30%\"` or `0.3`.
- **Every value has a dotted path**, `pool.api.servers`. `--set`, sweeps and the timeline all use it. Elements of a list
  are numbered from 0; a step of a journey may be called by its name: `journey.watch.steps.browse.times`.
- **A choice is a table named after the choice**: `{ lognormal = { median = \"40 ms\", sigma = 0.5 } }`.
- **Names** are made of `a-z`, `A-Z`, `0-9`, `_` and `-`; `all` is taken.
- **Change** says whether a `[[change]]` of the timeline may set the value. A law may change wherever its key may, as a
  whole or one parameter of it.
- **Files** that a scenario names (`extends`, traces, measured spans) are sought beside the file that names them.
";

/// The reference of every table and key, in Markdown.
pub fn reference() -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut seen = HashSet::new();
    let mut open = VecDeque::from([Section { path: String::new(), schema: schema::root() }]);
    while let Some(section) = open.pop_front() {
        section.write(&mut page, &mut seen, &mut open);
    }
    page + &glossary::metrics() + &glossary::figures() + &glossary::fill(BEHAVIOUR)
}

/// What the engine makes of a scenario, and the trace worked by hand.
const BEHAVIOUR: &str = include_str!("behaviour.md");

/// One table of the file.
struct Section {
    /// Where it is first found, with `*` for a name or an index.
    path: String,
    schema: &'static Json,
}

impl Section {
    /// Writes the table's keys, and queues the tables below it that have not been seen.
    fn write(&self, page: &mut String, seen: &mut HashSet<String>, open: &mut VecDeque<Section>) {
        let Some(keys) = self.schema["properties"].as_object() else { return };
        let _ = writeln!(page, "\n## {}\n\n{}\n", self.title(), one_line(&self.schema["description"]));
        let choice = schema::choice(self.schema);
        if !choice.is_empty() {
            let _ = writeln!(page, "Exactly one of `{}`.\n", choice.join("`, `"));
        }
        let _ = writeln!(page, "| key | value | default | change | meaning |\n|---|---|---|---|---|");
        let needed = schema::strings(&self.schema["required"]).collect::<Vec<_>>();
        for (key, schema) in keys {
            let path = join(&self.path, key);
            let default = match schema.get("default") {
                _ if needed.contains(&key.as_str()) => "needed".to_owned(),
                None => String::new(),
                Some(Json::Object(_)) => String::new(),
                Some(Json::String(text)) if text.is_empty() => String::new(),
                Some(Json::Array(list)) if list.is_empty() => String::new(),
                Some(value) => format!("`{value}`"),
            };
            let change = if changeable(&path) { "yes" } else { "" };
            let value = value(schema, &path, seen, open);
            let meaning = meaning(schema);
            let _ = writeln!(page, "| `{key}` | {value} | {default} | {change} | {meaning} |");
        }
    }

    fn title(&self) -> String {
        match self.path.as_str() {
            "" => "The file".to_owned(),
            path if is_law(self.schema) => format!("Distributions, such as `{path}`"),
            path => format!("`{path}`"),
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn is_law(schema: &Json) -> bool {
    schema::choice(schema).contains(&"lognormal")
}

/// How a value is written.
fn value(schema: &'static Json, path: &str, seen: &mut HashSet<String>, open: &mut VecDeque<Section>) -> String {
    let resolved = schema::resolve(schema);
    if resolved["format"] == "probability" {
        return "a share: `\"30%\"` or `0.3`".to_owned();
    }
    let forms = schema::alternatives(schema).into_iter().map(|form| {
        let texts = schema::texts(form);
        if !texts.is_empty() {
            return texts.iter().map(|text| format!("`\"{text}\"`")).collect::<Vec<_>>().join(", ");
        }
        match schema::kind(form) {
            "object" => table(form, path, seen, open),
            "array" => {
                let items = match form["prefixItems"].as_array() {
                    Some(items) => {
                        items.iter().map(|item| value(item, path, seen, open)).collect::<Vec<_>>().join(" and ")
                    }
                    None => value(&form["items"], &join(path, "*"), seen, open),
                };
                format!("list of: {items}")
            }
            kind => {
                let words = title(form).unwrap_or_else(|| plain(kind));
                match (range(form), example(form)) {
                    (_, Some(example)) if form["type"] != "integer" => format!("{words}: `{example}`"),
                    (Some(range), _) => format!("{words} {range}"),
                    _ => words,
                }
            }
        }
    });
    forms.collect::<Vec<_>>().join(", or ")
}

fn plain(kind: &str) -> String {
    match kind {
        "string" => "text",
        "integer" => "whole number",
        "number" => "number",
        "boolean" => "`true` or `false`",
        _ => "any value",
    }
    .to_owned()
}

/// A table within a table, which gets a section of its own.
fn table(form: &'static Json, path: &str, seen: &mut HashSet<String>, open: &mut VecDeque<Section>) -> String {
    if let Some(entry) = schema::names(form) {
        return format!("table of names, each {}", value(entry, &join(path, "*"), seen, open));
    }
    if !form["properties"].is_object() {
        return "table of paths and values".to_owned();
    }
    // A type is told by its description, which is written once in the code.
    if seen.insert(form["description"].to_string()) {
        open.push_back(Section { path: path.to_owned(), schema: form });
    }
    if is_law(form) { "a distribution".to_owned() } else { "a table".to_owned() }
}

fn meaning(schema: &'static Json) -> String {
    let mut text = one_line(&schema["description"]);
    for one in schema::alternatives(schema).iter().flat_map(|form| form["oneOf"].as_array().into_iter().flatten()) {
        if let (Some(name), false) = (one["const"].as_str(), one_line(&one["description"]).is_empty()) {
            let _ = write!(text, " `\"{name}\"`: {}", one_line(&one["description"]));
        }
    }
    text
}

fn one_line(description: &Json) -> String {
    description.as_str().unwrap_or_default().replace('\n', " ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_table_has_its_section_and_says_what_may_change() {
        let page = super::reference();
        for section in
            ["The file", "`pool.*`", "`client.*.retry`", "`journey.*.steps.*`", "`change.*`", "`threshold.*.of`"]
        {
            assert!(page.contains(&format!("\n## {section}\n")), "{section} is missing");
        }
        assert!(page.contains("| `servers` | whole number from 0 to 1000000000 | needed | yes |"));
        assert!(page.contains("| `steps` | list of: a table | needed |  |"));
    }
}
