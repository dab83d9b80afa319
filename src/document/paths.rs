//! Dotted paths: how settings, sweeps and changes name a value of a document.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check::renamed_key;
use super::diagnostics::{Diagnostic, quoted, suggest};
use super::kind::Kind;
use super::schema::{Schema, Shape};
use super::source::{Origin, Source};
use super::tree::{Node, Value};

/// Reads a setting `PATH=VALUE` of the command line or of a sweep's point; files that it names lie in `folder`.
///
/// The value is TOML, or a bare text such as `5 s`.
pub(crate) fn setting(index: usize, path: &str, value: &str, folder: &Path) -> Result<Node, Vec<Diagnostic>> {
    // A setting with its own option is shown as that option.
    let (option, key) = match path {
        "scale" => ("--scale", "--scale "),
        "seed" => ("--seed", "--seed "),
        "force_scale" => ("--force-scale", "--force-scale "),
        _ => ("--set", ""),
    };
    let key = if key.is_empty() { format!("{path}=") } else { key.to_owned() };
    let source = Arc::new(Source {
        name: option.to_owned(),
        text: format!("{key}{value}"),
        origin: Origin::Setting(index),
        folder: folder.to_path_buf(),
        relative: PathBuf::new(),
    });
    let start = key.len();
    let mut node = match Node::parse_value(&source, start) {
        Ok(node) => node,
        // A value that begins like TOML was meant as TOML; any other is a text, so that nobody has to quote twice.
        Err(errors) if value.trim_start().starts_with(['{', '[', '"', '\'']) => return Err(errors),
        Err(_) => Node::new(Value::String(value.trim().to_owned()), &source, start..source.text.len()),
    };
    node.key_span = 0..start - 1;
    Ok(node)
}

impl Schema {
    /// Whether the value of a dotted path is a whole number wherever it is a number.
    pub fn is_whole(&self, path: &str) -> bool {
        let Some(shape) = path.split('.').try_fold(self.root(), Shape::child) else { return false };
        let kinds = shape.forms().into_iter().map(Shape::kind).collect::<Vec<_>>();
        kinds.contains(&Kind::Whole) && !kinds.contains(&Kind::Number)
    }

    /// Sets the value at a dotted path of a document, and adds the tables on the way that the document leaves out.
    ///
    /// Names that users choose, such as those of pools, must be there already. An error points at the key of the value.
    pub fn assign(&self, root: &mut Node, path: &str, value: Node) -> Result<(), Diagnostic> {
        let (mut node, mut shape, mut start) = (root, self.root(), 0);
        loop {
            let rest = &path[start..];
            let part = first_part(rest, node, shape);
            let step = Step { walked: path[..start].trim_end_matches('.'), part, last: part == rest, value: &value };
            (node, shape) = self.enter(node, shape, &step)?;
            if step.last {
                *node = value;
                return Ok(());
            }
            start += part.len() + 1;
        }
    }

    /// The node that one step leads to, and its shape.
    fn enter<'n, 's>(
        &'s self,
        node: &'n mut Node,
        shape: Shape<'s>,
        step: &Step<'_>,
    ) -> Result<(&'n mut Node, Shape<'s>), Diagnostic> {
        let part = step.part;
        shape.write_out(node);
        match &mut node.value {
            Value::Table(table) => {
                let below = match shape.child(part) {
                    Some(below) => below,
                    None if takes_any_key(shape) => shape.any(),
                    None => return Err(step.unknown_key(shape)),
                };
                let named = shape.forms().into_iter().any(|form| form.names().is_some());
                if named && !step.last && !table.contains_key(part) {
                    let what = step.walked.rsplit('.').next().unwrap_or_default();
                    let help = suggest(part, table.keys().map(String::as_str));
                    return Err(step.error(format!("there is no {what} {}", quoted(part)), "no such name").help(help));
                }
                Ok((table.entry(part.to_owned()).or_insert_with(|| step.value.empty()), below))
            }
            Value::Array(items, _) => {
                let names = items.iter().map(|item| self.element_name(|key| item.child(key)?.as_str()));
                let (index, count) = (index(part, names), items.len());
                let below = index.and_then(|index| shape.child(&index.to_string())).unwrap_or(shape.any());
                let element = index.and_then(|index| items.get_mut(index));
                element.map(|element| (element, below)).ok_or_else(|| step.no_element(count))
            }
            other => {
                let (walked, kind) = (quoted(step.walked), other.kind().words());
                let title = format!("{walked} is {kind}, so it has no {}", quoted(part));
                Err(step.error(title, "this path leads nowhere").help(format!("set {} as a whole", step.walked)))
            }
        }
    }

    /// The value of a dotted path in a document without places.
    pub fn find<'v>(&self, mut value: &'v toml::Value, path: &str) -> Option<&'v toml::Value> {
        let mut rest = path;
        while !rest.is_empty() {
            let (part, below) = rest.split_once('.').unwrap_or((rest, ""));
            (value, rest) = match value {
                toml::Value::Table(table) => match table.get(rest) {
                    Some(child) => (child, ""),
                    None => (table.get(part)?, below),
                },
                toml::Value::Array(items) => {
                    let names = items.iter().map(|item| self.element_name(|key| item.get(key)?.as_str()));
                    (items.get(index(part, names)?)?, below)
                }
                _ => return None,
            };
        }
        Some(value)
    }

    /// The name by which a path may call an element of a list, from the texts of the element's keys.
    fn element_name<'v>(&self, text: impl Fn(&str) -> Option<&'v str>) -> Option<&'v str> {
        self.element_names().iter().find_map(|key| text(key))
    }
}

/// The index of an element that a part of a path calls by number or by name.
fn index<'v>(part: &str, mut names: impl Iterator<Item = Option<&'v str>>) -> Option<usize> {
    part.parse().ok().or_else(|| names.position(|name| name == Some(part)))
}

/// Whether a table of a shape takes any key.
fn takes_any_key(shape: Shape<'_>) -> bool {
    let forms = shape.forms();
    forms.is_empty() || forms.into_iter().any(|form| form.is_open() || form.kind() == Kind::Any)
}

/// The first key of a path below a node.
///
/// The keys of a table that takes any key may hold dots, such as those that a change sets: there the rest of the path is
/// one key, unless the table has the first part of it.
fn first_part<'p>(rest: &'p str, node: &Node, shape: Shape<'_>) -> &'p str {
    let part = rest.split('.').next().unwrap_or(rest);
    let one_key = takes_any_key(shape) && (node.child(rest).is_some() || node.child(part).is_none());
    if one_key { rest } else { part }
}

/// One step on the way to the place that a value is set at.
struct Step<'a> {
    /// The path walked so far.
    walked: &'a str,
    /// The key or index to go on with.
    part: &'a str,
    /// Whether the path ends here.
    last: bool,
    /// The value to be set, whose key carries the caret of an error.
    value: &'a Node,
}

impl Step<'_> {
    fn error(&self, title: String, label: &str) -> Diagnostic {
        self.value.key_error(title, label)
    }

    fn no_element(&self, count: usize) -> Diagnostic {
        let title = format!("{} has no element {}", quoted(self.walked), quoted(self.part));
        let error = self.error(title, "no such element");
        match count {
            0 => error.help("it is empty"),
            _ => error.help(format!("its elements are numbered from 0 to {}", count - 1)),
        }
    }

    fn unknown_key(&self, shape: Shape<'_>) -> Diagnostic {
        let forms = shape.forms();
        if let Some(now) = forms.iter().find_map(|form| form.renamed(self.part)) {
            return renamed_key(self.value, self.part, now);
        }
        let title = match self.walked {
            "" => format!("unknown key {}", quoted(self.part)),
            walked => format!("unknown key {} in {}", quoted(self.part), quoted(walked)),
        };
        let keys = forms.iter().flat_map(|form| form.keys()).map(|(key, _)| key);
        self.error(title, "no such key").help(suggest(self.part, keys))
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use schemars::JsonSchema;

    use super::*;

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Shop {
        shelf: IndexMap<String, Shelf>,
        visits: Vec<Visit>,
        set: IndexMap<String, serde_json::Value>,
    }

    #[derive(JsonSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Shelf {
        #[schemars(extend("x-renamed-from" = ["planks"]))]
        boards: Option<u64>,
        depth: Option<Depth>,
        paint: Option<Paint>,
    }

    #[derive(JsonSchema)]
    #[schemars(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only the schema is of interest")]
    enum Paint {
        Oil { coats: Option<u64> },
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Depth {
        front: f64,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only the schema is of interest")]
    struct Visit {
        name: Option<String>,
        times: u64,
    }

    const TEXT: &str =
        "visits = [{ name = 'a', times = 1 }, { times = 2 }]\n[shelf.top]\nboards = 3\npaint = 'oil'\n[set]\nx.y = 1\n";

    fn schema() -> Schema {
        Schema::of::<Shop>("shop").elements_called_by(&["name"])
    }

    /// The document after a setting, or the title, the text under the caret and the help of the error.
    fn set(path: &str, value: &str) -> Result<toml::Value, String> {
        let schema = schema();
        let mut tree = schema.parse(&Source::new("shop.toml", TEXT, Origin::File(0))).unwrap();
        let node = setting(0, path, value, Path::new("")).map_err(|errors| errors[0].title.clone())?;
        let result = schema.assign(&mut tree, path, node);
        let shown = |error: Diagnostic| {
            let place = error.place.unwrap();
            format!("{} | {} | {}", error.title, &place.source.text[place.span], error.help.unwrap_or_default())
        };
        result.map(|()| tree.to_toml()).map_err(shown)
    }

    fn with(path: &str, value: &str) -> String {
        let tree = set(path, value).unwrap();
        schema().find(&tree, path).unwrap().to_string()
    }

    #[test]
    fn a_value_is_put_where_its_path_leads() {
        assert_eq!(with("shelf.top.boards", "4"), "4");
        assert_eq!(with("shelf.top.depth.front", "0.5"), "0.5");
        assert_eq!(
            with("shelf.top.paint.oil.coats", "2"),
            "2",
            "the bare name of a choice is a table with all defaults"
        );
        assert_eq!(with("visits.1.times", "7"), "7");
        assert_eq!(with("visits.a.times", "7"), "7");
        assert_eq!(with("visits.0.name", "b c"), "\"b c\"");
        assert_eq!(with("shelf.new", "{ boards = 2 }"), "{ boards = 2 }");
    }

    #[test]
    fn a_table_of_any_keys_takes_the_rest_of_a_path_as_one_key() {
        let keys = |path: &str| {
            let tree = set(path, "4").unwrap();
            let keys = tree["set"].as_table().unwrap().keys().cloned().collect::<Vec<_>>();
            assert_eq!(schema().find(&tree, path).and_then(toml::Value::as_integer), Some(4));
            keys
        };
        assert_eq!(keys("set.shelf.top.boards"), ["x", "shelf.top.boards"]);
        assert_eq!(keys("set.x.y"), ["x"]);
    }

    #[test]
    fn a_path_that_leads_nowhere_is_refused_under_its_key() {
        for (path, message) in [
            ("shelf.tpo.boards", "there is no shelf `tpo` | shelf.tpo.boards | did you mean `top`?"),
            ("shelf.top.bords", "unknown key `bords` in `shelf.top` | shelf.top.bords | did you mean `boards`?"),
            ("shelf.top.planks", "`planks` is called `boards` now | shelf.top.planks | write `boards`"),
            (
                "shelf.top.boards.x",
                "`shelf.top.boards` is a whole number, so it has no `x` | shelf.top.boards.x | set shelf.top.boards as a whole",
            ),
            ("visits.9.times", "`visits` has no element `9` | visits.9.times | its elements are numbered from 0 to 1"),
            ("", "unknown key `` |  | known: shelf, visits, set"),
        ] {
            assert_eq!(set(path, "4").unwrap_err(), message);
        }
        assert_eq!(set("shelf.top.boards", "[4").unwrap_err(), "this is not valid TOML");
    }

    #[test]
    fn whole_numbers_are_known_by_their_path() {
        let schema = schema();
        assert!(
            schema.is_whole("shelf.any.boards")
                && schema.is_whole("visits.a.times")
                && schema.is_whole("visits.0.times")
        );
        assert!(!schema.is_whole("shelf.any.depth.front") && !schema.is_whole("nothing") && !schema.is_whole("shelf"));
    }
}
