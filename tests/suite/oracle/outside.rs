//! The rule of sentences: outside of claims stand no digit, no name, and no word that only a claim can decide.

use serde_json::Value as Json;

use super::check::Decided;
use super::evidence::Evidence;
use super::table::Scope;

/// Words that assert more than may be taken on trust, with the kinds of claims that decide them.
const DECIDED: &[(&str, &[&str])] = &[
    ("no", &["none"]),
    ("not", &["none", "not_over", "few_after"]),
    ("all", &[]),
    ("any", &[]),
    ("only", &[]),
    ("never", &[]),
    ("always", &[]),
    ("most", &["most"]),
    ("every", &[]),
    ("each", &[]),
    ("nobody", &["none"]),
    ("nothing", &["none"]),
    ("none", &["none"]),
    ("everybody", &[]),
    ("bottleneck", &["cause"]),
    ("full", &["cause"]),
    ("over", &["over", "not_over", "few_after"]),
    ("worst", &["worst"]),
    ("throughout", &["steady"]),
    ("half", &[]),
    ("twice", &[]),
    ("both", &[]),
];

/// Decides whether a sentence asserts something that none of its claims decides.
///
/// # Errors
/// What it asserts.
pub fn decide(evidence: &Evidence, sentence: &Json) -> Decided {
    let text = sentence["text"].as_str().ok_or("a sentence without `text`")?;
    let claims: Vec<&Json> = sentence["claims"].as_array().into_iter().flatten().collect();
    let mut outside = text.to_owned();
    for index in 0..claims.len() {
        let slot = format!("{{{index}}}");
        if outside.matches(&slot).count() != 1 {
            return Err(format!("`{text}` has no single place for claim {index}"));
        }
        outside = outside.replace(&slot, " \u{0} ");
    }
    if let Some(letter) = outside.chars().find(|letter| letter.is_numeric() || "{}%".contains(*letter)) {
        return Err(format!("`{letter}` stands outside of the claims of `{text}`"));
    }
    let words: Vec<String> = outside.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase).collect();
    for (word, kinds) in DECIDED.iter().filter(|(word, _)| words.iter().any(|known| known == word)) {
        if !claims.iter().any(|claim| kinds.iter().any(|kind| claim["kind"] == *kind)) {
            return Err(format!("nothing decides the word `{word}` of `{text}`"));
        }
    }
    kept_back(evidence, text, &claims)?;
    match names(evidence).into_iter().find(|name| holds(&outside, name)) {
        Some(name) => Err(format!("the name `{name}` stands outside of the claims of `{text}`")),
        None => Ok(()),
    }
}

/// What clients kept back no pool loses: the part of a pool is one of what was sent.
fn kept_back(evidence: &Evidence, text: &str, claims: &[&Json]) -> Decided {
    let is_part = |claim: &&&Json| claim["kind"] == "part" && claim["whole"] == "pools" && claim["column"] == "errors";
    if claims.iter().find(is_part).is_none() {
        return Ok(());
    }
    let sum = |column: &str| evidence.table.sum(&Scope::default(), column, &evidence.frame.range).unwrap_or(0.0);
    let (kept, says) = (sum("refused") / sum("errors"), text.contains("that were sent"));
    match () {
        () if kept >= 0.0101 && !says => Err(format!("`{text}` takes what clients kept back for sent, {kept} of it")),
        () if says && kept <= 0.0 => Err(format!("`{text}` tells sent attempts from others, and there are none")),
        () => Ok(()),
    }
}

/// Whether a text holds a name as a word of its own.
fn holds(text: &str, name: &str) -> bool {
    let part = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || "-_".contains(letter));
    text.match_indices(name)
        .any(|(at, _)| !part(text[..at].chars().next_back()) && !part(text[at + name.len()..].chars().next()))
}

/// The names of a scenario that are no words which any sentence may need.
fn names(evidence: &Evidence) -> Vec<String> {
    let spec = evidence.scenario.spec();
    let table = &evidence.table;
    let keys = ["region", "pool", "request"].into_iter().flat_map(|kind| table.names(kind)).map(str::to_owned);
    let others = spec.client.keys().chain(spec.audience.keys()).cloned();
    let labels = spec.region.values().map(|region| region.label.clone());
    let known = |name: &String| !name.is_empty() && !ENGLISH.contains(&name.as_str());
    keys.chain(others)
        .chain(labels)
        .chain([evidence.scenario.name().to_owned(), spec.title.clone()])
        .filter(known)
        .collect()
}

/// Names that scenarios give and that are words of sentences too.
const ENGLISH: &[&str] = &[
    "a", "viewers", "people", "request", "requests", "server", "servers", "service", "pool", "queue", "link", "stream",
    "streams", "wait", "first", "start", "it", "in", "is", "at", "be", "game", "play",
];
