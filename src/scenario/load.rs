//! From a tree to checked types.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

use super::diagnostics::Diagnostic;
use super::spec::{Region, Spec};
use super::tree::{Node, Value};
use super::{check, schema, validate};

/// The region of a scenario that states none.
pub(super) const DEFAULT_REGION: &str = "world";

/// What is kept of the data files, so that neither the changes of a timeline nor the points of a sweep read them again.
#[derive(Clone, Debug, Default)]
pub(super) struct Loader {
    /// Files that were read, or why they could not be.
    pub files: BTreeMap<PathBuf, Arc<Result<Vec<u8>, Diagnostic>>>,
}

/// Checks the shape of a tree; what comes back has placeholders where something was wrong, and a region.
pub(super) fn check(tree: &Node) -> (Node, Vec<Diagnostic>) {
    let mut tree = tree.clone();
    let found = check::check(&mut tree, schema::root());
    add_default_region(&mut tree);
    (tree, found)
}

/// Adds the region `world` to a tree that has none.
pub(super) fn add_default_region(tree: &mut Node) {
    let (source, span) = (Arc::clone(&tree.source), tree.span.clone());
    let Some(table) = tree.as_table_mut() else { return };
    let empty = || Node::new(Value::Table(Default::default()), &source, span.clone());
    let regions = table.entry("region".to_owned()).or_insert_with(empty);
    if let Some(regions) = regions.as_table_mut().filter(|regions| regions.is_empty()) {
        regions.insert(DEFAULT_REGION.to_owned(), empty());
    }
}

/// Turns a tree whose shape is right into types and checks what they mean.
pub(super) fn spec(tree: &Node, loader: &mut Loader, found: &mut Vec<Diagnostic>) -> Option<Spec> {
    match Spec::deserialize(tree.to_toml()) {
        Ok(mut spec) => {
            for (name, region) in &mut spec.region {
                let Region { label, .. } = region;
                if label.is_empty() {
                    label.clone_from(name);
                }
            }
            validate::validate(&mut spec, tree, loader, found);
            Some(spec)
        }
        Err(error) => {
            // The check of the shape finds all that this could find, and says it better; this is the net below it.
            let label = error.message().lines().collect::<Vec<_>>().join("; ");
            found.push(tree.error("the scenario cannot be read", label));
            None
        }
    }
}
