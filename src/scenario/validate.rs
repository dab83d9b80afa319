//! The second check: do the values mean something together?
//!
//! Each subject has its own file; all of them report through [`Findings`], which knows where a dotted path stands.

mod data;
mod journeys;
mod laws;
mod limits;
mod people;
mod places;
mod service;
mod thresholds;
pub(super) mod window;

use super::diagnostics::Diagnostic;
use super::load::Loader;
use super::spec::Spec;
use super::tree::{Node, quoted};
use crate::units::{Probability, Span};

/// How far from 1 the shares of a mix may add up.
const ROUNDING: f64 = 1e-6;

/// Longest name of a pool, region or the like.
const LONGEST_NAME: usize = 64;

/// Checks what a scenario means, and reads the data files that it names.
pub(super) fn validate(spec: &mut Spec, tree: &Node, loader: &mut Loader, found: &mut Vec<Diagnostic>) {
    let mut out = Findings { tree, found };
    if !limits::check(spec, &mut out) {
        return;
    }
    data::read(spec, loader, &mut out);
    laws::each(spec, &mut |path, law| laws::check(path, law, &mut out));
    window::check(spec, &mut out);
    places::check(spec, &mut out);
    people::check(spec, &mut out);
    journeys::check(spec, &mut out);
    service::check(spec, &mut out);
    thresholds::check(spec, &mut out);
}

/// The problems found so far, and the tree that tells where a path stands.
struct Findings<'a> {
    tree: &'a Node,
    found: &'a mut Vec<Diagnostic>,
}

impl Findings<'_> {
    /// Reports the value of a path.
    fn value(&mut self, path: &str, title: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        if let Some((node, _)) = self.place(path) {
            let error = node.error(title, label);
            self.push(error, help.into());
        }
    }

    /// Reports the name of a path: the key itself, not what it holds.
    fn key(&mut self, path: &str, title: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        if let Some((node, exact)) = self.place(path) {
            let error = if exact { node.key_error(title, label) } else { node.error(title, label) };
            self.push(error, help.into());
        }
    }

    fn push(&mut self, mut error: Diagnostic, help: String) {
        error.help = (!help.is_empty()).then_some(help);
        self.found.push(error);
    }

    /// Where a path stands; nothing where a wrong value was replaced, because what follows from a placeholder means nothing.
    fn place(&self, path: &str) -> Option<(&Node, bool)> {
        let (node, exact) = self.tree.nearest(path);
        let parent = path.rsplit_once('.').map(|(parent, _)| self.tree.nearest(parent).0);
        let doubtful =
            node.doubtful_itself() || (exact && node.doubtful()) || parent.is_some_and(Node::doubtful_itself);
        (!doubtful || std::ptr::eq(node, self.tree)).then_some((node, exact))
    }

    /// Whether the file states this path.
    fn has(&self, path: &str) -> bool {
        self.tree.nearest(path).1
    }

    /// Whether the value of a path is the file's own, or a default.
    fn trusted(&self, path: &str) -> bool {
        !matches!(self.tree.nearest(path), (node, true) if node.doubtful())
    }

    /// Reports a path that the file states where it has no meaning.
    fn misplaced(&mut self, path: &str, needs: &str) {
        if self.has(path) {
            let key = path.rsplit('.').next().unwrap_or(path).to_owned();
            self.key(path, format!("`{key}` has no meaning here"), format!("it belongs to {needs}"), "");
        }
    }

    /// Reports a name that does not exist.
    fn unknown<'n>(&mut self, path: &str, what: &str, name: &str, known: impl IntoIterator<Item = &'n String>) {
        let help = super::diagnostics::suggest(name, known.into_iter().map(String::as_str));
        // A name leads nowhere whatever stands beside it, so a mistake there does not hide this one.
        if let (node, true) = self.tree.nearest(path)
            && !node.doubtful()
        {
            let error = node.error(format!("there is no {what} {}", quoted(name)), format!("no such {what}"));
            self.push(error, help);
        }
    }

    /// Reports a key that is a name which does not exist.
    fn unknown_key<'n>(&mut self, path: &str, what: &str, name: &str, known: impl IntoIterator<Item = &'n String>) {
        let help = super::diagnostics::suggest(name, known.into_iter().map(String::as_str));
        self.key(path, format!("there is no {what} {}", quoted(name)), format!("no such {what}"), help);
    }

    /// Reports a span that is negative.
    fn not_negative(&mut self, path: &str, span: Span) {
        if span < Span::ZERO {
            self.value(path, "expected a span that is not negative", format!("{span} is negative"), "");
        }
    }

    /// Reports a span that is not above zero.
    fn positive(&mut self, path: &str, span: Span) {
        if span <= Span::ZERO {
            self.value(path, "expected a span above zero", format!("{span} is not above zero"), "");
        }
    }

    /// Reports shares that do not add up to 1.
    fn whole<'s>(&mut self, path: &str, shares: impl IntoIterator<Item = &'s Probability>) {
        let total = shares.into_iter().map(|share| share.0).sum::<f64>();
        if (total - 1.0).abs() > ROUNDING {
            let label = format!("they add up to {}", (total * 1e6).round() / 1e6);
            self.value(path, "the shares do not add up to 1", label, "");
        }
    }

    /// Reports a name that cannot stand in a path or a table of figures.
    fn name(&mut self, path: &str, name: &str, at_key: bool, reserved: bool) {
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        let title = match name {
            "" => "the name is empty".to_owned(),
            "all" if reserved => "the name `all` is taken by the sums in the tables".to_owned(),
            _ if name.len() > LONGEST_NAME => format!("the name has more than {LONGEST_NAME} letters"),
            _ if !plain => format!("{} is not a name", quoted(name)),
            _ => return,
        };
        let help = "a name is made of a-z, A-Z, 0-9, _ and -";
        match at_key {
            true => self.key(path, title, "choose another name", help),
            false => self.value(path, title, "choose another name", help),
        }
    }

    /// Reports tables that are more than a run can hold.
    fn at_most(&mut self, path: &str, what: &str, count: usize, limit: usize) {
        if count > limit {
            self.value(path, format!("there are {count} {what}"), format!("at most {limit} can be simulated"), "");
        }
    }
}
