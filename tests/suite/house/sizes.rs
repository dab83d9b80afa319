//! Sizes: what is too long for one screen is a question to answer, and the answer stands in a table.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use super::source::{Source, below, each_level, is_group, is_mark, is_word};

const LONGEST_FILE: usize = 400;

const LONGEST_FUNCTION: usize = 70;

/// Files that are long for a reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Functions that are long for a reason, as `file: name`.
const LONG_FUNCTIONS: &[(&str, &str)] = &[];

/// The house, its tests, examples and benches; not the programs that it is compared with.
fn all() -> Vec<Source> {
    let mut sources = below(&["src", "tests", "examples", "benches"]);
    sources.retain(|source| !source.file.starts_with("benches/peers/"));
    sources
}

/// What is longer than it should be and stands in no table, and what stands there although it is not.
#[track_caller]
fn agree(long: &[(String, usize)], stated: &[(&str, &str)], limit: usize) {
    let unstated = long.iter().filter(|(name, _)| !stated.iter().any(|(known, _)| known == name));
    let unstated: Vec<String> = unstated.map(|(name, lines)| format!("{name} has {lines} lines")).collect();
    assert!(unstated.is_empty(), "longer than {limit} lines, without a reason:\n{}", unstated.join("\n"));
    let gone: Vec<_> = stated.iter().filter(|(known, _)| !long.iter().any(|(name, _)| name == known)).collect();
    assert!(gone.is_empty(), "no longer too long, so that no reason is needed: {gone:?}");
}

#[test]
fn no_file_is_too_long_to_be_read_without_a_stated_reason() {
    let sizes = all().into_iter().map(|source| (source.file, source.lines));
    let long: Vec<_> = sizes.filter(|(_, lines)| *lines > LONGEST_FILE).collect();
    agree(&long, LONG_FILES, LONGEST_FILE);
}

#[test]
fn no_function_is_too_long_for_a_screen_without_a_stated_reason() {
    let mut sizes = Vec::new();
    for source in all() {
        let named =
            functions(&source.whole).into_iter().map(|(name, lines)| (format!("{}: {name}", source.file), lines));
        sizes.extend(named);
    }
    assert!(sizes.len() > 1_000, "only {} functions were found", sizes.len());
    sizes.retain(|(_, lines)| *lines > LONGEST_FUNCTION);
    agree(&sizes, LONG_FUNCTIONS, LONGEST_FUNCTION);
}

/// Every function with its number of lines, from `fn` to its last brace.
fn functions(code: &TokenStream) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    each_level(code, &mut |level| {
        for (index, pair) in level.windows(2).enumerate() {
            // The type of a function, `fn(u8)`, has no name; a macro's function has a `$` before it.
            let named = is_word(&pair[0], "fn") && (matches!(pair[1], TokenTree::Ident(_)) || is_mark(&pair[1], '$'));
            let rest = &level[index + 1..];
            let end = rest.iter().find(|token| is_mark(token, ';') || is_group(token, Delimiter::Brace));
            if let Some(TokenTree::Group(body)) = end.filter(|_| named) {
                found.push((pair[1].to_string(), lines(pair[0].span(), body.span_close())));
            }
        }
    });
    found
}

fn lines(first: Span, last: Span) -> usize {
    last.end().line - first.start().line + 1
}

#[test]
fn functions_are_measured_wherever_they_stand() {
    let text = "impl X {\n fn a(f: fn(u8)) -> [u8; { 3 }]\n where X: Y,\n {\n fn b() {}\n }\n}\ntrait T { fn c(); }\n\
                macro_rules! m { () => { fn d() {\n } } }";
    let expected = [("a", 5), ("b", 1), ("d", 2)].map(|(name, lines)| (name.to_owned(), lines));
    assert_eq!(functions(&text.parse().unwrap()), expected);
}
