//! What must not stand in some places: clocks and unordered tables in the engine, files and arguments deep in the library.

use super::source::house;

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
