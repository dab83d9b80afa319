//! Reads the axes of a plan from its tree, each with its position in the text of the plan.

use std::collections::HashSet;
use std::ops::Range as Span;
use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use super::axis::{Axis, Range, Value, Values, column};
use super::table::Parameter;
use crate::document::Diagnostic;
use crate::document::check::check;
use crate::document::diagnostics::suggest;
use crate::document::kind::Kind;
use crate::document::schema::Schema;
use crate::document::source::Source;
use crate::document::tree::{Node, Value as Tree};
use crate::scenario::is_whole;

/// An axis with its positions in the text of the plan.
pub(super) struct Draft {
    pub axis: Axis,
    /// The text of the plan.
    pub source: Arc<Source>,
    /// Position of the key.
    pub key: Span<usize>,
    /// Position of each listed value, `[value][path]`; empty for a range.
    values: Vec<Vec<Span<usize>>>,
    /// Position of the whole list or range.
    whole: Span<usize>,
}

/// A range as a plan states it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RangeSpec {
    /// First value: a number or a quantity; for several paths, a list with one for each.
    #[schemars(extend("examples" = [100]))]
    #[expect(dead_code, reason = "the ends are read from the tree; here they stand for the schema")]
    from: Json,
    /// Last value, likewise.
    #[schemars(extend("examples" = [400]))]
    #[expect(dead_code, reason = "the ends are read from the tree; here they stand for the schema")]
    to: Json,
    /// Number of values on a grid, both ends included.
    #[serde(default)]
    #[schemars(range(min = 2, max = 1_000_000))]
    steps: Option<u64>,
    /// Whether the values are spaced evenly in the logarithm.
    #[serde(default)]
    log: bool,
}

/// The schema of a range.
pub(super) fn range_schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::of::<RangeSpec>("range"));
    &SCHEMA
}

/// The keys of a range.
const OF_A_RANGE: [&str; 4] = ["from", "to", "steps", "log"];

impl Draft {
    /// Position of a listed value for one path; of a range, position of the whole.
    pub fn position(&self, value: Option<usize>, path: usize) -> Span<usize> {
        let listed = value.and_then(|value| self.values.get(value)?.get(path).cloned());
        listed.unwrap_or_else(|| self.whole.clone())
    }
}

/// Reads the table `vary`. A table that is no range is a group of paths: TOML makes tables of paths without quotes.
pub(super) fn axes(vary: &Node, prefix: &str, sampled: bool, found: &mut Vec<Diagnostic>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (key, node) in vary.as_table().into_iter().flatten() {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let paths: Vec<String> = name.split(',').map(|path| path.trim().to_owned()).collect();
        if node.doubtful() {
            continue;
        }
        match &node.value {
            _ if paths.iter().any(String::is_empty) => {
                let error = node.key_error("a path is missing", "a path belongs between commas");
                found.push(error.help("for example \"pool.api.servers, pool.login.servers\""));
            }
            Tree::Array(items, _) => drafts.extend(listed(node, items, paths, found)),
            Tree::Table(table) if is_range(table, paths.len()) => {
                drafts.extend(ranged(node, paths, sampled, found));
            }
            Tree::Table(table) if !table.is_empty() => drafts.extend(axes(node, &name, sampled, found)),
            other => {
                let label = if other.kind() == Kind::Table { "empty" } else { other.kind().words() };
                let label = format!("this is {label}");
                let error = node.error("expected a list of values, or a range", label);
                found.push(error.help("for example [100, 200, 400], or { from = 100, to = 400, steps = 4 }"));
            }
        }
    }
    drafts
}

/// Most characters of a label, as of every other label.
const LONGEST_LABEL: usize = 200;

/// Sets the labels of parameters from the table `labels`, by the first path of each.
pub(super) fn label(labels: &Node, drafts: &mut [Draft], found: &mut Vec<Diagnostic>) {
    for (path, node) in leaves(labels, "") {
        let known = drafts.iter().map(|draft| draft.axis.parameter.name().to_owned()).collect::<Vec<_>>();
        let own = drafts.iter_mut().find(|draft| draft.axis.parameter.name() == path);
        match (own, &node.value) {
            (Some(_), Tree::String(text)) if text.chars().count() > LONGEST_LABEL => {
                let label = format!("it has {} characters", text.chars().count());
                found.push(
                    node.error("the text is too long", label).help(format!("at most {LONGEST_LABEL} characters")),
                );
            }
            (Some(draft), Tree::String(text)) => draft.axis.parameter.label = text.trim().to_owned(),
            (Some(_), other) => {
                let error = node.error("expected a label", format!("this is {}", other.kind().words()));
                found.push(error.help("a label is a text such as \"gateways\""));
            }
            (None, _) => {
                let error = node.key_error(format!("`{path}` does not vary"), "no such path in [vary]");
                found.push(error.help(suggest(&path, known.iter().map(String::as_str))));
            }
        }
    }
}

/// The values of a table by dotted path; TOML makes tables of paths without quotes.
fn leaves<'n>(node: &'n Node, prefix: &str) -> Vec<(String, &'n Node)> {
    let mut found = Vec::new();
    for (key, child) in node.as_table().into_iter().flatten() {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match &child.value {
            Tree::Table(_) => found.extend(leaves(child, &path)),
            _ => found.push((path, child)),
        }
    }
    found
}

/// Whether a table is a range rather than a group of paths: its ends are plain values, or lists for several paths.
fn is_range(table: &indexmap::IndexMap<String, Node>, paths: usize) -> bool {
    let end = |node: &Node| match node.value {
        Tree::Table(_) => false,
        Tree::Array(..) => paths > 1,
        _ => true,
    };
    OF_A_RANGE.iter().any(|key| table.get(*key).is_some_and(end))
}

/// The text of a value that keeps the setting of the scenario.
const AS_IT_IS: &str = "as it is";

/// Reads an axis whose values are listed.
pub(super) fn listed(node: &Node, items: &[Node], paths: Vec<String>, found: &mut Vec<Diagnostic>) -> Option<Draft> {
    if items.is_empty() {
        found.push(node.error("the axis has no values", "this is empty").help("for example [100, 200, 400]"));
        return None;
    }
    let rows = rows(items, paths.len(), found)?;
    let columns: Vec<_> = (0..paths.len())
        .map(|path| column(&rows.iter().map(|row| (row[path].to_toml(), text_of(row[path]))).collect::<Vec<_>>()))
        .collect();
    let values: Vec<Vec<Value>> =
        (0..rows.len()).map(|row| columns.iter().map(|(values, _)| values[row].clone()).collect()).collect();
    let mut seen = HashSet::new();
    for (row, item) in values.iter().zip(items) {
        if !seen.insert(row.iter().map(identity).collect::<Vec<_>>()) {
            found.push(item.error("the same value stands twice on one axis", "again").help("leave one of them out"));
        }
    }
    let parameter = Parameter {
        label: String::new(),
        numeric: values.iter().all(|row| row[0].setting.number.is_some()),
        units: columns.into_iter().map(|(_, unit)| unit).collect(),
        log: false,
        paths,
    };
    Some(Draft {
        axis: Axis { parameter, values: Values::Listed(values) },
        source: Arc::clone(&node.source),
        key: node.key_span.clone(),
        values: rows.iter().map(|row| row.iter().map(|part| part.span.clone()).collect()).collect(),
        whole: node.span.clone(),
    })
}

/// The node of each value, `[value][path]`. For several paths an element may be a list with one value for each.
fn rows<'n>(items: &'n [Node], paths: usize, found: &mut Vec<Diagnostic>) -> Option<Vec<Vec<&'n Node>>> {
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        rows.push(match &item.value {
            Tree::Array(parts, _) if paths > 1 => {
                if parts.len() != paths {
                    let title = format!("expected {paths} values, one for each path");
                    found.push(item.error(title, format!("there are {} here", parts.len())));
                    return None;
                }
                parts.iter().collect()
            }
            _ => vec![item; paths],
        });
    }
    Some(rows)
}

/// A text that equal values share: equal numbers are one value, however they are written.
fn identity(value: &Value) -> String {
    value.setting.number.map_or_else(|| value.setting.text.clone(), |number| format!("{number:?}"))
}

/// Reads an axis that is a range. For a grid the values of the range are listed, for a sample the range is kept.
fn ranged(node: &Node, paths: Vec<String>, sampled: bool, found: &mut Vec<Diagnostic>) -> Option<Draft> {
    let mut checked = node.clone();
    let errors = check(&mut checked, range_schema());
    if !errors.is_empty() {
        found.extend(errors);
        return None;
    }
    let spec: RangeSpec = range_schema().deserialize(&checked).map_err(|error| found.push(error)).ok()?;
    match (sampled, spec.steps) {
        (true, Some(_)) => {
            let steps = checked.child("steps").unwrap_or(&checked);
            let error =
                steps.key_error("`steps` has no meaning in a sample", "`sample.points` is the number of points");
            found.push(error.help("leave it out, or leave out [sample]"));
            return None;
        }
        (false, None) => {
            let error = node.error("`steps` is missing", "a grid needs a number of values");
            found.push(error.help("for example steps = 5; or draw points from the ranges with [sample]"));
            return None;
        }
        _ => {}
    }
    let mut ranges = Vec::new();
    for (index, path) in paths.iter().enumerate() {
        let (Some(from), Some(to)) =
            (end(&checked, "from", index, paths.len()), end(&checked, "to", index, paths.len()))
        else {
            let title = format!("expected {} ends, one for each path", paths.len());
            found.push(node.error(title, "`from` or `to` has another number of them"));
            return None;
        };
        match Range::new(&from, &to, spec.log, is_whole(path)) {
            Ok(range) => ranges.push(range),
            Err(label) => {
                let error = node.error("this is no range", label);
                found.push(
                    error.help("for example { from = 100, to = 400, steps = 4 }, or from = \"1 s\", to = \"5 s\""),
                );
                return None;
            }
        }
    }
    let units = ranges.iter().map(Range::unit).collect();
    let values = match spec.steps {
        Some(steps) => Values::Listed(stepped(node, &ranges, steps, found)?),
        None => Values::Ranges(ranges),
    };
    Some(Draft {
        axis: Axis {
            parameter: Parameter { paths, units, label: String::new(), numeric: true, log: spec.log },
            values,
        },
        source: Arc::clone(&node.source),
        key: node.key_span.clone(),
        values: Vec::new(),
        whole: node.span.clone(),
    })
}

/// `steps` evenly spaced values of a range, both ends included.
fn stepped(node: &Node, ranges: &[Range], steps: u64, found: &mut Vec<Diagnostic>) -> Option<Vec<Vec<Value>>> {
    let share = |step: u64| if step + 1 == steps { 1.0 } else { step as f64 / (steps - 1) as f64 };
    let values: Vec<Vec<_>> =
        (0..steps).map(|step| ranges.iter().map(|range| range.at(share(step))).collect()).collect();
    if let Some(pair) = values.windows(2).find(|pair| pair[0] == pair[1]) {
        let label = format!("{} comes twice", pair[0][0].setting.text);
        let error = node.error("the steps of this range fall together", label);
        found.push(error.help("the setting is a whole number; take fewer steps"));
        return None;
    }
    Some(values)
}

/// One end of a range for one of several paths; `None` if the end is a list of another length.
fn end(range: &Node, key: &str, path: usize, paths: usize) -> Option<toml::Value> {
    let node = range.child(key)?;
    match &node.value {
        Tree::Array(parts, _) if paths > 1 => {
            (parts.len() == paths).then(|| parts.get(path).map(Node::to_toml)).flatten()
        }
        _ => Some(node.to_toml()),
    }
}

/// Reads the settings that hold at all points: dotted path, value as TOML, and node of each.
pub(super) fn fixed(set: &Node) -> Vec<(String, String, &Node)> {
    leaves(set, "").into_iter().map(|(path, node)| (path, text_of(node), node)).collect()
}

/// A value as the plan writes it; empty for a value that leaves the setting as the scenario has it.
fn text_of(node: &Node) -> String {
    if node.as_str() == Some(AS_IT_IS) {
        return String::new();
    }
    node.source.text.get(node.span.clone()).unwrap_or_default().to_owned()
}

/// Reports axes that set the same value, or of which one sets a part of what another sets.
pub(super) fn overlaps(drafts: &[Draft], found: &mut Vec<Diagnostic>) {
    let mut seen: Vec<&str> = Vec::new();
    for draft in drafts {
        for path in &draft.axis.parameter.paths {
            let within =
                |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            if let Some(other) = seen.iter().find(|other| within(path, other) || within(other, path)) {
                let title = if *other == path {
                    format!("`{path}` varies twice")
                } else {
                    format!("`{path}` and `{other}` set the same value")
                };
                let error = Diagnostic::error(title).at(&draft.source, draft.key.clone(), "varies already");
                found.push(error.help("several paths that move together stand in one key, with commas between them"));
            }
            seen.push(path);
        }
    }
}
