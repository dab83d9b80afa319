//! The scenario file: reads it, checks it and turns it into types.
//!
//! ```text
//! document ─▶ types ─▶ checks of meaning ─▶ timeline
//!             (spec)   (validate)           (timeline)
//! ```
//!
//! All errors of a file are found at once, and each is shown with its line, a caret and what is allowed.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

mod calls;
mod cause;
mod difference;
mod glossary;
mod kind;
mod load;
mod loader;
mod ordinary;
mod paths;
mod reference;
mod schema;
pub mod spec;
mod starter;
mod timeline;
mod trigger;
mod validate;

pub use crate::document::{Diagnostic, Diagnostics, Level};
pub use calls::CacheAt;
pub(crate) use calls::requests_of_calls;
pub use difference::{Difference, differences};
pub(crate) use kind::Kind;
pub use paths::changeable;
pub(crate) use paths::{is_whole, keys};
pub use reference::reference;
pub use schema::{json_schema, overlay_schema};
pub use starter::starter;
pub use timeline::{Changed, Epoch};

use crate::document::files::name_of;
use crate::document::over::Rules;
use crate::document::paths::setting;
use crate::document::source::{Origin, Source};
use crate::document::tree::{Node, Value};
use crate::document::{check, merge};
use crate::system;
use loader::Loader;
use schema::schema;
use spec::{Change, Spec};

/// Keys of which every scenario states one, and no overlay any.
const MARKS: [&str; 2] = ["start", "extends"];

/// Name of a scenario whose path has none.
const UNNAMED: &str = "scenario";

/// A scenario that was read and checked.
#[derive(Clone, Debug)]
pub struct Scenario {
    name: String,
    spec: Spec,
    timeline: Vec<Epoch>,
    /// The document that files and settings make up, to which later settings are applied.
    tree: Arc<Node>,
    /// The contents of the data files that the scenario names.
    data: Arc<Loader>,
}

/// The rules by which scenarios and overlays merge.
fn rules() -> Rules<'static> {
    Rules { schema: schema(), spares: calls::spared, foreign: Kind::foreign }
}

impl Scenario {
    /// Reads a scenario file and the files that it extends or names.
    ///
    /// # Errors
    /// Every error of the files, each located.
    pub fn read(path: &Path) -> Result<Scenario, Diagnostics> {
        Scenario::read_with(path, &[])
    }

    /// Reads a scenario file and merges overlays into it, in their order. Its name is made of the names of all files.
    ///
    /// # Errors
    /// Every error of the files, each located in its own file.
    pub fn read_with(path: &Path, overlays: &[PathBuf]) -> Result<Scenario, Diagnostics> {
        Scenario::read_and_set(path, overlays, &[])
    }

    /// Reads a scenario file, merges overlays into it and sets values at dotted paths, before the whole is checked: a setting may
    /// mend what is wrong in the files.
    ///
    /// # Errors
    /// Every error of the files and of the values, each located in its own file or setting.
    pub fn read_and_set(
        path: &Path,
        overlays: &[PathBuf],
        settings: &[(String, String)],
    ) -> Result<Scenario, Diagnostics> {
        let mut found = Vec::new();
        let mut name = name_of(path, UNNAMED)?;
        for overlay in overlays {
            name = format!("{name}+{}", name_of(overlay, UNNAMED)?);
        }
        match merge::read(path, overlays, &MARKS, rules(), &mut found) {
            Some(mut tree) => {
                set_all(&mut tree, settings, &mut found);
                Scenario::build(name, tree, Loader::default(), found)
            }
            None => {
                // One of the files cannot be read; the errors of the others are reported with it.
                let mut told: HashSet<String> = found.iter().map(Diagnostic::identity).collect();
                let overlays = overlays.iter().map(|overlay| (overlay.as_path(), true));
                let files = std::iter::once((path, false)).filter(|_| overlays.len() > 0).chain(overlays.clone());
                let problems = files.flat_map(|(file, is_overlay)| of_part(file, is_overlay));
                found.extend(problems.filter(|problem| told.insert(problem.identity())));
                Err(Diagnostics::new(found))
            }
        }
    }

    /// Checks the syntax and the keys of a file if it is an overlay, which states neither `start` nor `extends`.
    /// Returns whether the file is an overlay. The meaning of an overlay is checked together with a scenario.
    ///
    /// # Errors
    /// Every error of an overlay, each located, and those of a file that cannot be read or is no TOML.
    pub fn check_overlay(path: &Path) -> Result<bool, Diagnostics> {
        let mut found = Vec::new();
        let read = merge::read_alone(path, &MARKS, rules(), &mut found);
        let Some((mut tree, is_overlay)) = read else { return Err(Diagnostics::new(found)) };
        if is_overlay {
            // A file of neither kind gets the message of a file that should be a scenario.
            let foreign = Kind::foreign(&tree, true).and_then(|_| Kind::foreign(&tree, false));
            found.extend(foreign.map_or_else(|| check::check_part(&mut tree, schema()), |error| vec![error]));
        }
        if found.is_empty() { Ok(is_overlay) } else { Err(Diagnostics::new(found)) }
    }

    /// Reads a scenario from a text. Paths in the text are relative to the working folder.
    ///
    /// # Errors
    /// Every error of the text, each located.
    pub fn parse(name: &str, text: &str) -> Result<Scenario, Diagnostics> {
        let mut found = Vec::new();
        let source = Source::new(name, text, Origin::File(0));
        let name = name_of(Path::new(name), UNNAMED)?;
        match merge::parse(&source, rules(), &mut found) {
            Some(tree) => Scenario::build(name, tree, Loader::default(), found),
            None => Err(Diagnostics::new(found)),
        }
    }

    /// Returns the scenario with another value at a dotted path. `value` is TOML, or a bare text such as `5 s`.
    ///
    /// # Errors
    /// Every error that the value causes, located in the setting.
    pub fn with(&self, path: &str, value: &str) -> Result<Scenario, Diagnostics> {
        self.with_all(&[(path.to_owned(), value.to_owned())])
    }

    /// Returns the scenario with other values at several dotted paths, checked together.
    ///
    /// # Errors
    /// Every error that the values cause, each located in its setting.
    pub fn with_all(&self, settings: &[(String, String)]) -> Result<Scenario, Diagnostics> {
        let mut tree = Node::clone(&self.tree);
        let mut found = Vec::new();
        set_all(&mut tree, settings, &mut found);
        Scenario::build(self.name.clone(), tree, Loader::clone(&self.data), found)
    }

    fn build(
        name: String,
        tree: Node,
        mut loader: Loader,
        mut found: Vec<Diagnostic>,
    ) -> Result<Scenario, Diagnostics> {
        let (checked, errors) = load::check(&tree);
        found.extend(errors);
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

    /// The scenario after each change, in order of time.
    pub fn timeline(&self) -> &[Epoch] {
        &self.timeline
    }

    /// The name of the file without its extension.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The scenario as TOML with every default filled in. Read from the same folder, the text gives the same scenario.
    pub fn resolved(&self) -> String {
        let mut spec = self.spec.clone();
        let changes = std::mem::take(&mut spec.change);
        // Every type of the specification has a form in TOML, so that writing it cannot fail.
        let text = toml::to_string(&spec);
        let text = text.unwrap_or_else(|error| format!("# this scenario cannot be written: {error}\n"));
        if changes.is_empty() {
            return system::text::toml(text);
        }
        // The settings of a change keep their order only on one line, since one of them may lie within another.
        let mut text = text.replacen("\nchange = []\n", "\n", 1);
        for Change { at, set, empty, note } in changes {
            let set: toml::Table = set.into_iter().filter_map(|(path, value)| Some((path, in_toml(value)?))).collect();
            let (at, note) = (toml::Value::String(at.to_string()), toml::Value::String(note));
            text.push_str(&format!("\n[[change]]\nat = {at}\nset = {}\nnote = {note}\n", toml::Value::Table(set)));
            if !empty.is_empty() {
                let empty = empty.into_iter().map(toml::Value::String).collect();
                text.push_str(&format!("empty = {}\n", toml::Value::Array(empty)));
            }
        }
        system::text::toml(text)
    }

    /// The value at a dotted path, or its default where the file states none; `None` if there is no such value.
    pub fn value(&self, path: &str) -> Option<toml::Value> {
        let whole = toml::Value::try_from(&self.spec).ok()?;
        schema().find(&whole, path).cloned()
    }

    /// The value at a dotted path as a file or a setting of the command line states it, without quotes; `None` if none states it, and
    /// of lists and tables.
    pub fn written(&self, path: &str) -> Option<String> {
        let (node, is_stated) = self.tree.nearest(path);
        match &node.value {
            _ if !is_stated => None,
            Value::Array(..) | Value::Table(_) => None,
            Value::String(text) => Some(text.clone()),
            _ => node.source.text.get(node.span.clone()).map(|text| text.trim().to_owned()),
        }
    }

    /// The contents of every data file that the scenario names, in the order of their paths.
    pub(crate) fn data(&self) -> impl Iterator<Item = &[u8]> {
        self.data.files.values().filter_map(|file| file.as_ref().as_ref().ok()).map(Vec::as_slice)
    }

    /// A message located at the value of a dotted path, or at the enclosing table if the file does not state the value.
    pub fn diagnostic(
        &self,
        level: Level,
        path: &str,
        title: impl Into<String>,
        label: impl Into<String>,
        help: Option<String>,
    ) -> Diagnostic {
        let (node, _) = self.tree.nearest(path);
        Diagnostic { level, help, ..node.error(title, label) }
    }
}

/// The errors of one file of several: its syntax and its keys.
fn of_part(path: &Path, is_overlay: bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some((mut tree, _)) = merge::read_alone(path, &MARKS, rules(), &mut found) {
        found.extend(check_part(&mut tree, is_overlay));
    }
    found
}

/// The errors of the keys of a file; for a file of another kind than wanted, that error alone.
fn check_part(tree: &mut Node, is_overlay: bool) -> Vec<Diagnostic> {
    match Kind::foreign(tree, is_overlay) {
        Some(error) => vec![error],
        None => check::check_part(tree, schema()),
    }
}

/// A value of a change as TOML; null, which TOML lacks, has been refused by the check.
fn in_toml(value: serde_json::Value) -> Option<toml::Value> {
    toml::Value::try_from(value).ok()
}

/// Applies settings of the command line or of a sweep to a tree, in their order.
fn set_all(tree: &mut Node, settings: &[(String, String)], found: &mut Vec<Diagnostic>) {
    for (index, (path, value)) in settings.iter().enumerate() {
        set(tree, index, path.trim(), value, found);
    }
}

/// Applies a setting of the command line or of a sweep to a tree.
fn set(tree: &mut Node, index: usize, path: &str, value: &str, found: &mut Vec<Diagnostic>) {
    let node = match setting(index, path, value, &tree.source.folder) {
        Ok(node) => node,
        Err(errors) => return found.extend(errors),
    };
    if path == "extends" {
        let error = node.key_error("`extends` cannot be set", "the files are merged by now");
        return found.push(error.help("write a file that extends the other, and run that"));
    }
    if path.starts_with("region.world.") {
        load::add_default_region(tree);
    }
    found.extend(schema().assign(tree, path, node).err());
}
