//! The layers of the house: who may import whom, who may write files, who may read arguments.

use std::fs;
use std::path::{Path, PathBuf};

/// Each layer with all that it may import; everything may import itself and `units`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("report", &["sweep", "experiment", "analysis", "scenario", "model", "measure", "document", "vocabulary"]),
    ("sweep", &["experiment", "scenario", "model", "engine", "measure", "document", "random", "vocabulary"]),
    ("experiment", &["model", "engine", "measure", "vocabulary"]),
    ("analysis", &["measure", "vocabulary"]),
    ("engine", &["model", "measure", "policy", "random", "vocabulary"]),
    ("model", &["scenario", "policy", "document", "random", "vocabulary"]),
    ("scenario", &["policy", "document", "vocabulary"]),
    ("policy", &["document", "random", "vocabulary"]),
    ("document", &["random", "vocabulary"]),
    ("measure", &["vocabulary"]),
    ("vocabulary", &[]),
    ("random", &[]),
    ("units", &[]),
];

/// Files that are long for a reason: the whole scenario format stands in one place, since most of it is documentation.
const LONG_FOR_A_REASON: &[&str] = &["scenario/spec.rs"];

const LONGEST: usize = 500;

/// Each source file by its path under `src/`, without its tests and comments.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut files): (Vec<PathBuf>, Vec<(String, String)>) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let name = entry.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                // A module of tests alone is no part of the house.
                if !name.ends_with("tests.rs") && !name.ends_with("support.rs") {
                    files.push((name, code(&fs::read_to_string(&entry).unwrap())));
                }
            }
        }
    }
    files.sort();
    assert!(files.len() > 50, "only {} sources were found", files.len());
    files
}

/// The text up to its module of tests, without comments.
fn code(text: &str) -> String {
    let tests = text.lines().collect::<Vec<_>>();
    let end = tests.windows(2).position(|pair| pair[0].trim() == "#[cfg(test)]" && pair[1].starts_with("mod tests"));
    let lines = tests[..end.unwrap_or(tests.len())].iter();
    lines.map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The layer of a file, or of a path in the crate: the first part of it.
fn layer(path: &str) -> &str {
    path.split(['/', '.', ':', ';', ',', '{', '}', ' ', ')', '<', '>', '(']).next().unwrap_or_default()
}

/// The layers that a text names as `crate::layer`, alone or in braces.
fn imports(text: &str) -> Vec<&str> {
    text.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => {
                list.split('}').next().unwrap_or_default().split(',').map(|item| layer(item.trim())).collect()
            }
            None => vec![layer(rest)],
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn imports_are_read_as_they_are_written() {
    let text = "use crate::model::{Keep, Step};\nuse crate::{random::Law, units};\nlet x = crate::scenario::starter();";
    assert_eq!(imports(text), ["model", "random", "units", "scenario"]);
    assert_eq!(code("a // crate::b\n#[cfg(test)]\nmod tests {\n}"), "a ");
}

#[test]
fn one_file_alone_is_unsafe() {
    let unsafe_files: Vec<String> =
        sources().into_iter().filter(|(_, text)| text.contains("unsafe")).map(|(name, _)| name).collect();
    assert_eq!(unsafe_files, ["engine/memory.rs"]);
}

#[test]
fn no_layer_imports_what_lies_above_it() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = layer(&file);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == own) else {
            assert!(["cli", "main", "lib"].contains(&own), "{file} belongs to no layer; add it to the table");
            continue;
        };
        for other in imports(&text).into_iter().chain(text.contains("dropstorm::").then_some("dropstorm")) {
            if other != own && other != "units" && !allowed.contains(&other) {
                wrong.push(format!("{file} imports {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that the architecture forbids:\n{}", wrong.join("\n"));
}

/// Sources outside of some places that mention one of these.
fn mentions(what: &[&str], allowed: &[&str]) -> Vec<String> {
    let outside = sources().into_iter().filter(|(file, _)| !allowed.iter().any(|place| file.starts_with(place)));
    outside
        .flat_map(|(file, text)| {
            let found: Vec<String> =
                what.iter().filter(|word| text.contains(**word)).map(|word| format!("{file}: {word}")).collect();
            found
        })
        .collect()
}

#[test]
fn only_reports_and_the_store_write_files() {
    let writing = ["fs::write", "File::create", "OpenOptions", "create_dir", "fs::rename", "fs::remove", "fs::copy"];
    assert_eq!(mentions(&writing, &["report/files/folder.rs", "sweep/store", "cli/new.rs"]), [] as [String; 0]);
}

#[test]
fn only_the_renderer_of_png_knows_its_library() {
    assert_eq!(
        mentions(&["plotters", "tiny_skia", "png::"], &["report/render/png", "report/outputs.rs", "report/sweeps.rs"]),
        [] as [String; 0]
    );
}

#[test]
fn only_the_command_line_reads_arguments_and_the_surroundings() {
    assert_eq!(
        mentions(&["env::args", "env::var", "clap::", "process::exit"], &["cli/", "main.rs"]),
        [] as [String; 0]
    );
}

#[test]
fn the_engine_knows_no_clock_and_no_random_order() {
    let words = ["Instant::now", "SystemTime", "HashMap", "HashSet", "thread_rng", "dyn "];
    let found: Vec<String> = mentions(&words, &[]).into_iter().filter(|line| line.starts_with("engine/")).collect();
    assert_eq!(found, [] as [String; 0]);
}

#[test]
fn no_file_is_too_long_to_be_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (file, _) in sources() {
        let lines = fs::read_to_string(root.join(&file)).unwrap().lines().count();
        assert!(
            lines <= LONGEST || LONG_FOR_A_REASON.contains(&file.as_str()),
            "{file} has {lines} lines; more than {LONGEST} want to be two files"
        );
    }
}
