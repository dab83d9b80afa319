//! The layers of the house: this table is the only statement of who imports whom.

use super::paths::{self, from_the_root};
use super::source::house;

/// Each layer with the layers that it imports: only such as stand above it, and not all of those.
const LAYERS: &[(&str, &str)] = &[
    // Files, locks and terminals: what the operating system gives and takes.
    ("system", ""),
    ("units", ""),
    ("vocabulary", "units"),
    ("random", "units"),
    ("document", "system units vocabulary random"),
    ("policy", "units vocabulary random document"),
    ("scenario", "system units vocabulary document policy"),
    ("model", "units vocabulary random document policy scenario"),
    // Records and adds up, whatever the scenario.
    ("measure", "units vocabulary"),
    ("engine", "units vocabulary random policy model measure"),
    // From figures alone, so that sweeps can analyse what they stored.
    ("analysis", "units vocabulary measure"),
    ("experiment", "units vocabulary model measure engine analysis"),
    ("sweep", "system units vocabulary random document scenario model measure engine analysis experiment"),
    // Puts figures into words and pictures, without running anything.
    ("report", "system units vocabulary document scenario model measure analysis experiment sweep"),
];

/// What ties the layers together: the root of the library, and the binary, which imports any layer.
const ROOTS: &[&str] = &["lib", "main", "cli"];

/// The first part of a path below `src/`: a folder, or the file of a layer.
fn layer(in_src: &str) -> &str {
    in_src.split(['/', '.']).next().unwrap_or_default()
}

#[test]
fn every_arrow_of_the_table_leads_up() {
    for (index, (name, imports)) in LAYERS.iter().enumerate() {
        let above: Vec<&str> = LAYERS[..index].iter().map(|(above, _)| *above).collect();
        let wrong: Vec<_> = imports.split_whitespace().filter(|import| !above.contains(import)).collect();
        assert!(wrong.is_empty(), "`{name}` is to import {wrong:?}, which do not stand above it");
    }
}

#[test]
fn no_layer_imports_what_the_table_does_not_grant_it() {
    let mut wrong = Vec::new();
    for source in house() {
        let own = layer(source.in_src());
        if ROOTS.contains(&own) {
            continue;
        }
        let Some((_, granted)) = LAYERS.iter().find(|(name, _)| *name == own) else {
            wrong.push(format!("{} belongs to no layer", source.file));
            continue;
        };
        let starts = ["crate", "super", "dropstorm"];
        for named in paths::beginning_with(&source.code, &starts) {
            let path = from_the_root(&source.module(), &named.parts);
            let other = path.first().map_or("the root of the library", String::as_str);
            if other != own && granted.split_whitespace().all(|layer| layer != other) {
                wrong.push(format!("{} imports {}", source.file, named.parts.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} arrows that the table does not grant:\n{}", wrong.len(), wrong.join("\n"));
}
