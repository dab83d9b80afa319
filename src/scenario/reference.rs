//! The reference page of the scenario file, made from the same schema that checks it.

use super::glossary;
use super::paths::changeable;
use crate::document::reference;

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
    let tables = reference::tables(super::schema::schema(), changeable);
    INTRODUCTION.to_owned() + &tables + &glossary::metrics() + &glossary::figures() + &glossary::fill(BEHAVIOUR)
}

/// What the engine makes of a scenario, and the trace worked by hand.
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
    }
}
