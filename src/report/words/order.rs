//! The order of what is told: the verdict in few short sentences, and the further findings.

use super::phrase::{Phrase, Sentence};

/// Words of a sentence of several clauses in the verdict, at most.
const WORDS: usize = 30;
/// Sentences of the verdict, at most.
const SENTENCES: usize = 5;
/// Words between clauses.
const AND: &str = "; ";

/// Clauses about one question, the most telling first.
pub struct Part {
    clauses: Vec<Phrase>,
    /// Clauses that the verdict says, at most.
    most: usize,
    /// Sentences in which the verdict says them, at most.
    sentences: usize,
    /// Whether the verdict says them however many sentences it has.
    is_due: bool,
}

impl Part {
    /// Clauses that the verdict says all, in as many sentences as they take.
    pub fn whole(clauses: impl IntoIterator<Item = Phrase>) -> Part {
        Part { sentences: usize::MAX, ..Part::first(usize::MAX, clauses) }
    }

    /// Clauses of which the verdict says the first in one sentence, `most` of them where they are short.
    pub fn first(most: usize, clauses: impl IntoIterator<Item = Phrase>) -> Part {
        Part {
            clauses: clauses.into_iter().filter(|clause| !clause.is_empty()).collect(),
            most,
            sentences: 1,
            is_due: false,
        }
    }

    /// The same with room for one sentence more, in a verdict of any length, if that is `needed`.
    #[must_use]
    pub fn with_room(self, needed: bool) -> Part {
        Part { sentences: self.sentences.saturating_add(usize::from(needed)), is_due: needed, ..self }
    }

    /// Clauses that are further findings.
    pub fn aside(clauses: impl IntoIterator<Item = Phrase>) -> Part {
        Part::first(0, clauses)
    }
}

/// The sentences of the verdict, and the findings that it leaves out, a sentence each.
pub fn told(parts: impl IntoIterator<Item = Part>) -> [Vec<Sentence>; 2] {
    let (mut verdict, mut findings) = (Vec::new(), Vec::new());
    for part in parts {
        let (mut own, mut said): (Vec<Vec<Phrase>>, usize) = (Vec::new(), 0);
        for clause in part.clauses {
            let is_said = said < part.most;
            let room = own.len() < part.sentences && (part.is_due || verdict.len() + own.len() < SENTENCES);
            match own.last_mut().filter(|open| words(open) + clause.words() <= WORDS) {
                Some(open) if is_said => open.push(clause),
                _ if is_said && room => own.push(vec![clause]),
                _ => {
                    findings.push(clause.sentence());
                    continue;
                }
            }
            said += 1;
        }
        verdict.extend(own.into_iter().map(|clauses| Phrase::join(clauses, AND, AND).sentence()));
    }
    [verdict, findings]
}

fn words(clauses: &[Phrase]) -> usize {
    clauses.iter().map(Phrase::words).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: &str = "attempts fail";
    const LONG: &str = "a b c d e f g h i j k l m n o p q r s t u v w x y z and then the rest";

    fn shown(parts: Vec<Part>) -> [Vec<String>; 2] {
        told(parts).map(|sentences| sentences.iter().map(Sentence::shown).collect())
    }

    fn phrases(clauses: &[&'static str]) -> Vec<Phrase> {
        clauses.iter().map(|clause| Phrase::from(*clause)).collect()
    }

    #[test]
    fn short_clauses_share_a_sentence_and_the_rest_are_findings() {
        let [verdict, findings] = shown(vec![Part::first(2, phrases(&[SHORT, "people wait", "nobody asks"]))]);
        assert_eq!(verdict, ["Attempts fail; people wait."]);
        assert_eq!(findings, ["Nobody asks."]);
    }

    #[test]
    fn a_long_clause_stands_alone() {
        let long = || phrases(&[LONG, SHORT]);
        assert_eq!(shown(vec![Part::whole(long())])[0].len(), 2);
        let [verdict, findings] = shown(vec![Part::first(2, long())]);
        assert_eq!((verdict.len(), findings), (1, vec!["Attempts fail.".to_owned()]));
    }

    #[test]
    fn what_is_due_finds_room_behind_a_long_clause_and_in_a_long_verdict() {
        let why = || Part::first(2, phrases(&[LONG, SHORT])).with_room(true);
        assert_eq!(shown(vec![why()])[0].len(), 2);
        let parts = (0..5).map(|_| Part::first(1, phrases(&[SHORT]))).chain([why()]).collect();
        assert_eq!(shown(parts)[0].len(), 7);
        assert_eq!(shown(vec![Part::first(2, phrases(&[LONG, SHORT])).with_room(false)])[0].len(), 1);
    }

    #[test]
    fn the_verdict_has_five_sentences_and_the_last_parts_become_findings() {
        let parts = (0..7).map(|_| Part::first(1, phrases(&[SHORT]))).collect();
        let [verdict, findings] = shown(parts);
        assert_eq!((verdict.len(), findings.len()), (5, 2));
        assert_eq!(shown(vec![Part::aside(phrases(&[SHORT]))]), [vec![], vec!["Attempts fail.".to_owned()]]);
    }
}
