//! Distance: the round trip between the viewers of a region and the pools, and attempts that are lost on the way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Visit;
use crate::document::distribution::Distribution;
use crate::document::law;
use crate::document::unions::StringOr;
use crate::random::{Key, Law, Purpose};
use crate::units::{Probability, Span};

/// The distance of a region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Distance {
    /// Round-trip time between a viewer of this region and any pool: a span, or a law that is drawn for each attempt.
    /// An attempt, its reply and its cancellation each take half of it.
    #[serde(default = "no_round_trip")]
    #[schemars(extend("x-change" = true))]
    rtt: Distribution,
    /// Probability that an attempt is lost: in half of the cases on the way to the pool, in the other half its reply on
    /// the way back. Only the client's timer notices a loss, so each client of the region needs a `timeout`.
    #[serde(default)]
    #[schemars(extend("x-change" = true))]
    loss: Probability,
}

fn no_round_trip() -> Distribution {
    StringOr::String(Span::ZERO)
}

impl Default for Distance {
    fn default() -> Distance {
        Distance { rtt: no_round_trip(), loss: Probability::default() }
    }
}

impl Distance {
    /// Whether attempts can be lost.
    pub fn loses(&self) -> bool {
        self.loss.0 > 0.0
    }

    /// Calls `visit` with every distribution of the table.
    pub fn laws(&mut self, visit: &mut Visit<'_>) {
        visit("rtt", &mut self.rtt);
    }

    /// The settings that the engine reads.
    pub fn compile(&self) -> Settings {
        let half = match law::compile_span(&self.rtt) {
            Law::Constant(nanos) => Half::Constant(Span(Span::from_nanos(nanos).0 / 2)),
            law => Half::Drawn(law),
        };
        Settings { half, loss: self.loss.0 }
    }
}

/// Half a round trip.
#[derive(Clone, Debug, PartialEq)]
enum Half {
    /// The same for every attempt.
    Constant(Span),
    /// Half of a span of this law, drawn for each attempt.
    Drawn(Law),
}

/// Directions in which an attempt can be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The attempt never reaches its pool.
    There,
    /// The reply never reaches the client.
    Back,
}

/// The distance of a region, compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    half: Half,
    loss: f64,
}

impl Settings {
    /// Whether an attempt may take time on its way or be lost.
    pub fn is_far(&self) -> bool {
        self.half != Half::Constant(Span::ZERO) || self.loss > 0.0
    }

    /// Half the round trip of an attempt.
    #[inline(always)]
    pub fn half(&self, attempt: Key) -> Span {
        match &self.half {
            Half::Constant(half) => *half,
            Half::Drawn(law) => draw_half(law, attempt),
        }
    }

    /// Half the round trip of every attempt; `None` if it is drawn.
    pub fn constant_half(&self) -> Option<Span> {
        match self.half {
            Half::Constant(half) => Some(half),
            Half::Drawn(_) => None,
        }
    }

    /// The longest time that the ways of an attempt and its reply take together; [`Span::LONGEST`] stands for no bound.
    pub fn longest(&self) -> Span {
        match self.half {
            Half::Constant(half) if self.loss == 0.0 => half + half,
            _ => Span::LONGEST,
        }
    }

    /// Mean of the round trip in seconds.
    pub fn mean_seconds(&self) -> f64 {
        match &self.half {
            Half::Constant(half) => 2.0 * half.seconds(),
            Half::Drawn(law) => law.mean() / 1e9,
        }
    }

    /// Median of the round trip in seconds.
    pub fn median_seconds(&self) -> f64 {
        match &self.half {
            Half::Constant(half) => 2.0 * half.seconds(),
            Half::Drawn(law) => law.quantile(0.5) / 1e9,
        }
    }

    /// Probability that an attempt or its reply is lost.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// The direction in which an attempt is lost: one uniform number decides whether and which.
    #[inline]
    pub fn lost(&self, attempt: Key) -> Option<Lost> {
        if self.loss == 0.0 {
            return None;
        }
        let uniform = attempt.draw(Purpose::Loss).uniform();
        if uniform < self.loss / 2.0 {
            Some(Lost::There)
        } else if uniform < self.loss {
            Some(Lost::Back)
        } else {
            None
        }
    }
}

#[cold]
#[inline(never)]
fn draw_half(law: &Law, attempt: Key) -> Span {
    Span(law.span(attempt.draw(Purpose::RoundTrip)).0 / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    fn settings(text: &str) -> Settings {
        read::<Distance>(text).unwrap_or_else(|error| panic!("{error}")).compile()
    }

    fn attempt(number: u64) -> Key {
        Key::root(8, 0).with(number)
    }

    #[test]
    fn a_constant_round_trip_has_two_halves_and_a_law_is_drawn_for_each_attempt() {
        let constant = settings("rtt = '41 ns'");
        assert_eq!((constant.half(attempt(1)), constant.longest()), (Span(20), Span(40)));
        assert_eq!(settings("rtt = { constant = { value = '41 ns' } }"), constant);
        assert!(constant.is_far() && !settings("loss = 0.0").is_far() && !settings("rtt = '0 s'").is_far());
        let drawn = settings("rtt = { uniform = { low = '20 ms', high = '60 ms' } }");
        let halves = (0..10_000).map(|number| drawn.half(attempt(number)));
        assert!(halves.clone().all(|half| (10_000_000..=30_000_000).contains(&half.0)));
        // Five standard errors of the mean of uniform numbers.
        let mean = halves.map(|half| half.0 as f64).sum::<f64>() / 1e4;
        assert!((mean / 20e6 - 1.0).abs() < 5.0 * 0.289 / 100.0, "{mean}");
        assert_eq!((drawn.half(attempt(7)), drawn.longest()), (drawn.half(attempt(7)), Span::LONGEST));
        assert!((drawn.median_seconds() - 0.04).abs() < 1e-9 && (drawn.mean_seconds() - 0.04).abs() < 1e-9);
    }

    #[test]
    fn an_attempt_is_as_likely_lost_there_as_its_reply_back() {
        let count = |text: &str, lost: Option<Lost>| {
            let settings = settings(text);
            (0..100_000).filter(|number| settings.lost(attempt(*number)) == lost).count()
        };
        assert_eq!([None, Some(Lost::There), Some(Lost::Back)].map(|lost| count("loss = 0.0", lost)), [100_000, 0, 0]);
        assert_eq!(count("loss = '100%'", None), 0);
        for lost in [Lost::There, Lost::Back] {
            // Five standard deviations of a binomial number.
            assert!(count("loss = '10%'", Some(lost)).abs_diff(5_000) < 345, "{lost:?}");
        }
        // Whoever is lost at a small probability is lost at a larger one.
        let (small, large) = (settings("loss = '1%'"), settings("loss = '2%'"));
        let is_lost = |settings: &Settings, number| settings.lost(attempt(number)).is_some();
        assert!((0..10_000).all(|number| !is_lost(&small, number) || is_lost(&large, number)));
        assert_eq!(small.longest(), Span::LONGEST);
    }
}
