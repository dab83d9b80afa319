//! The kinds of files: scenarios, overlays and plans of sweeps are told apart by their keys.

use super::MARKS;
use super::schema::schema;
use crate::document::Diagnostic;
use crate::document::tree::Node;

/// Keys of plans, of which every plan states one, and no scenario or overlay any.
const OF_PLANS: [&str; 4] = ["scenario", "vary", "sample", "lever"];
/// Keys that scenarios and plans have alike.
const OF_BOTH: [&str; 5] = ["title", "description", "seed", "scale", "force_scale"];
/// Number of required keys that a file may lack and still count as a scenario with errors; an overlay lacks more.
const MOST_MISSING: usize = 2;

/// The kind of a file by its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A scenario, or a file that extends one.
    Scenario,
    /// An overlay: a part of a scenario, to be merged into one.
    Overlay,
    /// The plan of a sweep or of a search.
    Plan,
    /// A file of unknown kind.
    Unknown,
}

impl Kind {
    /// The kind of a file, and the value whose key identifies it.
    fn of(tree: &Node) -> (Kind, &Node) {
        let first = |keys: &[&str]| keys.iter().find_map(|key| tree.child(key));
        if let Some(mark) = first(&MARKS) {
            return (Kind::Scenario, mark);
        }
        if let Some(mark) = first(&OF_PLANS) {
            return (Kind::Plan, mark);
        }
        let missing = schema().root().required().filter(|key| tree.child(key).is_none()).count();
        let own = schema().root().keys().filter(|(key, _)| !OF_BOTH.contains(key));
        let first = own.filter_map(|(key, _)| tree.child(key)).min_by_key(|node| node.key_span.start);
        match first {
            Some(known) if missing > MOST_MISSING => (Kind::Overlay, known),
            _ => (Kind::Unknown, tree),
        }
    }

    /// The error of a file of another kind than wanted, a scenario or an overlay; `None` if the kind is right or
    /// unknown.
    pub(super) fn foreign(tree: &Node, overlay_wanted: bool) -> Option<Diagnostic> {
        if overlay_wanted { Kind::instead_of_overlay(tree) } else { Kind::instead_of_scenario(tree) }
    }

    /// The error of a file that should be a scenario and is of another kind; `None` otherwise.
    fn instead_of_scenario(tree: &Node) -> Option<Diagnostic> {
        let (kind, mark) = Kind::of(tree);
        let file = &tree.source.name;
        match kind {
            Kind::Plan => Some(
                mark.key_error("this is the plan of a sweep, not a scenario", "no scenario has this key")
                    .help(format!("run it with `dropstorm sweep {file}`; `--dry-run` only checks it")),
            ),
            Kind::Overlay => Some(
                mark.key_error("this is an overlay, not a scenario: `start` is missing", "only a part of a scenario")
                    .help(format!("put it over a scenario: `dropstorm run SCENARIO --with {file}`")),
            ),
            Kind::Scenario | Kind::Unknown => None,
        }
    }

    /// The error of a file that should be an overlay and is of another kind; `None` otherwise.
    fn instead_of_overlay(tree: &Node) -> Option<Diagnostic> {
        let (kind, mark) = Kind::of(tree);
        // A scenario has a message of its own, which names the key.
        (kind == Kind::Plan).then(|| {
            mark.key_error("this is the plan of a sweep, not an overlay", "no overlay has this key")
                .help(format!("run it with `dropstorm sweep {}`", tree.source.name))
        })
    }

    /// The error of a file that should be a plan and is of another kind; `None` otherwise.
    pub(crate) fn instead_of_plan(tree: &Node) -> Option<Diagnostic> {
        let (kind, mark) = Kind::of(tree);
        let file = &tree.source.name;
        match kind {
            Kind::Scenario => Some(
                mark.key_error("this is a scenario, not the plan of a sweep", "no plan has this key")
                    .help(format!("run it with `dropstorm run {file}`; a plan names it with scenario = \"{file}\"")),
            ),
            Kind::Overlay => Some(
                mark.key_error("this is an overlay, not the plan of a sweep", "no plan has this key")
                    .help(format!("put it over the scenario of a plan: `dropstorm sweep PLAN --with {file}`")),
            ),
            Kind::Plan | Kind::Unknown => None,
        }
    }
}
