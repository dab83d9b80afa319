//! What must not stand in some places: clocks and unordered tables in the engine, files and arguments deep in the library.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::source::{each_level, house, is_mark};

/// Where files of the house, outside of some places, say one of some words: `file: word`.
fn said(words: &[&str], within: &str, outside: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in house() {
        let file = source.in_src();
        if file.starts_with(within) && !outside.iter().any(|place| file.starts_with(place)) {
            let text = source.text();
            found.extend(words.iter().filter(|word| text.contains(**word)).map(|word| format!("{file}: {word}")));
        }
    }
    found
}

const NOTHING: [String; 0] = [];

/// Prefetches and huge pages of the engine, and a look at standard output before the runtime opens it.
#[test]
fn two_small_files_alone_are_unsafe() {
    assert_eq!(said(&["unsafe"], "", &["engine/memory.rs", "cli/closed.rs"]), NOTHING);
}

#[test]
fn only_reports_and_the_store_write_files_with_what_the_system_layer_offers() {
    let writing = ["fs::write", "File::create", "OpenOptions", "create_dir", "fs::rename", "fs::remove", "fs::copy"];
    assert_eq!(said(&writing, "", &["report/files/folder.rs", "sweep/store", "cli/new.rs", "system/"]), NOTHING);
}

/// A pipe or a device has no end, and to open it may never return.
#[test]
fn files_of_the_user_are_opened_by_the_system_layer_alone() {
    assert_eq!(said(&["File::open", "fs::read("], "", &["system/"]), NOTHING);
}

/// A clock that jumps, in either direction, changes nothing.
#[test]
fn nobody_asks_for_the_time_of_day() {
    assert_eq!(said(&["SystemTime", "Timestamp::now", "Zoned::now", "UNIX_EPOCH"], "", &[]), NOTHING);
}

#[test]
fn only_the_renderer_of_png_knows_its_library() {
    let drawing = ["plotters", "tiny_skia", "png::"];
    assert_eq!(said(&drawing, "", &["report/render/png", "report/render/mod.rs"]), NOTHING);
}

#[test]
fn only_the_command_line_reads_arguments_and_the_environment() {
    assert_eq!(said(&["env::args", "env::var", "clap::", "process::exit"], "", &["cli/", "main.rs"]), NOTHING);
}

#[test]
fn the_engine_knows_no_clock_no_random_order_and_no_dynamic_dispatch() {
    let clocks = ["Instant", "SystemTime", "thread_rng"];
    let orders = ["HashMap", "HashSet", "BTreeMap", "BTreeSet"];
    assert_eq!(said(&[&clocks[..], &orders, &["dyn "]].concat(), "engine/", &[]), NOTHING);
}

/// Handlers run once an event. What they need lies in rows and rings that were made before; see also the test that counts.
#[test]
fn the_engines_handlers_allocate_nothing() {
    let fresh = ["Vec::new", "vec!", "Box::new", "String::", "format!", "with_capacity("];
    let copied = ["to_vec(", "to_owned(", "to_string(", ".collect("];
    assert_eq!(said(&[&fresh[..], &copied, &[".collect::<"]].concat(), "engine/act/", &[]), NOTHING);
}

/// Number of words that a reason has at least.
const REASON: usize = 3;

/// The places of a code that end the program without a reason: `unwrap` and its like, and `expect`, `panic!` and `unreachable!`
/// whose text does not state in at least three words what holds.
fn without_reason(code: &TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    each_level(code, &mut |level| {
        for three in level.windows(3) {
            let [first, word, TokenTree::Group(inner)] = three else { continue };
            let called = inner.delimiter() == Delimiter::Parenthesis;
            let (method, name) = (is_mark(first, '.') && called, word.to_string());
            let macro_name = first.to_string();
            let states = || inner.stream().into_iter().next().is_some_and(|text| words(&text) >= REASON);
            if method && ["unwrap", "unwrap_err"].contains(&name.as_str()) && inner.stream().is_empty() {
                found.push(format!(".{name}()"));
            } else if method && ["expect", "expect_err"].contains(&name.as_str()) && !states() {
                found.push(format!(".{name}({})", inner.stream()));
            } else if is_mark(word, '!') && ["panic", "unreachable"].contains(&macro_name.as_str()) && !states() {
                found.push(format!("{macro_name}!({})", inner.stream()));
            } else if is_mark(word, '!') && ["todo", "unimplemented"].contains(&macro_name.as_str()) {
                found.push(format!("{macro_name}!"));
            }
        }
    });
    found
}

/// Number of words of a text; none if a token is no text.
fn words(token: &TokenTree) -> usize {
    let text = token.to_string();
    if text.starts_with('"') { text.split_whitespace().count() } else { 0 }
}

/// What a file or an argument says is an error of its own kind; what the program knows to hold is stated where it is relied on.
#[test]
fn nothing_ends_the_program_without_a_stated_reason() {
    let all = house().into_iter().flat_map(|source| {
        let file = source.in_src().to_owned();
        without_reason(&source.code).into_iter().map(move |one| format!("{file}: {one}"))
    });
    assert_eq!(all.collect::<Vec<_>>(), NOTHING);
}

#[test]
fn ends_without_a_reason_are_found_wherever_they_stand() {
    let text = "fn f() { a.unwrap(); b.unwrap_or(1); c.expect(\"c\"); d.expect(\"the door is open\"); e(|| { panic!() });\n\
                unreachable!(\"x\"); unreachable!(\"the list {} ends before\", 5); g.expect(h); todo!() }";
    let found = without_reason(&text.parse().unwrap());
    assert_eq!(found, [".unwrap()", ".expect(\"c\")", "unreachable!(\"x\")", ".expect(h)", "todo!", "panic!()"]);
}
