//! The scenario file: read, checked, and turned into types.
//!
//! ```text
//! text ─▶ tree with places ─▶ merged with what it extends ─▶ shape checked ─▶ types ─▶ meaning checked ─▶ timeline
//!         (tree)              (merge)                        (check)          (spec)   (validate)         (timeline)
//! ```
//!
//! All problems of a file are found at once, and each is shown with its line, a caret and what is allowed.

use std::path::Path;
use std::sync::Arc;

pub mod bound;
pub(crate) mod check;
pub(crate) mod diagnostics;
pub mod distribution;
mod glossary;
mod load;
mod merge;
pub mod moments;
mod paths;
mod reference;
mod schema;
pub(crate) mod source;
pub mod spec;
mod starter;
mod timeline;
pub(crate) mod tree;
pub mod unions;
mod validate;

pub use diagnostics::{Diagnostic, Diagnostics, Level};
pub use paths::changeable;
pub(crate) use paths::is_whole;
pub use reference::reference;
pub use schema::json_schema;
pub(crate) use schema::published;
pub use starter::starter;

use crate::units::Span;
use load::Loader;
use source::Source;
use spec::Spec;
use tree::Node;

/// A scenario that was read and checked.
#[derive(Clone, Debug)]
pub struct Scenario {
    name: String,
    spec: Spec,
    timeline: Vec<Epoch>,
    /// As the files and settings state it, for what is set later.
    tree: Arc<Node>,
    /// The data files that it names, as they were read.
    data: Arc<Loader>,
}

/// What the scenario is from one change of its timeline on.
#[derive(Clone, Debug, PartialEq)]
pub struct Epoch {
    /// When it begins, from the scenario's drop.
    pub at: Span,
    /// What the mark on the charts says.
    pub note: String,
    /// The scenario after this change and those before it; its own list of changes is empty.
    pub spec: Spec,
}

impl Scenario {
    /// Reads a scenario file and all that it extends or names.
    ///
    /// # Errors
    /// Every problem of the files, each located.
    pub fn read(path: &Path) -> Result<Scenario, Diagnostics> {
        let mut found = Vec::new();
        match merge::read(path, &mut found) {
            Some(tree) => Scenario::build(stem(path), tree, Loader::default(), found),
            None => Err(Diagnostics::new(found)),
        }
    }

    /// Reads a scenario from a text; files that it names are sought beside the working folder.
    ///
    /// # Errors
    /// Every problem of the text, each located.
    pub fn parse(name: &str, text: &str) -> Result<Scenario, Diagnostics> {
        let mut found = Vec::new();
        match merge::with_parents(&Source::new(name, text, 0), &mut Vec::new(), &mut found) {
            Some(tree) => Scenario::build(stem(Path::new(name)), tree, Loader::default(), found),
            None => Err(Diagnostics::new(found)),
        }
    }

    /// The same scenario with another value at a dotted path. `value` is TOML, or a bare text such as `5 s`.
    ///
    /// # Errors
    /// Every problem that the value causes, located in the setting.
    pub fn with(&self, path: &str, value: &str) -> Result<Scenario, Diagnostics> {
        self.with_all(&[(path.to_owned(), value.to_owned())])
    }

    /// The same scenario with several other values, checked together.
    ///
    /// # Errors
    /// Every problem that the values cause, each located in its setting.
    pub fn with_all(&self, settings: &[(String, String)]) -> Result<Scenario, Diagnostics> {
        let mut tree = Node::clone(&self.tree);
        let mut found = Vec::new();
        for (index, (path, value)) in settings.iter().enumerate() {
            set(&mut tree, index, path.trim(), value, &mut found);
        }
        Scenario::build(self.name.clone(), tree, Loader::clone(&self.data), found)
    }

    fn build(
        name: String,
        tree: Node,
        mut loader: Loader,
        mut found: Vec<Diagnostic>,
    ) -> Result<Scenario, Diagnostics> {
        let (checked, problems) = load::check(&tree);
        found.extend(problems);
        if found.len() >= Diagnostics::MOST {
            return Err(Diagnostics::new(found));
        }
        let spec = load::spec(&checked, &mut loader, &mut found);
        let timeline =
            spec.as_ref().map(|spec| timeline::build(&checked, spec, &mut loader, &mut found)).unwrap_or_default();
        match spec {
            Some(spec) if found.is_empty() => {
                Ok(Scenario { name, spec, timeline, tree: Arc::new(tree), data: Arc::new(loader) })
            }
            _ => Err(Diagnostics::new(found)),
        }
    }

    /// The scenario before any change, with the region `world` if the file states none.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// What the changes make of it, in order of time.
    pub fn timeline(&self) -> &[Epoch] {
        &self.timeline
    }

    /// The stem of the file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The scenario as TOML with every default filled in; it reads back as the same scenario from the same folder.
    pub fn resolved(&self) -> String {
        // Every type of the specification has a form in TOML, so that writing it cannot fail.
        toml::to_string(&self.spec).unwrap_or_else(|error| format!("# this scenario cannot be written: {error}\n"))
    }

    /// The value of a dotted path, a default where the file leaves it out; `None` if there is no such value.
    pub fn value(&self, path: &str) -> Option<toml::Value> {
        let mut value = toml::Value::try_from(&self.spec).ok()?;
        for part in paths::parts(path) {
            value = match value {
                toml::Value::Table(mut table) => table.remove(part)?,
                toml::Value::Array(mut items) => {
                    let named = |item: &toml::Value| {
                        let name = item.get("name").or_else(|| item.get("request"));
                        name.and_then(toml::Value::as_str) == Some(part)
                    };
                    let index = part.parse().ok().or_else(|| items.iter().position(named))?;
                    if index < items.len() { items.swap_remove(index) } else { return None }
                }
                _ => return None,
            };
        }
        Some(value)
    }

    /// The contents of every data file that it names, in the order of their paths.
    pub(crate) fn data(&self) -> impl Iterator<Item = &[u8]> {
        self.data.files.values().filter_map(|file| file.as_ref().as_ref().ok()).map(Vec::as_slice)
    }

    /// A message located at the value of a dotted path, or at what encloses it if the file leaves it out.
    pub fn diagnostic(
        &self,
        level: Level,
        path: &str,
        title: impl Into<String>,
        label: impl Into<String>,
        help: Option<String>,
    ) -> Diagnostic {
        let (node, _) = self.tree.nearest(path);
        let mut diagnostic = node.error(title, label);
        diagnostic.level = level;
        diagnostic.help = help;
        diagnostic
    }
}

/// Rank of the first setting among the texts that messages are about; files come before.
const FIRST_SETTING: usize = 1_000;

fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(|| "scenario".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// Applies one setting of the command line or of a sweep.
fn set(tree: &mut Node, index: usize, path: &str, value: &str, found: &mut Vec<Diagnostic>) {
    let text = format!("{path}={value}");
    let offset = path.len() + 1;
    let source = Arc::new(Source {
        name: "--set".to_owned(),
        text,
        rank: FIRST_SETTING + index,
        folder: tree.source.folder.clone(),
        relative: std::path::PathBuf::new(),
    });
    let whole = |value| Node::new(value, &source, offset..source.text.len());
    let mut node = match Node::parse_value(&source, offset) {
        Ok(node) => node,
        // What begins like TOML was meant as TOML; all else is a text, so that nobody has to quote twice.
        Err(errors) if value.trim_start().starts_with(['{', '[', '"', '\'']) => return found.extend(errors),
        Err(_) => whole(tree::Value::String(value.trim().to_owned())),
    };
    node.key_span = 0..path.len();
    if path.starts_with("region.world.") {
        load::add_default_region(tree);
    }
    let key = node.clone();
    if path == "extends" {
        let error = key.key_error("`extends` cannot be set", "the files are merged by now");
        return found.push(error.help("write a file that extends the other, and run that"));
    }
    if let Err(refusal) = paths::assign(tree, path, node) {
        found.push(key.key_error(refusal.title, refusal.label).help(refusal.help));
    }
}
