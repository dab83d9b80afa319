//! The second check of a scenario: whether its values are meaningful together.
//!
//! Each subject has a file of its own. All checks report through [`Findings`], by dotted path.

mod calls;
mod data;
mod harm;
mod journeys;
mod laws;
mod limits;
mod people;
mod regions;
mod service;
mod thresholds;
mod trigger;
pub(super) mod window;

use super::loader::Loader;
use super::spec::Spec;
use crate::document::diagnostics::Diagnostic;
use crate::document::distribution::{self, Sign};
use crate::document::findings::Findings;
use crate::document::tree::Node;

/// Checks the meaning of a scenario and reads the data files that it names.
pub(super) fn validate(spec: &mut Spec, tree: &Node, loader: &mut Loader, found: &mut Vec<Diagnostic>) {
    let mut out = Findings { tree, found };
    if !limits::check(spec, &mut out) {
        return;
    }
    data::read(spec, loader, &mut out);
    laws::each(spec, &mut |path, law| {
        // Only arrivals may lie before the drop.
        let sign = if path.starts_with("audience.") { Sign::Any } else { Sign::NotNegative };
        distribution::check(path, law, sign, &mut out);
    });
    window::check(spec, &mut out);
    regions::check(spec, &mut out);
    people::check(spec, &mut out);
    journeys::check(spec, &mut out);
    service::check(spec, &mut out);
    calls::check(spec, &mut out);
    harm::check(spec, &mut out);
    thresholds::check(spec, &mut out);
    trigger::check(spec, &mut out);
}
