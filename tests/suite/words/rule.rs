//! The rule of sentences: outside of claims stand no number, no name, and no word that only a claim can decide.

use dropstorm::report::words::claim::{Fact, Lasting};
use dropstorm::report::words::phrase::Sentence;

/// Words that assert more than a reader may take on trust.
const DECIDED: &[&str] = &[
    "no",
    "not",
    "all",
    "any",
    "only",
    "never",
    "always",
    "most",
    "every",
    "each",
    "nobody",
    "nothing",
    "none",
    "everybody",
    "bottleneck",
    "full",
    "over",
    "worst",
    "throughout",
    "half",
    "twice",
    "nearly",
    "about",
    "almost",
    "hardly",
    "within",
    "above",
];

/// Whether a claim of this kind decides a word that stands outside of it.
fn decides(fact: &Fact, word: &str) -> bool {
    match fact {
        Fact::Nothing(_) => matches!(word, "no" | "nobody" | "nothing" | "none" | "not"),
        Fact::Most { .. } => word == "most",
        Fact::Cause { .. } => word == "full",
        Fact::Over { .. } => word == "over",
        Fact::NotOver(_) | Fact::FewAfter(_) => matches!(word, "over" | "not"),
        Fact::Worst { .. } => word == "worst",
        Fact::Stuck { .. } => word == "within",
        Fact::Steady { level, .. } => word == "throughout" || word == *level,
        Fact::Length { of: Lasting::Above { .. }, .. } => word == "above",
        _ => false,
    }
}

/// What a sentence says outside of its claims though it must not.
pub fn broken(sentence: &Sentence) -> Vec<String> {
    let mut outside = sentence.text.clone();
    for index in 0..sentence.claims.len() {
        outside = outside.replacen(&format!("{{{index}}}"), " | ", 1);
    }
    let mut broken: Vec<String> = outside.chars().filter(char::is_ascii_digit).map(String::from).collect();
    broken.extend(outside.chars().filter(|letter| "{}%".contains(*letter)).map(String::from));
    let words = outside.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase);
    let undecided = |word: &String| {
        DECIDED.contains(&word.as_str()) && !sentence.claims.iter().any(|claim| decides(&claim.fact, word))
    };
    broken.extend(words.filter(undecided));
    broken
}

#[test]
fn a_sentence_that_asserts_without_a_claim_is_found_out() {
    let of = |text: &str| broken(&Sentence { text: text.to_owned(), claims: Vec::new() });
    assert_eq!(of("Attempts fail."), Vec::<String>::new());
    assert_eq!(of("Nothing fails in 3 regions, 40%"), ["3", "4", "0", "%", "nothing"]);
}
