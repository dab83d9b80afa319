//! The paths that code names, such as `crate::units::Span`, wherever they stand: in `use` lines, in code, in macros.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::source::{each_level, is_group, is_mark, is_word};

/// A path that code names.
#[derive(Debug)]
pub struct Named {
    /// The path, part by part.
    pub parts: Vec<String>,
    /// Whether it stands in a `pub use`, which hands the name on and does not use it.
    pub handed_on: bool,
}

/// Every path that begins with one of some words, with `use` lists written out.
pub fn beginning_with(code: &TokenStream, starts: &[&str]) -> Vec<Named> {
    let mut found = Vec::new();
    each_level(code, &mut |level| {
        for (index, token) in level.iter().enumerate() {
            let (before, after) = (&level[..index], &level[index + 1..]);
            let within_a_path = matches!(before, [.., a, b] if is_mark(a, ':') && is_mark(b, ':'));
            let begins = matches!(token, TokenTree::Ident(word) if starts.iter().any(|start| word == start));
            if begins && !within_a_path && begins_with_colons(after) {
                let handed_on = is_public_use(before);
                let mut paths = Vec::new();
                write_out(&level[index..], Vec::new(), &mut paths);
                found.extend(paths.into_iter().map(|parts| Named { parts, handed_on }));
            }
        }
    });
    found
}

/// A path of a module from the root of the crate: without `crate`, `self` and `super`.
pub fn from_the_root(module: &[String], parts: &[String]) -> Vec<String> {
    let mut path = if parts[0] == "crate" { Vec::new() } else { module.to_vec() };
    for part in parts {
        match part.as_str() {
            "crate" | "self" => {}
            "super" => drop(path.pop()),
            name => path.push(name.to_owned()),
        }
    }
    path
}

/// Whether the tokens before a path make it a `pub use` or `pub(…) use`.
fn is_public_use(before: &[TokenTree]) -> bool {
    let [head @ .., last] = before else { return false };
    let public = match head {
        [.., public, scope] if is_group(scope, Delimiter::Parenthesis) => Some(public),
        [.., public] => Some(public),
        [] => None,
    };
    is_word(last, "use") && public.is_some_and(|token| is_word(token, "pub"))
}

fn begins_with_colons(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [a, b, ..] if is_mark(a, ':') && is_mark(b, ':'))
}

/// Writes out the path at the front of some tokens: one for each name in its braces.
fn write_out(tokens: &[TokenTree], mut parts: Vec<String>, found: &mut Vec<Vec<String>>) {
    match tokens {
        [TokenTree::Ident(word), rest @ ..] => {
            parts.push(word.to_string());
            match begins_with_colons(rest) {
                true => write_out(&rest[2..], parts, found),
                false => found.push(parts),
            }
        }
        [TokenTree::Group(list), ..] if list.delimiter() == Delimiter::Brace => {
            let list: Vec<TokenTree> = list.stream().into_iter().collect();
            for item in list.split(|token| is_mark(token, ',')).filter(|item| !item.is_empty()) {
                write_out(item, parts.clone(), found);
            }
        }
        // A glob, or the types of a generic function.
        _ => found.push(parts),
    }
}

#[test]
fn paths_are_read_as_they_are_written() {
    let text = "use crate::model::{Keep, deep::{Step, self}};\npub(crate) use crate::units;\n\
                fn f() { assert!(crate::scenario::starter() == a::crate_b(), crate::x::<u8>::y); }";
    let read = beginning_with(&text.parse().unwrap(), &["crate"]);
    let joined: Vec<String> = read.iter().map(|named| named.parts.join("::")).collect();
    let expected = ["model::Keep", "model::deep::Step", "model::deep::self", "units", "scenario::starter", "x"];
    assert_eq!(joined, expected.map(|path| format!("crate::{path}")));
    assert_eq!(read.iter().filter(|named| named.handed_on).count(), 1);
}

#[test]
fn a_path_is_followed_up_and_down() {
    let parts = |path: &str| path.split("::").map(str::to_owned).collect::<Vec<_>>();
    let from = |path: &str| from_the_root(&parts("engine::act::serve"), &parts(path)).join("::");
    assert_eq!(from("crate::units::Span"), "units::Span");
    assert_eq!(from("super::super::state::Pool"), "engine::state::Pool");
    assert_eq!(from("self::deep::Deep"), "engine::act::serve::deep::Deep");
}
