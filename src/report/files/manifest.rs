//! `manifest.json`: what made the files of a folder, so that they can be made again, and proof that they are unchanged.
//!
//! The manifest is written last. A folder without a manifest was cut short.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Written, summary};
use crate::measure::Figures;
use crate::report::several::Several;
use crate::report::words::phrase::Sentence;
use crate::report::{Context, Subject};
use crate::sweep::{Outline, Replications, Search};

/// Name of the file.
pub const FILE: &str = "manifest.json";

/// SHA-256 in hexadecimal, as `sha256sum` prints it.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The digest of the results: of `intervals.csv`, then of the summary. Two runs have the same
/// results just when they have the same digest.
pub fn results_digest(intervals: &[u8], tree: &Value) -> String {
    let mut hash = Sha256::new();
    // The length keeps a byte that moves from one file to the other from going unseen.
    hash.update((intervals.len() as u64).to_le_bytes());
    hash.update(intervals);
    hash.update(summary::bytes(tree));
    hex(&hash.finalize())
}

/// The bytes of the file of a run.
pub fn bytes(context: &Context<'_>, figures: &Figures, digest: &str, files: &[Written], resolved: &str) -> Vec<u8> {
    let files: Vec<Value> = files.iter().map(entry).collect();
    let mut tree = json!({
        "program": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": context.name,
        "title": context.spec.title,
        "seed": context.seed,
        "replications": figures.replications,
        "scale": context.scale,
        "digest": digest,
        "files": files,
        "resolved": resolved,
    });
    if context.partial_until_s.is_some() {
        tree["partial"] = true.into();
    }
    summary::bytes(&tree)
}

/// The bytes of the file of a sweep.
pub fn of_sweep(
    outline: &Outline,
    units: u64,
    digest: &str,
    titles: &[(String, Sentence)],
    written: &[Written],
) -> Vec<u8> {
    let parameters: Vec<Value> = outline.parameters().map(|parameter| json!(parameter)).collect();
    let (baseline, is) = outline.baseline();
    let values = outline.settings(baseline);
    let baseline_values: serde_json::Map<String, Value> = outline
        .parameters()
        .zip(&values)
        .flat_map(|(parameter, values)| parameter.paths.iter().zip(values))
        .map(|(path, setting)| (path.clone(), json!(setting.text)))
        .collect();
    let replications = match outline.replications() {
        Replications::Fixed(count) => json!(count),
        Replications::Until(until) => json!(until),
    };
    summary::bytes(&json!({
        "program": env!("CARGO_PKG_NAME"),
        "version": outline.version(),
        "sweep": outline.name(),
        "title": outline.title(),
        "description": outline.description(),
        "scenario": outline.scenario(),
        "seed": outline.seed(),
        "scale": outline.scale(),
        "points": outline.points(),
        "replications": replications,
        "units": units,
        "parameters": parameters,
        "sample": outline.sample(),
        "baseline": { "point": baseline, "is": is, "values": baseline_values },
        "plan": outline.digest(),
        "digest": digest,
        "titles": titles.iter().map(|(chart, title)| (chart.clone(), json!(title))).collect::<Map<String, Value>>(),
        "files": written.iter().map(entry).collect::<Vec<_>>(),
        "resolved": outline.resolved(),
    }))
}

/// The bytes of the file of a search for the cheapest combination of levers.
pub fn of_search(outline: &Outline, (chart, told): (&str, &[Sentence]), digest: &str, written: &[Written]) -> Vec<u8> {
    summary::bytes(&json!({
        "program": env!("CARGO_PKG_NAME"),
        "version": outline.version(),
        "search": outline.name(),
        "title": outline.title(),
        "description": outline.description(),
        "scenario": outline.scenario(),
        "seed": outline.seed(),
        "scale": outline.scale(),
        "combinations": outline.points(),
        "answer": shown(told),
        "verdict": told,
        "titles": { chart: told.first() },
        "plan": outline.digest(),
        "digest": digest,
        "files": written.iter().map(entry).collect::<Vec<_>>(),
        "resolved": outline.resolved(),
    }))
}

/// The bytes of the file of a search over one setting.
pub fn of_find(search: &Search, (chart, told): (&str, &[Sentence]), digest: &str, written: &[Written]) -> Vec<u8> {
    let scenario = search.scenario();
    summary::bytes(&json!({
        "program": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": scenario.name(),
        "title": scenario.spec().title,
        "seed": scenario.spec().seed,
        "scale": search.scale(),
        "setting": search.path(),
        "ends": search.ends().map(|end| end.text),
        "condition": search.condition().text,
        "answer": shown(told),
        "verdict": told,
        "titles": { chart: told.first() },
        "digest": digest,
        "files": written.iter().map(entry).collect::<Vec<_>>(),
    }))
}

/// The bytes of the file of a comparison, whose scenarios have folders and manifests of their own.
pub fn of_comparison(several: &Several<'_>, written: &[Written]) -> Vec<u8> {
    let scenario = |subject: &Subject<'_>| json!({ "scenario": subject.context.name, "seed": subject.context.seed });
    summary::bytes(&json!({
        "program": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "scenarios": several.subjects.iter().map(scenario).collect::<Vec<_>>(),
        "replications": several.comparison.replications,
        "files": written.iter().map(entry).collect::<Vec<_>>(),
    }))
}

/// Sentences as a person reads them.
fn shown(told: &[Sentence]) -> Vec<String> {
    told.iter().map(Sentence::shown).collect()
}

/// One file, with the checksum of its content.
fn entry(file: &Written) -> Value {
    json!({ "name": file.name, "bytes": file.bytes, "sha256": file.sha256 })
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
