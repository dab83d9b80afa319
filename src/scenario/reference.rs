//! The reference page of the scenario file, generated from the schema that checks the file.

use indexmap::IndexMap;

use super::glossary;
use super::paths::changeable;
use crate::document::reference;

/// The introduction: rules of all keys.
const INTRODUCTION: &str = "\
# The scenario file

A scenario is a TOML file. This page is generated from the code that reads the file. `dropstorm new` writes a scenario to
start from, `dropstorm check --resolved FILE` prints a file with every default filled in, and `dropstorm schema` prints a
JSON Schema for editors.

- **A quantity carries its unit.** Spans: `ns`, `us`, `ms`, `s`, `min`, `h`, `d`, also `\"1 h 30 min\"`. Bit rates: `bps`,
  `kbps`, `Mbps`, `Gbps`, `Tbps`, `Pbps`. Rates: `/ms`, `/s`, `/min`, `/h`, `/d`. Shares: `\"30%\"` or `0.3`.
- **Every value has a dotted path**, such as `pool.api.servers`, for `--set`, sweeps and the timeline. Elements of a list are
  numbered from 0; a step of a journey may also be addressed by its name: `journey.watch.steps.browse.times`.
- **A choice is a table with one key**, the choice: `{ lognormal = { median = \"40 ms\", sigma = 0.5 } }`. If all parameters
  of a choice have defaults, its name is enough: `discipline = \"codel\"`.
- **Names** consist of `a-z`, `A-Z`, `0-9`, `_` and `-`, and do not begin with `-`; `all` is reserved. The folder of results is
  named after the file without its extension, so that name has no separator and does not begin with a point.
- The column **change** says whether a `[[change]]` of the timeline may set the value. A distribution may change wherever its
  key may, as a whole or in one parameter.
- **Files** that a scenario names (`extends`, traces, measured spans) have paths relative to the file that names them.
";

/// The reference of every table and key, in Markdown.
pub fn reference() -> String {
    let tables = reference::tables(super::schema::schema(), changeable);
    let sections = tables + &glossary::metrics() + &glossary::figures() + &glossary::fill(BEHAVIOUR);
    INTRODUCTION.to_owned() + &contents(&sections) + &sections
}

/// The table of contents: a line for each table of the file with the tables within it, and one for each other section.
fn contents(sections: &str) -> String {
    let mut lines: IndexMap<&str, Vec<String>> = IndexMap::new();
    for heading in sections.lines() {
        let Some(title) = heading.strip_prefix("## ").or_else(|| heading.strip_prefix("### ")) else { continue };
        let path = title.strip_prefix('`').and_then(|path| path.strip_suffix('`'));
        let root = path.map(|path| path.split('.').next().unwrap_or(path));
        let group = root.unwrap_or(if heading.starts_with("###") { IN_DETAIL } else { title });
        let within =
            path.and_then(|path| path.strip_prefix(root?)?.strip_prefix(".*.")).map(|name| format!("`{name}`"));
        lines.entry(group).or_default().push(format!("[{}](#{})", within.as_deref().unwrap_or(title), anchor(title)));
    }
    let line = |(group, links): (&str, Vec<String>)| {
        let head = if group == IN_DETAIL { "in detail: " } else { "" };
        format!("- {head}{}\n", links.join(", "))
    };
    format!("\n## Contents\n\n{}", lines.into_iter().map(line).collect::<String>())
}

/// The group of the subsections of the behaviour.
const IN_DETAIL: &str = "###";

/// The anchor of a heading, as GitHub makes it.
fn anchor(title: &str) -> String {
    let kept = title.to_lowercase().replace(' ', "-");
    kept.chars().filter(|char| char.is_alphanumeric() || matches!(char, '-' | '_')).collect()
}

/// The behaviour of the engine, the files of a run, and a trace worked by hand.
const BEHAVIOUR: &str = include_str!("behaviour.md");

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
        assert!(
            page.contains("\n- [`pool.*`](#pool), [`queue`](#poolqueue), ")
                && page.contains("](#what-happens-exactly)\n")
        );
    }
}
