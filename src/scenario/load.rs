//! From a tree to checked types.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::schema::schema;
use super::spec::Spec;
use super::validate;
use crate::document::check;
use crate::document::diagnostics::Diagnostic;
use crate::document::tree::Node;

/// The region of a scenario that states none.
pub(super) const DEFAULT_REGION: &str = "world";

/// The data files, each read once for all changes of a timeline and all points of a sweep.
#[derive(Clone, Debug, Default)]
pub(super) struct Loader {
    /// The content of each file, or why the file could not be read.
    pub files: BTreeMap<PathBuf, Arc<Result<Vec<u8>, Diagnostic>>>,
}

/// Checks the shape of a tree; the tree that comes back has a region, and placeholders in the stead of wrong values.
pub(super) fn check(tree: &Node) -> (Node, Vec<Diagnostic>) {
    let mut tree = tree.clone();
    let found = check::check(&mut tree, schema());
    add_default_region(&mut tree);
    (tree, found)
}

/// Adds the region `world` to a tree that has none.
pub(super) fn add_default_region(tree: &mut Node) {
    let mut empty = tree.empty();
    empty.key_span = empty.span.clone();
    let Some(table) = tree.as_table_mut() else { return };
    let regions = table.entry("region".to_owned()).or_insert_with(|| empty.clone());
    if let Some(regions) = regions.as_table_mut().filter(|regions| regions.is_empty()) {
        regions.insert(DEFAULT_REGION.to_owned(), empty);
    }
}

/// Turns a tree whose shape is right into types and checks what they mean.
pub(super) fn spec(tree: &Node, loader: &mut Loader, found: &mut Vec<Diagnostic>) -> Option<Spec> {
    match schema().deserialize::<Spec>(tree) {
        Ok(mut spec) => {
            for (name, region) in spec.region.iter_mut().filter(|(_, region)| region.label.is_empty()) {
                region.label.clone_from(name);
            }
            validate::validate(&mut spec, tree, loader, found);
            Some(spec)
        }
        Err(error) => {
            found.push(error);
            None
        }
    }
}
