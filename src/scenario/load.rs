//! Turns a tree into checked types.

use super::loader::Loader;
use super::schema::schema;
use super::spec::Spec;
use super::validate;
use crate::document::check;
use crate::document::diagnostics::Diagnostic;
use crate::document::tree::Node;

/// Name of the region of a scenario that states none.
pub(super) const DEFAULT_REGION: &str = "world";

/// Checks a tree against the schema. The returned tree has a region, and placeholders instead of wrong values.
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

/// Turns a tree that fits the schema into types and checks their meaning.
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
