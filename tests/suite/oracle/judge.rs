//! The judgement of a whole run: every claim, every sentence, and what was left out.

use super::evidence::Evidence;
use super::{check, omitted, outside, printed, thresholds};

/// Everything that is wrong with what a run says; nothing if all of it is true.
pub fn faults(evidence: &Evidence) -> Vec<String> {
    let mut found = Vec::new();
    for sentence in evidence.sentences() {
        let said = shown(sentence);
        let mut fault = |what: String| found.push(format!("{what}\n    in: {said}"));
        if let Err(why) = outside::decide(evidence, sentence) {
            fault(why);
        }
        let claims = sentence["claims"].as_array().map(Vec::as_slice).unwrap_or_default();
        for claim in claims {
            for decided in [check::decide(evidence, claim, claims), printed::decide(evidence, claim)] {
                if let Err(why) = decided {
                    fault(format!("{why}\n    claim: {claim}"));
                }
            }
        }
    }
    found.extend(omitted::omissions(evidence));
    found.extend(thresholds::faults(evidence));
    found
}

/// A sentence with the texts of its claims in their places.
pub fn shown(sentence: &serde_json::Value) -> String {
    let mut text = sentence["text"].as_str().unwrap_or_default().to_owned();
    for (index, claim) in sentence["claims"].as_array().into_iter().flatten().enumerate() {
        text = text.replacen(&format!("{{{index}}}"), claim["text"].as_str().unwrap_or_default(), 1);
    }
    text
}
