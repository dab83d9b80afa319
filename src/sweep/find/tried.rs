//! The values that a search has tried, as the bytes of a file from which it goes on after a stop.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::outline::hex;
use super::decide::{Bottleneck, Trial, Verdict, identity};
use super::search::{FindError, Search};

/// A value that was tried. Numbers are kept as their bits, which no text rounds.
#[derive(Serialize, Deserialize)]
struct Kept {
    base: u64,
    identity: u64,
    mean: u64,
    low: u64,
    high: u64,
    n: u64,
    verdict: Verdict,
    bottleneck: Option<(String, u64)>,
}

/// SHA-256 of everything that decides what is found at the values of a search: the scenario, the question and the version.
///
/// # Errors
/// Only if a file that the scenario names has changed since the question was asked.
pub fn question(search: &Search) -> Result<String, FindError> {
    let mut hash = Sha256::new();
    let condition = &search.condition;
    for text in [env!("CARGO_PKG_VERSION"), &search.scenario.resolved(), &search.values.path, &condition.text] {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    for end in search.values.ends() {
        hash.update(end.to_bits().to_le_bytes());
        // Files of data stand in the scenario by their names alone, and in a model as they are.
        hash.update(identity(search, end)?.to_le_bytes());
    }
    for count in [search.first, search.at_most] {
        hash.update(count.to_le_bytes());
    }
    Ok(hex(&hash.finalize()))
}

/// The file of some values that were tried, which begins with a checksum.
pub fn bytes(question: &str, trials: &[Trial]) -> Vec<u8> {
    let kept: Vec<Kept> = trials.iter().map(Kept::of).collect();
    // A list of numbers and names has a form in JSON.
    let list = serde_json::to_string(&kept).unwrap_or_default();
    format!("{}\n{list}\n", checksum(question, &list)).into_bytes()
}

/// The values that a file holds; `None` if it belongs to another question or is damaged.
pub fn read(search: &Search, question: &str, bytes: &[u8]) -> Option<Vec<Trial>> {
    let (sum, list) = std::str::from_utf8(bytes).ok()?.split_once('\n')?;
    let list = list.strip_suffix('\n')?;
    if sum != checksum(question, list) {
        return None;
    }
    let kept: Vec<Kept> = serde_json::from_str(list).ok()?;
    Some(kept.into_iter().map(|one| one.trial(search)).collect())
}

fn checksum(question: &str, list: &str) -> String {
    hex(&Sha256::new().chain_update(question).chain_update(list).finalize())
}

impl Kept {
    fn of(trial: &Trial) -> Kept {
        let Trial { mean, low, high, n, verdict, bottleneck, base, identity, .. } = trial;
        let bottleneck = bottleneck.as_ref().map(|found| (found.pool.clone(), found.runs));
        let [base, mean, low, high] = [base, mean, low, high].map(|value| value.to_bits());
        Kept { base, identity: *identity, mean, low, high, n: *n, verdict: *verdict, bottleneck }
    }

    fn trial(self, search: &Search) -> Trial {
        let Kept { identity, n, verdict, bottleneck, .. } = self;
        let [base, mean, low, high] = [self.base, self.mean, self.low, self.high].map(f64::from_bits);
        let bottleneck = bottleneck.map(|(pool, runs)| Bottleneck { pool, runs });
        Trial { setting: search.values.setting(base), mean, low, high, n, verdict, bottleneck, base, identity }
    }
}
