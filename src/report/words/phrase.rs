//! Phrases and sentences: fixed words with claims between them.
//!
//! Words outside of claims are literals of the program, so no number and no name gets into a sentence without a claim.

use schemars::JsonSchema;
use serde::Serialize;

use super::claim::{Claim, Fact, Named};
use crate::report::numbers::capital;

/// A sentence or a title with its claims.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Sentence {
    /// The words; `{0}` stands for the text of the first claim, `{1}` for that of the second, and so on.
    pub text: String,
    /// The claims.
    pub claims: Vec<Claim>,
}

impl Sentence {
    /// The number with which a key figure begins, and the words after it.
    pub fn number_and_words(&self) -> (String, String) {
        let number = self.claims.first().map(|claim| claim.text.clone()).unwrap_or_default();
        let shown = self.shown();
        // A moment is a number up to what it is counted from, and one of some replications up to how many they are.
        let end = [" after ", " before ", " in "].into_iter().find_map(|word| number.find(word));
        let number = end.map_or(number.as_str(), |end| &number[..end]).to_owned();
        let words = shown.strip_prefix(number.as_str()).unwrap_or(&shown).trim_start().to_owned();
        (number, words)
    }

    /// The sentence as a person reads it.
    pub fn shown(&self) -> String {
        let mut shown = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            shown.push_str(before);
            let (number, after) = after.split_once('}').unwrap_or((after, ""));
            let claim = number.parse().ok().and_then(|index: usize| self.claims.get(index));
            shown.extend(claim.map(|claim| claim.text.as_str()));
            rest = after;
        }
        shown.push_str(rest);
        shown
    }
}

/// A part of a phrase.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Words(&'static str),
    Claim(Claim),
}

/// Words and claims, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phrase(Vec<Piece>);

impl Phrase {
    /// The phrase followed by words, a claim, or another phrase.
    #[must_use]
    pub fn then(mut self, more: impl Into<Phrase>) -> Phrase {
        self.0.extend(more.into().0);
        self
    }

    /// The phrases with `between` before each but the first and the last, and `last` before the last.
    pub fn join(phrases: impl IntoIterator<Item = Phrase>, between: &'static str, last: &'static str) -> Phrase {
        let phrases: Vec<Phrase> = phrases.into_iter().collect();
        let count = phrases.len();
        let mut joined = Phrase::default();
        for (index, phrase) in phrases.into_iter().enumerate() {
            let before = match index {
                0 => "",
                index if index + 1 == count => last,
                _ => between,
            };
            joined = joined.then(before).then(phrase);
        }
        joined
    }

    /// Number of words as a person reads them.
    pub fn words(&self) -> usize {
        let text = self.0.iter().map(|piece| match piece {
            Piece::Words(words) => words,
            Piece::Claim(claim) => claim.text.as_str(),
        });
        text.collect::<String>().split_whitespace().count()
    }

    /// Whether the phrase claims anything.
    pub fn has_claims(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Claim(_)))
    }

    /// Whether the phrase says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The phrase as a sentence: a capital first, a full stop last.
    pub fn sentence(self) -> Sentence {
        self.then(".").title()
    }

    /// The phrase as a title: a capital first. A name stays as its user wrote it; before one with a small letter stands what it names.
    pub fn title(self) -> Sentence {
        let mut sentence = Sentence { text: String::new(), claims: Vec::new() };
        let whole = match self.kind_of_first_name() {
            Some(kind) => Phrase::from(kind).then(self),
            None => self,
        };
        for (index, piece) in whole.0.into_iter().enumerate() {
            match piece {
                Piece::Words(words) if index == 0 => sentence.text.push_str(&capital(words)),
                Piece::Words(words) => sentence.text.push_str(words),
                Piece::Claim(mut claim) => {
                    if index == 0 && !matches!(claim.fact, Fact::Name { .. } | Fact::Most { .. }) {
                        claim.text = capital(&claim.text);
                    }
                    sentence.text.push_str(&format!("{{{}}}", sentence.claims.len()));
                    sentence.claims.push(claim);
                }
            }
        }
        sentence
    }

    /// Word for what the names are with which the phrase begins: `pool `, or `pools ` where another name follows in a list; `None` where
    /// no name stands there, or one that begins with a capital.
    fn kind_of_first_name(&self) -> Option<&'static str> {
        let named = |at: usize| match self.0.get(at) {
            Some(Piece::Claim(Claim { text, fact: Fact::Name { of, .. } })) => Some((text, of)),
            _ => None,
        };
        let (name, of) = named(0)?;
        let lists = matches!(self.0.get(1), Some(Piece::Words(", " | " and ")));
        let are_many = lists && named(2).is_some_and(|(_, other)| other == of);
        let kind = match (of, are_many) {
            (Named::Pool, false) => "pool ",
            (Named::Pool, true) => "pools ",
            (Named::Request, false) => "request ",
            (Named::Request, true) => "requests ",
            (Named::Region, false) => "region ",
            (Named::Region, true) => "regions ",
            (Named::Client, false) => "client ",
            (Named::Client, true) => "clients ",
            (Named::Outcome | Named::Scenario | Named::Metric | Named::Setting, _) => return None,
        };
        name.chars().next().is_some_and(char::is_lowercase).then_some(kind)
    }
}

impl From<&'static str> for Phrase {
    fn from(words: &'static str) -> Phrase {
        Phrase(if words.is_empty() { Vec::new() } else { vec![Piece::Words(words)] })
    }
}

impl From<Claim> for Phrase {
    fn from(claim: Claim) -> Phrase {
        Phrase(vec![Piece::Claim(claim)])
    }
}

impl From<Option<Phrase>> for Phrase {
    fn from(phrase: Option<Phrase>) -> Phrase {
        phrase.unwrap_or_default()
    }
}

/// A phrase of words, claims and phrases.
macro_rules! phrase {
    ($($piece:expr),* $(,)?) => {
        $crate::report::words::phrase::Phrase::default()$(.then($piece))*
    };
}

pub(crate) use phrase;

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Claim {
        Claim { text: name.to_owned(), fact: Fact::Name { name: name.to_owned(), of: Named::Pool } }
    }

    #[test]
    fn a_sentence_has_a_capital_a_full_stop_and_its_claims_in_order() {
        let sentence = phrase!["pool ", name("{1} api"), " fills before ", name("login")].sentence();
        assert_eq!(sentence.text, "Pool {0} fills before {1}.");
        assert_eq!(sentence.shown(), "Pool {1} api fills before login.");
    }

    #[test]
    fn a_name_in_small_letters_begins_no_sentence() {
        let begun = |phrase: Phrase| phrase.title().shown();
        assert_eq!(begun(phrase![name("api"), " fills"]), "Pool api fills");
        assert_eq!(begun(phrase![name("api"), " and ", name("db"), " fill"]), "Pools api and db fill");
        assert_eq!(begun(phrase![name("API"), " fills"]), "API fills");
    }

    #[test]
    fn phrases_are_joined_as_a_person_lists_them() {
        let list = |names: &[&str]| Phrase::join(names.iter().map(|it| name(it).into()), ", ", " and ").title().shown();
        assert_eq!(list(&["A", "b", "c"]), "A, b and c");
        assert_eq!((list(&["A"]), list(&[])), ("A".to_owned(), String::new()));
        assert!(phrase![""].is_empty());
    }

    #[test]
    fn a_claim_in_json_has_its_kind_beside_its_figures() {
        let json = serde_json::to_value(phrase![name("API")].title()).unwrap();
        let claims = serde_json::json!([{ "text": "API", "kind": "name", "name": "API", "of": "pool" }]);
        assert_eq!(json, serde_json::json!({ "text": "{0}", "claims": claims }));
    }
}
