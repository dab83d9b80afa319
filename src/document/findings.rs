//! The second check of a document: errors of what values mean, reported by the dotted path of the value.

use super::diagnostics::{Diagnostic, quoted, suggest};
use super::tree::Node;
use crate::units::Probability;

/// Tolerance of the sum of the shares of a mix.
const ROUNDING: f64 = 1e-6;

/// Length in bytes of the longest name of a pool, region or the like.
const LONGEST_NAME: usize = 64;

/// Help for a name that cannot be one.
const RULE_OF_NAMES: &str = "a name is made of a-z, A-Z, 0-9, _ and -, and does not begin with -";

/// Kinds of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Names of tables of the document alone.
    OfTables,
    /// Names of rows in tables of figures, where `all` stands for sums.
    OfRows,
}

/// The error of a text that cannot be a name; `None` if it can.
fn flaw_of_name(name: &str, names: Names) -> Option<String> {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    match name {
        "" => Some("the name is empty".to_owned()),
        "all" if names == Names::OfRows => Some("the name `all` is taken by the sums in the tables".to_owned()),
        _ if name.len() > LONGEST_NAME => Some(format!("the name has {} bytes, more than {LONGEST_NAME}", name.len())),
        _ if !plain => Some(format!("{} is not a name", quoted(name))),
        _ if name.starts_with('-') => Some(format!("the name {} begins with a minus sign", quoted(name))),
        _ => None,
    }
}

/// The errors found so far, and the tree that knows the place of every path.
pub(crate) struct Findings<'a> {
    /// The checked tree of the document.
    pub tree: &'a Node,
    /// The errors found so far.
    pub found: &'a mut Vec<Diagnostic>,
}

impl Findings<'_> {
    /// Reports the value of a path.
    pub fn value(&mut self, path: &str, title: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        if let Some((node, _)) = self.place(path) {
            let error = node.error(title, label).help(help);
            self.found.push(error);
        }
    }

    /// Reports the key of a path rather than its value.
    pub fn key(&mut self, path: &str, title: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        if let Some((node, exact)) = self.place(path) {
            let error = if exact { node.key_error(title, label) } else { node.error(title, label) };
            self.found.push(error.help(help));
        }
    }

    /// The node of a path or its nearest ancestor; `None` where a wrong value was replaced, since conclusions from a
    /// placeholder are meaningless.
    pub fn place(&self, path: &str) -> Option<(&Node, bool)> {
        let (node, exact) = self.tree.nearest(path);
        let parent = path.rsplit_once('.').map(|(parent, _)| self.tree.nearest(parent).0);
        let doubtful =
            node.doubtful_itself() || (exact && node.doubtful()) || parent.is_some_and(Node::doubtful_itself);
        (!doubtful || std::ptr::eq(node, self.tree)).then_some((node, exact))
    }

    /// Whether the document states a path.
    pub fn has(&self, path: &str) -> bool {
        self.tree.nearest(path).1
    }

    /// Whether the value of a path is the document's own or a default, and no placeholder.
    pub fn trusted(&self, path: &str) -> bool {
        !matches!(self.tree.nearest(path), (node, true) if node.doubtful())
    }

    /// Reports a path that is stated where it has no meaning.
    pub fn misplaced(&mut self, path: &str, needs: &str) {
        if self.has(path) {
            let key = path.rsplit('.').next().unwrap_or(path).to_owned();
            self.key(path, format!("`{key}` has no meaning here"), format!("it belongs to {needs}"), "");
        }
    }

    /// Reports a value that should be a name and is unknown.
    pub fn unknown<'n>(&mut self, path: &str, what: &str, name: &str, known: impl IntoIterator<Item = &'n String>) {
        // Where a table has lost its names, any of them may have been there.
        if self.tree.has_lost_names(what) {
            return;
        }
        // The name is unknown independently of other errors beside it.
        if let (node, true) = self.tree.nearest(path)
            && !node.doubtful()
        {
            let error = node.error(format!("there is no {what} {}", quoted(name)), format!("no such {what}"));
            self.found.push(error.help(suggest(name, known.into_iter().map(String::as_str))));
        }
    }

    /// Reports a key that should be a name and is unknown.
    pub fn unknown_key<'n>(&mut self, path: &str, what: &str, name: &str, known: impl IntoIterator<Item = &'n String>) {
        if self.tree.has_lost_names(what) {
            return;
        }
        let help = suggest(name, known.into_iter().map(String::as_str));
        self.key(path, format!("there is no {what} {}", quoted(name)), format!("no such {what}"), help);
    }

    /// Reports shares that do not add up to 1.
    pub fn whole<'s>(&mut self, path: &str, shares: impl IntoIterator<Item = &'s Probability>) {
        let total = shares.into_iter().map(|share| share.0).sum::<f64>();
        if (total - 1.0).abs() > ROUNDING {
            let label = format!("they add up to {}", (total * 1e6).round() / 1e6);
            self.value(path, "the shares do not add up to 1", label, "");
        }
    }

    /// Reports a key that cannot stand in a path or in a table of figures as a name.
    pub fn key_name(&mut self, path: &str, name: &str, names: Names) {
        if let Some(title) = flaw_of_name(name, names) {
            self.key(path, title, "choose another name", RULE_OF_NAMES);
        }
    }

    /// Reports a value that cannot stand in a table of figures as a name.
    pub fn value_name(&mut self, path: &str, name: &str) {
        if let Some(title) = flaw_of_name(name, Names::OfRows) {
            self.value(path, title, "choose another name", RULE_OF_NAMES);
        }
    }

    /// Reports a table or list that has more entries than a run can hold.
    pub fn at_most(&mut self, path: &str, what: &str, count: usize, limit: usize) {
        if count > limit {
            self.value(path, format!("there are {count} {what}"), format!("at most {limit} are allowed"), "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::source::{Origin, Source};

    /// The titles and places of the errors that a check reports about a document.
    fn found(text: &str, doubtful: &str, check: impl FnOnce(&mut Findings<'_>)) -> Vec<String> {
        let source = Source::new("a.toml", text, Origin::File(0));
        let mut tree = Node::parse(&source).unwrap();
        if let Some(node) = tree.child_mut(doubtful) {
            node.placeholder = true;
        }
        let mut found = Vec::new();
        check(&mut Findings { tree: &tree, found: &mut found });
        let place = |error: &Diagnostic| text[error.place.as_ref().unwrap().span.clone()].to_owned();
        found.iter().map(|error| format!("{} | {}", error.title, place(error))).collect()
    }

    #[test]
    fn an_error_points_at_the_value_the_key_or_what_encloses_them() {
        let text = "title = 'x'\n[pool.api]\nservers = 4\n";
        let reported = found(text, "", |out| {
            out.value("pool.api.servers", "value", "", "");
            out.key("pool.api.servers", "key", "", "");
            out.value("pool.api.timeout", "absent", "", "");
            out.misplaced("pool.api.servers", "another table");
            out.misplaced("pool.api.timeout", "another table");
        });
        let wanted = ["value | 4", "key | servers", "absent | [pool.api]", "`servers` has no meaning here | servers"];
        assert_eq!(reported, wanted);
    }

    #[test]
    fn nothing_is_said_about_what_follows_from_a_placeholder() {
        let reported = found("a = 4\nb = { c = 5 }", "a", |out| {
            out.value("a", "wrong", "", "");
            out.value("b.c", "right", "", "");
            assert!(!out.trusted("a") && out.trusted("b") && out.trusted("absent") && !out.has("absent"));
        });
        assert_eq!(reported, ["right | 5"]);
    }

    #[test]
    fn shares_names_and_counts_have_their_rules() {
        let share = |value| Probability(value);
        let reported = found("x = 1", "", |out| {
            out.whole("x", &[share(0.3), share(0.7)]);
            out.whole("x", &[share(0.3), share(0.6)]);
            out.value_name("x", "fine-name_1");
            out.value_name("x", "all");
            out.value_name("x", "not fine");
            out.key_name("x", "all", Names::OfTables);
            out.at_most("x", "pools", 64, 64);
            out.at_most("x", "pools", 65, 64);
        });
        let titles = [
            "the shares do not add up to 1",
            "the name `all` is taken by the sums in the tables",
            "`not fine` is not a name",
            "there are 65 pools",
        ];
        assert_eq!(reported, titles.map(|title| format!("{title} | 1")));
    }
}
