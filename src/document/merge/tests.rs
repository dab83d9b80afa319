//! Files that extend others and overlays, on documents of a schema of their own.

use schemars::JsonSchema;

use super::*;
use crate::document::over::Spared;
use crate::document::schema::Schema;
use crate::document::unions::OneOrMany;

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema is of interest")]
struct House {
    extends: Option<OneOrMany<String>>,
    rooms: std::collections::BTreeMap<String, Room>,
    guests: Vec<Room>,
    heat: Heat,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only the schema is of interest")]
struct Room {
    doors: u64,
    colour: String,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the schema is of interest")]
enum Heat {
    Stove(u64),
    Oven { logs: u64, doors: u64 },
    Pump(u64),
}

/// Rooms without doors have no colour by `*`.
fn cellars(house: &Node) -> Spared {
    let rooms = house.child("rooms").and_then(Node::as_table).into_iter().flatten();
    let cellars = rooms.filter(|(_, room)| room.child("doors").is_none());
    let entries = cellars.map(|(name, _)| name.clone()).collect();
    Spared { table: "rooms", keys: &["colour"], entries }
}

/// Two files of which the second extends the first, merged.
fn merged(parent: &str, child: &str) -> (toml::Value, Vec<Diagnostic>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("parent.toml"), parent).unwrap();
    let child_path = folder.path().join("child.toml");
    std::fs::write(&child_path, child).unwrap();
    let mut found = Vec::new();
    let schema = Schema::of::<House>("house");
    let tree =
        read(&child_path, &[], &[], Rules { schema: &schema, spares: cellars, foreign: |_, _| None }, &mut found);
    (tree.map_or(toml::Value::Boolean(false), |tree| tree.to_toml()), found)
}

fn toml(text: &str) -> toml::Value {
    toml::from_str(text).unwrap()
}

#[test]
fn tables_merge_and_values_and_choices_replace() {
    let parent = "[rooms]\na = { doors = 1, colour = \"red\" }\n[heat]\nstove = 3";
    let child =
        "extends = \"parent.toml\"\n[rooms]\na = { doors = 2 }\nb = { doors = 3, colour = \"blue\" }\n[heat]\npump = 1";
    let both = "[rooms]\na = { doors = 2, colour = \"red\" }\nb = { doors = 3, colour = \"blue\" }\n[heat]\npump = 1";
    assert_eq!(merged(parent, child).0, toml(both));
}

#[test]
fn the_parameters_of_one_choice_merge() {
    let parent = "[heat.oven]\nlogs = 3\ndoors = 2";
    for (child, heat) in [("oven = { logs = 4 }", "oven = { logs = 4, doors = 2 }"), ("pump = 1", "pump = 1")] {
        let child = format!("extends = \"parent.toml\"\n[heat]\n{child}");
        assert_eq!(merged(parent, &child).0, toml(&format!("heat = {{ {heat} }}")));
    }
}

#[test]
fn tables_with_headers_follow_and_lists_in_brackets_replace() {
    let parent = "[[guests]]\ndoors = 1";
    let header = "extends = \"parent.toml\"\n[[guests]]\ndoors = 2";
    assert_eq!(merged(parent, header).0, toml("guests = [{ doors = 1 }, { doors = 2 }]"));
    let brackets = "extends = \"parent.toml\"\nguests = [{ doors = 2 }]";
    assert_eq!(merged(parent, brackets).0, toml("guests = [{ doors = 2 }]"));
}

/// The text of several files, of which the first is read with overlays.
fn with_overlays(files: &[&str], overlays: usize) -> (toml::Value, Vec<Diagnostic>) {
    let folder = tempfile::tempdir().unwrap();
    let path = |number: usize| folder.path().join(format!("{number}.toml"));
    for (number, text) in files.iter().enumerate() {
        std::fs::write(path(number), text).unwrap();
    }
    let mut found = Vec::new();
    let overlays: Vec<PathBuf> = (1..=overlays).map(path).collect();
    let schema = Schema::of::<House>("house");
    let rules = Rules { schema: &schema, spares: cellars, foreign: |_, _| None };
    let tree = read(&path(0), &overlays, &["guests", "extends"], rules, &mut found);
    (tree.map_or(toml::Value::Boolean(false), |tree| tree.to_toml()), found)
}

#[test]
fn several_files_merge_in_their_order_and_the_file_itself_last() {
    let files = [
        "extends = ['1.toml', '2.toml']\n[rooms.a]\ndoors = 9",
        "[rooms.a]\ndoors = 1\ncolour = 'red'\n[rooms.b]\ndoors = 1",
        "[rooms.a]\ndoors = 2\ncolour = 'blue'\n[rooms.b]\ndoors = 2",
    ];
    let all = "[rooms]\na = { doors = 9, colour = 'blue' }\nb = { doors = 2 }";
    assert_eq!(with_overlays(&files, 0).0, toml(all));
}

#[test]
fn a_star_stands_for_every_entry_that_there_is_and_a_name_goes_before_it() {
    let files = [
        "[rooms]\na = { doors = 1, colour = 'red' }\nb = { doors = 1 }",
        "[rooms]\na = { colour = 'green' }\n'*' = { colour = 'blue' }",
        "[rooms.'*']\ndoors = 5",
    ];
    let all = "[rooms]\na = { doors = 5, colour = 'green' }\nb = { doors = 5, colour = 'blue' }";
    let (tree, found) = with_overlays(&files, 2);
    assert!(tree == toml(all) && found.is_empty(), "{tree} {found:?}");
}

#[test]
fn a_star_stands_for_nothing_where_there_is_no_entry() {
    let (tree, found) = with_overlays(&["[heat]\nstove = 3", "[rooms.'*']\ndoors = 5"], 1);
    assert!(tree == toml("rooms = {}\n[heat]\nstove = 3") && found.is_empty(), "{tree} {found:?}");
}

#[test]
fn a_star_leaves_out_what_it_does_not_state_for_an_entry_and_a_name_goes_before_it() {
    let files = [
        "[rooms]\na = { doors = 1, colour = 'red' }\nb = { doors = 2 }\ncellar = {}",
        "[rooms]\na = { colour = 'green' }\n'*' = { colour = 'blue', doors = 5 }",
    ];
    let all =
        "[rooms]\na = { doors = 5, colour = 'green' }\nb = { doors = 5, colour = 'blue' }\ncellar = { doors = 5 }";
    let (tree, found) = with_overlays(&files, 1);
    assert!(tree == toml(all) && found.is_empty(), "{tree} {found:?}");
}

#[test]
fn a_name_that_a_file_adds_and_leaves_incomplete_is_told_by_what_it_is_put_over() {
    let base = "[heat]\nstove = 3\n[rooms.attic]\ndoors = 1\ncolour = 'red'";
    let told = |files: &[&str], overlays: usize| -> Vec<String> {
        let found = with_overlays(files, overlays).1;
        let place = |error: &Diagnostic| error.location().map(|(name, line)| format!("{name}:{line}"));
        found.iter().map(|error| format!("{} | {}", place(error).unwrap_or_default(), error.title)).collect()
    };
    let ends = |told: &[String], ends: &[&str]| {
        told.len() == ends.len() && told.iter().zip(ends).all(|(told, end)| told.ends_with(end))
    };
    let typo = "extends = '1.toml'\n[rooms.atic]\ndoors = 2";
    let one = told(&[typo, base], 0);
    assert!(ends(&one, &["0.toml:2 | 1.toml has no rooms `atic`"]), "{one:?}");
    // The file that extends it adds another one; a third one that both make up is whole.
    let middle = "extends = '2.toml'\n[rooms]\natic = { doors = 2 }\ncellar = { doors = 3 }";
    let last = "extends = '1.toml'\n[rooms]\nattik = { colour = 'red' }\ncellar = { colour = 'blue' }";
    let both = told(&[last, middle, base], 0);
    let wanted = ["0.toml:3 | 1.toml has no rooms `attik`", "1.toml:3 | 2.toml has no rooms `atic`"];
    assert!(ends(&both, &wanted), "{both:?}");
    // Of several files the later ones add to the earlier ones, and what `*` states moves no entry.
    let several = told(&["extends = ['1.toml', '2.toml']", base, "[rooms]\natic = { doors = 2 }"], 0);
    assert!(ends(&several, &["2.toml:2 | 1.toml has no rooms `atic`"]), "{several:?}");
    let child = "extends = '2.toml'\n[rooms.atic]\ndoors = 2";
    let every = told(&[child, "[rooms.'*']\ndoors = 4", base], 1);
    assert!(ends(&every, &["0.toml:2 | 2.toml has no rooms `atic`"]), "{every:?}");
}

#[test]
fn an_error_in_an_overlay_is_located_there() {
    let base = "[rooms.a]\ndoors = 1";
    for (overlay, title) in
        [("[rooms.a]\nguests = 3\n", ""), ("\nguests = []", "`guests` is no overlay"), ("x =", "TOML")]
    {
        let (_, found) = with_overlays(&[base, overlay], 1);
        let [error] = &found[..] else {
            assert!(title.is_empty(), "{found:?}");
            continue;
        };
        let (name, line) = error.location().unwrap();
        assert!(error.title.contains(title) && name.ends_with("1.toml") && line > 0, "{error:?}");
    }
}

#[test]
fn rings_and_missing_files_are_errors_at_the_line_that_names_the_file() {
    for (parent, child, title) in [
        ("extends = \"child.toml\"", "extends = \"parent.toml\"", "in a ring"),
        ("", "\nextends = \"parents.toml\"", "there is no file"),
        ("", "\nextends = \"\"", "the name of the file is empty"),
        ("", "extends = \"parent.toml\"", "the file is empty"),
    ] {
        let (_, found) = merged(parent, child);
        let [error] = &found[..] else { panic!("{found:?}") };
        assert!(error.title.contains(title) && error.location().is_some(), "{error:?}");
    }
}
