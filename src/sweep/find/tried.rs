//! The values that a search has tried, and the runs of the value under way, as the bytes of a file from which it goes on after a
//! stop.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::outline::hex;
use super::Tried;
use super::decide::{Begun, Bottleneck, Trial, Verdict, identity};
use super::search::{FindError, Search};

/// Contents of the file of trials.
#[derive(Serialize, Deserialize)]
struct File {
    trials: Vec<Kept>,
    begun: Option<Runs>,
}

/// The runs of a value that is not decided, with its number and the figures as their bits.
#[derive(Serialize, Deserialize)]
struct Runs {
    base: u64,
    figures: Vec<u64>,
    bottlenecks: Vec<u64>,
}

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

/// The file of what was tried, which begins with a checksum.
pub fn bytes(question: &str, trials: &[Trial], begun: Option<&Begun>) -> Vec<u8> {
    let file = File { trials: trials.iter().map(Kept::of).collect(), begun: begun.map(Runs::of) };
    // Lists of numbers and names have a form in JSON.
    let text = serde_json::to_string(&file).unwrap_or_default();
    format!("{}\n{text}\n", checksum(question, &text)).into_bytes()
}

/// Trials of a file; `None` if it belongs to another question or is damaged.
pub fn read(search: &Search, question: &str, bytes: &[u8]) -> Option<Tried> {
    let (sum, text) = std::str::from_utf8(bytes).ok()?.split_once('\n')?;
    let text = text.strip_suffix('\n')?;
    if sum != checksum(question, text) {
        return None;
    }
    let file: File = serde_json::from_str(text).ok()?;
    let trials = file.trials.into_iter().map(|one| one.trial(search)).collect();
    let pools = search.scenario.spec().pool.len();
    let begun = file.begun.filter(|runs| runs.bottlenecks.len() == pools).map(Runs::begun);
    Some(Tried { trials, begun })
}

fn checksum(question: &str, list: &str) -> String {
    hex(&Sha256::new().chain_update(question).chain_update(list).finalize())
}

impl Runs {
    fn of(begun: &Begun) -> Runs {
        let figures = begun.figures.iter().map(|figure| figure.to_bits()).collect();
        Runs { base: begun.base.to_bits(), figures, bottlenecks: begun.bottlenecks.clone() }
    }

    fn begun(self) -> Begun {
        let figures = self.figures.into_iter().map(f64::from_bits).collect();
        Begun { base: f64::from_bits(self.base), figures, bottlenecks: self.bottlenecks }
    }
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
