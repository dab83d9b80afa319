//! Circles of imports: files that lead to each other can be read, tested and moved only together.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{self, Named, from_the_root};
use super::source::house;

/// A path from the root of the crate, part by part.
type Path = Vec<String>;

/// The modules of the crate, each with every path that its code names.
fn modules() -> BTreeMap<Path, Vec<Named>> {
    let sources: Vec<_> = house().into_iter().filter(|source| source.in_src() != "main.rs").collect();
    let all: Vec<Path> = sources.iter().map(|source| source.module()).collect();
    let named = sources.iter().zip(&all).map(|(source, own)| {
        let below = all.iter().filter(|other| other.len() == own.len() + 1 && other.starts_with(own));
        let starts: Vec<&str> = ["crate", "super", "self"].into_iter().chain(below.map(|path| last(path))).collect();
        let mut named = paths::beginning_with(&source.code, &starts);
        named.iter_mut().for_each(|named| named.parts = from_the_root(own, &named.parts));
        (own.clone(), named)
    });
    named.collect()
}

fn last(path: &[String]) -> &str {
    path.last().map(String::as_str).unwrap_or_default()
}

/// Each module with the other modules that define a name which it uses.
fn arrows(modules: &BTreeMap<Path, Vec<Named>>) -> BTreeMap<Path, BTreeSet<Path>> {
    let all = modules.iter().flat_map(|(module, paths)| paths.iter().map(move |named| (module, named)));
    // Where a name comes from that a module hands on as its own.
    let handed_on = all.filter(|(_, named)| named.handed_on);
    let sources: BTreeMap<Path, &Path> = handed_on
        .map(|(module, named)| ([module.as_slice(), &[last(&named.parts).to_owned()]].concat(), &named.parts))
        .collect();
    let arrow = |(module, paths): (&Path, &Vec<Named>)| {
        let used = paths.iter().filter(|named| !named.handed_on);
        let homes = used.map(|named| home(&named.parts, modules, &sources)).filter(|home| home != module);
        (module.clone(), homes.collect())
    };
    modules.iter().map(arrow).collect()
}

/// The module that defines what a path names.
fn home(path: &[String], modules: &BTreeMap<Path, Vec<Named>>, sources: &BTreeMap<Path, &Path>) -> Path {
    let length = (0..=path.len()).rev().find(|length| modules.contains_key(&path[..*length])).unwrap_or(0);
    match path.get(..=length).and_then(|name| sources.get(name)) {
        Some(source) => home(source, modules, sources),
        None => path[..length].to_vec(),
    }
}

/// The sets of modules of which each leads to all others of its set.
fn circles(arrows: &BTreeMap<Path, BTreeSet<Path>>) -> BTreeSet<Vec<&Path>> {
    let reached: BTreeMap<&Path, BTreeSet<&Path>> = arrows.keys().map(|from| (from, reached(from, arrows))).collect();
    let together = |one: &Path, other: &Path| reached[one].contains(other) && reached[other].contains(one);
    let circle = |one: &Path| arrows.keys().filter(|other| together(one, other)).collect::<Vec<_>>();
    arrows.keys().map(circle).filter(|circle| circle.len() > 1).collect()
}

/// The modules to which the arrows lead from one.
fn reached<'a>(from: &'a Path, arrows: &'a BTreeMap<Path, BTreeSet<Path>>) -> BTreeSet<&'a Path> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        open.extend(arrows[at].iter().filter(|next| seen.insert(*next)));
    }
    seen
}

#[test]
fn no_files_import_each_other() {
    let arrows = arrows(&modules());
    let found: Vec<Vec<String>> =
        circles(&arrows).iter().map(|circle| circle.iter().map(|path| path.join("/")).collect()).collect();
    assert!(found.is_empty(), "{} circles of imports:\n{}", found.len(), shown(&found, &arrows));
}

/// Each circle with the arrows within it.
fn shown(circles: &[Vec<String>], arrows: &BTreeMap<Path, BTreeSet<Path>>) -> String {
    let within = |circle: &Vec<String>, file: &String| {
        let key: Path = file.split('/').map(str::to_owned).collect();
        let to = arrows[&key].iter().map(|path| path.join("/")).filter(|other| circle.contains(other));
        format!("    {file} -> {}\n", to.collect::<Vec<_>>().join(" "))
    };
    let lines = |circle: &Vec<String>| circle.iter().map(|file| within(circle, file)).collect::<String>();
    circles.iter().map(|circle| format!("  a circle of {}:\n{}", circle.len(), lines(circle))).collect()
}

#[test]
fn a_circle_is_found_and_a_line_is_none() {
    let path = |name: &str| vec![name.to_owned()];
    let arrow = |(from, to): (&str, &[&str])| (path(from), to.iter().map(|name| path(name)).collect());
    let arrows: BTreeMap<Path, BTreeSet<Path>> =
        [("a", &["b"] as &[&str]), ("b", &["c"]), ("c", &["b", "d"]), ("d", &[])].into_iter().map(arrow).collect();
    assert_eq!(circles(&arrows), BTreeSet::from([vec![&path("b"), &path("c")]]));
}
