//! `manifest.json`: what made these files, so that they can be made again, and proof that they are unchanged.
//!
//! It is written last. A folder without it was cut short.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::files::Written;
use super::{Context, summary};
use crate::measure::Figures;

/// Name of the file.
pub const FILE: &str = "manifest.json";

/// SHA-256 in hexadecimal, as `sha256sum` prints it.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The digest of the results: of `intervals.csv`, then of the summary without the time on the wall. Two runs have the
/// same results just when they have the same digest.
pub fn results_digest(intervals: &[u8], summary_without_wall: &Value) -> String {
    let mut hash = Sha256::new();
    // The length keeps a byte that moves from one file to the other from going unseen.
    hash.update((intervals.len() as u64).to_le_bytes());
    hash.update(intervals);
    hash.update(summary::bytes(summary_without_wall));
    hex(&hash.finalize())
}

/// The bytes of the file.
pub fn bytes(context: &Context<'_>, figures: &Figures, digest: &str, files: &[Written], resolved: &str) -> Vec<u8> {
    let files: Vec<Value> = files.iter().map(entry).collect();
    summary::bytes(&json!({
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
    }))
}

/// One file. The summary holds the time on the wall, which differs from run to run, so `digest` stands for it.
pub(super) fn entry(file: &Written) -> Value {
    if file.name == summary::FILE {
        return json!({ "name": file.name });
    }
    json!({ "name": file.name, "bytes": file.bytes, "sha256": file.sha256 })
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
