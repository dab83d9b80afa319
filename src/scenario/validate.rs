//! stub
use super::diagnostics::Diagnostic;
use super::load::Loader;
use super::spec::Spec;
use super::tree::Node;
pub(super) fn validate(_: &mut Spec, _: &Node, _: &mut Loader, _: &mut Vec<Diagnostic>) {}
