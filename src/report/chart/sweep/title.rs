//! Titles of a sweep's charts as sentences: each figure in them is a claim, with the points that decide it.

use super::names::Metric;
use crate::report::words::claim::{Claim, Explained, Fact, MovesMore, Named};
use crate::report::words::phrase::Sentence;

/// Points by their numbers in `points.csv`.
pub(super) type Points = Vec<u64>;

/// The claims of a title, gathered while its text is put together. Each method returns what stands for its claim in the text.
#[derive(Debug)]
pub(super) struct Title<'m> {
    metric: &'m Metric,
    claims: Vec<Claim>,
}

impl<'m> Title<'m> {
    /// A title about a figure, without a claim.
    pub fn of(metric: &'m Metric) -> Title<'m> {
        Title { metric, claims: Vec::new() }
    }

    /// The sentence with this text.
    pub fn sentence(self, text: String) -> Sentence {
        Sentence { text, claims: self.claims }
    }

    fn claim(&mut self, text: String, fact: Fact) -> String {
        self.claims.push(Claim { text, fact });
        format!("{{{}}}", self.claims.len() - 1)
    }

    fn path(&self) -> String {
        self.metric.name().to_owned()
    }

    /// The figure in these words.
    pub fn name(&mut self, words: String) -> String {
        let fact = Fact::Name { name: self.path(), of: Named::Metric };
        self.claim(words, fact)
    }

    /// The figure in words that begin a line.
    pub fn head(&mut self) -> String {
        self.name(self.metric.title())
    }

    /// A parameter or one of its values, in these words.
    pub fn setting(&mut self, words: String, parameter: &str) -> String {
        self.claim(words, Fact::Name { name: parameter.to_owned(), of: Named::Setting })
    }

    /// The mean of the figure over some points.
    pub fn mean(&mut self, value: f64, points: Points) -> String {
        let fact = Fact::Point { value, path: self.path(), points };
        self.claim(self.metric.show(value), fact)
    }

    /// The least and the greatest mean of the figure at some points.
    pub fn ends(&mut self, low: f64, high: f64, points: &Points) -> [String; 2] {
        [(low, "least"), (high, "most")].map(|(value, is)| {
            let fact = Fact::Extreme { value, path: self.path(), is, points: points.clone() };
            self.claim(self.metric.show(value), fact)
        })
    }

    /// The bound that a plan states.
    pub fn bound(&mut self, bound: f64) -> String {
        let fact = Fact::Bound { value: bound, of: self.path() };
        self.claim(self.metric.show_bound(bound), fact)
    }

    /// At how many of some points the figure keeps to a bound, in these words.
    pub fn within(&mut self, words: String, bound: f64, k: usize, points: Points) -> String {
        let fact = Fact::Within { k, path: self.path(), bound, points };
        self.claim(words, fact)
    }

    /// At how many of some points the figure has a value, in these words.
    pub fn known(&mut self, words: String, k: usize, points: Points) -> String {
        let fact = Fact::Known { k, path: self.path(), points };
        self.claim(words, fact)
    }

    /// Claims that the figure moves from point to point; `word` tells it.
    pub fn moves(&mut self, word: &str, is: &'static str, points: Points) -> String {
        let fact = Fact::Moves { path: self.path(), is, points };
        self.claim(word.to_owned(), fact)
    }

    /// By how much more the figure moves with one parameter than with another, in these words.
    pub fn moves_more(&mut self, words: String, value: f64, with: [&str; 2], points: Points) -> String {
        let [with, than] = with.map(str::to_owned);
        let fact = Fact::MovesMore(MovesMore { value, path: self.path(), with, than, points });
        self.claim(words, fact)
    }

    /// Claims the share of the variance that the strongest effects explain; `words` tell it.
    pub fn explained(&mut self, words: String, value: f64) -> String {
        let fact = Fact::Explained(Explained { value, path: self.path() });
        self.claim(words, fact)
    }

    /// That no point has a value.
    pub fn of_none(mut self, points: Points) -> Sentence {
        let none = self.known("No point".to_owned(), 0, points);
        let name = self.name(self.metric.object());
        self.sentence(format!("{none} has a value of {name}"))
    }
}
